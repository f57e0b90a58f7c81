"""Thermal limits as a service."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import DcmiSpec, Physics, SensorSpec
from baseboard.bmc.services.thermal_limits import ThermalLimit, ThermalLimits
from baseboard.codes import EntityId
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench, make_bmc

INLET = EntityId.AIR_INLET
PROBE = SensorSpec(
    1, "T", 1, entity_id=INLET, base_unit=1, maximum=100.0, physics=Physics("temperature", 30, 20)
)
LOG = ThermalLimit(False, False, True, 40, 5)


def bench() -> tuple[Bench, ThermalLimits]:
    bmc = make_bmc(sensors=(PROBE,), dcmi=DcmiSpec())
    assert bmc.backend.sensors is not None
    bmc.backend.sensors.values["T"] = 30.0
    return bmc, bmc.services.dcmi.thermal


def heat(bmc: Bench, celsius: float | None) -> None:
    assert bmc.backend.sensors is not None
    bmc.backend.sensors.values["T"] = celsius


def test_without_a_limit_nothing_happens_at_the_hottest() -> None:
    assert bench()[1].get(INLET, 1) == ThermalLimit(False, False, False, 100, 0)


@pytest.mark.parametrize(
    ("change", "code"), [({"celsius": 101}, 0x84), ({"celsius": 0}, 0x84), ({"seconds": 3601}, 0x85)]
)
def test_what_cannot_be(change: dict[str, int], code: int) -> None:
    with pytest.raises(CompletionError) as caught:
        bench()[1].set(INLET, 1, LOG._replace(**change))  # type: ignore[arg-type]  # named as the fields
    assert caught.value.code == code


def test_a_temperature_that_cannot_be_read_is_not_too_high() -> None:
    bmc, limits = bench()
    limits.set(INLET, 1, LOG)
    heat(bmc, 50.0)
    bmc.advance(3)
    heat(bmc, None)
    bmc.advance(2)
    heat(bmc, 50.0)
    bmc.advance(4)
    assert len(bmc.services.sel) == 0, "the time began anew"
    bmc.advance(3)
    assert len(bmc.services.sel) == 1


def test_the_persistence_bit_of_dcmi_1_0_is_told_back() -> None:
    _, limits = bench()
    for persistent in (True, False):
        limits.set(INLET, 1, LOG._replace(persistent=persistent))
        assert limits.get(INLET, 1).persistent is persistent


def test_a_limit_of_a_sensor_that_is_gone_is_passed_over() -> None:
    bmc, limits = bench()
    limits.set(INLET, 1, LOG)
    bmc.controller.stop()
    bmc.blueprint = replace(bmc.blueprint, sensors=())
    again = bmc.reopen()
    again.advance(10)
    assert len(again.services.sel) == 0


def test_nothing_is_looked_after_that_has_no_action() -> None:
    bmc, limits = bench()
    limits.set(INLET, 1, ThermalLimit(False, False, False, 40, 0))
    heat(bmc, 90.0)
    bmc.advance(10)
    assert len(bmc.services.sel) == 0
    limits.set(INLET, 1, ThermalLimit(False, False, True, 40, 0))
    assert len(bmc.services.sel) == 1, "at once"
