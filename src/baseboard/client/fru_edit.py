"""`FruEdit`: change an inventory, see what would change, then write it so that a failure can be undone."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

from baseboard.errors import CompletionError, EncodeError, NoEffect, TransportError
from baseboard.records.fru import Fru, InfoArea, read_fru
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.eeprom import ChipIo
    from baseboard.client.fru_reading import FruDeviceIo, FruImage

_BLOCK: Final = 8
_AREAS: Final = ("chassis", "board", "product")
_HIDDEN: Final = "stored"


class FruChange(NamedTuple):
    """A field that changes."""

    area: str
    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.area} {self.field}: {self.before!r} -> {self.after!r}"


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes that change.

    Attributes:
        offset: where they begin.
        before: what is there.
        after: what will be there.
    """

    offset: int
    before: bytes
    after: bytes


class FruEdit:
    """An inventory that is being changed.

    Attributes:
        fru: as it will be.
        before: the bytes of the device as they are.
    """

    def __init__(self, io: FruDeviceIo | ChipIo, image: FruImage) -> None:
        self._io, self._by_words = io, image.by_words
        self.before = image.data
        self.fru: Fru = read_fru(image.data)
        self._image: bytes | None = None

    def change(self, area: Literal["chassis", "board", "product"], **fields: Any) -> Self:
        """Change fields of an area, such as ``change("board", serial_number="7")``.

        Raises:
            TypeError: the area has no such field.
        """
        self.fru, self._image = self.fru.edit(area, **fields), None
        return self

    def replace(self, image: bytes) -> Self:
        """Put other bytes in place of all that is there.

        Raises:
            EncodeError: the device has not so many.
        """
        if len(image) > len(self.before):
            raise EncodeError(f"an image of {len(image)} bytes, the device has {len(self.before)}")
        self._image = image + self.before[len(image) :]
        self.fru = read_fru(self._image)
        return self

    @property
    def after(self) -> bytes:
        """The bytes as they will be, checksums included.

        Raises:
            EncodeError: something does not fit.
        """
        return self.fru.encode(len(self.before)) if self._image is None else self._image

    def diff(self) -> list[FruChange]:
        """Tell which fields change."""
        old = read_fru(self.before)
        changes: list[FruChange] = []
        for name in _AREAS:
            before: InfoArea | None = getattr(old, name)
            after: InfoArea | None = getattr(self.fru, name)
            present = after or before
            if present is None:
                continue
            for key in (field.name for field in dataclasses.fields(present)):
                one, other = getattr(before, key, None), getattr(after, key, None)
                if key != _HIDDEN and one != other:
                    changes.append(FruChange(name, key, one, other))
        return changes

    def spans(self) -> list[Span]:
        """Tell which bytes change, in blocks of eight; the common header comes last.

        Its checksum and offsets must not point to what is not there yet, should the writing break off.
        """
        after = self.after
        spans: list[Span] = []
        for start in range(0, len(after), _BLOCK):
            old, new = self.before[start : start + _BLOCK], after[start : start + _BLOCK]
            if old == new:
                continue
            if spans and start > _BLOCK and spans[-1].offset + len(spans[-1].after) == start:
                spans[-1] = Span(spans[-1].offset, spans[-1].before + old, spans[-1].after + new)
            else:
                spans.append(Span(start, old, new))
        return sorted(spans, key=lambda span: span.offset == 0)

    async def write(self, backup: Path | str | None = None) -> None:
        """Write what changed, read everything back, and restore what was there if it is not what was written.

        Args:
            backup: file for the bytes as they are now; it must not exist.

        Raises:
            CompletionError: refused; 80h: write-protected. What had been written is undone.
            NoEffect: the device holds something else than was written; its text tells what became of it.
            OSError: the backup cannot be written; then nothing else is.
        """
        spans = self.spans()
        if backup is not None:
            await waiting.in_thread(partial(_keep, Path(backup), self.before))
        written: list[Span] = []
        try:
            for span in spans:
                written.append(span)
                await self._io.write(span.offset, span.after, by_words=self._by_words)
        except (CompletionError, TransportError) as error:
            error.add_note(await self._restore(written))
            raise
        after = self.after
        back = (await self._io.read()).data
        if back != after:
            place = next((n for n, (a, b) in enumerate(zip(back, after, strict=False)) if a != b), len(back))
            outcome = await self._restore(spans)
            raise NoEffect(f"byte {place} of the inventory is not what was written; {outcome}")
        self.before, self._image = after, None
        self.fru = read_fru(after)

    async def _restore(self, spans: list[Span]) -> str:
        """Write back what was there; say how that went."""
        try:
            for span in spans:
                await self._io.write(span.offset, span.before, by_words=self._by_words)
            back = (await self._io.read()).data
        except (CompletionError, TransportError) as error:
            return f"what was there before could not be restored ({error})"
        if back != self.before:
            return "what was there before could not be restored"
        return "what was there before is there again"


def _keep(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
