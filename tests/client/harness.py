"""A console's `Bmc` on a simulated BMC in the same process, with no network between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baseboard.bmc.context import SYSTEM_INTERFACE, Origin
from baseboard.client.bmc import Bmc
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings
from baseboard.testing.scripted import Line, Script
from tests.bmc.harness import Bench, make_bmc


class _Request:
    def __init__(self, netfn: int, lun: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data


class Desk:
    """A console, the script in front of its BMC, and that BMC.

    Attributes:
        bmc: what a user of the library has.
        script: what is answered otherwise than the simulated BMC does, and all that was asked.
        bench: the simulated BMC, whose backend and clock obey the test.
    """

    def __init__(self, bench: Bench, script: Script, origin: Origin, settings: Settings) -> None:
        self.bench, self.script = bench, script
        script.attach(bench.controller)

        def ask(netfn: int, lun: int, cmd: int, data: bytes, reply: Any) -> None:
            bench.controller.handle(_Request(netfn, lun, cmd, data), origin, reply)

        self.bmc = Bmc(MemoryInterface(ask), settings)


def desk(
    lines: Mapping[tuple[int, int], Line] | None = None,
    *,
    channel: int = SYSTEM_INTERFACE,
    settings: Settings | None = None,
    **makeup: Any,
) -> Desk:
    """A console in front of a BMC.

    Args:
        lines: answers by (netfn, cmd) that differ from the simulated BMC's.
        channel: what the requests seem to come over; 1 = a session over the LAN.
        makeup: what `make_bmc` takes: sensors, frus, users, lan ...
    """
    bench = make_bmc(**makeup)
    origin = bench.origin(channel)
    return Desk(
        bench, Script(lines), origin, settings or Settings(interface="memory", timeout=0.05, retries=0)
    )
