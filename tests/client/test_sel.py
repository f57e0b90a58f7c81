"""`bmc.sel`: reading the log whatever a controller makes of it, and changing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from baseboard.client.deadline import deadline
from baseboard.client.sel import TRIES
from baseboard.client.settings import Settings
from baseboard.codes import Cc, SelType
from baseboard.errors import CompletionError, NoResponse
from baseboard.records.sel import OemNotTimestamped, SelRecord
from tests.client.harness import Desk, desk

INFO, ALLOCATION, RESERVE, ENTRY, ADD, PARTIAL, DELETE, CLEAR = (
    (0x0A, number) for number in (0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47)
)
EVENT = bytes.fromhex("0000 02 00000000 4100 04 09 01 6F 01 FF FF")


def stored(number: int) -> bytes:
    """A record as a log keeps it."""
    return number.to_bytes(2, "little") + EVENT[2:3] + bytes.fromhex("90B3C667") + EVENT[7:]


def log(*numbers: int, last: int = 0xFFFF) -> Callable[[bytes], bytes]:
    """A log that answers whole reads."""

    def answer(data: bytes) -> bytes:
        asked = int.from_bytes(data[2:4], "little") or numbers[0]
        if asked not in numbers:
            return b"\xcb"
        place = numbers.index(asked) + 1
        following = numbers[place] if place < len(numbers) else last
        return b"\0" + following.to_bytes(2, "little") + stored(asked)

    return answer


async def ids(at: Desk) -> list[int]:
    return [entry.record_id async for entry in at.bmc.sel.entries()]


async def test_add_read_delete_clear() -> None:
    at = desk()
    sel = at.bmc.sel
    await sel.clear()
    before = (await sel.info()).entries
    first, second = (
        await sel.add(EVENT),
        await sel.add(OemNotTimestamped(record_type=SelType(0xE1), data=bytes(13))),
    )
    info = await sel.info(allocation=True)
    assert info.entries == before + 2
    assert info.version == "1.5"
    assert 0 <= info.used <= 100
    assert (await ids(at))[-2:] == [first, second]
    assert (await sel.get(first)).sensor_type == "Power Unit"
    assert isinstance((await sel.get(second)).record, OemNotTimestamped)
    assert await sel.delete(first) == first
    assert first not in await ids(at)
    with pytest.raises(CompletionError):
        await sel.get(first)
    with pytest.raises(CompletionError):
        await sel.delete(first)


async def test_the_clock() -> None:
    sel = desk().bmc.sel
    moment = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
    await sel.set_time(moment)
    assert await sel.time() == moment
    await sel.set_time()
    assert (await sel.time() or moment) < moment
    await sel.set_utc_offset(-60)
    assert await sel.utc_offset() == -60
    await sel.set_utc_offset(None)
    assert await sel.utc_offset() is None


async def test_one_request_for_a_record() -> None:
    at = desk({ENTRY: log(1, 5, 9)})
    assert await ids(at) == [1, 5, 9]
    assert [cmd for _, cmd, _ in at.script.asked] == [0x43] * 3


@pytest.mark.parametrize("last", [1, 5, 9])
async def test_a_chain_that_never_ends(last: int) -> None:
    assert await ids(desk({ENTRY: log(1, 5, 9, last=last)})) == [1, 5, 9]


async def test_two_ids_for_one_record() -> None:
    """Q-SELDUP."""

    def answer(data: bytes) -> bytes:
        asked = int.from_bytes(data[2:4], "little")
        return b"\0" + {0: 2, 2: 3, 3: 0xFFFF}[asked].to_bytes(2, "little") + stored(2 if asked != 3 else 3)

    assert await ids(desk({ENTRY: answer})) == [2, 3]


async def test_an_empty_log_and_none_at_all() -> None:
    assert await ids(desk({ENTRY: b"\xcb"})) == []
    with pytest.raises(CompletionError) as none:
        await ids(desk({ENTRY: b"\xc1"}))
    assert none.value.code == Cc.INVALID_COMMAND


@pytest.mark.parametrize("reserve", [b"\0\x34\x12", b"\xc1", b"\xd4"])
@pytest.mark.parametrize("longest", [8, 5, 1])
async def test_small_buffers_and_reservations(reserve: bytes, longest: int) -> None:
    """Whole records fail, so they are read in pieces; Q-SELRESV: the reservation may have to go without."""
    whole = log(1, 2)
    wanted = int.from_bytes(reserve[1:3], "little")
    reads: list[tuple[int, int]] = []

    def answer(data: bytes) -> bytes:
        offset, count = data[4], data[5]
        if count > longest:
            return b"\xca"
        if int.from_bytes(data[:2], "little") != wanted:
            return b"\xc5"
        reads.append((offset, count))
        full = whole(data)
        return full[:3] + full[3 + offset : 3 + offset + count]

    at = desk({ENTRY: answer, RESERVE: reserve})
    assert [entry.raw for entry in (await at.bmc.sel.read()).entries] == [stored(1), stored(2)]
    # The size is learned: the second record costs no refusals.
    assert len([cmd for _, cmd, _ in at.script.asked if cmd == 0x43]) <= 2 * len(reads)


async def test_a_reservation_that_is_lost_begins_the_record_again() -> None:
    whole, lost = log(1), [True, True]

    def answer(data: bytes) -> bytes:
        if data[5] == 0xFF:
            return b"\xca"
        if data[4] and lost:
            lost.pop()
            return b"\xc5"
        full = whole(data)
        return full[:3] + full[3 + data[4] : 3 + data[4] + data[5]]

    assert await ids(desk({ENTRY: answer})) == [1]
    assert not lost


async def test_an_erasure_under_way_is_waited_for_but_not_for_ever() -> None:
    answers = [b"\x81", b"\x81"]
    whole = log(1)
    assert await ids(desk({ENTRY: lambda data: answers.pop() if answers else whole(data)})) == [1]
    at = desk({ENTRY: b"\x81"})
    with pytest.raises(CompletionError):
        await ids(at)
    assert len(at.script.asked) == TRIES


async def test_what_was_read_in_time_is_returned() -> None:
    whole = log(1, 2, 3)

    def answer(data: bytes) -> bytes | None:
        return None if data[2] == 3 else whole(data)

    with deadline(0.5):
        found = await desk({ENTRY: answer}).bmc.sel.read()
    assert [entry.record_id for entry in found.entries] == [1, 2]
    assert isinstance(found.missing, NoResponse)
    with pytest.raises(CompletionError):
        await desk({ENTRY: b"\xd4"}).bmc.sel.read()


async def test_an_answer_without_data_ends_a_record() -> None:
    at = desk({ENTRY: lambda data: b"\0\xff\xff" + (stored(1)[:4] if data[4:6] == b"\0\x08" else b"")})
    (entry,) = (await at.bmc.sel.read()).entries
    assert entry.raw == stored(1)[:4].ljust(16, b"\xff")


async def test_reserved_types_are_events_by_consent() -> None:
    line = bytes.fromhex("0100 15 90B3C667 2000 04 09 01 6F 01 FF FF")
    lines = {ENTRY: b"\0\xff\xff" + line}
    plain = desk(lines)
    asked = desk(lines, settings=Settings(interface="memory", quirks=frozenset({"Q-SELTYPE"})))
    assert (await plain.bmc.sel.get(1)).sensor_type == ""
    assert (await asked.bmc.sel.get(1)).sensor_type == "Power Unit"


# ---- changing


async def test_clear_waits_for_the_end_of_the_erasure() -> None:
    states = [b"\0\x00", b"\0\x00", b"\xc5", b"\0\x00", b"\0\x01"]
    at = desk({CLEAR: lambda data: states.pop(0)})
    await at.bmc.sel.clear()
    assert not states
    kinds = [data[5] for _, cmd, data in at.script.asked if cmd == 0x47]
    assert kinds == [0xAA, 0, 0, 0, 0]


async def test_clear_does_not_wait_for_ever() -> None:
    with pytest.raises(NoResponse, match="still being erased"):
        await desk({CLEAR: b"\0\x00"}).bmc.sel.clear(timeout=0.1)


async def test_clear_takes_a_new_reservation_unless_it_was_given_one() -> None:
    at = desk()
    reservation = await at.bmc.sel.reserve()
    await at.bmc.sel.add(EVENT)
    with pytest.raises(CompletionError) as cancelled:
        await at.bmc.sel.clear(reservation)
    assert cancelled.value.code == Cc.RESERVATION_CANCELLED
    assert (await at.bmc.sel.info()).entries
    answers = [b"\xc5", b"\xc5", b"\0\x01"]
    await desk({CLEAR: lambda data: answers.pop(0)}).bmc.sel.clear()
    assert not answers
    with pytest.raises(CompletionError):
        await desk({CLEAR: b"\xc5"}).bmc.sel.clear()


async def test_other_refusals_are_told() -> None:
    for lines in ({CLEAR: b"\xd4"}, {RESERVE: b"\xff"}):
        with pytest.raises(CompletionError):
            await desk(lines).bmc.sel.clear()
    states = [b"\0\x00", b"\xff"]
    with pytest.raises(CompletionError):
        await desk({CLEAR: lambda data: states.pop(0)}).bmc.sel.clear()
    with pytest.raises(CompletionError):
        await desk({ADD: b"\xc4"}).bmc.sel.add(EVENT)


async def test_add_in_one_part_where_there_is_no_other_way() -> None:
    at = desk({ADD: b"\xc1", PARTIAL: b"\0\x07\x00"})
    assert await at.bmc.sel.add(EVENT) == 7
    assert at.script.asked[-1][2][6:] == EVENT


async def test_delete_reserves_again() -> None:
    answers = [b"\xc5", b"\0\x05\x00"]
    assert await desk({DELETE: lambda data: answers.pop(0)}).bmc.sel.delete(5) == 5


async def test_allocation_that_is_promised_and_not_there() -> None:
    at = desk({INFO: b"\0\x51\x01\x00\xf0\x00" + b"\xff" * 8 + b"\x8b", ALLOCATION: b"\xc1"})
    info = await at.bmc.sel.info(allocation=True)
    assert (info.allocation, info.overflow, info.last_addition) == (None, True, None)
    assert info.used == 6


async def test_a_narrow_interface_reads_pieces_at_once() -> None:
    at = desk()
    number = await at.bmc.sel.add(EVENT)
    at.bmc.interface.largest_response = 10
    del at.bmc.__dict__["sel"]
    at.script.asked.clear()
    assert (await at.bmc.sel.get(number)).raw[2] == 2
    assert all(data[5] <= 8 for _, cmd, data in at.script.asked if cmd == 0x43)
    assert SelRecord.unpack((await at.bmc.sel.get(number)).raw)
