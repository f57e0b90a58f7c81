"""A BMC as a whole: it starts and ends its parts, and serves the host behind it (§7.3, §28)."""

from __future__ import annotations

from baseboard.codes import RestartCause
from baseboard.commands.app.device import GetDeviceId
from tests.bmc.consoles import make_lan_bmc
from tests.bmc.harness import make_bmc


def test_try() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    assert console.execute(GetDeviceId()).ipmi_version == 2
    console.activate_sol()
    console.type(b"hello")
    assert bmc.backend.serial is not None
    assert bmc.backend.serial.typed == b"hello"
    bmc.backend.serial.say(b"hi there")
    bmc.advance(1)
    assert console.screen == b"hi there"
    print(console.notices)
