"""What ipmitool does ahead of a command: files that options name, ``-z``; and ahead of the login: ``-A``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.errors import SuiteRefused

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.options import Options
    from baseboard.client.settings import Settings

_LEAST: Final = 25
"""The data of a message that IPMB carries: what is less than that has no effect."""

_LAN_MOST: Final = 248
_BLOCK, _AROUND = 16, 17
_ENCRYPTING: Final = 3
_NOT_OFFERED: Final = "the BMC does not offer this authentication type"


def prepare(call: Call) -> None:
    """Read the files of ``-S`` and ``-O``, whatever the command, and say what ``-z`` comes to."""
    options = call.options
    if options.sdr_file:
        from baseboard.cli.ipmitool.sdr_file import records_of

        records_of(call)
    if options.sel_file:
        from baseboard.cli.ipmitool.sel_oem import texts_of

        texts_of(call)
    if options.packet_size:
        call.out(f"Setting large buffer to {options.packet_size}")
        if options.packet_size < _LEAST:
            call.err(f"Request size is too small ({options.packet_size}), leave default size")


def largest_request(options: Options, usual: int) -> int:
    """How many bytes of data a request may have where ``-z`` was given.

    Args:
        usual: the same without that option, or where it has no effect.
    """
    size = options.packet_size
    if size < _LEAST:
        return usual
    if options.settings.interface == "lan":
        return min(size, _LAN_MOST)
    if options.settings.interface == "lanplus" and options.settings.cipher_suite == _ENCRYPTING:
        # Of suite 3 ipmitool knows that it encrypts, in blocks and with something around them.
        return max(size // _BLOCK * _BLOCK - _AROUND, 0)
    return size


async def see_type(settings: Settings) -> None:
    """Ask whether the BMC offers the v1.5 type of ``-A``; ipmitool asks, and does not try without.

    Raises:
        SuiteRefused: it does not; a BMC that does not say is tried.
        LoginError: its address cannot be found.
    """
    from baseboard.client.inquiry import Inquiry
    from baseboard.client.sockets import find, peer_at
    from baseboard.rmcp.flight import Pace

    place = await find(settings.host, settings.port, settings.family)
    inquiry = Inquiry(
        peer_at(place), Pace(settings.timeout, min(settings.timeout, 1.0), settings.retries + 1)
    )
    try:
        said = await inquiry.capabilities(settings.privilege)
    finally:
        inquiry.close()
    if said is not None and not said.auth_types >> (settings.auth_type or 0) & 1:
        raise SuiteRefused("Get Channel Authentication Capabilities", None, _NOT_OFFERED)
