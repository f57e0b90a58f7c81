"""A way to a management controller, whatever carries it: a request goes in, its answer comes out."""

from __future__ import annotations

from typing import Protocol

from baseboard.wire.value import Value


class Target(Value, kw_only=True):
    """Which controller answers, and on which way it is reached (§6.13).

    The default is the BMC itself.

    Attributes:
        address: the responder's slave address, 8 bits with bit 0 clear.
        channel: the channel that it sits on; 0 = the primary IPMB.
        lun: its logical unit, 0-3.
        transit_address: the bridge on the way of a double bridging; None = single bridging.
        transit_channel: the channel on which that bridge sits.
    """

    address: int = 0x20
    channel: int = 0
    lun: int = 0
    transit_address: int | None = None
    transit_channel: int = 0


BMC = Target()
"""The management controller that the interface leads to, LUN 0."""


class Interface(Protocol):
    """An open way to a management controller: LAN session, device file, serial line, memory.

    Attributes:
        name: as ``connect(interface=...)`` takes it: ``lanplus``, ``lan``, ``open`` ...
        largest_request: bytes of data that a request may have.
        largest_response: bytes of data, without the completion code, that a response may have.
    """

    name: str
    largest_request: int
    largest_response: int

    @property
    def depth(self) -> int:
        """How many requests may be under way at a time."""
        ...

    @depth.setter
    def depth(self, depth: int) -> None: ...

    @property
    def privilege(self) -> int:
        """Present operating level, 0-5."""
        ...

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        """Send a request and wait for its answer.

        Args:
            netfn: of the request, even.
            cmd: command number.
            data: what follows the command.
            target: who is to answer.
            timeout: seconds for all attempts together.
            retry: whether an unanswered request may be sent again; False where doing it twice does harm.

        Returns: the completion code, then the response's data.

        Raises:
            NoResponse: none came in that time.
            SessionClosed: the session ended before.
            TransportError: the medium failed.
            EncodeError: the request is too long for the interface.
        """
        ...

    async def close(self) -> None:
        """End the session and free what it held; harmless when it is closed already."""
        ...
