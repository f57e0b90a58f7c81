"""A host's console without a BMC: it says what a test gives it, and ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from baseboard.cli.native_call import NativeCall
from baseboard.cli.options import Options


class SayingConsole:
    """The console, and the library's way to it.

    Attributes:
        taken_over: for each time that it was opened, whether it was to be taken from somebody.
        closed: whether it was closed.
    """

    def __init__(self, *said: bytes) -> None:
        self.taken_over: list[bool] = []
        self.closed = False
        self._said = said

    def open(self, *, take_over: bool, reconnect: bool) -> SayingConsole:
        assert reconnect
        self.taken_over.append(take_over)
        return self

    async def __aenter__(self) -> SayingConsole:
        return self

    async def __aexit__(self, *error: object) -> None:
        self.closed = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for data in self._said:
            yield data

    def call(self, given: dict[str, str] | None = None) -> tuple[NativeCall, list[str], list[str]]:
        """A call of a verb on the host whose console this is; and what it prints, and complains of."""
        out: list[str] = []
        err: list[str] = []

        async def reach() -> Any:
            return SimpleNamespace(sol=self)

        return NativeCall("host", Options(), reach, given or {}, out.append, err.append), out, err
