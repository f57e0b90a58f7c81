"""Alerts over PPP: the BMC calls, brings a link up, and sends a trap over it (§17.12, Table 25-4).

A destination of that kind names an account (parameters 38 to 44) and an IP address (parameter 23). Without a
modem the link is brought up on the line as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from baseboard.bmc.serial_channel.calls import Call
from baseboard.commands.parameters.serial import CommunityString
from baseboard.commands.parameters.serial_dialing import DestinationInfo, DestinationIpAddress
from baseboard.commands.parameters.serial_ppp import PppAccountHoldTime
from baseboard.commands.sensor.pef import AlertStatus
from baseboard.errors import BaseboardError
from baseboard.links.ethernet_udp import Datagram

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.serial_channel.endpoint import SerialEndpoint
    from baseboard.bmc.services.alert_policy import Alert

log = logging.getLogger(__name__)

Ended = Callable[[AlertStatus], None]


class PppAlerts:
    """One alert at a time over a link of its own.

    Args:
        endpoint: the channel.
        clock: time.
    """

    def __init__(self, endpoint: SerialEndpoint, clock: Clock) -> None:
        self._endpoint, self._clock = endpoint, clock
        self._sending: _Sending | None = None

    def send(self, destination: int, info: DestinationInfo, alert: Alert, ended: Ended) -> None:
        """Send an alert.

        Args:
            destination: its number.
            info: where to, and how persistently.
            alert: what is told.
            ended: told how it ended, once the line is free again.
        """
        self._sending = _Sending(self._endpoint, self._clock, info, alert, ended)
        self._sending.begin(destination)

    def heard(self, data: bytes) -> None:
        """What came over the call; nothing = it was lost."""
        if data:
            self._endpoint.of_call(data)
        elif self._sending is not None:
            self._sending.lost()

    def stop(self) -> None:
        """The BMC ends."""
        if self._sending is not None:
            self._sending.stop()
            self._sending = None


class _Sending:
    """An alert on its way."""

    def __init__(
        self, endpoint: SerialEndpoint, clock: Clock, info: DestinationInfo, alert: Alert, ended: Ended
    ) -> None:
        self._endpoint, self._clock, self._info, self._alert = endpoint, clock, info, alert
        self._ended: Ended | None = ended
        self._parameters = endpoint.front.serial.parameters
        self._left = 1 + info.alert_retries
        self._trap = b""
        self._sequence = 0
        self._status = AlertStatus.CALL_RETRIES_FAILED
        self._timer: Timer | None = None

    def begin(self, destination: int) -> None:
        """Call, if there is a modem."""
        if self._parameters.direct:
            self._called(True)
            return
        number = self._endpoint.front.serial.callbacks.number(self._info)
        heard = self._endpoint.alerts.link.heard
        self._endpoint.calls.call(Call(destination, self._info, number, self._called, heard=heard))

    def stop(self) -> None:
        """Nothing more is done."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._endpoint.ppp.on_state = None
        self._endpoint.front.services.pet.forget(self._sequence)

    def lost(self) -> None:
        """The call is over."""
        self._finish()

    def _called(self, succeeded: bool) -> None:
        """There is a line: the BMC logs in as its account says, and asks the other end for nothing."""
        if not succeeded:
            self._finish()
            return
        self._endpoint.ppp.open(self._info.lower, ask=False)
        self._endpoint.ppp.on_state = self._link_changed

    def _link_changed(self, up: bool) -> None:
        if not up:
            self._finish()
            return
        pet = self._endpoint.front.services.pet
        link = self._endpoint.ppp.link
        agent = IPv4Address(0) if link is None else link.addresses.ours
        community = self._parameters.read(CommunityString).community.partition(b"\0")[0]
        try:
            self._trap, self._sequence = pet.trap(self._alert, agent, community, self._acknowledged)
        except BaseboardError as error:
            log.warning("no alert over PPP: %s", error)
            self._finish()
            return
        self._attempt()

    def _attempt(self) -> None:
        """Once, and as often again as the destination says while nobody acknowledges it."""
        self._timer = None
        if not self._left:
            self._status = AlertStatus.ACKNOWLEDGE_TIMEOUT
            self._hold()
            return
        self._left -= 1
        where = self._parameters.read(DestinationIpAddress, self._info.upper).address
        port = self._endpoint.front.services.home.blueprint.pef.trap_port
        self._endpoint.ppp.send_datagram(Datagram(port, port, self._trap), where)
        if self._info.acknowledged or self._left:
            self._after(self._info.timeout + 1.0, self._attempt if self._waits() else self._sent)
        else:
            self._sent()

    def _waits(self) -> bool:
        return self._info.acknowledged or self._left > 0

    def _sent(self) -> None:
        self._status = AlertStatus.NORMAL_END
        self._hold()

    def _acknowledged(self) -> None:
        if self._info.acknowledged and self._timer is not None:
            self._sent()

    def _hold(self) -> None:
        """The link stays for a while, as there may be more to send (parameter 44)."""
        self._endpoint.front.services.pet.forget(self._sequence)
        seconds = self._parameters.read(PppAccountHoldTime, self._info.lower).seconds
        self._after(float(seconds), self._hang_up)

    def _hang_up(self) -> None:
        self._endpoint.ppp.on_state = None
        self._endpoint.ppp.close()
        self._after(1.0, self._finish)

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_at(self._clock.now() + seconds, action)

    def _finish(self) -> None:
        self.stop()
        ended, self._ended = self._ended, None
        if ended is None:
            return
        if not self._parameters.direct:
            self._endpoint.ppp.reset()
            self._endpoint.calls.end_call()
        ended(self._status)
