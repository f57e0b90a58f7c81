"""Command forwarding: requests that the BMC hands to another controller (§35b).

The layouts of this section were in no source that could be read; only numbers, names, and the completion code
of Forwarded Command are known. What stands here follows the commands of the specification that are nearest:
masks as in Set Command Enables (Table 21-8), switching as in Enable Message Channel Receive (Table 22-6),
the origin as in Get Message (Table 22-7).
"""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.app.firewall import CommandRange
from baseboard.commands.declaration import CompletionCode, Interfaces, Request, Response, command
from baseboard.wire import OpenEnum, at

_LAYOUT = "every layout of this section, and the level that it asks for"


class ForwardingState(OpenEnum):
    """What Enable Forwarded Commands does."""

    DISABLE = 0
    ENABLE = 1
    GET_STATE = 2


class ForwardedCommandResponse(Response):
    """What came of the forwarded request."""

    code: int = at("2", "completion code of the forwarded request")
    data: bytes = at("3:", "of its response", default=b"")


@command(
    NetFn.TRANSPORT,
    0x30,
    section="35b.4",
    interfaces=Interfaces.LOCAL_INTERFACE_ONLY,
    unverified=_LAYOUT,
)
class ForwardedCommand(Request[ForwardedCommandResponse]):
    """Hand a request to the controller that is to answer it; the BMC sends this."""

    TARGET_UNAVAILABLE = CompletionCode(0x80, "target controller unavailable")

    privilege: Privilege = at("1[7:4]", "level of who asked; 0 = none, session-less")
    channel: int = at("1[3:0]", "that the request came in on")
    netfn: NetFn = at("2[7:2]", "of the forwarded request")
    lun: int = at("2[1:0]", "of the forwarded request")
    cmd: int = at("3", "of the forwarded request")
    data: bytes = at("4:", "of the forwarded request", default=b"")


class SetForwardedCommandsResponse(Response):
    """These commands are forwarded where forwarding is enabled."""


@command(NetFn.TRANSPORT, 0x31, section="35b.1", privilege=Privilege.ADMINISTRATOR, unverified=_LAYOUT)
class SetForwardedCommands(Request[SetForwardedCommandsResponse]):
    """Choose which commands of a network function a channel forwards."""

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    commands: CommandRange = at("2[7:6]", default=CommandRange.FROM_00H)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    forwarded: bytes = at("4:19", "a bit per command: 1 = forwarded")
    body: bytes = at(
        "20:", "defining body of NetFn 2Ch (1 byte), or IANA number of NetFn 2Eh (3)", default=b""
    )


class GetForwardedCommandsResponse(Response):
    """The commands that are chosen."""

    forwarded: bytes = at("2:17", "a bit per command: 1 = forwarded")


@command(NetFn.TRANSPORT, 0x32, section="35b.2", privilege=Privilege.ADMINISTRATOR, unverified=_LAYOUT)
class GetForwardedCommands(Request[GetForwardedCommandsResponse]):
    """Ask which commands of a network function are chosen."""

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    commands: CommandRange = at("2[7:6]", default=CommandRange.FROM_00H)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    body: bytes = at(
        "4:", "defining body of NetFn 2Ch (1 byte), or IANA number of NetFn 2Eh (3)", default=b""
    )


class EnableForwardedCommandsResponse(Response):
    """Whether a channel forwards, and to whom."""

    channel: int = at("2[3:0]")
    enabled: bool = at("3[0]")
    slave_address: int = at("4", "of the controller, 8 bits; 00h = none was named yet")
    target_channel: int = at("5[7:4]", "that the controller is on")
    lun: int = at("5[1:0]", "of the controller")


@command(NetFn.TRANSPORT, 0x33, section="35b.3", privilege=Privilege.ADMINISTRATOR, unverified=_LAYOUT)
class EnableForwardedCommands(Request[EnableForwardedCommandsResponse]):
    """Switch forwarding on or off for a channel, and name the controller that gets the commands."""

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    state: ForwardingState = at("2[1:0]")
    slave_address: int | None = at(
        "3", "of the controller, 8 bits; left out: the one named before", default=None
    )
    target_channel: int | None = at(
        "4[7:4]", "that the controller is on; left out: 0, the IPMB", default=None
    )
    lun: int | None = at("4[1:0]", "of the controller; left out: 0", default=None)
