"""One state of a discrete sensor, as Tables 42-2 and 42-3 print it."""

from __future__ import annotations

from typing import NamedTuple


class Offset(NamedTuple):
    """What one offset says.

    Attributes:
        event: the words of the row.
        data2: what event data byte 2 holds, where the table defines it.
        data3: what event data byte 3 holds, where the table defines it.
    """

    event: str
    data2: str = ""
    data3: str = ""
