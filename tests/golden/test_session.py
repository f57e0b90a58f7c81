"""``session info`` beside ipmitool's: two logins, so handle and port are each one's own."""

from __future__ import annotations

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc

OWN = (r"(?m)^session handle +: [1-9]\d*$", r"(?m)^console port +: \d+$", r"(?m)^active sessions +: \d+$")
OWN_CSV = (r"(?m)^\d+,(\d+),\d+,(.*),\d+$", r"(?m)^0,\d+,\d+$")

COMMANDS = [
    "session",
    "session help",
    "session foo",
    "session info",
    "session info help",
    "session info foo",
    "session info active",
    "session info id",
    "session info id foo",
    "session info id 0x12345678",
    "session info handle",
    "session info handle foo",
    "session info handle 200",
]


@pytest.mark.parametrize("words", [*COMMANDS, "session info all"])
def test_on_the_lab(words: str, rack: Bmc) -> None:
    side_by_side(rack, *words.split(), mask=OWN)


@pytest.mark.parametrize("words", COMMANDS)
def test_on_ipmi_sim(words: str, sim: Bmc) -> None:
    side_by_side(sim, *words.split(), mask=OWN)


@pytest.mark.parametrize("words", ["-c session info active", "-c session info all"])
def test_with_commas(words: str, rack: Bmc) -> None:
    side_by_side(rack, *words.split(), mask=OWN_CSV)
