"""System Info parameters: strings in blocks (Table 22-16c)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.commands.parameters.system_info import (
    StringEncoding,
    SystemInfoParameter,
    join,
    split,
)
from baseboard.errors import DecodeError, EncodeError
from tests.commands.parameters.tables import hold


def test_every_row_of_the_table_has_its_class() -> None:
    hold(SystemInfoParameter, "system_info_params", set(range(1, 8)))


def test_the_first_block_holds_14_characters() -> None:
    assert split(b"example-host-01") == [
        b"\x00\x0fexample-host-0",
        b"1".ljust(16, b"\0"),
    ]


def test_an_empty_string_is_one_block() -> None:
    assert split(b"", StringEncoding.UTF_8) == [b"\x01".ljust(16, b"\0")]


@given(st.binary(max_size=255), st.sampled_from(StringEncoding))
def test_what_is_split_is_joined(text: bytes, encoding: StringEncoding) -> None:
    blocks = split(text, encoding)
    assert all(len(block) == 16 for block in blocks)
    assert join(blocks) == (encoding, text)


def test_a_short_last_block_is_as_far_as_the_string_goes() -> None:
    assert join([b"\x00\x05ab"]) == (StringEncoding.ASCII_LATIN1, b"ab")


@pytest.mark.parametrize("blocks", [[], [b""], [b"\x00"]])
def test_a_string_needs_its_first_block(blocks: list[bytes]) -> None:
    with pytest.raises(DecodeError):
        join(blocks)


def test_a_string_has_at_most_255_bytes() -> None:
    with pytest.raises(EncodeError):
        split(bytes(256))
