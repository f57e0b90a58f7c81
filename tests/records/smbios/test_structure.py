"""Structures: header, area, strings, and what nobody knows."""

from __future__ import annotations

from typing import cast
from uuid import UUID

import pytest

from baseboard.errors import EncodeError
from baseboard.records.smbios.machine import SystemInformation
from baseboard.records.smbios.structure import HEADER_SIZE, Body, Structure, StructureHeader, decoded, find
from baseboard.wire import Unknown

GUID = UUID("00112233-4455-6677-8899-aabbccddeeff")


def a_system(**texts: str) -> Structure:
    return Structure.of(0x100, SystemInformation(uuid=GUID), **texts)


def test_a_structure_is_header_area_and_strings() -> None:
    made = a_system(manufacturer="Acme", product_name="Server", family="Acme")
    assert (
        made.encode()
        == bytes.fromhex("01 1B 0001 01 02 00 00 33221100 5544 7766 8899AABBCCDDEEFF 02 00 01")
        + b"Acme\0Server\0\0"
    )
    assert (made.type, made.length, made.strings) == (1, 27, (b"Acme", b"Server"))
    header = StructureHeader.decode(made.encode()[:HEADER_SIZE])
    assert (header.structure_type, header.length, header.handle) == (1, 27, 0x100)


def test_a_structure_without_strings_ends_with_two_nuls() -> None:
    assert Structure(200, 7, b"\xaa").encode() == b"\xc8\x05\x07\x00\xaa\0\0"


def test_texts_are_found_by_the_names_of_their_fields() -> None:
    made = a_system(manufacturer=" Acme ", product_name="", serial_number="7")
    assert (made.text("manufacturer"), made.text("product_name"), made.text("serial_number")) == (
        "Acme",
        "",
        "7",
    )
    assert dict(made.texts())["serial_number"] == "7"
    assert made.text("uuid") == made.text("nothing") == ""
    assert made.change(version=9).text("version") == ""  # there are no nine strings
    assert list(Structure(200, 7, b"").texts()) == []


def test_a_text_is_utf_8_or_what_older_firmware_writes() -> None:
    assert decoded("Größe ".encode()) == "Größe"
    assert decoded(b"Gr\xf6\xdfe") == "Größe"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(EncodeError, match="uuid is no text"):
        a_system(uuid="7")
    with pytest.raises(EncodeError, match="ends at a NUL"):
        a_system(family="a\0b")


def test_unknown_types_and_short_areas_survive() -> None:
    assert Structure(200, 7, b"\xaa").body == Unknown(selector=200, raw=b"\xaa")
    assert Structure(1, 7, b"\x01").body == Unknown(selector=1, raw=b"\x01")
    with pytest.raises(EncodeError, match="type 200 and 5 bytes"):
        Structure(200, 7, b"\xaa").change(uuid=GUID)


def test_a_change_leaves_the_rest_as_it_is() -> None:
    made = Structure(1, 7, a_system(family="x").area + b"newer")
    changed = made.change(uuid=UUID(int=0))
    assert changed.area[:4] == made.area[:4]
    assert changed.area[-5:] == b"newer"
    assert cast("SystemInformation", changed.body).guid is None


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(EncodeError, match="300 strings in a structure of type 200"):
        Structure(200, 7, b"", (b"a",) * 300).encode()
    with pytest.raises(EncodeError):
        Structure(200, 7, bytes(252)).encode()
    with pytest.raises(EncodeError, match="SystemInformation: 263 bytes, 251 fit"):
        Structure.of(7, SystemInformation(rest=bytes(240)))


def test_structures_are_found_by_their_class() -> None:
    table = (Structure(200, 1, b""), Structure(1, 2, b"\1"), a_system(family="x"))
    assert [structure for structure, body in find(table, SystemInformation)] == [table[2]]
    assert all(issubclass(kind, Body) for kind in Body.members().values())
