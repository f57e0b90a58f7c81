"""One console of a library, at a serial port with a `bench.far_end`: keys echoed, 64 KiB down, 8 KiB up.

``python -m bench.sol_console baseboard|pyghmi PORT KEYS DOWNS UPS`` prints a JSON object. It is a
process of its own for each, since pyghmi keeps sockets and threads of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple

import baseboard
from baseboard.client.sol_stream import SolStream
from bench.far_end import DOWN, UP, digest
from bench.peers import PASSWORD, USERNAME

Enough = Callable[[bytearray], bool]
Heard = Callable[[Enough], Awaitable[bytearray]]


class Figures(NamedTuple):
    """Seconds that each took: a key and its echo, 64 KiB down, 8 KiB up with the answer to it."""

    echo: list[float]
    down: list[float]
    up: list[float]


def has(key: bytes, data: bytearray) -> bool:
    """Whether the echo is there."""
    return key in data


async def measured(
    write: Callable[[bytes], Awaitable[None]], heard: Heard, keys: int, downs: int, ups: int
) -> Figures:
    """Type and listen as `Figures` says; what arrives must be what was sent."""
    figures = Figures([], [], [])
    for number in range(keys):
        key = bytes((ord("a") + number % 26,))
        begun = time.perf_counter()
        await write(key)
        await heard(partial(has, key))
        figures.echo.append(time.perf_counter() - begun)
    for _ in range(downs):
        begun = time.perf_counter()
        await write(b"D")
        came = await heard(lambda data: len(data) >= len(DOWN))
        figures.down.append(time.perf_counter() - begun)
        assert came == DOWN, "what came down is not what was sent"
    for _ in range(ups):
        begun = time.perf_counter()
        await write(b"U" + UP)
        told = await heard(lambda data: data.endswith(b">"))
        figures.up.append(time.perf_counter() - begun)
        assert told == digest(UP), "what went up is not what was typed"
    return figures


async def ours(port: int, keys: int, downs: int, ups: int) -> Figures:
    """Our library."""
    login: dict[str, Any] = {"username": USERNAME, "password": PASSWORD, "cipher_suite": 3}
    async with baseboard.connect("127.0.0.1", port=port, **login) as bmc, bmc.sol.open() as stream:
        return await measured(stream.write, lambda enough: _heard(stream, enough), keys, downs, ups)


async def _heard(stream: SolStream, enough: Enough) -> bytearray:
    data = bytearray()
    while not enough(data):
        item = await stream.read()
        assert isinstance(item, bytes), f"a gap: {item}"
        assert item, f"over: {stream.ending}"
        data += item
    return data


async def pyghmis(port: int, keys: int, downs: int, ups: int) -> Figures:
    """Pyghmi's library, driven as its own console is: it hears while it is waited for."""
    from pyghmi.ipmi.console import Console

    came = bytearray()

    def hear(data: Any) -> None:
        if isinstance(data, (bytes, bytearray)):
            came.extend(data)

    console = Console("127.0.0.1", USERNAME, PASSWORD, port=port, iohandler=hear, force=True)

    async def write(data: bytes) -> None:
        console.send_data(data)

    async def heard(enough: Enough) -> bytearray:
        until = time.monotonic() + 30
        while not enough(came):
            assert time.monotonic() < until, f"only {len(came)} characters came"
            console.wait_for_rsp(0.5)
        data = came[:]
        came.clear()
        return data

    while not console.connected:
        console.wait_for_rsp(0.1)
    try:
        return await measured(write, heard, keys, downs, ups)
    finally:
        console.close()


def main() -> None:
    """Measure one console, and print its figures."""
    who, *numbers = sys.argv[1:]
    console = {"baseboard": ours, "pyghmi": pyghmis}[who]
    print(json.dumps(asyncio.run(console(*map(int, numbers)))._asdict()))


if __name__ == "__main__":
    main()
