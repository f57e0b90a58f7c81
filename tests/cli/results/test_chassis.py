"""What `chassis` notes for ``--json``."""

from __future__ import annotations

import pytest

from baseboard.cli.results.chassis import (
    BootDeviceChange,
    BootMailbox,
    BootParameter,
    ChassisIdentify,
    ChassisStatus,
    PowerOnHours,
    PowerPolicy,
    RestartCause,
)
from baseboard.testing.scripted import Line
from tests.cli.ipmitool.typed import Typed

LINES: dict[tuple[int, int], Line] = {
    (0, 1): b"\x00\x43\x11\x02\x21",
    (0, 2): b"\x00",
    (0, 4): b"\x00",
    (0, 6): b"\x00\x05",
    (0, 7): b"\x00\x04\x00",
    (0, 8): b"\x00",
    (0, 9): lambda data: b"\x00\x01" + data[:1] + (b"\x01ab" if data[0] == 7 else b"\x03"),
    (0, 0x0F): b"\x00\x3c\x18\x00\x00\x00",
}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("chassis identify", ChassisIdentify(seconds=15)),
        ("chassis identify 0", ChassisIdentify(seconds=0)),
        ("chassis identify force", ChassisIdentify(seconds=None)),
        ("chassis poh", PowerOnHours(minutes=1440, minutes_per_count=60)),
        ("chassis restart_cause", RestartCause(cause="watchdog expired")),
        ("chassis policy list", PowerPolicy(policy=None, supported=("always-off", "always-on"))),
        ("chassis policy always-on", PowerPolicy(policy="always-on", supported=("always-off", "always-on"))),
        ("chassis bootdev force_pxe options=efiboot", BootDeviceChange(device="pxe", flags="a004000000")),
        (
            "chassis bootparam get 0",
            BootParameter(
                parameter=0, valid=True, data="03", meaning=("Set In Progress : error, reserved bit",)
            ),
        ),
        ("chassis bootmbox get block 1", BootMailbox(block=1, data="6162")),
        (
            "chassis status",
            ChassisStatus(
                power_on=True,
                power_overload=True,
                power_interlock=False,
                main_power_fault=False,
                power_control_fault=False,
                power_restore_policy="always-on",
                last_power_event=("ac-failed", "command"),
                chassis_intrusion=False,
                front_panel_lockout=True,
                drive_fault=False,
                cooling_fault=False,
                disabled_buttons=("power",),
                buttons_that_may_be_disabled=("reset",),
            ),
        ),
    ],
)
async def test_each_verb_notes_what_it_found(words: str, found: object) -> None:
    command = Typed(LINES)
    assert await command(*words.split()) == 0
    assert command.call.results == [found]
