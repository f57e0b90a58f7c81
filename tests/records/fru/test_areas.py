"""Chassis, board and product info areas."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import ChassisType, FruLanguage
from baseboard.errors import EncodeError
from baseboard.records.fru.areas import (
    BoardArea,
    ChassisArea,
    InfoArea,
    Minutes,
    Problem,
    ProductArea,
)
from baseboard.records.fru.fields import checksum
from baseboard.records.strings import Encoding, Text
from tests.records.fru.images import WHOLE, image
from tests.records.vectors import vector

KINDS: tuple[type[InfoArea], ...] = (ChassisArea, BoardArea, ProductArea)
# what the vectors call the fields
NAMES: dict[type[InfoArea], dict[str, str]] = {
    BoardArea: {
        "manufacturer": "manufacturer",
        "product": "product_name",
        "serial": "serial_number",
        "part": "part_number",
        "fru_file": "fru_file_id",
    },
    ProductArea: {
        "manufacturer": "manufacturer",
        "name": "product_name",
        "part": "part_number",
        "version": "version",
        "serial": "serial_number",
        "asset": "asset_tag",
        "fru_file": "fru_file_id",
    },
}


def head_of(text: str) -> int:
    """The type/length byte that a text was read with."""
    assert isinstance(text, Text)
    kinds = (Encoding.BINARY, Encoding.BCD_PLUS, Encoding.SIX_BIT, Encoding.LATIN_1)
    return kinds.index(text.encoding) << 6 | len(text.raw)


def whole(raw: bytes) -> bytes:
    """An area with its length byte and its checksum set right."""
    data = bytearray(raw)
    data[1] = len(data) // 8
    data[-1] = checksum(data[:-1])
    return bytes(data)


def compare(area: InfoArea | None, decoded: dict[str, Any]) -> None:
    assert isinstance(area, BoardArea | ProductArea)
    for key, name in NAMES[type(area)].items():
        text = getattr(area, name)
        assert (text, head_of(text)) == (decoded[key]["value"], int(decoded[key]["tl"], 16))
    if "custom1" in decoded:
        assert area.custom == (decoded["custom1"]["value"],)
    else:
        assert area.custom == ()
    assert area.language == decoded.get("language", 0)
    if isinstance(area, BoardArea):
        mfg = decoded.get("mfg")
        assert area.manufactured == (datetime.fromisoformat(mfg).replace(tzinfo=UTC) if mfg else None)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("kind", [BoardArea, ProductArea])
def test_areas_of_real_devices(name: str, kind: type[InfoArea]) -> None:
    raw, decoded = image(name)
    expected = decoded[kind.NAME]
    start, length = expected["offset"], expected["length"]
    area, problems = kind.read(raw, start)
    compare(area, expected)
    assert area is not None
    assert area.stored == raw[start : start + length]
    assert area.encode() == area.stored
    assert [problem.offset for problem in problems] == [] if expected["checksum_ok"] else [start + length - 1]
    # What we would have written is the same up to the end mark; what this maker leaves behind it is not ours.
    made = dataclasses.replace(area, stored=None).encode(length)
    end = expected["end_at"] + 1
    assert made[:end] == area.stored[:end]
    assert made[end - 1] == 0xC1
    assert sum(made) & 0xFF == 0


def test_a_board_with_every_encoding_of_its_maker() -> None:
    raw, decoded = vector("fru", "dell_r515_board")
    area, problems = BoardArea.read(raw)
    assert problems == []
    compare(area, decoded)
    assert area is not None
    assert len(raw) == decoded["length"]
    assert raw[decoded["end_at"]] == 0xC1
    assert dataclasses.replace(area, stored=None).encode() == raw


def test_the_board_that_only_a_summary_tells_of() -> None:
    _, decoded = vector("fru", "vadatech_utc017_summary")
    for kind in (BoardArea, ProductArea):
        expected = decoded[kind.NAME]
        texts = {name: expected[key]["value"] for key, name in NAMES[kind].items()}
        custom = (expected["custom1"]["value"],) if "custom1" in expected else ()
        made = kind(custom=custom, **texts)
        raw = made.encode(expected["length"])
        assert (len(raw), raw.index(0xC1)) == (expected["length"], expected["end_at"])
        compare(kind.read(raw)[0], expected)


def test_areas_made_anew() -> None:
    chassis = ChassisArea(part_number="P1", serial_number="S1", custom=("one",))
    assert chassis.encode() == bytes.fromhex("01 02 17 C25031 C25331 C36F6E65 C1 00 97")
    board = BoardArea(
        manufactured=datetime(1996, 1, 1, 1, 2, tzinfo=UTC), manufacturer="ACME", language=FruLanguage.ENGLISH
    )
    assert board.encode()[:-1] == bytes.fromhex("01 03 00 3E0000 C441434D45 C0C0C0C0 C1") + bytes(7)
    assert len(ProductArea().encode()) == 16
    assert ProductArea().encode(64)[1] == 8


def test_other_languages_write_unicode_but_for_numbers() -> None:
    area = BoardArea(
        language=FruLanguage.JAPANESE,
        manufacturer="日本",
        serial_number="S1",
        fru_file_id="F1",
        custom=("é",),
    )
    again, problems = BoardArea.read(area.encode())
    assert again == area
    assert problems == []
    assert again is not None
    assert bytes.fromhex("C4E5652C67") in area.encode()
    assert b"\xc2S1" in area.encode()
    assert b"\xc2\xe9\0" in area.encode()
    english, _ = ProductArea.read(ProductArea(fru_file_id="F1", language=FruLanguage.GERMAN).encode())
    assert english is not None
    assert english.fru_file_id == "F1"


def test_an_edit_keeps_the_encodings_of_the_others() -> None:
    raw, _ = vector("fru", "dell_r515_board")
    area, _ = BoardArea.read(raw)
    assert area is not None
    edited = dataclasses.replace(area, serial_number="CN717033AI0059")
    place = raw.index(b"AI0058") + 5
    assert edited.encode() == raw[:place] + b"9" + raw[place + 1 : 71] + bytes((raw[71] - 1,))
    assert dataclasses.replace(area, manufacturer=Text("DELL")).encode() != raw
    assert dataclasses.replace(area, stored=bytes(8)).encode() == raw


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(EncodeError, match="2056 bytes"):
        ChassisArea(custom=("x" * 63,) * 32).encode()
    with pytest.raises(EncodeError):
        ChassisArea(part_number="日").encode()


FULL = ChassisArea(part_number="PN", serial_number="SN", custom=("C1",)).encode()


@pytest.mark.parametrize(
    ("raw", "offset", "text"),
    [
        (FULL, 16, "begins beyond the 16 bytes of the device"),
        (b"\x02" + FULL[1:], 0, "format version 2 is unknown"),
        (b"\xff" * 64, 0, "format version 15 is unknown"),
        (b"\x01\x01", 0, "begins beyond the 2 bytes of the device"),
    ],
)
def test_areas_that_make_no_sense(raw: bytes, offset: int, text: str) -> None:
    area, problems = ChassisArea.read(raw, offset)
    assert area is None
    assert problems == [Problem("chassis", offset, text)]
    assert str(problems[0]) == f"chassis area, byte {offset}: {text}"


@pytest.mark.parametrize(
    ("raw", "texts", "offsets"),
    [
        (FULL, ("PN", "SN", "C1"), []),
        (FULL[:-1] + b"\0", ("PN", "SN", "C1"), [15]),  # the checksum is wrong
        (whole(b"\x00" + FULL[1:]), ("PN", "SN", "C1"), [0]),  # version 0
        (FULL[:1] + b"\0" + FULL[2:], ("PN", "SN", "C1"), [1]),  # length 0
        (FULL[:1] + b"\x09" + FULL[2:], ("PN", "SN", "C1"), [1]),  # it is longer than the device
        (FULL[:13], ("PN", "SN", "C1"), [1]),
        (FULL[:8], ("PN", "S"), [1, 7, 6]),  # cut off in the middle of a field
        (FULL[:6], ("PN", ""), [1, 5, 5]),  # ... and before one
        (whole(b"\x01\x02\x17\xc2PN\xc2SN" + bytes(7)), ("PN", "SN"), [15]),  # no end mark, 00h
        (whole(b"\x01\x02\x17\xc2PN\xc2SN\xc2C1" + b"\xc0" * 3 + b"\0"), ("PN", "SN", "C1"), [15]),  # ... C0h
        (whole(b"\x01\x01\x17\xc1" + bytes(4)), ("", ""), [7]),  # the end mark comes too early
        (whole(b"\x01\x01\x17\xc2PN\xc9S"[:7] + b"\0"), ("PN", ""), [7, 6]),
    ],
)
def test_damaged_areas_are_read_as_far_as_they_go(
    raw: bytes, texts: tuple[str, ...], offsets: list[int]
) -> None:
    area, problems = ChassisArea.read(raw)
    assert area is not None
    assert (area.part_number, area.serial_number, *area.custom) == texts
    assert [problem.offset for problem in problems] == offsets
    assert area.stored is not None
    assert area.encode() == area.stored
    assert raw.startswith(area.stored)
    again, problems = ChassisArea.read(dataclasses.replace(area, stored=None).encode())
    assert (again, problems) == (area, [])


def test_dates_of_manufacture() -> None:
    codec = Minutes()
    assert codec.decode(0) is None
    assert codec.encode(None) == 0
    assert codec.decode(13170447) == datetime(2021, 1, 15, 3, 27, tzinfo=UTC)
    assert codec.encode(datetime(2021, 1, 15, 3, 27, 59)) == 13170447
    assert codec.encode(datetime(2021, 1, 15, 5, 27, tzinfo=timezone(timedelta(hours=2)))) == 13170447
    assert codec.encode(datetime(2027, 11, 24, 20, 15, tzinfo=UTC)) == 0xFFFFFF
    for never in (datetime(1995, 12, 31, tzinfo=UTC), datetime(2027, 11, 25, tzinfo=UTC)):
        with pytest.raises(EncodeError, match="date of manufacture"):
            BoardArea(manufactured=never).encode()


TEXTS = st.text(st.characters(max_codepoint=0xFF, exclude_characters="\0"), max_size=20)
DATES = st.none() | st.integers(1, 0xFFFFFF).map(Minutes().decode)


@st.composite
def areas(draw: st.DrawFn) -> InfoArea:
    kind = draw(st.sampled_from(KINDS))
    values: dict[str, Any] = {name: draw(TEXTS) for name in kind.FIELDS}
    values["custom"] = tuple(draw(st.lists(TEXTS, max_size=4)))
    if kind is ChassisArea:
        values["chassis_type"] = ChassisType(draw(st.integers(0, 255)))
    else:
        values["language"] = FruLanguage(draw(st.integers(0, 255)))
    if kind is BoardArea:
        values["manufactured"] = draw(DATES)
    return kind(**values)


@given(areas(), st.integers(0, 30))
def test_an_area_reads_back(area: InfoArea, blocks: int) -> None:
    raw = area.encode(8 * blocks)
    assert len(raw) % 8 == 0
    assert len(raw) >= 8 * blocks
    assert sum(raw) & 0xFF == 0
    assert area.read(raw) == (area, [])


@given(st.sampled_from(KINDS), st.binary(max_size=120), st.booleans())
def test_any_bytes_are_an_area_or_none(kind: type[InfoArea], raw: bytes, versioned: bool) -> None:
    data = b"\x01" + raw[1:] if versioned and raw else raw
    area, problems = kind.read(data)
    if area is None:
        assert problems
    else:
        assert area.stored is not None
        assert data.startswith(area.stored)
        assert area.encode() == area.stored
