"""The user's terminal: escapes, raw mode, secrets, and a conversation."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import termios
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from pathlib import Path
from unittest import mock

import pytest

from baseboard.cli import terminal
from baseboard.cli.terminal import Escape, Escapes, Over, Raw, converse, hidden, is_terminal, keys


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    """A terminal: what its user holds, and what a program has."""
    user, program = pty.openpty()
    yield user, program
    os.close(user)
    os.close(program)


# ---- escapes


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (b"ls\r", [b"ls\r"]),
        (b"~.", [Escape.END]),
        (b"ls\r~.", [b"ls\r", Escape.END]),
        (b"a~.", [b"a~."]),
        (b"~~", [b"~"]),
        (b"~x", [b"~x"]),
        (b"\r~B", [b"\r", Escape.BREAK]),
        (b"\n~?", [b"\n", Escape.HELP]),
        (b"~\x1a", [Escape.SUSPEND]),
        (b"~\x18", [Escape.SUSPEND_PLAIN]),
        (b"~B~B", [Escape.BREAK, Escape.BREAK]),
        (b"~~.", [b"~."]),
        (b"", []),
        (b"~", []),
    ],
)
def test_escapes_are_found_after_an_end_of_line(typed: bytes, found: list[bytes | Escape]) -> None:
    assert Escapes().typed(typed) == found


def test_an_escape_may_come_in_pieces() -> None:
    escapes = Escapes()
    assert escapes.typed(b"\r~") == [b"\r"]
    assert escapes.typed(b".") == [Escape.END]


def test_the_escape_character_can_be_chosen() -> None:
    escapes = Escapes("&")
    assert escapes.typed(b"~.") == [b"~."]
    assert escapes.typed(b"\r&.") == [b"\r", Escape.END]
    assert escapes.help().startswith("&?\n\tSupported escape sequences:\n\t&.  - terminate connection\n")
    assert "\t&&  - send the escape character" in escapes.help()


# ---- raw mode


def test_a_terminal_is_raw_inside_and_as_before_outside(line: tuple[int, int]) -> None:
    _, program = line
    before = termios.tcgetattr(program)
    with Raw(program) as raw:
        inside = termios.tcgetattr(program)
        assert raw.active
        assert not inside[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
        assert not inside[1] & termios.OPOST
    assert not raw.active
    assert termios.tcgetattr(program) == before


def test_an_exception_puts_the_terminal_back(line: tuple[int, int]) -> None:
    _, program = line
    before = termios.tcgetattr(program)
    with pytest.raises(ValueError, match="any"), Raw(program):
        raise ValueError("any")
    assert termios.tcgetattr(program) == before


def test_a_deadly_signal_puts_the_terminal_back(line: tuple[int, int]) -> None:
    _, program = line
    before = termios.tcgetattr(program)
    seen: list[int] = []
    old = signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
    try:
        with Raw(program) as raw:
            os.kill(os.getpid(), signal.SIGTERM)
            assert seen == [signal.SIGTERM]
            assert not raw.active
            assert termios.tcgetattr(program) == before
    finally:
        signal.signal(signal.SIGTERM, old)


def test_suspending_puts_it_back_and_makes_it_raw_again(line: tuple[int, int]) -> None:
    _, program = line
    with mock.patch("os.kill") as stopped, Raw(program) as raw:
        raw.suspend(again=True)
        assert raw.active
        raw.suspend(again=False)
        assert not raw.active
    assert [call.args for call in stopped.call_args_list] == [(os.getpid(), signal.SIGTSTP)] * 2


def test_what_is_no_terminal_is_left_alone(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file, Raw(file.fileno()) as raw:
        assert not raw.active
    assert not is_terminal(-1)


# ---- secrets


def test_a_secret_is_not_echoed(line: tuple[int, int]) -> None:
    user, program = line
    shown = bytearray()

    def answer() -> None:
        while b"Password: " not in shown:
            shown.extend(os.read(user, 100))
        os.write(user, b"pass word\n")

    answering = threading.Thread(target=answer, daemon=True)
    answering.start()
    with mock.patch.object(terminal, "TERMINAL", os.ttyname(program)):
        assert hidden("Password: ", pytest.fail) == b"pass word"
    answering.join()
    shown.extend(os.read(user, 100))
    assert bytes(shown) == b"Password: \r\n"
    assert termios.tcgetattr(program)[3] & termios.ECHO


@pytest.mark.parametrize(
    ("typed", "secret"), [(b"secret\nmore\n", b"secret"), (b"secret", b"secret"), (b"\n", b""), (b"", None)]
)
def test_without_a_terminal_a_line_is_read(typed: bytes, secret: bytes | None, tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "input"
    path.write_bytes(typed)
    with (
        path.open() as given,
        mock.patch.object(terminal, "TERMINAL", "/nowhere"),
        mock.patch("sys.stdin", given),
    ):
        assert hidden("Password: ", said.append) == secret
    assert said == ["Password: "]


# ---- a conversation


class FakePeer:
    """The other side of a console: says what it is told to, and keeps what it hears."""

    def __init__(self) -> None:
        self.says: asyncio.Queue[object] = asyncio.Queue()
        self.heard = b""
        self.breaks = 0
        self.got = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[object]:
        while (item := await self.says.get()) is not None:
            yield item

    async def write(self, data: bytes) -> None:
        self.heard += data
        self.got.set()

    def send_break(self) -> None:
        self.breaks += 1


async def talk(typed: bytes, *said: object) -> tuple[Over, FakePeer, bytes, list[object]]:
    peer = FakePeer()
    for item in said:
        peer.says.put_nowait(item)
    reading, writing = os.pipe()
    printed, noted = bytearray(), list[object]()
    os.write(writing, typed)
    os.close(writing)
    try:
        over = await converse(peer, Escapes(), write=printed.extend, noted=noted.append, descriptor=reading)
    finally:
        os.close(reading)
    return over, peer, bytes(printed), noted


async def test_both_sides_hear_each_other() -> None:
    over, peer, printed, noted = await talk(b"ls\r", b"login: ", "a gap")
    assert over is Over.INPUT
    assert peer.heard == b"ls\r"
    assert printed == b"login: "
    assert noted == ["a gap"]


@pytest.mark.parametrize(("exact", "ends"), [(True, b"\n"), (False, b"\r\n")])
async def test_our_own_words_in_a_raw_terminal(exact: bool, ends: bytes) -> None:
    user, program = pty.openpty()
    printed = bytearray()
    try:
        os.write(user, b"~?~B\r~?~.")
        over = await converse(
            FakePeer(),
            Escapes(),
            write=printed.extend,
            noted=lambda item: None,
            descriptor=program,
            exact=exact,
        )
    finally:
        os.close(user)
        os.close(program)
    assert over is Over.ESCAPE
    lines = bytes(printed).split(ends)
    assert lines[-1] == b""
    assert not any(line.endswith(b"\r") or b"\n" in line for line in lines)
    assert lines[-2] == b"~. [terminated ipmitool]"
    assert b"~B [send break]" in lines


async def test_the_user_ends_it() -> None:
    over, peer, printed, _ = await talk(b"x\r~.never")
    assert over is Over.ESCAPE
    assert peer.heard == b"x\r"
    assert printed == b"~. [terminated ipmitool]\n"


async def test_the_other_side_ends_it() -> None:
    peer = FakePeer()
    peer.says.put_nowait(b"bye")
    peer.says.put_nowait(None)
    reading, writing = os.pipe()
    printed = bytearray()
    noted: list[object] = []
    try:
        over = await converse(peer, Escapes(), write=printed.extend, noted=noted.append, descriptor=reading)
    finally:
        os.close(reading)
        os.close(writing)
    assert over is Over.PEER
    assert not noted
    assert printed == b"bye"


async def test_breaks_and_help_are_between_what_is_typed() -> None:
    _, peer, printed, _ = await talk(b"a\r~B~?b")
    assert peer.breaks == 1
    assert peer.heard == b"a\rb"
    assert printed.startswith(b"~B [send break]\n~?\n\tSupported escape sequences:\n")


async def test_suspending_is_told() -> None:
    with mock.patch.object(Raw, "suspend") as suspended:
        _, _, printed, _ = await talk(b"~\x1a\r~\x18")
    assert printed == b"~^Z [suspend ipmitool]\n" * 2
    assert [call.kwargs for call in suspended.call_args_list] == [{"again": True}, {"again": False}]


async def test_a_file_can_be_typed(tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"x" * 600)
    with path.open("rb") as file:
        assert b"".join([data async for data in keys(file.fileno())]) == b"x" * 600


async def test_a_terminal_that_goes_is_the_end_of_its_input() -> None:
    user, program = pty.openpty()
    try:
        found = keys(program)
        waiting = asyncio.ensure_future(anext(found, None))
        await asyncio.sleep(0)  # lets it begin to wait; polls nothing
        os.close(user)
        assert await waiting is None
    finally:
        os.close(program)


async def test_everything_else_goes_on_between_two_keys() -> None:
    """The loop reports a key once more than it is read: nothing may be read, and waited for, then."""
    user, program = pty.openpty()
    second = threading.Timer(5.0, os.write, (user, b"b"))
    second.start()
    try:
        with Raw(program):
            found = keys(program)
            assert isinstance(found, AsyncGenerator)
            os.write(user, b"a")
            assert await anext(found) == b"a"
            waiting = asyncio.ensure_future(anext(found))
            for _ in range(20):
                await asyncio.sleep(0)
            assert second.is_alive(), "reading a key held up the loop"
            second.cancel()
            os.write(user, b"c")
            assert await waiting == b"c"
            await found.aclose()
    finally:
        second.cancel()
        second.join()
        os.close(user)
        os.close(program)
