"""The inventories of a satellite, by its commands (§34)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.services.bus import Ipmb
from baseboard.bmc.services.satellite import Satellite
from baseboard.bmc.services.satellite_fru import ROOM, SatelliteFrus
from baseboard.testing.clock import VirtualClock
from tests.bmc.bridges import SATELLITE

STORAGE = 0x0A
FRUS = (
    FruSpec(0, "own", bytes(range(64))),
    FruSpec(1, "words", bytes(range(8)), by_words=True),
    FruSpec(2, "fixed", bytes(8), writable=False),
)


def ask(cmd: int, data: str, satellite: Satellite | None = None) -> str:
    made = satellite or fresh()
    return made.carry_out(STORAGE, 0, cmd, bytes.fromhex(data)).hex(" ")


def fresh() -> Satellite:
    clock = VirtualClock()
    return Satellite(replace(SATELLITE, frus=FRUS), Ipmb(clock), clock)


def test_whether_there_are_any() -> None:
    assert SatelliteFrus(FRUS)
    assert not SatelliteFrus(())


def test_34_1_sizes() -> None:
    assert ask(0x10, "00") == "00 40 00 00"
    assert ask(0x10, "01") == "00 08 00 01"
    assert ask(0x10, "09") == "cb"


def test_34_2_reading() -> None:
    assert ask(0x11, "00 04 00 03") == "00 03 04 05 06"
    assert ask(0x11, "00 3e 00 10") == "00 02 3e 3f"
    assert ask(0x11, "01 01 00 02") == "00 02 02 03 04 05"
    assert len(bytes.fromhex(ask(0x11, f"00 00 00 {ROOM:02x}"))) == 2 + ROOM


@pytest.mark.parametrize(
    ("cmd", "data", "code"),
    [
        (0x11, f"00 00 00 {ROOM + 1:02x}", "ca"),
        (0x11, "00 40 00 01", "c9"),
        (0x11, "00 00 00 00", "cc"),
        (0x11, "07 00 00 01", "cb"),
        (0x12, "00 3f 00 01 02", "c9"),
        (0x12, "00 00 00", "c7"),
        (0x12, "01 00 00 01", "cc"),
        (0x12, "02 00 00 01", "80"),
        (0x12, "07 00 00 01", "cb"),
    ],
)
def test_what_is_refused(cmd: int, data: str, code: str) -> None:
    assert ask(cmd, data) == code


def test_34_3_what_is_written_is_read() -> None:
    satellite = fresh()
    assert ask(0x12, "00 02 00 aa bb", satellite) == "00 02"
    assert ask(0x11, "00 01 00 04", satellite) == "00 04 01 aa bb 04"
    assert ask(0x12, "01 01 00 aa bb", satellite) == "00 01"
    assert ask(0x11, "01 01 00 01", satellite) == "00 01 aa bb"
