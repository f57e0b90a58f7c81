"""Links, clocks and bused resources, as commands."""

from __future__ import annotations

from typing import Any

from baseboard.commands.groups.picmg_links import (
    BusedAction,
    BusedResource,
    BusedResourceControl,
    GetAmcPortState,
    GetClockState,
    GetPortState,
    LinkInterface,
    SetAmcPortState,
    SetClockState,
    SetPortState,
)
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.test_picmg import AMC, BASE, SPEC, enabled
from tests.bmc.services.upgrading import code


def made() -> Bench:
    return make_bmc(picmg=SPEC)


def test_a_link_is_enabled() -> None:
    bench = made()
    bench.execute(SetPortState(link=enabled(BASE)))
    assert bench.execute(GetPortState(channel=1, interface=LinkInterface.BASE)).links == (enabled(BASE),)
    assert code(bench, GetPortState(channel=9, interface=LinkInterface.BASE)) == 0xCC


def test_an_amc_link_is_enabled() -> None:
    bench = made()
    assert bench.execute(GetAmcPortState(channel=4)).links == (AMC,)
    on = type(AMC)(lanes=1, kind=5, extension=0, group=0, state=1)
    bench.execute(SetAmcPortState(channel=4, link=on))
    assert bench.execute(GetAmcPortState(channel=4, device=0)).links == (on,)


def test_a_clock_is_set_up_and_disabled() -> None:
    bench = made()
    assert bench.execute(GetClockState(clock=1)).frequency is None
    setting: dict[str, Any] = {"clock": 1, "index": 2, "source": True, "family": 1, "accuracy": 10}
    bench.execute(SetClockState(enabled=True, frequency=8000, **setting))
    found = bench.execute(GetClockState(clock=1))
    assert (found.enabled, found.source, found.index, found.frequency) == (True, True, 2, 8000)
    bench.execute(SetClockState(enabled=False, frequency=0, **setting))
    assert not bench.execute(GetClockState(clock=1)).enabled


def test_a_bused_resource() -> None:
    bench = made()

    def ask(action: BusedAction) -> int:
        request = BusedResourceControl(action=action, resource=BusedResource.CLOCK_GROUP_1)
        return bench.execute(request).status

    assert [ask(BusedAction.QUERY), ask(BusedAction.BUS_FREE), ask(BusedAction.QUERY)] == [1, 0, 0]
