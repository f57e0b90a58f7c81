"""Fleet: the power status of 1,000 BMCs, one process.

All are the bare responder in C, at an address each. Ours is told twice: the whole process, and without its
start, which is the time of the same line for one BMC.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import partial

from bench import peers
from bench.console_sensors import freeipmi, ours
from bench.measuring import OURS, Table, interleave, main, picked, rounds

HOSTS = 1000
FEWER = 100


def hosts(server: peers.Server, count: int) -> peers.Server:
    """So many of the responder's addresses, as both programs take them."""
    address = f"127.0.[0-{count // 250 - 1}].[1-250]" if count >= 250 else f"127.0.0.[1-{count}]"
    return peers.Server(server.name, address, server.port, server.pid, count)


def spent(words: Sequence[str], cache: str, lines: int = 1) -> tuple[float, float]:
    """Wall-clock and processor seconds of a process, which prints so many lines at least."""
    surroundings = {**peers.surroundings(), "HOME": cache, "XDG_CACHE_HOME": cache}
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, env=surroundings, check=False)
    took, after = time.perf_counter() - started, os.times()
    if done.returncode or len(done.stdout.splitlines()) < lines:
        raise peers.PeerError(f"{' '.join(words)}\nexit code {done.returncode}\n{done.stderr}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return took, used


def besides_start(many: Sequence[str], two: Sequence[str], cache: str) -> tuple[float, float]:
    """The same of a line with many BMCs, less those of a line with two: one alone starts in another way."""
    wall, cpu = spent(many, cache)
    less = spent(two, cache)
    return wall - less[0], cpu - less[1]


def measure(short: bool) -> list[Table]:
    """Seconds on the clock, and of the processor."""
    count = FEWER if short else HOSTS
    wall = Table(
        f"fleet: power status of {count:,} BMCs, one process",
        unit="s",
        peer="ipmipower",
        goal="besides the start: at most 1.0 of ipmipower (0.32 s)",
    )
    cpu = Table(f"fleet: processor time of power status of {count:,} BMCs", unit="s", peer="ipmipower")
    with peers.responder() as server, tempfile.TemporaryDirectory() as cache:
        many = hosts(server, count)
        line, start = ours(many, "power", "status"), ours(hosts(server, 2), "power", "status")
        contenders = {
            "ipmipower": partial(spent, freeipmi("ipmipower", many, "--stat"), cache, count),
            OURS: partial(spent, line, cache),
            f"{OURS}, besides its start": partial(besides_start, line, start, cache),
        }
        measured = interleave(contenders, rounds(short))
    wall.add(f"{count:,} BMCs", picked(measured, 0))
    cpu.add(f"{count:,} BMCs", picked(measured, 1))
    return [wall, cpu]


if __name__ == "__main__":
    main(measure)
