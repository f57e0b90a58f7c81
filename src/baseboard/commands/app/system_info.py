"""Names and versions of the managed system's software (§22.14a, §22.14b)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.commands.parameters.system_info import SystemInfoParameter
from baseboard.wire import Unknown, at


class SetSystemInfoParametersResponse(Response):
    """The parameter is set."""


@command(NetFn.APP, 0x58, section="22.14a", privilege=Privilege.ADMINISTRATOR)
class SetSystemInfoParameters(Request[SetSystemInfoParametersResponse]):
    """Write one System Info parameter."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")
    IN_PROGRESS = CompletionCode(0x81, "another party is setting parameters")
    READ_ONLY = CompletionCode(0x82, "parameter is read-only")

    parameter: SystemInfoParameter | Unknown = at("1:", "selector byte, then its data")


class GetSystemInfoParametersResponse(Response):
    """One System Info parameter."""

    revision: int = at("2", "[7:4] present, [3:0] oldest that it is compatible with", default=0x11)
    data: bytes = at("3:", "absent where only the revision was asked for", default=b"")


@command(NetFn.APP, 0x59, section="22.14b", privilege=Privilege.USER)
class GetSystemInfoParameters(Request[GetSystemInfoParametersResponse]):
    """Read one System Info parameter, or its revision."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")

    revision_only: bool = at("1[7]", default=False)
    selector: int = at("2")
    set_selector: int = at("3", "block number of a string", default=0)
    block_selector: int = at("4", default=0)

    def parameter(self, response: GetSystemInfoParametersResponse) -> SystemInfoParameter | Unknown:
        """What the data say that answered this request.

        Raises:
            DecodeError: they are not the parameter's.
        """
        return SystemInfoParameter.parse(self.selector, response.data)
