"""`HostRequests`: software on the BMC's host answers requests of others, as a controller would (§6.13).

A request for LUN 2 of the BMC goes into its Receive Message Queue, and from there to the driver of the host.
The driver hands it to the program that has registered for its network function and command, and answers
C1h itself where nobody has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from baseboard.client.host_side import HostRequest, host_side
from baseboard.codes import Cc

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc


class HostRequests:
    """Requests as they come, for ever; only through a driver of the BMC's own host.

    >>> requests = bmc.messaging.requests()  # doctest: +SKIP
    >>> await requests.register(0x30, 0x01)  # doctest: +SKIP
    >>> async for request in requests:  # doctest: +SKIP
    ...     await requests.answer(request, b"hello")
    """

    def __init__(self, bmc: Bmc) -> None:
        """Be ready for requests; none come before a command is registered for.

        Raises:
            LocalProtocolError: they do not come over this interface.
        """
        self._host = host_side(bmc.interface, "requests of others")
        self._feed = self._host.receive()

    @property
    def lost(self) -> int:
        """How many requests went, for nobody took them in time."""
        return self._feed.lost

    async def register(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """Take requests for a command.

        Args:
            netfn: even.
            channels: that they may come from, a bit each; None = all.

        Raises:
            TransportError: another program takes them.
        """
        self._host.register(netfn, cmd, channels)

    async def unregister(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """Take no more of them.

        Raises:
            TransportError: they were not taken.
        """
        self._host.unregister(netfn, cmd, channels)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> HostRequest:
        """The next request.

        Raises:
            DeadlinePassed: it did not come within the time for the operation.
            SessionClosed: this or the interface was closed.
        """
        return await self._feed.take()

    async def answer(self, request: HostRequest, data: bytes = b"", code: int = Cc.OK) -> None:
        """Answer a request, once.

        Args:
            data: what follows the completion code.
            code: the completion code.

        Raises:
            TransportError: the driver refused it.
        """
        self._host.answer(request, bytes((code,)) + data)

    async def close(self) -> None:
        """Take no more; harmless when it is closed already."""
        self._host.receive_no_more(self._feed)
