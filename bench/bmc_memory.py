"""BMC: what an idle one takes of memory and of the processor, and how long many take to start.

Baseboard's BMCs are all in one process: the memory of one is that of the process with many less that with a
few, over the BMCs that are more. ipmi_sim has a process for each. The last table says what the memory of one
consists of, by type; the sizes are those of the objects, without what the allocator loses between them.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from baseboard.bmc.blueprint import Blueprint, UserSpec
from baseboard.bmc.configuration.building import stable_guid
from baseboard.bmc.configuration.endpoints import endpoints
from baseboard.bmc.hosts import host_of
from baseboard.bmc.makeups import makeup
from baseboard.bmc.server import Place, Server
from bench import peers
from bench.measuring import OURS, Table, interleave, main, rounds
from tests.interop.simulator import free_port

FEW = 10
SETTLED_S = 11.0  # by then each BMC has looked at its sensors once, and sleeps
WATCHED_S = 5.0
COUNTED = 100  # BMCs whose objects are counted
TYPES = 15  # types that the table names
SENSORS = 100


def measure(short: bool) -> list[Table]:
    many = 200 if short else 10_000
    return [memory(many, rounds(short, 3)), start(many, rounds(short, 3)), idle(many, short), breakdown()]


def memory(many: int, times: int) -> Table:
    """An idle BMC of ours beside one of ipmi_sim."""
    title = f"Memory of an idle BMC with {SENSORS} sensors, 20 FRU fields and a SEL, {many:,} in the process"
    table = Table(
        title, unit="KiB", peer="ipmi_sim", goal="at most 20 KiB", note="ipmi_sim: a process for each"
    )
    contenders = {"ipmi_sim": _of_ipmi_sim, OURS: lambda: _of_one(many)}
    table.add("idle BMC", interleave(contenders, times))
    return table


def _of_ipmi_sim() -> float:
    with peers.ipmi_sim(sensors=SENSORS) as server:
        return peers.memory_bytes(server.pid) / 1024


def _of_one(many: int) -> float:
    used: list[int] = []
    for count in (FEW, many):
        with peers.bmcs(count, sensors=SENSORS) as server:
            used.append(peers.memory_bytes(server.pid))
    return (used[1] - used[0]) / (many - FEW) / 1024


def start(many: int, times: int) -> Table:
    """From the command to the moment when all of them answer, in three ways to start them."""
    table = Table(f"Start of {many:,} BMCs until all of them answer", unit="s", goal="at most 5 s of 10,000")
    port = str(free_port("0.0.0.0"))  # noqa: S104 - one socket takes this port at every loopback address

    def by_lab() -> float:
        began = time.monotonic()
        login = ("--username", peers.USERNAME, "--password", peers.PASSWORD)
        spread = ("--count", str(many), "--spread", "addresses", "--port", port)
        with peers.lab(*spread, *login):
            return time.monotonic() - began

    def by_file() -> float:
        began = time.monotonic()
        with peers.bmcs(many, sensors=SENSORS):
            return time.monotonic() - began

    ways: dict[str, Callable[[], float]] = {
        "baseboard lab": by_lab,
        f"baseboard bmc run, {SENSORS} sensors": by_file,
        "the Python API": lambda: asyncio.run(_by_api(many, int(port))),
    }
    for way, how in ways.items():
        table.add(way, interleave({OURS: how}, times))
    return table


async def _by_api(many: int, port: int) -> float:
    began = time.monotonic()
    server = Server()
    try:
        _add(server, _described(many, port))
        written = asyncio.get_running_loop().create_future()
        server.store.durable(written.set_result)
        await written
        return time.monotonic() - began
    finally:
        await server.close()


def idle(many: int, short: bool) -> Table:
    """What BMCs take of a processor to which nothing happens."""
    table = Table(f"Processor that {many:,} idle BMCs take", unit="% of one", goal="next to nothing")
    with peers.bmcs(many, sensors=SENSORS) as server:
        time.sleep(SETTLED_S)
        shares: list[dict[str, float]] = []
        for _ in range(rounds(short, 3)):
            before = server.cpu()
            time.sleep(WATCHED_S)
            shares.append({OURS: (server.cpu() - before) / WATCHED_S * 100})
    table.add("idle BMCs", shares)
    return table


def breakdown() -> Table:
    """What the memory of a BMC of the lab consists of."""
    sizes, numbers = asyncio.run(_counted())
    table = Table("Objects of one idle BMC of the lab", unit="bytes", note="and how many of them there are")
    table.add("all", [{OURS: sum(sizes.values()) / COUNTED}])
    for kind, size in sizes.most_common(TYPES):
        work = f"{kind.removeprefix('builtins.')}, {numbers[kind] / COUNTED:.1f}"
        table.add(work, [{OURS: size / COUNTED}])
    return table


async def _counted() -> tuple[Counter[str], Counter[str]]:
    """Bytes and numbers of the objects that are there for more BMCs, by type."""
    described = _described(FEW + COUNTED, free_port("0.0.0.0"))  # noqa: S104 - see above
    server = Server()
    try:
        _add(server, [next(described) for _ in range(FEW)])
        await asyncio.sleep(SETTLED_S)
        gc.collect()
        before = _everything()
        _add(server, described)
        await asyncio.sleep(SETTLED_S)
        gc.collect()
        sizes: Counter[str] = Counter()
        numbers: Counter[str] = Counter()
        for place, one in _everything(but=before).items():
            if place in before:
                continue
            kind = f"{type(one).__module__}.{type(one).__qualname__}"
            # The allocator rounds up to 16.
            sizes[kind] += -(-sys.getsizeof(one) // 16) * 16
            numbers[kind] += 1
        return sizes, numbers
    finally:
        await server.close()


def _everything(but: object = None) -> dict[int, object]:
    """Every object that can be reached from those that the garbage collector knows, by its identity.

    Args:
        but: an object that is none of them, nor what only it holds.
    """
    begin = [one for one in gc.get_objects() if one is not but]
    found = {id(one): one for one in begin}
    stack = list(begin)
    while stack:
        for one in gc.get_referents(stack.pop()):
            if id(one) not in found and one is not but:
                found[id(one)] = one
                stack.append(one)
    return found


def _described(many: int, port: int) -> Iterator[tuple[Blueprint, Place]]:
    """Servers of the lab, one at each address."""
    users = (UserSpec(2, peers.USERNAME.encode(), peers.PASSWORD.encode(), 16),)
    for number, place in enumerate(endpoints("127.0.0.1", port, many, "addresses")):
        name = f"server-{number + 1}"
        made = makeup(
            number, name, stable_guid(name), users=users, ip=place.host, port=place.port, powered=True
        )
        yield made, place


def _add(server: Server, described: Iterable[tuple[Blueprint, Place]]) -> None:
    for blueprint, place in described:
        server.add(blueprint, host_of, place)


if __name__ == "__main__":
    main(measure)
