"""Asset tag and Management Controller Identifier String, piece by piece (DCMI 1.5, 6.4.2-6.4.6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import DcmiSpec, FruSpec
from baseboard.codes import FruLanguage
from baseboard.commands.groups.dcmi import (
    GetAssetTag,
    GetManagementControllerIdentifierString,
    SetAssetTag,
    SetManagementControllerIdentifierString,
)
from baseboard.records.fru import ProductArea, build_fru
from baseboard.records.strings import Encoding, Text
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.marks import exercises

TAG, SET_TAG, NAME, SET_NAME = 0x06, 0x08, 0x09, 0x0A


def bmc_with(*frus: FruSpec) -> Bench:
    return make_bmc(dcmi=DcmiSpec(), frus=frus)


def ask(bmc: Bench, cmd: int, *data: int) -> bytes:
    return bmc.raw(0x2C, cmd, bytes((0xDC, *data)))


def write(bmc: Bench, cmd: int, offset: int, data: bytes) -> bytes:
    return ask(bmc, cmd, offset, len(data), *data)


def whole(bmc: Bench, cmd: int) -> bytes:
    """The text, read as consoles read it."""
    total = ask(bmc, cmd, 0, 0)[2]
    pieces = [ask(bmc, cmd, at, min(16, total - at))[3:] for at in range(0, total, 16)]
    return b"".join(pieces)


def store(bmc: Bench, cmd: int, text: bytes) -> None:
    for at in range(0, len(text), 16):
        piece = text[at : at + 16]
        assert write(bmc, cmd, at, piece) == bytes((0, 0xDC, at + len(piece)))


# ---- asset tag


@exercises(GetAssetTag, SetAssetTag)
@pytest.mark.parametrize(
    "text",
    [
        b"A",
        b"rack 7, unit 12",
        b"exactly 16 bytes",
        b"\xef\xbb\xbf" + "Gestell 7 äöü".encode(),
        bytes(range(63)),
    ],
)
def test_6_4_3_a_tag_is_written_in_pieces_and_read_back(text: bytes) -> None:
    bmc = bmc_with()
    assert ask(bmc, TAG, 0, 16) == b"\0\xdc\0", "there is none at first"
    store(bmc, SET_TAG, text)
    assert whole(bmc, TAG) == text
    assert whole(bmc.reopen(), TAG) == text, "it outlives the controller"


@exercises(SetAssetTag)
def test_6_4_3_where_a_piece_ends_the_tag_ends() -> None:
    bmc = bmc_with()
    store(bmc, SET_TAG, b"0123456789abcdef0123456789")
    assert write(bmc, SET_TAG, 4, b"XY") == b"\0\xdc\x06"
    assert whole(bmc, TAG) == b"0123XY"
    assert write(bmc, SET_TAG, 2, b"") == b"\0\xdc\x02"
    assert whole(bmc, TAG) == b"01"
    assert write(bmc, SET_TAG, 0, b"") == b"\0\xdc\x00"
    assert whole(bmc, TAG) == b""


@pytest.mark.parametrize(
    ("offset", "count"), [(63, 1), (255, 0), (48, 16), (0, 17), (62, 2), (0, 255), (63, 0)]
)
def test_6_4_2_what_a_tag_cannot_hold_is_out_of_range(offset: int, count: int) -> None:
    bmc = bmc_with()
    store(bmc, SET_TAG, bytes(63))
    assert ask(bmc, TAG, offset, count) == b"\xc9"
    assert ask(bmc, SET_TAG, offset, count, *bytes(count)[:240]) == (
        b"\xc9" if offset != 63 or count else b"\0\xdc\x3f"
    )


def test_6_4_3_a_gap_is_out_of_range() -> None:
    bmc = bmc_with()
    store(bmc, SET_TAG, b"four")
    assert write(bmc, SET_TAG, 5, b"x") == b"\xc9"
    assert write(bmc, SET_TAG, 4, b"x") == b"\0\xdc\x05"


@pytest.mark.parametrize("cmd", [SET_TAG, SET_NAME])
def test_6_4_3_as_many_bytes_as_are_counted(cmd: int) -> None:
    bmc = bmc_with()
    assert ask(bmc, cmd, 0, 3, 1, 2) == ask(bmc, cmd, 0, 1, 1, 2) == b"\xc7"
    assert ask(bmc, cmd, 0) == ask(bmc, cmd) == b"\xc7"
    assert ask(bmc, cmd - 2 if cmd == SET_TAG else NAME, 0) == b"\xc7"


def fru(tag: Text | str, language: FruLanguage = FruLanguage.ENGLISH) -> FruSpec:
    image = build_fru(product=ProductArea(manufacturer="M", asset_tag=tag, language=language), size=128)
    return FruSpec(0, "Board", image)


@exercises(GetAssetTag)
@pytest.mark.parametrize(
    ("tag", "language", "code"),
    [
        (Text("4A4B", Encoding.BINARY), FruLanguage.ENGLISH, 0x80),
        (Text("12-34", Encoding.BCD_PLUS), FruLanguage.ENGLISH, 0x81),
        (Text("RACK 7", Encoding.SIX_BIT), FruLanguage.ENGLISH, 0x82),
        (Text("Rack 7"), FruLanguage.ENGLISH, 0x00),
        (Text("Rack 7"), FruLanguage.ENGLISH_ISO639, 0x00),
    ],
)
def test_6_4_2_until_it_is_set_it_is_the_inventorys_and_the_code_tells_its_encoding(
    tag: Text, language: FruLanguage, code: int
) -> None:
    bmc = bmc_with(fru(tag, language))
    assert ask(bmc, TAG, 0, 16) == bytes((code, 0xDC, len(tag.raw))) + tag.raw
    assert write(bmc, SET_TAG, 0, b"mine") == b"\0\xdc\x04"
    assert ask(bmc, TAG, 0, 16) == b"\0\xdc\x04mine"


@exercises(GetAssetTag)
def test_6_4_2_another_language_than_english() -> None:
    image = build_fru(product=ProductArea(asset_tag="Etikett", language=FruLanguage(37)), size=128)
    answer = ask(bmc_with(FruSpec(0, "Board", image)), TAG, 0, 16)
    assert answer[0] == 0x83
    assert answer[1] == 0xDC
    assert len(answer) == 3 + answer[2]


def test_6_4_2_an_inventory_that_cannot_be_read_has_no_tag() -> None:
    assert ask(bmc_with(FruSpec(0, "Board", bytes(4))), TAG, 0, 16) == b"\0\xdc\0"
    assert ask(bmc_with(FruSpec(0, "Board", b"\xff" * 64)), TAG, 0, 16) == b"\0\xdc\0"


# ---- identifier string


@exercises(GetManagementControllerIdentifierString)
def test_6_4_6_1_by_default_it_is_dcmi_and_the_hardware_address() -> None:
    bmc = bmc_with()
    lan = replace(bmc.blueprint.lan, mac=bytes.fromhex("02a1b2c3d4e5"))
    named = make_bmc(dcmi=DcmiSpec(), lan=lan)
    assert whole(named, NAME) == b"DCMI02A1B2C3D4E5"


@exercises(GetManagementControllerIdentifierString, SetManagementControllerIdentifierString)
@pytest.mark.parametrize("text", [b"n", b"node-7", b"fifteen letters", b"sixteen letters!", b"x" * 63])
def test_6_4_6_2_the_piece_with_the_00h_is_the_last(text: bytes) -> None:
    bmc = bmc_with()
    before = whole(bmc, NAME)
    written = text + b"\0"
    for at in range(0, len(written), 16):
        assert whole(bmc, NAME) == before, "what is not whole does not count yet"
        piece = written[at : at + 16]
        assert write(bmc, SET_NAME, at, piece) == bytes((0, 0xDC, at + len(piece)))
    assert whole(bmc, NAME) == text, "the 00h is not counted"
    assert whole(bmc.reopen(), NAME) == text


@exercises(SetManagementControllerIdentifierString)
def test_6_4_6_2_what_was_begun_is_lost_with_the_controller() -> None:
    bmc = bmc_with()
    before = whole(bmc, NAME)
    write(bmc, SET_NAME, 0, b"half of a new na")
    assert whole(bmc.reopen(), NAME) == before


def test_6_4_6_2_what_does_not_fit_is_out_of_range() -> None:
    bmc = bmc_with()
    for at in range(0, 64, 16):
        last = write(bmc, SET_NAME, at, b"sixteen letters!")
    assert last == b"\xcc", "64 bytes without a 00h"
    assert write(bmc, SET_NAME, 49, bytes(16)) == b"\xc9"
    assert write(bmc, SET_NAME, 0, bytes(17)) == b"\xc9"
    assert ask(bmc, NAME, 0, 17) == ask(bmc, NAME, 64, 0) == ask(bmc, NAME, 49, 16) == b"\xc9"
    fresh = bmc_with()
    assert write(fresh, SET_NAME, 48, b"x\0") == b"\xc9", "there is nothing in front of it"


@exercises(SetManagementControllerIdentifierString)
def test_6_4_6_2_the_end_of_a_name_can_be_written_alone() -> None:
    bmc = bmc_with()
    store(bmc, SET_NAME, b"management-node-1\0")
    assert write(bmc, SET_NAME, 16, b"2\0") == b"\0\xdc\x12"
    assert whole(bmc, NAME) == b"management-node-2"
