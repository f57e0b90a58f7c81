"""Commands of the ICMB bridge itself: lengths, counters, names (ICMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.commands.bridge.management import (
    BridgeState,
    ClearBridgeStatistics,
    Counter,
    GetBridgeProxyAddress,
    GetBridgeState,
    GetBridgeStatistics,
    GetBridgeStatisticsResponse,
    GetIcmbAddress,
    GetIcmbCapabilities,
    GetIcmbConnectionId,
    GetIcmbConnectorInfo,
    SendIcmbConnectionId,
    SendIcmbConnectionIdResponse,
    SetBridgeProxyAddress,
    SetBridgeState,
    SetIcmbAddress,
    StatisticsSelector,
)
from baseboard.commands.declaration import Request
from baseboard.errors import DecodeError
from tests.commands.lengths import takes

QUESTIONS: list[type[Request[object]]] = [  # type: ignore[type-var]  # only their lengths are looked at
    GetBridgeState, GetIcmbAddress, GetIcmbCapabilities, ClearBridgeStatistics, GetBridgeProxyAddress,
    GetIcmbConnectionId,
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_have_no_data(question: type[Request[object]]) -> None:  # type: ignore[type-var]  # as above
    takes(question, 0)


def test_lengths() -> None:
    takes(SetBridgeState, 1)
    takes(SetIcmbAddress, 2)
    takes(SetBridgeProxyAddress, 4)
    takes(GetBridgeStatistics, 1)
    takes(GetIcmbConnectorInfo, 1)


def test_addresses_are_words_least_significant_byte_first() -> None:
    assert SetIcmbAddress(address=0x1234).encode() == b"\x34\x12"
    proxy = SetBridgeProxyAddress(icmb_address=0x0102, slave_address=0x82, lun=1)
    assert proxy.encode() == bytes.fromhex("02 01 82 01")


def test_counters_are_words_as_many_as_there_are() -> None:
    answer = GetBridgeStatisticsResponse(
        selector=StatisticsSelector.COMMANDS, counters=(Counter(value=1), Counter(value=0x203))
    )
    assert answer.encode() == bytes.fromhex("00 01 00 03 02")
    with pytest.raises(DecodeError):
        GetBridgeStatisticsResponse.decode(b"\x00\x01")


def test_a_state_that_nobody_has_heard_of_survives() -> None:
    assert SetBridgeState.decode(b"\x07").state == 7
    assert not BridgeState(7).known


def test_an_exchange_may_end_with_the_refusal_of_the_other() -> None:
    assert SendIcmbConnectionIdResponse.decode(b"\xc1").numeric_id is None
    request = SendIcmbConnectionId(address=0x0102, numeric_id=5, id_string="Rack")
    assert request.encode() == bytes.fromhex("02 01 05 c4") + b"Rack"
