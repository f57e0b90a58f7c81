"""Units of every size, as struct reads them."""

from __future__ import annotations

import pytest

from baseboard.wire import Message, at
from baseboard.wire.cells import cells, segment_format
from baseboard.wire.kinds import kinds
from baseboard.wire.plan import Segment, plan


class Sizes(Message):
    one: int = at("1", signed=True)
    three: int = at("2:4")
    five: int = at("6:10[38:0]")
    seven: int = at("11:17", signed=True)
    eight: int = at("18:25", signed=True)
    sixteen: int = at("26:41")
    text: bytes = at("42:43")
    bits: int = at("44[3:0]", signed=True)

    _last = 46


def segment() -> Segment:
    (part,) = plan(Sizes).parts
    assert isinstance(part, Segment)
    return part


def test_the_format_has_pad_bytes_for_what_is_reserved() -> None:
    assert segment_format(segment(), kinds(Sizes)) == "<bHB1xIBIHBq16s2sB2x"


def test_numbers_of_several_codes() -> None:
    made = {cell.unit.name: cell for cell in cells(segment(), kinds(Sizes))}
    assert made["u1"].names == ["u1"]
    assert made["u1"].number == "u1"
    assert made["u11"].names == ["u11a", "u11b", "u11c"]
    assert made["u11"].number == "u11a + (u11b << 32) + (u11c << 48)"
    assert made["u26"].names == ["u26"]
    assert made["u26"].number == '_int.from_bytes(u26, "little")'
    assert made["u42"].raw
    assert [name for name, cell in made.items() if cell.signed] == ["u1", "u18"]


@pytest.mark.parametrize("sign", [1, -1])
def test_they_come_back(sign: int) -> None:
    message = Sizes(
        one=sign * 100,
        three=0x123456,
        five=0x7123456789,
        seven=sign * 0x12345678901234,
        eight=sign * 0x1234567890123456,
        sixteen=0x112233445566778899AABBCCDDEEFF00,
        text=b"ab",
        bits=sign * 7,
    )
    assert len(message.encode()) == 46
    assert Sizes.decode(message.encode(), True) == message
    assert message.encode()[1:4] == b"\x56\x34\x12"
    assert message.encode()[25] == 0
    assert message.encode()[44:] == b"\0\0"
