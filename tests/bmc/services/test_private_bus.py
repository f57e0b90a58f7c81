"""Memory chips on private buses (§22.11, §38), as the data sheets of the 24C family have them."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.buses import Eeprom
from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.private_bus import WRITE_CYCLE_S, PrivateBuses
from baseboard.errors import CompletionError
from tests.bmc.services.homes import FakeHome, make_home

SMALL = bytes(range(256))
MIDDLE = bytes(n % 253 for n in range(1024))
LARGE = bytes(n % 251 for n in range(4096))
NAK, BUS_ERROR = 0x83, 0x82


def make_buses(**changes: bool) -> tuple[PrivateBuses, FruInventory, FakeHome]:
    home = make_home(
        frus=(
            FruSpec(0, "Board", bytes(64)),
            FruSpec(1, "Small", SMALL, eeprom=Eeprom(0, 0x50), **changes),
            FruSpec(2, "Middle", MIDDLE, eeprom=Eeprom(0, 0x54)),
            FruSpec(3, "Large", LARGE, eeprom=Eeprom(5, 0x50)),
        )
    )
    fru = FruInventory(home)
    return PrivateBuses(home, fru), fru, home


def refused(buses: PrivateBuses, bus: int, address: int, data: bytes = b"\0", count: int = 1) -> int:
    with pytest.raises(CompletionError) as caught:
        buses.transfer(bus, address, data, count)
    return caught.value.code


def burnt(home: FakeHome) -> None:
    home.clock.advance(WRITE_CYCLE_S)


def test_a_byte_of_address_then_bytes_are_read() -> None:
    buses, _, _ = make_buses()
    assert buses.transfer(0, 0x50, b"\x10", 4) == bytes((0x10, 0x11, 0x12, 0x13))


def test_without_an_address_reading_goes_on_and_begins_again_at_the_end() -> None:
    buses, _, _ = make_buses()
    assert buses.transfer(0, 0x50, b"\xfe", 1) == b"\xfe"
    assert buses.transfer(0, 0x50, b"", 3) == b"\xff\x00\x01"
    assert buses.transfer(0, 0x50, b"", 1) == b"\x02"


def test_a_chip_above_256_bytes_has_several_slave_addresses() -> None:
    buses, _, _ = make_buses()
    for block in range(4):
        assert buses.transfer(0, 0x54 + block, b"\x08", 2) == MIDDLE[block * 256 + 8 :][:2]
    assert refused(buses, 0, 0x58) == NAK


def test_a_large_chip_takes_two_bytes_of_address() -> None:
    buses, _, _ = make_buses()
    assert buses.transfer(5, 0x50, b"\x0f\xfe", 4) == LARGE[0xFFE:] + LARGE[:2]
    assert refused(buses, 5, 0x50, b"\x01") == BUS_ERROR
    assert refused(buses, 5, 0x51) == NAK


@pytest.mark.parametrize(("bus", "address"), [(0, 0x4F), (0, 0x51), (1, 0x50), (7, 0)])
def test_nobody_answers_elsewhere(bus: int, address: int) -> None:
    buses, _, _ = make_buses()
    assert refused(buses, bus, address) == NAK


def test_what_is_written_is_burnt_for_5_ms_and_nothing_answers_meanwhile() -> None:
    buses, fru, home = make_buses()
    assert buses.transfer(0, 0x50, b"\x20AB", 0) == b""
    assert refused(buses, 0, 0x50) == NAK
    assert fru.busy(home.blueprint.frus[1])
    with pytest.raises(CompletionError) as caught:
        fru.read(1, 0, 1)
    assert caught.value.code == 0x81
    burnt(home)
    assert buses.transfer(0, 0x50, b"\x1f", 4) == b"\x1fAB\x22"
    assert fru.read(1, 0x20, 2) == b"AB"


@pytest.mark.parametrize(
    ("bus", "address", "where", "page"),
    [(0, 0x50, b"\x06", 8), (0, 0x54, b"\x0e", 16), (5, 0x50, b"\0\x1e", 32)],
)
def test_a_write_wraps_within_its_page(bus: int, address: int, where: bytes, page: int) -> None:
    buses, _, home = make_buses()
    before = buses.transfer(bus, address, bytes(len(where)), page)
    buses.transfer(bus, address, where + b"WXYZ", 0)
    burnt(home)
    assert buses.transfer(bus, address, bytes(len(where)), page) == b"YZ" + before[2:-2] + b"WX"


def test_a_write_protected_chip_acknowledges_and_keeps_what_it_has() -> None:
    buses, _, home = make_buses(writable=False)
    buses.transfer(0, 0x50, b"\x00\xee", 0)
    burnt(home)
    assert buses.transfer(0, 0x50, b"\x00", 1) == b"\x00"


def test_what_was_burnt_is_there_after_a_restart() -> None:
    buses, _, home = make_buses()
    buses.transfer(0, 0x50, b"\x00kept", 0)
    later = home.again()
    again = PrivateBuses(later, FruInventory(later))
    assert again.transfer(0, 0x50, b"\x00", 4) == b"kept"


def test_what_read_fru_data_reads_is_what_the_chip_has() -> None:
    buses, fru, _ = make_buses()
    fru.write(1, 3, b"new")
    assert buses.transfer(0, 0x50, b"\x03", 3) == b"new"
