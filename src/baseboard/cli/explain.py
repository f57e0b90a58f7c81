"""``baseboard explain``: what bytes are, field by field; typed, from a file, or from standard input."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.cli import annotated, explaining
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.native import ExplainedField, ExplainedPart
from baseboard.errors import DecodeError

if TYPE_CHECKING:
    from baseboard.cli.explaining_packets import Part
    from baseboard.cli.long_options import Split

LARGEST: Final = 1 << 20
"""Bytes of a file: more is no record."""

_NAMES: Final = {"message": "IPMI message", "packet": "RMCP packet", "sdr": "sensor data record",
                 "sel": "event log record", "fru": "FRU inventory"}  # fmt: skip
_TEXT: Final = re.compile(r"[\t\n\r -~]+")
_DUMPED: Final = re.compile(
    r"\s*(?:0x)?[0-9a-fA-F]{4,8}(?::\s|\s\s|$)\s*((?:(?:[0-9a-fA-F]{2}){1,2} {0,2})*)(?:\s.*|\|.*)?"
)
_SPACED: Final = re.compile(r"[\s,;:]+")


def run(line: Split) -> int:
    """Explain what the words are, or what the file that they name holds.

    Raises:
        UsageError: they are neither bytes nor a file.
    """
    words = line.words[1:]
    if not words:
        raise UsageError("`explain` needs bytes in hexadecimal, or a file; - is standard input")
    data = given(words)
    kind = line.given.get("as", "response" if "response" in line.given else "") or explaining.guess(data)
    try:
        parts = explaining.explain(data, kind)
    except DecodeError as error:
        count = f"{len(data)} byte{'s' if len(data) != 1 else ''}"
        print(f"baseboard: {count}: no {_NAMES.get(kind, kind)}: {error}", file=sys.stderr)
        return FAILED
    if "json" in line.given:
        from baseboard.cli.json_output import document
        from baseboard.cli.json_output import line as document_line

        found = [_data(part) for part in parts]
        sys.stdout.write(document_line(document("", "explain", DONE, found, [], many=True)))
        return DONE
    for number, part in enumerate(parts):
        print(("\n" if number else "") + part.title)
        # The bytes are the user's own, who asks what they are: nothing of them is hidden.
        print(annotated.text(part.lines, hide=False), end="")
    return DONE


def given(words: list[str]) -> bytes:
    """The bytes that words are: hexadecimal in any of its manners, or a file of text or bytes.

    Raises:
        UsageError: they are nothing of that.
    """
    if not "".join(words).strip():
        raise UsageError("there are no bytes")
    typed = hexadecimal(" ".join(words))
    if typed is not None:
        return typed
    if len(words) > 1:
        raise UsageError(f"{' '.join(words)[:60]}: no bytes in hexadecimal")
    try:
        raw = sys.stdin.buffer.read(LARGEST) if words[0] == "-" else _read(Path(words[0]))
    except OSError as error:
        raise UsageError(f"{words[0]}: neither hexadecimal nor a file ({error.strerror or error})") from error
    if not raw.strip():
        raise UsageError(f"{words[0]}: there are no bytes in it")
    text = raw.decode("latin-1")
    if not _TEXT.fullmatch(text):
        return raw
    data = hexadecimal(_undumped(text))
    if data is None:
        raise UsageError(f"{words[0]}: it holds text, and not bytes in hexadecimal")
    return data


def _undumped(text: str) -> str:
    """The bytes of what `xxd`, `hexdump -C` or `tcpdump -x` print, without places and characters."""
    rows = [_DUMPED.fullmatch(line) for line in text.splitlines() if line.strip()]
    # A line that holds a place and no bytes is the last one of `hexdump`.
    found = [row[1] for row in rows if row is not None]
    return text if len(found) < len(rows) else " ".join(found)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


def hexadecimal(text: str) -> bytes | None:
    """Bytes written as ``0x06 0x01``, ``06 01``, ``06:01``, ``0601`` or ``06h 01h``; None if it is none."""
    digits = ""
    for word in _SPACED.split(text.strip()):
        word = word.removeprefix("0x").removeprefix("0X").removesuffix("h").removesuffix("H")
        if not word or not re.fullmatch("[0-9a-fA-F]+", word):
            return None
        digits += word.zfill(2) if len(word) < 2 else word
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else None


def _data(part: Part) -> ExplainedPart:
    fields = tuple(
        ExplainedField(
            first=line.first, last=line.last, raw=line.raw, field=line.field, value=line.value, note=line.note
        )
        for line in part.lines
    )
    return ExplainedPart(title=part.title, raw=part.raw, fields=fields)
