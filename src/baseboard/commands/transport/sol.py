"""Serial over LAN: its configuration, and word of its activation (§26)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Interfaces, Request, Response, command
from baseboard.commands.parameters.sol import SolParameter
from baseboard.wire import Unknown, at


class SolActivatingResponse(Response):
    """Noted; the BMC does not wait for it (Table 26-2)."""


@command(
    NetFn.TRANSPORT, 0x20, section="26.1", session_less=True, interfaces=Interfaces.BMC_GENERATED,
    unverified="session states other than 0",
)  # fmt: skip
class SolActivating(Request[SolActivatingResponse]):
    """Tell a serial or another session's console that SOL takes the port (Table 26-2)."""

    session_state: int = at("1[3:0]", default=0)
    instance: int = at("2", default=1)
    major: int = at("3", "version of the SOL format", default=1)
    minor: int = at("4", default=0)


class SetSolConfigurationParametersResponse(Response):
    """The parameter is set (Table 26-3)."""


@command(NetFn.TRANSPORT, 0x21, section="26.2", privilege=Privilege.ADMINISTRATOR)
class SetSolConfigurationParameters(Request[SetSolConfigurationParametersResponse]):
    """Write one SOL parameter."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")
    IN_PROGRESS = CompletionCode(0x81, "another party is setting parameters")
    READ_ONLY = CompletionCode(0x82, "parameter is read-only")
    WRITE_ONLY = CompletionCode(0x83, "parameter is write-only")

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    parameter: SolParameter | Unknown = at("2:", "selector byte, then its data")


class GetSolConfigurationParametersResponse(Response):
    """One SOL parameter (Table 26-4)."""

    revision: int = at("2", "[7:4] present, [3:0] oldest that it is compatible with", default=0x11)
    data: bytes = at("3:", "absent where only the revision was asked for", default=b"")


@command(NetFn.TRANSPORT, 0x22, section="26.3", privilege=Privilege.USER)
class GetSolConfigurationParameters(Request[GetSolConfigurationParametersResponse]):
    """Read one SOL parameter, or its revision."""

    NOT_SUPPORTED = CompletionCode(0x80, "parameter not supported")

    revision_only: bool = at("1[7]", default=False)
    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)
    selector: int = at("2")
    set_selector: int = at("3", default=0)
    block_selector: int = at("4", default=0)

    def parameter(self, response: GetSolConfigurationParametersResponse) -> SolParameter | Unknown:
        """What the data say that answered this request.

        Raises:
            DecodeError: they are not the parameter's.
        """
        return SolParameter.parse(self.selector, response.data)
