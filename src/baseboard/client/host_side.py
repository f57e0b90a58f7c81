"""What only software on the BMC's own host has: events as they come, and requests of others (§6.13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from baseboard.errors import LocalProtocolError

if TYPE_CHECKING:
    from baseboard.client.feed import Feed
    from baseboard.client.interface import Interface


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRequest:
    """A request of another controller, or of a console, to software on this host.

    Attributes:
        channel: that it came from.
        address: slave address of its sender; 0 where it has none.
        lun: of its sender, 0-3.
        netfn: even.
        cmd: command number.
        data: what follows the command.
        msgid: the driver's number of it.
        sender: how the driver names its sender; the answer goes there.
    """

    channel: int
    address: int
    lun: int
    netfn: int
    cmd: int
    data: bytes
    msgid: int = field(repr=False)
    sender: bytes = field(repr=False)


@runtime_checkable
class HostSide(Protocol):
    """An interface whose driver tells of events and requests by itself."""

    def listen(self) -> Feed[bytes]:
        """Have events come: SEL records of 16 bytes."""
        ...

    def listen_no_more(self, feed: Feed[bytes]) -> None:
        """Have no more of them come to that feed; harmless when it is closed already."""
        ...

    def receive(self) -> Feed[HostRequest]:
        """Have requests come that are registered for."""
        ...

    def receive_no_more(self, feed: Feed[HostRequest]) -> None:
        """Give back all that was registered for, and have no more come to that feed."""
        ...

    def register(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """Take requests for a command: of some channels, a bit each, or of all."""
        ...

    def unregister(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """Take no more of them."""
        ...

    def answer(self, request: HostRequest, data: bytes) -> None:
        """Send an answer, completion code first."""
        ...


def host_side(interface: Interface, what: str) -> HostSide:
    """The interface, if its driver tells of such things by itself.

    Raises:
        LocalProtocolError: it does not.
    """
    if isinstance(interface, HostSide):
        return interface
    raise LocalProtocolError(
        f"{what} come only in band, through the driver of the BMC's own host (-I open), "
        f"not over {interface.name}"
    )
