"""Payload commands (§24)."""

from __future__ import annotations

from baseboard.codes import PayloadType
from baseboard.commands.app.payload import (
    ActivatePayload,
    ActivatePayloadResponse,
    DeactivatePayload,
    GetChannelOemPayloadInfo,
    GetChannelPayloadSupportResponse,
    GetPayloadActivationStatus,
    GetPayloadInstanceInfo,
    GetUserPayloadAccessResponse,
    SerialAlerts,
    SetupPayloads,
    SetUserPayloadAccess,
    SolActivation,
    StandardPayloads,
    SuspendResumePayloadEncryption,
)
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(ActivatePayload, 6)
    takes(DeactivatePayload, 6)
    takes(SuspendResumePayloadEncryption, 3)
    takes(GetPayloadActivationStatus, 1)
    takes(GetPayloadInstanceInfo, 2)
    takes(SetUserPayloadAccess, 6)
    takes(GetChannelOemPayloadInfo, 7)


def test_sol_is_asked_for_in_the_auxiliary_data() -> None:
    """What the usual console sends: C6h, C4h or C0h."""
    wanted = SolActivation(
        encrypted=True, authenticated=True, serial_alerts=SerialAlerts.DEFERRED, handshake=True
    )
    assert wanted.encode() == b"\xc6\0\0\0"
    assert wanted.replace(handshake=False).encode() == b"\xc4\0\0\0"
    request = ActivatePayload(payload_type=PayloadType.SOL, auxiliary=wanted.encode())
    assert request.encode() == b"\x01\x01\xc6\0\0\0"
    assert SolActivation.decode(request.auxiliary) == wanted


def test_without_a_vlan_the_answer_says_ffff() -> None:
    answer = ActivatePayloadResponse(inbound_size=259, outbound_size=259)
    assert answer.encode() == bytes.fromhex("00000000 0301 0301 6f02 ffff")


def test_answers_keep_their_reserved_bytes() -> None:
    everything = GetChannelPayloadSupportResponse(
        standard=StandardPayloads.IPMI_MESSAGE | StandardPayloads.SOL, setup=SetupPayloads(0x3F)
    )
    assert everything.encode() == b"\x03\0\x3f\0\0\0\0\0"
    assert GetUserPayloadAccessResponse(standard=StandardPayloads.SOL).encode() == b"\x02\0\0\0"
