"""The library's conveniences against every kind of bad answer: a result or an error of ours, in bounds."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.bmc.makeups import blade, rack
from baseboard.client.bmc import Bmc
from baseboard.codes import BootDevice
from baseboard.errors import BaseboardError
from baseboard.testing import virtual_loop
from tests.hostile.worst import WORST, hostile

SENSORS = (*rack.SENSORS[:6], *blade.SENSORS[:8])
FRUS = (rack.own_fru("lab-001", "SN1"), FruSpec(1, "Riser", blade.OTHER_FRUS[0].image))


async def every(things: Any) -> list[Any]:
    return [one async for one in things]


OPERATIONS: dict[str, Callable[[Bmc], Awaitable[Any]]] = {
    "identity": lambda bmc: bmc.identity(),
    "power": lambda bmc: bmc.chassis.status(),
    "power on and wait": lambda bmc: bmc.chassis.power_on(wait=30),
    "boot device": lambda bmc: bmc.boot.get(),
    "set boot device": lambda bmc: bmc.boot.set(BootDevice.PXE),
    "SDRs": lambda bmc: bmc.sdr.records(),
    "sensors": lambda bmc: every(bmc.sensors()),
    "a sensor": lambda bmc: bmc.sensor("Inlet Temp"),
    "event log": lambda bmc: every(bmc.sel.entries()),
    "clear the log": lambda bmc: bmc.sel.clear(),
    "inventory": lambda bmc: bmc.fru.read(0),
    "users": lambda bmc: bmc.users.list(),
    "channels": lambda bmc: bmc.channels.list(),
    "LAN": lambda bmc: bmc.lan.channel(1).read_all(),
    "watchdog": lambda bmc: bmc.watchdog.get(),
    "filters": lambda bmc: bmc.pef.read_all(),
    "firewall": lambda bmc: bmc.firewall.map(),
    "firewall reset": lambda bmc: bmc.firewall.reset(),
    "reset": lambda bmc: bmc.reset(cold=True, wait=60),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_ends_whatever_is_answered(name: str) -> None:
    async def all_kinds() -> None:
        for kind, spoil in WORST.items():
            bmc, interface = hostile(spoil, sensors=SENSORS, frus=FRUS)
            with contextlib.suppress(BaseboardError):
                await OPERATIONS[name](bmc)
            assert interface.asked < 10_000, kind
            await bmc.close()

    virtual_loop.run(all_kinds())
