"""The connection by which QEMU finds the BMC's own registers: made before QEMU starts, and given to it."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.interfaces import RegistersSpec
from baseboard.errors import TransportError

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint

_UNIX: Final = "unix:"


def place(blueprint: Blueprint) -> str:
    """The path of the socket where the registers of a BMC are.

    Raises:
        TransportError: it has none.
    """
    endpoint = blueprint.interface.endpoint
    if not isinstance(endpoint, RegistersSpec):
        raise TransportError(
            f"{blueprint.identity.name}: its machine looks for the registers of the BMC's system interface,"
            " which has none"
        )
    return endpoint.listen.removeprefix(_UNIX)


def plugged(path: str) -> socket.socket:
    """Connect; the other end may be this same process, so nothing is waited for.

    Raises:
        OSError: nobody listens there, or somebody else has just been let in.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.setblocking(False)
    code = made.connect_ex(path)
    if code:
        made.close()
        raise OSError(code, os.strerror(code), path)
    made.setblocking(True)  # QEMU waits for each answer
    return made
