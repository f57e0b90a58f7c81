"""The only sockets and devices of Baseboard."""

from __future__ import annotations

from baseboard.transports.udp import Address, LoopbackUdp, UdpSocket

__all__ = ["Address", "LoopbackUdp", "UdpSocket"]
