"""Datagrams that no BMC should send, to a console that logs in and asks: it ends in time, whatever comes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.commands.app.device import GetDeviceId, GetDeviceIdResponse
from baseboard.errors import BaseboardError
from tests.client.lan_bench import bench, on_virtual_time

OPEN = LanSpec(auth_types=0b010111, suites=((0, 4), (3, 4), (17, 4)))
DEADLINE = 20.0
SLACK = 0.01
# A login that is given up may have opened a session meanwhile, which is closed: two short waits at most.
GOODBYE = 2.0

Filter = Callable[[bytes], "bytes | None"]


def cut(length: int) -> Filter:
    """Every datagram at most so long."""
    return lambda data: data[:length]


def longer(more: int) -> Filter:
    """Every datagram with bytes after its end."""
    return lambda data: data + bytes(more)


def flipping(seed: int, least: int) -> Filter:
    """Datagrams with a few bits turned, from an offset on."""
    drawn = random.Random(seed)

    def turned(data: bytes) -> bytes:
        made = bytearray(data)
        for _ in range(drawn.randrange(1, 4) if len(made) > least else 0):
            made[drawn.randrange(least, len(made))] ^= 1 << drawn.randrange(8)
        return bytes(made)

    return turned


def lying(offset: int) -> Filter:
    """A length field that says something else: offset 14 in RMCP+, 13 in v1.5."""
    return lambda data: data[:offset] + b"\xff" + data[offset + 1 :]


def wrong_checksum(data: bytes) -> bytes:
    """The last byte, which is the message's checksum where nothing is encrypted, off by one."""
    return data[:-1] + bytes([(data[-1] + 1) & 0xFF])


def junk(seed: int) -> Filter:
    """Anything at all, some of it beginning as RMCP does."""
    drawn = random.Random(seed)
    return lambda data: data[: drawn.choice((0, 4, 5, 16))] + drawn.randbytes(drawn.randrange(1, 600))


FILTERS: dict[str, Filter] = {
    **{f"cut to {length}": cut(length) for length in range(0, 72, 3)},
    **{f"{more} bytes more": longer(more) for more in (1, 2, 4, 16, 1000)},
    **{f"flipped {seed}": flipping(seed, 0) for seed in range(8)},
    **{f"flipped within {seed}": flipping(seed, 16) for seed in range(8)},
    **{f"length at {offset}": lying(offset) for offset in (13, 14, 15)},
    "wrong checksum": wrong_checksum,
    **{f"junk {seed}": junk(seed) for seed in range(8)},
    "nothing": lambda data: None,
}
LOGINS = [("lanplus", 0), ("lanplus", 3), ("lanplus", 17), ("lan", None)]


async def spoiled(interface: str, suite: int | None, spoil: Filter, *, after_login: bool) -> bool:
    """Log in and ask, the answers being spoiled from the beginning or from the login on.

    Returns: whether a true answer came.
    """
    loop = asyncio.get_running_loop()
    async with bench(lan=OPEN) as at:
        if not after_login:
            at.relay.back = spoil
        start = loop.time()
        options = {"cipher_suite": suite} if interface == "lanplus" else {"auth_type": 2}
        try:
            bmc = await at.login(interface=interface, deadline=DEADLINE, **options)
        except BaseboardError:
            assert loop.time() - start < DEADLINE + GOODBYE + SLACK
            return False
        at.relay.back = spoil
        start = loop.time()
        try:
            answer = await bmc.execute(GetDeviceId(), timeout=DEADLINE)
        except BaseboardError:
            answer = None
        assert loop.time() - start < DEADLINE + SLACK
        start = loop.time()
        await bmc.close()
        assert loop.time() - start < DEADLINE
        return isinstance(answer, GetDeviceIdResponse)


@pytest.mark.parametrize("after_login", [False, True], ids=["from the first packet", "after the login"])
@pytest.mark.parametrize(("interface", "suite"), LOGINS)
def test_spoiled_datagrams_end_in_time(interface: str, suite: int | None, after_login: bool) -> None:
    async def all_kinds() -> None:
        for name, spoil in FILTERS.items():
            answered = await spoiled(interface, suite, spoil, after_login=after_login)
            if name in ("cut to 0", "cut to 3", "nothing"):
                assert not answered, name

    on_virtual_time(all_kinds())


@pytest.mark.parametrize("suite", [3, 17])
def test_nothing_forged_passes_for_an_answer(suite: int) -> None:
    """With integrity on, a packet with one bit turned is dropped, and its repetition is what counts."""

    async def main() -> None:
        for seed in range(12):
            answered = await spoiled("lanplus", suite, flipping(seed, 4), after_login=True)
            assert not answered, seed

    on_virtual_time(main())
