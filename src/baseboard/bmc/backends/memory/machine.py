"""What the programs on the simulated host see of the machine they run on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from baseboard.bmc.backends.memory.boot import Boot
from baseboard.bmc.blueprint import Blueprint


class Machine(Protocol):
    """The host, for its shell."""

    @property
    def blueprint(self) -> Blueprint:
        """What the server is."""
        ...

    @property
    def boot(self) -> Boot:
        """The start it lives by."""
        ...

    def say(self, text: str) -> None:
        """Print on the console."""
        ...

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Call ``action`` after a while, if the system still runs then."""
        ...

    def running(self) -> bool:
        """Whether the operating system runs programs: not while it goes down."""
        ...

    def uptime(self) -> float:
        """Seconds since the kernel started."""
        ...

    def wall(self) -> float:
        """Seconds since 1970."""
        ...

    def messages(self) -> list[str]:
        """The kernel's log, lines without their ends."""
        ...

    def reading(self, name: str) -> float | None:
        """An analog sensor's value."""
        ...

    def states(self, name: str) -> int | None:
        """A discrete sensor's states."""
        ...

    @property
    def load(self) -> float:
        """How busy the host is, 1 = ordinary."""
        ...

    def set_load(self, load: float) -> None:
        """Make the host more or less busy."""
        ...

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        """A command to the BMC through the system interface; ``reply`` gets its code and data."""
        ...

    def shut_down(self) -> None:
        """Shut down and switch the power off."""
        ...

    def reboot(self) -> None:
        """Shut down and reset the machine."""
        ...

    def panic(self, reason: str) -> None:
        """Stop dead."""
        ...
