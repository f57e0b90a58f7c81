"""QMP: orders and events, against a monitor that a test plays."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.backends.qemu import qmp as module
from baseboard.bmc.backends.qemu.qmp import Monitor
from tests.bmc.backends.qemu.waiting import settled, until

STAMP = {"seconds": 100, "microseconds": 250_000}


class Heard:
    """A `Listener` that remembers."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.events: list[tuple[str, Mapping[str, object], float]] = []
        self.refusals: list[tuple[str, str]] = []

    def monitored(self, state: str) -> None:
        self.states.append(state)

    def happened(self, event: str, data: Mapping[str, object], when: float) -> None:
        self.events.append((event, data, when))

    def refused(self, command: str, reason: str) -> None:
        self.refusals.append((command, reason))


class Qemu:
    """The other end: answers, and says what a test wants."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, Any]] = []
        self.say: Callable[[Mapping[str, Any]], None] = lambda _: None
        self.hang_up: Callable[[], None] = lambda: None
        self.greets = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.say = lambda message: writer.write(json.dumps(message).encode() + b"\r\n")
        self.hang_up = writer.close
        if self.greets:
            self.say({"QMP": {"version": {}, "capabilities": []}})
        text = ""
        while data := await reader.read(4096):
            text += data.decode()
            while text:  # one order after the other; the tests' are short enough to come whole
                message, end = json.JSONDecoder().raw_decode(text)
                text = text[end:].lstrip()
                self._answer(message)
        writer.close()

    def _answer(self, message: Mapping[str, Any]) -> None:
        command = message["execute"]
        answer: dict[str, Any] = {"return": {"status": "running"} if command == "query-status" else {}}
        if command == "impossible":
            answer = {"error": {"class": "GenericError", "desc": "it cannot be"}}
        if command not in ("qmp_capabilities", "query-status"):
            self.orders.append((command, message.get("arguments")))
        self.say({**answer, **({"id": message["id"]} if "id" in message else {})})


@asynccontextmanager
async def together(folder: Path, qemu: Qemu | None = None) -> AsyncIterator[tuple[Qemu, Monitor, Heard]]:
    qemu, heard = qemu or Qemu(), Heard()
    monitor = Monitor(folder / "qmp", heard)
    monitor.open()
    monitor.open()  # once is enough
    server = await asyncio.start_unix_server(qemu.serve, folder / "qmp")
    try:
        yield qemu, monitor, heard
    finally:
        monitor.close()
        monitor.close()
        qemu.hang_up()
        server.close()
        await settled()


async def test_orders_are_obeyed_in_turn(tmp_path: Path) -> None:
    async with together(tmp_path) as (qemu, monitor, heard):
        assert not monitor.order("too-early")
        await until(lambda: monitor.there)
        assert heard.states == ["running"]
        assert monitor.order("qom-set", path="/x", value=-1)
        assert monitor.order("impossible")
        assert monitor.order("system_reset")
        await until(lambda: len(qemu.orders) == 3)
        assert [name for name, _ in qemu.orders] == ["qom-set", "impossible", "system_reset"]
        assert qemu.orders[0][1] == {"path": "/x", "value": -1}
        await until(lambda: bool(heard.refusals))
        assert heard.refusals == [("impossible", "it cannot be")]


async def test_events_come_with_qemus_time_of_them(tmp_path: Path) -> None:
    async with together(tmp_path) as (qemu, monitor, heard):
        await until(lambda: monitor.there)
        qemu.say({"event": "RESET", "data": {"guest": True}, "timestamp": STAMP})
        qemu.say({"event": "STOP", "timestamp": STAMP})
        await until(lambda: len(heard.events) == 2)
        assert heard.events == [("RESET", {"guest": True}, 100.25), ("STOP", {}, 100.25)]


async def test_a_connection_that_breaks_is_made_again(tmp_path: Path) -> None:
    async with together(tmp_path) as (qemu, monitor, heard):
        await until(lambda: monitor.there)
        qemu.hang_up()
        await until(lambda: len(heard.states) == 2)
        assert monitor.order("system_reset")
        await until(lambda: bool(qemu.orders))


async def test_one_that_does_not_greet_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GREETING_S", 0.05)
    qemu = Qemu()
    qemu.greets = False
    async with together(tmp_path, qemu) as (_, monitor, heard):
        await asyncio.sleep(0.1)  # polls: it has to give up once at least
        assert not monitor.there
        qemu.greets = True
        await until(lambda: heard.states == ["running"])


async def test_only_so_many_orders_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ORDERS", 2)
    async with together(tmp_path) as (_, monitor, _heard):
        await until(lambda: monitor.there)
        assert [monitor.order("cont") for _ in range(3)] == [True, True, False]
