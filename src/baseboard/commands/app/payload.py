"""RMCP+ payloads: who may use them, which are active, what a channel has (§24)."""

from __future__ import annotations

from enum import IntFlag

from baseboard.codes import NetFn, PayloadType, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import OpenEnum, Record, at


class SerialAlerts(OpenEnum):
    """What becomes of alerts on a serial port that SOL uses (Table 24-2)."""

    FAIL = 0
    DEFERRED = 1
    SUCCEED = 2


class AccessOperation(OpenEnum):
    """What Set User Payload Access does with the payloads of its masks (Table 24-7)."""

    ENABLE = 0
    DISABLE = 1


class EncryptionOperation(OpenEnum):
    """What Suspend/Resume Payload Encryption does (Table 24-5)."""

    SUSPEND = 0
    RESUME = 1
    REGENERATE_IV = 2


class StandardPayloads(IntFlag):
    """Standard payload types 0-15 as a set: bit n is type n (Tables 24-7, 24-9)."""

    IPMI_MESSAGE = 0x0001
    SOL = 0x0002
    OEM_EXPLICIT = 0x0004


class SetupPayloads(IntFlag):
    """Session setup payload types 10h-1Fh as a set (Table 24-9)."""

    OPEN_SESSION_REQUEST = 0x0001
    OPEN_SESSION_RESPONSE = 0x0002
    RAKP_MESSAGE_1 = 0x0004
    RAKP_MESSAGE_2 = 0x0008
    RAKP_MESSAGE_3 = 0x0010
    RAKP_MESSAGE_4 = 0x0020


class OemPayloads(IntFlag):
    """OEM payload types 20h-27h as a set (Tables 24-7, 24-9)."""

    OEM0 = 0x01
    OEM1 = 0x02
    OEM2 = 0x04
    OEM3 = 0x08
    OEM4 = 0x10
    OEM5 = 0x20
    OEM6 = 0x40
    OEM7 = 0x80


class SolActivation(Record):
    """How SOL is to be activated: the auxiliary data of Activate Payload (Table 24-2)."""

    _last = 4

    encrypted: bool = at("1[7]", default=False)
    authenticated: bool = at("1[6]", default=False)
    test_mode: bool = at("1[5]", "the console drives modem lines", default=False)
    serial_alerts: SerialAlerts = at("1[3:2]", default=SerialAlerts.FAIL)
    handshake: bool = at("1[1]", "CTS and DCD/DSR stay deasserted until the console speaks", default=False)


class ActivatePayloadResponse(Response):
    """Where and in which sizes the payload runs (Table 24-3)."""

    auxiliary: bytes = at("2:5", "SOL: byte 2[0] = test mode is on", default=bytes(4))
    inbound_size: int = at("6:7", "bytes of the largest payload to the BMC, its own header counted")
    outbound_size: int = at("8:9", "bytes of the largest payload from the BMC, its own header counted")
    port: int = at("10:11", "UDP", default=623)
    vlan: int = at("12:13", "FFFFh = none", default=0xFFFF)


@command(NetFn.APP, 0x48, section="24.1", privilege=Privilege.CALLBACK)
class ActivatePayload(Request[ActivatePayloadResponse]):
    """Start a payload under this session; the level needed is the payload's own affair."""

    ALREADY_ACTIVE = CompletionCode(0x80, "payload already active on another session")
    TYPE_DISABLED = CompletionCode(0x81, "payload type is disabled")
    LIMIT_REACHED = CompletionCode(0x82, "payload activation limit reached")
    CANNOT_ENCRYPT = CompletionCode(0x83, "cannot activate payload with encryption")
    MUST_ENCRYPT = CompletionCode(0x84, "cannot activate payload without encryption")

    payload_type: PayloadType = at("1[5:0]")
    instance: int = at("2[3:0]", "1-15", default=1)
    auxiliary: bytes = at("3:6", "the payload's own; SolActivation for SOL", default=bytes(4))


class DeactivatePayloadResponse(Response):
    """The payload has ended (Table 24-4)."""


@command(
    NetFn.APP, 0x49, section="24.2", privilege=Privilege.CALLBACK,
    unverified="the level needed to end another session's payload",
)  # fmt: skip
class DeactivatePayload(Request[DeactivatePayloadResponse]):
    """End a payload, one's own or another's."""

    ALREADY_DEACTIVATED = CompletionCode(0x80, "payload already deactivated")
    TYPE_DISABLED = CompletionCode(0x81, "payload type is disabled")

    payload_type: PayloadType = at("1[5:0]")
    instance: int = at("2[3:0]", default=1)
    auxiliary: bytes = at("3:6", "the payload's own; 0 for SOL", default=bytes(4))


class SuspendResumePayloadEncryptionResponse(Response):
    """The BMC's packets go as asked (Table 24-5)."""


@command(NetFn.APP, 0x55, section="24.3", privilege=Privilege.USER, name="Suspend/Resume Payload Encryption")
class SuspendResumePayloadEncryption(Request[SuspendResumePayloadEncryptionResponse]):
    """Stop or start the encryption of what the BMC sends of a payload."""

    NOT_SUPPORTED = CompletionCode(0x80, "operation not supported for given payload type")
    NOT_ALLOWED = CompletionCode(0x81, "operation not allowed under present configuration")
    NO_ENCRYPTION = CompletionCode(0x82, "encryption is not available for session")
    NOT_ACTIVE = CompletionCode(0x83, "payload instance is not presently active")

    payload_type: PayloadType = at("1[5:0]")
    instance: int = at("2[3:0]", default=1)
    # The bit ranges printed for the operation and for the reserved bits overlap; all senders use [1:0].
    operation: EncryptionOperation = at("3[1:0]")


class GetPayloadActivationStatusResponse(Response):
    """Which instances of a payload are active (Table 24-6)."""

    capacity: int = at("2[3:0]", "instances that can be active at a time")
    instances: int = at("3:4", "bit n: instance n + 1 is active")


@command(NetFn.APP, 0x4A, section="24.4", privilege=Privilege.USER)
class GetPayloadActivationStatus(Request[GetPayloadActivationStatusResponse]):
    """Ask which instances of a payload are active."""

    payload_type: PayloadType = at("1")


class GetPayloadInstanceInfoResponse(Response):
    """Whose an instance of a payload is (Table 24-6)."""

    session_id: int = at("2:5", "the BMC's, of the session that activated it; 0 = not active")
    information: bytes = at("6:13", "SOL: byte 6 = number of the system's serial port", default=bytes(8))


@command(NetFn.APP, 0x4B, section="24.5", privilege=Privilege.USER)
class GetPayloadInstanceInfo(Request[GetPayloadInstanceInfoResponse]):
    """Ask whose an instance of a payload is."""

    payload_type: PayloadType = at("1")
    instance: int = at("2", default=1)


class SetUserPayloadAccessResponse(Response):
    """The user's payloads are set (Table 24-7)."""


@command(NetFn.APP, 0x4C, section="24.6", privilege=Privilege.ADMINISTRATOR)
class SetUserPayloadAccess(Request[SetUserPayloadAccessResponse]):
    """Let a user use payloads on a channel, or not; those not named stay as they are."""

    _last = 6

    channel: int = at("1[3:0]", default=0xE)
    operation: AccessOperation = at("2[7:6]")
    user_id: int = at("2[5:0]")
    standard: StandardPayloads = at("3:4", default=StandardPayloads(0))
    oem: OemPayloads = at("5", default=OemPayloads(0))


class GetUserPayloadAccessResponse(Response):
    """Which payloads a user may use on a channel (Table 24-8)."""

    _last = 5

    standard: StandardPayloads = at("2:3")
    oem: OemPayloads = at("4", default=OemPayloads(0))


@command(NetFn.APP, 0x4D, section="24.7", privilege=Privilege.OPERATOR)
class GetUserPayloadAccess(Request[GetUserPayloadAccessResponse]):
    """Ask which payloads a user may use on a channel."""

    channel: int = at("1[3:0]", default=0xE)
    user_id: int = at("2[5:0]")


class GetChannelPayloadSupportResponse(Response):
    """Which payloads a channel has (Table 24-9)."""

    _last = 9

    standard: StandardPayloads = at("2:3")
    setup: SetupPayloads = at("4:5")
    oem: OemPayloads = at("6", default=OemPayloads(0))


@command(NetFn.APP, 0x4E, section="24.8", privilege=Privilege.USER)
class GetChannelPayloadSupport(Request[GetChannelPayloadSupportResponse]):
    """Ask which payloads a channel has."""

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)


class GetChannelPayloadVersionResponse(Response):
    """The version of a payload's format (Table 24-10)."""

    major: int = at("2[7:4]")
    minor: int = at("2[3:0]")


@command(NetFn.APP, 0x4F, section="24.9", privilege=Privilege.USER)
class GetChannelPayloadVersion(Request[GetChannelPayloadVersionResponse]):
    """Ask for the version of a payload's format."""

    NOT_AVAILABLE = CompletionCode(0x80, "payload type not available on given channel")

    channel: int = at("1[3:0]", default=0xE)
    payload_type: PayloadType = at("2")


class GetChannelOemPayloadInfoResponse(Response):
    """Whose an OEM payload is (Table 24-11)."""

    payload_type: PayloadType = at("2[5:0]")
    oem_id: int = at("3:5", "IANA enterprise number")
    payload_id: int = at("6:7", "for type 02h")
    major: int = at("8[7:4]")
    minor: int = at("8[3:0]")


@command(NetFn.APP, 0x50, section="24.10", privilege=Privilege.USER)
class GetChannelOemPayloadInfo(Request[GetChannelOemPayloadInfoResponse]):
    """Ask whose an OEM payload is."""

    NOT_SUPPORTED = CompletionCode(0x80, "OEM payload IANA or payload ID not supported")

    channel: int = at("1[3:0]", default=0xE)
    payload_type: PayloadType = at("2[5:0]")
    oem_id: int = at("3:5", "for type 02h; else 0", default=0)
    payload_id: int = at("6:7", "for type 02h; else 0", default=0)
