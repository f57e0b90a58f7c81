"""Console: Get Device ID as bare bytes over one session, suite 3, against a responder in C that is no limit.

One in flight: libfreeipmi (a small C program), python-ipmi, and ours: the asynchronous library, its
declared request, and the synchronous classes. Many at once: what `Bmc.many` and a plain ``asyncio.gather``
make of it; how many requests the BMC bears at a time is found out by the library, as it is for every user.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pyipmi
import pyipmi.interfaces

import baseboard
import baseboard.sync
from baseboard.client.bmc import Bmc
from baseboard.commands.app.device import GetDeviceId
from bench import peers
from bench.measuring import OURS, Table, interleave, main, rounds

FREEIPMI = "libfreeipmi"
TURN = 50
"""Requests between two looks at the clock."""

WINDOW = 500
"""Requests that are asked for at once."""

Rate = Callable[[], float]


def repeated(ask: Callable[[], object], seconds: float) -> float:
    """Ask one after the other for so long; requests a second."""
    began, done, passed = time.perf_counter(), 0, 0.0
    while passed < seconds:
        for _ in range(TURN):
            ask()
        done += TURN
        passed = time.perf_counter() - began
    return done / passed


def libfreeipmi(server: peers.Server, seconds: float) -> float:
    program = peers.native("freeipmi_raw", "freeipmi")
    place = f"{server.address}:{server.port}"
    command = [program, place, peers.USERNAME, peers.PASSWORD, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    requests, passed, _cpu = map(float, done.stdout.split())
    return requests / passed


def python_ipmi(server: peers.Server, seconds: float) -> float:
    interface = pyipmi.interfaces.create_interface("rmcpplus", cipher_suite=3, keep_alive_interval=0)
    connection: Any = pyipmi.create_connection(interface)
    connection.target = pyipmi.Target(ipmb_address=0x20)
    connection.session.set_session_type_rmcp(server.address, server.port)
    connection.session.set_auth_type_user(peers.USERNAME, peers.PASSWORD)
    connection.open()
    try:
        return repeated(lambda: connection.send_raw(0, 6, b"\x01"), seconds)
    finally:
        connection.close()


def synchronous(server: peers.Server, seconds: float) -> float:
    connection = baseboard.sync.connect(
        server.address, username=peers.USERNAME, password=peers.PASSWORD, port=server.port, cipher_suite=3
    )
    with connection as bmc:
        return repeated(lambda: bmc.raw(6, 1), seconds)


async def one_by_one(ask: Callable[[], Awaitable[object]], seconds: float) -> float:
    began, done, passed = time.perf_counter(), 0, 0.0
    while passed < seconds:
        for _ in range(TURN):
            await ask()
        done += TURN
        passed = time.perf_counter() - began
    return done / passed


async def raw(bmc: Bmc, seconds: float) -> float:
    return await one_by_one(lambda: bmc.raw(6, 1), seconds)


async def declared(bmc: Bmc, seconds: float) -> float:
    return await one_by_one(lambda: bmc.execute(GetDeviceId()), seconds)


async def many(bmc: Bmc, seconds: float) -> float:
    requests = [GetDeviceId()] * WINDOW
    await bmc.many(requests[:16])  # a BMC that nobody has met is probed first, once for each firmware
    return WINDOW * await _turns(lambda: bmc.many(requests), seconds)


async def gathered(bmc: Bmc, seconds: float) -> float:
    await bmc.many([GetDeviceId()] * 16)
    return WINDOW * await _turns(lambda: asyncio.gather(*(bmc.raw(6, 1) for _ in range(WINDOW))), seconds)


async def _turns(turn: Callable[[], Awaitable[object]], seconds: float) -> float:
    began, done = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds or not done:
        await turn()
        done += 1
    return done / passed


def ours(
    work: Callable[[Bmc, float], Awaitable[float]], server: peers.Server, cache: str, seconds: float
) -> float:
    async def run() -> float:
        async with baseboard.connect(
            server.address,
            username=peers.USERNAME,
            password=peers.PASSWORD,
            port=server.port,
            cipher_suite=3,
            cache=cache,
        ) as bmc:
            return await work(bmc, seconds)

    return asyncio.run(run())


def measure(short: bool) -> list[Table]:
    """Two tables: one request in flight, and many."""
    seconds = 0.3 if short else 2.0
    single = Table(
        "Console: raw requests, one in flight, suite 3",
        unit="requests/s",
        peer=FREEIPMI,
        goal="at least 1.0 of libfreeipmi",
        more_is_better=True,
    )
    several = Table(
        "Console: raw requests, many at once, suite 3",
        unit="requests/s",
        goal="at least 40,000",
        more_is_better=True,
        note=f"{OURS} finds out that this BMC bears 16 at a time.",
    )
    with peers.responder() as server, tempfile.TemporaryDirectory() as cache:
        contenders: dict[str, Rate] = {
            FREEIPMI: partial(libfreeipmi, server, seconds),
            "python-ipmi": partial(python_ipmi, server, seconds),
            OURS: partial(ours, raw, server, cache, seconds),
            f"{OURS}, declared": partial(ours, declared, server, cache, seconds),
            f"{OURS}, synchronous": partial(synchronous, server, seconds),
        }
        single.add("Get Device ID", interleave(contenders, rounds(short)))
        for work, function in (("Bmc.many", many), ("asyncio.gather", gathered)):
            contender = {OURS: partial(ours, function, server, cache, seconds)}
            several.add(work, interleave(contender, rounds(short)))
    return [single, several]


if __name__ == "__main__":
    main(measure)
