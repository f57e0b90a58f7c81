"""Sockets that a file names and that ask nobody for a password: checked before anything listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.bmc.configuration.endpoints import is_loopback
from baseboard.errors import TransportError
from baseboard.transports.machine_socket import where_of

if TYPE_CHECKING:
    from baseboard.bmc.configuration.spots import Spot


def check_socket(place: str, spot: Spot, *, exposed: bool, stranger: str) -> None:
    """Hold ``unix:PATH`` or ``tcp:ADDRESS:PORT`` to what a line that others share can be.

    Args:
        exposed: the file says that an address is meant that is not loopback.
        stranger: what whoever connects can pass for.

    Raises:
        ConfigurationError: it is no place, any port, or can be reached by others without the file saying so.
    """
    try:
        where = where_of(place)
    except TransportError as error:
        raise spot.wrong(f"found {error}") from None
    if isinstance(where, str):
        return
    host, port = where
    if not port:
        raise spot.wrong("found port 0; the others could not know which one it became")
    if not is_loopback(host) and not exposed:
        raise spot.wrong(
            f"found {host}: whoever reaches that address can be {stranger}, without a password; "
            "exposed = true says that this is meant"
        )
