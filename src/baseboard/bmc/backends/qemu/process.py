"""QEMU's process: started, or found running; watched, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import subprocess
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final

from baseboard.bmc.clock import Clock, Timer

PATIENCE_S: Final = 5.0
"""How long QEMU may take to end when it is asked to, before it is ended."""


class Process:
    """A QEMU that runs, the BMC's child or not.

    It has a session of its own, so that neither Ctrl-C at the BMC's terminal nor the BMC's end reaches it.

    Args:
        pid: which.
        ended: called once, when it has ended, with its exit status; None = it was another's child.
        clock: time.

    Attributes:
        pid: the same.
    """

    def __init__(self, pid: int, ended: Callable[[int | None], None], clock: Clock) -> None:
        """Watch it.

        Raises:
            OSError: there is no such process.
        """
        self.pid, self._ended, self._clock = pid, ended, clock
        self._child: subprocess.Popen[bytes] | None = None
        self._timer: Timer | None = None
        self._loop = asyncio.get_running_loop()
        # A number can be another's tomorrow; a descriptor stays with this process.
        self._descriptor = os.pidfd_open(pid)
        self._loop.add_reader(self._descriptor, self._gone)

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        log: Path,
        ended: Callable[[int | None], None],
        clock: Clock,
        descriptors: Collection[int] = (),
    ) -> Process:
        """Start one.

        Args:
            command: program and arguments.
            log: takes what it prints; begun anew.
            ended: see the class.
            clock: time.
            descriptors: what it is given, by the same numbers.

        Raises:
            OSError: it cannot be started.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(log, flags, 0o600), "wb") as output:
            child = subprocess.Popen(  # noqa: S603 - the command line is made of what the user described
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                pass_fds=descriptors,
            )  # fmt: skip
        made = cls(child.pid, ended, clock)
        made._child = child
        return made

    def end(self) -> None:
        """Ask it to end, which it does at once and its disks are whole; after a while it has no choice."""
        if self._timer is None:
            self._send(signal.SIGTERM)
            self._send(signal.SIGCONT)
            self._timer = self._clock.call_at(self._clock.now() + PATIENCE_S, self._insist)

    def leave(self) -> None:
        """Do not watch it any more; it goes on."""
        self._release()
        if self._child is not None:
            self._child.returncode = 0  # it is not waited for: nothing is to complain of that

    def end_now(self) -> None:
        """End it, and wait until it has: for the end of the BMC, when nobody is left to be told."""
        self._send(signal.SIGTERM)
        self._send(signal.SIGCONT)
        end = select.poll()
        end.register(self._descriptor, select.POLLIN)
        if not end.poll(PATIENCE_S * 1000):
            self._send(signal.SIGKILL)
            end.poll()
        if self._child is not None:
            self._child.wait()
        self._release()

    def _insist(self) -> None:
        self._timer = None
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, number)

    def _gone(self) -> None:
        status = None if self._child is None else self._child.wait()
        self._release()
        self._ended(status)

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
