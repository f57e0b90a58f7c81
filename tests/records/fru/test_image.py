"""Whole FRU inventories: read, built, edited."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.codes import ChassisType
from baseboard.errors import EncodeError, TruncatedError
from baseboard.records.fru import (
    BoardArea,
    ChassisArea,
    CommonHeader,
    Fru,
    ManagementAccess,
    PowerSupply,
    Problem,
    ProductArea,
    build_fru,
    checksum,
    read_fru,
)
from baseboard.records.fru.relations import AccessType
from tests.records.fru.images import INTERNAL, KONTRON, WHOLE, image
from tests.records.fru.test_areas import areas
from tests.records.fru.test_multirecord import RECORDS
from tests.records.vectors import vector

CHASSIS = ChassisArea(part_number="CPN", serial_number="CSN")
BOARD = BoardArea(manufacturer="ACME", product_name="B1", serial_number="0001")
PRODUCT = ProductArea(manufacturer="ACME", product_name="Server", asset_tag="A-17")
ACCESS = ManagementAccess(access_type=AccessType.SYSTEM_URL, value=b"ipmi://bmc")
PRIVATE = b"\x01private"


def full(size: int | None = None) -> bytes:
    return build_fru(
        internal=PRIVATE, chassis=CHASSIS, board=BOARD, product=PRODUCT, multirecords=[ACCESS], size=size
    )


def with_header(raw: bytes, **offsets: int) -> bytes:
    """An image with other offsets in its header."""
    head = CommonHeader.decode(raw).replace(**offsets).encode()
    return head[:-1] + bytes((checksum(head[:-1]),)) + raw[8:]


@pytest.mark.parametrize("name", WHOLE)
def test_images_of_real_devices(name: str) -> None:
    raw, decoded = image(name)
    fru = read_fru(raw)
    assert raw[:8] == bytes.fromhex(decoded["header"])
    assert (sum(raw[:8]) & 0xFF == 0) == decoded["header_ok"]
    assert fru.chassis is None
    assert fru.board is not None
    assert fru.board.manufacturer == decoded["board"]["manufacturer"]["value"]
    assert fru.product is not None
    assert fru.product.serial_number == decoded["product"]["serial"]["value"]
    assert len(fru.multirecords) == len(decoded.get("multi", ()))
    assert fru.internal == (INTERNAL if name == KONTRON else None)
    wrong = [
        Problem(
            "board", decoded["board"]["offset"] + decoded["board"]["length"] - 1, "checksum is 1Bh, not 32h"
        )
    ]
    assert fru.problems == (() if decoded["board"]["checksum_ok"] else tuple(wrong))
    assert fru.encode() == raw


def test_the_header_of_the_image_that_only_a_summary_tells_of() -> None:
    raw, decoded = vector("fru", "vadatech_utc017_summary")
    header = CommonHeader.decode(raw)
    assert (header.board, header.product) == (
        decoded["board"]["offset"] // 8,
        decoded["product"]["offset"] // 8,
    )
    assert (header.internal, header.chassis, header.multirecord) == (0, 0, 0x21)
    assert sum(raw) & 0xFF == 0
    assert header.encode() == raw


def test_an_image_made_anew() -> None:
    raw = full()
    header = CommonHeader.decode(raw)
    assert (header.internal, header.chassis, header.board, header.product) == (1, 2, 4, 7)
    assert len(raw) % 8 == 0
    assert sum(raw[:8]) & 0xFF == 0
    assert read_fru(raw) == Fru(
        internal=PRIVATE, chassis=CHASSIS, board=BOARD, product=PRODUCT, multirecords=(ACCESS,)
    )
    assert read_fru(raw).problems == ()
    assert full(512)[: len(raw)] == raw
    assert full(512)[len(raw) :] == bytes(512 - len(raw))
    assert build_fru() == bytes.fromhex("01 000000000000 FF")


def test_an_image_of_one_area_each() -> None:
    assert read_fru(build_fru(chassis=CHASSIS)).chassis == CHASSIS
    assert read_fru(build_fru(internal=PRIVATE)).internal == PRIVATE
    assert read_fru(build_fru(multirecords=[PowerSupply(capacity=1)])).multirecords == (
        PowerSupply(capacity=1),
    )


def test_a_device_that_is_too_small_is_refused() -> None:
    with pytest.raises(EncodeError, match="the device has 64"):
        full(64)
    with pytest.raises(EncodeError):
        build_fru(internal=bytes(2048), board=BOARD)  # the board would begin beyond what a header can say


def test_an_edit_that_fits_changes_its_area_only() -> None:
    raw = full(256)
    edited = read_fru(raw).edit("board", serial_number="0002").encode()
    start = CommonHeader.decode(raw).board * 8
    changed = [place for place in range(256) if raw[place] != edited[place]]
    assert changed == [start + raw[start:].index(b"0001") + 3, start + raw[start + 1] * 8 - 1]
    assert read_fru(edited).board == dataclasses.replace(BOARD, serial_number="0002")


def test_an_edit_that_grows_moves_what_follows() -> None:
    raw = full(256)
    fru = read_fru(raw).edit("board", custom=("x" * 40,))
    edited = fru.encode()
    before, after = CommonHeader.decode(raw), CommonHeader.decode(edited)
    assert (after.internal, after.chassis, after.board) == (before.internal, before.chassis, before.board)
    assert after.product > before.product
    assert after.multirecord > before.multirecord
    assert read_fru(edited) == fru
    assert read_fru(edited).problems == ()
    assert len(edited) == 256
    small = len(full())
    with pytest.raises(EncodeError, match=f"the device has {small}"):
        read_fru(full()).edit("board", custom=("x" * 40,)).encode()
    assert read_fru(read_fru(full()).edit("board", custom=("x" * 40,)).encode(256)) == fru


def test_an_area_that_was_not_there_comes_after_the_others() -> None:
    raw = build_fru(board=BOARD, size=256)
    edited = read_fru(raw).edit("chassis", serial_number="S").encode()
    header = CommonHeader.decode(edited)
    assert header.chassis > header.board == 1
    assert edited[8:16] == raw[8:16]
    again = read_fru(edited)
    assert again.chassis == ChassisArea(serial_number="S")
    assert again.problems == ()


def test_areas_and_records_can_be_removed() -> None:
    fru = dataclasses.replace(read_fru(full()), chassis=None, multirecords=(), internal=None)
    edited = fru.encode()
    header = CommonHeader.decode(edited)
    assert (header.chassis, header.multirecord, header.internal) == (0, 0, 0)
    assert read_fru(edited) == Fru(board=BOARD, product=PRODUCT)
    assert CHASSIS.encode() not in edited


def test_records_can_be_added_and_the_others_keep_their_bytes() -> None:
    odd = PowerSupply(capacity=750).encode()[:-7] + b"\xe0" + bytes(6) + b"more"
    raw = build_fru(board=BOARD, multirecords=[PowerSupply(capacity=1)], size=256)
    start = CommonHeader.decode(raw).multirecord * 8
    head = bytes((0, 0x82, len(odd), checksum(odd)))
    raw = raw[:start] + head + bytes((checksum(head),)) + odd + raw[start + 5 + len(odd) :]
    fru = read_fru(raw)
    edited = dataclasses.replace(fru, multirecords=(*fru.multirecords, ACCESS)).encode()
    assert edited[start + 5 : start + 5 + len(odd)] == odd
    assert read_fru(edited).multirecords == (*fru.multirecords, ACCESS)
    assert fru.encode() == raw


def test_the_internal_use_area_never_moves() -> None:
    raw, _ = image(KONTRON)
    grown = read_fru(raw.ljust(1024, b"\0")).edit("board", custom=("x" * 60,)).encode()
    assert grown[8:264] == INTERNAL
    assert read_fru(grown).problems == ()
    behind = with_header(build_fru(board=BOARD, size=256), internal=5)
    edited = read_fru(behind[:40] + PRIVATE + behind[48:]).edit("board", custom=("x" * 40,))
    with pytest.raises(EncodeError, match="needs"):
        edited.encode()  # it reaches up to the end of the device
    moved = edited.encode(512)
    assert moved[40:256] == PRIVATE + bytes(208)
    assert CommonHeader.decode(moved).board == 32
    assert read_fru(moved).board == edited.board


def test_the_internal_use_area_has_its_room() -> None:
    fru = read_fru(full())
    shorter = dataclasses.replace(fru, internal=b"\x01me").encode()
    assert read_fru(shorter).internal == b"\x01me" + PRIVATE[3:]
    with pytest.raises(EncodeError, match="internal use area"):
        dataclasses.replace(fru, internal=PRIVATE + b"more").encode()


def test_what_is_no_inventory_is_said_and_can_become_one() -> None:
    blank = b"\xff" * 128
    fru = read_fru(blank)
    assert fru == Fru()
    assert [str(problem) for problem in fru.problems] == [
        "header area, byte 0: format version is 15, not 1: no FRU inventory"
    ]
    assert fru.encode() == blank
    edited = fru.edit("product", product_name="Server").encode()
    assert read_fru(edited) == Fru(product=ProductArea(product_name="Server"))
    assert read_fru(edited).problems == ()
    assert edited[-8:] == b"\xff" * 8
    with pytest.raises(TruncatedError):
        read_fru(blank[:7])


def test_a_header_with_a_wrong_checksum_is_followed_all_the_same() -> None:
    raw = full()[:7] + b"\0" + full()[8:]
    fru = read_fru(raw)
    assert fru.board == BOARD
    assert fru.problems == (Problem("header", 7, f"checksum is 00h, not {full()[7]:02X}h"),)
    assert fru.edit("board", serial_number="0002").encode()[:8] == raw[:8]


def test_areas_beyond_the_device_stay_in_the_header() -> None:
    raw = with_header(build_fru(board=BOARD, size=128), internal=0x70, product=0x60, multirecord=0x50)
    fru = read_fru(raw)
    assert (fru.internal, fru.board, fru.product, fru.multirecords) == (None, BOARD, None, ())
    assert [problem.area for problem in fru.problems] == ["internal", "product", "multirecord"]
    assert fru.encode() == raw
    edited = fru.edit("board", serial_number="0002").encode()
    assert edited[:8] == raw[:8]
    assert read_fru(edited).board == dataclasses.replace(BOARD, serial_number="0002")


def test_an_area_that_cannot_be_read_stays_where_it_is() -> None:
    raw = full(256)
    start = CommonHeader.decode(raw).product * 8
    end = CommonHeader.decode(raw).multirecord * 8
    strange = raw[:start] + b"\x0e" + raw[start + 1 :]
    fru = read_fru(strange)
    assert fru.product is None
    edited = fru.edit("board", custom=("x" * 60,)).encode()
    assert edited[start:end] == strange[start:end]
    assert CommonHeader.decode(edited).product * 8 == start
    assert CommonHeader.decode(edited).board * 8 >= end
    assert read_fru(edited).board == dataclasses.replace(BOARD, custom=("x" * 60,))
    new = fru.edit("product", product_name="Server").encode()
    assert read_fru(new).product == ProductArea(product_name="Server")
    assert CommonHeader.decode(new).product * 8 == start


def test_fields_of_the_longest_areas_keep_their_room() -> None:
    area = BoardArea(custom=("x" * 63,) * 31, manufactured=datetime(2024, 2, 29, tzinfo=UTC))
    raw = build_fru(board=area)
    assert len(area.encode()) <= 2040
    fru = read_fru(raw).edit("board", custom=())
    assert len(fru.encode()) == len(raw)
    assert read_fru(fru.encode()).board == dataclasses.replace(area, custom=())


@st.composite
def inventories(draw: st.DrawFn) -> Fru:
    found = {area.NAME: area for area in draw(st.lists(areas(), max_size=3))}
    values: dict[str, Any] = dict(found)
    values["multirecords"] = tuple(draw(st.lists(RECORDS, max_size=3)))
    return Fru(**values)


@given(inventories())
def test_an_inventory_reads_back(fru: Fru) -> None:
    raw = fru.encode()
    again = read_fru(raw)
    assert again == fru
    assert again.problems == ()
    assert again.encode() == raw


@given(inventories(), st.sampled_from(["chassis", "board", "product"]), st.text("ABC", max_size=63))
def test_an_edit_changes_what_it_says(
    fru: Fru, area: Literal["chassis", "board", "product"], text: str
) -> None:
    before = read_fru(fru.encode(4096))
    expected = before.edit(area, serial_number=text)
    raw = expected.encode()
    again = read_fru(raw)
    assert len(raw) == 4096
    assert again == expected
    assert again.problems == ()


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_an_inventory_and_stay_as_they_are(raw: bytes, versioned: bool) -> None:
    data = b"\x01" + raw[1:] if versioned and raw else raw
    if len(data) < 8:
        with pytest.raises(TruncatedError):
            read_fru(data)
        return
    fru = read_fru(data)
    assert fru.encode() == data


@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(1, 5), st.integers(0, 20)), max_size=5))
def test_damaged_inventories_are_read_and_edited_without_surprise(
    noise: bytes, offsets: list[tuple[int, int]]
) -> None:
    raw = bytearray(full() + noise)
    for place, blocks in offsets:
        raw[place] = blocks
    fru = read_fru(bytes(raw))
    assert fru.encode() == bytes(raw)
    try:
        edited = fru.edit("board", serial_number="0002").encode()
    except EncodeError:
        return
    assert len(edited) == len(raw)
    board = read_fru(edited).board
    assert board is not None
    assert board.serial_number == "0002"


def test_a_chassis_has_a_type() -> None:
    fru = read_fru(build_fru(chassis=ChassisArea(chassis_type=ChassisType.BLADE)))
    assert fru.chassis is not None
    assert fru.chassis.chassis_type == ChassisType.BLADE
