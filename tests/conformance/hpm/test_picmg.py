"""PICMG 3.0 and AMC.0: each command, and what it does."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.commands.chassis.control import GetChassisStatus
from baseboard.commands.declaration import Request
from baseboard.commands.groups.picmg import (
    FruControl,
    FruControlOption,
    GetAddressInfo,
    GetFruActivationPolicy,
    GetFruLedProperties,
    GetFruLedState,
    GetLedColorCapabilities,
    GetPicmgProperties,
    GetPowerLevel,
    LedColor,
    LedFunction,
    PowerType,
    SetFruActivation,
    SetFruActivationPolicy,
    SetFruLedState,
    SetPowerLevel,
)
from baseboard.commands.groups.picmg_links import (
    AmcLink,
    BusedAction,
    BusedResource,
    BusedResourceControl,
    GetAmcPortState,
    GetClockState,
    GetPortState,
    Link,
    LinkInterface,
    SetAmcPortState,
    SetClockState,
    SetPortState,
)
from tests.bmc.harness import make_bmc
from tests.bmc.services.upgrading import code
from tests.conformance.hpm.boards import ADMINISTRATOR, OPERATOR, USER, in_shelf, levels
from tests.conformance.marks import exercises

CC, D5 = 0xCC, 0xD5


@exercises(GetPicmgProperties)
def test_properties_are_told_by_a_board_in_a_shelf_only() -> None:
    found = in_shelf().execute(GetPicmgProperties())
    assert (found.major, found.minor, found.max_fru_id, found.fru_id) == (2, 3, 2, 0)
    assert code(make_bmc(), GetPicmgProperties()) == 0xC1


@exercises(GetAddressInfo)
def test_an_address_by_fru_or_by_key() -> None:
    bench = in_shelf()
    assert bench.execute(GetAddressInfo(fru_id=2)).fru_id == 2
    assert bench.execute(GetAddressInfo(fru_id=0, key_type=1, key=0x20)).hardware_address == 0x41
    assert code(bench, GetAddressInfo(fru_id=0, key_type=1, key=0x22)) == CC
    assert code(bench, GetAddressInfo(fru_id=3)) == CC


@exercises(SetFruActivation, GetChassisStatus)
def test_to_activate_fru_0_is_to_switch_the_host_on() -> None:
    bench = in_shelf()
    for activate in (1, 0):
        bench.execute(SetFruActivation(fru_id=0, activate=activate))
        assert bench.execute(GetChassisStatus()).power_on == bool(activate)
    assert code(bench, SetFruActivation(fru_id=0, activate=2)) == CC


@exercises(SetFruActivationPolicy, GetFruActivationPolicy, SetFruActivation)
def test_locks_forbid_it_and_outlive_a_restart() -> None:
    bench = in_shelf()
    bench.execute(SetFruActivationPolicy(fru_id=1, change_deactivation_locked=True, deactivation_locked=True))
    assert code(bench, SetFruActivation(fru_id=1, activate=0)) == D5
    again = bench.reopen()
    policy = again.execute(GetFruActivationPolicy(fru_id=1))
    assert (policy.activation_locked, policy.deactivation_locked) == (False, True)
    again.execute(SetFruActivationPolicy(fru_id=1, change_activation_locked=True, activation_locked=True))
    assert again.execute(GetFruActivationPolicy(fru_id=1)).deactivation_locked


@exercises(FruControl)
def test_control_resets_the_host() -> None:
    bench = in_shelf()
    request = FruControl(fru_id=0, option=FruControlOption.COLD_RESET)
    assert code(bench, request) == D5
    bench.backend.switch.turn_on()
    bench.execute(request)
    assert bench.backend.calls[-1] == "reset"


@exercises(GetFruLedProperties, GetLedColorCapabilities)
def test_leds_that_there_are() -> None:
    bench = in_shelf()
    found = bench.execute(GetFruLedProperties(fru_id=0))
    assert (found.general, found.application) == (0b1111, 1)
    assert bench.execute(GetLedColorCapabilities(fru_id=0, led=0)).colors == 1 << LedColor.BLUE
    assert code(bench, GetLedColorCapabilities(fru_id=0, led=5)) == CC


@exercises(SetFruLedState, GetFruLedState)
def test_a_led_is_overridden_tested_and_given_back() -> None:
    bench = in_shelf()

    def state() -> tuple[bool, bool]:
        found = bench.execute(GetFruLedState(fru_id=0, led=1))
        return found.overridden, found.lamp_test

    bench.execute(SetFruLedState(fru_id=0, led=1, function=LedFunction.ON, color=LedColor.AMBER))
    assert bench.execute(GetFruLedState(fru_id=0, led=1)).override_color == LedColor.AMBER
    bench.execute(SetFruLedState(fru_id=0, led=1, function=LedFunction.LAMP_TEST, on_duration=10))
    assert state() == (True, True)
    bench.advance(1.1)
    assert state() == (True, False)
    bench.execute(SetFruLedState(fru_id=0, led=1, function=LedFunction.LOCAL_CONTROL))
    assert state() == (False, False)
    assert code(bench, SetFruLedState(fru_id=0, led=1, function=LedFunction.LAMP_TEST, on_duration=128)) == CC


@exercises(SetPowerLevel, GetPowerLevel, GetChassisStatus)
def test_levels_of_power() -> None:
    bench = in_shelf()
    steady = GetPowerLevel(fru_id=0, kind=PowerType.STEADY)
    assert bench.execute(steady).level == 0
    bench.execute(SetPowerLevel(fru_id=0, level=2))
    assert bench.execute(steady).level == 2
    assert bench.execute(GetChassisStatus()).power_on
    bench.execute(SetPowerLevel(fru_id=0, level=0))
    assert not bench.execute(GetChassisStatus()).power_on
    assert code(bench, SetPowerLevel(fru_id=0, level=4)) == CC


@exercises(SetPortState, GetPortState)
def test_a_port_is_enabled() -> None:
    bench = in_shelf()
    ask = GetPortState(channel=1, interface=LinkInterface.BASE)
    (link,) = bench.execute(ask).links
    assert link.state == 0
    on = Link(channel=1, interface=LinkInterface.BASE, ports=1, kind=1, extension=0, group=0, state=1)
    bench.execute(SetPortState(link=on))
    assert bench.execute(ask).links == (on,)


@exercises(SetAmcPortState, GetAmcPortState)
def test_an_amc_port_is_enabled() -> None:
    bench = in_shelf()
    on = AmcLink(lanes=1, kind=5, extension=0, group=0, state=1)
    bench.execute(SetAmcPortState(channel=4, link=on))
    assert bench.execute(GetAmcPortState(channel=4)).links == (on,)
    assert code(bench, GetAmcPortState(channel=5)) == CC


@exercises(SetClockState, GetClockState)
def test_a_clock_is_set_up() -> None:
    bench = in_shelf()
    assert not bench.execute(GetClockState(clock=1)).enabled
    bench.execute(
        SetClockState(
            clock=1, index=0, enabled=True, source=False, family=1, accuracy=10, frequency=19_440_000
        )
    )
    found = bench.execute(GetClockState(clock=1))
    assert (found.enabled, found.family, found.frequency) == (True, 1, 19_440_000)
    assert code(bench, GetClockState(clock=2)) == CC


@exercises(BusedResourceControl)
def test_a_bused_resource_is_taken_and_released() -> None:
    bench = in_shelf()
    answers = [
        bench.execute(BusedResourceControl(action=action, resource=BusedResource.CLOCK_GROUP_2)).status
        for action in (
            BusedAction.QUERY,
            BusedAction.BUS_FREE,
            BusedAction.QUERY,
            BusedAction.RELEASE,
            BusedAction.QUERY,
        )
    ]
    assert answers == [1, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("request_", "allowed"),
    [
        (GetPicmgProperties(), [USER, OPERATOR, ADMINISTRATOR]),
        (GetFruLedState(fru_id=0, led=0), [USER, OPERATOR, ADMINISTRATOR]),
        (SetFruActivation(fru_id=1, activate=1), [OPERATOR, ADMINISTRATOR]),
        (SetPowerLevel(fru_id=1, level=1), [OPERATOR, ADMINISTRATOR]),
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_operator_may_change(request_: Request[Any], allowed: list[int]) -> None:
    assert levels(in_shelf(), request_) == allowed
