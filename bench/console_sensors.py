"""Console: 100 sensors of a BMC that is 2 ms away, with the records kept from before and without them.

Each contender's time is told twice: of the whole process, and without what the process needs for anything at
all (its start, the login), which is the time of the same program asking for the power status. Ours is
measured inside of one process too, by the library: what a program that stays has to wait for. Where the BMC
bears several requests at a time, ours has them under way (that is found out once for each firmware, and
remembered); the packets are counted where it may have one under way alone.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from baseboard.client.connect import connect
from baseboard.client.profile import Profile
from bench import peers
from bench.counting import counted
from bench.measuring import OURS, Table, interleave, main, picked, rounds

SENSORS, DELAY_US = 100, 1000
OPERATION = "Baseboard, in a process that runs"
# The folder of a run, in a line of FreeIPMI's, which does not ask the environment where its home is.
CACHE = "{cache}"


def run(words: Sequence[str], cache: str) -> float:
    """Milliseconds of a process, which has its home and its caches in a folder."""
    words = [word.replace(CACHE, cache) for word in words]
    surroundings = {**peers.surroundings(), "HOME": cache, "XDG_CACHE_HOME": cache}
    started = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, env=surroundings, check=False)
    took = (time.perf_counter() - started) * 1e3
    if done.returncode or not done.stdout:
        raise peers.PeerError(f"{' '.join(words)}\nexit code {done.returncode}\n{done.stderr}")
    return took


def ours(server: peers.Server, *words: str) -> list[str]:
    """A line of ours, as a user types it."""
    login = ["-U", peers.USERNAME, "-P", peers.PASSWORD]
    return [peers.BASEBOARD, "-H", f"{server.address}:{server.port}", *login, *words]


def freeipmi(program: str, server: peers.Server, *words: str) -> list[str]:
    """A line of FreeIPMI's, with the suite that all others take; ipmi_sim wants the level in Open Session."""
    login = [
        "-u",
        peers.USERNAME,
        "-p",
        peers.PASSWORD,
        "-D",
        "LAN_2_0",
        "-I",
        "3",
        "-l",
        "ADMIN",
        "-W",
        "opensesspriv",
    ]
    return [program, "-h", f"{server.address}:{server.port}", *login, *words]


def ipmitool(server: peers.Server, *words: str) -> list[str]:
    """A line of ipmitool's."""
    place = ["-H", server.address, "-p", str(server.port)]
    return [
        "ipmitool",
        "-I",
        "lanplus",
        *place,
        "-U",
        peers.USERNAME,
        "-P",
        peers.PASSWORD,
        "-C",
        "3",
        *words,
    ]


def library(server: peers.Server, cache: str, *, cold: bool) -> float:
    """Milliseconds of reading all sensors within a session that is open."""

    async def operation() -> float:
        async with connect(
            server.address, port=server.port, username=peers.USERNAME, password=peers.PASSWORD, cache=cache
        ) as bmc:
            started = time.perf_counter()
            if cold:
                await bmc.sdr.records(refresh=True)
            found = [sensor async for sensor in bmc.sensors()]
            took = (time.perf_counter() - started) * 1e3
            if sum(sensor.reading is not None for sensor in found) != SENSORS:
                raise peers.PeerError(f"{server.name}: {len(found)} sensors")
            return took

    return asyncio.run(operation())


def both(listing: Sequence[str], power: Sequence[str], cache: str, *, cold: bool) -> tuple[float, float]:
    """Milliseconds of a process that lists sensors, and without those of one that asks for the power."""
    if cold:
        with tempfile.TemporaryDirectory() as empty:
            whole = run(listing, empty)
    else:
        whole = run(listing, cache)
    return whole, max(whole - run(power, cache), 0.0)


def contenders(
    server: peers.Server, cache: str, *, cold: bool
) -> dict[str, Callable[[], tuple[float, float]]]:
    """Who lists sensors; ipmitool keeps no records by itself, so that a file of them is given to it."""
    file = str(Path(cache, "records"))
    given = [] if cold else ["-S", file]
    lists = {
        "FreeIPMI": (
            freeipmi("ipmi-sensors", server, "--quiet-cache", "--sdr-cache-directory", CACHE),
            freeipmi("ipmipower", server, "--stat"),
        ),
        "ipmitool": (ipmitool(server, *given, "sdr", "list"), ipmitool(server, "power", "status")),
        OURS: (ours(server, "sdr", "list"), ours(server, "power", "status")),
    }
    if not cold:
        run(ipmitool(server, "sdr", "dump", file), cache)
        run(lists["FreeIPMI"][0], cache)
        run(lists[OURS][0], cache)
    made: dict[str, Callable[[], tuple[float, float]]] = {
        name: partial(both, listing, power, cache, cold=cold) for name, (listing, power) in lists.items()
    }

    def inside() -> tuple[float, float]:
        took = library(server, cache, cold=cold)
        return took, took

    library(server, cache, cold=True)  # what the firmware bears is learned once
    return made | {OPERATION: inside}


def packets(server: peers.Server) -> dict[str, float]:
    """Datagrams that each sends for 100 sensors, login included, records kept, one request under way."""
    with tempfile.TemporaryDirectory() as cache, counted(server) as (relayed, count):
        lines = {
            "FreeIPMI": freeipmi("ipmi-sensors", relayed, "--quiet-cache", "--sdr-cache-directory", CACHE),
            # All with the suite that FreeIPMI is told: ours begins with 17, which ipmi_sim has not.
            OURS: ours(relayed, "-C", "3", "sdr", "list"),
        }
        found: dict[str, float] = {}
        for name, line in lines.items():
            run(line, cache)
            one_at_a_time(Path(cache))
            before = count()
            run(line, cache)
            found[name] = count() - before
        return found


def one_at_a_time(cache: Path) -> None:
    """Have every firmware that was met known as one that bears one request at a time."""
    for file in cache.glob("baseboard/profiles/*.txt"):
        Profile.load(file).replace(depth=1).store(file)


def measure(short: bool) -> list[Table]:
    """The time cached and cold, of ipmi_sim and of a BMC of ours; and the packets."""
    tables: list[Table] = []
    for cold in (False, True):
        kept = "records read first" if cold else "records kept"
        goal = f"in a process that runs: at most {250 if cold else 60} ms"
        what = f"console: {SENSORS} sensors at a round trip of {2 * DELAY_US / 1000:g} ms, {kept}"
        whole = Table(f"{what}: the process", unit="ms", peer="FreeIPMI", goal=goal)
        without = Table(
            f"{what}: the process without what a power status takes", unit="ms", peer="FreeIPMI", goal=goal
        )
        for start in (peers.ipmi_sim, peers.bmcs):
            with (
                start(sensors=SENSORS) as server,
                peers.relay(server, delay_us=DELAY_US) as far,
                tempfile.TemporaryDirectory() as cache,
            ):
                measured = interleave(contenders(far, cache, cold=cold), rounds(short))
            whole.add(f"of {server.name}", picked(measured, 0))
            without.add(f"of {server.name}", picked(measured, 1))
        tables += [whole, without]
    counts = Table(
        f"console: datagrams sent for {SENSORS} sensors, records kept, one request under way",
        unit="datagrams",
        peer="FreeIPMI",
        goal="no more than FreeIPMI",
    )
    with peers.ipmi_sim(sensors=SENSORS) as server:
        counts.add(f"of {server.name}", [packets(server)])
    return [*tables, counts]


if __name__ == "__main__":
    main(measure)
