"""``echo``: a line of text, for scripts of ``exec``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baseboard.cli.call import Call


async def run(call: Call, words: list[str]) -> int:
    """Print the words with a blank after each."""
    call.out("".join(f"{word} " for word in words))
    return 0
