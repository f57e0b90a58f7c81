"""Lines of a console."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from baseboard.cli import console_lines as module
from baseboard.cli.console_lines import Lines, console_lines

NOW = datetime(2026, 11, 22, 6, 15, tzinfo=UTC)


def lines() -> Lines:
    return Lines(lambda: NOW)


def test_a_line_has_the_time_when_it_began_and_is_safe_to_show() -> None:
    times = iter([NOW, NOW.replace(hour=7)])
    cut = Lines(lambda: next(times))
    assert cut.feed(b"boot") == []
    (line,) = cut.feed(b"ing\t\x1b[31m\xff\r\n")
    assert (line.time, line.text) == (NOW, "booting    \\x1b[31m\\xff")
    (line,) = cut.feed(b"next\n")
    assert line.time.hour == 7


def test_several_lines_at_once_and_empty_ones() -> None:
    assert [line.text for line in lines().feed(b"a\r\n\r\n\nb\n")] == ["a", "b"]


def test_a_line_without_an_end_is_cut() -> None:
    cut = lines()
    assert [len(line.text) for line in cut.feed(b"x" * 5000)] == [5000]
    assert cut.rest() == []


def test_what_has_not_ended_can_be_had() -> None:
    cut = lines()
    cut.feed(b"login: ")
    assert [line.text for line in cut.rest()] == ["login: "]
    assert cut.rest() == []


class Stream:
    """A console that says what it is told, and then ends or waits."""

    def __init__(self, *items: object) -> None:
        self.items = list(items)
        self.silent = asyncio.Event()
        self.over = asyncio.Event()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._all()

    async def _all(self) -> AsyncIterator[Any]:
        for item in self.items:
            if item is None:
                self.silent.set()
                await self.over.wait()
            else:
                yield item


async def test_lines_of_a_console_and_what_else_it_reports() -> None:
    stream: Any = Stream(b"one\ntw", "a gap", b"o\nlogin: ")
    assert [line.text async for line in console_lines(stream, lines())] == [
        "one",
        "tw",
        "[a gap]",
        "o",
        "login: ",
    ]


async def test_a_prompt_is_shown_though_its_line_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENCE", 0.01)
    stream: Any = Stream(b"login: ", None, b"more\n")
    coming = console_lines(stream, lines())
    assert (await anext(coming)).text == "login: "
    stream.over.set()
    assert [line.text async for line in coming] == ["more"]
