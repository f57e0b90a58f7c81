"""The five text encodings, both ways."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import EncodeError
from baseboard.records.strings import (
    BCD_DIGITS,
    Encoding,
    Text,
    decode_text,
    encode_text,
    pack_bcd_plus,
    pack_six_bit,
    unpack_bcd_plus,
    unpack_six_bit,
)
from tests.records.vectors import vectors

SIX_BIT_CHARACTERS = "".join(map(chr, range(0x20, 0x60)))


@vectors("strings", "six_")
def test_packed_six_bit_ascii(raw: bytes, decoded: dict[str, Any]) -> None:
    assert unpack_six_bit(raw) == decoded["text"]
    assert pack_six_bit(decoded["text"]) == raw
    assert Text.stored(raw, Encoding.SIX_BIT) == decoded["text"]


@vectors("strings", "bcd_")
def test_bcd_plus(raw: bytes, decoded: dict[str, Any]) -> None:
    assert unpack_bcd_plus(raw) == decoded["text"]
    assert pack_bcd_plus(decoded["text"]) == raw
    assert Text.stored(raw, Encoding.BCD_PLUS) == decoded["text"]


def test_six_bit_ascii_of_three_characters_reads_back_with_a_blank() -> None:
    assert pack_six_bit("YYY") == bytes.fromhex("799E03")
    assert unpack_six_bit(pack_six_bit("YYY")) == "YYY "


def test_an_odd_bcd_digit_is_followed_by_a_blank() -> None:
    assert pack_bcd_plus("123") == bytes.fromhex("123A")
    assert unpack_bcd_plus(bytes.fromhex("123A")) == "123 "


def test_latin_1_and_unicode_and_binary() -> None:
    assert Text("Fan größe").raw == b"Fan gr\xf6\xdfe"
    assert Text("日本", Encoding.UNICODE).raw == bytes.fromhex("E5652C67")
    assert Text.stored(bytes.fromhex("E5652C67"), Encoding.UNICODE) == "日本"
    assert Text.stored(b"\x01\xab", Encoding.BINARY) == "01AB"
    assert Text("01 ab", Encoding.BINARY).raw == b"\x01\xab"


def test_a_lone_eight_bit_character_gets_a_nul_that_is_no_part_of_the_text() -> None:
    text = Text("7")
    assert text.raw == b"7\0"
    assert text == "7"
    assert Text.stored(b"7\0", Encoding.LATIN_1) == "7"


def test_half_a_unicode_character_and_a_lone_surrogate_are_survived() -> None:
    assert decode_text(bytes.fromhex("410042"), Encoding.UNICODE) == "A"
    assert decode_text(bytes.fromhex("00D84100"), Encoding.UNICODE) == "\N{REPLACEMENT CHARACTER}A"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("é", Encoding.SIX_BIT),
        ("a", Encoding.SIX_BIT),
        ("\x1f", Encoding.SIX_BIT),
        ("1A", Encoding.BCD_PLUS),
        ("日", Encoding.LATIN_1),
        ("\ud800", Encoding.UNICODE),
        ("xyz", Encoding.BINARY),
    ],
)
def test_what_has_no_code_is_refused(text: str, encoding: Encoding) -> None:
    with pytest.raises(EncodeError, match=encoding.value.replace("+", r"\+")):
        encode_text(text, encoding)


@given(st.binary(max_size=70), st.sampled_from(Encoding))
def test_any_bytes_are_a_text_that_keeps_them(raw: bytes, encoding: Encoding) -> None:
    text = Text.stored(raw, encoding)
    assert text.raw == raw
    assert text.encoding is encoding
    assert text == decode_text(raw, encoding)


ALPHABETS = {
    Encoding.BINARY: st.binary().map(lambda raw: raw.hex().upper()),
    Encoding.BCD_PLUS: st.text(BCD_DIGITS).filter(lambda text: len(text) % 2 == 0),
    Encoding.SIX_BIT: st.text(SIX_BIT_CHARACTERS).filter(lambda text: len(text) % 4 != 3),
    Encoding.LATIN_1: st.text(st.characters(max_codepoint=0xFF)),
    Encoding.UNICODE: st.text(st.characters(exclude_categories=["Cs"])),
}


@pytest.mark.parametrize("encoding", Encoding)
@given(data=st.data())
def test_a_text_reads_back(encoding: Encoding, data: st.DataObject) -> None:
    text = data.draw(ALPHABETS[encoding])
    assert decode_text(encode_text(text, encoding), encoding) == text.rstrip("\0")


def test_a_text_can_be_copied() -> None:
    text = Text.stored(b"\x64\xc9\xb2", Encoding.SIX_BIT)
    again = copy.deepcopy(text)
    assert (again, again.encoding, again.raw) == ("DELL", Encoding.SIX_BIT, text.raw)
