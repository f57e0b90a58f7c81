"""What `raw` and `i2c` note for ``--json``."""

from __future__ import annotations

from baseboard.cli.results.raw import I2cAnswer, RawAnswer
from tests.cli.ipmitool.typed import Typed


async def test_an_answer_is_noted_even_if_it_is_a_refusal() -> None:
    command = Typed({(6, 1): b"\x00\x20\x01"})
    await command("raw", "6", "1")
    await command("raw", "6", "2")
    assert command.call.results == [
        RawAnswer(netfn=6, cmd=1, completion_code=0, data="2001"),
        RawAnswer(netfn=6, cmd=2, completion_code=0xC1, data=""),
    ]


async def test_a_transfer_is_noted() -> None:
    command = Typed({(6, 0x52): b"\x00\x0a\x0b"})
    await command("i2c", "0x20", "2", "1")
    assert command.call.results == [I2cAnswer(address=0x20, written="01", read="0a0b")]
