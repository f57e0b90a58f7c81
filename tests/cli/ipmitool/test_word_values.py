"""Words that are numbers, addresses or bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from baseboard.cli.ipmitool.word_values import (
    channel_number,
    fru_id,
    hexadecimal,
    integer,
    ipv4_address,
    mac_address,
    privilege_limit,
    raw,
    unsigned,
    user_id,
)
from tests.cli.ipmitool.scenes import Stage


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("0x10", 16),
        ("010", 8),
        ("", 0),
        ("08", None),
        ("7x", None),
        ("2147483648", None),
    ],
)
def test_numbers_are_read_as_c_reads_them(word: str, value: int | None) -> None:
    assert integer(word) == value


def test_a_number_without_sign_has_its_bits() -> None:
    assert unsigned("65535", 16) == 65535
    assert unsigned("65536", 16) is None
    assert unsigned("-1", 16) is None


@pytest.mark.parametrize(
    ("check", "good", "bad", "complaints"),
    [
        (channel_number, "0xe", "12", 2),
        (user_id, "63", "0", 2),
        (privilege_limit, "15", "6", 2),
        (fru_id, "255", "256", 1),
        (mac_address, "2:0:5E:10:0:1", "02:00:5e:10:00", 1),
        (ipv4_address, "192.0.2.1", "192.0.2.256", 1),
    ],
)
def test_what_is_wrong_is_told(check: Callable[..., Any], good: str, bad: str, complaints: int) -> None:
    stage = Stage({})
    assert check(stage.call, good) is not None
    assert stage.err == ""
    assert check(stage.call, bad) is None
    assert stage.err.count("\n") == complaints
    assert bad in stage.err


def test_addresses_are_bytes() -> None:
    stage = Stage({})
    assert mac_address(stage.call, "02:00:5e:10:00:01") == bytes.fromhex("02005e100001")
    assert ipv4_address(stage.call, "192.0.2.1 or so") == bytes((192, 0, 2, 1))


@pytest.mark.parametrize(
    ("word", "data"), [("0102", b"\x01\x02\0"), ("01020304", b"\x01\x02\x03"), ("010", None), ("0g", None)]
)
def test_hexadecimal_is_cut_or_filled(word: str, data: bytes | None) -> None:
    assert hexadecimal(word, 3) == data


def test_a_word_is_the_bytes_that_were_typed() -> None:
    assert raw("é") == "é".encode()
    assert raw("\udcff") == b"\xff"
