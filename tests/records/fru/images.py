"""The whole FRU images of the vectors."""

from __future__ import annotations

from typing import Any

from tests.records.vectors import entries, vector

WHOLE = [one["id"] for one in entries("fru", "supermicro", "kontron", "asrockrack")]
KONTRON = "kontron_am4010_tail"
INTERNAL = bytes(range(1, 256)) + b"\x5a"


def image(name: str) -> tuple[bytes, dict[str, Any]]:
    """An image and its meaning; one is given from byte 264 on, its internal use area is filled in here."""
    raw, decoded = vector("fru", name)
    if name == KONTRON:
        raw = bytes.fromhex(decoded["header"]) + INTERNAL + raw
    return raw, decoded
