"""FRUs that can be activated, and their LEDs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.bmc.blueprint import VitaSpec
from baseboard.bmc.services.modules import ALL_LEDS, LedState, Modules, Policy
from baseboard.codes import Cc
from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench, make_bmc

LAN = 1
CC, D5 = int(Cc.INVALID_DATA), int(Cc.NOT_SUPPORTED_IN_STATE)
ON = LedState(LedFunction.ON, 0, LedColor.DEFAULT)


def made(leds: int = 6) -> tuple[Bench, Modules]:
    bench = make_bmc(vita=VitaSpec(modules=2, leds=leds))
    return bench, bench.services.vita.modules


def refused(call: Callable[..., object], *arguments: object) -> int:
    with pytest.raises(CompletionError) as caught:
        call(*arguments)
    return int(caught.value.code)


def test_the_host_is_fru_0() -> None:
    bench, modules = made()
    assert not modules.active(0)
    modules.activate(0, 1, LAN)
    assert bench.backend.switch.on
    assert modules.active(0)
    modules.activate(0, 1, LAN)
    modules.activate(0, 0, LAN)
    assert not bench.backend.switch.on
    assert bench.backend.calls[-2:] == ["turn_on", "turn_off"]


def test_a_module_is_active_until_it_is_not_and_that_is_kept() -> None:
    bench, modules = made()
    assert modules.active(1)
    modules.activate(1, 0, LAN)
    again = bench.reopen().services.vita.modules
    assert (again.active(1), again.active(2)) == (False, True)
    again.activate(1, 1, LAN)
    assert again.active(1)


def test_what_there_is_not() -> None:
    _, modules = made()
    assert refused(modules.check, 3) == CC
    assert refused(modules.activate, 3, 1, LAN) == CC
    assert refused(modules.activate, 1, 2, LAN) == CC
    assert refused(modules.policy, 3) == CC
    assert refused(modules.colors, 0, 6) == CC
    assert refused(modules.control, 1, FruControlOption(7), LAN) == CC
    assert refused(modules.control, 0, FruControlOption.QUIESCE, LAN) == CC


def test_locks() -> None:
    bench, modules = made()
    modules.set_policy(1, 3, 2)
    assert refused(modules.activate, 1, 0, LAN) == D5
    modules.set_policy(1, 3, 1)
    modules.activate(1, 0, LAN)
    assert refused(modules.activate, 1, 1, LAN) == D5
    assert bench.reopen().services.vita.modules.policy(1) == Policy.ACTIVATION_LOCKED
    modules.set_policy(1, 2, 2)
    assert modules.policy(1) == Policy.ACTIVATION_LOCKED | Policy.DEACTIVATION_LOCKED


def test_a_deactivation_may_be_ignored() -> None:
    _, modules = made()
    modules.set_policy(1, 4, 4)
    modules.activate(1, 0, LAN)
    assert modules.active(1)


def test_a_fru_may_be_locked_whenever_the_controller_starts() -> None:
    bench, modules = made()
    modules.set_policy(1, 8, 8)
    assert Policy.ACTIVATION_LOCKED not in modules.policy(1)
    assert Policy.ACTIVATION_LOCKED in bench.reopen().services.vita.modules.policy(1)


def test_control_of_the_host() -> None:
    bench, modules = made()
    assert refused(modules.control, 0, FruControlOption.COLD_RESET, LAN) == D5
    modules.activate(0, 1, LAN)
    for option, call in (
        (FruControlOption.COLD_RESET, "reset"),
        (FruControlOption.WARM_RESET, "reset"),
        (FruControlOption.DIAGNOSTIC_INTERRUPT, "diagnostic_interrupt"),
        (FruControlOption.GRACEFUL_REBOOT, "turn_off"),
    ):
        modules.control(0, option, LAN)
        assert bench.backend.calls[-1] == call


def test_control_of_a_module() -> None:
    _, modules = made()
    modules.set_led(1, 1, ON)
    modules.control(1, FruControlOption.GRACEFUL_REBOOT, LAN)
    assert modules.override(1, 1) is not None
    modules.control(1, FruControlOption.COLD_RESET, LAN)
    assert modules.override(1, 1) is None
    modules.control(1, FruControlOption.QUIESCE, LAN)
    assert not modules.active(1)
    assert refused(modules.control, 1, FruControlOption.COLD_RESET, LAN) == D5


def test_leds_show_by_themselves_whether_a_fru_is_active() -> None:
    _, modules = made()
    assert [modules.local(1, led).function for led in (0, 1, 2)] == [0x00, 0x00, 0xFF]
    modules.activate(1, 0, LAN)
    assert [modules.local(1, led).function for led in (0, 1, 2)] == [0xFF, 0x00, 0x00]
    assert [modules.local(1, led).color for led in range(6)] == [1, 2, 3, 4, 3, 3]


def test_a_led_does_as_it_is_told_until_it_is_given_back() -> None:
    _, modules = made()
    modules.set_led(0, 1, ON)
    assert modules.override(0, 1) == LedState(LedFunction.ON, 0, LedColor.RED)
    modules.set_led(0, 1, LedState(LedFunction(20), 10, LedColor.AMBER))
    assert modules.override(0, 1) == LedState(LedFunction(20), 10, LedColor.AMBER)
    modules.set_led(0, 1, LedState(LedFunction.OFF, 10, LedColor.UNCHANGED))
    assert modules.override(0, 1) == LedState(LedFunction.OFF, 0, LedColor.AMBER)
    modules.set_led(0, 1, LedState(LedFunction.LOCAL_CONTROL, 0, LedColor.DEFAULT))
    assert modules.override(0, 1) is None
    modules.set_led(0, 1, LedState(LedFunction.ON, 0, LedColor.UNCHANGED))
    assert modules.override(0, 1) == LedState(LedFunction.ON, 0, LedColor.RED)


def test_all_leds_at_once() -> None:
    _, modules = made()
    modules.set_led(0, ALL_LEDS, ON)
    assert all(modules.override(0, led) is not None for led in range(6))
    assert refused(modules.set_led, 0, ALL_LEDS, LedState(LedFunction.ON, 0, LedColor.RED)) == CC


def test_a_lamp_test_ends_by_itself() -> None:
    bench, modules = made()
    modules.set_led(0, 1, LedState(LedFunction.LAMP_TEST, 20, LedColor.DEFAULT))
    assert modules.test(0, 1) == 20
    assert modules.override(0, 1) is None
    bench.advance(1.9)
    assert modules.test(0, 1) == 20
    bench.advance(0.2)
    assert modules.test(0, 1) is None


@pytest.mark.parametrize(
    ("function", "duration", "color"),
    [(0xFD, 0, 0xF), (0xFE, 0, 0xF), (0xFB, 128, 0xF), (0xFF, 0, 1), (0xFF, 0, 9)],
)
def test_what_a_led_cannot_do(function: int, duration: int, color: int) -> None:
    _, modules = made()
    assert refused(modules.set_led, 0, 1, LedState(LedFunction(function), duration, LedColor(color))) == CC
