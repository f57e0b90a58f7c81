"""Channels: how they may be logged in to, who may, what they are made of, their keys (§22.13-22.25)."""

from __future__ import annotations

from baseboard.codes import ChannelMedium, ChannelProtocol, NetFn, PayloadType, Privilege
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import OpenEnum, at


class Change(OpenEnum):
    """Which copy of a channel setting is meant (Table 22-28)."""

    DONT_CHANGE = 0
    NON_VOLATILE = 1
    VOLATILE = 2


class AccessMode(OpenEnum):
    """When a channel takes messages (Table 6-4)."""

    DISABLED = 0
    PRE_BOOT_ONLY = 1
    ALWAYS_AVAILABLE = 2
    SHARED = 3


class SessionSupport(OpenEnum):
    """Whether a channel does sessions (Table 22-30, byte 5)."""

    SESSION_LESS = 0
    SINGLE_SESSION = 1
    MULTI_SESSION = 2
    SESSION_BASED = 3


class KeyOperation(OpenEnum):
    """What is done with a channel's key (§22.25)."""

    READ = 0
    SET = 1
    LOCK = 2


class KeyId(OpenEnum):
    """Which key of a channel (§22.25)."""

    K_R = 0
    K_G = 1


class KeyLock(OpenEnum):
    """Whether a key can be read and set (§22.25)."""

    NOT_LOCKABLE = 0
    LOCKED = 1
    UNLOCKED = 2


class GetChannelAuthenticationCapabilitiesResponse(Response):
    """How a channel may be logged in to (Table 22-15)."""

    channel: int = at("2", "never Eh")
    has_extended: bool = at("3[7]", "IPMI v2.0 extended capabilities follow")
    auth_types: AuthTypes = at("3[5:0]", "enabled for the level asked for, v1.5 logins")
    kg_set: bool = at("4[5]", "two-key login: K_G is not all zero", default=False)
    per_message_auth_disabled: bool = at("4[4]")
    user_auth_disabled: bool = at("4[3]", "User level messages go unauthenticated")
    non_null_users: bool = at("4[2]", "users with a name are enabled")
    null_users: bool = at("4[1]", "a user without name, but with a password, is enabled")
    anonymous_login: bool = at("4[0]", "a user without name and password is enabled")
    supports_v20: bool = at("5[1]", default=False)
    supports_v15: bool = at("5[0]", default=False)
    oem_id: int = at("6:8", "IANA enterprise number of the OEM authentication type", default=0)
    oem_auxiliary: int = at("9", default=0)


@command(NetFn.APP, 0x38, section="22.13", session_less=True)
class GetChannelAuthenticationCapabilities(Request[GetChannelAuthenticationCapabilitiesResponse]):
    """Ask, before any login, which authentication a channel offers."""

    extended: bool = at("1[7]", "answer with the IPMI v2.0 form", default=True)
    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    privilege: Privilege = at("2[3:0]", "the level the login will ask for")


class GetChannelCipherSuitesResponse(Response):
    """A piece of the list of cipher suites (Table 22-17)."""

    channel: int = at("2")
    data: bytes = at("3:", "up to 16 bytes of records, cut anywhere; fewer = the list ends", default=b"")


@command(NetFn.APP, 0x54, section="22.15", session_less=True)
class GetChannelCipherSuites(Request[GetChannelCipherSuitesResponse]):
    """Ask, before any login, for 16 bytes of the list of cipher suites (Table 22-17)."""

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    payload_type: PayloadType = at("2[5:0]", default=PayloadType.IPMI_MESSAGE)
    by_suite: bool = at("3[7]", "0 = algorithms only, each once", default=True)
    list_index: int = at("3[5:0]", "which 16 bytes, from 0", default=0)


class SetChannelAccessResponse(Response):
    """The channel's access is set (Table 22-28)."""


@command(NetFn.APP, 0x40, section="22.22", privilege=Privilege.ADMINISTRATOR)
class SetChannelAccess(Request[SetChannelAccessResponse]):
    """Say when a channel takes messages, what it asks of them, and up to which level."""

    NOT_SUPPORTED = CompletionCode(0x82, "set not supported on selected channel")
    MODE_NOT_SUPPORTED = CompletionCode(0x83, "access mode not supported")

    channel: int = at("1[3:0]", default=0xE)
    change_access: Change = at("2[7:6]", "whether the other bits of this byte count")
    alerting_disabled: bool = at("2[5]", "PEF alerting; Alert Immediate goes on", default=False)
    per_message_auth_disabled: bool = at("2[4]", default=False)
    user_auth_disabled: bool = at("2[3]", default=False)
    access_mode: AccessMode = at("2[2:0]", default=AccessMode.DISABLED)
    change_limit: Change = at("3[7:6]", "whether the limit counts")
    privilege_limit: Privilege = at("3[3:0]", default=Privilege.RESERVED)


class GetChannelAccessResponse(Response):
    """When a channel takes messages, what it asks of them, and up to which level (Table 22-29)."""

    alerting_disabled: bool = at("2[5]")
    per_message_auth_disabled: bool = at("2[4]")
    user_auth_disabled: bool = at("2[3]")
    access_mode: AccessMode = at("2[2:0]")
    privilege_limit: Privilege = at("3[3:0]")


@command(NetFn.APP, 0x41, section="22.23", privilege=Privilege.USER)
class GetChannelAccess(Request[GetChannelAccessResponse]):
    """Ask for a channel's access settings, those stored or those in force."""

    NOT_SUPPORTED = CompletionCode(0x82, "command not supported for selected channel")

    channel: int = at("1[3:0]", default=0xE)
    which: Change = at("2[7:6]", "NON_VOLATILE or VOLATILE", default=Change.VOLATILE)


class GetChannelInfoResponse(Response):
    """What a channel is (Table 22-30)."""

    channel: int = at("2[3:0]", "never Eh")
    medium: ChannelMedium = at("3[6:0]")
    protocol: ChannelProtocol = at("4[4:0]")
    session_support: SessionSupport = at("5[7:6]")
    active_sessions: int = at("5[5:0]")
    vendor_id: int = at("6:8", "IANA enterprise number of the protocol's author; IPMI's own: 7154")
    auxiliary: bytes = at("9:10", "system interface: SMS and event buffer interrupt; else the protocol's own")


@command(NetFn.APP, 0x42, section="22.24", privilege=Privilege.USER, name="Get Channel Info Command")
class GetChannelInfo(Request[GetChannelInfoResponse]):
    """Ask what a channel is."""

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)


class SetChannelSecurityKeysResponse(Response):
    """The key's lock, and for a read the key (§22.25)."""

    lock_status: KeyLock = at("2[1:0]")
    key: bytes = at("3:", "for a read", default=b"", secret=True)


@command(NetFn.APP, 0x56, section="22.25", privilege=Privilege.ADMINISTRATOR)
class SetChannelSecurityKeys(Request[SetChannelSecurityKeysResponse]):
    """Read, set or lock a key of a channel; K_G is the BMC key of two-key logins."""

    KEY_LOCKED = CompletionCode(0x80, "cannot perform set or confirm: key is locked")
    INSUFFICIENT_KEY_BYTES = CompletionCode(0x81, "insufficient key bytes")
    TOO_MANY_KEY_BYTES = CompletionCode(0x82, "too many key bytes")
    KEY_UNSUITABLE = CompletionCode(0x83, "key value does not meet criteria for this type of key")
    KR_NOT_USED = CompletionCode(0x84, "K_R is not used")

    channel: int = at("1[3:0]", default=0xE)
    operation: KeyOperation = at("2[1:0]")
    key_id: KeyId = at("3")
    key: bytes = at("4:", "for a set: 20 bytes of K_G", default=b"", secret=True)
