"""The ICMB bridge: state, addresses, proxy, statistics, connectors (ICMB v1.0, IPMI §8)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.commands.bridge.bridging import BridgeRequest, ErrorReport
from baseboard.commands.bridge.management import (
    BridgeState,
    ClearBridgeStatistics,
    GetBridgeProxyAddress,
    GetBridgeState,
    GetBridgeStatistics,
    GetIcmbAddress,
    GetIcmbCapabilities,
    GetIcmbConnectionId,
    GetIcmbConnectorInfo,
    SendIcmbConnectionId,
    SetBridgeProxyAddress,
    SetBridgeState,
    SetIcmbAddress,
    StatisticsSelector,
)
from baseboard.errors import CompletionError
from baseboard.testing.clock import VirtualClock
from tests.bmc.bridges import NEAR, OTHER, answer, chassis, execute
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.marks import exercises

BRIDGE = 0x02
GET_DEVICE_ID = bytes.fromhex("20 18 01")
LAN = 1


async def reached(bmc: Bench, address: int, message: bytes = GET_DEVICE_ID) -> int | None:
    """The device ID of who answered in another chassis; None = nobody did."""
    asked = BridgeRequest(address=address, bridge_command=0x20, data=message)
    got = await answer(bmc, BRIDGE, asked.command.cmd, asked.encode())
    assert got[:1] in (b"\xc3", b"\x00")
    return None if got[0] else got[3]


def counters(bmc: Bench, selector: StatisticsSelector) -> list[int]:
    return [one.value for one in bmc.execute(GetBridgeStatistics(selector=selector)).counters]


@exercises(SetBridgeState, GetBridgeState)
async def test_a_bridge_that_is_off_reaches_nobody_and_is_not_reached() -> None:
    near, far = chassis(NEAR, OTHER)
    assert near.execute(GetBridgeState()).state == BridgeState.ENABLED
    assert await reached(far, NEAR) == 0x40
    near.execute(SetBridgeState(state=BridgeState.DISABLED))
    assert near.execute(GetBridgeState()).state == BridgeState.DISABLED
    assert await reached(far, NEAR) is None
    with pytest.raises(CompletionError) as caught:
        await execute(near, BridgeRequest(address=OTHER, bridge_command=0x20, data=GET_DEVICE_ID))
    assert caught.value.code == 0xD5
    near.execute(SetBridgeState(state=BridgeState.ENABLED))
    assert await reached(far, NEAR) == 0x40


@exercises(SetBridgeState)
def test_the_state_survives_a_restart_and_only_two_can_be_set() -> None:
    near, _ = chassis(NEAR, OTHER)
    for state in (2, 3, 7):
        with pytest.raises(CompletionError) as caught:
            near.execute(SetBridgeState(state=BridgeState(state)))
        assert caught.value.code == 0xCC
    near.execute(SetBridgeState(state=BridgeState.DISABLED))
    assert near.reopen().execute(GetBridgeState()).state == BridgeState.DISABLED


@exercises(SetIcmbAddress, GetIcmbAddress)
async def test_a_bridge_is_reached_at_its_address_and_at_no_other() -> None:
    near, far = chassis(NEAR, OTHER)
    assert near.execute(GetIcmbAddress()).address == NEAR
    near.execute(SetIcmbAddress(address=0x1234))
    assert near.execute(GetIcmbAddress()).address == 0x1234
    assert await reached(far, 0x1234) == 0x40
    assert await reached(far, NEAR) is None
    again = near.reopen()
    again.services.icmb.join(IcmbLine(again.clock))
    assert again.execute(GetIcmbAddress()).address == 0x1234
    with pytest.raises(CompletionError) as caught:
        near.execute(SetIcmbAddress(address=0xFFFF))
    assert caught.value.code == 0xCC


@exercises(SetIcmbAddress, GetBridgeState)
async def test_without_an_address_it_looks_for_one() -> None:
    near, far = chassis(NEAR, OTHER)
    near.execute(SetIcmbAddress(address=0))
    assert near.execute(GetBridgeState()).state == BridgeState.ASSIGNING_ADDRESS
    near.advance(5)
    assert near.execute(GetBridgeState()).state == BridgeState.ENABLED
    assert await reached(far, near.execute(GetIcmbAddress()).address) == 0x40


@exercises(SetBridgeProxyAddress, GetBridgeProxyAddress)
async def test_a_controller_behind_the_bridge_has_an_address_of_its_own() -> None:
    near, far = chassis(NEAR, OTHER)
    assert await reached(far, 0x0808) is None
    near.execute(SetBridgeProxyAddress(icmb_address=0x0808, slave_address=0x82, lun=0))
    proxy = near.execute(GetBridgeProxyAddress())
    assert (proxy.icmb_address, proxy.slave_address, proxy.lun) == (0x0808, 0x82, 0)
    assert await reached(far, 0x0808) == 0x34, "the satellite, whoever the message names"
    assert await reached(far, NEAR) == 0x40
    assert near.reopen().execute(GetBridgeProxyAddress()).icmb_address == 0x0808


@exercises(GetBridgeStatistics, ClearBridgeStatistics)
async def test_packets_are_counted_and_counts_cleared() -> None:
    near, far = chassis(NEAR, OTHER)
    assert counters(near, StatisticsSelector.PACKETS) == [0] * 10
    assert await reached(near, OTHER) == 0x41
    sent, received, *rest = counters(near, StatisticsSelector.PACKETS)
    assert (sent, received, rest[6]) == (1, 1, 1), "one sent, with an arbitration won, and one received"
    assert counters(far, StatisticsSelector.PACKETS)[:2] == [1, 1]
    assert await reached(near, 0x0909) is None
    assert counters(near, StatisticsSelector.PACKETS)[0] == 7, "six attempts"
    assert counters(far, StatisticsSelector.PACKETS)[2] == 6, "for another address"
    near.execute(ClearBridgeStatistics())
    assert counters(near, StatisticsSelector.PACKETS) == [0] * 10


@exercises(GetBridgeStatistics)
def test_what_is_broken_on_the_line_is_counted_by_its_kind() -> None:
    near, far = chassis(NEAR, OTHER)
    line = near.services.icmb.link.line
    pieces = (b"\x00", b"\xa5\x01\xa6", b"\xa5" + bytes(7) + b"\x01\xa6", b"\xa5\0\0\0\0\x40\0\0\xc0\xa6")
    for broken in pieces:
        assert line.send(broken)
        near.advance(1)
    for bmc in (near, far):
        assert counters(bmc, StatisticsSelector.PACKETS)[3:7] == [1, 1, 1, 1]
    with pytest.raises(CompletionError) as caught:
        near.execute(GetBridgeStatistics(selector=StatisticsSelector(2)))
    assert caught.value.code == 0xCC


@exercises(GetBridgeStatistics)
async def test_bad_commands_are_counted_where_they_arrive() -> None:
    near, far = chassis(NEAR, OTHER)
    assert (await execute(near, BridgeRequest(address=OTHER, bridge_command=0x66))).remote_code == 0xC1
    short = BridgeRequest(address=OTHER, bridge_command=0x20, data=b"\x20")
    assert (await execute(near, short)).remote_code == 0xC7
    assert counters(far, StatisticsSelector.COMMANDS) == [1, 1, 0]


@exercises(ErrorReport)
async def test_an_error_that_is_reported_is_counted() -> None:
    near, far = chassis(NEAR, OTHER)
    near.execute(ErrorReport())
    assert counters(near, StatisticsSelector.COMMANDS) == [0, 1, 0]
    near.services.icmb.link.tell(OTHER, ErrorReport.command.cmd, b"")
    near.advance(1)
    assert counters(far, StatisticsSelector.COMMANDS) == [0, 1, 0]


@exercises(GetIcmbCapabilities)
def test_it_follows_icmb_v1_0_revision_1_3() -> None:
    told = chassis(NEAR)[0].execute(GetIcmbCapabilities())
    assert (told.version, told.revision, told.features) == (1, 3, 0)


@exercises(GetIcmbConnectorInfo)
def test_connectors_are_those_of_the_make_up() -> None:
    (near,) = chassis(NEAR)
    found = [near.execute(GetIcmbConnectorInfo(numeric_id=number)) for number in (0, 1)]
    assert [(one.connectors, one.connector_type, one.id_string) for one in found] == [
        (2, 1, "Port 0"),
        (2, 0, "Spare"),
    ]
    with pytest.raises(CompletionError) as caught:
        near.execute(GetIcmbConnectorInfo(numeric_id=2))
    assert caught.value.code == 0xC9


@exercises(SendIcmbConnectionId, GetIcmbConnectionId)
async def test_bridges_exchange_the_ids_of_their_connections() -> None:
    near, far = chassis(NEAR, OTHER)
    assert far.execute(GetIcmbConnectionId()).id_string == "Port 1"
    got = await execute(near, SendIcmbConnectionId(address=OTHER, numeric_id=9, id_string="Rack 4"))
    assert (got.remote_code, got.numeric_id, got.id_string) == (0, 0, "Port 1")
    told = far.execute(GetIcmbConnectionId())
    assert (told.numeric_id, told.id_string) == (9, "Rack 4")
    with pytest.raises(CompletionError) as caught:
        await execute(near, SendIcmbConnectionId(address=0x0909, numeric_id=9, id_string="Rack 4"))
    assert caught.value.code == 0xC3


async def test_a_bmc_without_a_bridge_knows_none_of_the_commands() -> None:
    bmc = make_bmc()
    for cmd in (*range(0x07), *range(0x08, 0x0D), *range(0x10, 0x15), 0x20, 0x21, *range(0x30, 0x36), 0xFF):
        for size in range(6):
            assert await answer(bmc, BRIDGE, cmd, bytes(size)) in (b"\xc1", b"\xc7")


def test_a_bridge_without_a_line_says_that_something_is_wrong() -> None:
    (near,) = chassis(NEAR, line=IcmbLine(VirtualClock()))
    near.services.icmb.leave()
    assert near.execute(GetBridgeState()).state == BridgeState.ERROR
    assert near.execute(GetIcmbAddress(), channel=LAN, privilege=2).address == NEAR


def test_22_24_the_icmb_is_a_channel() -> None:
    (near,) = chassis(NEAR)
    # Get Channel Info: ICMB v1.0, ICMB-1.0, session-less
    assert near.raw(0x06, 0x42, b"\x07")[1:5] == bytes.fromhex("07 02 02 00")
    assert near.raw(0x06, 0x01)[6] & 0x40, "Get Device ID: it is a bridge"
