"""One command on one BMC: the words, the way to the controller, and where its output goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baseboard.cli.options import Options
    from baseboard.client.bmc import Bmc


class Call:
    """What a verb is given.

    Attributes:
        options: the options before and among the words.
        exact: print what ipmitool prints and not a letter more, on standard error too.
        results: what `result` was given, for ``--json``.
    """

    def __init__(
        self,
        options: Options,
        reach: Callable[[], Awaitable[Bmc]],
        out: Callable[[str], None],
        err: Callable[[str], None],
        *,
        exact: bool = True,
    ) -> None:
        """Prepare a call.

        Args:
            reach: connects; called once, when a verb first needs the controller.
            out: takes text for standard output, line ends included.
            err: the same for standard error.
        """
        self.options, self.exact = options, exact
        self.results: list[object] = []
        self._reach, self._out, self._err = reach, out, err
        self._bmc: Bmc | None = None

    async def bmc(self) -> Bmc:
        """The controller; connects at the first call.

        Raises:
            LoginError: it could not be reached; the caller of the verb tells the user.
            TransportError: its device or address cannot be opened.
        """
        if self._bmc is None:
            self._bmc = await self._reach()
        return self._bmc

    @property
    def connected(self) -> bool:
        """Whether a session was opened."""
        return self._bmc is not None

    async def line(self, words: list[str]) -> int:
        """Do what a line says, in ``exec`` and ``shell``.

        Returns: 0 done, 1 failed.
        """
        from baseboard.cli.ipmitool.main import dispatch

        return await dispatch(self, words)

    async def close(self) -> None:
        """End the session, if there is one."""
        if self._bmc is not None:
            bmc, self._bmc = self._bmc, None
            await bmc.close()

    @property
    def csv(self) -> bool:
        """Print comma-separated values (``-c``)."""
        return self.options.csv

    @property
    def verbose(self) -> int:
        """How often ``-v`` was given."""
        return self.options.verbose

    @property
    def noting(self) -> bool:
        """Whether anybody will look at `results`; who makes many of them need not when nobody does."""
        return True

    def out(self, text: str = "", end: str = "\n") -> None:
        """Print to standard output."""
        self._out(text + end)

    def err(self, text: str = "", end: str = "\n") -> None:
        """Print to standard error."""
        self._err(text + end)

    def result(self, value: object) -> None:
        """Note what was found, as a dataclass of `baseboard.cli.results`; ``--json`` prints it.

        A verb that finds a list of things calls this for each.
        """
        self.results.append(value)
