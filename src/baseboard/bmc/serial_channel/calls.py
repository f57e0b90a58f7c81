"""The modem of a serial channel: calls that come, calls back, calls to pagers (§14.6, §25.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.serial import BASIC, PPP
from baseboard.bmc.ports import LineFormat
from baseboard.bmc.services.serial_mux import Cause
from baseboard.commands.app.sessions import SerialActivity
from baseboard.commands.parameters.serial import MessagingCommSettings
from baseboard.commands.parameters.serial_dialing import (
    CallRetryInterval,
    DestinationCommSettings,
    DestinationKind,
    ModemRingTime,
)
from baseboard.links.serial_modem import Modem, ModemEvent, ModemSettings, Phase

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.serial_channel.endpoint import SerialEndpoint
    from baseboard.commands.parameters.serial_dialing import DestinationInfo

PARTING_S: Final = 0.5
"""What was sent last gets that long to reach the far end before the call is ended."""

_HALF_SECOND: Final = 0.5


class Call:
    """A number that the BMC calls.

    Attributes:
        destination: selector of parameter 17.
        info: the destination.
        number: what is dialled.
        paging: nobody answers with a carrier.
        ended: told once how it ended, True = there was a call, or the pager was dialled.
        heard: gets what comes over the call; None = a console's session.
        left: attempts that are left.
    """

    __slots__ = ("destination", "ended", "heard", "info", "left", "number", "paging")

    def __init__(
        self,
        destination: int,
        info: DestinationInfo,
        number: bytes,
        ended: Callable[[bool], None],
        *,
        paging: bool = False,
        heard: Callable[[bytes], None] | None = None,
    ) -> None:
        self.destination, self.info, self.number, self.paging = destination, info, number, paging
        self.ended, self.heard, self.left = ended, heard, info.call_retries


class Calls:
    """What the BMC does with a modem; on a direct line nothing.

    Args:
        endpoint: the channel.
        clock: time.
    """

    def __init__(self, endpoint: SerialEndpoint, clock: Clock) -> None:
        self._endpoint, self._clock = endpoint, clock
        self._serial = endpoint.front.serial
        self._modem = Modem(self._settings)
        self._call: Call | None = None
        self._online: Call | None = None
        self._not_before = 0.0
        self._timer: Timer | None = None
        self._later: Timer | None = None

    # ---- the endpoint's side

    @property
    def ready(self) -> bool:
        """Whether there is a modem, and no other call stands in the way of one."""
        idle = self._modem.phase in (Phase.READY, Phase.ONLINE) and self._call is None
        return not self._serial.parameters.direct and idle and self._online is None

    @property
    def busy(self) -> bool:
        """Whether there is a call, or is to be one."""
        return self._call is not None or self._modem.phase in (
            Phase.ONLINE, Phase.DIALLING, Phase.ANSWERING, Phase.RINGING, Phase.QUIET, Phase.ESCAPED,
            Phase.PARTING, Phase.PREPARING,
        )  # fmt: skip

    def start(self) -> None:
        """Take the modem, if the line is the BMC's."""
        if not self._serial.mux.to_host:
            self._modem.start(self._clock.now())
            self._settle()

    def switched(self, *, at_bmc: bool) -> None:
        """The line changed hands, and the modem with it; a call goes on."""
        if self._serial.parameters.direct or self._endpoint.connector is None:
            return
        if not at_bmc:
            self._modem = Modem(self._settings)
            self._settle()
        elif self._modem.phase is Phase.IDLE:
            self.start()

    def resume(self) -> None:
        """A console called for the BMC, in a call that the system has answered."""
        if not self._serial.parameters.direct:
            self._modem.resume()

    def rest(self) -> None:
        """Nobody wants the line any more: whose it then is has it once the modem is free."""
        if self._serial.parameters.direct or not self.busy:
            self._serial.mux.rest()

    def stop(self) -> None:
        """The BMC ends."""
        for timer in (self._timer, self._later):
            if timer is not None:
                timer.cancel()
        self._timer = self._later = None

    def mode_changed(self, *, direct: bool) -> None:
        """Parameter 3: there is a modem, or there is none."""
        self.stop()
        if direct:
            self._modem = Modem(self._settings)
            self._call = self._online = None
        elif self._modem.phase is Phase.IDLE and self._endpoint.connector is not None:
            self.start()

    def received(self, data: bytes) -> bytes:
        """Take what came from the modem; gives what of it came from a console at the far end."""
        heard = self._modem.receive(data, self._clock.now())
        self._settle()
        if heard and self._online is not None and self._online.heard is not None:
            self._online.heard(heard)
            return b""
        return heard

    def send(self, data: bytes) -> None:
        """Send to the far end of the call."""
        self._modem.send(data)
        self._settle()

    def rang(self) -> None:
        """RI was pulsed."""
        self._modem.ring(self._clock.now())
        self._settle()

    def carrier(self, on: bool) -> None:
        """DCD changed."""
        self._modem.carrier(on, self._clock.now())
        self._settle()

    def hang_up(self) -> None:
        """End the call, if there is one."""
        if not self._serial.parameters.direct and self._modem.phase is not Phase.IDLE:
            self._modem.hang_up(self._clock.now())
            self._settle()

    def session_closed(self) -> None:
        """Nobody is logged in any more: once the last answer is out, the BMC hangs up."""
        if not self._serial.parameters.direct and self._modem.phase is Phase.ONLINE and self._call is None:
            self._soon(self._part)

    # ---- calls that the BMC makes

    def call_back(self, destination: int, info: DestinationInfo) -> None:
        """Hang up, if need be, and call a destination, where a login is expected then."""
        number = self._serial.callbacks.number(info)
        self.call(Call(destination, info, number, lambda _: None))
        self._soon(self._hang_up_first)

    def call(self, call: Call) -> None:
        """Call a number as soon as the modem is free."""
        self._call, self._not_before = call, 0.0
        if self._modem.phase is Phase.READY:
            self._soon(self._dial)

    def end_call(self) -> None:
        """What the BMC called for is done."""
        self._call = None
        self.hang_up()

    def _hang_up_first(self) -> None:
        """§25.10: the call that the command came over is ended, and with it its session."""
        self._endpoint.table.close_all()
        self._endpoint.ppp.reset()
        if self._modem.phase is Phase.READY:
            self._dial()
        else:
            self.hang_up()

    def _dial(self) -> None:
        call = self._call
        if call is None or self._modem.phase is not Phase.READY:
            return
        line = self._serial.parameters.read(DestinationCommSettings, call.destination)
        self._endpoint.configure(
            LineFormat(
                line.bit_rate.bits_per_second,
                int(line.flow_control),
                line.seven_bits,
                line.two_stop_bits,
                int(line.parity),
            )
        )
        self._modem.dial(call.number, self._clock.now(), paging=call.paging)
        self._settle()

    def _part(self) -> None:
        if not self._endpoint.busy and not self._endpoint.ppp.holding:
            self.hang_up()

    def _soon(self, action: Callable[[], None], seconds: float = PARTING_S) -> None:
        if self._later is not None:
            self._later.cancel()
        self._later = self._clock.call_at(self._clock.now() + seconds, action)

    # ---- what the modem tells

    def _settings(self) -> ModemSettings:
        parameters = self._serial.parameters
        ring = parameters.read(ModemRingTime)
        connector = self._endpoint.connector
        return ModemSettings(
            init=parameters.text(10),
            escape=parameters.text(11),
            hang_up=parameters.text(12),
            dial=parameters.text(13),
            dtr_hang_up=parameters.read(MessagingCommSettings).dtr_hang_up,
            ring=ring.duration * _HALF_SECOND,
            dead=(ring.dead_time + 1) * _HALF_SECOND,
            reads_carrier=connector is not None and connector.modem_lines,
        )

    def _settle(self) -> None:
        """Pass on what happened, send what is to be sent, see to the next deadline."""
        connector = self._endpoint.connector
        for event in self._modem.events():
            self._happened(event)
        modem = self._modem
        out = modem.outgoing()
        if connector is not None and not self._serial.mux.to_host:
            for data in out:
                connector.write(data)
            connector.set_dtr(modem.dtr)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = modem.deadline()
        if due is not None:
            self._timer = self._clock.call_at(due, self._expire)

    def _expire(self) -> None:
        self._timer = None
        self._modem.expire(self._clock.now())
        self._settle()

    def _happened(self, event: ModemEvent) -> None:
        match event:
            case ModemEvent.READY:
                if self._call is None:
                    self._serial.mux.rest()
                else:
                    self._soon(self._dial, max(PARTING_S, self._not_before - self._clock.now()))
            case ModemEvent.RINGING:
                if not self._serial.mux.take(Cause.RING):
                    self._modem = Modem(self._settings)  # the call is the system's
            case ModemEvent.CONNECTED:
                self._connected()
            case ModemEvent.LOST:
                self._lost()
            case ModemEvent.PAGED:
                self._done(succeeded=True)
            case ModemEvent.FAILED:
                self._failed()

    def _connected(self) -> None:
        call, self._call = self._call, None
        self._online = call
        if call is None:
            self._endpoint.began()
            return
        if call.heard is None:
            ppp = call.info.kind == DestinationKind.PPP_CALLBACK
            self._endpoint.table.called_back = True
            self._serial.activity, self._serial.destination = SerialActivity.CALLBACK, call.destination
            self._endpoint.began(mode=PPP if ppp else BASIC)
        call.ended(True)

    def _lost(self) -> None:
        call, self._online = self._online, None
        self._serial.activity, self._serial.destination = SerialActivity.MESSAGING, 0
        self._endpoint.table.called_back = False
        self._endpoint.configure()
        if call is None or call.heard is None:
            self._endpoint.ended(always=True)
        else:
            call.heard(b"")

    def _failed(self) -> None:
        """No call came about: once more after a while, as often as the destination says."""
        call = self._call
        if call is None:
            return
        if call.left:
            call.left -= 1
            seconds = self._serial.parameters.read(CallRetryInterval).seconds
            self._not_before = self._clock.now() + seconds
        else:
            self._done(succeeded=False)

    def _done(self, *, succeeded: bool) -> None:
        call, self._call = self._call, None
        self._endpoint.configure()
        self._serial.activity = SerialActivity.MESSAGING
        if call is not None:
            call.ended(succeeded)
