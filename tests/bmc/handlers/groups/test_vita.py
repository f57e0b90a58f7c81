"""A module in a VPX chassis, as commands."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import VitaSpec
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
    VitaSiteType,
)
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.upgrading import code


def made() -> Bench:
    return make_bmc(vita=VitaSpec(modules=1, leds=3, tier=2, layer=3))


def test_capabilities_and_address() -> None:
    bench = made()
    found = bench.execute(GetVsoCapabilities())
    assert (found.tier, found.layer, found.major, found.minor, found.max_fru_id) == (1, 2, 1, 0, 1)
    address = bench.execute(GetFruAddressInfo(fru_id=1))
    assert (address.hardware_address, address.ipmb_address, address.fru_id) == (0x41, 0x20, 1)
    assert address.site_type == VitaSiteType.VPX_MODULE
    assert bench.execute(GetFruAddressInfo()).fru_id == 0


def test_leds() -> None:
    bench = made()
    assert bench.execute(VitaGetFruLedProperties(fru_id=0)).count == 3
    colors = bench.execute(VitaGetLedColorCapabilities(fru_id=0, led=0))
    assert (colors.colors, colors.restricted) == (1 << 1, False)
    bench.execute(VitaSetFruLedState(fru_id=0, led=0, function=LedFunction.OFF, color=LedColor.BLUE))
    state = bench.execute(VitaGetFruLedState(fru_id=0, led=0))
    assert (state.overridden, state.local_function, state.override_function) == (True, 0xFF, 0)


def test_activation_policy_and_control() -> None:
    bench = made()
    bench.execute(SetFruStatePolicyBits(fru_id=1, mask=6, bits=4))
    assert bench.execute(GetFruStatePolicyBits(fru_id=1)).bits == 4
    bench.execute(VitaSetFruActivation(fru_id=0, activate=1))
    assert bench.backend.switch.on
    bench.execute(VitaFruControl(fru_id=0, option=FruControlOption.WARM_RESET))
    assert bench.backend.calls[-1] == "reset"


@pytest.mark.parametrize(
    "request_",
    [
        GetFruAddressInfo(fru_id=2),
        VitaGetFruLedProperties(fru_id=2),
        VitaGetLedColorCapabilities(fru_id=0, led=3),
        GetFruStatePolicyBits(fru_id=2),
        VitaSetFruActivation(fru_id=0, activate=2),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_there_is_not(request_: Request[Any]) -> None:
    assert code(made(), request_) == 0xCC


def test_only_where_it_is_said_that_there_is_a_chassis() -> None:
    assert code(make_bmc(), GetVsoCapabilities()) == 0xC1
