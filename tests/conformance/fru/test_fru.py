"""FRU inventories and the chips that keep them (§34, §22.11)."""

from __future__ import annotations

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.blueprint.buses import Eeprom
from baseboard.bmc.services.private_bus import WRITE_CYCLE_S
from baseboard.commands.app.bus import MasterWriteRead
from baseboard.commands.storage.fru import GetFruInventoryAreaInfo, ReadFruData, WriteFruData
from tests.conformance.bench import APP, OPERATOR, VIEWER, WholeBmc, bench
from tests.conformance.marks import exercises

STORAGE = 0x0A
INFO, READ, WRITE, MASTER_WRITE_READ = 0x10, 0x11, 0x12, 0x52
OWN = bytes(n % 251 for n in range(700))
FRUS = (
    FruSpec(0, "Board", OWN),
    FruSpec(1, "Fixed", bytes(64), writable=False),
    FruSpec(2, "Words", bytes(range(128)), by_words=True),
    FruSpec(3, "Chip", bytes(range(256)), eeprom=Eeprom(1, 0x52)),
    FruSpec(4, "Bare chip", bytes(range(128)), eeprom=Eeprom(1, 0x53), logical=False),
)
PRIVATE_1, PUBLIC = 0x03, 0x00
CHIP, BARE = 0xA4, 0xA6


def machine() -> WholeBmc:
    return bench(frus=FRUS)


def storage(bmc: WholeBmc, cmd: int, *data: int) -> bytes:
    return bmc.system(cmd, bytes(data), STORAGE)


def bus(bmc: WholeBmc, *data: int) -> bytes:
    return bmc.system(MASTER_WRITE_READ, bytes(data))


@exercises(GetFruInventoryAreaInfo)
def test_34_1_size_in_bytes_and_the_kind_of_access() -> None:
    bmc = machine()
    assert storage(bmc, INFO, 0) == b"\x00\xbc\x02\x00"
    assert storage(bmc, INFO, 2) == b"\x00\x80\x00\x01"
    assert storage(bmc, INFO, 9) == storage(bmc, INFO, 0xFF) == b"\xcb"


@exercises(ReadFruData)
def test_34_2_a_read_ends_where_the_inventory_ends() -> None:
    bmc = machine()
    assert storage(bmc, READ, 0, 0xBA, 0x02, 16) == b"\x00\x02" + OWN[698:]
    assert storage(bmc, READ, 0, 0xBC, 0x02, 1) == b"\xc9"
    assert storage(bmc, READ, 9, 0, 0, 1) == b"\xcb"


@exercises(ReadFruData, WriteFruData)
def test_34_2_of_a_device_by_words_offsets_and_counts_are_words() -> None:
    bmc = machine()
    assert storage(bmc, READ, 2, 3, 0, 2) == bytes((0, 2, 6, 7, 8, 9))
    assert storage(bmc, WRITE, 2, 3, 0, 0xAA, 0xBB) == b"\x00\x01"
    assert storage(bmc, READ, 2, 3, 0, 1) == b"\x00\x01\xaa\xbb"
    assert storage(bmc, WRITE, 2, 3, 0, 0xAA) == b"\xcc"
    assert storage(bmc, READ, 2, 64, 0, 1) == b"\xc9"


@exercises(WriteFruData, ReadFruData)
def test_34_3_what_was_written_is_read_also_after_a_restart() -> None:
    bmc = machine()
    assert storage(bmc, WRITE, 0, 0xFE, 0x01, *b"over the edge") == b"\x00\x0d"
    assert storage(bmc.reopened(), READ, 0, 0xFE, 0x01, 13) == b"\x00\x0dover the edge"


@exercises(WriteFruData)
def test_34_3_what_is_protected_or_too_short_keeps_what_it_has() -> None:
    bmc = machine()
    assert storage(bmc, WRITE, 1, 0, 0, 1) == b"\x80"
    assert storage(bmc, WRITE, 0, 0xBB, 0x02, 1, 2) == b"\xc9"
    assert storage(bmc, READ, 0, 0xBB, 0x02, 1) == b"\x00\x01" + OWN[699:]


@exercises(WriteFruData, ReadFruData, GetFruInventoryAreaInfo)
def test_34_users_read_and_operators_write() -> None:
    bmc = machine()
    viewer = bmc.in_v20(VIEWER)
    assert viewer.ask(STORAGE, READ, bytes((0, 0, 0, 1))) == b"\x00\x01\x00"
    assert viewer.ask(STORAGE, WRITE, bytes((0, 0, 0, 1))) == b"\xd4"
    assert viewer.ask(APP, MASTER_WRITE_READ, bytes((PRIVATE_1, CHIP, 1, 0))) == b"\xd4"
    bmc = machine()
    operator = bmc.in_v20(OPERATOR, level=3)
    assert operator.ask(STORAGE, WRITE, bytes((0, 0, 0, 1))) == b"\x00\x01"
    assert operator.ask(STORAGE, INFO, b"\0") == b"\x00\xbc\x02\x00"


@exercises(MasterWriteRead, ReadFruData)
def test_22_11_a_logical_fru_behind_a_private_bus_has_one_content_both_ways() -> None:
    bmc = machine()
    assert bus(bmc, PRIVATE_1, CHIP, 4, 0x40) == b"\x00\x40\x41\x42\x43"
    assert bus(bmc, PRIVATE_1, CHIP, 0, 0x40, *b"via bus") == b"\x00"
    assert bus(bmc, PRIVATE_1, CHIP, 1, 0x40) == b"\x83"
    assert storage(bmc, READ, 3, 0x40, 0, 7) == b"\x81"
    bmc.clock.advance(WRITE_CYCLE_S)
    assert storage(bmc, READ, 3, 0x40, 0, 7) == b"\x00\x07via bus"
    assert bus(bmc.reopened(), PRIVATE_1, CHIP, 7, 0x40) == b"\x00via bus"


@exercises(MasterWriteRead, ReadFruData)
def test_22_11_a_bare_chip_is_read_over_its_bus_alone() -> None:
    bmc = machine()
    assert bus(bmc, PRIVATE_1, BARE, 2, 0x7E) == b"\x00\x7e\x7f"
    assert storage(bmc, READ, 4, 0, 0, 1) == b"\xcb"


@exercises(MasterWriteRead)
def test_22_11_nobody_answers_where_there_is_no_chip() -> None:
    bmc = machine()
    assert bus(bmc, PRIVATE_1, 0xA0, 1, 0) == b"\x83"
    assert bus(bmc, PUBLIC, CHIP, 1, 0) == b"\x83"
    assert bus(bmc, PRIVATE_1, CHIP, 0) == b"\x00"


@exercises(MasterWriteRead)
def test_43_8_the_locator_of_a_bare_chip_leads_to_it() -> None:
    bmc = machine()
    found, record_id = [], 0
    while record_id != 0xFFFF:
        answer = bmc.system(0x23, b"\0\0" + record_id.to_bytes(2, "little") + b"\0\xff", STORAGE)
        record_id = int.from_bytes(answer[1:3], "little")
        if answer[6] == 0x11 and not answer[10] & 0x80:
            found.append(answer[3:])
    (locator,) = found
    assert locator[5] == 0x20
    address, place, kind = locator[6], locator[7], locator[10]
    assert (address, place & 7, kind) == (BARE, 1, 0x08)
    assert bus(bmc, (place & 7) << 1 | 1, address, 2, 0) == b"\x00\x00\x01"
