"""Writing the SDR repository."""

from __future__ import annotations

import pytest

from baseboard.client.sdr_changes import PIECE
from baseboard.codes import Cc
from baseboard.commands.storage.sdr import ClearSdrRepository
from baseboard.errors import CompletionError, EncodeError, NoResponse
from baseboard.records.sdr import OemRecord
from tests.bmc.services.sensor_specs import PRESENCE, TEMPERATURE
from tests.client.harness import Desk, desk

RECORD = bytes((0, 0, 0x51, 0xC0, 35)) + bytes(range(35))
ADD, PART, CLEAR = (0x0A, 0x24), (0x0A, 0x25), (0x0A, 0x27)


@pytest.fixture
def table() -> Desk:
    return desk(sensors=(TEMPERATURE, PRESENCE))


def asked(table: Desk, command: tuple[int, int]) -> list[bytes]:
    return [data for netfn, cmd, data in table.script.asked if (netfn, cmd) == command]


async def test_33_13_a_record_is_added_whole(table: Desk) -> None:
    assert await table.bmc.sdr.add(RECORD) == 4
    assert await table.bmc.sdr.add(OemRecord(manufacturer_id=7154, data=b"abc")) == 5
    entries = await table.bmc.sdr.records()
    assert [entry.record_id for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[3].raw[2:] == RECORD[2:]
    assert len(asked(table, ADD)) == 2


async def test_33_14_a_controller_that_takes_no_whole_record_gets_pieces(table: Desk) -> None:
    table.script.lines[ADD] = bytes((Cc.INVALID_LENGTH,))
    assert await table.bmc.sdr.add(RECORD) == 4
    pieces = asked(table, PART)
    # reservation, ID, offset, 1 = the last
    assert [(piece[2:4], piece[4], piece[5], len(piece) - 6) for piece in pieces] == [
        (b"\0\0", 0, 0, PIECE), (b"\4\0", 16, 0, PIECE), (b"\4\0", 32, 1, 8),
    ]  # fmt: skip
    assert (await table.bmc.sdr.records())[3].raw[2:] == RECORD[2:]


async def test_33_14_pieces_of_a_size(table: Desk) -> None:
    assert await table.bmc.sdr.add(RECORD, piece=40) == 4
    (piece,) = asked(table, PART)
    assert (piece[4], piece[5]) == (0, 1)
    assert not asked(table, ADD)


async def test_33_13_other_refusals_are_told(table: Desk) -> None:
    table.script.lines[ADD] = bytes((Cc.OUT_OF_SPACE,))
    with pytest.raises(CompletionError, match="^C4h"):
        await table.bmc.sdr.add(RECORD)
    assert not asked(table, PART)
    for wrong in (RECORD[:-1], RECORD + b"\0", b"\0\0"):
        with pytest.raises(EncodeError, match="does not say"):
            await table.bmc.sdr.add(wrong)


async def test_33_15_a_record_is_deleted(table: Desk) -> None:
    assert len(await table.bmc.sdr.records()) == 3
    assert await table.bmc.sdr.delete(2) == 2
    assert [entry.record_id for entry in await table.bmc.sdr.records()] == [1, 3]
    with pytest.raises(CompletionError, match="^CBh"):
        await table.bmc.sdr.delete(2)


async def test_33_16_clearing_is_waited_for(table: Desk) -> None:
    said = [b"\0\0", b"\0\0", b"\0\1"]
    table.script.lines[CLEAR] = lambda data: said.pop(0)
    await table.bmc.sdr.clear()
    how = [ClearSdrRepository.decode(data).operation for data in asked(table, CLEAR)]
    assert how == [0xAA, 0, 0]
    assert not said


async def test_what_never_ends_is_given_up(table: Desk) -> None:
    table.script.lines[CLEAR] = table.script.lines[0x0A, 0x2C] = b"\0\0"
    with pytest.raises(NoResponse, match="still being erased"):
        await table.bmc.sdr.clear(timeout=0)
    with pytest.raises(NoResponse, match="still at work"):
        await table.bmc.sdr.initialize(timeout=0)


async def test_33_19_in_update_mode_nobody_needs_a_reservation(table: Desk) -> None:
    await table.bmc.sdr.enter_update_mode()
    with pytest.raises(CompletionError, match="^D0h"):
        await table.bmc.sdr.info()
    assert await table.bmc.sdr.add(RECORD, piece=16) == 4
    assert asked(table, PART)[0][:2] == b"\0\0"
    await table.bmc.sdr.exit_update_mode()
    assert (await table.bmc.sdr.info()).record_count == 4
    assert await table.bmc.sdr.reserve()


async def test_33_17_the_clock(table: Desk) -> None:
    await table.bmc.sdr.set_time(1_000_000_000)
    assert await table.bmc.sdr.time() == 1_000_000_000


async def test_33_21_the_initialization_agent_is_waited_for(table: Desk) -> None:
    await table.bmc.sensors.set_hysteresis("Inlet", 9, 9)
    assert await table.bmc.sdr.initialized()
    await table.bmc.sdr.initialize()
    assert await table.bmc.sensors.hysteresis("Inlet") == (2, 2)
    said = [b"\0\0", b"\0\0", b"\0\1"]
    table.script.lines[0x0A, 0x2C] = lambda data: said.pop(0)
    await table.bmc.sdr.initialize()
    assert not said


async def test_35_3_device_sdrs_are_read_beside_a_repository(table: Desk) -> None:
    await table.bmc.sdr.delete(2)
    own = await table.bmc.sdr.device_records()
    assert [entry.record_id for entry in own] == [1, 2, 3]
    assert len(await table.bmc.sdr.records()) == 2
