"""Commands of discovery: lengths, and addresses in a list (ICMB v1.0)."""

from __future__ import annotations

from baseboard.commands.bridge.discovery import (
    MOST_ADDRESSES,
    BridgeAddress,
    GetAddresses,
    GetAddressesResponse,
    GetChassisDeviceId,
    PrepareForDiscovery,
    SetChassisDeviceId,
    SetDiscovered,
)
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(PrepareForDiscovery, 0)
    takes(GetAddresses, 0)
    takes(SetDiscovered, 0)
    takes(GetChassisDeviceId, 0)
    takes(SetChassisDeviceId, 1)


def test_an_answer_holds_eight_addresses() -> None:
    listed = tuple(BridgeAddress(address=number) for number in range(1, MOST_ADDRESSES + 1))
    answer = GetAddressesResponse(addresses=listed).encode()
    assert len(answer) == 16
    assert GetAddressesResponse.decode(answer).addresses == listed


def test_a_slave_address_stands_in_the_upper_bits() -> None:
    assert SetChassisDeviceId(address=0x28 >> 1).encode() == b"\x28"
