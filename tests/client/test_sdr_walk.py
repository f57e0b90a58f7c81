"""Walking through records, past every way in which controllers are known to get it wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.client import sdr_walk
from baseboard.client.sdr_walk import LAST, MOST_RECORDS, Piece, RecordReader, walk
from baseboard.codes import Cc, EventReadingType, SensorType
from baseboard.errors import CompletionError, DecodeError, NoResponse
from baseboard.records.sdr import EntityAssociationRecord, SensorRecord
from baseboard.records.sdr.compact import CompactSensorRecord


def record(number: int, name: str = "Sensor") -> bytes:
    return CompactSensorRecord(
        record_id=number,
        sensor_number=number,
        sensor_type=SensorType.FAN,
        event_type=EventReadingType.STATE,
        id_string=f"{name}{number}",
    ).encode()


class Shelf:
    """Records on a shelf, and what is odd about taking them off it."""

    def __init__(self, count: int = 3) -> None:
        self.records = {number: record(number) for number in range(1, count + 1)}
        self.limit = 0xFE
        self.whole = True
        self.too_much = Cc.CANNOT_RETURN_SO_MANY
        self.silent_above = 0x100
        self.reserves = True
        self.holds = 1 << 30
        self.reservation = 0
        self.asked: list[tuple[int, int, int]] = []
        self.following: Callable[[int], int] = lambda number: (
            number + 1 if number + 1 in self.records else LAST
        )

    async def reserve(self) -> int:
        if not self.reserves:
            raise CompletionError(Cc.INVALID_COMMAND)
        self.reservation += 1
        return self.reservation

    async def get(self, reservation: int, record_id: int, offset: int, count: int) -> Piece:
        self.asked.append((record_id, offset, count))
        number = record_id or min(self.records, default=0)
        if number not in self.records:
            raise CompletionError(Cc.NOT_PRESENT)
        if offset:
            self.holds -= 1
            if self.holds < 0 or reservation != self.reservation:
                self.holds = 1 << 30
                raise CompletionError(Cc.RESERVATION_CANCELLED)
        data = self.records[number][offset:]
        if count > self.silent_above:
            raise NoResponse("nothing")
        if count == 0xFF:
            if not self.whole:
                raise CompletionError(self.too_much)
        elif count > self.limit:
            raise CompletionError(self.too_much)
        elif not data:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        return Piece(self.following(number), data[:count])


async def test_whole_records_take_one_read_each() -> None:
    shelf = Shelf()
    found = await walk(shelf, 3)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert [entry.record_id for entry in found] == [1, 2, 3]
    assert all(isinstance(entry.record, SensorRecord) for entry in found)
    assert shelf.asked == [(0, 0, 255), (2, 0, 255), (3, 0, 255)]
    assert (found.missing, found.quirks, found.complete) == ([], set(), True)
    assert shelf.reservation == 0


async def test_an_empty_repository_is_no_error() -> None:
    assert await walk(Shelf(0)) == []


@pytest.mark.parametrize(
    "code",
    [Cc.INVALID_LENGTH, Cc.LENGTH_LIMIT_EXCEEDED, Cc.CANNOT_RETURN_SO_MANY, Cc.UNSPECIFIED],
    ids=lambda code: f"{code:02X}h",
)
async def test_records_that_cannot_be_read_whole_are_read_in_pieces(code: int) -> None:
    shelf = Shelf()
    shelf.whole, shelf.too_much = False, code  # type: ignore[assignment]  # any code
    found = await walk(shelf)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert found.quirks == {"Q-SDRFULL"}
    # One refusal is enough for all of them; a reservation holds for all pieces.
    assert [count for _, _, count in shelf.asked].count(255) == 1
    assert shelf.reservation == 1


@pytest.mark.parametrize("limit", [31, 16, 15, 8, 7, 5])
async def test_the_size_of_reads_is_halved_until_it_fits_and_is_kept(limit: int) -> None:
    shelf = Shelf()
    shelf.whole, shelf.limit = False, limit
    found = await walk(shelf)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert {count for number, _, count in shelf.asked if number == 3} <= set(range(1, limit + 1))


async def test_a_controller_that_reads_nothing_useful_is_refused() -> None:
    shelf = Shelf()
    shelf.whole, shelf.limit = False, 4
    with pytest.raises(CompletionError):
        await walk(shelf)


async def test_a_whole_read_that_brings_less_is_continued() -> None:
    shelf = Shelf()
    plain = shelf.get

    async def short(reservation: int, record_id: int, offset: int, count: int) -> Piece:
        piece = await plain(reservation, record_id, offset, count)
        return Piece(piece.next_id, piece.data[:20])

    shelf.get = short  # type: ignore[method-assign]  # the test stands in between
    found = await walk(shelf)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert found.quirks == {"Q-SDRFULL"}


async def test_one_record_that_is_too_long_does_not_slow_the_others_down() -> None:
    shelf = Shelf()
    plain = shelf.get

    async def get(reservation: int, record_id: int, offset: int, count: int) -> Piece:
        if record_id == 2 and count == 255:
            raise CompletionError(Cc.CANNOT_RETURN_SO_MANY)
        return await plain(reservation, record_id, offset, count)

    shelf.get = get  # type: ignore[method-assign]  # the test stands in between
    assert len(await walk(shelf)) == 3
    assert shelf.asked[-1] == (3, 0, 255)


async def test_silence_to_a_long_read_is_taken_for_a_refusal_once() -> None:
    shelf = Shelf()
    shelf.silent_above = 16
    found = await walk(shelf)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert [count for _, _, count in shelf.asked if count > 16] == [255]


async def test_silence_to_everything_is_an_error() -> None:
    shelf = Shelf()
    shelf.silent_above = 0
    with pytest.raises(NoResponse):
        await walk(shelf)
    assert len(shelf.asked) == 2


async def test_silence_in_the_middle_leaves_what_was_read_and_names_the_rest() -> None:
    shelf = Shelf(5)
    plain = shelf.get

    async def get(reservation: int, record_id: int, offset: int, count: int) -> Piece:
        if record_id == 3:
            raise NoResponse("nothing")
        return await plain(reservation, record_id, offset, count)

    shelf.get = get  # type: ignore[method-assign]  # the test stands in between
    found = await walk(shelf, 5)
    assert [entry.record_id for entry in found] == [1, 2]
    assert found.missing == ["record 0003h and those after it: no answer in time, 2 of 5 were read"]
    assert not found.complete


async def test_a_length_that_lies_gives_what_there_is() -> None:
    shelf = Shelf()
    shelf.records[2] = bytes((*shelf.records[2][:4], 0x60, *shelf.records[2][5:]))
    found = await walk(shelf)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert found.quirks == {"Q-SDRFULL", "Q-SDRLEN"}
    assert isinstance(found[1].record, SensorRecord)


async def test_a_lost_reservation_starts_the_record_anew() -> None:
    shelf = Shelf()
    shelf.whole, shelf.holds = False, 1
    found = await walk(shelf)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert "Q-SDRRESV" in found.quirks
    assert shelf.reservation == 2


async def test_a_reservation_that_is_always_lost_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdr_walk, "_PAUSE", 0.0)
    shelf = Shelf()
    shelf.whole = False
    plain = shelf.get

    async def get(reservation: int, record_id: int, offset: int, count: int) -> Piece:
        shelf.holds = 0
        return await plain(reservation, record_id, offset, count)

    shelf.get = get  # type: ignore[method-assign]  # the test stands in between
    with pytest.raises(CompletionError, match="C5h"):
        await walk(shelf)
    assert shelf.reservation == 6


async def test_a_controller_without_reservations_is_read_without() -> None:
    shelf = Shelf()
    shelf.whole = shelf.reserves = False
    found = await walk(shelf)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert "Q-SDRRESV" in found.quirks


async def test_a_reservation_refused_for_another_reason_is_an_error() -> None:
    async def reserve() -> int:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)

    shelf = Shelf()
    shelf.whole, shelf.reserve = False, reserve  # type: ignore[method-assign]  # the test stands in between
    with pytest.raises(CompletionError, match="D4h"):
        await walk(shelf)


async def test_a_chain_without_end_ends_where_it_repeats() -> None:
    shelf = Shelf()
    shelf.following = lambda number: number % 3 + 1
    found = await walk(shelf)
    assert [entry.record_id for entry in found] == [1, 2, 3]
    assert found.quirks == {"Q-SDRNOLAST"}


async def test_a_chain_that_goes_back_to_zero_ends() -> None:
    shelf = Shelf(1)
    shelf.following = lambda _: 0
    assert len(await walk(shelf)) == 1


async def test_a_chain_that_never_repeats_ends_too() -> None:
    class Endless(Shelf):
        async def get(self, reservation: int, record_id: int, offset: int, count: int) -> Piece:
            return Piece(record_id + 1, record(record_id or 1, "")[:count])

    found = await walk(Endless())
    assert len(found) <= MOST_RECORDS
    assert found.quirks == {"Q-SDRNOLAST"}


async def test_a_chain_that_leads_to_nothing_ends_with_a_note() -> None:
    shelf = Shelf()
    shelf.following = lambda number: number + 1
    found = await walk(shelf)
    assert len(found) == 3
    assert (
        found.missing == ["record 0004h: CBh Requested sensor, data, or record not present"] or found.missing
    )
    assert found.quirks == {"Q-SDRNOLAST"}


async def test_a_last_record_that_times_out_is_left_out_with_a_note() -> None:
    shelf = Shelf()
    plain = shelf.get

    async def get(reservation: int, record_id: int, offset: int, count: int) -> Piece:
        if record_id == 3:
            raise CompletionError(Cc.TIMEOUT)
        return await plain(reservation, record_id, offset, count)

    shelf.get = get  # type: ignore[method-assign]  # the test stands in between
    found = await walk(shelf, 3)
    assert [entry.record_id for entry in found] == [1, 2]
    assert found.quirks == {"Q-SDRLASTC3"}
    assert found.missing[0].startswith("record 0003h: C3h")
    assert found.complete


async def test_a_record_with_another_id_than_it_was_asked_by_keeps_the_one_that_finds_it() -> None:
    shelf = Shelf()
    shelf.records[2] = record(7)
    found = await walk(shelf)
    assert [entry.record_id for entry in found] == [1, 2, 3]
    assert found.quirks == {"Q-SDRNEXT"}


async def test_a_wrong_count_is_only_a_hint() -> None:
    found = await walk(Shelf(), 70)
    assert len(found) == 3
    assert found.quirks == {"Q-SDRCOUNT"}


async def test_records_of_no_known_kind_and_broken_ones_are_kept_with_the_reason() -> None:
    shelf = Shelf()
    shelf.records[1] = bytes.fromhex("01 00 51 c3 02 aa bb")
    shelf.records[2] = bytes.fromhex("02 00 51 08 02 aa bb")
    found = await walk(shelf)
    assert found[0].record is None
    assert found[0].problem == "record type C3h is not known"
    assert found[1].record is None
    assert EntityAssociationRecord.__name__ in found[1].problem


async def test_an_answer_of_too_few_bytes_is_read_as_a_refusal() -> None:
    shelf = Shelf()
    plain = shelf.get

    async def get(reservation: int, record_id: int, offset: int, count: int) -> Piece:
        if count == 255:
            raise DecodeError("0 bytes")
        return await plain(reservation, record_id, offset, count)

    shelf.get = get  # type: ignore[method-assign]  # the test stands in between
    assert len(await walk(shelf)) == 3


async def test_a_record_shorter_than_its_header_is_named() -> None:
    shelf = Shelf()
    plain = shelf.get

    async def get(reservation: int, record_id: int, offset: int, count: int) -> Piece:
        piece = await plain(reservation, record_id, offset, count)
        return Piece(piece.next_id, b"") if record_id == 2 else piece

    shelf.get = get  # type: ignore[method-assign]  # the test stands in between
    found = await walk(shelf)
    assert [entry.record_id for entry in found] == [1, 3]
    assert found.missing == ["record 0002h: 0 bytes"]


async def test_a_reader_says_which_departures_it_met() -> None:
    shelf = Shelf()
    shelf.whole, shelf.limit = False, 10
    quirks: list[str] = []
    await RecordReader(shelf, quirks.append).read(1)
    assert set(quirks) == {"Q-SDRFULL", "Q-SDRSIZE"}


@pytest.mark.parametrize("depth", [1, 4, 16])
@pytest.mark.parametrize("limit", [0xFE, 32, 16])
async def test_several_at_a_time_give_the_same_records(depth: int, limit: int) -> None:
    shelf = Shelf(40)
    shelf.whole, shelf.limit = limit == 0xFE, limit
    found = await walk(shelf, 40, depth=depth)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert found.complete
    assert not found.missing
    assert shelf.reservation <= 1, "a second one would end the first"


async def test_whole_records_are_asked_for_once_however_many_at_a_time() -> None:
    shelf = Shelf(40)
    await walk(shelf, 40, depth=16)
    assert sorted(number for number, _, _ in shelf.asked) == [0, *range(2, 41)]


async def test_a_reservation_that_is_lost_is_taken_anew_by_one() -> None:
    shelf = Shelf(40)
    shelf.whole = False

    def following(number: int) -> int:
        if number == 20 and shelf.reservation == 1:
            shelf.reservation += 1  # somebody else takes it
        return number + 1 if number + 1 in shelf.records else LAST

    shelf.following = following
    found = await walk(shelf, 40, depth=8)
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert "Q-SDRRESV" in found.quirks
    assert shelf.reservation == 3


async def test_a_record_that_ends_early_is_no_guess() -> None:
    shelf = Shelf(20)
    shelf.records[7] = shelf.records[7][:4] + bytes((60,)) + shelf.records[7][5:]
    one, many = await walk(shelf, 20), await walk(shelf, 20, depth=8)
    assert [entry.raw for entry in many] == [entry.raw for entry in one]
    assert many.quirks == one.quirks


async def test_two_refusals_in_a_row_are_taken_for_a_limit() -> None:
    shelf = Shelf(12)

    class Narrow:
        """Gives whole records of a short name alone."""

        async def reserve(self) -> int:
            return await shelf.reserve()

        async def get(self, reservation: int, record_id: int, offset: int, count: int) -> Piece:
            if count == 0xFF and record_id > 2:
                shelf.asked.append((record_id, offset, count))
                raise CompletionError(Cc.CANNOT_RETURN_SO_MANY)
            return await shelf.get(reservation, record_id, offset, count)

    found = await walk(Narrow())
    assert [entry.raw for entry in found] == list(shelf.records.values())
    assert [number for number, _, count in shelf.asked if count == 0xFF] == [0, 2, 3, 4]
