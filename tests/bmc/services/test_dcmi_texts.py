"""Asset tag and identifier string as services; the commands are tried in tests/conformance/dcmi."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.services.dcmi_texts import AssetTag, Identifier, Tag, texts
from baseboard.bmc.services.fru import FruInventory
from baseboard.errors import CompletionError
from baseboard.records.fru import BoardArea, ProductArea, build_fru
from tests.bmc.services.homes import FakeHome, make_home


def made(home: FakeHome) -> tuple[AssetTag, Identifier]:
    return texts(home, FruInventory(home))


def test_a_tag_of_the_inventory_is_the_one_that_is_there_now() -> None:
    image = build_fru(product=ProductArea(asset_tag="A-1"), size=64)
    home = make_home(frus=(FruSpec(0, "Board", image),))
    tag, _ = made(home)
    assert tag.get() == Tag(b"A-1", 0)
    tag.set(3, b"00")
    assert tag.get() == Tag(b"A-100", 0), "what is set begins as what was there"
    assert made(home.again())[0].get() == Tag(b"A-100", 0)


@pytest.mark.parametrize(
    "image", [bytes(3), b"\xff" * 32, build_fru(board=BoardArea(manufacturer="M"), size=64)]
)
def test_no_product_area_no_tag(image: bytes) -> None:
    tag, _ = made(make_home(frus=(FruSpec(0, "Board", image),)))
    assert tag.get() == Tag(b"", 0)


def test_a_long_tag_of_the_inventory_is_cut() -> None:
    image = build_fru(product=ProductArea(asset_tag="x" * 63), size=128)
    tag, _ = made(make_home(frus=(FruSpec(0, "Board", image),)))
    assert len(tag.get().data) == 63


def test_who_waits_for_a_name_is_told_once_it_is_whole() -> None:
    home = make_home()
    _, identifier = made(home)
    told: list[bytes] = []
    identifier.on_named.append(lambda: told.append(identifier.get()))
    assert identifier.set(0, b"a long name of s") == 16
    assert told == []
    assert identifier.set(16, b"ome\0rest") == 24
    assert told == [b"a long name of some"]
    assert made(home.again())[1].get() == b"a long name of some"


@pytest.mark.parametrize(
    ("offset", "piece", "code"), [(60, b"12345", 0xC9), (0, bytes(17), 0xC9), (30, b"x\0", 0xC9)]
)
def test_a_name_that_cannot_be(offset: int, piece: bytes, code: int) -> None:
    _, identifier = made(make_home())
    with pytest.raises(CompletionError) as caught:
        identifier.set(offset, piece)
    assert caught.value.code == code
