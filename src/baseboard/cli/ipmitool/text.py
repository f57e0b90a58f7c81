"""How ipmitool writes what it found: numbers, names from tables, times, and text that came from a BMC."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from baseboard.cli.options import Options

UNSPECIFIED_TIME: Final = 0xFFFFFFFF
"""A time stamp that says nothing (§37.1)."""

SINCE_START: Final = 0x20000000
"""Time stamps up to here count from the controller's start (§37.1)."""

_DAY: Final = 24 * 60 * 60

COMPLETION: Final[Mapping[int, str]] = {
    0x00: "Command completed normally",
    0xC0: "Node busy",
    0xC1: "Invalid command",
    0xC2: "Invalid command on LUN",
    0xC3: "Timeout",
    0xC4: "Out of space",
    0xC5: "Reservation cancelled or invalid",
    0xC6: "Request data truncated",
    0xC7: "Request data length invalid",
    0xC8: "Request data field length limit exceeded",
    0xC9: "Parameter out of range",
    0xCA: "Cannot return number of requested data bytes",
    0xCB: "Requested sensor, data, or record not found",
    0xCC: "Invalid data field in request",
    0xCD: "Command illegal for specified sensor or record type",
    0xCE: "Command response could not be provided",
    0xCF: "Cannot execute duplicated request",
    0xD0: "SDR Repository in update mode",
    0xD1: "Device firmeware in update mode",  # codespell:ignore - ipmitool prints just that
    0xD2: "BMC initialization in progress",
    0xD3: "Destination unavailable",
    0xD4: "Insufficient privilege level",
    0xD5: "Command not supported in present state",
    0xD6: "Cannot execute command, command disabled",
    0xFF: "Unspecified error",
}
"""ipmitool's words for completion codes; scripts look for them."""

PRIVILEGES: Final[Mapping[int, str]] = {
    1: "CALLBACK",
    2: "USER",
    3: "OPERATOR",
    4: "ADMINISTRATOR",
    5: "OEM",
    0xF: "NO ACCESS",
}

AUTH_TYPES: Final[Mapping[int, str]] = {
    0: "NONE",
    1: "MD2",
    2: "MD5",
    4: "PASSWORD",
    5: "OEM",
    6: "RMCP+",
}


def printable(text: str) -> str:
    """Text from a BMC, fit for a terminal: control characters are shown, never obeyed."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if _harmless(one) else _escaped(ord(one)) for one in text)


def _harmless(one: str) -> bool:
    return one.isprintable() or one == " "


def _escaped(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no text, as Python's surrogateescape carries it
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def completion(code: int) -> str:
    """A completion code in ipmitool's words."""
    return val2str(code, COMPLETION)


def val2str(value: int, table: Mapping[int, str]) -> str:
    """The name of a value; ``Unknown (0x2A)`` for one that has none."""
    name = table.get(value)
    return f"Unknown (0x{value:02X})" if name is None else name


def str2val(text: str, table: Mapping[int, str], otherwise: int = 0xFF) -> int:
    """The value of a name, in any case; ``otherwise`` for a name that is not in the table."""
    wanted = text.lower()
    return next((value for value, name in table.items() if name.lower() == wanted), otherwise)


def number(text: str, low: int, high: int) -> int | None:
    """A number as C reads it, decimal, ``0x`` or ``0`` (octal); None if it is none, or out of range.

    An empty word is 0, as it is for ipmitool.
    """
    digits = text.lstrip(" \t\n\v\f\r")
    sign = -1 if digits[:1] == "-" else 1
    digits = digits[1:] if digits[:1] in ("-", "+") else digits
    if not digits:
        return (0 if low <= 0 <= high else None) if not text else None
    if not digits.isascii() or "_" in digits or not digits.isalnum():
        return None
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
    try:
        value = sign * int(digits[2:] if base == 16 else digits, base)
    except ValueError:
        return None
    return value if low <= value <= high else None


def byte(text: str) -> int | None:
    """A number of one byte, or None."""
    return number(text, 0, 0xFF)


# ---- times


def strftime(form: str, stamp: int, options: Options) -> str:
    """Write a time stamp in a format of ``strftime``: local time, or UTC with ``-Z``.

    Stamps that count from the controller's start are never moved to a time zone (§37.1).
    """
    if stamp == UNSPECIFIED_TIME:
        return "Unknown"
    if options.utc or stamp <= SINCE_START or options.compat == "1.8.18":
        # C calls the zone of its gmtime GMT; Python says UTC.
        return time.strftime(form.replace("%Z", "GMT"), time.gmtime(stamp))
    return time.strftime(form, time.localtime(stamp))


def timestamp_string(stamp: int, options: Options) -> str:
    """Date and time in words, as ``fru`` prints them: ``Tue Dec 24 00:00:00 2024 UTC``."""
    if stamp == UNSPECIFIED_TIME:
        return "Unspecified"
    if stamp < SINCE_START:
        form = "S+ %H:%M:%S" if stamp < _DAY else "S+ %y years %j days %H:%M:%S"
        return strftime(form, stamp, options)
    return strftime("%a %b %e %H:%M:%S %Y" if _old(options) else "%c %Z", stamp, options)


def timestamp_numeric(stamp: int, options: Options) -> str:
    """Date and time in numbers: ``11/22/26 06:15:29 UTC``."""
    if stamp == UNSPECIFIED_TIME:
        return "Unspecified"
    if _old(options):
        return strftime("%m/%d/%Y %H:%M:%S", stamp, options)
    if stamp < SINCE_START:
        return strftime("S+ %H:%M:%S" if stamp < _DAY else "S+ %y/%j %H:%M:%S", stamp, options)
    return strftime("%x %X %Z", stamp, options)


def timestamp_date(stamp: int, options: Options) -> str:
    """The date alone: ``11/22/26``."""
    if stamp == UNSPECIFIED_TIME:
        return "Unspecified"
    if _old(options):
        return strftime("%m/%d/%Y", stamp, options)
    return strftime("S+ %y/%j" if stamp < SINCE_START else "%x", stamp, options)


def timestamp_time(stamp: int, options: Options) -> str:
    """The time alone: ``06:15:29 UTC``."""
    if stamp == UNSPECIFIED_TIME:
        return "Unspecified"
    return strftime("%H:%M:%S" if _old(options) else "%X %Z", stamp, options)


def _old(options: Options) -> bool:
    """Whether the output of 1.8.18 is wanted: four digits for the year, and no time zone."""
    return options.compat == "1.8.18"
