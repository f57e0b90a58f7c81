"""``raw`` and ``i2c`` beside ipmitool's, on our BMC and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc

COMMANDS = [
    "raw",
    "raw help",
    "raw 6",
    "raw 6 1",
    "raw 0x06 0x01",
    "raw Application 1",
    "raw app 1",
    "raw chassis 1",
    "raw 0x0a 0x11 0 0 0 40",
    "raw 0x0a 0x11 0 0 0 16",
    "raw 6 0x7f",
    "raw 0x2e 1 1 2 3",
    "raw 0x2c 1 0",
    "raw 0x00 0x08 0x05 0xe0 0x04 0x00 0x00 0x00",
    "raw 0x00 0x08 0x03 0x08",
    "raw foo 1",
    "raw 6 foo",
    "raw 6 1 foo",
    "raw 6 1 300",
    "raw 6 1 -- -1",
    "raw 6 8",
    "-l 1 raw 6 1",
    "-v raw 6 1",
    "-c raw 6 1",
    "i2c",
    "i2c help",
    "i2c 0x20 1",
    "i2c bus=1 chan=2 0x20 1 2 3",
    "i2c bus=public 0 1",
    "i2c foo 1",
    "i2c 0x20 foo",
    "i2c 0x20 100",
]


@pytest.mark.parametrize("words", COMMANDS)
def test_on_the_lab(words: str, rack: Bmc) -> None:
    side_by_side(rack, *words.split())


@pytest.mark.parametrize("words", [words for words in COMMANDS if words.startswith(("raw", "-"))])
def test_on_ipmi_sim(words: str, sim: Bmc) -> None:
    side_by_side(sim, *words.split())


def test_a_satellite_behind_ipmi_sim(sim: Bmc) -> None:
    side_by_side(sim, "-t", "0x30", "raw", "6", "1")
    side_by_side(sim, "-t", "0x30", "mc", "info")


def test_a_request_as_long_as_it_may_be(rack: Bmc) -> None:
    side_by_side(rack, "raw", "0x2e", "1", *["0"] * 180)
    side_by_side(rack, "raw", *["0"] * 257)
