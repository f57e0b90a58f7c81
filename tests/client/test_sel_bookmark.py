"""Following the log: nothing is lost and nothing given twice, whatever happens to the log meanwhile."""

from __future__ import annotations

import pytest

from baseboard.client import sel_bookmark
from baseboard.client.bmc import Bmc
from baseboard.client.sel_bookmark import Bookmark, Follower, digest
from baseboard.errors import CompletionError, DecodeError, SessionClosed
from tests.client.harness import desk

INFO, ENTRY = (0x0A, 0x40), (0x0A, 0x43)
SET, EARLY = 0x67C6B390, 0x10


class Log:
    """A log that a test writes into, and the controller that has it."""

    def __init__(self) -> None:
        self.records: dict[int, bytes] = {}
        self.addition = self.erase = 0xFFFFFFFF
        self.refuse: bytes | None = b""
        self.at = desk({INFO: self._info, ENTRY: self._entry})

    @property
    def bmc(self) -> Bmc:
        return self.at.bmc

    def add(self, number: int, time: int = SET, offset: int = 0) -> None:
        stamp = time.to_bytes(4, "little")
        tail = bytes.fromhex("2000 04 09 01 6F") + bytes((offset, 0xFF, 0xFF))
        self.records[number] = number.to_bytes(2, "little") + b"\x02" + stamp + tail
        self.addition = time

    def clear(self, time: int = SET) -> None:
        self.records.clear()
        self.erase = time

    def _info(self, data: bytes) -> bytes | None:
        if self.refuse != b"":
            return self.refuse
        return (
            b"\0\x51"
            + len(self.records).to_bytes(2, "little")
            + b"\0\x10"
            + self.addition.to_bytes(4, "little")
            + self.erase.to_bytes(4, "little")
            + b"\x02"
        )

    def _entry(self, data: bytes) -> bytes:
        numbers = list(self.records)
        asked = int.from_bytes(data[2:4], "little")
        if not numbers or (asked and asked not in numbers):
            return b"\xcb"
        number = asked or numbers[0]
        place = numbers.index(number) + 1
        following = numbers[place] if place < len(numbers) else 0xFFFF
        return b"\0" + following.to_bytes(2, "little") + self.records[number]


async def new(follower: Follower) -> list[int]:
    """The IDs of what is new now."""
    return [(await anext(follower)).record_id for _ in range(await follower.look())]


@pytest.fixture
def log() -> Log:
    made = Log()
    made.add(1)
    made.add(2, SET + 1)
    return made


async def test_only_what_is_new(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.0)
    assert await new(follower) == []
    log.add(3, SET + 2)
    log.add(4, SET + 2)
    assert await new(follower) == [3, 4]
    assert await new(follower) == []
    log.add(9, SET + 2)
    assert (await anext(follower)).record_id == 9


async def test_all_of_it_by_wish(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.0, replay=True)
    assert [(await anext(follower)).record_id for _ in range(2)] == [1, 2]
    assert await new(follower) == []
    empty = Log()
    follower = empty.bmc.sel.follow(interval=0.0, replay=True)
    assert await new(follower) == []
    empty.add(1)
    assert await new(follower) == [1]


async def test_a_bookmark_is_text_and_works_in_another_run(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    text = str(follower.bookmark)
    assert Bookmark.parse(f" {text}\n") == follower.bookmark
    log.add(3, SET + 2)
    assert await new(log.bmc.sel.follow(text, interval=0.0)) == [3]


@pytest.mark.parametrize("text", ["", "1-2-3", "0001-00-0-0", "ffff-" + "00" * 16 + "-0-0", "x-y-z-w"])
def test_text_that_is_no_bookmark(text: str) -> None:
    with pytest.raises(DecodeError):
        Bookmark.parse(text)


async def test_the_log_is_cleared_and_its_ids_are_used_again(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    log.clear(SET + 10)
    log.add(1, SET + 10, 2)
    log.add(2, SET + 11)
    assert await new(follower) == [1, 2]
    assert follower.gaps == 1
    assert await new(follower) == []


async def test_the_log_is_cleared_and_stays_empty_for_a_while(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    log.clear(SET + 10)
    assert await new(follower) == []
    log.add(1, SET + 11)
    assert await new(follower) == [1]
    assert follower.gaps == 1


async def test_the_very_same_record_after_a_restart_without_a_clock() -> None:
    log = Log()
    log.add(1, EARLY)
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    log.clear(EARLY + 1)
    log.add(1, EARLY)
    assert await new(follower) == [1]


async def test_the_log_wraps_around_and_drops_the_oldest(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    del log.records[1]
    log.add(0xFFFE, SET + 2)
    log.add(1, SET + 3)
    assert await new(follower) == [0xFFFE, 1]
    log.records.clear()
    log.add(2, SET + 4)
    assert await new(follower) == [2]
    assert follower.gaps == 1


async def test_only_the_marked_record_is_deleted(log: Log) -> None:
    log.add(3, SET + 2)
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    del log.records[3]
    log.erase = SET + 9
    log.add(4, SET + 9)
    assert await new(follower) == [4]


async def test_records_that_got_other_ids(log: Log) -> None:
    """The bookmarked record is found by its digest; a log whose IDs move has it elsewhere."""
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    log.records[7] = log.records.pop(2)
    log.add(8, SET + 5)
    assert await new(follower) == [8]
    assert follower.gaps == 0


async def test_the_controller_restarts(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.0)
    await follower.look()
    for away in (None, b"\xd2", b"\xd5"):
        log.refuse = away
        assert await follower.look() == 0
    assert follower.failures == 3
    log.refuse = b""
    log.add(3, SET + 2)
    assert await new(follower) == [3]
    assert follower.failures == 0
    log.refuse = b"\xd4"
    with pytest.raises(CompletionError):
        await follower.look()


@pytest.mark.parametrize("reconnect", [False, True])
async def test_the_session_is_lost(log: Log, reconnect: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def again(bmc: Bmc) -> None:
        bmc.interface = log_in

    monkeypatch.setattr(sel_bookmark, "insist", again)
    follower = log.bmc.sel.follow(interval=0.0, reconnect=reconnect)
    await follower.look()
    log_in = log.bmc.interface
    other = Log()
    await other.bmc.close()
    log.bmc.interface = other.bmc.interface
    if not reconnect:
        with pytest.raises(SessionClosed):
            await follower.look()
        return
    assert await follower.look() == 0
    log.add(3, SET + 2)
    assert await new(follower) == [3]


def test_the_digest_has_16_bytes() -> None:
    assert len(digest(b"anything")) == 16
    assert digest(b"anything") != digest(b"anything else")


async def test_iteration_waits_between_looks(log: Log) -> None:
    follower = log.bmc.sel.follow(interval=0.01)
    seen: list[int] = []
    log.add(3, SET + 2)
    follower.bookmark = Bookmark(record_id=0)
    async for entry in follower:
        seen.append(entry.record_id)
        if len(seen) == 3:
            log.add(4, SET + 3)
        if len(seen) == 4:
            break
    assert seen == [1, 2, 3, 4]
