"""``bmc.vita`` in front of our BMC."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import VitaSpec
from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction
from baseboard.errors import CommandUnknown
from tests.client.harness import desk

SPEC = VitaSpec(modules=1, leds=3, tier=2)


async def test_where_it_is() -> None:
    vita = desk(vita=SPEC).bmc.vita
    assert (await vita.capabilities()).tier == 1
    assert (await vita.address(1)).fru_id == 1
    with pytest.raises(CommandUnknown):
        await desk().bmc.vita.capabilities()


async def test_frus() -> None:
    console = desk(vita=SPEC)
    vita = console.bmc.vita
    await vita.activate(0)
    assert console.bench.backend.switch.on
    await vita.control(0, FruControlOption.WARM_RESET)
    assert console.bench.backend.calls[-1] == "reset"
    await vita.set_policy(0, 0xF, 4)
    assert await vita.policy(0) == 4
    await vita.deactivate(0)
    assert console.bench.backend.switch.on
    await vita.deactivate(1)
    assert not console.bench.services.vita.modules.active(1)


async def test_leds() -> None:
    vita = desk(vita=SPEC).bmc.vita
    assert await vita.leds(0) == 3
    assert await vita.led_colors(0, 1) == (LedColor.RED, LedColor.AMBER)
    await vita.set_led(0, 1, LedFunction.ON, LedColor.AMBER)
    assert (await vita.led(0, 1)).override_color == LedColor.AMBER
