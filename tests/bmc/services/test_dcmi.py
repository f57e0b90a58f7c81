"""DCMI of one BMC as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import DcmiSpec
from baseboard.bmc.services.dcmi import Dcmi, period_seconds
from baseboard.commands.parameters.dcmi import MandatoryAttributes, SupportedCapabilities
from baseboard.errors import CompletionError
from tests.bmc.harness import make_bmc


def dcmi(**changes: Any) -> Dcmi:
    bmc = make_bmc(dcmi=DcmiSpec(meter="any"), **changes)
    found = bmc.services.dcmi
    assert isinstance(found, Dcmi)
    return found


def test_a_large_log_is_told_as_far_as_twelve_bits_go() -> None:
    told = dcmi(sel_capacity=8000).capability(2)
    assert isinstance(told, MandatoryAttributes)
    assert told.sel_entries == 4095


def test_a_serial_channel_and_none() -> None:
    told = dcmi().capability(1)
    assert isinstance(told, SupportedCapabilities)
    assert (told.power_management, told.secondary_lan, told.serial_terminal_mode) == (True, False, False)


def test_a_backend_without_a_meter_has_no_power_management() -> None:
    found = dcmi()
    services = found._services
    services.home.backend.meter = None  # type: ignore[misc]  # the bench's backend lets one
    without = Dcmi(services)
    with pytest.raises(CompletionError) as caught:
        _ = without.power
    assert caught.value.code == 0xC1
    without.start()
    without.stop()
    services.home.blueprint = replace(services.home.blueprint, dcmi=DcmiSpec())


@pytest.mark.parametrize(
    ("period", "seconds"), [(0x00, 0), (0x3F, 63), (0x41, 60), (0x82, 7200), (0xC1, 86400)]
)
def test_periods(period: int, seconds: int) -> None:
    assert period_seconds(period) == seconds
