"""``bmc.picmg`` in front of our BMC."""

from __future__ import annotations

import pytest

from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction, PowerType
from baseboard.commands.groups.picmg_links import BusedAction, BusedResource, LinkInterface, SetClockState
from baseboard.errors import CommandUnknown, CompletionError
from tests.bmc.services.test_picmg import BASE, SPEC, enabled
from tests.client.harness import desk


async def test_where_it_is() -> None:
    picmg = desk(picmg=SPEC).bmc.picmg
    assert (await picmg.properties()).major == 2
    assert (await picmg.address(1)).fru_id == 1
    with pytest.raises(CommandUnknown):
        await desk().bmc.picmg.properties()


async def test_frus() -> None:
    console = desk(picmg=SPEC)
    picmg = console.bmc.picmg
    await picmg.activate(0)
    assert console.bench.backend.switch.on
    await picmg.control(0, FruControlOption.COLD_RESET)
    assert console.bench.backend.calls[-1] == "reset"
    await picmg.set_policy(0, deactivation_locked=True)
    assert (await picmg.policy(0)).deactivation_locked
    with pytest.raises(CompletionError):
        await picmg.deactivate(0)
    await picmg.set_policy(0, activation_locked=True)
    policy = await picmg.policy(0)
    assert (policy.activation_locked, policy.deactivation_locked) == (True, True)
    await picmg.deactivate(1)
    assert (await picmg.power(1)).level == 0


async def test_leds() -> None:
    picmg = desk(picmg=SPEC).bmc.picmg
    assert await picmg.leds(0) == (0, 1, 2, 3)
    assert await picmg.led_colors(0, 1) == (LedColor.RED, LedColor.AMBER)
    await picmg.set_led(0, 1, 20, LedColor.AMBER, 10)
    assert (await picmg.led(0, 1)).override_function == 20
    await picmg.set_led(0, 1, LedFunction.LOCAL_CONTROL)
    assert not (await picmg.led(0, 1)).overridden


async def test_power() -> None:
    picmg = desk(picmg=SPEC).bmc.picmg
    await picmg.set_power(1, 2)
    found = await picmg.power(1)
    assert (found.level, found.watts, found.dynamic, found.delay_s) == (2, (20, 120, 200), True, 0)
    assert (await picmg.power(1, PowerType.DESIRED_STEADY)).level == 3


async def test_links_clocks_and_buses() -> None:
    picmg = desk(picmg=SPEC).bmc.picmg
    await picmg.set_link(enabled(BASE))
    assert [one.state for one in await picmg.links(LinkInterface.BASE, 1)] == [1]
    (link,) = await picmg.amc_links(4)
    await picmg.set_amc_link(4, type(link)(lanes=1, kind=5, extension=0, state=1))
    assert (await picmg.amc_links(4, 0))[0].state == 1
    await picmg.set_clock(
        SetClockState(clock=1, index=0, enabled=True, source=True, family=1, accuracy=10, frequency=8000)
    )
    assert (await picmg.clock(1)).frequency == 8000
    assert await picmg.bused(BusedResource.CLOCK_GROUP_1) == 1
    assert await picmg.bused(BusedResource.CLOCK_GROUP_1, BusedAction.BUS_FREE) == 0
