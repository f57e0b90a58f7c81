"""``shell``: commands typed one after the other, in one session."""

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import usage
from baseboard.cli.ipmitool.shell_words import split

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from baseboard.cli.call import Call

PROMPT: Final = "ipmitool> "


async def run(call: Call, words: list[str]) -> int:
    """Take lines until ``quit``, ``exit`` or their end.

    Returns: the last command's exit code where the lines end, 0 after ``quit``.
    """
    del words  # ipmitool looks at none
    with _terminal_kept():
        return await converse(call, reader(call))


async def converse(call: Call, read: Callable[[], str | None]) -> int:
    """Do what each line says.

    Args:
        read: gives the next line, None at the end; it blocks, so that it runs in a thread of its own.
    """
    code = 0
    while (line := await _in_thread(read)) is not None:
        if line in ("quit", "exit"):
            return 0
        if line in ("help", "?"):
            call.err(usage.COMMANDS, end="")
            continue
        words = split(line)
        if words:
            code = await call.line(words)
    call.out()
    return code


@contextmanager
def _terminal_kept() -> Generator[None]:
    """Leave the terminal as it was: who is interrupted amid a line is reading keys in another thread."""
    if not sys.stdin.isatty():
        yield
        return
    import termios

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def reader(call: Call) -> Callable[[], str | None]:
    """What reads lines: with a history on a terminal; elsewhere what is read is repeated."""
    if sys.stdin.isatty():
        import importlib.util

        if importlib.util.find_spec("readline") is not None:
            importlib.import_module("readline")  # importing it is what gives `input` a history
        return _typed

    def piped() -> str | None:
        call.out(PROMPT, end="")
        line = sys.stdin.readline()
        call.out(line.rstrip("\n"))
        return line.rstrip("\n") if line else None

    return piped


def _typed() -> str | None:
    try:
        return input(PROMPT)
    except EOFError:
        return None


async def _in_thread(read: Callable[[], str | None]) -> str | None:
    """Wait for a line while the session is kept alive; the thread does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[str | None] = loop.create_future()

    def deliver(line: str | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(line)
        else:
            done.set_exception(error)

    def work() -> None:
        line: str | None = None
        failure: BaseException | None = None
        try:
            line = read()
        except (OSError, UnicodeDecodeError) as error:
            failure = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, line, failure)

    threading.Thread(target=work, daemon=True).start()
    return await done
