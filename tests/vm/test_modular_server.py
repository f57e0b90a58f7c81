"""Linux on a blade of the modular server, whose root tries to reset another blade with ipmitool."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import peers
from tests.interop.modular_server import BLADES, ModularServer, modular_server
from tests.vm import guest
from tests.vm.hardware import Hardware
from tests.vm.scripts import drivers

pytestmark = pytest.mark.timeout(600)

OTHER = f"-t {BLADES[1]:#04x} -b 0"
OWN = f"-m {BLADES[0]:#04x}"
SCRIPT = f"""{drivers("kcs")}
section own
ask ipmitool chassis power status
section fenced
ask ipmitool {OTHER} chassis power reset
ask ipmitool {OWN} {OTHER} chassis power reset
ask ipmitool {OTHER} raw 6 1
section firewall
ask ipmitool raw 6 0x60 0x0f 6 0 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255
section untouched
host untouched && echo so
host open
section opened
ask ipmitool {OTHER} raw 6 1
ask ipmitool {OWN} {OTHER} chassis power reset
section complaints
dmesg | grep -i ipmi | grep -i -e error -e fail -e invalid
true
"""


class Told:
    """What was said in the guest, and how blade 2 was before the fence was opened, and afterwards."""

    def __init__(self, server: ModularServer) -> None:
        self.causes: list[str] = []
        self._server = server
        hardware = Hardware(bmc=server.slot, root=False)
        hooks = {"untouched": self._note, "open": self._open}
        self.sections = guest.run(SCRIPT, hardware=hardware, hooks=hooks).ended("script").sections
        self._note()

    def _note(self) -> int:
        self.causes.append(self._server.restart_cause(2))
        return 0

    def _open(self) -> int:
        words = ("firewall", "enable", "channel", "15", "lun", "0", "netfn", "6", "command", "0x34")
        return self._server.blades[0].ipmitool(*words).code


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    peers.require("ipmitool")
    with modular_server() as server:
        yield Told(server)


def test_behind_the_fence_every_way_to_the_other_blade_is_d4h(told: Told) -> None:
    fenced = told.sections["fenced"]
    assert fenced.count("Insufficient privilege level") == 3, fenced
    assert "exit 0" not in fenced
    assert "Insufficient privilege level" in told.sections["firewall"]
    assert "chassis power control command" not in told.causes[0]


def test_what_is_its_own_it_has(told: Told) -> None:
    assert told.sections["own"].split("\n")[:2] == ["Chassis Power is on", "exit 0"]
    assert told.sections["complaints"] == ""


def test_once_an_administrator_has_opened_it_the_other_blade_is_reset(told: Told) -> None:
    opened = told.sections["opened"]
    assert opened.count("exit 0") == 2, opened
    assert "Chassis Power Control: Reset" in opened
    assert "chassis power control command" in told.causes[1]
