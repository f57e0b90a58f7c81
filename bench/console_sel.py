"""Console: an event log of 500 entries, of a BMC that is 2 ms away.

An entry names the next one, so that who follows the chain waits 500 round trips. Ours asks for the IDs that
are likely to follow, where the BMC bears several requests at a time, and believes a guess once the chain
confirms it. Told are the times of the processes, and of ours inside of one, by the library.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from functools import partial

from baseboard.client.connect import connect
from bench import peers
from bench.console_sensors import DELAY_US, OPERATION, ipmitool, ours, run
from bench.measuring import OURS, Table, interleave, main, rounds

ENTRIES = 500


def library(server: peers.Server, cache: str) -> float:
    """Milliseconds of reading the log within a session that is open."""

    async def operation() -> float:
        async with connect(
            server.address, port=server.port, username=peers.USERNAME, password=peers.PASSWORD, cache=cache
        ) as bmc:
            started = time.perf_counter()
            found = await bmc.sel.read()
            took = (time.perf_counter() - started) * 1e3
            if found.missing or len(found.entries) != ENTRIES:
                raise peers.PeerError(f"{server.name}: {len(found.entries)} entries, {found.missing}")
            return took

    return asyncio.run(operation())


def measure(short: bool) -> list[Table]:
    """The time of ``sel list`` of ipmi_sim and of the bare responder."""
    table = Table(
        f"console: an event log of {ENTRIES} entries at a round trip of {2 * DELAY_US / 1000:g} ms",
        unit="ms",
        peer="ipmitool",
        goal="in a process that runs: at most 200 ms",
    )
    for start in (peers.ipmi_sim, peers.responder):
        with (
            start(sel=ENTRIES) as server,
            peers.relay(server, delay_us=DELAY_US) as far,
            tempfile.TemporaryDirectory() as cache,
        ):
            library(far, cache)  # what the firmware bears is learned once
            measured = interleave(
                {
                    "ipmitool": partial(run, ipmitool(far, "sel", "list"), cache),
                    OURS: partial(run, ours(far, "sel", "list"), cache),
                    OPERATION: partial(library, far, cache),
                },
                rounds(short),
            )
        table.add(f"of {server.name}", measured)
    return [table]


if __name__ == "__main__":
    main(measure)
