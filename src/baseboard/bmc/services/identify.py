"""The light that shows a person which chassis it is (§28.5)."""

from __future__ import annotations

from baseboard.bmc.clock import Timer
from baseboard.bmc.ports import IdentifyPort
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc
from baseboard.commands.chassis.control import IdentifyState
from baseboard.errors import CompletionError

DEFAULT_S = 15


class IdentifyLight:
    """The identify light and how long it stays lit.

    Attributes:
        state: off, on for a while, or on until told otherwise.
    """

    __slots__ = ("_home", "_timer", "state")

    def __init__(self, home: Home) -> None:
        self._home = home
        self.state = IdentifyState.OFF
        self._timer: Timer | None = None

    @property
    def supported(self) -> bool:
        """Whether the chassis has such a light."""
        return self._home.backend.identify is not None

    def shine(self, seconds: int = DEFAULT_S) -> None:
        """Light up for a while, counted anew each time; 0 = off.

        Raises:
            CompletionError: C1h, the chassis has no such light.
        """
        self._switch(IdentifyState.TEMPORARY_ON if seconds else IdentifyState.OFF)
        if seconds:
            self._timer = self._home.clock.call_at(self._home.clock.now() + seconds, self._over)

    def hold(self) -> None:
        """Light up until told otherwise.

        Raises:
            CompletionError: C1h, the chassis has no such light.
        """
        self._switch(IdentifyState.INDEFINITE_ON)

    def toggle(self) -> None:
        """The button beside the light was pressed."""
        if self.supported:
            self._switch(
                IdentifyState.INDEFINITE_ON if self.state == IdentifyState.OFF else IdentifyState.OFF
            )

    def stop(self) -> None:
        """End the timer; the light stays as it is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _switch(self, state: IdentifyState) -> None:
        port: IdentifyPort | None = self._home.backend.identify
        if port is None:
            raise CompletionError(Cc.INVALID_COMMAND)
        self.stop()
        self.state = state
        port.identify(state != IdentifyState.OFF)

    def _over(self) -> None:
        self._timer = None
        self._switch(IdentifyState.OFF)
