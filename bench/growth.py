"""Growth: processor time for one request by the number of BMCs, sessions, sensors and SEL entries.

Ours alone: what matters is whether a curve is flat. Each goes as far as 10,000, or as the protocol does: a
BMC has room for 254 sensors on each of three LUNs, and for 63 sessions, so more of these means more BMCs.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from bench import peers
from bench.bmc_many import turns
from bench.bmc_memory import SETTLED_S
from bench.measuring import Table, interleave, main, picked, rounds

COUNTS = (1, 10, 100, 1_000, 10_000)
SENSORS = (1, 10, 100, 254, 762)
SHORT = (1, 100)
# So many BMCs share 10,000 sessions, fifty each.
SHARING = 200
SEL_CAPACITY = 12_000
# §31.6.1: a record ID is given by the BMC; an OEM record without timestamp has no more to be checked.
ENTRY = "0000e0" + "00" * 13
WHAT = "suite 3, 40 in flight"


def by_bmcs(short: bool, seconds: float) -> Table:
    """Get Device ID, one session to each BMC."""
    table = Table(
        f"Growth with BMCs in the process: Get Device ID, {WHAT}", "µs for one request", axis="BMCs"
    )
    with ExitStack() as started:
        steps = {
            str(count): partial(turns, started.enter_context(peers.bmcs(count)), seconds)
            for count in (SHORT if short else COUNTS)
        }
        if not short:
            # Then none of them looks at its sensors any more, as each does in its first seconds.
            time.sleep(SETTLED_S)
        table.curve("Get Device ID", picked(interleave(steps, rounds(short)), 1))
    return table


def by_sessions(short: bool, seconds: float) -> Table:
    """The same BMCs all the time, with more and more sessions open on them that take turns."""
    table = Table(
        f"Growth with open sessions: Get Device ID, {WHAT}",
        "µs for one request",
        axis="sessions",
        note=f"On {SHARING} BMCs of one process, since one has at most 63.",
    )
    with peers.bmcs(SHARING, lan="sessions = 63") as server:

        def cost(sessions: int) -> float:
            return peers.load(server, seconds=seconds, sessions=sessions, total=40).cpu_us

        steps = {str(count): partial(cost, count) for count in (SHORT if short else COUNTS)}
        table.curve("Get Device ID", interleave(steps, rounds(short)))
    return table


def by_sensors(short: bool, seconds: float) -> Table:
    """One BMC with more and more sensors: the first one's reading, and the last one's record."""
    table = Table(
        f"Growth with sensors of a BMC: {WHAT}",
        "µs for one request",
        axis="sensors",
        note="762 is the most: 254 on each of LUN 0, 1 and 3.",
    )
    questions = {"Get Sensor Reading": "0x04,0x2d,01", "Get SDR, the last": "0x0a,0x23,0000ffff0010"}
    with ExitStack() as started:
        servers = {
            str(count): started.enter_context(peers.bmcs(sensors=count))
            for count in (SHORT if short else SENSORS)
        }
        for name, request in questions.items():
            steps = {count: partial(asked, server, request, seconds) for count, server in servers.items()}
            table.curve(name, interleave(steps, rounds(short)))
    return table


def by_entries(short: bool, seconds: float) -> list[Table]:
    """One BMC with more and more SEL entries: its first and its last; and one more."""
    table = Table(f"Growth with SEL entries: {WHAT}", "µs for one request", axis="SEL entries")
    adding = Table(
        "Growth of adding with SEL entries: one in flight, suite 3",
        "µs for one request",
        axis="SEL entries",
        note="Up to ten more in each round.",
    )
    questions = {
        "Get SEL Entry, the first": "0x0a,0x43,0000000000ff",
        "Get SEL Entry, the last": "0x0a,0x43,0000ffff00ff",
    }
    with ExitStack() as started:
        servers = {}
        for count in SHORT if short else COUNTS:
            server = started.enter_context(peers.bmcs(sensors=4, sel_capacity=SEL_CAPACITY))
            add_entries(server, count)
            servers[str(count)] = server
        for name, request in questions.items():
            steps = {count: partial(asked, server, request, seconds) for count, server in servers.items()}
            table.curve(name, interleave(steps, rounds(short)))
        # So few that a log of a hundred is not much longer after all rounds.
        steps = {count: partial(added, servers[count], 10) for count in servers if int(count) >= 100}
        adding.curve("Add SEL Entry", interleave(steps, rounds(short)))
    return [table, adding]


def asked(server: peers.Server, request: str, seconds: float) -> float:
    """Microseconds for one request of ten sessions with four in flight."""
    return peers.load(server, seconds=seconds, request=request).cpu_us


def add_entries(server: peers.Server, count: int) -> peers.Load:
    """Add so many SEL entries, one after another."""
    return peers.load(
        replace(server, addresses=1),
        seconds=60,
        sessions=1,
        in_flight=1,
        request=f"0x0a,0x44,{ENTRY}",
        most=count,
    )


def added(server: peers.Server, count: int) -> float:
    """Microseconds for adding an entry."""
    return add_entries(server, count).cpu_us


def measure(short: bool) -> list[Table]:
    """A table of points for each curve."""
    seconds = 0.2 if short else 2.0
    curves = [curve(short, seconds) for curve in (by_bmcs, by_sessions, by_sensors)]
    return [*curves, *by_entries(short, seconds)]


if __name__ == "__main__":
    main(measure)
