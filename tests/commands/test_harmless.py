"""Requests that may be sent twice in a moment."""

from __future__ import annotations

from baseboard.commands.declaration import load_all, lookup
from baseboard.commands.harmless import HARMLESS

WORDS = ("Get", "Read")
BUT = {"SetSessionPrivilegeLevel", "CloseSession"}
"""They set something, and setting it again changes nothing."""

NOT = {"GetMessage", "ReadEventMessageBuffer", "GetIpUdpRmcpStatistics", "GetSessionChallenge", "GetAuthCode"}
"""They are named like a read, and take something away or make something anew."""


def name(number: int) -> str:
    load_all()
    command = lookup(number >> 8, number & 0xFF)
    assert command is not None, f"{number:04X}h is no command"
    return command.request.__name__


def test_each_is_declared_and_reads() -> None:
    for number in HARMLESS:
        assert name(number).startswith(WORDS) or name(number) in BUT
        assert name(number) not in NOT


def test_what_acts_is_not_among_them() -> None:
    """Chassis Control, Cold Reset, Reserve SEL, Get Message, Add SEL Entry, Write FRU Data, ..."""
    for number in (0x0002, 0x0602, 0x0A42, 0x0633, 0x0A44, 0x0A12, 0x0430):
        assert number not in HARMLESS
