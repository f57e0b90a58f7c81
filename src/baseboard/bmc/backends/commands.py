"""Commands of the user's: started without a shell, bounded in time and in what is kept of their output."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from baseboard.errors import TransportError

MOST_OUTPUT: Final = 16_384
"""Bytes that are kept of what a command prints; it may print more."""

GRACE: Final = 1.0
"""Seconds between SIGTERM and SIGKILL, when a command takes too long."""

_CHUNK: Final = 65_536
_LONGEST_REMARK: Final = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command.

    Attributes:
        code: its exit code; None = it did not end by itself, or never began.
        output: what it printed.
        remark: what it printed as errors, or why it did not end by itself: one line for people.
    """

    code: int | None
    output: str = ""
    remark: str = ""

    @property
    def trouble(self) -> str:
        """What went wrong, for people; empty = it ended with exit code 0."""
        if self.code == 0:
            return ""
        said = "" if self.code is None else f"exit code {self.code}"
        return ": ".join(part for part in (said, self.remark) if part)


class Runner(Protocol):
    """Runs commands: :func:`run`, or what a test puts in its place."""

    async def __call__(
        self, command: Sequence[str], environment: Mapping[str, str], timeout_s: float, folder: str = ""
    ) -> Outcome:
        """Run one."""
        ...


def require(command: Sequence[str], folder: str = "") -> None:
    """See that there is such a program.

    Raises:
        TransportError: there is none.
    """
    name = command[0]
    place = os.path.join(folder, name) if os.sep in name else name  # a path is seen from the folder
    if shutil.which(place) is None:
        raise TransportError(f"{name}: there is no such program, or it may not be run")


async def run(
    command: Sequence[str], environment: Mapping[str, str], timeout_s: float, folder: str = ""
) -> Outcome:
    """Run a command to its end; one that takes too long is killed, and all that it has started with it.

    What a command leaves behind when it ends by itself, such as a server that it was to start, lives on.

    Args:
        command: the program and its arguments.
        environment: variables besides those that this process has.
        timeout_s: seconds that it may take.
        folder: where it runs; empty = where this process does.
    """
    output, errors = _Tail(), _Tail()
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.DEVNULL,
            stdout=output.theirs,
            stderr=errors.theirs,
            env={**os.environ, **environment},
            cwd=folder or None,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        output.close()
        errors.close()
        return Outcome(None, remark=f"{command[0]}: {_why(error)}")
    output.begin()
    errors.begin()
    late = False
    try:
        await asyncio.wait_for(process.wait(), timeout_s)
    except TimeoutError:
        late = True
        await _killed(process)
    except asyncio.CancelledError:
        _signal(process, signal.SIGKILL)
        await process.wait()
        raise
    finally:
        said, complaint = output.close(), errors.close()
    if late:
        return Outcome(None, said, f"it did not end within {timeout_s:g} s")
    return Outcome(process.returncode, said, _one_line(complaint))


def run_now(
    command: Sequence[str], environment: Mapping[str, str], timeout_s: float, folder: str = ""
) -> Outcome:
    """The same while nothing else can happen: before a BMC starts, which has to know the machine's state."""
    try:
        process = subprocess.Popen(  # noqa: S603 - whoever wrote the file may run programs
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
            cwd=folder or None,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Outcome(None, remark=f"{command[0]}: {_why(error)}")
    with process:
        try:
            output, errors = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Outcome(None, remark=f"it did not end within {timeout_s:g} s")
    return Outcome(process.returncode, _text(output), _one_line(_text(errors)))


class _Tail:
    """The reading end of a pipe: keeps the beginning of what comes, and lets the rest go.

    The command's end alone counts, not that of its output: what it has started may keep the pipe open.
    """

    __slots__ = ("_kept", "_loop", "_ours", "theirs")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ours, self.theirs = os.pipe()
        os.set_blocking(self._ours, False)
        self._kept = bytearray()

    def begin(self) -> None:
        """The command has its end now."""
        os.close(self.theirs)
        self.theirs = -1
        self._loop.add_reader(self._ours, self._readable)

    def close(self) -> str:
        """Take what is there still, and give the pipe back.

        Returns: what was kept.
        """
        if self.theirs >= 0:
            os.close(self.theirs)
        self._loop.remove_reader(self._ours)
        while len(self._kept) < MOST_OUTPUT and self._readable():
            continue
        os.close(self._ours)
        return _text(bytes(self._kept))

    def _readable(self) -> bool:
        try:
            data = os.read(self._ours, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._ours)
        self._kept += data[: MOST_OUTPUT - len(self._kept)]
        return bool(data)


async def _killed(process: asyncio.subprocess.Process) -> None:
    _signal(process, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), GRACE)
    except TimeoutError:
        pass
    finally:
        # What it started is in its group, whether it has ended itself or not.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _text(data: bytes) -> str:
    return data[:MOST_OUTPUT].decode("utf-8", "replace")


def _one_line(text: str) -> str:
    """The last line that says something, without anything that a terminal would obey."""
    lines = [line for line in text.splitlines() if line.strip()]
    line = lines[-1].strip() if lines else ""
    return "".join(letter if letter.isprintable() else "?" for letter in line)[:_LONGEST_REMARK]
