"""GPIO lines of this machine: what may be done with them, whatever library has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from baseboard.errors import TransportError

if TYPE_CHECKING:
    from baseboard.bmc.blueprint.hardware import LineSpec


class OutputPin(Protocol):
    """A line that we drive."""

    def drive(self, active: bool) -> None:
        """Make it active or not.

        Raises:
            TransportError: it cannot be driven any more.
        """
        ...

    def close(self) -> None:
        """Give it back; it is inactive then."""
        ...


class InputPin(Protocol):
    """A line that we sense."""

    def active(self) -> bool:
        """Whether it is active now.

        Raises:
            TransportError: it cannot be sensed any more.
        """
        ...

    def watch(self, changed: Callable[[bool], None]) -> None:
        """Say who hears of its edges: True = it has become active."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class Pins(Protocol):
    """Where lines are had from: this machine's chips, or a test's own."""

    def output(self, line: LineSpec) -> OutputPin:
        """Take a line that is to be driven; it is inactive at first.

        Raises:
            TransportError: there is no such line, or somebody else has it.
        """
        ...

    def input(self, line: LineSpec, debounce_s: float = 0.0, *, rising_only: bool = False) -> InputPin:
        """Take a line that is to be sensed.

        Raises:
            TransportError: there is no such line, or somebody else has it.
        """
        ...


def local_pins() -> Pins:
    """The lines of this machine's own chips.

    Raises:
        TransportError: the gpiod library is not installed.
    """
    try:
        from baseboard.bmc.backends.gpiod_pins import GpiodPins
    except ModuleNotFoundError as error:
        raise TransportError(f"{error.name} is missing: pip install 'baseboard[linux]' brings it") from error
    return GpiodPins()
