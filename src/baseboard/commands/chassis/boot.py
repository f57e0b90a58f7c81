"""System boot options: what the firmware does at its next boot (§28.12, §28.13)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.commands.parameters.boot import BootParameter
from baseboard.wire import DERIVED, Unknown, at


class SetSystemBootOptionsResponse(Response):
    """The option is stored."""


@command(NetFn.CHASSIS, 0x08, section="28.12", privilege=Privilege.OPERATOR)
class SetSystemBootOptions(Request[SetSystemBootOptionsResponse]):
    """Write one boot option, or only mark it valid or invalid."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")
    IN_PROGRESS = CompletionCode(0x81, "attempt to set 'set in progress' when not in 'set complete'")
    READ_ONLY = CompletionCode(0x82, "attempt to write a read-only parameter")

    invalid: bool = at("1[7]", "mark the parameter invalid or locked", default=False)
    selector: int = at("1[6:0]", default=DERIVED)
    parameter: BootParameter | Unknown | None = at(
        "2:", "missing: only the mark changes", selector="selector", default=None
    )


class GetSystemBootOptionsResponse(Response):
    """One boot option, and whether it is valid."""

    parameter_version: int = at("2[3:0]", "1 in this specification", default=1)
    invalid: bool = at("3[7]", "the parameter is marked invalid or locked", default=False)
    selector: int = at("3[6:0]", default=DERIVED)
    parameter: BootParameter | Unknown = at("4:", selector="selector")


@command(NetFn.CHASSIS, 0x09, section="28.13", privilege=Privilege.OPERATOR)
class GetSystemBootOptions(Request[GetSystemBootOptionsResponse]):
    """Read one boot option."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")

    selector: int = at("1[6:0]")
    set_selector: int = at("2", "block number of the boot initiator mailbox; else 00h", default=0)
    block_selector: int = at("3", default=0)
