"""Parts of commands that the firmware firewall switches by themselves (Appendix H, Table H-1).

The numbers that stand here are those that programs use; the table itself was in no source that could be read,
so all of them are unverified, and a command that is not listed has no parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from baseboard.commands.chassis.control import ChassisControl, ChassisIdentify
from baseboard.commands.declaration import Request


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one command.

    Attributes:
        request: the command.
        names: of each number what it is.
        used: tells which part a request asks for; None = none of them.
    """

    request: type[Request[Any]]
    names: dict[int, str]
    used: Callable[[Any], int | None]

    @property
    def mask(self) -> int:
        """A bit for each part."""
        return sum(1 << number for number in self.names)


def _control(request: ChassisControl) -> int:
    """The parts have the numbers of the control values (Table 28-4)."""
    return int(request.control)


def _identify(request: ChassisIdentify) -> int | None:
    return 0 if request.force_on else None


_CHASSIS_CONTROL: Final = {
    0: "power down", 1: "power up", 2: "power cycle", 3: "hard reset", 4: "pulse Diagnostic Interrupt",
    5: "soft-shutdown",
}  # fmt: skip

PARTS: Final[tuple[Parts, ...]] = (
    Parts(ChassisControl, _CHASSIS_CONTROL, _control),
    Parts(ChassisIdentify, {0: "force identify on"}, _identify),
)
"""Every command that has parts."""
