"""BMC: Add SEL Entry, acknowledged when the entry is on the disk (``baseboard bmc run --store``), suite 3.

Only entries that were acknowledged with 00h count; any other answer ends the script. Each round starts the
server anew, with an empty log that has room for all of them, over a new store in the folder where the C
programs are kept. ``ipmi_sim`` writes its log into a file for each entry, all of it, and does not wait until
that is on the disk. The last table tells what the disk takes by itself.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from bench import peers
from bench.measuring import OURS, Table, interleave, main, rounds

# Sessions, and requests in flight of each.
LOADS = ((1, 1), (1, 4), (10, 1), (10, 4))
ROOM = 0xFFFE
# A record of type 02h, a temperature that went over a threshold; the log sets its ID and time.
ADD = "0x0a,0x44,0000020000000020000401015701ffff"
BLOCK = 4096


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder on the disk that keeps the C programs: /tmp may be memory, where syncing costs nothing."""
    kept = Path(peers.bmcbench()).parent
    with tempfile.TemporaryDirectory(dir=kept) as name:
        yield Path(name)


def ours(sessions: int, in_flight: int, seconds: float) -> float:
    """Entries a second that our BMC takes."""
    with folder() as store, peers.bmcs(sensors=0, store=store, sel_capacity=ROOM) as server:
        return _added(server, sessions, in_flight, seconds)


def theirs(sessions: int, in_flight: int, seconds: float) -> float:
    """Entries a second that ipmi_sim takes."""
    with peers.ipmi_sim(sensors=0, sel_capacity=ROOM) as server:
        return _added(server, sessions, in_flight, seconds)


def _added(server: peers.Server, sessions: int, in_flight: int, seconds: float) -> float:
    done = peers.load(server, seconds=seconds, sessions=sessions, in_flight=in_flight, request=ADD)
    return done.per_second


def synced(count: int, *, over: bool) -> float:
    """How long the disk takes for a block until it is there, the median of so many, microseconds.

    Args:
        over: write over what is there already, as a write-ahead log does that has been round once.
    """
    taken: list[float] = []
    with folder() as place, (place / "file").open("wb", buffering=0) as file:
        if over:
            file.write(bytes(BLOCK * count))
            os.fsync(file.fileno())
            file.seek(0)
        for _ in range(count):
            file.write(b"\x5a" * BLOCK)
            before = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - before)
    return median(taken) * 1e6


def measure(short: bool) -> list[Table]:
    """Two tables: entries a second, and what the disk takes for one block."""
    seconds = 0.2 if short else 0.6
    added = Table(
        "BMC: SEL entries added, each on the disk before its answer, suite 3",
        unit="entries/s",
        peer="ipmi_sim",
        goal="at least 2,000 with 1 session and 10,000 with 10",
        more_is_better=True,
        note="ipmi_sim writes all of its log for each, and does not wait for the disk.",
    )
    for sessions, in_flight in LOADS:
        taking_part = {
            "ipmi_sim": partial(theirs, sessions, in_flight, seconds),
            OURS: partial(ours, sessions, in_flight, seconds),
        }
        work = f"{sessions} session{'s' * (sessions > 1)}, {in_flight} in flight"
        added.add(work, interleave(taking_part, rounds(short)))
    disk = Table("The disk by itself: fdatasync after a block of 4 KiB, the median of 200", unit="µs")
    for work, over in (("appended", False), ("written over another", True)):
        disk.add(work, interleave({"disk": partial(synced, 200, over=over)}, rounds(short)))
    return [added, disk]


if __name__ == "__main__":
    main(measure)
