"""The BMC on its IPMB, and the requests of others that it sends on there (§6.12, §6.13, §22.7).

A request that is tracked goes out under the BMC's own address and number; who sent it is kept until the
response came, or for 5 seconds. Nothing is built before something is to go over the bus.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from baseboard.bmc.services.bus import Bus, Ipmb, Written
from baseboard.bmc.services.bus_station import Asker, Reply, Station, steps_of
from baseboard.bmc.services.console_requests import ConsoleRequests
from baseboard.bmc.services.events import Event
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.satellite import Satellite
from baseboard.codes import Cc, EventReadingType, SensorType
from baseboard.commands.sensor.events import PlatformEvent
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage
from baseboard.rmcp.session import RequestReceived

IPMB_CHANNEL: Final = 0
SMS_LUN: Final = 2
MOST_TRACKED: Final = 32
"""Requests of others that may be under way; a BMC must bear four (§6.13)."""

_NO_ADDRESS: Final = ("", 0)
_NO_FORM: Final = 0
_SESSION_LESS: Final = 0

Deliver = Callable[[int, RequestReceived, Reply], None]
"""Has the BMC answer a request that came in on a channel of controllers."""


class BmcStation(Station):
    """The BMC at its slave address, 20h unless it is one of several."""

    __slots__ = ("_deliver", "_messaging")

    def __init__(self, home: Home, bus: Bus, messaging: Messaging, deliver: Deliver) -> None:
        super().__init__(home.address, bus, home.clock, MOST_TRACKED, {SMS_LUN: self._for_software})
        self._messaging, self._deliver = messaging, deliver

    def _for_software(self, message: LanMessage, frame: bytes) -> None:
        """LUN 10b is system software; Get Message gives it what came, less the first address (Table 22-8).

        It answers requests itself, and its requests are not tracked: it said so by its LUN (§6.13).
        """
        taken = self._messaging.put_message(IPMB_CHANNEL, _SESSION_LESS, frame[1:])
        if not taken and not message.is_response:
            code = Cc.NODE_BUSY if self._messaging.takes(IPMB_CHANNEL) else Cc.DESTINATION_UNAVAILABLE
            self.bus.write(lan_message.wrap_response(message, bytes((code,))))

    def handle(self, message: LanMessage, reply: Reply) -> None:
        """Answer as on any other channel."""
        self._deliver(IPMB_CHANNEL, received(message), reply)

    def track(self, message: LanMessage, asker: Asker) -> None:
        """Send a request on, under a number of our own; its responses go to the asker.

        Raises:
            CompletionError: C0h, too many are under way; 81h-83h, it could not be written.
        """
        expected = next(
            (
                one
                for one in self.under_way()
                if one.token.owner is asker.owner
                and one.token.number == asker.number
                and one.address == message.rs_addr
            ),
            None,
        )
        if expected is None:
            steps = steps_of(message.netfn, message.cmd, message.data)
            expected = self.expect(
                message.rs_addr, message.rs_lun, steps, asker.answer, asker.owner, asker.number
            )
        if expected is None:
            raise CompletionError(Cc.NODE_BUSY)
        written = self.send(message, expected.sequence, rq_lun=0)
        if written != Written.DONE:
            self.forget(expected)
            raise CompletionError(written)

    def send(self, message: LanMessage, sequence: int, rq_lun: int) -> Written:
        """Write a request that somebody else made, as ours."""
        return self.bus.write(
            lan_message.wrap_request(
                message.netfn,
                message.cmd,
                message.data,
                sequence,
                rs_addr=message.rs_addr,
                rs_lun=message.rs_lun,
                rq_addr=self.address,
                rq_lun=rq_lun,
            )
        )


class Bridging:
    """The way from the other channels to the bus, and back.

    Attributes:
        deliver: has the BMC answer a request of another controller; put there by the BMC's controller.
        consoles: requests of controllers that consoles are to answer.
        satellites: the controllers of the blueprint on the BMC's bus, by address; made with the bus.
    """

    __slots__ = ("_home", "_messaging", "_station", "consoles", "deliver", "satellites")

    def __init__(self, home: Home, messaging: Messaging) -> None:
        self._home, self._messaging = home, messaging
        self.consoles = ConsoleRequests(home.clock)
        self._station: BmcStation | None = None
        self.deliver: Deliver = _nobody
        self.satellites: dict[int, Satellite] = {}

    @property
    def station(self) -> BmcStation:
        """The BMC on its bus; both are made when first asked for, the satellites with them."""
        if self._station is None:
            return self.join(Ipmb(self._home.clock))
        return self._station

    def join(self, bus: Bus) -> BmcStation:
        """Put the BMC on a bus, and its satellites with it.

        Raises:
            ValueError: somebody else is at one of their addresses.
        """
        self._station = BmcStation(self._home, bus, self._messaging, self._pass_on)
        self.satellites = populate(self._home, bus)
        return self._station

    def leave(self) -> None:
        """Take them away again: the bus may be that of others too."""
        if self._station is not None:
            for one in (self._station, *self.satellites.values()):
                one.leave()
            self._station, self.satellites = None, {}

    def _pass_on(self, channel: int, request: RequestReceived, reply: Reply) -> None:
        """To whoever answers for the BMC by then."""
        self.deliver(channel, request, reply)

    @property
    def bus(self) -> Bus:
        """The IPMB."""
        return self.station.bus

    def forget(self, session: object) -> None:
        """A session ended; what it asked for is answered to nobody (§6.13)."""
        self.consoles.forget(session)
        if self._station is not None:
            self._station.forget_owner(session)

    def send_event(self, address: int, lun: int, event: Event) -> None:
        """An event of the BMC's own, for another controller that is its event receiver (§29.3)."""
        message = PlatformEvent(
            evm_rev=event.evm_rev,
            sensor_type=SensorType(event.sensor_type),
            sensor_number=event.sensor_number,
            deassertion=event.deassertion,
            event_type=EventReadingType(event.event_type),
            event_data1=event.data[0],
            event_data2=event.data[1],
            event_data3=event.data[2],
        )
        command = PlatformEvent.command
        self.station.ask(
            address, command.netfn, command.cmd, message.encode(), _taken, _lost, lun=lun,
            rq_lun=event.generator_id >> 8 & 3,
        )  # fmt: skip

    def to_itself(self, message: LanMessage, reply: Reply, channel: int = IPMB_CHANNEL) -> None:
        """Have the BMC answer what somebody sends to its own address on the bus."""
        self.deliver(channel, received(message), reply)


def received(message: LanMessage) -> RequestReceived:
    """A request from the bus, as every channel delivers one."""
    return RequestReceived(
        None, _NO_ADDRESS, _NO_FORM, message.netfn, message.rs_lun, message.cmd, message.data,
        message.rq_addr, message.rq_seq, message.rq_lun,
    )  # fmt: skip


def populate(home: Home, bus: Bus) -> dict[int, Satellite]:
    """Put the satellites of a blueprint on the bus, and those behind others on buses of these."""
    made: dict[int, Satellite] = {}
    for spec in home.blueprint.satellites:
        if not spec.behind:
            made[spec.address] = Satellite(spec, bus, home.clock, home.address)
    for spec in home.blueprint.satellites:
        if spec.behind:
            made[spec.behind].add(spec)
    return made


def _taken(answer: bytes) -> None:
    """The receiver has it, or has said why not."""


def _lost(code: int) -> None:
    """An event that nobody took is gone."""


def _nobody(channel: int, request: RequestReceived, reply: Reply) -> None:
    """A BMC that is not wired yet has nobody to answer."""
    reply(bytes((Cc.BMC_INITIALIZING,)))
