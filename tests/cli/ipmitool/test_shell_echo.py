"""``echo``: a blank after each word, as ipmitool has it."""

from __future__ import annotations

from tests.cli.ipmitool.typed import Typed


async def test_words_are_printed() -> None:
    command = Typed()
    assert await command("echo", "a", "b c") == 0
    assert await command("echo") == 0
    assert command.out == "a b c \n\n"
