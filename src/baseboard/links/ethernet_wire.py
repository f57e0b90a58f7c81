"""What both versions of IP on one Ethernet have together: frames, counters, what came for the channel."""

from __future__ import annotations

from typing import TypeAlias

from baseboard.links.ethernet import Frame
from baseboard.links.network import Counters, NetworkSettings, Tag

Peer: TypeAlias = tuple[str, int] | tuple[str, int, int, int]
"""Where a datagram came from and goes to, as the socket module names it."""


class Wire:
    """The outgoing side of an Ethernet interface, and what it counted.

    Attributes:
        settings: that count now.
        ip_received, header_errors, address_errors, fragments, ip_transmitted, udp_received: packets (§23.4).
    """

    __slots__ = (
        "_datagrams", "_frames", "address_errors", "fragments", "header_errors", "ip_received",
        "ip_transmitted", "settings", "udp_received",
    )  # fmt: skip

    def __init__(self, settings: NetworkSettings) -> None:
        self.settings = settings
        self._frames: list[bytes] = []
        self._datagrams: list[tuple[bytes, Peer]] = []
        self.ip_received = self.header_errors = self.address_errors = 0
        self.fragments = self.ip_transmitted = self.udp_received = 0

    def put(self, destination: bytes, kind: int, data: bytes, tag: Tag | None) -> None:
        """Send a frame."""
        self._frames.append(Frame(destination, self.settings.mac, kind, data, tag).encode())

    def deliver(self, data: bytes, peer: Peer) -> None:
        """Hand a datagram to the channel."""
        self._datagrams.append((data, peer))

    def frames(self) -> list[bytes]:
        """Frames to be sent, oldest first; each once."""
        frames, self._frames = self._frames, []
        return frames

    def datagrams(self) -> list[tuple[bytes, Peer]]:
        """Datagrams for the channel, oldest first; each once."""
        datagrams, self._datagrams = self._datagrams, []
        return datagrams

    def counters(self) -> Counters:
        """Packets counted."""
        return Counters(
            self.ip_received,
            self.header_errors,
            self.address_errors,
            self.fragments,
            self.ip_transmitted,
            self.udp_received,
        )
