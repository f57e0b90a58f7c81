"""FRU inventories described."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from baseboard.codes import ChassisType, EntityId
from baseboard.records.fru import read_fru
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

FRU = '[[bmc.fru]]\nid = 3\nname = "Card"\n'
MANUFACTURED = "1995-12-31T23:59:00Z"


def test_from_its_fields(tmp_path: Path) -> None:
    text = f"""{ONE}{FRU}size = 512
writable = false
entity = "add_in_card"
instance = 2
[bmc.fru.chassis]
type = "blade"
part_number = "CP"
serial_number = "CS"
custom = ["one", "two"]
[bmc.fru.board]
manufactured = 2025-03-03T11:15:00Z
manufacturer = "Maker"
product_name = "Board"
serial_number = "BS"
part_number = "BP"
fru_file_id = "BF"
[bmc.fru.product]
manufacturer = "Maker"
product_name = "Product"
part_number = "PP"
version = "V"
serial_number = "PS"
asset_tag = "Zürich"
fru_file_id = "PF"
"""
    (fru,) = blueprint(tmp_path, text).frus
    assert (fru.device_id, fru.name, fru.writable) == (3, "Card", False)
    assert (fru.entity_id, fru.entity_instance, len(fru.image)) == (EntityId.ADD_IN_CARD, 2, 512)
    inventory = read_fru(fru.image)
    assert not inventory.problems
    chassis, board, product = inventory.chassis, inventory.board, inventory.product
    assert chassis is not None
    assert board is not None
    assert product is not None
    assert chassis.chassis_type is ChassisType.BLADE
    assert (chassis.part_number, chassis.serial_number, chassis.custom) == ("CP", "CS", ("one", "two"))
    assert board.manufactured == datetime(2025, 3, 3, 11, 15, tzinfo=UTC)
    assert (board.manufacturer, board.product_name, board.serial_number) == ("Maker", "Board", "BS")
    assert (board.part_number, board.fru_file_id) == ("BP", "BF")
    assert (product.manufacturer, product.product_name, product.part_number) == ("Maker", "Product", "PP")
    assert (product.version, product.serial_number) == ("V", "PS")
    assert (product.asset_tag, product.fru_file_id) == ("Zürich", "PF")


def test_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "card.bin").write_bytes(bytes(range(1, 65)))
    (fru,) = blueprint(tmp_path, f'{ONE}{FRU}file = "card.bin"\nsize = 70\n').frus
    assert fru.image == bytes(range(1, 65)) + bytes(6)


def test_one_of_the_makeup_is_replaced(tmp_path: Path) -> None:
    makeup = blueprint(tmp_path, f'{ONE}makeup = "rack"\n')
    own = blueprint(tmp_path, f'{ONE}makeup = "rack"\n[[bmc.fru]]\nid = 0\nname = "Mine"\nproduct = {{}}\n')
    assert [fru.device_id for fru in makeup.frus] == [0, 1, 2, 3, 4, 5]
    assert {fru.device_id: fru.name for fru in own.frus} == {
        **{fru.device_id: fru.name for fru in makeup.frus},
        0: "Mine",
    }


def test_numbers_and_names_make_them_differ(tmp_path: Path) -> None:
    text = f"{ONE}count = 2\n{FRU}[bmc.fru.product]\nserial_number = 'S{{n:03}}'\ncustom = ['of {{name}}']\n"
    seen = [read_fru(one.blueprint.frus[0].image).product for one in loaded(tmp_path, text).bmcs]
    assert [(one.serial_number, one.custom) for one in seen if one is not None] == [
        ("S001", ("of one-1",)),
        ("S002", ("of one-2",)),
    ]


def test_what_is_equal_is_shared(tmp_path: Path) -> None:
    first, second = loaded(tmp_path, f"{ONE}count = 2\n{FRU}product = {{}}\n").bmcs
    assert first.blueprint.frus[0] is second.blueprint.frus[0]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (
            f"[[bmc.fru]] {HERE}\nid = 3\nname = 'Card'\n",
            "file",
            "missing; wanted is file, or one of chassis",
        ),
        (f"{FRU}file = 'x'\n[bmc.fru.board] {HERE}\n", "board", "file is there too"),
        (f"{FRU}file = 'nowhere' {HERE}\n", "file", "nowhere: No such file"),
        (f"{FRU}file = '/dev/null' {HERE}\n", "file", "8 to 65535 bytes"),
        (f"{FRU}file = '/dev/zero' {HERE}\n", "file", "8 to 65535 bytes"),
        (
            f"{FRU}size = 16 {HERE}\nproduct = {{}}\n",
            "size",
            "the inventory needs 24 bytes, the device has 16",
        ),
        (f"{FRU}product = {{}}\nentity = 'procesor' {HERE}\n", "entity", "did you mean processor?"),
        (f"{FRU}chassis.type = 'rack' {HERE}\n", "chassis.type", "allowed is one of other, unknown, desktop"),
        (
            f"{FRU}board.manufactured = {MANUFACTURED} {HERE}\n",
            "board.manufactured",
            "is no date of manufacture",
        ),
        (f"{FRU}product.version = '\u4e00' {HERE}\n", "product.version", "cannot be written"),
        (f"{FRU}product.custom = ['a',\n'\u4e00' {HERE}\n]\n", "product.custom[1]", "cannot be written"),
        (f"{FRU}product.version = '{'x' * 63}'\nsize = 64 {HERE}\n", "size", "the device has 64"),
    ],
)
def test_a_mistake(text: str, key: str, words: str, tmp_path: Path) -> None:
    assert_mistake(tmp_path, ONE + text, f"bmc[0].fru[0].{key}", words)


def test_a_size_below_the_files(tmp_path: Path) -> None:
    (tmp_path / "card.bin").write_bytes(bytes(64))
    text = f"{ONE}{FRU}file = 'card.bin'\nsize = 63 {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[0].fru[0].size", "found 63; the file has 64 bytes")


def test_an_area_that_is_too_long(tmp_path: Path) -> None:
    custom = ", ".join(["'" + "x" * 63 + "'"] * 40)
    text = f"{ONE}{FRU}[bmc.fru.product] {HERE}\ncustom = [{custom}]\n"
    assert_mistake(tmp_path, text, "bmc[0].fru[0].product", "at most 2040 fit")


def test_two_of_one_id(tmp_path: Path) -> None:
    text = f"{ONE}{FRU}product = {{}}\n[[bmc.fru]]\nid = 3 {HERE}\nname = 'Other'\nproduct = {{}}\n"
    assert_mistake(tmp_path, text, "bmc[0].fru[1].id", "FRU device 3 is described twice")
