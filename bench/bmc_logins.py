"""BMC: sessions opened and closed one after another, each raised to Administrator before, cipher suite 3.

Five packets each way: Open Session, RAKP 1 and 3, Set Session Privilege Level, Close Session. The client is a
program in C. The peers: OpenIPMI's ``ipmi_sim``, and a responder in C that keeps no state, the floor.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from bench import peers
from bench.measuring import OURS, Table, interleave, main, picked, rounds


def logins(server: peers.Server, seconds: float) -> tuple[float, float]:
    """How many a second, and the processor time of the server for each, microseconds."""
    done = peers.opens(server, seconds=seconds)
    return done.per_second, done.cpu_us


def measure(short: bool) -> list[Table]:
    """Two tables of one run: the rate, and the server's time."""
    seconds = 0.3 if short else 1.0
    rate = Table(
        "BMC: sessions opened and closed, one after another, suite 3",
        unit="sessions/s",
        peer="ipmi_sim",
        goal="at least 1.0 of ipmi_sim",
        more_is_better=True,
    )
    cost = Table("BMC: processor time for one session opened and closed", unit="µs", peer="ipmi_sim")
    with ExitStack() as started:
        (ours,) = started.enter_context(peers.lab())
        servers = {
            "ipmi_sim": started.enter_context(peers.ipmi_sim()),
            "C responder": started.enter_context(peers.responder()),
            OURS: ours,
        }
        taking_part = {who: partial(logins, server, seconds) for who, server in servers.items()}
        measured = interleave(taking_part, rounds(short, 9))
    rate.add("open, raise, close", picked(measured, 0))
    cost.add("open, raise, close", picked(measured, 1))
    return [rate, cost]


if __name__ == "__main__":
    main(measure)
