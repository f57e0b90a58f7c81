"""Values and documents as JSON."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from typing import Any
from uuid import UUID

import pytest

from baseboard.cli.failures import Failure
from baseboard.cli.json_output import document, line, value
from baseboard.codes import CompletionCode, Privilege


class Bits(enum.IntFlag):
    ONE = 1
    FOUR = 4


@dataclass(frozen=True)
class Inner:
    data: bytes


@dataclass(frozen=True)
class Outer:
    name: str
    inner: tuple[Inner, ...]


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (1.5, 1.5),
        (float("nan"), None),
        ("text", "text"),
        (b"\x01\xff", "01ff"),
        (bytearray(b"\x02"), "02"),
        (Privilege.USER, "USER"),
        (Privilege(0xC), "0Ch"),
        (Bits.ONE | Bits.FOUR, ["ONE", "FOUR"]),
        (CompletionCode(0xC1, "no"), 0xC1),
        (datetime(2026, 11, 22, 6, 15, tzinfo=UTC), "2026-11-22T06:15:00+00:00"),
        (date(2026, 11, 22), "2026-11-22"),
        (timedelta(seconds=90), 90.0),
        (IPv4Address("192.0.2.1"), "192.0.2.1"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"a": b"\x01", 2: None}, {"a": "01", "2": None}),
        (frozenset({3}), [3]),
        (Outer("o", (Inner(b"\xaa"),)), {"name": "o", "inner": [{"data": "aa"}]}),
    ],
)
def test_a_value_has_its_form(found: object, shown: Any) -> None:
    assert value(found) == shown
    json.dumps(value(found))


def test_what_has_no_form_is_an_error() -> None:
    with pytest.raises(TypeError, match="object has no form"):
        value(object())


@pytest.mark.parametrize(
    ("results", "many", "result"),
    [([], False, None), ([1], False, 1), ([1, 2], False, [1, 2]), ([], True, []), ([1], True, [1])],
)
def test_the_result_is_a_list_for_verbs_that_list(results: list[object], many: bool, result: Any) -> None:
    assert document("h", "mc info", 0, results, [], many=many)["result"] == result


def test_a_document_says_what_went_wrong() -> None:
    made = document("h", "mc info", 4, [], [Failure(4, "LoginRefused", "no", "RAKP 2")], many=False)
    assert made == {
        "schema": "baseboard/1",
        "host": "h",
        "command": "mc info",
        "ok": False,
        "exit_code": 4,
        "result": None,
        "errors": [{"class": "LoginRefused", "cause": "no", "stage": "RAKP 2", "hint": None}],
    }


def test_a_document_is_a_line_whatever_is_in_it() -> None:
    assert line({"a": "\n\x1bé"}) == '{"a":"\\n\\u001bé"}\n'
