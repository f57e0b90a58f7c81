"""Following the event log: `Follower` gives what is new, `Bookmark` is where it stopped, as text."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from baseboard.client.deadline import remaining
from baseboard.client.reconnect import LOST, insist
from baseboard.client.sel_entry import SelEntry, SensorNames, describe
from baseboard.codes import Cc
from baseboard.commands.storage.sel import GetSelInfo
from baseboard.errors import CompletionError, DecodeError, NoResponse
from baseboard.records.sel import FIRST_OEM
from baseboard.records.timestamps import LAST_SINCE_START
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

DIGEST: Final = 16
"""Bytes that stand for a record; the IDs are used again after a clear, the bytes of a record never are."""

END: Final = 0xFFFF
_PARTS: Final = 4
_TIME: Final = slice(3, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where a reading of the log ended.

    ``str(bookmark)`` is text to be stored, ``Bookmark.parse`` reads it.

    Attributes:
        record_id: of the last record that was read; 0 = the log was empty.
        digest: 16 bytes that stand for that record.
        addition: the log's timestamp of its last addition, as it was then.
        erase: the log's timestamp of its last erasure, as it was then.
    """

    record_id: int = 0
    digest: bytes = bytes(DIGEST)
    addition: int = 0xFFFFFFFF
    erase: int = 0xFFFFFFFF

    def __str__(self) -> str:
        return f"{self.record_id:04x}-{self.digest.hex()}-{self.addition:08x}-{self.erase:08x}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a stored bookmark.

        Raises:
            DecodeError: it is none.
        """
        parts = text.strip().split("-")
        try:
            record_id, digest, addition, erase = parts
            found = cls(
                record_id=int(record_id, 16),
                digest=bytes.fromhex(digest),
                addition=int(addition, 16),
                erase=int(erase, 16),
            )
        except ValueError:
            raise DecodeError(f"{text!r} is no bookmark of an event log") from None
        if len(found.digest) != DIGEST or not 0 <= found.record_id < END:
            raise DecodeError(f"{text!r} is no bookmark of an event log")
        return found


def digest(raw: bytes) -> bytes:
    """Give the 16 bytes that stand for a record."""
    return hashlib.sha256(raw).digest()[:DIGEST]


def _has_time(raw: bytes) -> bool:
    return raw[2] < FIRST_OEM


class Follower:
    """New entries of the log, one after the other, for ever: ``async for entry in bmc.sel.follow()``.

    It goes on when the log is cleared, when it wraps around and drops the oldest, when record IDs are used
    again, and when the controller restarts and is away for a while.

    Attributes:
        bookmark: behind the entry that was given last; None before the first look at the log.
        gaps: how often the bookmarked record was gone, because the log was cleared or had wrapped around, so
            that entries may have come and gone unseen.
        failures: looks at the log in a row that got no answer.
    """

    def __init__(
        self,
        bmc: Bmc,
        bookmark: Bookmark | None,
        interval: float,
        names: SensorNames,
        *,
        replay: bool = False,
        reconnect: bool = False,
    ) -> None:
        self.bookmark = bookmark
        self.gaps = self.failures = 0
        self._bmc, self._interval, self._names = bmc, interval, names
        self._replay, self._reconnect = replay, reconnect
        self._all_events = "Q-SELTYPE" in bmc.settings.quirks
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._changed = (0xFFFFFFFF, 0xFFFFFFFF)
        self._looked = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SelEntry:
        while not self._waiting:
            if self._looked:
                await waiting.sleep(remaining(self._interval))
            await self.look()
        record_id, raw = self._waiting.popleft()
        self.bookmark = self._mark(record_id, raw)
        return describe(raw, record_id, self._names, all_events=self._all_events)

    async def look(self) -> int:
        """Look at the log once.

        Returns: how many entries wait to be given.

        Raises:
            SessionClosed: the session is lost and nobody wants another one.
        """
        self._looked = True
        if self._waiting:
            return len(self._waiting)
        try:
            await self._find_new()
        except NoResponse:
            self.failures += 1  # it restarts; the next look may find it again
            if self._reconnect:
                await insist(self._bmc)
        except CompletionError as error:
            if error.code not in {Cc.NODE_BUSY, Cc.BMC_INITIALIZING, Cc.TIMEOUT, Cc.NOT_SUPPORTED_IN_STATE}:
                raise
            self.failures += 1
        except LOST:
            self.failures += 1
            if not self._reconnect:
                raise
            await insist(self._bmc)
        else:
            self.failures = 0
        return len(self._waiting)

    def _mark(self, record_id: int, raw: bytes) -> Bookmark:
        addition, erase = self._changed
        return Bookmark(record_id=record_id, digest=digest(raw), addition=addition, erase=erase)

    async def _find_new(self) -> None:
        """Put what is new into the queue; all of it or nothing."""
        info = await self._bmc.execute(GetSelInfo())
        before, self._changed = self.bookmark, (info.most_recent_addition, info.most_recent_erase)
        if before is None:
            found = await self._read(0)
            if self._replay:
                self._waiting.extend(found)
                self.bookmark = self._mark(0, b"") if not found else None
            else:
                self.bookmark = self._mark(*found[-1]) if found else self._mark(0, b"")
            return
        if not before.record_id:
            self._waiting.extend(await self._read(0))
            return
        follows = await self._after(before, erased=before.erase != info.most_recent_erase)
        if follows is None:
            await self._search(before)
        elif follows != END:
            self._waiting.extend(await self._read(follows))

    async def _after(self, before: Bookmark, *, erased: bool) -> int | None:
        """Find out what follows the bookmarked record; None if that record is not what it was."""
        try:
            raw, following = await self._bmc.sel.record(before.record_id)
        except CompletionError as error:
            if error.code != Cc.NOT_PRESENT:
                raise
            return None
        if digest(raw) != before.digest:
            return None
        since_start = not _has_time(raw) or int.from_bytes(raw[_TIME], "little") <= LAST_SINCE_START
        if erased and since_start:
            # A clock that starts anew can bring the very same record again after a clear.
            return None
        return following

    async def _search(self, before: Bookmark) -> None:
        """The bookmarked record is gone from its place: look for it, else everything is new."""
        found = await self._read(0)
        places = [place for place, (_, raw) in enumerate(found) if digest(raw) == before.digest]
        if places and before.erase == self._changed[1]:
            found = found[places[-1] + 1 :]
        else:
            self.gaps += 1
            found = [(number, raw) for number, raw in found if not self._seen(raw, before)]
        self._waiting.extend(found)
        if not found:
            self.bookmark = self._mark(0, b"")

    def _seen(self, raw: bytes, before: Bookmark) -> bool:
        """Tell a record older than the bookmark, which is still there if just single records were deleted."""
        time = int.from_bytes(raw[_TIME], "little")
        turned_back = self._changed[0] < before.addition
        return not turned_back and _has_time(raw) and LAST_SINCE_START < time < before.addition < 0xFFFFFFFF

    async def _read(self, start: int) -> list[tuple[int, bytes]]:
        return [(record_id, raw) async for record_id, raw, _ in self._bmc.sel.records(start)]
