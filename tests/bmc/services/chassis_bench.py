"""A chassis with its surroundings and a host that reports to it; and a host that takes its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from baseboard.bmc.ports import BootChoice
from baseboard.bmc.services.boot import BootOptions
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sel import Sel
from tests.bmc.fakes import FakePower
from tests.bmc.services.homes import FakeHome, make_home


class SlowPower(FakePower):
    """Power lines of a host that reports only when the test says so."""

    def _switch(self, call: str, *, on: bool) -> None:
        self._backend.calls.append(call)

    def follow(self, *, on: bool) -> None:
        """The host gets there, and says so."""
        self.on = on
        self._backend.board.power_changed(on)


class ChassisBench:
    """A chassis at work."""

    def __init__(self, home: FakeHome, *, found_on: bool = False, slow: bool = False) -> None:
        self.home = home
        self.clock = home.clock
        self.backend = home.backend
        if slow:
            self.backend.power = SlowPower(self.backend)
        if self.backend.power is not None:
            self.backend.power.on = found_on
        messaging = Messaging(home)
        self.events = Events(home, Sel(home), messaging)
        self.heard: list[Event] = []
        self.events.listeners.append(self.heard.append)
        self.boot = BootOptions(home)
        self.chassis = Chassis(home, self.events, self.boot)
        self.power_reports: list[bool] = []
        self.resets = 0
        self.chassis.on_power.append(self.power_reports.append)
        self.chassis.on_host_reset.append(self._count_reset)
        self.backend.connect(self)
        self.chassis.start()

    @property
    def calls(self) -> list[str]:
        """What was done to the host."""
        return self.backend.calls

    @property
    def power(self) -> FakePower:
        """The host's lines."""
        assert self.backend.power is not None
        return self.backend.power

    def again(self, *, found_on: bool = False) -> ChassisBench:
        """Mains went and came back, without a farewell."""
        return ChassisBench(self.home.again(), found_on=found_on)

    def power_changed(self, on: bool) -> None:
        self.chassis.power_changed(on)

    def host_reset(self) -> None:
        self.chassis.host_reset()

    def control_failed(self) -> None:
        self.chassis.control_failed()

    def button(self, name: str) -> None:
        self.chassis.button(name)

    def read_boot_choice(self) -> BootChoice:
        return self.boot.take_choice()

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        raise AssertionError("no test of the chassis sends requests")

    def message_flags(self) -> int:
        return 0

    def interrupts_enabled(self) -> bool:
        return False

    def watch(self, changed: Callable[[], None]) -> None:
        raise AssertionError("no test of the chassis has an interface")

    def _count_reset(self) -> None:
        self.resets += 1


def make_chassis(*, found_on: bool = False, slow: bool = False, **blueprint: Any) -> ChassisBench:
    """A chassis as shipped."""
    return ChassisBench(make_home(**blueprint), found_on=found_on, slow=slow)


def without_power(**blueprint: Any) -> ChassisBench:
    """A chassis whose backend has neither power lines nor a light."""
    home = make_home(**blueprint)
    home.backend.power = None
    home.backend.identify = None
    return ChassisBench(home)
