"""Command forwarding: lengths, and what may be left out (§35b)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.transport.forwarding import (
    EnableForwardedCommands,
    ForwardedCommand,
    ForwardedCommandResponse,
    ForwardingState,
    GetForwardedCommands,
    SetForwardedCommands,
)
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(ForwardedCommand, *range(3, 25))
    takes(SetForwardedCommands, *range(19, 25))
    takes(GetForwardedCommands, *range(3, 25))
    takes(EnableForwardedCommands, 2, 3, 4)


def test_the_controller_is_named_or_not() -> None:
    bare = EnableForwardedCommands(state=ForwardingState.DISABLE)
    assert bare.encode() == b"\x0e\x00"
    named = EnableForwardedCommands(
        channel=1, state=ForwardingState.ENABLE, slave_address=0x82, target_channel=0, lun=2
    )
    assert named.encode() == bytes.fromhex("01 01 82 02")


def test_a_request_is_wrapped_with_its_origin() -> None:
    request = ForwardedCommand(
        privilege=Privilege.OPERATOR, channel=1, netfn=NetFn.APP, lun=0, cmd=0x01, data=b"\xaa"
    )
    assert request.encode() == bytes.fromhex("31 18 01 aa")
    assert ForwardedCommandResponse.decode(b"\xd4").data == b""
