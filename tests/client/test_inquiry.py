"""Questions before a session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from baseboard.client.inquiry import MOST_BLOCKS, Inquiry
from baseboard.client.sockets import peer
from baseboard.errors import NoResponse
from baseboard.rmcp.discovery import Form
from baseboard.rmcp.flight import Pace
from baseboard.testing.scripted import Script
from tests.client.lan_bench import HOST, V15, Bench, bench, kind, on_virtual_time

CAPABILITIES, SUITES = (0x06, 0x38), (0x06, 0x54)


@asynccontextmanager
async def inquiry(at: Bench, form: Form = Form.V15 | Form.V20) -> AsyncIterator[Inquiry]:
    asking = Inquiry(await peer(HOST, at.port), Pace(0.5, 0.0, 2), form=form)
    try:
        yield asking
    finally:
        asking.close()


def test_both_wrappers_at_once() -> None:
    async def main() -> None:
        async with bench(lan=V15) as at, inquiry(at) as asking:
            said = await asking.capabilities(4)
            assert said is not None
            assert (said.supports_v15, said.supports_v20) == (True, True)
            assert asking.answered
            assert sorted(kind(data) for data in at.relay.sent) == [-1, 0]

    on_virtual_time(main())


@pytest.mark.parametrize(("form", "kept"), [(Form.V15, 0), (Form.V20, -1)])
def test_one_wrapper_is_enough(form: Form, kept: int) -> None:
    """Q-V15WRAP."""

    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda data: None if kind(data) == kept else data
            async with inquiry(at) as asking:
                assert await asking.capabilities(4) is not None
            async with inquiry(at, form) as asking:
                assert await asking.capabilities(4) is not None
            at.relay.there = lambda data: data if kind(data) == kept else None
            async with inquiry(at, form) as asking:
                assert await asking.capabilities(4) is None
                assert not asking.answered

    on_virtual_time(main())


def test_an_old_bmc_is_asked_in_the_old_form() -> None:
    def old(data: bytes) -> bytes:
        return b"\xcc" if data[0] & 0x80 else b"\0\x01\x04\x04\0\0\0\0\0"

    async def main() -> None:
        async with bench(Script({CAPABILITIES: old})) as at, inquiry(at) as asking:
            said = await asking.capabilities(4)
            assert said is not None
            assert not said.has_extended
            at.script.lines[CAPABILITIES] = b"\xcc"
            assert await asking.capabilities(4) is None
            at.script.lines[CAPABILITIES] = b"\0\x01"
            assert await asking.capabilities(4) is None

    on_virtual_time(main())


def test_ping() -> None:
    async def main() -> None:
        async with bench() as at, inquiry(at) as asking:
            pong = await asking.ping(1.0)
            assert pong is not None
            assert pong.supports_ipmi
            assert pong is asking.pong
        async with bench() as at, inquiry(at) as asking:
            at.relay.there = lambda _: None
            assert await asking.ping(1.0) is None

    on_virtual_time(main())


def test_the_suites_that_are_listed() -> None:
    async def main() -> None:
        async with bench() as at, inquiry(at) as asking:
            listed = await asking.suites()
            assert listed is not None
            assert [record.id for record in listed] == [3, 17]
            for answer in (b"\xc1", None, b""):
                at.script.lines[SUITES] = answer if answer != b"" else b"\0"
                assert await asking.suites() is None

    on_virtual_time(main())


def test_a_list_that_never_ends_is_cut() -> None:
    """Q-CIPHERLIE."""

    async def main() -> None:
        block = b"\0\x01" + bytes((0xC0, 3, 1, 0x41, 0x81)) * 3 + b"\x81"
        async with bench(Script({SUITES: block})) as at, inquiry(at, Form.V15) as asking:
            assert await asking.suites()
            assert at.asked().count(SUITES) == MOST_BLOCKS

    on_virtual_time(main())


def test_silence_is_an_error_of_the_question() -> None:
    async def main() -> None:
        async with bench(Script({(0x06, 0x37): None})) as at, inquiry(at) as asking:
            with pytest.raises(NoResponse, match="3 attempts"):
                await asking.ask(0x06, 0x37, b"")

    on_virtual_time(main())


def test_what_was_asked_ends_with_the_inquiry() -> None:
    async def main() -> None:
        async with bench(Script({(0x06, 0x37): None})) as at:
            async with inquiry(at) as asking:
                task = asyncio.create_task(asking.ask(0x06, 0x37, b""))
                await at.relay.has_sent(2)
            with pytest.raises(asyncio.CancelledError):
                await task

    on_virtual_time(main())
