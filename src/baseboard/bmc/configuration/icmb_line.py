"""Which ICMB line a described BMC is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.sockets import check_socket
from baseboard.bmc.icmb_wiring import DEVICE, PTY, SOCKETS

if TYPE_CHECKING:
    from baseboard.bmc.configuration.bridging_layout import Icmb
    from baseboard.bmc.configuration.spots import Spot

_UNIX: Final = "unix:"


def line_of(said: Icmb, spot: Spot) -> str:
    """The line as every BMC on it calls it.

    Raises:
        ConfigurationError: there can be no such line, or a key does not belong to it.
    """
    line = said.line
    socket = line.startswith(SOCKETS)
    for key, given in (("listen", said.listen), ("exposed", said.exposed)):
        if given and not socket:
            raise (spot / key).wrong("found true, which is for a line unix:... or tcp:...")
    for kind in (_UNIX, PTY):
        if line.startswith(kind) and line != kind:
            line = f"{kind}{beside(spot.file, line.removeprefix(kind))}"
    if socket:
        check_socket(line, spot / "line", exposed=said.exposed, stranger="a chassis on the line")
    elif line == PTY or (":" in line and not line.startswith((PTY, DEVICE))):
        raise (spot / "line").wrong(
            f'found "{said.line}"; allowed is a name, unix:PATH, tcp:ADDRESS:PORT, pty:PATH'
            " or the path of a serial device"
        )
    return line
