"""A command's words that are numbers, addresses or bytes, with ipmitool's limits and complaints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from baseboard.cli.ipmitool.text import byte, number

if TYPE_CHECKING:
    from baseboard.cli.call import Call

CURRENT_CHANNEL = 0xE
"""The channel that the request comes in on."""


def integer(word: str) -> int | None:
    """A signed number of 32 bits; None if it is none or out of range."""
    return number(word, -(1 << 31), (1 << 31) - 1)


def unsigned(word: str, bits: int) -> int | None:
    """A number without sign; None if it is none or has more bits."""
    return number(word, 0, (1 << bits) - 1)


def raw(word: str) -> bytes:
    """The bytes of a word as they were typed."""
    return word.encode("utf-8", "surrogateescape")


def channel_number(call: Call, word: str) -> int | None:
    """A channel, 0-11, 14 or 15; None and two lines on standard error if it is none."""
    channel = byte(word)
    if channel is not None and (channel <= 0xB or channel in {0xE, 0xF}):
        return channel
    call.err(f"Given Channel number '{word}' is either invalid or out of range.")
    call.err("Channel number must be from ranges: <0x0..0xB>, <0xE..0xF>")
    return None


def user_id(call: Call, word: str) -> int | None:
    """A user ID, 1-63; None and two lines on standard error if it is none."""
    found = byte(word)
    if found is not None and 1 <= found <= 63:
        return found
    call.err(f"Given User ID '{word}' is either invalid or out of range.")
    call.err("User ID is limited to range <1..63>.")
    return None


def privilege_limit(call: Call, word: str) -> int | None:
    """A privilege level, 1-5 or 15; None and two lines on standard error if it is none."""
    level = byte(word)
    if level is not None and (1 <= level <= 5 or level == 0xF):
        return level
    call.err(f"Given Privilege Limit '{word}' is invalid.")
    call.err("Privilege Limit is limited to <0x1..0x5> and <0xF>.")
    return None


def fru_id(call: Call, word: str) -> int | None:
    """A FRU device ID, 0-255; None and a line on standard error if it is none."""
    found = byte(word)
    if found is None:
        call.err(f"FRU ID '{word}' is either invalid or out of range.")
    return found


def mac_address(call: Call, word: str) -> bytes | None:
    """Six hexadecimal bytes with colons; None and a line on standard error if they are none."""
    # C's `sscanf("%02x:...")` takes up to two digits a piece and cares for nothing after the last.
    found = re.match(":".join([r"\s*([0-9a-fA-F]{1,2})"] * 6), word)
    if found is None:
        call.err(f"Invalid MAC address: {word}")
        return None
    return bytes(int(part, 16) for part in found.groups())


def ipv4_address(call: Call, word: str) -> bytes | None:
    """Four decimal bytes with dots; None and a line on standard error if they are none."""
    found = re.match(r"\.".join([r"\s*\+?([0-9]+)"] * 4), word)
    parts = [] if found is None else [int(part) for part in found.groups()]
    if not parts or max(parts) > 0xFF:
        call.err(f"Invalid IP address: {word}")
        return None
    return bytes(parts)


def hexadecimal(word: str, size: int) -> bytes | None:
    """Pairs of hexadecimal digits, cut or filled with 00h to ``size`` bytes; None if they are none."""
    if len(word) % 2 or not re.fullmatch(r"[0-9a-fA-F]*", word):
        return None
    return bytes.fromhex(word)[:size].ljust(size, b"\0")
