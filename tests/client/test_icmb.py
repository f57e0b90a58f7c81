"""``bmc.icmb``: the bridge, other chassis, events."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest

from baseboard.client.bmc import Bmc
from baseboard.client.icmb import EVERYBODY, ConnectionId, Connector, EventReception, OtherChassis
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.bridge.events import IcmbEvent
from baseboard.commands.bridge.management import BridgeState
from baseboard.commands.groups.dcmi import GetAssetTag
from baseboard.errors import CompletionError, DecodeError
from tests.bmc.bridges import NEAR, OTHER, chassis
from tests.bmc.harness import Bench
from tests.client.harness import desk

T = TypeVar("T")


class _Request:
    def __init__(self, netfn: int, lun: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data


def console(bench: Bench) -> Bmc:
    def ask(netfn: int, lun: int, cmd: int, data: bytes, reply: object) -> None:
        bench.controller.handle(_Request(netfn, lun, cmd, data), bench.origin(), reply)  # type: ignore[arg-type]  # takes bytes

    return Bmc(MemoryInterface(ask), Settings(interface="memory", timeout=30, retries=0))


async def timely(bench: Bench, awaited: Awaitable[T]) -> T:
    """Wait while virtual time goes on."""
    task = asyncio.ensure_future(awaited)
    for _ in range(20_000):
        if task.done():
            break
        await asyncio.sleep(0)
        due = bench.clock.next_due()
        if due is not None:
            bench.clock.advance_to(min(due, bench.clock.now() + 0.01))
    return await task


async def test_the_bridge_itself() -> None:
    near, _ = chassis(NEAR, OTHER)
    icmb = console(near).icmb
    assert await icmb.state() == BridgeState.ENABLED
    await icmb.switch(on=False)
    assert await icmb.state() == BridgeState.DISABLED
    await icmb.switch(on=True)
    await icmb.set_address(0x0505)
    assert await icmb.address() == 0x0505
    await icmb.set_proxy(0x0808, 0x82, 1)
    proxy = await icmb.proxy()
    assert (proxy.icmb_address, proxy.slave_address, proxy.lun) == (0x0808, 0x82, 1)
    assert (await icmb.capabilities()).version == 1
    assert await icmb.connectors() == [
        Connector(number=0, kind=1, name="Port 0"),
        Connector(number=1, kind=0, name="Spare"),
    ]
    assert await icmb.connection() == ConnectionId(number=0, name="Port 0")
    await icmb.set_chassis_device(0x82)
    assert await icmb.chassis_device() == 0x82
    await icmb.set_discovered()
    assert near.services.icmb.discovered


async def test_what_it_counts() -> None:
    near, _ = chassis(NEAR, OTHER)
    icmb = console(near).icmb
    await icmb.report_error()
    await timely(near, icmb.execute(OTHER, GetDeviceId()))
    counted = await icmb.statistics()
    assert (counted.bad_commands, counted.sent, counted.received, counted.arbitration_wins) == (1, 1, 1, 1)
    await icmb.clear_statistics()
    assert (await icmb.statistics()).sent == 0


async def test_other_chassis_are_found_and_asked() -> None:
    near, *_ = chassis(NEAR, OTHER, 0x0303)
    icmb = console(near).icmb
    found = await timely(near, icmb.discover())
    assert found == [OtherChassis(address=address, device=0x20) for address in (OTHER, 0x0303)]
    assert (await timely(near, icmb.execute(OTHER, GetDeviceId()))).device_id == 0x41
    there = await timely(near, icmb.execute(OTHER, GetDeviceId(), slave_address=0x82))
    assert there.device_id == 0x34
    assert await timely(near, icmb.request(OTHER, 0x06, 0xEE)) == b"\xc1"
    with pytest.raises(CompletionError) as caught:
        await timely(near, icmb.execute(OTHER, GetAssetTag(offset=0, count=16), slave_address=0x82))
    assert caught.value.code == 0xC1


async def test_a_group_extension_is_told_by_its_body() -> None:
    made = desk({(0x02, 0x20): bytes.fromhex("00 00 00 dc 02 41 42")})
    tag = await made.bmc.icmb.execute(OTHER, GetAssetTag(offset=0, count=2))
    assert tag.encode() == b"\x02AB"
    assert made.script.asked[-1][2] == bytes.fromhex("0202 20 20 b0 06 dc 00 02")


async def test_of_very_many_not_all_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.client.icmb._MOST_ROUNDS", 1)
    near, *_ = chassis(NEAR, *range(0x0300, 0x0309))
    assert len(await timely(near, console(near).icmb.discover())) == 8


async def test_a_refusal_of_the_other_bridge_is_an_error() -> None:
    near, _ = chassis(NEAR, OTHER)
    icmb = console(near).icmb
    with pytest.raises(CompletionError) as caught:
        await timely(near, icmb.request(OTHER, 0x06, 0x01, slave_address=0x84))
    assert caught.value.code == 0x83
    assert await timely(near, icmb.exchange(OTHER, 5, "Rack")) == ConnectionId(number=0, name="Port 1")
    made = desk({(0x02, 0x0C): b"\0\xc1", (0x02, 0x20): b"\0\0"})
    with pytest.raises(CompletionError):
        await made.bmc.icmb.exchange(OTHER, 5, "Rack")
    with pytest.raises(DecodeError):
        await made.bmc.icmb.request(OTHER, 0x06, 0x01)


async def test_all_are_told_at_once() -> None:
    near, *others = chassis(NEAR, OTHER, 0x0303)
    await console(near).icmb.tell(EVERYBODY, 0x00, 0x02, b"\x01")
    near.advance(1)
    assert [bench.backend.power is not None and bench.backend.power.on for bench in others] == [True, True]


async def test_events() -> None:
    near, far = chassis(NEAR, OTHER)
    icmb, there = console(near).icmb, console(far).icmb
    await icmb.set_event_destination(OTHER)
    assert await icmb.event_destination() == OTHER
    await there.set_event_reception(enabled=True)
    assert await there.event_reception() == EventReception(enabled=True, slave_address=0x20, lun=0)
    await icmb.send_event(IcmbEvent.ONLINE)
    near.advance(1)
    assert await there.event_count() == 1
