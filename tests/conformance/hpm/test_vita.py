"""VITA 46.11: each command, and what it does."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.commands.chassis.control import GetChassisStatus
from baseboard.commands.declaration import Request
from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction
from baseboard.commands.groups.vita import (
    GetFruAddressInfo,
    GetFruStatePolicyBits,
    GetVsoCapabilities,
    SetFruStatePolicyBits,
    VitaFruControl,
    VitaGetFruLedProperties,
    VitaGetFruLedState,
    VitaGetLedColorCapabilities,
    VitaSetFruActivation,
    VitaSetFruLedState,
)
from tests.bmc.harness import make_bmc
from tests.bmc.services.upgrading import code
from tests.conformance.hpm.boards import ADMINISTRATOR, OPERATOR, USER, in_chassis, levels
from tests.conformance.marks import exercises

CC, D5 = 0xCC, 0xD5


@exercises(GetVsoCapabilities)
def test_capabilities_are_told_by_a_module_in_a_chassis_only() -> None:
    found = in_chassis().execute(GetVsoCapabilities())
    assert (found.tier, found.layer, found.standard, found.major, found.max_fru_id) == (0, 0, 0, 1, 2)
    assert code(make_bmc(), GetVsoCapabilities()) == 0xC1


@exercises(GetFruAddressInfo)
def test_an_address() -> None:
    bench = in_chassis()
    assert bench.execute(GetFruAddressInfo(fru_id=1)).fru_id == 1
    assert code(bench, GetFruAddressInfo(fru_id=3)) == CC


@exercises(VitaSetFruActivation, SetFruStatePolicyBits, GetFruStatePolicyBits, GetChassisStatus)
def test_a_policy_has_a_deactivation_forbidden_or_ignored() -> None:
    bench = in_chassis()
    bench.execute(VitaSetFruActivation(fru_id=0, activate=1))
    bench.execute(SetFruStatePolicyBits(fru_id=0, mask=2, bits=2))
    assert code(bench, VitaSetFruActivation(fru_id=0, activate=0)) == D5
    bench.execute(SetFruStatePolicyBits(fru_id=0, mask=6, bits=4))
    assert bench.execute(GetFruStatePolicyBits(fru_id=0)).bits == 4
    assert code(bench, VitaSetFruActivation(fru_id=0, activate=0)) == 0
    assert bench.execute(GetChassisStatus()).power_on
    bench.execute(SetFruStatePolicyBits(fru_id=0, mask=4, bits=0))
    bench.execute(VitaSetFruActivation(fru_id=0, activate=0))
    assert not bench.execute(GetChassisStatus()).power_on


@exercises(SetFruStatePolicyBits, GetFruStatePolicyBits)
def test_a_fru_that_is_locked_by_default_is_so_after_a_restart() -> None:
    bench = in_chassis()
    bench.execute(SetFruStatePolicyBits(fru_id=1, mask=8, bits=8))
    assert bench.reopen().execute(GetFruStatePolicyBits(fru_id=1)).bits == 9


@exercises(VitaFruControl)
def test_control_interrupts_the_host() -> None:
    bench = in_chassis()
    request = VitaFruControl(fru_id=0, option=FruControlOption.DIAGNOSTIC_INTERRUPT)
    assert code(bench, request) == D5
    bench.backend.switch.turn_on()
    bench.execute(request)
    assert bench.backend.calls[-1] == "diagnostic_interrupt"


@exercises(VitaGetFruLedProperties, VitaGetLedColorCapabilities, VitaSetFruLedState, VitaGetFruLedState)
def test_leds() -> None:
    bench = in_chassis()
    assert bench.execute(VitaGetFruLedProperties(fru_id=1)).count == 3
    assert bench.execute(VitaGetLedColorCapabilities(fru_id=1, led=2)).local_default == LedColor.GREEN
    bench.execute(VitaSetFruLedState(fru_id=1, led=2, function=LedFunction.OFF))
    found = bench.execute(VitaGetFruLedState(fru_id=1, led=2))
    assert (found.local_function, found.override_function) == (LedFunction.ON, LedFunction.OFF)
    assert code(bench, VitaSetFruLedState(fru_id=1, led=3, function=LedFunction.OFF)) == CC


@pytest.mark.parametrize(
    ("request_", "allowed"),
    [
        (GetVsoCapabilities(), [USER, OPERATOR, ADMINISTRATOR]),
        (VitaSetFruActivation(fru_id=1, activate=1), [OPERATOR, ADMINISTRATOR]),
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_operator_may_change(request_: Request[Any], allowed: list[int]) -> None:
    assert levels(in_chassis(), request_) == allowed
