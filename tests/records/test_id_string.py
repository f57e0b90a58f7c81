"""ID strings of sensor data records."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import EncodeError
from baseboard.records.id_string import ID_STRING, IdString
from baseboard.records.strings import Encoding, Text


@pytest.mark.parametrize(
    ("tail", "encoding", "text"),
    [
        ("CA 41323A5663632031325 6", Encoding.LATIN_1, "A2:Vcc 12V"),
        ("C2 4100", Encoding.LATIN_1, "A"),
        ("C0", Encoding.LATIN_1, ""),
        ("", Encoding.LATIN_1, ""),
        ("83 29DCA6", Encoding.SIX_BIT, "IPMI"),
        ("44 22B56DAB", Encoding.BCD_PLUS, "22-56: -"),
        ("04 E5652C67", Encoding.UNICODE, "日本"),
        # the length counts characters, as OpenIPMI and some boards have it
        ("89 180174C7CEDB3F", Encoding.SIX_BIT, "8$ ='[\\V_"),
        ("86 67F9CA6709", Encoding.SIX_BIT, "GEORGE"),
        ("45 2235A0", Encoding.BCD_PLUS, "2235 "),
        # it promises too much however one counts
        ("CA 4132", Encoding.LATIN_1, "A2"),
        ("9F 29DCA6", Encoding.SIX_BIT, "IPMI"),
        ("C3 414243FF", Encoding.LATIN_1, "ABC"),
    ],
)
def test_tails(tail: str, encoding: Encoding, text: str) -> None:
    raw = bytes.fromhex(tail.replace(" ", ""))
    found = IdString.read(raw)
    assert (found, found.encoding, found.tail) == (text, encoding, raw)
    assert IdString.write(found) == raw


def test_what_a_program_writes() -> None:
    assert IdString.write("Fan 1") == b"\xc5Fan 1"
    assert IdString.write("") == b"\xc0"
    assert IdString.write("A") == b"\xc2A\0"
    assert IdString.write("x" * 16) == b"\xd0" + b"x" * 16
    assert IdString.write(Text("IPMI", Encoding.SIX_BIT)) == bytes.fromhex("8329DCA6")
    assert ID_STRING.encode(ID_STRING.decode(b"\xc2Ab")) == b"\xc2Ab"


@pytest.mark.parametrize("text", ["x" * 17, "日", Text("00", Encoding.BINARY)])
def test_what_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(EncodeError):
        IdString.write(text)


@given(st.binary(max_size=40))
def test_any_tail_is_kept(tail: bytes) -> None:
    assert IdString.write(IdString.read(tail)) == tail


@given(st.text(st.characters(max_codepoint=0xFF, exclude_characters="\0"), max_size=16))
def test_any_name_reads_back(name: str) -> None:
    assert IdString.read(IdString.write(name)) == name


def test_it_can_be_copied() -> None:
    name = IdString.read(bytes.fromhex("89180174C7CEDB3F"))
    again = copy.deepcopy(name)
    assert (again, again.tail, again.raw) == (name, name.tail, name.raw)
