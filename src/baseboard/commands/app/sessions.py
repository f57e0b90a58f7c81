"""Sessions: the IPMI v1.5 login, privilege, information, end (§22.16-22.21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.codes import AuthType, NetFn, Privilege
from baseboard.commands.app.in_session import CloseSession as CloseSession
from baseboard.commands.app.in_session import CloseSessionResponse as CloseSessionResponse
from baseboard.commands.app.in_session import SetSessionPrivilegeLevel as SetSessionPrivilegeLevel
from baseboard.commands.app.in_session import (
    SetSessionPrivilegeLevelResponse as SetSessionPrivilegeLevelResponse,
)
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import OpenEnum, Record, at

if TYPE_CHECKING:
    from ipaddress import IPv4Address


class SessionIndex(OpenEnum):
    """Which session Get Session Info is about; 01h and up: the N-th active one (Table 22-25)."""

    PRESENT = 0x00
    BY_HANDLE = 0xFE
    BY_ID = 0xFF


class SerialActivity(OpenEnum):
    """What goes on over a serial channel (Table 22-25, byte 8)."""

    MESSAGING = 0
    CALLBACK = 1
    DIAL_OUT_ALERT = 2
    TAP_PAGE = 3


class AuthCodeFamily(OpenEnum):
    """Whose algorithm numbers Get AuthCode is asked by (Table 22-26, byte 1)."""

    IPMI_1_5 = 0
    INTEGRITY_ALGORITHM = 1


class LanConsole(Record):
    """The console at the other end of a LAN session (Table 22-25, bytes 8:19)."""

    address: IPv4Address = at("1:4")
    mac: bytes = at("5:10")
    port: int = at("11:12")


class SerialConsole(Record):
    """The console at the other end of a serial session (Table 22-25, bytes 8:13)."""

    activity: SerialActivity = at("1")
    destination: int = at("2[3:0]", "selector of an active call-out")
    address: IPv4Address = at("3:6", "PPP; else 0.0.0.0")
    port: int | None = at("7:8", "PPP only", default=None)


class GetSessionChallengeResponse(Response):
    """A temporary session, and the challenge to hash (Table 22-20)."""

    session_id: int = at("2:5", "temporary")
    challenge: bytes = at("6:21", "random")


@command(NetFn.APP, 0x39, section="22.16", session_less=True)
class GetSessionChallenge(Request[GetSessionChallengeResponse]):
    """Begin an IPMI v1.5 login (Table 22-20)."""

    INVALID_USER_NAME = CompletionCode(0x81, "invalid user name")
    NULL_USER_NOT_ENABLED = CompletionCode(0x82, "null user name (User 1) not enabled")

    auth_type: AuthType = at("1[3:0]")
    user_name: bytes = at("2:17", "padded with 00h; all zero = null user")


class ActivateSessionResponse(Response):
    """The session that stands (Table 22-21)."""

    auth_type: AuthType = at("2[3:0]", "of all further packets")
    session_id: int = at("3:6")
    inbound_sequence: int = at("7:10", "the console's first; 0 on single-session channels")
    privilege: Privilege = at("11[3:0]", "highest level that the session may ask for")


@command(NetFn.APP, 0x3A, section="22.17", session_less=True)
class ActivateSession(Request[ActivateSessionResponse]):
    """End an IPMI v1.5 login with the AuthCode of the challenge (Table 22-21)."""

    NO_SESSION_SLOT = CompletionCode(0x81, "no session slot available")
    NO_SLOT_FOR_USER = CompletionCode(0x82, "no slot available for given user")
    NO_SLOT_FOR_PRIVILEGE = CompletionCode(0x83, "no slot available to support user due to privilege")
    SEQUENCE_OUT_OF_RANGE = CompletionCode(0x84, "session sequence number out of range")
    INVALID_SESSION_ID = CompletionCode(0x85, "invalid session ID in request")
    PRIVILEGE_EXCEEDED = CompletionCode(0x86, "requested maximum privilege exceeds user or channel limit")

    auth_type: AuthType = at("1[3:0]")
    privilege: Privilege = at("2[3:0]", "highest level that the session will ask for")
    challenge: bytes = at("3:18", "as received; single-session: password or AuthCode", secret=True)
    outbound_sequence: int = at("19:22", "the BMC's first, not 0")


class GetSessionInfoResponse(Response):
    """A session, and how many there are (Table 22-25); without such a session only the first 3 bytes."""

    session_handle: int = at("2", "00h = no such session")
    slots: int = at("3[5:0]", "sessions that the BMC can hold")
    active_sessions: int = at("4[5:0]", "on all channels")
    user_id: int | None = at("5[5:0]", group="session", default=None)
    privilege: Privilege | None = at("6[3:0]", "present operating level", group="session", default=None)
    protocol: int | None = at("7[7:4]", "on a LAN: 0 = IPMI v1.5, 1 = v2.0", group="session", default=None)
    channel: int | None = at("7[3:0]", group="session", default=None)
    console: bytes | None = at("8:", "LanConsole or SerialConsole, by the channel's medium", default=None)


@command(NetFn.APP, 0x3D, section="22.20", privilege=Privilege.USER)
class GetSessionInfo(Request[GetSessionInfoResponse]):
    """Ask about a session: this one, one by its number, its handle or its ID."""

    index: int = at("1", "SessionIndex, or N: the N-th active session", default=SessionIndex.PRESENT)
    selector: bytes = at("2:", "BY_HANDLE: the handle; BY_ID: the ID, 4 bytes LS first", default=b"")


class GetAuthCodeResponse(Response):
    """The hash (Table 22-26)."""

    auth_code: bytes = at(
        "2:", "12, 16 or 20 bytes by the algorithm; none for a straight password", default=b""
    )


@command(
    NetFn.APP, 0x3F, section="22.21", privilege=Privilege.OPERATOR, name="Get AuthCode",
    unverified="what the hash of an integrity algorithm is keyed with",
)  # fmt: skip
class GetAuthCode(Request[GetAuthCodeResponse]):
    """Let the BMC hash 16 bytes with a user's password."""

    family: AuthCodeFamily = at("1[7:6]")
    algorithm: int = at("1[5:0]", "AuthType, or IntegrityAlgorithm")
    channel: int = at("2[3:0]", default=0xE)
    user_id: int = at("3[5:0]")
    data: bytes = at("4:19")
