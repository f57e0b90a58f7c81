"""The user's terminal: raw for a console and always put back, secrets asked without an echo."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import os
import select
import signal
import sys
from collections.abc import AsyncIterator, Callable, Generator
from types import FrameType, TracebackType
from typing import IO, Any, Final, Protocol, Self

STDIN = 0

TERMINAL: Final = "/dev/tty"
"""Of whoever started the program, wherever its input comes from."""


def is_terminal(descriptor: int = STDIN) -> bool:
    """Whether somebody sits there."""
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def hidden(prompt: str, say: Callable[[str], None]) -> bytes | None:
    """Ask for a secret on the terminal; without one, take a line of standard input.

    Args:
        say: prints the prompt where there is no terminal to print it to.

    Returns: the line without its end; None when there is none.
    """
    with contextlib.ExitStack() as stack:
        try:
            terminal: IO[bytes] = stack.enter_context(open(TERMINAL, "r+b", buffering=0))
        except OSError:
            say(prompt)
            return _line(sys.stdin.buffer.readline())
        stack.enter_context(_no_echo(terminal.fileno()))
        terminal.write(prompt.encode())
        secret = _line(_read_line(terminal))
        terminal.write(b"\n")
        return secret


def _line(text: bytes) -> bytes | None:
    return text.removesuffix(b"\n") if text else None


def _read_line(terminal: IO[bytes]) -> bytes:
    """Read until the end of the line, however it comes in."""
    text = b""
    while not text.endswith(b"\n"):
        piece = terminal.read(256)
        if not piece:
            break
        text += piece
    return text


@contextlib.contextmanager
def _no_echo(descriptor: int) -> Generator[None, None, None]:
    import termios

    before = termios.tcgetattr(descriptor)
    silent = termios.tcgetattr(descriptor)
    silent[3] &= ~(termios.ECHO | termios.ISIG)
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, silent)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


# ---- raw mode


class Raw:
    """A terminal that hands over every key and prints every byte as it is, while the ``with`` block lasts.

    It is put back however the block ends, on SIGTERM and SIGHUP too. What is no terminal is left alone.

    Args:
        descriptor: of the terminal.
    """

    def __init__(self, descriptor: int = STDIN) -> None:
        self._descriptor = descriptor
        self._before: list[Any] | None = None
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self.enter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    @property
    def active(self) -> bool:
        """Whether the terminal is raw now."""
        return self._before is not None

    def enter(self) -> None:
        """Make it raw; harmless when it is."""
        if self.active or not is_terminal(self._descriptor):
            return
        import termios

        self._before = termios.tcgetattr(self._descriptor)
        raw = termios.tcgetattr(self._descriptor)
        # What ipmitool changes: no key is special, nothing is echoed, nothing is translated.
        raw[0] |= termios.IGNPAR
        raw[0] &= ~(
            termios.ISTRIP | termios.INLCR | termios.IGNCR | termios.ICRNL
            | termios.IXON | termios.IXANY | termios.IXOFF
        )  # fmt: skip
        raw[1] &= ~termios.OPOST
        raw[3] &= ~(
            termios.ISIG | termios.ICANON | termios.ECHO | termios.ECHOE
            | termios.ECHOK | termios.ECHONL | termios.IEXTEN
        )  # fmt: skip
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        for number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(ValueError):  # only the main thread may
                self._handlers[number] = signal.signal(number, self._killed)
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, raw)

    def leave(self) -> None:
        """Put it back as it was; harmless when it is."""
        if self._before is None:
            return
        import termios

        before, self._before = self._before, None
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)
        for number, handler in self._handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._handlers.clear()

    def suspend(self, *, again: bool) -> None:
        """Stop this program until the shell lets it go on.

        Args:
            again: the terminal is to be raw again afterwards.
        """
        self.leave()
        os.kill(os.getpid(), signal.SIGTSTP)
        if again:
            self.enter()

    def _killed(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.leave()
        signal.raise_signal(number)


# ---- escapes


class Escape(enum.Enum):
    """What a console's user can ask for after an end of line and the escape character."""

    END = "."
    SUSPEND = "\x1a"
    SUSPEND_PLAIN = "\x18"
    BREAK = "B"
    HELP = "?"


class Escapes:
    """Finds the escapes among what is typed, as ipmitool's console knows them.

    Args:
        character: the escape character.
    """

    def __init__(self, character: str = "~") -> None:
        self.character = character
        self._byte = character.encode("utf-8", "surrogateescape")[0] if character else 0
        self._pending, self._after_line = False, True

    def typed(self, data: bytes) -> list[bytes | Escape]:
        """Take characters typed; gives back what goes to the other side, and the escapes between."""
        found: list[bytes | Escape] = []
        text = bytearray()
        for key in data:
            if self._pending:
                self._pending = False
                escape = _ESCAPES.get(key)
                if escape is not None:
                    found += [bytes(text), escape] if text else [escape]
                    text.clear()
                    continue
                if key != self._byte:
                    text.append(self._byte)
            elif self._after_line and key == self._byte:
                self._pending = True
                continue
            text.append(key)
            self._after_line = key in b"\r\n"
        return [*found, bytes(text)] if text else found

    def help(self) -> str:
        """The text that ``~?`` prints."""
        sign = self.character
        return (
            f"{sign}?\n"
            "\tSupported escape sequences:\n"
            f"\t{sign}.  - terminate connection\n"
            f"\t{sign}^Z - suspend ipmitool\n"
            f"\t{sign}^X - suspend ipmitool, but don't restore tty on restart\n"
            f"\t{sign}B  - send break\n"
            f"\t{sign}?  - this message\n"
            f"\t{sign}{sign}  - send the escape character by typing it twice\n"
            "\t(Note that escapes are only recognized immediately after newline.)\n"
        )


_ESCAPES: Final = {ord(escape.value): escape for escape in Escape}


# ---- a conversation


class Peer(Protocol):
    """The other side of a console: `baseboard.client.sol_stream.SolStream` is one."""

    def __aiter__(self) -> AsyncIterator[Any]: ...

    async def write(self, data: bytes) -> None:
        """Send characters."""
        ...

    def send_break(self) -> None:
        """Send a break."""
        ...


class Over(enum.Enum):
    """Why a conversation ended."""

    ESCAPE = "the user typed the end"
    INPUT = "there is no more input"
    PEER = "the other side ended it"


PIECE: Final = 256


async def converse(
    peer: Peer,
    escapes: Escapes,
    *,
    write: Callable[[bytes], None],
    noted: Callable[[object], None],
    descriptor: int = STDIN,
    exact: bool = True,
) -> Over:
    """Join the terminal and the other side until one of the two has enough.

    Args:
        peer: the other side; what it gives that is not bytes goes to ``noted``.
        escapes: what the user may ask for.
        write: prints bytes on the terminal, at once.
        noted: takes what else the other side reports.
        descriptor: what the user types comes from here.
        exact: our own words end their lines as ipmitool's do: in a raw terminal each begins where the last
            one ended.
    """
    with Raw(descriptor) as raw:

        def say(text: str) -> None:
            write((text if exact or not raw.active else text.replace("\n", "\r\n")).encode())

        typing = asyncio.ensure_future(_typing(peer, escapes, raw, say, descriptor))
        printing = asyncio.ensure_future(_printing(peer, write, noted))
        try:
            await asyncio.wait({typing, printing}, return_when=asyncio.FIRST_COMPLETED)
            # What the other side said last is printed even when the user has just ended it.
            return typing.result() if typing.done() else printing.result()
        finally:
            for task in (typing, printing):
                task.cancel()
            await asyncio.gather(typing, printing, return_exceptions=True)


async def _printing(peer: Peer, write: Callable[[bytes], None], noted: Callable[[object], None]) -> Over:
    async for item in peer:
        if isinstance(item, bytes):
            write(item)
        else:
            noted(item)
    return Over.PEER


async def _typing(
    peer: Peer, escapes: Escapes, raw: Raw, say: Callable[[str], None], descriptor: int
) -> Over:
    async for data in keys(descriptor):
        for item in escapes.typed(data):
            if isinstance(item, bytes):
                await peer.write(item)
                continue
            sign = escapes.character
            match item:
                case Escape.END:
                    say(f"{sign}. [terminated ipmitool]\n")
                    return Over.ESCAPE
                case Escape.SUSPEND | Escape.SUSPEND_PLAIN:
                    say(f"{sign}^Z [suspend ipmitool]\n")
                    raw.suspend(again=item is Escape.SUSPEND)
                case Escape.BREAK:
                    say(f"{sign}B [send break]\n")
                    peer.send_break()
                case Escape.HELP:
                    say(escapes.help())
    return Over.INPUT


async def keys(descriptor: int = STDIN) -> AsyncIterator[bytes]:
    """What is typed, as it comes, until there is no more."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(descriptor, ready.set)
    except PermissionError:
        # A regular file, which is always ready and which epoll does not take.
        while data := os.read(descriptor, PIECE):
            yield data
            await asyncio.sleep(0)
        return
    try:
        while True:
            await ready.wait()
            ready.clear()
            # What woke us may have been read already; a read would hold up everything until the next key.
            if not select.select([descriptor], [], [], 0)[0]:
                continue
            try:
                data = os.read(descriptor, PIECE)
            except BlockingIOError:
                continue
            except OSError:
                return  # the terminal is gone
            if not data:
                return
            yield data
    finally:
        loop.remove_reader(descriptor)
