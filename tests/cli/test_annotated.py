"""Requests and responses in words."""

from __future__ import annotations

import pytest

from baseboard.cli.annotated import hexadecimal, request, response, text
from baseboard.wire import Line


def test_a_request_is_told_with_number_section_and_privilege() -> None:
    told = request(0x00, 0x02, b"\x01")
    assert told.title == "Chassis Control (Chassis 00h/02h), §28.3, privilege OPERATOR"
    assert [(line.field, line.value) for line in told.lines] == [("control", "POWER_UP (01h)")]
    assert request(0x06, 0x38, b"\x0e\x04").title.endswith("no session needed")


def test_a_response_begins_with_its_completion_code() -> None:
    told = response(0x01, 0x01, b"\x00\x21\x00\x40")
    assert told.title == "Get Chassis Status (Chassis 00h/01h), response"
    fields = {line.field: line.value for line in told.lines}
    assert fields["completion_code"] == "00h"
    assert fields["power_on"] == "yes"


def test_a_refusal_has_the_commands_own_words_or_the_generic_ones() -> None:
    (own,) = response(0x0D, 0x01, b"\x82").lines
    assert own.note == "parameter is read-only"
    (generic,) = response(0x01, 0x01, b"\xc1").lines
    assert "Invalid command" in generic.note
    code, rest = response(0x01, 0x01, b"\xc1\x01").lines
    assert (code.value, rest.note) == ("C1h", "the command was refused")


def test_what_is_not_declared_is_shown_as_it_is() -> None:
    told = request(0x2E, 0x55, b"\x01\x02")
    assert told.title.startswith("unknown command (")
    assert [line.raw for line in told.lines] == [b"\x01\x02"]
    assert request(0x2E, 0x55, b"").lines == []
    assert [line.raw for line in response(0x2F, 0x55, b"\x00\x01").lines] == [b"\x00", b"\x01"]
    assert response(0x2F, 0x55, b"").lines == []


def test_a_group_extension_names_its_group() -> None:
    told = request(0x2C, 0x3E, b"\x00\x01")
    assert told.lines[0].raw == b"\x00\x01"
    named = response(0x2D, 0x02, b"\x00\xdc\x01")
    assert named.lines[0].field == "completion_code"


@pytest.mark.parametrize(
    ("netfn", "cmd", "data"),
    [
        (0x06, 0x47, bytes.fromhex("0302") + b"hidden-from-all!"),
        (0x06, 0x47, bytes.fromhex("0302") + b"hidden"),
        (0x06, 0x56, b"\x01\x01\x01" + b"hidden-from-all-of-u"),
        (0x0C, 0x01, b"\x01\x10" + b"hidden-from-all!!!"),
        (0x0C, 0x01, b"\x01\xc0" + b"hidden"),
    ],
)
def test_a_secret_is_stars(netfn: int, cmd: int, data: bytes) -> None:
    told = request(netfn, cmd, data)
    shown = text(told.lines) + hexadecimal(told.lines, data)
    assert b"hidden".hex(" ") not in shown
    assert "hidden" not in shown
    assert "** ** **" in shown
    assert "***" in text(told.lines) or not any(line.field and line.secret for line in told.lines)


def test_its_owner_may_see_it() -> None:
    told = request(0x06, 0x47, bytes.fromhex("0302") + b"hidden-from-all!")
    assert b"hidden".hex(" ") in text(told.lines, hide=False)


def test_long_data_has_lines_of_eight_bytes_and_nothing_reaches_the_terminal_raw() -> None:
    shown = text(request(0x2E, 0x55, bytes(range(20))).lines)
    assert shown.splitlines()[0].startswith("  1:20  00 01 02 03 04 05 06 07")
    assert len(shown.splitlines()) == 3
    assert "\x1b" not in text(response(0x07, 0x46, b"\x00" + b"\x1b[31m".ljust(16, b"\0")).lines)
    assert text([]) == ""


def test_a_long_value_leaves_the_others_their_column_and_no_line_is_too_long() -> None:
    long = Line(3, 12, bytes(10), "states", "", ", ".join(f"state {number}" for number in range(20)), "why")
    short = Line(1, 2, bytes(2), "first", "", "1", "what the table says of it, at some length " * 3)
    shown = text([short, long, Line(13, 13, b"x", "last", "", "z" * 200, "")]).splitlines()
    assert max(map(len, shown)) <= 110
    assert shown[0].startswith("  1:2   00 00                    first = 1" + " " * 37 + "what the table")
    (row,) = (row for row in shown if row.endswith(" why"))
    assert row.index("why") == shown[0].index("what")
    assert "".join(shown).count("state 1") == 11
    assert sum(row.count("z") for row in shown) == 200
    fruits = response(0x05, 0x2D, bytes.fromhex("0050c0c0")).lines
    assert max(map(len, text(fruits).splitlines())) <= 110
