"""Which mode a console speaks that says something: found by what it sends (§14.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL

if TYPE_CHECKING:
    from baseboard.bmc.serial_channel.front import SerialMode
    from baseboard.bmc.serial_channel.ppp import Ppp
    from baseboard.bmc.services.serial_parameters import SerialParameters


class ModeChoice:
    """The modes of a channel, and which of them is for what comes.

    Args:
        parameters: the channel's; parameter 3 says which modes are on.
        modes: all of them, by their bits.
        ppp: the one that has a link.
    """

    def __init__(self, parameters: SerialParameters, modes: dict[int, SerialMode], ppp: Ppp) -> None:
        self._parameters, self._modes, self._ppp = parameters, modes, ppp

    def enabled(self) -> list[SerialMode]:
        """Those that are on."""
        bits = self._parameters.wanted_modes
        return [self._modes[bit] for bit in (BASIC, PPP, TERMINAL) if bits & bit]

    def only(self) -> SerialMode | None:
        """The mode that a console must speak, since no other is on; PPP begins by itself."""
        enabled = self.enabled()
        return enabled[0] if len(enabled) == 1 and enabled[0].bit != PPP else None

    def feed(self, data: bytes, now: float) -> SerialMode | None:
        """Give characters to the mode that they are for; of several the BMC finds out which.

        Returns: the one that the console certainly speaks, if that has shown.
        """
        enabled = self.enabled()
        if len(enabled) == 1:
            return enabled[0] if enabled[0].receive(data, now) else None
        found = None
        unclaimed = enabled[-1] if enabled and enabled[-1].bit == TERMINAL else None
        enabled.sort(key=lambda one: one is not self._ppp)  # a frame of PPP may have any byte in it
        for byte in data:
            mode = next((one for one in enabled if self._is_for(one, byte)), unclaimed)
            if mode is not None and mode.receive(bytes((byte,)), now):
                found = mode
        return found

    def _is_for(self, mode: SerialMode, byte: int) -> bool:
        """Another mode's message that has begun may have a flag in it."""
        if mode is self._ppp and not self._ppp.engaged and self._modes[BASIC].claims(byte):
            return False
        return mode.claims(byte)
