"""A call to a BMC in memory that has a serial channel, its second."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.blueprint.serial import SerialSpec
from baseboard.bmc.services.serial import Serial
from baseboard.cli.call import Call
from baseboard.cli.options import Options
from baseboard.cli.serial import run
from baseboard.client.bmc import Bmc
from baseboard.client.settings import Settings
from tests.client.harness import desk


class SerialStage:
    """A call in memory, what it printed and found.

    Attributes:
        serial: of the BMC, for a look from inside; None if it has no serial channel.
        asked: every request: network function, command, data.
        results: what ``--json`` shows.
    """

    def __init__(
        self, lines: Any = None, *, without: bool = False, interface: str = "memory", **spec: Any
    ) -> None:
        front = desk(lines, serial=None if without else SerialSpec(**spec))
        self.bench = front.bench
        self.asked = front.script.asked
        self.printed: list[str] = []
        self.complained: list[str] = []

        async def reach() -> Bmc:
            return front.bmc

        options = Options(settings=Settings(interface=interface))
        self.call = Call(options, reach, self.printed.append, self.complained.append)

    @property
    def serial(self) -> Serial:
        found: Serial | None = self.bench.services.serial
        assert found is not None
        return found

    @property
    def results(self) -> list[object]:
        return self.call.results

    @property
    def out(self) -> list[str]:
        """Lines of standard output."""
        return "".join(self.printed).splitlines()

    @property
    def err(self) -> str:
        return "".join(self.complained)

    async def run(self, line: str) -> int:
        """Carry out what stands behind ``serial``."""
        return await run(self.call, line.split())

    async def says(self, line: str) -> list[str]:
        """What a line that succeeds prints."""
        self.printed.clear()
        assert await self.run(line) == 0, self.err
        return self.out
