"""Messages to another chassis: a bridge carries them over the ICMB (ICMB v1.0; IPMI §8)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import at

_COMMAND = "of the other bridge; 20h, BridgeRequest: the data is a message for its IPMB"
_MESSAGE = "of the command; of BridgeRequest: rsSA, netFn/LUN, command, data"


class BridgeRequestResponse(Response):
    """What the other chassis answered."""

    remote_code: int = at("2", "completion code of the other bridge")
    data: bytes = at(
        "3:", "of its answer; of BridgeRequest: completion code and data of the controller", default=b""
    )


@command(NetFn.BRIDGE, 0x20, section="[ICMB]", privilege=Privilege.OPERATOR, name="BridgeRequest")
class BridgeRequest(Request[BridgeRequestResponse]):
    """Have a command carried out in another chassis, and wait for the answer."""

    address: int = at("1:2", "of the other bridge")
    bridge_command: int = at("3", _COMMAND)
    data: bytes = at("4:", _MESSAGE, default=b"")


class BridgeMessageResponse(Response):
    """The message is on its way."""


@command(NetFn.BRIDGE, 0x21, section="[ICMB]", privilege=Privilege.OPERATOR, name="BridgeMessage")
class BridgeMessage(Request[BridgeMessageResponse]):
    """Have a command carried out in another chassis, or in all, without an answer."""

    address: int = at("1:2", "of the other bridge; FFFFh = all")
    bridge_command: int = at("3", _COMMAND)
    data: bytes = at("4:", _MESSAGE, default=b"")


class ErrorReportResponse(Response):
    """The report was counted."""


@command(
    NetFn.BRIDGE,
    0xFF,
    section="[ICMB]",
    privilege=Privilege.USER,
    unverified="its data, and what a bridge does with it",
)
class ErrorReport(Request[ErrorReportResponse]):
    """Tell a bridge that what it sent was no command."""
