"""The PPP UDP proxy's buffers: a packet to be sent, and one that came, for system software (§25.5-25.8)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import NamedTuple

from baseboard.bmc.services.serial_defaults import BLOCK, RECEIVE_BUFFER, TRANSMIT_BUFFER
from baseboard.codes import Cc
from baseboard.commands.transport.serial_proxy import GetPppUdpProxyReceiveData, SendPppUdpProxyPacket
from baseboard.errors import CompletionError


class ProxyPacket(NamedTuple):
    """A UDP packet that system software has the BMC send over its PPP link.

    Attributes:
        source_port: of the UDP header.
        destination_port: likewise.
        source: 0.0.0.0 = the BMC's own on the link.
        destination: where it goes.
        data: its payload.
    """

    source_port: int
    destination_port: int
    source: IPv4Address
    destination: IPv4Address
    data: bytes


class UdpProxy:
    """Both buffers.

    Attributes:
        link: sends a packet over the PPP link that is up; None = there is none.
    """

    __slots__ = ("_received", "_transmit", "link")

    def __init__(self) -> None:
        self._transmit: bytearray | None = None
        self._received: bytes | None = None
        self.link: Callable[[ProxyPacket], None] | None = None

    def write(self, block: int, data: bytes) -> None:
        """Put data at the beginning of a block; the rest of it stays.

        Raises:
            CompletionError: C9h, there is no such block; C7h, it is longer than one.
        """
        start = self._start(block)
        if len(data) > BLOCK:
            raise CompletionError(Cc.INVALID_LENGTH)
        if self._transmit is None:
            self._transmit = bytearray(TRANSMIT_BUFFER)
        self._transmit[start : start + len(data)] = data

    def read(self, block: int) -> bytes:
        """A block of what is to be sent."""
        start = self._start(block)
        return bytes((self._transmit or bytes(TRANSMIT_BUFFER))[start : start + BLOCK])

    def send(self, request: SendPppUdpProxyPacket) -> None:
        """Send what was put together.

        Raises:
            CompletionError: 80h, the link is not up; C9h, there is not so much.
        """
        if request.size > TRANSMIT_BUFFER:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if self.link is None:
            raise CompletionError(SendPppUdpProxyPacket.LINK_NOT_UP)
        data = bytes((self._transmit or bytes(TRANSMIT_BUFFER))[: request.size])
        self.link(
            ProxyPacket(
                request.source_port, request.destination_port, request.source, request.destination, data
            )
        )

    def arrived(self, packet: bytes) -> bool:
        """Hold a packet, from its IP header on; while one is held, others are dropped.

        Returns: whether it is held.
        """
        if self._received is not None or len(packet) > RECEIVE_BUFFER:
            return False
        self._received = packet
        return True

    def received(self, block: int, *, clear: bool) -> bytes:
        """The length of the packet that is held, or a block of it.

        Raises:
            CompletionError: 80h, none is held; C9h, it has no such block.
        """
        packet = self._received
        if packet is None:
            raise CompletionError(GetPppUdpProxyReceiveData.NO_PACKET)
        start = (block - 1) * BLOCK
        if block and start >= len(packet):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if clear:
            self._received = None
        return packet[start : start + BLOCK] if block else len(packet).to_bytes(2, "little")

    @staticmethod
    def _start(block: int) -> int:
        start = (block - 1) * BLOCK
        if not 0 <= start < TRANSMIT_BUFFER:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        return start
