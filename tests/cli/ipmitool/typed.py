"""A command typed at a BMC in memory, and what it printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from baseboard.cli.call import Call
from baseboard.cli.ipmitool.main import dispatch
from baseboard.cli.options import Options
from baseboard.client.bmc import Bmc
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings
from baseboard.testing.scripted import Line


class Typed:
    """A call whose BMC answers as told, and refuses the rest (C1h).

    Attributes:
        asked: what was asked so far: network function, command, data, and who was to answer.
    """

    def __init__(
        self,
        lines: Mapping[tuple[int, int], Line] | None = None,
        *,
        interface: str = "lanplus",
        **options: Any,
    ) -> None:
        self.lines = dict(lines or {})
        self.asked: list[tuple[int, int, bytes]] = []
        self.printed: list[str] = []
        self.complained: list[str] = []
        self.settings = Settings(interface=interface, host="192.0.2.1", timeout=0.001, retries=0)
        self.bmc = Bmc(MemoryInterface(self._ask), replace(self.settings))

        async def reach() -> Bmc:
            return self.bmc

        self.call = Call(
            Options(settings=self.settings, **options), reach, self.printed.append, self.complained.append
        )

    def _ask(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Any) -> None:
        del lun
        self.asked.append((netfn, cmd, data))
        line = self.lines.get((netfn, cmd), b"\xc1")
        answer = line(data) if callable(line) else line
        if answer is not None:
            reply(answer)

    async def __call__(self, *words: str) -> int:
        """Do a command, noun first."""
        return await dispatch(self.call, words)

    @property
    def out(self) -> str:
        """What went to standard output."""
        return "".join(self.printed)

    @property
    def err(self) -> str:
        """What went to standard error."""
        return "".join(self.complained)

    def sent(self, netfn: int, cmd: int) -> list[bytes]:
        """The data of each request of one command."""
        return [data for asked, of, data in self.asked if (asked, of) == (netfn, cmd)]
