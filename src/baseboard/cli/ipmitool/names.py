"""Text that a BMC keeps as bytes: names, strings, tags, as ipmitool prints it but harmless to a terminal."""

from __future__ import annotations

from baseboard.cli.ipmitool.text import printable


def shown(data: bytes) -> str:
    """Bytes as text: UTF-8 where they are, and nothing that a terminal would obey."""
    return printable(data.decode("utf-8", "surrogateescape"))


def string(data: bytes) -> str:
    """Bytes up to the first 00h as text."""
    return shown(data.partition(b"\0")[0])


def padded(data: bytes, width: int) -> str:
    """Bytes as text in a column, which C's ``printf`` makes that many bytes wide, not letters."""
    return shown(data) + " " * (width - len(data))
