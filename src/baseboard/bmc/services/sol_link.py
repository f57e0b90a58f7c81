"""One activated SOL payload: between a session, the machine of §15 and a serial port of the host."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.bmc.ports import LineNotice, SerialSignals
from baseboard.codes import PayloadType
from baseboard.commands.app.payload import SerialAlerts
from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_controller import BUFFER, ControllerNotice, SolController

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.ports import SerialPort
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.session import SessionV20
    from baseboard.rmcp.table import SessionTable

HANDSHAKE_S: Final = 1.0
"""How long a console that asked for the start-up handshake may change the bit rate first, seconds."""

_RETRY_S: Final = 0.02
_HELD: Final = BUFFER + 1
"""Characters kept while CTS is deasserted: one more than the machine takes, so that it tells of a loss."""

_LOW, _HIGH = BUFFER // 4, BUFFER // 2
"""Room for characters below which the host is held by CTS, and above which it may go on (§15.6)."""


class Wishes(NamedTuple):
    """How a console wants SOL: the auxiliary data of Activate Payload (Table 24-2).

    Attributes:
        encrypted: what the BMC sends is encrypted.
        authenticated: and signed.
        handshake: the modem lines stay deasserted until the console speaks.
        test_mode: the console alone drives the modem lines, and is shown those of the host.
        alerts: what becomes of alerts on a serial channel that shares the port.
    """

    encrypted: bool
    authenticated: bool
    handshake: bool = False
    test_mode: bool = False
    alerts: SerialAlerts = SerialAlerts.FAIL


class Way(NamedTuple):
    """What carries a link's packets.

    Attributes:
        table: the session table.
        session: whose payload it is.
        flush: sends what was given to the table.
        address: where packets to the session go, where that is not where it was heard last.
    """

    table: SessionTable
    session: SessionV20
    flush: Callable[[], None]
    address: Callable[[SessionV20], Address | None]


class SolLink:
    """An activated instance of SOL.

    Attributes:
        session: under which it runs.
        wishes: how it was activated.
        encrypted: whether packets of the BMC are encrypted now.
    """

    __slots__ = (
        "_available", "_carrier", "_clock", "_cts", "_handshake", "_held", "_machine", "_open", "_port",
        "_signals", "_throttled", "_timer", "_typed", "_way", "encrypted", "session", "wishes",
    )  # fmt: skip

    def __init__(
        self, clock: Clock, port: SerialPort, way: Way, machine: SolController, wishes: Wishes
    ) -> None:
        self._clock, self._port, self._way, self._machine = clock, port, way, machine
        self._signals = port if isinstance(port, SerialSignals) else None
        self.session, self.wishes, self.encrypted = way.session, wishes, wishes.encrypted
        self._held, self._typed = bytearray(), bytearray()
        self._timer: Timer | None = None
        self._handshake: Timer | None = None
        self._available: Callable[[], bool] = port.carrier
        self._throttled = self._open = False
        # As the port was told last; until then it holds the lines deasserted.
        self._cts = self._carrier = False

    def open(self, available: Callable[[], bool], *, patient: bool) -> None:
        """Begin.

        Args:
            available: tells whether the system takes characters.
            patient: wait for the first word of a console that asked for the handshake, however long.
        """
        self._available, self._open = available, True
        self._port.attach(self._printed)
        now = self._clock.now()
        if self._signals is not None:
            self._signals.watch(self._noticed)
        self._show_outputs(now)
        self._machine.set_available(available(), now)
        self._drive()
        # A console takes no packet before the answer to its activation, so the first waits until that is out.
        self._timer = self._clock.call_at(now, self._due)
        if self.wishes.handshake and not patient:
            self._handshake = self._clock.call_at(now + HANDSHAKE_S, self._no_handshake)

    def close(self, *, told: bool) -> None:
        """End.

        Args:
            told: the console learns of it by the payload's last packet (Table 15-2, note 2).
        """
        if told:
            self._machine.deactivate(self._clock.now())
        self._pump()
        self._way.table.refuse_payload(self.session, PayloadType.SOL)
        self.detach()
        self._way.flush()

    def detach(self) -> None:
        """Give the port back; no timer runs any more."""
        self._open = False
        self._port.attach(None)
        if self._signals is not None:
            self._signals.watch(None)
        for timer in (self._timer, self._handshake):
            if timer is not None:
                timer.cancel()
        self._timer = self._handshake = None

    def received(self, data: bytes) -> None:
        """A SOL packet of the console."""
        self._machine.receive(data, self._clock.now())
        self._pump()

    def set_rate(self, bits_per_second: int) -> None:
        """The port shall speak at this speed."""
        if self._signals is not None:
            self._signals.set_rate(bits_per_second)

    def look(self, *, off: bool = False) -> None:
        """See whether the system takes characters; those on their way to one that does not are lost.

        Args:
            off: its power has just gone.
        """
        available, now = not off and self._available(), self._clock.now()
        self._machine.set_available(available, now)
        if not available:
            lost = len(self._typed)
            self._typed.clear()
            self._machine.consumed(lost, now)
        self._show_outputs(now)
        self._pump()
        self._way.flush()

    # ---- the host's side

    def _printed(self, data: bytes) -> None:
        """The host printed something; with CTS deasserted it is kept for later, as far as there is room."""
        if not self._open:
            return
        if self._machine.cts and not self._held:
            self._machine.write(data, self._clock.now())
            self._pump()
            self._way.flush()
        else:
            self._held += data[: _HELD - len(self._held)]

    def _noticed(self, notice: LineNotice) -> None:
        if not self._open:
            return
        now = self._clock.now()
        match notice:
            case LineNotice.BREAK:
                self._machine.break_seen(now)
            case LineNotice.OUTPUTS:
                self._show_outputs(now)
            case LineNotice.CARRIER:
                self.look()
                return
        self._pump()
        self._way.flush()

    def _show_outputs(self, now: float) -> None:
        """In test mode the console sees RTS and DTR of the host."""
        if self.wishes.test_mode and self._signals is not None:
            rts, dtr = self._signals.outputs()
            self._machine.set_outputs(now, rts=rts, dtr=dtr)

    def _drive(self) -> None:
        """Give the port the modem lines: as the console says, CTS also by the room left (§15.6)."""
        signals, machine = self._signals, self._machine
        if signals is None:
            return
        room = machine.room
        self._throttled = not self.wishes.test_mode and room < (_HIGH if self._throttled else _LOW)
        cts, carrier = machine.cts and not self._throttled, machine.carrier
        if (cts, carrier) != (self._cts, self._carrier):
            self._cts, self._carrier = cts, carrier
            signals.set_lines(cts=cts, carrier=carrier)

    # ---- the machine

    def _no_handshake(self) -> None:
        """QUIRK ipmitool, ipmiconsole: they ask for the handshake and wait for output before they say a word.

        By §24.1 they would show nothing until somebody pressed a key.
        """
        self._handshake = None
        self._machine.release()
        self._pump()
        self._way.flush()

    def _pump(self) -> None:
        """Move everything that can move, and see to the next deadline."""
        now, machine, way = self._clock.now(), self._machine, self._way
        for event in machine.events():
            if isinstance(event, Characters):
                self._typed += event.data
            else:
                self._obey(event, now)
        self._type(now)
        self._drive()
        for packet in machine.outgoing():
            way.table.send_payload(
                way.session,
                PayloadType.SOL,
                packet,
                authenticated=self.wishes.authenticated,
                encrypted=self.encrypted,
                address=way.address(way.session),
            )
        self._set_timer(now)

    def _obey(self, notice: ControllerNotice, now: float) -> None:
        match notice:
            case ControllerNotice.BREAK:
                # The break comes before the characters of its packet, and after those of the packets before.
                self._type(now)
                self._port.send_break()
            case ControllerNotice.RING:
                if self._signals is not None:
                    self._signals.ring()
            case ControllerNotice.FLUSH_INBOUND:
                self._typed.clear()
                if self._signals is not None:
                    self._signals.drop_written()
            case ControllerNotice.FLUSH_OUTBOUND:
                self._held.clear()
            case ControllerNotice.LINES:
                self._let_out(now)

    def _let_out(self, now: float) -> None:
        """CTS is asserted again: what the host printed meanwhile goes on."""
        if self._machine.cts and self._held:
            held = bytes(self._held)
            self._held.clear()
            self._machine.write(held, now)

    def _type(self, now: float) -> None:
        if self._typed:
            taken = self._port.write(bytes(self._typed))
            del self._typed[:taken]
            self._machine.consumed(taken, now)

    def _set_timer(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self._machine.deadline()
        if self._typed:
            due = min(now + _RETRY_S, now + _RETRY_S if due is None else due)
        if due is not None:
            self._timer = self._clock.call_at(due, self._due)

    def _due(self) -> None:
        self._timer = None
        self._machine.expire(self._clock.now())
        self._pump()
        self._way.flush()
