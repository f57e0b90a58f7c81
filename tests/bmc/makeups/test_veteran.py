"""The old board."""

from __future__ import annotations

from baseboard.bmc.makeups import veteran
from baseboard.records.fru import read_fru
from baseboard.records.strings import Encoding, Text


def test_its_inventory_uses_the_saving_encodings() -> None:
    fru = read_fru(veteran.own_fru("lab-003", "BB646876162").image)
    assert fru.board is not None
    assert fru.product is not None
    texts = {
        "manufacturer": (fru.board.manufacturer, Encoding.SIX_BIT, "BASEBOARD"),
        "name": (fru.board.product_name, Encoding.SIX_BIT, "LAB V1 BOARD"),
        "serial": (fru.board.serial_number, Encoding.BCD_PLUS, "646876162 "),
        "part": (fru.board.part_number, Encoding.BCD_PLUS, "370-1155-01 "),
        "product": (fru.product.product_name, Encoding.LATIN_1, "Baseboard Lab V1"),
    }
    for text, encoding, value in texts.values():
        assert isinstance(text, Text)
        assert (text.encoding, text.rstrip()) == (encoding, value.rstrip())


def test_a_serial_number_without_digits_still_makes_an_inventory() -> None:
    assert read_fru(veteran.own_fru("x", "ABC").image).problems == ()


def test_a_rail_below_zero() -> None:
    (rail,) = (spec for spec in veteran.SENSORS if spec.name == "-12V")
    assert rail.minimum < rail.physics.on < 0
    assert rail.maximum == 0


def test_its_firmware_knows_no_efi() -> None:
    assert not veteran.HOST.efi
