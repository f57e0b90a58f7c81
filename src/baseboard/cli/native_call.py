"""A call of the native face: it knows the long options, and where its output goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from baseboard.cli.call import Call
from baseboard.cli.failures import FAILED, Failure, describe
from baseboard.cli.long_options import UsageError
from baseboard.errors import CompletionError, EncodeError, NoEffect, NotFound

if TYPE_CHECKING:
    from baseboard.cli.options import Options
    from baseboard.client.bmc import Bmc


class NativeCall(Call):
    """What a verb is given.

    Attributes:
        name: the host as it was named.
        given: the long options.
        failures: what went wrong so far.
        stream: called with each result as it is found, by verbs that go on; None: results wait for the end.
        streamed: it was called.
        muted: what the verb prints and finds is not true, and not told: nothing was sent.
    """

    def __init__(
        self,
        name: str,
        options: Options,
        reach: Callable[[], Awaitable[Bmc]],
        given: Mapping[str, str],
        out: Callable[[str], None],
        err: Callable[[str], None],
    ) -> None:
        super().__init__(options, reach, out, self._told, exact=False)
        self.name, self.given = name, given
        self.failures: list[Failure] = []
        self.stream: Callable[[object], None] | None = None
        self.streamed = self.muted = False
        self._show = err

    def out(self, text: str = "", end: str = "\n") -> None:
        """Print to standard output."""
        if not self.muted:
            super().out(text, end)

    def show(self, text: str) -> None:
        """Print to standard output what is true even of a muted verb."""
        super().out(text, "")

    def result(self, value: object) -> None:
        """Note what was found."""
        if not self.muted:
            super().result(value)

    async def line(self, words: list[str]) -> int:
        """See `Call.line`; with the verbs that ipmitool has not. A line that fails does not end the rest."""
        from baseboard.cli.console import real_verb

        try:
            return await real_verb(self, words)
        except (CompletionError, EncodeError, NoEffect, NotFound, UsageError) as error:
            failure = describe(error)
            self.failures.append(failure)
            self._show(failure.line(self.name) + "\n")
            return FAILED

    @property
    def json(self) -> bool:
        """Whether results are printed, and text is not."""
        return "json" in self.given

    @property
    def noting(self) -> bool:
        """See `Call.noting`."""
        return self.json

    @property
    def terminal(self) -> bool:
        """Whether somebody looks at our standard output as it comes, at a place where a cursor moves."""
        return not self.json and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def found(self, value: object) -> None:
        """Note a result of a verb that goes on until it is ended; printed at once with ``--json``."""
        if self.stream is not None:
            self.streamed = True
            self.stream(value)
        else:
            self.result(value)

    def note(self, text: str) -> None:
        """Tell on standard error what is no failure."""
        self._show(f"baseboard: {self.name + ': ' if self.name else ''}{text}\n")

    def _told(self, text: str) -> None:
        """What a verb says on standard error, in ipmitool's words."""
        self.failures += [
            Failure(FAILED, "Message", line.strip()) for line in text.splitlines() if line.strip()
        ]
        self._show(text)
