"""``sol activate`` and ``sol looptest``: what the console's beginning and end make of them."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from typing import Any
from unittest import mock

import pytest

from baseboard.cli.ipmitool import sol_console
from baseboard.cli.ipmitool.sol_console import activate, looptest
from baseboard.cli.results.sol import SolEnd
from baseboard.cli.terminal import converse
from baseboard.client.sol_stream import Ending, GapReason, SolGap
from baseboard.errors import CompletionError, LocalProtocolError, NoResponse
from tests.cli.ipmitool.scenes import Scene, Stage, replay, scenes

BANNER = "[SOL Session operational.  Use ~? for help]\n"


class Console:
    """A console that says what it is told to, then ends so."""

    def __init__(self, *items: object, ending: Ending = Ending.DEACTIVATED) -> None:
        self.items, self.ending = items, ending
        self.closed = False
        self.heard = b""

    async def __aiter__(self) -> AsyncIterator[object]:
        for item in self.items:
            yield item

    async def write(self, data: bytes) -> None:
        self.heard += data

    def send_break(self) -> None:
        raise AssertionError("nobody asked for a break")

    async def close(self) -> None:
        self.closed = True


async def run(
    found: object, *, exact: bool = True, instance: int = 1, name: str = "lanplus"
) -> tuple[int, Stage, str]:
    """Activate; gives the exit code, the stage, and what went to the terminal."""
    stage = Stage({}, name=name)
    stage.call.exact = exact
    bmc = await stage.call.bmc()
    opened: dict[str, Any] = {}

    async def open_console(number: int, **wishes: Any) -> object:
        opened.update(wishes, instance=number)
        if isinstance(found, Exception):
            raise found
        return found

    bmc.sol = mock.Mock(open=open_console)
    written = io.BytesIO()
    screen = io.TextIOWrapper(written)
    reading, writing = os.pipe()
    try:

        async def from_pipe(peer: Any, escapes: Any, **more: Any) -> Any:
            return await converse(peer, escapes, descriptor=reading, **more)

        with mock.patch("sys.stdout", screen), mock.patch.object(sol_console, "converse", from_pipe):
            code = await activate(stage.call, instance, keep_alive=False)
    finally:
        os.close(reading)
        os.close(writing)
    assert not opened or opened == {"instance": instance, "keep_alive": None}
    return code, stage, written.getvalue().decode()


@pytest.mark.parametrize(
    ("ending", "complaint", "why"),
    [
        (Ending.DEACTIVATED, "SOL session closed by BMC\n", "deactivated"),
        (Ending.TAKEN, "SOL session closed by BMC\n", "taken"),
        (Ending.LOST, "Error: No response to keepalive - Terminating session\n", "lost"),
    ],
)
async def test_the_end_is_told(ending: Ending, complaint: str, why: str) -> None:
    console = Console(b"login: ", ending=ending)
    code, stage, screen = await run(console)
    assert (code, stage.err, screen) == (1, complaint, BANNER + "login: ")
    assert stage.results == [SolEnd(instance=1, why=why)]
    assert console.closed


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        (0x80, "Info: SOL payload already active on another session"),
        (0x81, "Info: SOL payload disabled"),
        (0x82, "Info: SOL payload activation limit reached"),
        (0x83, "Info: cannot activate SOL payload with encryption"),
        (0x84, "Info: cannot activate SOL payload without encryption"),
        (0xD4, "Error activating SOL payload: Insufficient privilege level"),
    ],
)
async def test_a_refusal_is_told(code: int, complaint: str) -> None:
    assert (await run(CompletionError(code)))[1].err == complaint + "\n"


@pytest.mark.parametrize(
    ("error", "complaint"),
    [
        (NoResponse("no"), "Error: No response activating SOL payload"),
        (LocalProtocolError("no"), "Error: This command is only available over the lanplus interface"),
    ],
)
async def test_what_else_keeps_it_from_beginning(error: Exception, complaint: str) -> None:
    code, stage, screen = await run(error)
    assert (code, stage.err, screen) == (1, complaint + "\n", "")


async def test_instances_are_one_to_fifteen() -> None:
    assert (await run(Console(), instance=16))[1].err == "Error: Instance must range from 1 to 15\n"


async def test_a_gap_is_told_where_ipmitools_output_is_not_asked_for() -> None:
    gap = SolGap(1.0, GapReason.SESSION)
    assert "may be missing" not in (await run(Console(gap)))[1].err
    assert GapReason.SESSION.value in (await run(Console(gap), exact=False))[1].err


@pytest.mark.parametrize("scene", scenes("sol", only=r"sol (looptest \d|activate)"))
async def test_like_ipmitool(scene: Scene) -> None:
    await replay(scene)


async def test_a_loop_activates_and_deactivates() -> None:
    stage = Stage({"06/48": "00" + " 00" * 12, "06/49": "00"})
    assert await looptest(stage.call, 2, 0, 1) == 0
    assert stage.out == "".join(f"remain loop test counter: {left}\n{BANNER}" for left in (2, 1))
    assert stage.given.written == ["06/48 0101c6000000", "06/49 010100000000"] * 2
