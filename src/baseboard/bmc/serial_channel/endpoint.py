"""The serial channel of one BMC: between its connector, its mux, its modes and its controller (§14)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL
from baseboard.bmc.ports import Connector, ConnectorNotice, LineFormat
from baseboard.bmc.serial_channel.alerts import SerialAlerts
from baseboard.bmc.serial_channel.basic import Basic
from baseboard.bmc.serial_channel.calls import Calls
from baseboard.bmc.serial_channel.front import Front, SerialMode
from baseboard.bmc.serial_channel.mode_choice import ModeChoice
from baseboard.bmc.serial_channel.pings import Pings
from baseboard.bmc.serial_channel.ppp import Ppp
from baseboard.bmc.serial_channel.terminal import Terminal
from baseboard.bmc.services.serial_login import SerialPolicy
from baseboard.bmc.services.serial_mux import Cause
from baseboard.bmc.services.serial_sessions import SerialTable
from baseboard.codes import ChassisControl, RestartCause
from baseboard.commands.parameters.serial import (
    MessagingCommSettings,
    SessionInactivityTimeout,
    SessionTermination,
)
from baseboard.commands.transport.serial import ConnectionState
from baseboard.errors import CompletionError
from baseboard.links.serial_basic import frame
from baseboard.links.serial_patterns import ACKNOWLEDGE, Pattern, PatternWatch
from baseboard.rmcp.session import Reason

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.controller import Controller
    from baseboard.commands.parameters.serial_dialing import DestinationInfo
    from baseboard.commands.transport.sol import SolActivating
    from baseboard.rmcp.session import Session

INACTIVITY_STEP: Final = 30.0
_FIRST_PORT: Final = 1
_OF_LINKS: Final = range(30, 49)


class SerialEndpoint:
    """The serial channel of one BMC.

    Args:
        controller: the BMC; its blueprint has a serial channel.
        random: gives that many unpredictable bytes.
        clock: time.

    Attributes:
        channel: its number.
        table: who is logged in.
        modes: the ways of speaking over the line, by their bits in parameter 3.
        mode: the one that the console speaks; None = that has not shown yet.
        ppp: the one of them that has a link below it.
        calls: the modem, if there is one.
        alerts: what sends the channel's alerts.
    """

    def __init__(self, controller: Controller, random: Callable[[int], bytes], clock: Clock) -> None:
        services, serial = controller.services, controller.services.serial
        assert serial is not None
        self.channel = serial.spec.channel
        self._services, self._serial, self._clock = services, serial, clock
        policy = SerialPolicy(
            services.login, services.users, services.channels, services.lan, serial.parameters, self.channel,
            services.device.guid, reveal=services.home.blueprint.reveal_login_errors,
            early=lambda: serial.mux.at_bmc,
        )  # fmt: skip
        self.table = SerialTable(policy, random, self.send_message, self._session_changed)
        services.tables[self.channel] = self.table
        self.front = Front(controller, serial, policy, self.table, self.write)
        self.ppp = Ppp(controller, self.front, self, random, clock)
        self.modes: dict[int, SerialMode] = {
            BASIC: Basic(self.front), PPP: self.ppp, TERMINAL: Terminal(self.front),
        }  # fmt: skip
        self._choice = ModeChoice(serial.parameters, self.modes, self.ppp)
        self.mode: SerialMode | None = None
        self._connector: Connector | None = None
        self._patterns = PatternWatch()
        self._connected = self._just_switched = False
        self._timer: Timer | None = None
        self._idle: Timer | None = None
        self.calls = Calls(self, clock)
        self._pings = Pings(clock, self.send_message, self._ping_wanted, self._state)
        serial.link = self
        serial.mux.hand_over = self._hand_over
        serial.mux.on_switch.append(self._switched)
        serial.parameters.on_change.append(self._changed)
        services.sol.on_activating = (*services.sol.on_activating, self._sol_activating)
        self.alerts = SerialAlerts(self, clock)
        services.alerts.senders[self.channel] = self.alerts
        self._see_to_time_out()

    # ---- the connector

    def attach(self, connector: Connector) -> None:
        """Say where the line is plugged in."""
        self._connector = connector
        connector.open(self.receive, self._noticed)
        self.configure()
        if not self._serial.parameters.direct:
            self.calls.start()
        elif connector.carrier():
            self.began()
        self._see_to_plug()

    def close(self) -> None:
        """The BMC ends: the session too, and the console is not told."""
        self._pings.end()
        self.calls.stop()
        self.alerts.stop()
        self.alerts.link.stop()
        self.ppp.reset()
        self.ppp.stop()
        for timer in (self._timer, self._idle):
            if timer is not None:
                timer.cancel()
        self._timer = self._idle = None
        self.table.close_all()
        if self._connector is not None:
            self._connector.close()
            self._connector = None

    @property
    def connector(self) -> Connector | None:
        """Where the line is plugged in."""
        return self._connector

    @property
    def bits_per_second(self) -> int:
        """The speed of parameter 7."""
        return self._serial.parameters.read(MessagingCommSettings).bit_rate.bits_per_second

    def configure(self, line: LineFormat | None = None) -> None:
        """Have the connector speak as parameter 7 says, or as a destination that is called wants."""
        if line is None:
            settings = self._serial.parameters.read(MessagingCommSettings)
            line = LineFormat(settings.bit_rate.bits_per_second, int(settings.flow_control))
        if self._connector is not None:
            self._connector.configure(line)

    def receive(self, data: bytes) -> None:
        """Take what came over the connector, and do all that follows from it."""
        now = self._clock.now()
        if not self._serial.parameters.direct:
            heard = self.calls.received(data)
            data = data if self._serial.mux.to_host else heard
        if self._serial.mux.to_host and not self._serial.mux.watching:
            self._serial.mux.typed(data)
            return
        if self._of_link(data):
            return
        for piece in self._patterns.receive(data, now):
            if self._serial.mux.to_host:
                self._serial.mux.typed(piece.data)
            else:
                self._feed(piece.data, now)
            if piece.pattern is not None:
                self._obey(piece.pattern, now)
        self._arm()

    def _of_link(self, data: bytes) -> bool:
        """PPP has bytes of all values: where there is a link, no escape sequence is looked for in it."""
        if not self._serial.mux.to_host:
            if not self.ppp.speaking:
                return False
            self.of_call(data)
            return True
        watched = self._serial.parameters.wanted_modes & PPP and self._serial.parameters.mux.to_bmc_on_rmcp
        called = self.ppp.watch.receive(data) if watched else None
        if called is None or not self._serial.mux.take(Cause.PATTERN):
            return False
        self.calls.resume()
        self._adopt(self.ppp)
        self.ppp.taken(called)
        self.of_call(data[called.end :])
        return True

    def of_call(self, data: bytes) -> None:
        """Take what came over a link, of a console's or of the BMC's own."""
        if self.ppp.receive(data, self._clock.now()):
            self._adopt(self.ppp)
        self._arm()

    def write(self, data: bytes) -> None:
        """Send over the line: as it is, or to the far end of the modem's call."""
        if self._connector is None:
            return
        if self._serial.parameters.direct:
            self._connector.write(data)
        else:
            self.calls.send(data)

    def send_message(self, message: bytes) -> None:
        """Send a message that answers no request in hand, in the mode that the console speaks."""
        mode = self.mode or self._choice.only()
        if mode is not None:
            mode.send_message(message)

    # ---- what the commands ask for

    @property
    def ready(self) -> bool:
        """See `SerialLink`."""
        return self.calls.ready

    def acknowledged(self) -> None:
        """See `SerialLink`."""
        self._pings.acknowledged()

    def call_back(self, destination: int, info: DestinationInfo) -> None:
        """See `SerialLink`."""
        self.calls.call_back(destination, info)

    # ---- consoles come and go

    def began(self, *, mode: int = 0) -> None:
        """A console is at the line: a cable was plugged in, or a call was answered.

        Args:
            mode: that it is to speak, as a bit of parameter 3; 0 = it shows.
        """
        self._connected = True
        self._forget()
        if mode:
            self._adopt(self.modes.get(mode))
        if mode == PPP:
            # A console that is called back gives the BMC the address of the destination's account.
            self.ppp.open(self._serial.parameters.destination(self._serial.destination).lower)
        elif not mode and self._serial.parameters.wanted_modes & PPP and not self._serial.mux.to_host:
            self.ppp.began(alone=len(self._choice.enabled()) == 1)
        self._see_to_plug()
        self._pings.begin()
        self.rest_later()

    def ended(self, *, always: bool = False) -> None:
        """It is gone (§14.2).

        Args:
            always: its session ends, whatever parameter 6 says: a call is over.
        """
        self._connected = False
        self._pings.end()
        if always or self._serial.parameters.read(SessionTermination).on_dcd_loss:
            self.table.close_all(Reason.ENDED)
        self._forget()
        self._see_to_plug()
        self._serial.mux.take(Cause.DCD_LOSS)

    def rest_later(self) -> None:
        """Who has the line and does not log in loses it after the time-out of a session."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if not self.busy and not math.isinf(self.table.inactivity):
            self._idle = self._clock.call_at(self._clock.now() + self.table.inactivity, self._rest)

    def _rest(self) -> None:
        self._idle = None
        if not self.busy and not self._serial.mux.alerting:
            self.calls.hang_up()
            self.calls.rest()

    def _noticed(self, notice: ConnectorNotice) -> None:
        connector = self._connector
        if connector is None:
            return
        if not self._serial.parameters.direct and connector.modem_lines:
            if notice is ConnectorNotice.RING:
                self.calls.rang()
            else:
                self.calls.carrier(connector.carrier())
        elif not self._serial.parameters.direct or notice is not ConnectorNotice.CARRIER:
            return
        elif connector.carrier() and not self._connected:
            self.began()
        elif self._connected and not connector.carrier():
            self.ended()

    def _forget(self) -> None:
        self.mode = None
        self._patterns.forget()
        for mode in self.modes.values():
            mode.reset()

    def _see_to_plug(self) -> None:
        """The host's output is asked for only while somebody may see it."""
        connector = self._connector
        there = connector is not None and (self._connected or not self._serial.parameters.direct)
        self._serial.mux.plug(connector.write if connector is not None and there else None)

    # ---- modes

    def _feed(self, data: bytes, now: float) -> None:
        self._adopt(self._choice.feed(data, now))

    def _adopt(self, mode: SerialMode | None) -> None:
        if mode is not None and mode is not self.mode:
            self.mode = mode
            self._serial.protocol = mode.protocol
            self._pings.begin()

    # ---- patterns

    def _obey(self, pattern: Pattern, now: float) -> None:
        control, mux = self._serial.parameters.mux, self._serial.mux
        bits = self._serial.parameters.wanted_modes
        match pattern:
            case Pattern.TO_BMC if bits & TERMINAL:
                if mux.to_host:
                    self.calls.resume()
                    if not (control.to_bmc_by_escape and mux.take(Cause.PATTERN)):
                        return
                    self.write(ACKNOWLEDGE)
                self._enter_terminal()
            case Pattern.LOGIN if mux.to_host and control.to_bmc_on_authentication and bits & BASIC:
                self.calls.resume()
                if mux.take(Cause.PATTERN):
                    self._feed(frame(self._patterns.message), now)
            case Pattern.TO_SYSTEM if not mux.to_host and control.to_system_by_escape and mux.sharing:
                self.write(ACKNOWLEDGE)
                mux.give()
            case Pattern.POWER_UP if control.power_up_by_escape:
                self.write(ACKNOWLEDGE)
                self._switch(ChassisControl.POWER_UP)
            case Pattern.RESET if control.reset_by_escape:
                self._switch(ChassisControl.HARD_RESET)
            case _:
                return

    def _enter_terminal(self) -> None:
        terminal = self.modes[TERMINAL]
        assert isinstance(terminal, Terminal)
        self.modes[BASIC].reset()
        self.ppp.reset()
        terminal.reset()
        self._adopt(terminal)
        terminal.announce()

    def _switch(self, action: ChassisControl) -> None:
        """What an escape sequence asks for, if the system can do it now."""
        try:
            self._services.chassis.control(action, RestartCause.CHASSIS_CONTROL, self.channel)
        except CompletionError:
            return

    # ---- the mux

    def _switched(self, at_bmc: bool) -> None:
        self.calls.switched(at_bmc=at_bmc)
        self._just_switched = at_bmc
        if at_bmc:
            self._patterns.forget()
            self._pings.begin()
            self.rest_later()
            if self._connected and self._choice.enabled() == [self.ppp]:
                self.ppp.switched()
        else:
            self._pings.end()
            self.table.close_all(Reason.ENDED)
            self.ppp.reset()

    def _hand_over(self) -> bool:
        """A console is told that the line goes to the system; True = it may go at once (§25.9)."""
        if self.mode is None:
            return True
        if self._serial.parameters.mux.acknowledged_switch:
            self._pings.hand_over(self._handed_over)
            return False
        if self._told_of_switches():
            self._pings.tell(ConnectionState.SWITCHING_TO_SYSTEM)
        return True

    def _handed_over(self) -> None:
        self._serial.mux.give()

    def _sol_activating(self, activating: SolActivating) -> None:
        """§26.1: SOL takes a line that is shared; who uses it is told, and dropped."""
        if activating.instance != _FIRST_PORT or not self._serial.mux.sharing:
            return
        if self.mode is not None:
            self._pings.ask(activating.command.cmd, activating.encode())
        self.table.close_all(Reason.ENDED)
        self.ppp.reset()
        self.calls.hang_up()

    # ---- sessions

    def _session_changed(self, session: Session, opened: bool) -> None:
        if not opened:
            self._services.session_closed(session)
            self.calls.session_closed()
        self.sessions_changed()

    @property
    def busy(self) -> bool:
        """Whether somebody is logged in."""
        return self.table.session is not None or self.ppp.in_use

    def sessions_changed(self) -> None:
        """See `Around`; also for the session without PPP."""
        self._serial.mux.messaging = self.busy
        if self.busy:
            self._services.alerts.hold(self.channel)
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None
            self._arm()
        else:
            self._services.alerts.release(self.channel)
            self.rest_later()

    def rearm(self) -> None:
        """See `Around`."""
        self._arm()

    def link_changed(self, *, up: bool) -> None:
        """See `Around`: at a link after a switch that is told (§25.9); a link that is over ends its call."""
        if up:
            self._adopt(self.ppp)
            if self._just_switched and self._told_of_switches():
                self._pings.tell(self._state())
            self._just_switched = False
        else:
            self.calls.session_closed()

    def _told_of_switches(self) -> bool:
        control = self._serial.parameters.mux
        enabled = control.ping_in_callback if self.table.called_back else control.ping_direct
        there = self._connected and self._serial.mux.at_bmc and not self._serial.mux.to_host
        return enabled and there and (self.mode or self._choice.only()) is not None

    def _ping_wanted(self) -> bool:
        """Over PPP only switches are told of."""
        return self.mode is not self.ppp and self._told_of_switches()

    def _state(self) -> ConnectionState:
        return ConnectionState.SESSION_ACTIVE if self.busy else ConnectionState.NO_SESSION

    # ---- parameters and time

    def _changed(self, selector: int) -> None:
        match selector:
            case 4 | 6:
                self._see_to_time_out()
            case 7:
                self.configure()
            case 3:
                self._forget()
                self.calls.mode_changed(direct=self._serial.parameters.direct)
                self._see_to_plug()
            case 8:
                self._pings.begin()
            case _ if selector in _OF_LINKS:
                self.ppp.settings_changed()
            case _:
                return

    def _see_to_time_out(self) -> None:
        parameters = self._serial.parameters
        steps = parameters.read(SessionInactivityTimeout).timeout
        ends = steps and parameters.read(SessionTermination).on_inactivity
        self.table.inactivity = steps * INACTIVITY_STEP if ends else math.inf
        self.ppp.inactivity_changed(self.table.inactivity)
        if self.table.session is not None:
            self.table.wake(self.table.session.last_active + self.table.inactivity)
            self._arm()

    def _arm(self) -> None:
        """See to the next deadline of table and modes; the modem sees to its own."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        known = [self.table.deadline(), *(mode.deadline() for mode in self.modes.values())]
        due = [when for when in known if when is not None and not math.isinf(when)]
        if due:
            self._timer = self._clock.call_at(min(due), self._expire)

    def _expire(self) -> None:
        self._timer = None
        now = self._clock.now()
        self.table.expire(now)
        for mode in self.modes.values():
            mode.expire(now)
        self._arm()
