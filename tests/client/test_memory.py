"""The interface ``memory``: a controller that is a function."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from baseboard.client.bmc import Bmc
from baseboard.client.interface import Target
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings
from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import CompletionError, NoResponse, SessionClosed
from tests.client.harness import desk


class Controller:
    """Answers at once, or when it is told to.

    Attributes:
        asked: the requests.
        answer: what it answers; None = later, by `replies`.
        replies: how to answer those.
    """

    def __init__(self, answer: bytes | None = b"\0") -> None:
        self.asked: list[tuple[int, int, int, bytes]] = []
        self.answer = answer
        self.replies: list[Callable[[bytes], None]] = []

    def ask(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        self.asked.append((netfn, lun, cmd, data))
        if self.answer is None:
            self.replies.append(reply)
        else:
            reply(self.answer)


async def test_a_request_is_a_call() -> None:
    controller = Controller(b"\0\x01\x02")
    interface = MemoryInterface(controller.ask)
    assert (interface.name, interface.depth, interface.privilege) == ("memory", 1, 4)
    target = Target(lun=2)
    assert await interface.exchange(6, 1, b"\xaa", target=target, timeout=9) == b"\0\x01\x02"
    assert controller.asked == [(6, 2, 1, b"\xaa")]


async def test_an_answer_may_come_later_and_counts_once() -> None:
    controller = Controller(None)
    interface = MemoryInterface(controller.ask)
    waiting = asyncio.ensure_future(interface.exchange(6, 1, b"", timeout=9))
    await asyncio.sleep(0)
    controller.replies[0](b"\0")
    controller.replies[0](b"\xff")
    assert await waiting == b"\0"


async def test_silence_is_told() -> None:
    interface = MemoryInterface(Controller(None).ask)
    with pytest.raises(NoResponse, match=r"no answer to 06h/01h in 0\.0 s"):
        await interface.exchange(6, 1, b"", timeout=0.01, retry=False)


async def test_nothing_is_asked_once_it_is_closed() -> None:
    controller = Controller()
    interface = MemoryInterface(controller.ask)
    await interface.close()
    await interface.close()
    with pytest.raises(SessionClosed):
        await interface.exchange(6, 1, b"", timeout=9)
    assert not controller.asked


async def test_a_simulated_bmc_answers_a_whole_library() -> None:
    made = desk()
    answer = await made.bmc.execute(GetDeviceId())
    assert answer.device_id == made.bench.blueprint.identity.device_id
    with pytest.raises(CompletionError, match="C1h"):
        await Bmc(made.bmc.interface, Settings(interface="memory")).raw(0x3E, 1)
