"""Finding other chassis, and asking controllers in them (ICMB v1.0, IPMI §8)."""

from __future__ import annotations

import pytest

from baseboard.commands.bridge.bridging import BridgeMessage, BridgeRequest
from baseboard.commands.bridge.discovery import (
    GetAddresses,
    GetChassisDeviceId,
    PrepareForDiscovery,
    SetChassisDeviceId,
    SetDiscovered,
)
from baseboard.errors import CompletionError
from tests.bmc.bridges import NEAR, OTHER, chassis, execute
from tests.bmc.harness import Bench
from tests.conformance.marks import exercises

THIRD = 0x0303
SET_DISCOVERED = SetDiscovered.command.cmd


async def undiscovered(bmc: Bench) -> list[int]:
    return [one.address for one in (await execute(bmc, GetAddresses())).addresses]


async def discovered(bmc: Bench, address: int) -> None:
    answer = await execute(bmc, BridgeRequest(address=address, bridge_command=SET_DISCOVERED))
    assert answer.remote_code == 0


@exercises(PrepareForDiscovery, GetAddresses, SetDiscovered)
async def test_bridges_say_their_addresses_until_they_were_discovered() -> None:
    near, *_ = chassis(NEAR, OTHER, THIRD)
    await execute(near, PrepareForDiscovery())
    assert await undiscovered(near) == [OTHER, THIRD]
    await discovered(near, OTHER)
    assert await undiscovered(near) == [THIRD]
    await discovered(near, THIRD)
    assert await undiscovered(near) == []
    await execute(near, PrepareForDiscovery())
    assert await undiscovered(near) == [OTHER, THIRD], "all of them have forgotten it"


@exercises(GetAddresses, SetDiscovered)
async def test_of_many_bridges_all_are_found_in_rounds() -> None:
    addresses = list(range(0x0300, 0x030B))
    near, *_ = chassis(NEAR, *addresses)
    found: list[int] = []
    while True:
        some = await undiscovered(near)
        assert len(some) <= 8
        if not some:
            break
        for address in some:
            await discovered(near, address)
        found += some
    assert sorted(found) == addresses


@exercises(SetDiscovered)
async def test_who_was_discovered_by_its_own_software_keeps_silent() -> None:
    near, far = chassis(NEAR, OTHER)
    far.execute(SetDiscovered())
    assert await undiscovered(near) == []


@exercises(SetChassisDeviceId, GetChassisDeviceId)
async def test_another_chassis_tells_who_takes_its_chassis_commands() -> None:
    near, far = chassis(NEAR, OTHER)
    asked = BridgeRequest(address=OTHER, bridge_command=GetChassisDeviceId.command.cmd)
    assert (await execute(near, asked)).data == b"\x20"
    far.execute(SetChassisDeviceId(address=0x82 >> 1))
    assert (await execute(near, asked)).data == b"\x82"
    assert far.reopen().execute(GetChassisDeviceId()).address == 0x82 >> 1
    with pytest.raises(CompletionError) as caught:
        far.execute(SetChassisDeviceId(address=0x02))
    assert caught.value.code == 0xCC


@exercises(BridgeRequest)
async def test_a_controller_in_another_chassis_is_asked() -> None:
    near, _ = chassis(NEAR, OTHER)
    for slave, device in ((0x20, 0x41), (0x82, 0x34)):
        message = bytes((slave, 0x18, 0x01))
        answer = await execute(near, BridgeRequest(address=OTHER, bridge_command=0x20, data=message))
        assert (answer.remote_code, answer.data[:2]) == (0, bytes((0, device)))


@exercises(BridgeRequest)
async def test_a_refusal_is_told_by_who_refused() -> None:
    near, _ = chassis(NEAR, OTHER)

    async def asked(address: int, message: str) -> tuple[int, bytes]:
        request = BridgeRequest(address=address, bridge_command=0x20, data=bytes.fromhex(message))
        answer = await execute(near, request)
        return answer.remote_code, answer.data

    assert await asked(OTHER, "20 18 ee") == (0, b"\xc1"), "the controller"
    assert await asked(OTHER, "84 18 01") == (0x83, b""), "the bridge, which finds nobody there"
    with pytest.raises(CompletionError) as caught:
        await asked(0x0909, "20 18 01")
    assert caught.value.code == 0xC3, "nobody at all"


@exercises(BridgeRequest)
async def test_nothing_travels_on_from_chassis_to_chassis() -> None:
    near, _ = chassis(NEAR, OTHER)
    # BridgeRequest to the BMC over there, to bridge back Set User Name
    back = bytes.fromhex("20 08 20 0101 20 20 18 45 05") + b"evil"
    answer = await execute(near, BridgeRequest(address=OTHER, bridge_command=0x20, data=back))
    assert (answer.remote_code, answer.data) == (0, b"\xd5")


@exercises(BridgeMessage)
def test_a_message_is_carried_out_and_not_answered() -> None:
    near, far, third = chassis(NEAR, OTHER, THIRD)
    power_up = bytes.fromhex("20 00 02 01")
    near.execute(BridgeMessage(address=OTHER, bridge_command=0x20, data=power_up))
    near.advance(1)
    assert [bmc.backend.power is not None and bmc.backend.power.on for bmc in (far, third)] == [True, False]
    assert "sent" not in far.services.icmb.link.counters
    near.execute(BridgeMessage(address=0xFFFF, bridge_command=0x20, data=power_up))
    near.advance(1)
    assert third.backend.power is not None
    assert third.backend.power.on, "FFFFh is everybody"


def test_g_1_bridging_wants_operator() -> None:
    near, _ = chassis(NEAR, OTHER)
    request = BridgeMessage(address=OTHER, bridge_command=0x10)
    for privilege in (1, 2):
        with pytest.raises(CompletionError) as caught:
            near.execute(request, channel=1, privilege=privilege)
        assert caught.value.code == 0xD4
    near.execute(request, channel=1, privilege=3)
