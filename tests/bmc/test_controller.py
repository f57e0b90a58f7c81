"""A BMC as a whole: it starts and ends its parts, and serves the host behind it (§7.3, §28)."""

from __future__ import annotations

from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice, RestartCause
from baseboard.commands.app.device import ColdReset
from baseboard.commands.chassis.boot import SetSystemBootOptions
from baseboard.commands.parameters.boot import BootFlags
from tests.bmc.harness import make_bmc


def test_the_host_starts_once_its_power_is_decided_and_ends_with_the_bmc() -> None:
    bmc = make_bmc(powered=True)
    assert bmc.backend.calls == ["turn_on", "start"]
    assert bmc.backend.board is bmc.controller
    bmc.execute(ColdReset())
    bmc.controller.stop()
    assert bmc.backend.calls[-1] == "stop"
    assert bmc.clock.next_due() is None


def test_28_11_power_and_resets_of_the_host_are_noted() -> None:
    bmc = make_bmc()
    board = bmc.controller
    assert bmc.backend.power is not None
    bmc.backend.power.on = True
    board.power_changed(True)
    assert bmc.raw(0x00, 0x01)[1] & 1
    board.host_reset()
    assert bmc.services.chassis.restart_cause == RestartCause.SOFT_RESET


def test_28_11_a_button_is_a_cause_of_its_own() -> None:
    bmc = make_bmc()
    bmc.controller.button("power")
    assert bmc.services.chassis.is_on()
    assert bmc.raw(0x00, 0x07) == bytes((0, 3, 0))
    assert bmc.backend.identify is not None
    bmc.controller.button("identify")
    assert bmc.backend.identify.lit


def test_28_13_the_firmware_reads_its_boot_choice_once() -> None:
    bmc = make_bmc()
    bmc.execute(SetSystemBootOptions(parameter=BootFlags(valid=True, efi=True, device=BootDevice.PXE)))
    assert bmc.controller.read_boot_choice() == BootChoice(device=1, efi=True)
    assert bmc.controller.read_boot_choice() == BootChoice()


def test_7_3_the_hosts_software_asks_through_the_system_interface() -> None:
    bmc = make_bmc()
    answers: list[bytes] = []
    # Get Channel Info for the present channel, which is Fh
    bmc.controller.request(0x06, 0, 0x42, b"\x0e", answers.append)
    # Get Message Flags, which no other interface may ask
    bmc.controller.request(0x06, 0, 0x31, b"", answers.append)
    bmc.controller.request(0x06, 3, 0x31, b"", answers.append)
    assert answers == [bytes.fromhex("00 0f 0c 05 00 f2 1b 00 ff ff"), b"\0\0", b"\xc2"]
