"""What makers mean by bytes of their own."""

from __future__ import annotations

import pytest

from baseboard.client.sel_entry import describe
from baseboard.client.sel_oem import DELL, SUPERMICRO, concerns, maker_words
from baseboard.records.sel import SystemEvent

HEAD = bytes.fromhex("0100 02 90B3C667 2000 04")


def event(sensor_type: int, one: int, two: int, three: int) -> SystemEvent:
    return SystemEvent.decode(HEAD + bytes((sensor_type, 1, 0x6F, one, two, three)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((0x0C, 0xA0, 0x80, 0x01), ("DIMMA1",)),
        ((0x0C, 0xA0, 0x81, 0x11), ("DIMMC1, DIMMD1",)),
        ((0x0C, 0xA1, 0x1F, 0x03), ("card B DIMM1, DIMM2",)),
        ((0x10, 0x20, 0xFF, 0x04), ("DIMM3",)),
        ((0x0C, 0x80, 0x2F, 0xFF), ("card C",)),
        ((0x0C, 0x80, 0x8F, 0xFF), ()),
        ((0x13, 0xA4, 0x18, 0x02), ("PCI 02:03.0",)),
        ((0xC3, 0xA0, 0x00, 0x85), ("slot 5",)),
        ((0x13, 0x84, 0x18, 0x02), ()),
        ((0x0C, 0x00, 0xFF, 0xFF), ()),
        ((0x04, 0xA0, 0x80, 0x01), ()),
    ],
)
def test_dell(given: tuple[int, int, int, int], words: tuple[str, ...]) -> None:
    """Q-SELOEM: memory modules and slots."""
    assert maker_words(DELL, event(*given)) == words


def test_supermicro() -> None:
    """Q-SELOEM: why the controller restarted; how modules are numbered differs by board."""
    for maker in (*SUPERMICRO, 0xF00000 | SUPERMICRO[0]):
        assert maker_words(maker, event(0xD0, 0x80, 0x01, 0xFF)) == ("BMC cold reset",)
        assert maker_words(maker, event(0xD0, 0x80, 0x09, 0xFF)) == ()
        assert maker_words(maker, event(0x0C, 0xA0, 0x80, 0x01)) == ()


def test_others_keep_it_to_themselves() -> None:
    memory = event(0x0C, 0xA0, 0x80, 0x01)
    assert concerns(memory)
    assert maker_words(7244, memory) == ()


def test_the_words_stand_among_the_details() -> None:
    raw = HEAD + bytes((0x0C, 1, 0x6F, 0xA0, 0x80, 0x01))
    plain = describe(raw)
    assert describe(raw, maker=DELL).details == (*plain.details, "DIMMA1")
    assert describe(raw, maker=7244) == plain
