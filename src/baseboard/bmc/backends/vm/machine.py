"""A virtual machine as a BMC's backend: its power is whether it is there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from baseboard.bmc.backends.vm_link import VmLink, open_socket
from baseboard.codes import ChassisControl
from baseboard.links.vm import Code

if TYPE_CHECKING:
    from baseboard.bmc.backends.vm_link import OpenSocket
    from baseboard.bmc.blueprint.machines import VmSpec
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.ports import Board, SerialPort

log = logging.getLogger(__name__)

_BY: Final = {
    ChassisControl.POWER_DOWN: Code.POWER_OFF,
    ChassisControl.POWER_CYCLE: Code.POWER_OFF,
    ChassisControl.HARD_RESET: Code.RESET,
    ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT: Code.NMI,
    ChassisControl.SOFT_SHUTDOWN: Code.SHUT_DOWN,
}
"""What a machine is told, for each order that a BMC has for one that runs."""


class VirtualMachine:
    """A machine behind the VM protocol: a :class:`~baseboard.bmc.ports.Backend`, and its power port.

    The protocol knows no power-on: somebody has to start the machine. Of a reset it tells the BMC nothing, as
    QEMU has it; so a reset that the BMC orders is reported as soon as it is ordered.

    Args:
        spec: where it connects.
        clock: time.
        opener: listens.

    Attributes:
        link: the connection.
    """

    __slots__ = ("_board", "link")

    _board: Board
    sensors = serial = identify = meter = None
    serials: tuple[SerialPort, ...] = ()

    def __init__(self, spec: VmSpec, clock: Clock, opener: OpenSocket = open_socket) -> None:
        self.link = VmLink(spec.listen, clock, self, opener)

    # ---- the backend

    @property
    def power(self) -> VirtualMachine:
        """Its lines are its own."""
        return self

    def connect(self, board: Board) -> None:
        """See `Backend`."""
        self._board = board
        self.link.connect(board)

    def start(self) -> None:
        """Begin to listen.

        Raises:
            TransportError: the place cannot be had.
        """
        self.link.start()

    def stop(self) -> None:
        """Stop listening; a machine that is there runs on."""
        self.link.stop()

    # ---- the power port

    def is_on(self) -> bool:
        """Whether a machine is connected."""
        return self.link.here

    def lacks(self, action: ChassisControl) -> bool:
        """Whether that cannot be done: no machine can be started, and one that is there says what it can."""
        if not self.is_on():
            return action == ChassisControl.POWER_UP
        code = _BY.get(action)
        return code is not None and not self.link.can(code)

    def turn_on(self) -> None:
        """Nothing can be done: whoever starts machines has to start it."""
        log.info("%s: the machine is to be on; it has to be started by hand", self.link.place)

    def turn_off(self) -> None:
        """End the machine."""
        self.link.order(Code.POWER_OFF)

    def reset(self) -> None:
        """Reset it; it starts again at once, and says nothing of it."""
        if self.link.order(Code.RESET):
            self._board.host_reset()

    def diagnostic_interrupt(self) -> None:
        """Interrupt its processors."""
        self.link.order(Code.NMI)

    def soft_shutdown(self) -> None:
        """Press its ACPI power button; one that has none is ended."""
        if not self.link.order(Code.SHUT_DOWN):
            self.turn_off()

    # ---- what the link tells

    def came(self) -> None:
        """A machine is there."""
        self._board.power_changed(True)

    def went(self) -> None:
        """It has ended, or lost its connection, which looks the same from here."""
        self._board.power_changed(False)

    def was_reset(self) -> None:
        """It says that it was reset."""
        self._board.host_reset()
