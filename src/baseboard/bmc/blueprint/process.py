"""A machine that is switched by commands of the user's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Command: TypeAlias = tuple[str, ...]
"""A program and its arguments; no shell looks at them. Empty = there is no such command."""


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """The commands, and how long they may take.

    Attributes:
        name: of the BMC, which the commands are told.
        on: switches the machine on.
        off: cuts its power.
        status: tells whether it is on: by a word, or by its exit code, 0 on and 1 off.
        reset: resets it; without, it is switched off and on.
        nmi: pulses its diagnostic interrupt.
        shutdown: asks its operating system to shut down.
        identify_on: lights its identify light.
        identify_off: puts it out.
        boot_device: tells it where the next start boots from; run before each start.
        interval_s: seconds between two looks at the state.
        timeout_s: seconds that a command may take; then it is killed.
        off_s: seconds between off and on where there is no ``reset``.
        folder: where the commands run; empty = where the BMC runs.
    """

    name: str
    on: Command
    off: Command
    status: Command
    reset: Command = ()
    nmi: Command = ()
    shutdown: Command = ()
    identify_on: Command = ()
    identify_off: Command = ()
    boot_device: Command = ()
    interval_s: float = 10.0
    timeout_s: float = 30.0
    off_s: float = 5.0
    folder: str = ""
