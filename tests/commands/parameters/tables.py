"""A family of parameters against its table."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from baseboard.wire import Family

TABLES = Path(__file__).resolve().parents[3] / "spec" / "tables"


def rows(table: str) -> dict[int, dict[str, str]]:
    """The table's rows by selector, the manufacturer's own left out."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["number"]): row for row in csv.DictReader(file) if row["access"] != "OEM"}


def sizes(text: str) -> list[int] | None:
    """``"1+16"`` is 17 bytes, ``"13 (IPv4) or 18 (IPv6)"`` two lengths; None where it varies."""
    if "N" in text:
        return None
    return [
        sum(int(part) for part in piece.split("+"))
        for piece in re.findall(r"\d+(?:\+\d+)*", re.sub(r"\(.*?\)", "", text))
    ]


def hold(family: type[Family], table: str, open_ended: set[int]) -> None:
    """Every row has its member, which takes as many bytes as the row says, and none has no row.

    Args:
        family: of the parameters.
        table: its name.
        open_ended: members whose last field takes any number of bytes.
    """
    members: dict[int, Any] = dict(family.members())
    known = rows(table)
    assert set(members) == set(known)
    for number, member in members.items():
        lengths = sizes(known[number]["length_bytes"])
        assert (lengths is None) <= (number in open_ended)
        for length in lengths or []:
            assert len(member.decode(bytes(length), True).encode()) == length, member
        names = member.__match_args__
        has_set = known[number]["set_selector"] == "yes"
        assert has_set == (names[0] in ("set_selector", "destination")), member
        assert (known[number]["block_selector"] == "yes") == ("block_selector" in names), member
