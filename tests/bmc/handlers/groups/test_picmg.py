"""A board in a shelf, as commands."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import PicmgSpec
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
    SiteType,
)
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.upgrading import code

SPEC = PicmgSpec(modules=2, leds=1, hardware_address=0x43, site_number=3, levels=(5, 10))


def made() -> Bench:
    return make_bmc(picmg=SPEC)


def test_properties_and_address() -> None:
    bench = made()
    found = bench.execute(GetPicmgProperties())
    assert (found.major, found.minor, found.max_fru_id, found.fru_id) == (2, 3, 2, 0)
    address = bench.execute(GetAddressInfo(fru_id=1))
    assert (address.hardware_address, address.ipmb_address, address.ipmb_1_address) == (0x43, 0x20, 0xFF)
    assert (address.fru_id, address.site_number, address.site_type) == (1, 3, SiteType.ATCA_BOARD)
    assert bench.execute(GetAddressInfo()).fru_id == 0


@pytest.mark.parametrize(
    ("kind", "key", "refused"), [(0, 0x43, 0), (1, 0x20, 0), (1, 0x43, 0xCC), (3, 0x43, 0xCC)]
)
def test_a_search_finds_this_controller_only(kind: int, key: int, refused: int) -> None:
    assert code(made(), GetAddressInfo(fru_id=0, key_type=kind, key=key)) == refused


def test_leds() -> None:
    bench = made()
    assert bench.execute(GetFruLedProperties(fru_id=0)).general == 0xF
    assert bench.execute(GetFruLedProperties(fru_id=0)).application == 1
    colors = bench.execute(GetLedColorCapabilities(fru_id=0, led=1))
    assert (colors.colors, colors.local_default) == (1 << 2 | 1 << 4, LedColor.RED)
    bench.execute(
        SetFruLedState(fru_id=0, led=1, function=LedFunction(20), on_duration=5, color=LedColor.AMBER)
    )
    state = bench.execute(GetFruLedState(fru_id=0, led=1))
    assert (state.local_control, state.overridden, state.lamp_test) == (True, True, False)
    assert (state.override_function, state.override_on_duration, state.override_color) == (20, 5, 4)
    bench.execute(SetFruLedState(fru_id=0, led=2, function=LedFunction.LAMP_TEST, on_duration=50))
    state = bench.execute(GetFruLedState(fru_id=0, led=2))
    assert (state.overridden, state.lamp_test, state.lamp_test_duration) == (False, True, 50)
    assert state.override_function == LedFunction.ON


def test_activation_policy_and_control() -> None:
    bench = made()
    bench.execute(SetFruActivationPolicy(fru_id=1, change_deactivation_locked=True, deactivation_locked=True))
    policy = bench.execute(GetFruActivationPolicy(fru_id=1))
    assert (policy.activation_locked, policy.deactivation_locked) == (False, True)
    assert code(bench, SetFruActivation(fru_id=1, activate=0)) == 0xD5
    bench.execute(SetFruActivation(fru_id=0, activate=1))
    assert bench.backend.switch.on
    bench.execute(FruControl(fru_id=0, option=FruControlOption.COLD_RESET))
    assert bench.backend.calls[-1] == "reset"


def test_power() -> None:
    bench = made()
    bench.execute(SetPowerLevel(fru_id=1, level=1))
    found = bench.execute(GetPowerLevel(fru_id=1, kind=PowerType.STEADY))
    assert (found.dynamic, found.level, found.multiplier, found.draws) == (True, 1, 10, bytes((5, 10)))
    assert bench.execute(GetPowerLevel(fru_id=1, kind=PowerType.DESIRED_EARLY)).level == 2
    assert code(bench, GetPowerLevel(fru_id=1, kind=PowerType(4))) == 0xCC


@pytest.mark.parametrize(
    "request_",
    [
        GetAddressInfo(fru_id=3),
        GetFruLedProperties(fru_id=3),
        GetLedColorCapabilities(fru_id=0, led=5),
        GetFruLedState(fru_id=3, led=0),
        GetFruActivationPolicy(fru_id=3),
        GetPowerLevel(fru_id=3, kind=PowerType.STEADY),
        FruControl(fru_id=3, option=FruControlOption.COLD_RESET),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_there_is_not(request_: Request[Any]) -> None:
    assert code(made(), request_) == 0xCC


def test_only_where_it_is_said_that_there_is_a_shelf() -> None:
    assert code(make_bmc(), GetPicmgProperties()) == 0xC1
