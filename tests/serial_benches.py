"""BMCs with a serial channel for tests: plugged in by a cable, or with a modem and a telephone network."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.blueprint.serial import CallbackSpec, SerialSpec
from baseboard.bmc.serial_channel import SerialEndpoint
from baseboard.bmc.services.alert_policy import Alert
from baseboard.bmc.services.events import Event
from baseboard.bmc.services.serial_mux import SHARED
from baseboard.commands.parameters.serial import SerialParameter
from baseboard.commands.parameters.serial_dialing import (
    DestinationInfo,
    DestinationKind,
    TapAccount,
    TapConfirmation,
    TapPagerId,
    TapPassword,
    TapServiceSettings,
)
from baseboard.commands.sensor.pef import AlertStatus
from baseboard.links.tap_service import TapService
from baseboard.testing.modem import Party, SimulatedModem
from tests.bmc.harness import Bench
from tests.serial_consoles import BasicTerminal, Typist
from tests.serial_line import Cable, Drawn, bench, cabled

NUMBER = "5550142"
EVENT = Event(1, 0x30, 1, b"\x59\x60\x70")
ALERT = Alert(EVENT, 0x10, 0, b"Fan 1 failed")


class Line:
    """A BMC with a serial channel, and both kinds of consoles at it."""

    def __init__(self, made: Bench | None = None, *, plugged: bool = True, **spec: Any) -> None:
        self.bench, self.endpoint, self.cable = cabled(
            made or bench(serial=SerialSpec(auth_types=0x17, **spec)), cable=Cable(plugged=plugged)
        )
        self.basic, self.typist = BasicTerminal(self.cable), Typist(self.cable)
        self.serial = self.bench.services.serial
        self.mux = self.serial.mux

    def set(self, *parameters: SerialParameter) -> None:
        for parameter in parameters:
            self.serial.parameters.set(parameter)

    def control(self, **changes: Any) -> None:
        """Parameter 8."""
        self.set(self.serial.parameters.mux.replace(**changes))

    def login(self) -> None:
        assert self.typist.type("SYS PWD -U admin adminpw") == "[OK]"

    @property
    def logged_in(self) -> bool:
        return self.endpoint.table.session is not None

    @property
    def host(self) -> Any:
        return self.bench.backend.serial


def shared(access: int = SHARED, **spec: Any) -> Line:
    return Line(sharing=True, access=access, **spec)


class Far(Party):
    """A console at the other end of a call; a `Cable` to those that type."""

    def type(self, data: bytes) -> bytes:
        self.heard.clear()
        self.say(data)
        return bytes(self.heard)


class Exchange:
    """A BMC with a modem, and who calls it or is called."""

    def __init__(self, *, modem_lines: bool = True, sharing: bool = False, access: int = 2) -> None:
        spec = SerialSpec(
            auth_types=0x17, direct=False, sharing=sharing, access=access,
            callbacks=(CallbackSpec(2, NUMBER),),
        )  # fmt: skip
        self.bench = bench(serial=spec)
        self.endpoint = SerialEndpoint(self.bench.controller, Drawn(), self.bench.clock)
        self.modem = SimulatedModem(self.bench.clock, modem_lines=modem_lines)
        self.endpoint.attach(self.modem)
        self.serial = self.bench.services.serial
        self.bench.advance(1.0)

    def set(self, *parameters: SerialParameter) -> None:
        for parameter in parameters:
            self.serial.parameters.set(parameter)

    def call(self) -> Far:
        """Somebody calls until the BMC answers."""
        far = Far()
        for _ in range(4):
            self.modem.ring(far)
            self.bench.advance(2.0)
        assert far.connected
        return far

    def callback(self, **origin: Any) -> bytes:
        return self.bench.raw(0x0C, 0x19, b"\x02\x01", **origin)


def typist(far: Far) -> Typist:
    cable: Any = far
    return Typist(cable)


def basic(far: Far) -> BasicTerminal:
    cable: Any = far
    return BasicTerminal(cable)


class Service(Party):
    """A paging service at the other end of a call."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.tap = TapService(0.0, password=b"secret")
        self.pages: list[tuple[bytes, bytes]] = []

    def joined(self, modem: SimulatedModem | None) -> None:
        super().joined(modem)
        self.tap = TapService(0.0, password=b"secret")

    def _answer(self, data: bytes) -> bytes:
        self.tap.receive(data, 0.0)
        self.pages += [(page.pager, page.text) for page in self.tap.events()]
        return b"".join(self.tap.outgoing())


class Pager(Exchange):
    """A BMC that pages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.ended: list[AlertStatus] = []

    def dial_string(self, number: int, text: str) -> None:
        parameter = SerialParameter.parse(21, bytes((number, 1)) + text.encode())
        assert isinstance(parameter, SerialParameter)
        self.set(parameter)

    def tap(self) -> Service:
        """Destination 4 is a TAP page by account 1."""
        self.dial_string(3, "5550911")
        settings = TapServiceSettings.decode(
            self.serial.parameters.get(TapServiceSettings.selector, 1)
        ).replace(confirmation=TapConfirmation.CODE_211_AND_ACK)
        self.set(
            DestinationInfo(destination=4, kind=DestinationKind.TAP_PAGE, lower=1, call_retries=1),
            TapAccount(set_selector=1, dial_string=3, service=1),
            TapPagerId(set_selector=1, text=b"5551234"),
            TapPassword(set_selector=1, password=b"secret"),
            settings,
        )
        there = Service()
        self.modem.network["5550911"] = there
        return there

    def send(self, destination: int, alert: Alert = ALERT) -> None:
        self.endpoint.alerts.send(destination, alert, self.ended.append)

    def mux(self) -> int:
        return int(self.bench.raw(0x0C, 0x12, b"\x02\x00")[1])
