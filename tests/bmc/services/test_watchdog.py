"""The watchdog timer (§27): countdown, pre-timeout, actions, what stops it, what it remembers."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.watchdog import Watchdog
from baseboard.codes import ChassisControl, RestartCause
from baseboard.errors import CompletionError
from tests.bmc.fakes import FakePower
from tests.bmc.services.chassis_bench import ChassisBench
from tests.bmc.services.homes import make_home

FRB2, POST, OS_LOAD, SMS_OS, OEM = range(1, 6)
NO_INTERRUPT, SMI, NMI, MESSAGING = range(4)
NO_ACTION, HARD_RESET, POWER_DOWN, POWER_CYCLE = range(4)
PRETIMEOUT_FLAG = 0x08
SENSOR = SensorSpec(0x74, "Watchdog", 0x23, event_type=0x6F, states=0x010F)


class Dog(ChassisBench):
    """A watchdog and the chassis that it watches."""

    def __init__(self, *, on: bool = True, sensors: tuple[SensorSpec, ...] = (SENSOR,)) -> None:
        super().__init__(make_home(sensors=sensors, powered=on), found_on=on)
        self.messaging = Messaging(self.home)
        self.timer = Watchdog(self.home, self.events, self.chassis, self.messaging)
        self.calls.clear()

    def set(self, seconds: float = 60, **changes: Any) -> None:
        settings: dict[str, Any] = {
            "timer_use": SMS_OS, "interrupt": NO_INTERRUPT, "action": NO_ACTION, "pretimeout_s": 0,
        }  # fmt: skip
        self.timer.configure(**(settings | changes), initial=round(seconds * 10))

    def bark(self) -> bytes:
        """The event data of the one event that was heard."""
        (event,) = self.heard
        self.heard.clear()
        assert (event.sensor_type, event.event_type, event.deassertion) == (0x23, 0x6F, False)
        return event.data


def test_27_6_set_gives_the_countdown_and_does_not_start_it() -> None:
    dog = Dog()
    dog.set(60)
    assert (dog.timer.running, dog.timer.initial, dog.timer.present) == (False, 600, 600)
    dog.clock.advance(100)
    assert (dog.timer.present, dog.timer.expired) == (600, 0)


def test_27_5_reset_counts_down_in_100_ms_and_starts_over() -> None:
    dog = Dog()
    dog.set(60)
    dog.timer.start()
    dog.clock.advance(8.5)
    assert (dog.timer.running, dog.timer.present) == (True, 515)
    dog.timer.start()
    assert dog.timer.present == 600
    dog.clock.advance(59.9)
    assert (dog.timer.expired, dog.timer.present) == (0, 1)
    dog.clock.advance(0.1)
    assert (dog.timer.expired, dog.timer.present, dog.timer.running) == (0x10, 0, False)


def test_27_5_before_any_set_there_is_nothing_to_start() -> None:
    dog = Dog()
    with pytest.raises(CompletionError, match="^80h"):
        dog.timer.start()


@pytest.mark.parametrize("event", ["power", "reset", "cold reset"])
def test_27_3_after_a_restart_the_timer_must_be_set_again(event: str) -> None:
    dog = Dog()
    dog.set()
    dog.timer.start()
    if event == "power":
        dog.chassis.control(ChassisControl.POWER_DOWN, RestartCause.CHASSIS_CONTROL)
        assert not dog.timer.running
        dog.chassis.control(ChassisControl.POWER_UP, RestartCause.CHASSIS_CONTROL)
    elif event == "reset":
        dog.chassis.control(ChassisControl.HARD_RESET, RestartCause.CHASSIS_CONTROL)
    else:
        dog.timer.reset()
    assert not dog.timer.running
    with pytest.raises(CompletionError, match="^80h"):
        dog.timer.start()
    dog.clock.advance(100)
    assert (dog.timer.expired, dog.heard) == (0, [])


@pytest.mark.parametrize("use", [FRB2, POST, OS_LOAD, SMS_OS, OEM])
def test_27_6_the_flag_of_the_use_that_expired_is_set(use: int) -> None:
    dog = Dog()
    dog.set(1, timer_use=use)
    dog.timer.start()
    dog.clock.advance(1)
    assert dog.timer.expired == 1 << use
    assert dog.bark() == bytes((0xC0, use, 0xFF))


@pytest.mark.parametrize(
    ("action", "calls"),
    [
        (NO_ACTION, []),
        (HARD_RESET, ["reset"]),
        (POWER_DOWN, ["turn_off"]),
        (POWER_CYCLE, ["turn_off", "turn_on"]),
    ],
)
def test_27_6_the_action_is_done_and_told_as_offset(action: int, calls: list[str]) -> None:
    dog = Dog()
    dog.set(10, action=action)
    dog.timer.start()
    dog.clock.advance(20)
    assert dog.calls == calls
    assert dog.bark() == bytes((0xC0 | action, SMS_OS, 0xFF))
    if action in (HARD_RESET, POWER_CYCLE):
        assert dog.chassis.restart_cause == RestartCause.WATCHDOG


class LimitedPower(FakePower):
    """Lines of a machine that cannot be reset."""

    def lacks(self, action: ChassisControl) -> bool:
        return action == ChassisControl.HARD_RESET


def test_an_action_that_the_machine_cannot_do_is_logged_and_none() -> None:
    dog = Dog()
    dog.backend.power = LimitedPower(dog.backend)
    dog.backend.power.on = True
    dog.set(1, action=HARD_RESET)
    dog.timer.start()
    dog.clock.advance(1)
    assert (dog.calls, dog.timer.expired) == ([], 0x10)
    assert dog.bark()[0] == 0xC1


def test_an_action_on_a_system_that_is_off_is_none() -> None:
    dog = Dog(on=False)
    dog.set(1, action=HARD_RESET)
    dog.timer.start()
    dog.clock.advance(1)
    assert (dog.calls, dog.timer.expired) == ([], 0x10)
    assert dog.bark()[0] == 0xC1


def test_27_5_a_countdown_of_zero_expires_at_once() -> None:
    dog = Dog()
    dog.set(0, action=POWER_DOWN)
    dog.timer.start()
    dog.clock.advance(0)
    assert dog.calls == ["turn_off"]


@pytest.mark.parametrize(
    ("interrupt", "ed2"), [(NMI, 0x24), (MESSAGING, 0x34)], ids=["NMI", "messaging interrupt"]
)
def test_27_2_the_pretimeout_comes_its_interval_before_the_timeout(interrupt: int, ed2: int) -> None:
    dog = Dog()
    # As Linux tests it: 1000 counts with an interval of 99 s, so that the interrupt comes after 1 s.
    dog.set(100, interrupt=interrupt, pretimeout_s=99)
    dog.timer.start()
    dog.clock.advance(0.9)
    assert dog.heard == []
    dog.clock.advance(0.1)
    assert dog.bark() == bytes((0xC8, ed2, 0xFF))
    assert dog.calls == (["diagnostic_interrupt"] if interrupt == NMI else [])
    assert dog.messaging.flags() == (PRETIMEOUT_FLAG if interrupt == MESSAGING else 0)
    assert (dog.timer.running, dog.timer.expired) == (True, 0)
    dog.clock.advance(99)
    assert dog.bark() == bytes((0xC0, ed2, 0xFF))


def test_27_1_after_the_pretimeout_only_set_stops_what_follows() -> None:
    dog = Dog()
    dog.set(10, interrupt=NMI, pretimeout_s=5, action=HARD_RESET)
    dog.timer.start()
    dog.clock.advance(6)
    dog.timer.start()
    assert dog.timer.present == 40
    dog.set(10, interrupt=NMI, pretimeout_s=5, action=HARD_RESET)
    dog.clock.advance(60)
    assert "reset" not in dog.calls
    dog.timer.start()
    dog.clock.advance(4)
    dog.timer.start()
    assert dog.timer.present == 100


def test_27_6_an_interval_of_zero_interrupts_with_the_timeout() -> None:
    dog = Dog()
    dog.set(3, interrupt=NMI, pretimeout_s=0)
    dog.timer.start()
    dog.clock.advance(3)
    assert [event.data[0] for event in dog.heard] == [0xC8, 0xC0]
    assert dog.calls == ["diagnostic_interrupt"]


def test_27_6_set_clears_the_pretimeout_flag() -> None:
    dog = Dog()
    dog.set(10, interrupt=MESSAGING, pretimeout_s=5)
    dog.timer.start()
    dog.clock.advance(6)
    assert dog.messaging.flags() == PRETIMEOUT_FLAG
    dog.set(10, dont_stop=True)
    assert dog.messaging.flags() == 0


def test_27_6_set_stops_a_running_timer_unless_it_is_told_not_to() -> None:
    dog = Dog()
    dog.set(60)
    dog.timer.start()
    dog.clock.advance(10)
    dog.set(30, dont_stop=True)
    assert (dog.timer.running, dog.timer.present) == (True, 300)
    dog.clock.advance(30)
    assert dog.timer.expired == 0x10
    dog.set(20, dont_stop=True)
    assert (dog.timer.running, dog.timer.present) == (False, 200)
    dog.timer.start()
    dog.set(20)
    assert not dog.timer.running
    dog.clock.advance(60)
    assert len(dog.heard) == 1


def test_27_6_expiration_flags_stay_until_set_clears_them() -> None:
    dog = Dog()
    for use in (FRB2, OS_LOAD):
        dog.set(1, timer_use=use)
        dog.timer.start()
        dog.clock.advance(1)
    dog.chassis.control(ChassisControl.POWER_CYCLE, RestartCause.CHASSIS_CONTROL)
    dog.clock.advance(10)
    assert dog.timer.expired == 0x0A
    dog.set(clear=0x02)
    assert dog.timer.expired == 0x08
    dog.timer.reset()
    assert dog.timer.expired == 0


def test_27_6_dont_log_holds_for_one_expiration() -> None:
    dog = Dog()
    dog.set(10, interrupt=NMI, pretimeout_s=5, dont_log=True)
    dog.timer.start()
    dog.clock.advance(6)
    assert dog.timer.dont_log
    dog.clock.advance(10)
    assert (dog.heard, dog.timer.dont_log) == ([], False)
    dog.timer.start()
    dog.clock.advance(10)
    assert [event.data[0] for event in dog.heard] == [0xC8, 0xC0]


def test_27_6_a_hard_reset_ends_dont_log() -> None:
    dog = Dog()
    dog.set(dont_log=True)
    dog.chassis.control(ChassisControl.HARD_RESET, RestartCause.CHASSIS_CONTROL)
    assert not dog.timer.dont_log


def test_20_2_a_cold_reset_leaves_nothing_of_what_was_set() -> None:
    dog, fresh = Dog(), Dog()
    dog.set(30, timer_use=OEM, interrupt=NMI, action=HARD_RESET, pretimeout_s=5, dont_log=True)
    dog.timer.reset()
    for name in ("dont_log", "timer_use", "interrupt", "action", "pretimeout_s", "initial", "present"):
        assert getattr(dog.timer, name) == getattr(fresh.timer, name)


@pytest.mark.parametrize(
    "settings",
    [
        {"timer_use": 0},
        {"timer_use": 6},
        {"timer_use": 7},
        {"interrupt": SMI},
        {"interrupt": 4},
        {"action": 4},
        {"action": 7},
        {"interrupt": NMI, "pretimeout_s": 60},
        {"interrupt": NMI, "pretimeout_s": 61},
    ],
)
def test_27_6_what_is_not_supported_is_refused_and_changes_nothing(settings: dict[str, int]) -> None:
    dog = Dog()
    dog.set(30, timer_use=OEM)
    dog.timer.start()
    with pytest.raises(CompletionError, match="^CCh"):
        dog.set(60, **settings)
    assert (dog.timer.running, dog.timer.timer_use, dog.timer.initial) == (True, OEM, 300)


def test_an_interval_without_an_interrupt_is_not_looked_at() -> None:
    dog = Dog()
    dog.set(1, pretimeout_s=200)
    dog.timer.start()
    dog.clock.advance(1)
    assert dog.bark() == bytes((0xC0, SMS_OS, 0xFF))


def test_the_event_has_the_number_of_the_sensor_if_there_is_one() -> None:
    numbers = []
    for dog in (Dog(), Dog(sensors=())):
        dog.set(1)
        dog.timer.start()
        dog.clock.advance(1)
        numbers.append(dog.heard[0].sensor_number)
    assert numbers == [0x74, 0]


def test_the_event_as_the_log_has_it() -> None:
    dog = Dog()
    dog.set(0.5)
    dog.timer.start()
    dog.clock.advance(0.5)
    assert dog.heard[0].record()[7:] == bytes.fromhex("2000 04 23 74 6f c0 04 ff")


def test_a_bmc_that_ends_lets_nothing_expire() -> None:
    dog = Dog()
    dog.set(1, action=HARD_RESET)
    dog.timer.start()
    dog.timer.stop()
    dog.clock.advance(5)
    assert (dog.calls, dog.heard) == ([], [])


def test_who_wants_to_know_is_told_when_it_counts_and_when_it_does_not() -> None:
    """§23.3: setting it tells that too, for what was suspended while it ran ends by that."""
    dog = Dog()
    told: list[bool] = []
    dog.timer.on_change.append(told.append)
    dog.set(1)
    dog.timer.start()
    dog.timer.start()
    assert told == [False, True, True]
    dog.set(1, dont_stop=True)
    assert told[3:] == [False, True]
    dog.clock.advance(1)
    assert told[5:] == [False]
