"""The controller's end of the VM protocol at work: a socket, the machine behind it, and the BMC (OpenIPMI's).

A machine that connects is one that runs, so what its backend hears of is power. A guest's requests go to the
BMC; the BMC's attention, and the interrupts that the guest wants, go to the machine's hardware.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from baseboard.links.vm import VERSION, Asked, BmcEnd, Code, WasReset

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.ports import Board
    from baseboard.errors import TransportError
    from baseboard.transports.machine_socket import MachineSocket
    from baseboard.transports.wire import Listener

    OpenSocket: TypeAlias = Callable[[str, Listener], MachineSocket]
    """Listens at a place, for a listener; TransportError: it cannot be had."""

log = logging.getLogger(__name__)

PATIENCE: Final = 5.0
"""Seconds in which whoever connects has to speak the protocol; a machine does so at once."""

ECHO: Final = 10.0
"""Seconds in which a machine that was told to reset may say that it did; later it is another reset."""


class Machine(Protocol):
    """Who hears of the machine at the other end."""

    def came(self) -> None:
        """A machine is there."""
        ...

    def went(self) -> None:
        """It has gone."""
        ...

    def was_reset(self) -> None:
        """It says that it was reset, and was not told to."""
        ...


def open_socket(listen: str, listener: Listener) -> MachineSocket:
    """Listen for a machine.

    Raises:
        TransportError: the place cannot be had.
    """
    from baseboard.transports.machine_socket import MachineSocket

    return MachineSocket(listen, listener)


class VmLink:
    """One machine at a time, over one connection after another.

    Args:
        listen: ``unix:PATH`` or ``tcp:ADDRESS:PORT``.
        clock: time.
        machine: hears what becomes of the machine.
        opener: listens.

    Attributes:
        place: where the machine has to connect; with the true port as soon as it listens.
        here: whether a machine is there.
    """

    __slots__ = ("_board", "_clock", "_end", "_gathers", "_machine", "_opener", "_reset_until", "_socket",
                 "_timer", "here", "place")  # fmt: skip

    _board: Board

    def __init__(self, listen: str, clock: Clock, machine: Machine, opener: OpenSocket = open_socket) -> None:
        self._clock, self._machine, self._opener = clock, machine, opener
        self._end = BmcEnd()
        self._socket: MachineSocket | None = None
        self._timer: Timer | None = None
        self._reset_until = 0.0
        self._gathers = False
        self.place = listen
        self.here = False

    # ---- what a backend does

    def connect(self, board: Board) -> None:
        """Learn which BMC answers; called once, before anything else."""
        self._board = board
        board.watch(self._attend)

    def start(self) -> None:
        """Listen from now on.

        Raises:
            TransportError: the place cannot be had.
        """
        self._socket = self._opener(self.place, self)
        self.place = self._socket.place

    def stop(self) -> None:
        """End it; nothing is told any more."""
        self._end_timer()
        self.here = False
        self._end.disconnected()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def can(self, code: Code) -> bool:
        """Whether the machine that is there can be told that."""
        return self._end.can(code)

    def order(self, code: Code) -> bool:
        """Tell the machine to do something.

        Returns: whether it can.
        """
        told = self._end.order(code)
        if told and code is Code.RESET:
            self._reset_until = self._clock.now() + ECHO
        self._send()
        return told

    # ---- what the socket tells

    def opened(self) -> None:
        """See `Listener.opened`: somebody has connected."""
        self._end.connected()
        self._timer = self._clock.call_at(self._clock.now() + PATIENCE, self._stranger)
        self._send()

    def received(self, data: bytes) -> None:
        """See `Listener.received`; what the machine is told meanwhile goes out in one piece.

        So an answer and the attention that comes or goes with it wake the machine up once.
        """
        end = self._end
        end.receive(data)
        events = end.events()
        self._gathers = True
        try:
            if not self.here and (events or end.spoken is not None):
                self._came()
            for event in events:
                if isinstance(event, Asked):
                    answer = partial(self._answer, event)
                    self._board.request(event.netfn, event.lun, event.cmd, event.data, answer)
                elif isinstance(event, WasReset):
                    self._heard_of_reset()
        finally:
            self._gathers = False
        self._send()

    def broken(self) -> None:
        """See `Listener.broken`: a socket has no such thing."""

    def changed(self) -> None:
        """See `Listener.changed`: somebody has come or gone."""
        if self._socket is not None and not self._socket.carrier:
            self._left()

    def lost(self, error: TransportError) -> None:
        """See `Listener.lost`: a socket that listens is never lost."""

    # ---- inside

    def _came(self) -> None:
        self._end_timer()
        self.here = True
        self._reset_until = 0.0
        if self._end.spoken not in (None, VERSION):
            log.warning("%s: a machine speaks version %s of the protocol", self.place, self._end.spoken)
        log.info("%s: a machine is connected", self.place)
        self._show()
        self._machine.came()

    def _left(self) -> None:
        self._end_timer()
        self._end.disconnected()
        if self.here:
            self.here = False
            log.info("%s: the machine has gone", self.place)
            self._machine.went()

    def _stranger(self) -> None:
        """Whoever has connected is no machine."""
        self._timer = None
        self._dismiss("nothing of the protocol came")

    def _dismiss(self, reason: str) -> None:
        log.warning("%s: %s; the connection is closed", self.place, reason)
        if self._socket is not None:
            self._socket.dismiss()

    def _heard_of_reset(self) -> None:
        expected, self._reset_until = self._clock.now() < self._reset_until, 0.0
        if not expected:
            self._machine.was_reset()

    def _answer(self, asked: Asked, answer: bytes) -> None:
        self._end.answer(asked, answer)
        self._send()

    def _attend(self) -> None:
        """The BMC says that its flags, or the interrupts that are wanted, may have changed."""
        self._show()
        self._send()

    def _show(self) -> None:
        flags, interrupts = self._board.message_flags(), self._board.interrupts_enabled()
        self._end.show(flags=bool(flags), interrupts=interrupts)

    def _send(self) -> None:
        if self._gathers or self._socket is None:
            return
        out = self._end.outgoing()
        if out and not self._socket.send(b"".join(out)) and self._socket.carrier:
            self._dismiss("the machine does not read")

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
