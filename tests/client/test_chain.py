"""Reading ahead along a chain of records: whatever the IDs are, and whatever changes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from baseboard.client.chain import Ahead, bearable
from baseboard.client.pipelining import DEPTHS
from baseboard.codes import Cc
from baseboard.errors import CompletionError, NoResponse
from baseboard.testing.scripted import Script
from tests.client.harness import desk
from tests.client.lan_bench import bench, on_virtual_time
from tests.client.test_sel import ENTRY, INFO, RESERVE, log, stored

LAST = 0xFFFF
MANY = 60

CONSECUTIVE = list(range(1, MANY + 1))
GAPS = [number for number in range(1, 2 * MANY) if number % 7 not in (3, 4)]
REVERSED = CONSECUTIVE[::-1]
WRAPPED = [*range(0xFFFE - 20, 0xFFFF), *range(1, 40)]
STRIDES = list(range(0x10, 0x10 * MANY, 0x10))
RANDOM = [(number * 7919) % 0xFFF1 + 1 for number in range(MANY)]
ODD = pytest.mark.parametrize("ids", [CONSECUTIVE, GAPS, REVERSED, WRAPPED, STRIDES, RANDOM])


class Log:
    """Records of which each names the next; every read is noted, and may change the log."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = list(ids)
        self.asked: list[int] = []
        self.under_way = self.most = 0
        self.after: dict[int, Callable[[], None]] = {}
        self.held: dict[int, asyncio.Event] = {}
        self.refused: set[int] = set()

    async def read(self, record_id: int) -> tuple[int, int]:
        """Its own ID and the next; a change comes after so many reads."""
        self.asked.append(record_id)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            found = self._found(record_id)
            if len(self.asked) in self.after:
                self.after[len(self.asked)]()
            await asyncio.sleep(0)
            if record_id in self.held:
                await self.held[record_id].wait()
            return found
        finally:
            self.under_way -= 1

    def _found(self, record_id: int) -> tuple[int, int]:
        number = record_id or self.ids[0]
        if number not in self.ids or (number in self.refused and self.under_way > 1):
            raise CompletionError(Cc.NOT_PRESENT)
        place = self.ids.index(number) + 1
        return number, self.ids[place] if place < len(self.ids) else LAST

    async def walk(self, depth: int, expected: int | None = None) -> list[int]:
        """Read it as a log is read."""
        ahead = Ahead(self.read, depth, len(self.ids) if expected is None else expected)
        found, cursor = list[int](), 0
        try:
            while cursor != LAST:
                number, following = await ahead.take(cursor) or await self.read(cursor)
                found.append(number)
                ahead.follow(number, following)
                cursor = following
        finally:
            await ahead.close()
        assert not self.under_way
        return found


@ODD
@pytest.mark.parametrize("depth", [1, 4, 16])
async def test_the_chain_is_followed_whatever_the_ids_are(ids: list[int], depth: int) -> None:
    log = Log(ids)
    assert await log.walk(depth) == ids
    assert log.most <= depth + 1
    if depth == 1:
        assert len(log.asked) == len(ids)


async def test_consecutive_ids_are_asked_for_once_and_many_at_a_time() -> None:
    log = Log(CONSECUTIVE)
    await log.walk(16)
    assert sorted(log.asked) == [0, *CONSECUTIVE[1:]]
    assert log.most == 16


@pytest.mark.parametrize("ids", [REVERSED, STRIDES, WRAPPED])
async def test_a_rule_is_found(ids: list[int]) -> None:
    log = Log(ids)
    await log.walk(16)
    assert log.most > 4
    assert len(log.asked) < 1.6 * len(ids)


async def test_ids_without_a_rule_are_soon_not_guessed() -> None:
    log = Log(RANDOM)
    await log.walk(16)
    assert len(log.asked) <= len(RANDOM) + 2


async def test_nothing_is_guessed_behind_what_is_expected() -> None:
    log = Log(CONSECUTIVE)
    assert await log.walk(16, expected=10) == CONSECUTIVE
    assert log.most <= 10


async def test_a_record_that_names_itself_is_not_followed() -> None:
    ahead = Ahead(Log([1]).read, 16, 100)
    for _ in range(3):
        ahead.follow(1, 1)
    assert await ahead.take(1) is None
    await ahead.close()


@pytest.mark.parametrize("when", [3, 10, 30])
async def test_erased_meanwhile(when: int) -> None:
    """What the chain passes over is not given, though it was read ahead."""
    log = Log(CONSECUTIVE)

    def erase() -> None:
        del log.ids[20:30]

    log.after[when] = erase
    found = await log.walk(16, MANY)
    before = max(number for number in log.asked[:when])
    assert found[:20] == CONSECUTIVE[:20]
    assert found[-30:] == CONSECUTIVE[30:]
    # What was read before the erasure may be there: one who asks one by one may have read it too.
    assert set(found[20:-30]) <= set(range(21, before + 2))


async def test_added_meanwhile() -> None:
    """A guess behind the end that failed does not hide what is there when the chain comes to it."""
    log = Log(CONSECUTIVE[:20])
    log.after[15] = lambda: log.ids.extend(range(21, 26))
    assert await log.walk(16, expected=40) == list(range(1, 26))


async def test_cleared_and_filled_anew_meanwhile() -> None:
    """What was read before its predecessor is not believed: it may be of the log that was."""
    log = Log(range(1, 9))
    versions: dict[int, int] = {}
    version = 1

    async def read(record_id: int) -> tuple[int, int, int]:
        found = (*(await log.read(record_id)), version)
        versions[record_id] = version
        return found

    log.held[3] = asyncio.Event()
    ahead = Ahead(read, 4, 8)
    ahead.follow(1, 2)
    assert await ahead.take(2) == (2, 3, 1)
    ahead.follow(2, 3)
    for _ in range(5):
        await asyncio.sleep(0)
    assert {4, 5} <= versions.keys(), "they came before the answer about 3"
    version = 2
    log.held.pop(3).set()
    assert await ahead.take(3) == (3, 4, 2)
    ahead.follow(3, 4)
    assert await ahead.take(4) is None
    await ahead.close()


async def test_under_a_reservation_the_order_does_not_matter() -> None:
    log = Log(range(1, 9))
    log.held[3] = asyncio.Event()
    ahead = Ahead(log.read, 4, 8, lambda: True)
    ahead.follow(1, 2)
    assert await ahead.take(2) == (2, 3)
    for _ in range(5):
        await asyncio.sleep(0)
    log.held.pop(3).set()
    assert await ahead.take(3) == (3, 4)
    assert await ahead.take(4) == (4, 5)
    await ahead.close()


async def test_who_cannot_read_ahead_soon_stops_trying() -> None:
    log = Log(CONSECUTIVE)
    log.refused = set(CONSECUTIVE)
    assert await log.walk(16) == CONSECUTIVE
    assert len(log.asked) < 2 * MANY


async def test_what_was_asked_in_vain_ends_with_the_reading() -> None:
    log = Log(CONSECUTIVE)
    log.held = {number: asyncio.Event() for number in range(2, 12)}
    ahead = Ahead(log.read, 8, MANY)
    ahead.follow(1, 2)
    await asyncio.sleep(0)
    assert log.under_way == 8
    await ahead.close()
    assert not log.under_way


# ---- over the network


def scripted(ids: Sequence[int]) -> Script:
    """A BMC whose log has these IDs."""
    info = bytes((0, 0x51)) + len(ids).to_bytes(2, "little") + bytes(10) + b"\x02"
    return Script({INFO: info, ENTRY: log(*ids)})


@ODD
def test_a_bmc_that_bears_a_window_is_read_ahead(ids: list[int], tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(scripted(ids), cache=str(tmp_path)) as at:
            bmc = await at.login()
            found = await bmc.sel.read()
            assert [entry.record_id for entry in found.entries] == ids
            assert found.missing is None
            assert bmc.interface.depth == DEPTHS[-1]
            await bmc.close()

    on_virtual_time(main())


@ODD
def test_datagrams_that_are_lost_and_out_of_order_change_nothing(ids: list[int], tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(scripted(ids), cache=str(tmp_path)) as at:
            bmc = await at.login()
            assert len((await bmc.sel.read()).entries) == len(ids)
            at.relay.loss, at.relay.delay = 0.05, (0.001, 0.01)
            assert [entry.record_id for entry in (await bmc.sel.read()).entries] == ids
            at.relay.loss = 0.0
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_bears_no_window_is_read_one_at_a_time(tmp_path: Path) -> None:
    async def main() -> None:
        script = scripted(CONSECUTIVE)
        script.lines[0x06, 0x42] = None  # silent to one of the probe's questions
        async with bench(script, cache=str(tmp_path)) as at:
            bmc = await at.login(timeout=0.1, retries=1)
            assert [entry.record_id for entry in (await bmc.sel.read()).entries] == CONSECUTIVE
            assert bmc.interface.depth == 1
            entries = [data[2:4] for netfn, cmd, data in script.asked if (netfn, cmd) == ENTRY]
            assert entries == [number.to_bytes(2, "little") for number in (0, *CONSECUTIVE[1:])]
            await bmc.close()

    on_virtual_time(main())


def test_a_log_that_wants_a_reservation_is_read_under_it(tmp_path: Path) -> None:
    """Its records come in pieces, and each reservation ends the one before."""
    whole = log(*CONSECUTIVE)
    valid = 0

    def reserve(data: bytes) -> bytes:
        nonlocal valid
        valid += 1
        return b"\0" + valid.to_bytes(2, "little")

    def entry(data: bytes) -> bytes:
        if data[5] > 8:
            return bytes((Cc.CANNOT_RETURN_SO_MANY,))
        if int.from_bytes(data[:2], "little") != valid:
            return bytes((Cc.RESERVATION_CANCELLED,))
        answer = whole(data)
        return answer[:3] + answer[3 + data[4] : 3 + data[4] + data[5]]

    async def main() -> None:
        script = scripted(CONSECUTIVE)
        script.lines |= {RESERVE: reserve, ENTRY: entry}
        async with bench(script, cache=str(tmp_path)) as at:
            bmc = await at.login()
            for _ in range(2):
                found = await bmc.sel.read()
                assert [one.raw for one in found.entries] == [stored(number) for number in CONSECUTIVE]
            await bmc.close()

    on_virtual_time(main())


async def test_where_several_at_a_time_are_not_possible_nothing_is_asked() -> None:
    async def expected() -> int:
        raise AssertionError("it was asked")

    assert await bearable(desk().bmc, expected) == (1, 0)


def test_a_log_that_does_not_say_how_long_it_is(tmp_path: Path) -> None:
    async def expected() -> int:
        raise NoResponse("silence")

    async def main() -> None:
        async with bench(cache=str(tmp_path)) as at:
            bmc = await at.login()
            assert await bearable(bmc, expected) == (1, 0)
            await bmc.close()

    on_virtual_time(main())
