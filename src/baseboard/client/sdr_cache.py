"""Sensor Data Records kept between runs, so that a controller is asked for them once.

A file for each controller, named for who it is: its manufacturer, product, firmware and GUID. Inside stands
the repository's state when it was read, and a file that tells another state is no longer looked at. A small
file for each address names the controller that answered there last. Every file is written whole beside its
place and moved there, so two processes never see half of one; what is not as it was written is ignored, and
written anew.
"""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from baseboard.client.profile import sha256
from baseboard.client.sdr_entry import Records, SdrEntry
from baseboard.wire.value import Value

VERSION: Final = "baseboard-sdr 1"
_LARGEST: Final = 4 << 20
_MODELS: Final = 64
"""Different lists that are kept: those of so many models."""


class Kept(Value):
    """Records as they were kept.

    Attributes:
        identity: whose they are.
        state: of the repository when they were read.
        records: the records.
    """

    identity: str
    state: str
    records: Records


class SdrCache:
    """The files of one folder; a folder that cannot be used is as good as an empty one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def at(self, address: str) -> Kept | None:
        """What was kept of the controller that answered at an address last."""
        identity = _read(self._pointer(address))
        return None if identity is None else self.of(identity)

    def of(self, identity: str) -> Kept | None:
        """What was kept of a controller; None if that is nothing, or damaged."""
        text = _read(self._file(identity))
        kept = None if text is None else _parse(text)
        return kept if kept is not None and kept.identity == identity else None

    def keep(self, identity: str, state: str, records: Records, address: str = "") -> None:
        """Keep the records of a controller, and remember that it is the one at an address."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(self._file(identity), _format(Kept(identity, state, records)))
            self.point(address, identity)

    def point(self, address: str, identity: str) -> None:
        """Remember which controller is at an address; the empty one stands for none."""
        if address and _read(self._pointer(address)) != identity:
            with contextlib.suppress(OSError):
                _replace(self._pointer(address), identity)

    def forget(self, address: str) -> Path:
        """Drop what was kept of the controller that answered at an address last.

        Returns: the file that told which one that is.
        """
        pointer = self._pointer(address)
        identity = _read(pointer)
        with contextlib.suppress(OSError):
            pointer.unlink()
            if identity is not None:
                self._file(identity).unlink()
        return pointer

    def _file(self, identity: str) -> Path:
        return self.folder / f"{_digest(identity)}.sdr"

    def _pointer(self, address: str) -> Path:
        return self.folder / f"{_digest(address)}.at"


def _digest(text: str) -> str:
    return sha256(text)[:32]


def _signed(text: str) -> str:
    """A version and a checksum, then the text."""
    return f"{VERSION} {sha256(text)}\n{text}"


def _read(path: Path) -> str | None:
    """The text of a file that is what was written, else None."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    _, _, body = text.partition("\n")
    return body if text == _signed(body) else None


def _format(kept: Kept) -> str:
    return "\n".join(
        [
            kept.identity,
            kept.state,
            *(f"quirk {quirk}" for quirk in sorted(kept.records.quirks)),
            *(f"missing {line}" for line in kept.records.missing),
            *(f"record {entry.record_id:04x} {entry.raw.hex()}" for entry in kept.records),
        ]
    )


def _parse(text: str) -> Kept:
    identity, _, rest = text.partition("\n")
    state, _, lines = rest.partition("\n")
    entries, quirks, missing = _listed(lines)
    records = Records(entries)
    records.quirks |= quirks
    records.missing += missing
    return Kept(identity, state, records)


@lru_cache(maxsize=_MODELS)
def _listed(lines: str) -> tuple[tuple[SdrEntry, ...], frozenset[str], tuple[str, ...]]:
    """Records, quirks, what is missing: read once for all controllers of a model, not in 0.25 ms each."""
    entries: list[SdrEntry] = []
    told: dict[str, list[str]] = {"quirk": [], "missing": []}
    for line in lines.split("\n") if lines else ():
        kind, _, rest = line.partition(" ")
        if kind in told:
            told[kind].append(rest)
        else:
            number, _, raw = rest.partition(" ")
            entries.append(SdrEntry.of(bytes.fromhex(raw), int(number, 16)))
    return tuple(entries), frozenset(told["quirk"]), tuple(told["missing"])


def _replace(path: Path, text: str) -> None:
    """Write a file so that whoever reads it meets the old or the new one, whole."""
    import tempfile  # 4 ms, and most of the time nothing is written

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_signed(text).encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
