"""Which system is managed (§22.14): its GUID, which tells two of a model apart."""

from __future__ import annotations

from baseboard.codes import NetFn
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import at


class GetSystemGuidResponse(Response):
    """The managed system's GUID (Table 22-16)."""

    guid: bytes = at("2:17", "as sent; SMBIOS and RFC 4122 byte orders are met as well")


@command(NetFn.APP, 0x37, section="22.14", session_less=True)
class GetSystemGuid(Request[GetSystemGuidResponse]):
    """Ask for the managed system's GUID, before a login too."""
