"""Serial over LAN: its configuration, and the payload between a session and the host's line (§15, §26)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.parameters import NOT_SUPPORTED, READ_ONLY, Progress
from baseboard.codes import Cc, PayloadType, Privilege
from baseboard.commands.parameters import sol as p
from baseboard.errors import CompletionError
from baseboard.rmcp.session import SessionV20
from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_controller import BUFFER, ControllerNotice, SolController
from baseboard.rmcp.table import SessionTable

INSTANCE = 1
"""There is one serial port, so there is one instance."""

PAYLOAD_SIZE = 4 + 255
"""Largest SOL payload either way: header and as many characters as an accepted count can say."""

_RETRY_S = 0.02
_HELD = BUFFER + 1
"""Characters kept while CTS is deasserted: one more than the machine takes, so that it tells of a loss."""

HANDSHAKE_S = 1.0
"""How long a console that asked for the start-up handshake may change the bit rate first, seconds."""

_INTERVAL_S = 0.005
_RETRY_INTERVAL_S = 0.01
_PRIVILEGES = range(Privilege.USER, Privilege.OEM + 1)
_BIT_RATES = range(p.BitRate.BPS_9600, p.BitRate.BPS_115200 + 1)
_VOLATILE_RATE = 6
_FIXED = (7, 8)


class SolParameters:
    """The SOL configuration parameters; all but progress and the volatile bit rate are kept."""

    __slots__ = ("_changed", "_home", "_progress", "_volatile_rate")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._changed: dict[int, bytes] = home.journal.saved("sol")
        self._progress = Progress()
        self._volatile_rate: p.BitRate | None = None

    def get(self, selector: int) -> bytes:
        """A parameter's data.

        Raises:
            CompletionError: 80h, there is no such parameter.
        """
        return self._parameter(selector).encode()

    def set(self, parameter: p.SolParameter) -> None:
        """Change a parameter.

        Raises:
            CompletionError: 80h to 82h of the command, C9h or CCh for values that cannot be.
        """
        selector = parameter.selector
        match parameter:
            case p.SetInProgress(state=state):
                self._progress.set(state)
                return
            case p.VolatileBitRate(bit_rate=rate):
                self._check_rate(rate)
                self._volatile_rate = rate
                return
            case p.NonVolatileBitRate(bit_rate=rate):
                self._check_rate(rate)
            case p.SolAuthentication(privilege=privilege):
                if privilege not in _PRIVILEGES:
                    raise CompletionError(Cc.INVALID_DATA)
            case p.CharacterAccumulation(interval=interval):
                if interval == 0:
                    raise CompletionError(Cc.INVALID_DATA)
            case _:
                self._parameter(selector)
                if parameter.read_only or selector in _FIXED:
                    raise CompletionError(READ_ONLY)
        self._changed[selector] = data = parameter.encode()
        self._home.journal.put("sol", selector, data)

    @property
    def enabled(self) -> bool:
        """Whether SOL may be activated."""
        return p.SolEnable.decode(self.get(1)).enabled

    @property
    def authentication(self) -> p.SolAuthentication:
        """What SOL asks of a session."""
        return p.SolAuthentication.decode(self.get(2))

    def settle(self) -> None:
        """System reset or power-down: a claim to be setting parameters ends."""
        self._progress.settle()

    def reload_rate(self) -> None:
        """SOL starts: the volatile bit rate is the stored one again."""
        self._volatile_rate = None

    def controller(self, *, handshake: bool) -> SolController:
        """A machine with the timing that parameters 3 and 4 ask for."""
        gather = p.CharacterAccumulation.decode(self.get(3))
        retry = p.SolRetry.decode(self.get(4))
        return SolController(
            PAYLOAD_SIZE,
            accumulate=gather.interval * _INTERVAL_S,
            threshold=gather.send_threshold,
            retries=retry.retry_count,
            interval=retry.retry_interval * _RETRY_INTERVAL_S,
            handshake=handshake,
        )

    @staticmethod
    def _check_rate(rate: p.BitRate) -> None:
        """There is no serial channel whose rate could be used instead."""
        if rate not in _BIT_RATES:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)

    def _parameter(self, selector: int) -> p.SolParameter:
        if selector == 0:
            return p.SetInProgress(state=self._progress.state)
        if selector == _VOLATILE_RATE:
            stored = p.NonVolatileBitRate.decode(self.get(5)).bit_rate
            return p.VolatileBitRate(bit_rate=self._volatile_rate or stored)
        changed = self._changed.get(selector)
        if changed is not None:
            kept = p.SolParameter.parse(selector, changed)
            assert isinstance(kept, p.SolParameter)
            return kept
        lan = self._home.blueprint.lan
        simple: dict[int, Callable[[], p.SolParameter]] = {
            1: lambda: p.SolEnable(enabled=True),
            2: lambda: p.SolAuthentication(
                force_encryption=True, force_authentication=True, privilege=Privilege.USER
            ),
            3: lambda: p.CharacterAccumulation(interval=2, send_threshold=96),
            4: lambda: p.SolRetry(retry_count=7, retry_interval=50),
            5: lambda: p.NonVolatileBitRate(bit_rate=p.BitRate.BPS_115200),
            7: lambda: p.SolPayloadChannel(channel=lan.channel),
            8: lambda: p.SolPayloadPort(port=lan.port),
        }
        make = simple.get(selector)
        if make is None:
            raise CompletionError(NOT_SUPPORTED)
        return make()


class _Active:
    """An activated SOL payload."""

    __slots__ = ("authenticated", "encrypted", "held", "machine", "session", "table", "typed")

    def __init__(
        self,
        table: SessionTable,
        session: SessionV20,
        machine: SolController,
        *,
        encrypted: bool,
        authenticated: bool,
    ) -> None:
        self.table, self.session, self.machine = table, session, machine
        self.encrypted, self.authenticated = encrypted, authenticated
        self.held = bytearray()
        self.typed = bytearray()


class Sol:
    """The SOL payload of a BMC.

    Args:
        flush: sends what was given to the session table.
    """

    __slots__ = ("_active", "_flush", "_handshake", "_home", "_timer", "parameters")

    def __init__(self, home: Home, flush: Callable[[], None]) -> None:
        self._home = home
        self._flush = flush
        self._active: _Active | None = None
        self._timer: Timer | None = None
        self._handshake: Timer | None = None
        self.parameters = SolParameters(home)

    @property
    def owner(self) -> SessionV20 | None:
        """The session that SOL runs under; None = it is not active."""
        return None if self._active is None else self._active.session

    def activate(
        self,
        table: SessionTable,
        session: SessionV20,
        *,
        encrypted: bool,
        authenticated: bool,
        handshake: bool,
    ) -> None:
        """Join the session and the host's line; the caller checked that it may be."""
        serial = self._home.backend.serial
        power = self._home.backend.power
        assert serial is not None
        self.parameters.reload_rate()
        machine = self.parameters.controller(handshake=handshake)
        self._active = _Active(table, session, machine, encrypted=encrypted, authenticated=authenticated)
        force = self.parameters.authentication
        table.admit_payload(
            session,
            PayloadType.SOL,
            authenticated=force.force_authentication and authenticated,
            encrypted=force.force_encryption and encrypted,
        )
        serial.attach(self._printed)
        now = self._home.clock.now()
        if power is not None:
            machine.set_available(power.is_on(), now)
        # A console takes no packet before the answer to its activation, so the first waits until that is out.
        self._timer = self._home.clock.call_at(now, self._due)
        if handshake and not self._home.blueprint.strict:
            self._handshake = self._home.clock.call_at(now + HANDSHAKE_S, self._no_handshake)

    def deactivate(self, *, told: bool = True) -> None:
        """End the payload.

        Args:
            told: the console learns of it by the payload's last packet (Table 15-2, note 2).
        """
        active = self._active
        if active is None:
            return
        if told:
            active.machine.deactivate(self._home.clock.now())
        self._pump(active)
        active.table.refuse_payload(active.session, PayloadType.SOL)
        self._detach()
        self._flush()

    def session_closed(self, session: object) -> None:
        """With a session its payloads end; there is nobody left to tell."""
        if self._active is not None and self._active.session is session:
            self._detach()

    def set_encryption(self, *, encrypted: bool) -> None:
        """Suspend or resume the encryption of what the BMC sends."""
        if self._active is not None:
            self._active.encrypted = encrypted

    def received(self, session: SessionV20, data: bytes) -> None:
        """A SOL packet of the console."""
        active = self._active
        if active is not None and active.session is session:
            active.machine.receive(data, self._home.clock.now())
            self._pump(active)

    def set_parameter(self, parameter: p.SolParameter) -> None:
        """Change a parameter; switching SOL off ends it."""
        self.parameters.set(parameter)
        if not self.parameters.enabled:
            self.deactivate()

    def power_changed(self, on: bool) -> None:
        """A host that is off takes no characters; those on their way to it are lost."""
        active, now = self._active, self._home.clock.now()
        if active is None:
            return
        active.machine.set_available(on, now)
        if not on:
            lost = len(active.typed)
            active.typed.clear()
            active.machine.consumed(lost, now)
        self._pump(active)
        self._flush()

    def stop(self) -> None:
        """The BMC ends."""
        self._detach()

    def _detach(self) -> None:
        serial = self._home.backend.serial
        if self._active is not None and serial is not None:
            serial.attach(None)
        self._active = None
        for timer in (self._timer, self._handshake):
            if timer is not None:
                timer.cancel()
        self._timer = self._handshake = None

    def _no_handshake(self) -> None:
        """QUIRK ipmitool, ipmiconsole: they ask for the handshake and wait for output before they say a word.

        By §24.1 they would show nothing until somebody pressed a key.
        """
        active = self._active
        assert active is not None
        active.machine.release()
        self._pump(active)
        self._flush()

    def _printed(self, data: bytes) -> None:
        """The host printed something; with CTS deasserted it is kept for later, as far as there is room."""
        active = self._active
        if active is None:
            return
        if active.machine.cts and not active.held:
            active.machine.write(data, self._home.clock.now())
            self._pump(active)
            self._flush()
        else:
            active.held += data[: _HELD - len(active.held)]

    def _pump(self, active: _Active) -> None:
        """Move everything that can move, and see to the next deadline."""
        now = self._home.clock.now()
        for event in active.machine.events():
            if isinstance(event, Characters):
                active.typed += event.data
            else:
                self._obey(active, event, now)
        self._type(active, now)
        for packet in active.machine.outgoing():
            active.table.send_payload(
                active.session,
                PayloadType.SOL,
                packet,
                authenticated=active.authenticated,
                encrypted=active.encrypted,
            )
        self._set_timer(active, now)

    def _obey(self, active: _Active, notice: ControllerNotice, now: float) -> None:
        serial = self._home.backend.serial
        if notice is ControllerNotice.BREAK and serial is not None:
            # The break comes before the characters of its packet, and after those of the packets before.
            self._type(active, now)
            serial.send_break()
        elif notice is ControllerNotice.FLUSH_INBOUND:
            active.typed.clear()
        elif notice is ControllerNotice.FLUSH_OUTBOUND:
            active.held.clear()
        elif notice is ControllerNotice.LINES and active.machine.cts and active.held:
            held = bytes(active.held)
            active.held.clear()
            active.machine.write(held, now)

    def _type(self, active: _Active, now: float) -> None:
        serial = self._home.backend.serial
        if not active.typed or serial is None:
            return
        taken = serial.write(bytes(active.typed))
        del active.typed[:taken]
        active.machine.consumed(taken, now)

    def _set_timer(self, active: _Active, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = active.machine.deadline()
        if active.typed:
            due = min(now + _RETRY_S, now + _RETRY_S if due is None else due)
        if due is not None:
            self._timer = self._home.clock.call_at(due, self._due)

    def _due(self) -> None:
        active, self._timer = self._active, None
        assert active is not None
        active.machine.expire(self._home.clock.now())
        self._pump(active)
        self._flush()
