"""Numbers of commands: network function, command, and whose it is, in one integer (§5.1, Table 5-1)."""

from __future__ import annotations

from typing import Final

from baseboard.codes import NetFn
from baseboard.commands.declaration import Command

CMD_BITS: Final = 8
"""Below them lies the command's number; what is above is its network function, and whose that is."""

BODY_SIZES: Final[dict[int, int]] = {int(NetFn.GROUP_EXTENSION): 1, int(NetFn.OEM_GROUP): 3}
"""Bytes that say whose a request is, in front of its data: a defining body, or an IANA number."""

SMS_LUN: Final = 2
"""The logical unit of the host's software (§7.2): no command is answered there."""

_BASE: Final = (0,)
_SENSOR: Final = (0, 1, 3)


def family_of(netfn: int, group: int | None = None) -> int:
    """The number of a network function of requests, and of whose it is."""
    return netfn if group is None else (group + 1) << CMD_BITS | netfn


def key_of(netfn: int, cmd: int, group: int | None = None) -> int:
    """The number of a command: that of its family, then its own."""
    return family_of(netfn, group) << CMD_BITS | cmd


def key_of_command(command: Command) -> int:
    """The number of a declared command."""
    return key_of(command.netfn, command.cmd, command.group)


def split(netfn: int, cmd: int, data: bytes) -> tuple[int, bytes]:
    """Tell whose a request of NetFn 2Ch or 2Eh is.

    Returns: the command's number, and the data behind the body; without a body a number that nobody has.
    """
    size = BODY_SIZES.get(netfn, 0)
    if not size or len(data) < size:
        return key_of(netfn, cmd), data
    return key_of(netfn, cmd, int.from_bytes(data[:size], "little")), data[size:]


def luns(netfn: int) -> tuple[int, ...]:
    """The logical units at which commands of a network function are answered (§5.5, §7.2)."""
    return _SENSOR if netfn == NetFn.SENSOR_EVENT else _BASE
