"""Requests to other chassis: what is carried is not looked into (ICMB v1.0)."""

from __future__ import annotations

import pytest

from baseboard.commands.bridge.bridging import (
    BridgeMessage,
    BridgeRequest,
    BridgeRequestResponse,
    ErrorReport,
)
from baseboard.errors import DecodeError
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(BridgeRequest, *range(3, 25))
    takes(BridgeMessage, *range(3, 25))
    takes(ErrorReport, 0)


def test_address_and_command_come_before_the_message() -> None:
    request = BridgeRequest(address=0x0202, bridge_command=0x20, data=bytes.fromhex("82 18 01"))
    assert request.encode() == bytes.fromhex("02 02 20 82 18 01")


def test_an_answer_has_the_code_of_the_other_bridge_at_least() -> None:
    assert BridgeRequestResponse.decode(b"\xc1").data == b""
    with pytest.raises(DecodeError):
        BridgeRequestResponse.decode(b"")
