"""Starts of a domain with a boot device: sequences of calls that block, for a thread of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.bmc.backends.libvirt.boot_order import order_of, restored, with_boot
from baseboard.errors import TransportError

if TYPE_CHECKING:
    from baseboard.bmc.backends.libvirt.binding import Connection
    from baseboard.bmc.ports import BootChoice


def started(connection: Connection, domain: str, choice: BootChoice) -> str:
    """Start a domain.

    A choice for one start is in the description only while the domain is started; one that lasts stays in it.

    Returns: what could not be had of the choice, for people; empty = all of it.

    Raises:
        TransportError: it does not start.
    """
    remark = ""
    kept = connection.description(domain) if connection.is_persistent(domain) else None
    base, used = kept, kept
    if kept is not None:
        base = used = restored(kept) or kept
        try:
            if choice.device:
                used = with_boot(base, choice.device, lasting=choice.persistent)
                base = used if choice.persistent else base
        except TransportError as error:
            remark = str(error)
    elif choice.device:
        remark = "the domain is transient: it has no description that could be changed"
    if used is not None and used != kept:
        connection.define(used)
    try:
        connection.create(domain)
    finally:
        if base is not None and base != used:
            connection.define(base)
    return remark


def restarted(connection: Connection, domain: str, choice: BootChoice) -> str:
    """Switch a domain off and on again, for a reset cannot change what it boots from.

    Returns: as `started`.

    Raises:
        TransportError: it does not stop, or not start again.
    """
    connection.destroy(domain)
    return started(connection, domain, choice)


def needs_restart(connection: Connection, domain: str, choice: BootChoice) -> bool:
    """Whether a reset would boot from something else than it shall.

    Raises:
        TransportError: nothing is known of the domain.
    """
    if not connection.is_persistent(domain):
        return False
    kept = connection.description(domain)
    if choice.device or restored(kept) is not None:
        return True
    return order_of(kept) != order_of(connection.description(domain, live=True))
