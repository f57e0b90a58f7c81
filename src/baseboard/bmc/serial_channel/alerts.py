"""Alerts over a serial line: a number that is dialled, or a page by TAP (§17.12, Table 25-4)."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from baseboard.bmc.serial_channel.calls import Call
from baseboard.bmc.serial_channel.ppp_alerts import PppAlerts
from baseboard.bmc.services.serial_mux import Cause
from baseboard.codes import SensorType
from baseboard.commands.app.payload import SerialAlerts as SolWishes
from baseboard.commands.app.sessions import SerialActivity
from baseboard.commands.parameters.serial_dialing import (
    DestinationKind,
    PageBlackoutInterval,
    TapAccount,
    TapConfirmation,
    TapPassword,
    TapServiceSettings,
)
from baseboard.commands.sensor.pef import AlertStatus
from baseboard.links.tap import TapPage, TapSettings

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.serial_channel.endpoint import SerialEndpoint
    from baseboard.bmc.services.alert_policy import Alert, Done
    from baseboard.commands.parameters.serial_dialing import DestinationInfo

log = logging.getLogger(__name__)

MINUTE: Final = 60.0
SOL_S: Final = 1.0
"""How often an alert that waits for the end of SOL looks again."""

_CODES: Final = {
    TapConfirmation.CODE_211_AND_ACK: (b"211",),
    TapConfirmation.CODE_211_OR_213_AND_ACK: (b"211", b"213"),
}


class SerialAlerts:
    """An `AlertSender` for a serial channel.

    Args:
        endpoint: the channel.
        clock: time.

    Attributes:
        at_once: alerts that may be under way at the same time.
        link: sends traps over PPP.
    """

    def __init__(self, endpoint: SerialEndpoint, clock: Clock) -> None:
        self._endpoint, self._clock = endpoint, clock
        self._serial = endpoint.front.serial
        self.at_once = 1
        self.link = PppAlerts(endpoint, clock)
        self._last_page: float | None = None
        self._page: TapPage | None = None
        self._timer: Timer | None = None

    def kind(self, destination: int) -> int:
        """What is done at a destination.

        Raises:
            CompletionError: C9h, there is no such destination.
        """
        return int(self._serial.parameters.destination(destination).kind)

    def send(self, destination: int, alert: Alert, done: Done) -> None:
        """Send an alert, as soon as SOL lets go of the line."""
        info = self._serial.parameters.destination(destination)
        if self._serial.mux.sharing:
            wishes = self._endpoint.front.services.sol.serial_alerts()
            if wishes == SolWishes.DEFERRED:
                again = partial(self.send, destination, alert, done)
                self._timer = self._clock.call_at(self._clock.now() + SOL_S, again)
                return
            if wishes == SolWishes.FAIL:
                done(AlertStatus.CALL_RETRIES_FAILED)
                return
        if info.kind == DestinationKind.PPP_ALERT:
            self._take(SerialActivity.DIAL_OUT_ALERT, destination)
            self.link.send(destination, info, alert, partial(self._finish, done, page=False))
        elif info.kind in (DestinationKind.DIAL_PAGE, DestinationKind.TAP_PAGE):
            self._dial(destination, info, alert, done)
        else:
            log.warning("serial alert destination %d is none that can be alerted", destination)
            done(AlertStatus.CALL_RETRIES_FAILED)

    def stop(self) -> None:
        """The BMC ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # ---- pages

    def _dial(self, destination: int, info: DestinationInfo, alert: Alert, done: Done) -> None:
        if self._is_blacked_out():
            # §25.2: what would page again so soon is passed over; somebody has just been told.
            done(AlertStatus.NORMAL_END)
            return
        if self._serial.parameters.direct:
            log.warning("serial alert destination %d needs a modem", destination)
            done(AlertStatus.CALL_RETRIES_FAILED)
            return
        tap = info.kind == DestinationKind.TAP_PAGE
        selector = self._serial.parameters.read(TapAccount, info.lower).dial_string if tap else info.upper
        number = self._serial.parameters.text(21, selector)
        self._take(SerialActivity.TAP_PAGE if tap else SerialActivity.DIAL_OUT_ALERT, destination)

        def ended(succeeded: bool) -> None:
            if tap and succeeded:
                self._begin_tap(info, alert, done)
            else:
                self._paged(done, succeeded=succeeded)

        call = Call(destination, info, number, ended, paging=not tap, heard=self._heard if tap else None)
        self._endpoint.calls.call(call)

    def _is_blacked_out(self) -> bool:
        minutes = self._serial.parameters.read(PageBlackoutInterval).minutes
        last = self._last_page
        return last is not None and self._clock.now() < last + minutes * MINUTE

    def _take(self, activity: SerialActivity, destination: int) -> None:
        """The line is the alert's; SOL lends it the host's port meanwhile."""
        self._serial.activity, self._serial.destination = activity, destination
        self._serial.mux.alerting = True
        self._serial.mux.take(Cause.ALERT)
        if self._serial.mux.sharing:
            self._endpoint.front.services.sol.lend(1, lent=True)

    def _paged(self, done: Done, *, succeeded: bool) -> None:
        self._finish(
            done, AlertStatus.NORMAL_END if succeeded else AlertStatus.CALL_RETRIES_FAILED, page=True
        )

    def _finish(self, done: Done, status: AlertStatus, *, page: bool) -> None:
        self._serial.mux.alerting = False
        self._serial.activity, self._serial.destination = SerialActivity.MESSAGING, 0
        if self._serial.mux.sharing:
            self._endpoint.front.services.sol.lend(1, lent=False)
        if page and status == AlertStatus.NORMAL_END:
            self._last_page = self._clock.now()
        self._endpoint.calls.rest()
        done(status)

    # ---- TAP

    def _begin_tap(self, info: DestinationInfo, alert: Alert, done: Done) -> None:
        self._serial.page_began()
        self._page = TapPage(self._tap_settings(info.lower), _text(alert), self._clock.now())
        self._done = done
        self._go_on()

    def _tap_settings(self, account: int) -> TapSettings:
        parameters = self._serial.parameters
        service = parameters.read(TapServiceSettings, parameters.read(TapAccount, account).service)
        return TapSettings(
            pager=parameters.text(27, account),
            password=parameters.read(TapPassword, account).password.rstrip(b"\0"),
            service=service.service_type,
            codes=_CODES.get(service.confirmation, ()),
            escaped=service.escaped,
            prompt=service.t1 + 1.0,
            pause=(service.t2 + 1) * 0.5,
            reply=(service.t3 + 1) * 2.0,
            go_ahead=service.t4 + 1.0,
            farewell=(service.t5 + 1) * 2.0,
            rest=service.t6 + 1.0,
            prompts=service.n1,
            logins=service.n2,
            blocks=service.n3,
            ends=service.n4,
        )

    def _heard(self, data: bytes) -> None:
        """What the service sent; nothing = the line was lost."""
        if self._page is None:
            return
        if data:
            self._page.receive(data, self._clock.now())
        else:
            self._page.lost()
        self._go_on()

    def _go_on(self) -> None:
        page = self._page
        if page is None:
            return
        now = self._clock.now()
        for data in page.outgoing(now):
            self._endpoint.calls.send(data)
        for event in page.events():
            if event.code:
                self._serial.page_answered(event.code)
            else:
                self._page = None
                self.stop()
                self._endpoint.calls.end_call()
                self._paged(self._done, succeeded=event.accepted)
                return
        self.stop()
        due = page.deadline()
        if due is not None:
            self._timer = self._clock.call_at(due, self._expire)

    def _expire(self) -> None:
        self._timer = None
        if self._page is not None:
            self._page.expire(self._clock.now())
            self._go_on()


def _text(alert: Alert) -> bytes:
    """What the pager shows: the alert string, or what happened."""
    if alert.text:
        return alert.text
    event = alert.event
    what = SensorType(event.sensor_type)
    word = "deassertion" if event.deassertion else "event"
    return f"{what.text or what.name} sensor {event.sensor_number:02X}h: {word} {event.data.hex()}".encode(
        "ascii", "replace"
    )
