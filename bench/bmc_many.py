"""BMC: the rate of requests with 1, 100, 1,000 and 10,000 BMCs in the process, cipher suite 3.

The load is that of one BMC: ten sessions with four requests in flight each, on ten BMCs where there are so
many. One BMC has a socket of its own; many share one, and what that costs shows in one BMC at such a socket.
Besides, and harder: every BMC has a session, and they take turns with forty requests in flight, so that what
a request needs is never what the one before left in a cache of the processor.

All are measured once they are idle: in the first seconds each BMC looks at its sensors, which takes a tenth
of a processor where there are ten thousand, and would slow down the one BMC beside them too.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial

from bench import peers
from bench.bmc_memory import SETTLED_S
from bench.measuring import OURS, Table, interleave, main, picked, rounds

COUNTS = (100, 1_000, 10_000)
ONE, SHARED = "1 BMC", "1 BMC, at a shared socket"
WHAT = "Get Device ID, suite 3"


def ten(server: peers.Server, seconds: float) -> tuple[float, float]:
    """Ten sessions with four in flight: requests a second, and microseconds of processor time for one."""
    load = peers.load(server, seconds=seconds)
    return load.per_second, load.cpu_us


def turns(server: peers.Server, seconds: float) -> tuple[float, float]:
    """The same of forty in flight over sessions with all, which take turns."""
    load = peers.load(server, seconds=seconds, sessions=max(10, server.addresses), total=40)
    return load.per_second, load.cpu_us


def measure(short: bool) -> list[Table]:
    """The rate and the processor time of ten sessions, and the processor time of sessions with all."""
    seconds = 0.3 if short else 3.0
    rate = Table(
        f"BMC: requests a second by BMCs in the process, 10 sessions with 4 in flight: {WHAT}",
        unit="requests/s",
        peer=ONE,
        goal="at least 0.90 of the rate of one",
        more_is_better=True,
    )
    cost = Table(f"BMC: processor time for one of these requests: {WHAT}", unit="µs", peer=ONE)
    harder = Table(
        f"BMC: processor time for one, a session with every BMC, which take turns: {WHAT}",
        unit="µs",
        peer=ONE,
    )
    with ExitStack() as started:
        servers = {
            ONE: started.enter_context(peers.bmcs()),
            SHARED: started.enter_context(peers.bmcs(shared=True)),
        }
        for count in COUNTS[:1] if short else COUNTS:
            servers[f"{count:,} BMCs"] = started.enter_context(peers.bmcs(count))
        if not short:
            time.sleep(SETTLED_S)
        few, all_of_them = (
            interleave({name: partial(work, one, seconds) for name, one in servers.items()}, rounds(short))
            for work in (ten, turns)
        )
    rate.curve(OURS, picked(few, 0))
    cost.curve(OURS, picked(few, 1))
    harder.curve(OURS, picked(all_of_them, 1))
    return [rate, cost, harder]


if __name__ == "__main__":
    main(measure)
