"""`bmc.sol`: opening the console, and what controllers answer to that."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.client.bmc import Bmc
from baseboard.client.sol import ROUNDS, Ending, SolStream
from baseboard.codes import Cc
from baseboard.commands.app.payload import (
    ActivatePayload,
    ActivatePayloadResponse,
    DeactivatePayload,
    GetPayloadInstanceInfo,
    SolActivation,
)
from baseboard.errors import CompletionError, LocalProtocolError
from tests.client.harness import desk
from tests.client.sol_bench import sol_bench, until

ACTIVATE = (0x06, ActivatePayload.command.cmd)
DEACTIVATE = (0x06, DeactivatePayload.command.cmd)
STATUS = (0x06, 0x4A)
INSTANCE = (0x06, GetPayloadInstanceInfo.command.cmd)


async def said(stream: SolStream, wanted: bytes) -> bytes:
    """Read until this was said."""
    text = b""
    while wanted not in text:
        item = await stream.read()
        assert isinstance(item, bytes), item
        assert item, stream.ending
        text += item
    return text


async def typed(bench: Any, wanted: bytes) -> None:
    """Wait until the host has got this."""
    await until(lambda: wanted in bench.serial.typed)


async def test_characters_go_both_ways() -> None:
    async with sol_bench() as bench, bench.bmc.sol.open() as console:
        await console.write(b"ls\r")
        await typed(bench, b"ls\r")
        bench.serial.say(b"bin etc usr\r\n")
        assert await said(console, b"usr\r\n") == b"bin etc usr\r\n"
    assert console.ending is Ending.CLOSED
    assert await console.read() == b""


async def test_it_is_encrypted_where_the_session_can_and_as_asked() -> None:
    """Q-SOLENC, Q-SOLALERT."""
    asked: list[SolActivation] = []

    def activate(data: bytes) -> bytes:
        asked.append(SolActivation.decode(data[2:6]))
        return b"\x80"

    for suite in (17, 2):
        async with sol_bench({ACTIVATE: activate}, suite=suite) as bench:
            with pytest.raises(CompletionError, match="active in another session"):
                await bench.bmc.sol.open()
            with pytest.raises(CompletionError):
                await bench.bmc.sol.open(encrypted=False, handshake=False)
    assert [(one.encrypted, one.authenticated, one.handshake) for one in asked] == [
        (True, True, True),
        (False, True, False),
        (False, True, True),
        (False, True, False),
    ]
    assert {int(one.serial_alerts) for one in asked} == {1}


async def test_sizes_and_ports_that_cannot_be_do_no_harm() -> None:
    """Q-SOLSIZE, Q-SOLPORT: sizes of 0, and a port with its bytes swapped."""
    async with sol_bench() as bench:
        behind = bench.script

        def activate(data: bytes) -> bytes:
            del behind.lines[ACTIVATE]
            bench.services.sol.activate(*_session(bench), encrypted=True, authenticated=True, handshake=True)
            return b"\0" + ActivatePayloadResponse(inbound_size=0, outbound_size=0, port=0x6F02).encode()

        behind.lines[ACTIVATE] = activate
        async with bench.bmc.sol.open() as console:
            await console.write(b"x" * 600)
            await typed(bench, b"x" * 600)


def _session(bench: Any) -> tuple[Any, Any]:
    table = bench.services.tables[1]
    (session,) = table.sessions()
    return table, session


async def test_the_owner_is_named_and_the_console_taken_when_asked_for() -> None:
    """Q-SOLPRESENT."""
    async with sol_bench() as bench, bench.another() as second:
        first = await bench.bmc.sol.open()
        with pytest.raises(CompletionError, match=r"active in session [0-9A-F]{8}h") as refused:
            await second.sol.open()
        assert "take_over" in refused.value.hint
        assert await second.sol.owner() == getattr(bench.bmc.interface, "bmc_session_id", 0)
        console = await second.sol.open(take_over=True)
        assert [item async for item in first] == []
        assert first.ending is Ending.TAKEN
        await console.write(b"mine")
        await typed(bench, b"mine")
        await console.close()
        await first.close()
        assert await second.sol.owner() == 0


async def test_a_console_that_stays_active_is_given_up() -> None:
    """Q-SOLSTUCK80: deactivating succeeds, or says that nothing was active, and it is active all the same."""
    rounds: list[bytes] = []

    def deactivate(data: bytes) -> bytes:
        rounds.append(data)
        return b"\x80" if len(rounds) % 2 else b"\0"

    async with sol_bench({ACTIVATE: b"\x80", DEACTIVATE: deactivate}) as bench:
        with pytest.raises(CompletionError, match="active in another session"):
            await bench.bmc.sol.open(take_over=True)
    assert len(rounds) == ROUNDS


async def test_without_handshake_where_it_is_refused() -> None:
    """Q-SOLPRIV: Q-SOLCTS: CTS and DCD have to be asserted at once."""
    asked: list[bool] = []
    async with sol_bench() as bench:

        def activate(data: bytes) -> bytes:
            asked.append(SolActivation.decode(data[2:6]).handshake)
            return b"\xcc" if asked[-1] else b"\xd4"

        bench.script.lines[ACTIVATE] = activate
        with pytest.raises(CompletionError) as refused:
            await bench.bmc.sol.open()
    assert asked == [True, False]
    assert "Administrator" in refused.value.hint


@pytest.mark.parametrize(("code", "word"), [(0x81, "switched off"), (0x83, "False"), (0x84, "True")])
async def test_a_refusal_says_what_to_do(code: int, word: str) -> None:
    async with sol_bench({ACTIVATE: bytes((code,))}) as bench:
        with pytest.raises(CompletionError) as refused:
            await bench.bmc.sol.open()
        assert refused.value.code == code
        assert word in refused.value.hint


async def test_status_and_who_has_it() -> None:
    """Q-SOLINST."""
    async with sol_bench() as bench:
        assert (await bench.bmc.sol.status()).active == ()
        async with bench.bmc.sol.open():
            assert (await bench.bmc.sol.status()).active == (1,)
            assert await bench.bmc.sol.deactivate()
        assert not await bench.bmc.sol.deactivate()
        bench.script.lines[DEACTIVATE] = b"\xd4"
        with pytest.raises(CompletionError):
            await bench.bmc.sol.deactivate()
        bench.script.lines[STATUS] = b"\0\0\x01\0"
        status = await bench.bmc.sol.status()
        assert (status.capacity, status.active) == (1, (1,))


async def test_a_session_without_payloads_has_no_console() -> None:
    bmc: Bmc = desk().bmc
    with pytest.raises(LocalProtocolError, match="lanplus"):
        await bmc.sol.open()


async def test_a_controller_that_does_not_tell_the_owner() -> None:
    async with sol_bench({ACTIVATE: b"\x80", INSTANCE: b"\xc1"}) as bench:
        with pytest.raises(CompletionError, match="another session") as refused:
            await bench.bmc.sol.open()
        assert refused.value.code == ActivatePayload.ALREADY_ACTIVE
        assert refused.value.code != Cc.INVALID_COMMAND
