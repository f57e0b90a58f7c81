"""Who is there."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from baseboard.client.discover import Found, discover, look
from baseboard.rmcp import asf
from baseboard.testing.scripted import Script
from tests.client.lan_bench import HOST, V15, Bench, bench, kind, on_virtual_time

CAPABILITIES = (0x06, 0x38)


async def found(at: Bench, **options: Any) -> Found | None:
    return await look(HOST, port=at.port, **options)


def test_a_bmc_of_both_versions() -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            one = await found(at)
            assert one is not None
            assert (one.host, one.address, one.port) == (HOST, HOST, at.port)
            assert (one.pong, one.ipmi, one.versions) == (True, True, ("1.5", "2.0"))
            assert one.auth_types == ("MD2", "MD5", "straight password / key")
            assert not one.kg_set
            assert not at.table.sessions

    on_virtual_time(main())


def test_a_bmc_of_v20_with_a_key() -> None:
    async def main() -> None:
        from baseboard.bmc.blueprint import LanSpec

        async with bench(lan=LanSpec(kg=b"key")) as at:
            one = await found(at)
            assert one is not None
            assert (one.versions, one.auth_types, one.kg_set) == (("2.0",), (), True)

    on_virtual_time(main())


@pytest.mark.parametrize("kept", [-2, -1, 0])
def test_each_of_the_three_questions_may_be_kept_back(kept: int) -> None:
    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda data: None if kind(data) == kept else data
            one = await found(at)
            assert one is not None
            assert (one.pong, one.ipmi) == (kept != -2, True)

    on_virtual_time(main())


def test_a_pong_alone_is_something() -> None:
    def back(data: bytes) -> bytes | None:
        return asf.Pong(0x42, 0x81, 0, 343).encode() if kind(data) == -2 else None

    async def main() -> None:
        async with bench() as at:
            at.relay.back = back
            one = await found(at, timeout=0.2)
            assert one is not None
            assert (one.pong, one.ipmi, one.versions, one.manufacturer) == (True, True, (), 343)
            at.relay.back = lambda data: asf.Pong(0x42, 0x01).encode() if kind(data) == -2 else None
            one = await found(at, timeout=0.2)
            assert one is not None
            assert (one.ipmi, one.manufacturer) == (False, None)

    on_virtual_time(main())


def test_a_bmc_of_v15_alone_and_with_a_maker() -> None:
    async def main() -> None:
        answer = b"\0\x01\x26\x07\x00\x7c\x2a\x00\x00"
        async with bench(Script({CAPABILITIES: answer})) as at:
            one = await found(at)
            assert one is not None
            assert (one.versions, one.manufacturer) == (("1.5",), 10876)
            assert (one.anonymous, one.null_users) == (True, True)
            assert one.auth_types[-1] == "OEM proprietary"

    on_virtual_time(main())


def test_nobody() -> None:
    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda _: None
            assert await found(at, timeout=0.2) is None
        assert await look("no..name") is None

    asyncio.run(main())


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_a_range(at_once: int) -> None:
    """Whoever answers is told when he does; those who do not hold nobody up."""

    async def main() -> None:
        async with bench() as at:
            addresses = [HOST, "127.9.9.9", "no..name", HOST]
            seen = [
                one
                async for one in discover(addresses, port=at.port, timeout=0.2, retries=0, at_once=at_once)
            ]
            assert [one.host for one in seen] == [HOST, HOST]

    asyncio.run(main())


def test_it_may_be_left_early() -> None:
    async def main() -> None:
        async with bench() as at:
            everyone = discover([HOST, "127.9.9.9"], port=at.port, timeout=100.0)
            async for one in everyone:
                assert one.address == HOST
                break
            await everyone.aclose()  # type: ignore[attr-defined]  # it is a generator

    on_virtual_time(main())


def test_no_addresses() -> None:
    async def main() -> None:
        assert [one async for one in discover([])] == []

    on_virtual_time(main())


def test_an_ipv6_address() -> None:
    async def main() -> Found | None:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as silent:
            silent.bind(("::1", 0))
            return await look("::1", port=silent.getsockname()[1], timeout=0.2)

    assert on_virtual_time(main()) is None
