"""Type/length fields."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import EncodeError
from baseboard.records.fru.fields import END, checksum, read_fields, write_field
from baseboard.records.strings import Encoding, Text


def always(english: bool) -> Iterator[bool]:
    return itertools.repeat(english)


def test_checksums() -> None:
    assert checksum(b"") == 0
    assert checksum(bytes.fromhex("01 00 00 01 09 00 00")) == 0xF5
    assert checksum(bytearray(b"\xff")) == 1


@pytest.mark.parametrize(
    ("raw", "english", "encoding", "text"),
    [
        ("83 64C9B2", True, Encoding.SIX_BIT, "DELL"),
        ("41 03", True, Encoding.BCD_PLUS, "03"),
        ("02 01AB", True, Encoding.BINARY, "01AB"),
        ("C3 414243", True, Encoding.LATIN_1, "ABC"),
        ("C4 E5652C67", False, Encoding.UNICODE, "日本"),
        ("83 64C9B2", False, Encoding.SIX_BIT, "DELL"),
        ("C0", True, Encoding.LATIN_1, ""),
        ("80", True, Encoding.SIX_BIT, ""),
    ],
)
def test_fields_both_ways(raw: str, english: bool, encoding: Encoding, text: str) -> None:
    data = bytes.fromhex(raw)
    fields, end = read_fields(data + bytes((END,)), 0, always(english))
    assert end == len(data)
    ((found, offset, missing),) = fields
    assert (found, found.encoding, offset, missing) == (text, encoding, 0, 0)
    assert write_field(found, english=english) == data


def test_fields_without_an_end_and_beyond_it() -> None:
    fields, end = read_fields(bytes.fromhex("FF C24142 C54142"), 1, always(True))
    assert end is None
    assert [(field.text, field.offset, field.missing) for field in fields] == [("AB", 1, 0), ("AB", 4, 3)]


def test_a_string_is_written_as_the_language_asks() -> None:
    assert write_field("Fan", english=True) == b"\xc3Fan"
    assert write_field("日本", english=False) == bytes.fromhex("C4E5652C67")
    assert write_field(Text("Fan"), english=False) == bytes.fromhex("C6460061006E00")
    assert write_field(Text("Fan", Encoding.UNICODE), english=True) == b"\xc3Fan"
    assert write_field("", english=False) == b"\xc0"


def test_a_lone_character_never_looks_like_the_end() -> None:
    assert write_field("7", english=True) == b"\xc27\0"
    assert write_field(Text.stored(b"7", Encoding.LATIN_1), english=True) == b"\xc27\0"
    assert write_field(Text.stored(b"7", Encoding.UNICODE), english=False) == b"\xc0"
    assert write_field("7", english=False) == b"\xc27\0"


@pytest.mark.parametrize(("text", "english"), [("x" * 64, True), ("x" * 32, False), ("日", True)])
def test_what_does_not_fit_is_refused(text: str, english: bool) -> None:
    with pytest.raises(EncodeError):
        write_field(text, english=english)


@given(st.binary(max_size=63), st.sampled_from([*Encoding]))
def test_any_stored_text_is_written_as_it_is(raw: bytes, encoding: Encoding) -> None:
    english = encoding is not Encoding.UNICODE
    written = write_field(Text.stored(raw, encoding), english=english)
    if len(raw) == 1 and encoding in (Encoding.LATIN_1, Encoding.UNICODE):
        assert written != bytes((END, *raw))
    else:
        assert written[1:] == raw
        ((found, _, _),), _ = read_fields(written, 0, always(english))
        assert (found.raw, found.encoding) == (raw, encoding)


@given(st.binary(max_size=90), st.booleans())
def test_any_bytes_have_fields(data: bytes, english: bool) -> None:
    fields, end = read_fields(data, 0, always(english))
    stop = len(data) if end is None else end
    assert sum(1 + len(field.text.raw) for field in fields) == stop
    assert end is None or data[end] == END
