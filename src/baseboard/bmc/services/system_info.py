"""System Info parameters: names and versions of the managed system's software (§22.14a)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.parameters import Progress
from baseboard.codes import Cc
from baseboard.commands.parameters.system_info import BLOCK, split
from baseboard.errors import CompletionError

VOLATILE = (4, 5)
"""Name and version of the running operating system go when the system restarts."""

STRINGS = range(1, 8)
_BLOCKS = 17
"""A length byte of 255 and two bytes before the text fill 17 blocks."""

_KEY_BITS = 8


class SystemInfo:
    """The strings, block by block as they were written."""

    __slots__ = ("_blocks", "_home", "progress")

    def __init__(self, home: Home) -> None:
        self._home = home
        self.progress = Progress()
        self._blocks: dict[int, bytes] = home.journal.saved("system info")

    def block(self, selector: int, number: int) -> bytes:
        """One block of 16 bytes.

        Raises:
            CompletionError: C9h, strings have no such block.
        """
        if number >= _BLOCKS:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        stored = self._blocks.get(selector << _KEY_BITS | number)
        if stored is not None:
            return stored
        initial = self._initial(selector)
        return initial[number] if number < len(initial) else bytes(BLOCK)

    def set_block(self, selector: int, number: int, block: bytes) -> None:
        """Write one block; a shorter one is padded.

        Raises:
            CompletionError: C7h, it is longer than 16 bytes; C9h, strings have no such block.
        """
        if len(block) > BLOCK or not block:
            raise CompletionError(Cc.INVALID_LENGTH)
        if number >= _BLOCKS:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        key = selector << _KEY_BITS | number
        self._blocks[key] = block.ljust(BLOCK, b"\0")
        if selector not in VOLATILE:
            self._home.journal.put("system info", key, self._blocks[key])

    def system_restarted(self) -> None:
        """Power cycle or reset: nobody knows any more what runs there."""
        self.progress.settle()
        for key in [key for key in self._blocks if key >> _KEY_BITS in VOLATILE]:
            del self._blocks[key]

    def _initial(self, selector: int) -> list[bytes]:
        names: dict[int, Callable[[], str]] = {2: lambda: self._home.blueprint.identity.name}
        name = names.get(selector)
        return split(name().encode("latin-1", "replace")) if name is not None else []
