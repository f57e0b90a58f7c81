"""What a console's machines report."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, TypeAlias

from baseboard.wire.value import Value

if TYPE_CHECKING:
    from baseboard.errors import LoginError
    from baseboard.rmcp.asf import Pong
    from baseboard.rmcp.lan_message import LanMessage


class Reason(enum.Enum):
    """Why a session ended."""

    CLOSED = "closed by this console"
    LOST = "the BMC does not answer any more"
    USED_UP = "the session sequence numbers are used up"


class SessionOpened(Value):
    """The login succeeded.

    Attributes:
        bmc_session_id: the ID that Close Session and Get Session Info take.
        privilege: operating level.
        guid: the BMC's, as RAKP 2 gave it; empty in v1.5.
    """

    bmc_session_id: int
    privilege: int
    guid: bytes


class LoginFailed(Value):
    """The login did not succeed; the machine is closed.

    Attributes:
        error: which stage, which status, what it means.
    """

    error: LoginError


class SessionEnded(Value):
    """The session is over; requests without an answer have been reported before."""

    reason: Reason


class Answered:
    """A request has its answer.

    Attributes:
        token: what `request` returned.
        data: completion code, then the response's data.
    """

    __slots__ = ("data", "token")

    def __init__(self, token: int, data: bytes) -> None:
        self.token, self.data = token, data

    def __repr__(self) -> str:
        return f"<answer to {self.token}: {self.data[0]:02X}h and {len(self.data) - 1} bytes>"


class Unanswered(Value):
    """A request was given up.

    Attributes:
        token: what `request` returned.
        sent: how often it was sent; 0 means that the BMC never saw it.
    """

    token: int
    sent: int


class RequestArrived(Value):
    """The BMC asks something of its own accord, such as SOL Activating (§26.1)."""

    message: LanMessage


class PayloadArrived:
    """A payload that is no IPMI message.

    Attributes:
        payload_type: 01h SOL, 02h OEM explicit, 20h-27h OEM handles.
        data: what it carries, decrypted.
        iana: enterprise number of an OEM-explicit payload, else 0.
        payload_id: its maker's number for it, else 0.
    """

    __slots__ = ("data", "iana", "payload_id", "payload_type")

    def __init__(self, payload_type: int, data: bytes, iana: int = 0, payload_id: int = 0) -> None:
        self.payload_type, self.data, self.iana, self.payload_id = payload_type, data, iana, payload_id

    def __repr__(self) -> str:
        return f"<payload {self.payload_type:02X}h of {len(self.data)} bytes>"


class Ponged(Value):
    """A presence pong came."""

    pong: Pong


Event: TypeAlias = (
    SessionOpened
    | LoginFailed
    | SessionEnded
    | Answered
    | Unanswered
    | RequestArrived
    | PayloadArrived
    | Ponged
)
"""All that a console's machines report."""
