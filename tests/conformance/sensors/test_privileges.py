"""Who may do what with sensors, on each kind of channel (Appendix G)."""

from __future__ import annotations

import pytest

from tests.conformance.bench import CALLER, OPERATOR, VIEWER
from tests.conformance.sensors.rig import SENSOR, sensors

FOR_USERS = {0x23: "01 00", 0x25: "01 FF", 0x27: "01", 0x29: "01", 0x2B: "01", 0x2D: "01", 0x2F: "01"}
FOR_OPERATORS = {
    0x24: "01 FF 02 02", 0x26: "01 00 00 00 00 00 00 00", 0x28: "01 C0", 0x2A: "01 00", 0x2E: "01 01 01",
    0x30: "01 00",
}  # fmt: skip


@pytest.mark.parametrize("version", ["in_v15", "in_v20"])
@pytest.mark.parametrize("cmd", [*FOR_USERS, *FOR_OPERATORS])
def test_appendix_g_users_look_and_operators_change(cmd: int, version: str) -> None:
    bmc = sensors()
    data = bytes.fromhex({**FOR_USERS, **FOR_OPERATORS}[cmd])
    answers = []
    for user in (CALLER, VIEWER, OPERATOR):
        console = getattr(bmc, version)(user, level=user.privilege if user is OPERATOR else 0)
        answers.append(console.ask(SENSOR, cmd, data)[0])
    assert answers == [0xD4, 0 if cmd in FOR_USERS else 0xD4, 0]
    assert bmc.ask(cmd, data)[0] == 0
