"""What a host's console prints, cut into lines that are safe to show, each with the time that it began."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.cli.ipmitool.text import printable

if TYPE_CHECKING:
    from baseboard.client.sol_stream import SolStream

SILENCE: Final = 0.5
"""Seconds after which a line without an end, such as a prompt, is given as it is."""

_LONGEST: Final = 4096


class StampedLine(NamedTuple):
    """A line.

    Attributes:
        time: when its first character came.
        text: without its end; control characters are shown, not obeyed.
    """

    time: datetime
    text: str


def local_now() -> datetime:
    """The time, in the user's zone."""
    return datetime.now().astimezone()


class Lines:
    """Cuts a stream of characters into lines.

    Args:
        now: tells the time.
    """

    def __init__(self, now: Callable[[], datetime] = local_now) -> None:
        self._now = now
        self._text = b""
        self._began: datetime | None = None

    def feed(self, data: bytes) -> list[StampedLine]:
        """Take characters; gives the lines that ended."""
        found: list[StampedLine] = []
        for piece in data.splitlines(keepends=True):
            if self._began is None:
                self._began = self._now()
            self._text += piece
            if piece.endswith((b"\n", b"\r")) or len(self._text) >= _LONGEST:
                found += self.rest()
        return found

    def rest(self) -> list[StampedLine]:
        """Give the line that has not ended."""
        text, began = self._text.strip(b"\r\n"), self._began
        self._text, self._began = b"", None
        if began is None or not text:
            return []
        return [StampedLine(began, printable(text.decode("utf-8", "surrogateescape").replace("\t", "    ")))]


async def console_lines(stream: SolStream, lines: Lines | None = None) -> AsyncIterator[StampedLine]:
    """The lines of a console until it ends; what else the console reports is a line in brackets."""
    lines = lines or Lines()
    items = stream.__aiter__()
    coming = asyncio.ensure_future(_next(items))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=SILENCE)
            if not done:
                for line in lines.rest():
                    yield line
                continue
            item = coming.result()
            if item is None:
                break
            found = lines.feed(item) if isinstance(item, bytes) else [*lines.rest(), _note(item)]
            for line in found:
                yield line
            coming = asyncio.ensure_future(_next(items))
        for line in lines.rest():
            yield line
    finally:
        coming.cancel()


async def _next(items: AsyncIterator[object]) -> object | None:
    return await anext(items, None)


def _note(item: object) -> StampedLine:
    return StampedLine(local_now(), f"[{item}]")
