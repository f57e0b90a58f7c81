"""Fleet: 100 sensors of 1,000 BMCs, their records kept from before, one process.

All are the bare responder in C, at an address each. FreeIPMI asks 64 at a time, as ours does by itself.
"""

from __future__ import annotations

import tempfile
from functools import partial

from bench import peers
from bench.console_sensors import SENSORS, freeipmi, ours
from bench.fleet_power import FEWER, HOSTS, hosts, spent
from bench.measuring import OURS, Table, interleave, main, picked, rounds

AT_ONCE = "64"


def one_by_one(server: peers.Server, count: int) -> list[str]:
    """The same addresses as `hosts`: ipmi-sensors knows no range in front of a port."""
    if count < 250:
        return [f"127.0.0.{last}:{server.port}" for last in range(1, count + 1)]
    return [f"127.0.{net}.{last}:{server.port}" for net in range(count // 250) for last in range(1, 251)]


def measure(short: bool) -> list[Table]:
    """Seconds on the clock, and of the processor."""
    count = FEWER if short else HOSTS
    what = f"{SENSORS} sensors of {count:,} BMCs, records kept"
    wall = Table(f"fleet: {what}", unit="s", peer="FreeIPMI", goal="at most 3 s (FreeIPMI 6.7 s)")
    cpu = Table(
        f"fleet: processor time of {what}", unit="s", peer="FreeIPMI", goal="at most 4 s (FreeIPMI 10.6 s)"
    )
    with peers.responder(sensors=SENSORS) as server, tempfile.TemporaryDirectory() as cache:
        many = hosts(server, count)
        theirs = freeipmi("ipmi-sensors", server, "--quiet-cache", "-F", AT_ONCE)
        theirs[theirs.index("-h") + 1] = ",".join(one_by_one(server, count))
        line = ours(many, "sdr", "list")
        for words in (theirs, line):
            spent(words, cache)  # now the records are kept
        contenders = {
            "FreeIPMI": partial(spent, theirs, cache, SENSORS * count),
            OURS: partial(spent, line, cache, SENSORS),
        }
        measured = interleave(contenders, rounds(short, usual=3))
    wall.add(f"{count:,} BMCs", picked(measured, 0))
    cpu.add(f"{count:,} BMCs", picked(measured, 1))
    return [wall, cpu]


if __name__ == "__main__":
    main(measure)
