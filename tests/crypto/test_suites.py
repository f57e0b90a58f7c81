"""Cipher suite numbers, and the lists that BMCs give of them."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.crypto.suites import (
    SUITES,
    SuiteRecord,
    list_algorithms,
    list_by_suite,
    read_records,
    suite_for,
)
from tests.session_vectors import DATA, octets, vectors


def test_table_22_19() -> None:
    assert {str(number): list(suite[1:]) for number, suite in SUITES.items()} == DATA["cipher_suites"]
    assert all(suite.id == number for number, suite in SUITES.items())


@pytest.mark.parametrize("number", range(20))
def test_suite_for_three_algorithms(number: int) -> None:
    suite = SUITES[number]
    assert suite_for(suite.authentication, suite.integrity, suite.confidentiality) is suite


def test_no_suite_combines_them() -> None:
    assert suite_for(0, 1, 1) is None
    assert suite_for(3, 1, 1) is None


@vectors("cipher_suite_records")
def test_records_of_a_real_controller(given: dict[str, Any], expected: dict[str, Any]) -> None:
    data = b"".join(octets(chunk) for chunk in given["chunks"])
    assert [
        {
            "id": record.id,
            "auth": list(record.authentication),
            "integrity": list(record.integrity),
            "confidentiality": list(record.confidentiality),
        }
        for record in read_records(data)
    ] == expected["suites"]
    assert list_by_suite(SUITES[suite["id"]] for suite in expected["suites"]) == data


def test_algorithms_without_suites_are_listed_once_each() -> None:
    data = list_algorithms([SUITES[3], SUITES[17], SUITES[0]])
    assert data == bytes.fromhex("00 01 03 40 41 44 80 81")
    assert read_records(data) == [SuiteRecord(None, None, (0, 1, 3), (0, 1, 4), (0, 1))]


def test_bare_algorithms_before_records() -> None:
    assert read_records(bytes.fromhex("034481 c003014181")) == [
        SuiteRecord(None, None, (3,), (4,), (1,)),
        SuiteRecord(3, None, (1,), (1,), (1,)),
    ]


def test_oem_record_with_a_number_that_looks_like_a_start() -> None:
    assert read_records(bytes.fromhex("c180 c11b00 304181 c011034481")) == [
        SuiteRecord(0x80, 0x001BC1, (0x30,), (1,), (1,)),
        SuiteRecord(17, None, (3,), (4,), (1,)),
    ]


@pytest.mark.parametrize("cut", [b"", b"\xc0", b"\xc0\x03", b"\xc1\x80\xf2\x1b"])
def test_a_record_cut_off_at_the_end_is_left_out(cut: bytes) -> None:
    whole = bytes.fromhex("c003014181")
    assert read_records(whole + cut) == [SuiteRecord(3, None, (1,), (1,), (1,))]
    assert read_records(cut) == []
