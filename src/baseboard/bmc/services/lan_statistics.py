"""Packets of a LAN channel, counted (§23.4)."""

from __future__ import annotations

from typing import NamedTuple

from baseboard.links.network import Counters

MOST = 0xFFFF
"""At which a counter stops."""


class Counted(NamedTuple):
    """The nine counters of Get IP/UDP/RMCP Statistics (Table 23-7)."""

    ip_received: int
    header_errors: int
    address_errors: int
    fragments: int
    ip_transmitted: int
    udp_received: int
    rmcp_received: int
    proxy_received: int
    proxy_dropped: int


class Statistics:
    """What the channel counts at its socket; what is below that the network counts, if it can.

    Attributes:
        received: datagrams that came in.
        valid: those of them that are RMCP.
        sent: datagrams that went out.
        proxy_received: UDP datagrams taken for the host's software (PPP UDP proxy).
        proxy_dropped: those that it did not fetch in time.
    """

    __slots__ = ("_cleared", "proxy_dropped", "proxy_received", "received", "sent", "valid")

    def __init__(self) -> None:
        self.received = self.valid = self.sent = self.proxy_received = self.proxy_dropped = 0
        self._cleared: Counters | None = None

    def read(self, network: Counters | None = None, *, clear: bool) -> Counted:
        """The counters, which stop at FFFFh; ``clear`` has them start from 0 afterwards.

        Args:
            network: what the network counted since it began; None = a datagram counts as one packet of IP.
        """
        # A plain socket sees neither headers nor pieces: each datagram was one packet, and none was wrong.
        seen = Counters(self.received, 0, 0, 0, self.sent, self.received)
        if network is not None:
            past = self._cleared or Counters()
            seen = Counters(*(now - before for now, before in zip(network, past, strict=True)))
        own = (self.valid, self.proxy_received, self.proxy_dropped)
        counted = Counted(*(min(count, MOST) for count in (*seen, *own)))
        if clear:
            self.received = self.valid = self.sent = self.proxy_received = self.proxy_dropped = 0
            self._cleared = network
        return counted
