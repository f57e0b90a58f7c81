"""The power limit as a service; what it does to a server is a matter of tests/conformance/dcmi."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import DcmiSpec
from baseboard.bmc.services.power_limit import Limit, PowerLimit
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench, make_bmc

SPEC = DcmiSpec(meter="any", lowest=100, highest=500)


def bench() -> tuple[Bench, PowerLimit]:
    bmc = make_bmc(dcmi=SPEC)
    limit = bmc.services.dcmi.power.limit
    assert isinstance(limit, PowerLimit)
    return bmc, limit


def test_the_port_is_told_and_told_again_after_a_restart() -> None:
    bmc, limit = bench()
    meter = bmc.backend.meter
    assert meter is not None
    limit.set(Limit(0, 250, 1000, 10))
    assert meter.capped is None
    limit.activate(active=True)
    assert meter.capped == 250
    limit.set(Limit(0, 240, 1000, 10))
    assert meter.capped == 240
    again = bmc.reopen()
    assert again.backend.meter is not None
    assert again.backend.meter.capped == 240
    limit.activate(active=False)
    assert meter.capped is None


def test_what_changes_nothing_is_not_written() -> None:
    bmc, limit = bench()
    limit.activate(active=True)
    before = bmc.store.sequence
    limit.activate(active=True)
    assert bmc.store.sequence == before


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (Limit(2, 200, 1000, 1), 0xCC),
        (Limit(0, 99, 1000, 1), 0x84),
        (Limit(0, 200, 1, 1), 0x85),
        (Limit(0, 200, 1000, 0), 0x89),
    ],
)
def test_what_cannot_be(limit: Limit, code: int) -> None:
    with pytest.raises(CompletionError) as caught:
        bench()[1].set(limit)
    assert caught.value.code == code


def test_power_that_falls_between_two_samples_is_seen_at_the_deadline() -> None:
    bmc, limit = bench()
    meter = bmc.backend.meter
    assert meter is not None
    bmc.raw(0x00, 0x02, b"\1", origin=bmc.origin(1, 4))
    limit.set(Limit(1, 150, 1500, 1))
    limit.activate(active=True)
    bmc.advance(1.4)
    meter.reading = 140.0
    bmc.advance(20)
    assert bmc.backend.power is not None
    assert bmc.backend.power.on


def test_no_power_lines_no_power_off() -> None:
    bmc, limit = bench()
    bmc.backend.power = None
    limit.set(Limit(1, 150, 1000, 1))
    limit.activate(active=True)
    bmc.advance(3)
    assert len(bmc.services.sel) == 1, "it is logged all the same"


def test_a_meter_that_fails_exceeds_nothing() -> None:
    bmc, limit = bench()
    meter = bmc.backend.meter
    assert meter is not None
    limit.set(Limit(0x11, 150, 1000, 1))
    limit.activate(active=True)
    meter.reading = None
    bmc.advance(10)
    assert len(bmc.services.sel) == 0
    bmc.controller.stop()
