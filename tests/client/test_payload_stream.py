"""`Payload`: a stream of datagrams that ends with its session, and loses what nobody reads."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.client.payload_stream import KEPT, Payload
from baseboard.errors import LocalProtocolError, SessionClosed
from tests.client.payload_bench import Echo, payload_bench


async def test_datagrams_are_iterated_until_it_is_closed() -> None:
    async with payload_bench(Echo()) as (bmc, _):
        one = await bmc.payloads.open(0x21)
        for text in (b"ab", b"cd"):
            one.send(text)
        got = []
        async for data in one:
            got.append(data)
            if len(got) == 2:
                await one.close()
                await one.close()
        assert got == [b"ba", b"dc"]
        assert one.closed
        with pytest.raises(LocalProtocolError, match="closed"):
            one.send(b"late")
        assert await one.receive() is None


async def test_waiting_has_an_end() -> None:
    async with payload_bench(Echo()) as (bmc, _), bmc.payloads.open(0x21) as one:
        assert await one.receive(0.01) is None
        assert not one.closed
        with pytest.raises(LocalProtocolError, match="101 bytes; the controller takes 100"):
            one.send(bytes(101))


async def test_with_the_session_it_is_over() -> None:
    async with payload_bench(Echo()) as (bmc, _):
        one = await bmc.payloads.open(0x21)
        waiting = asyncio.ensure_future(one.receive())
        await bmc.interface.close()
        assert await waiting is None
        with pytest.raises((SessionClosed, LocalProtocolError)):
            one.send(b"late")
        await one.close()


async def test_what_nobody_reads_is_lost_from_the_oldest_on() -> None:
    async with payload_bench(Echo()) as (bmc, _), bmc.payloads.open(0x21) as one:
        for number in range(KEPT + 3):
            one._received(b"%d" % number)
        assert one.lost == 3
        assert await one.receive() == b"3"


async def test_before_it_is_open_it_knows_nothing() -> None:
    async def never(receive: object) -> None:
        raise AssertionError("it was activated")

    one = Payload(never)  # type: ignore[arg-type]  # it is never called
    with pytest.raises(LocalProtocolError, match="not open yet"):
        one.send(b"x")
    await one.close()
    async with payload_bench(Echo()) as (bmc, _):
        opened = await bmc.payloads.open(0x21)
        async with opened as same:
            assert same is opened
        assert opened.closed
