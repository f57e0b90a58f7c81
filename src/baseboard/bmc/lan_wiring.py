"""Networks that a LAN channel has for itself: an interface of Linux, or Ethernet frames (§23)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from baseboard.errors import TransportError

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.ports import NetworkPort
    from baseboard.rmcp.machine import Address
    from baseboard.transports.frames import FrameLink, Receive

Stack = Literal["kernel", "own"]


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a channel's network is made of.

    Attributes:
        interface: an interface of Linux that nobody else uses; empty = `tap` or `plug`.
        namespace: the network namespace that it is in; empty = this process's.
        stack: who speaks IP there: the kernel, or the BMC itself, frame by frame.
        tap: a TAP device that is made, with the BMC itself behind it.
        plug: makes any other link for frames, such as that of a switch in memory.
    """

    interface: str = ""
    namespace: str = ""
    stack: Stack = "kernel"
    tap: str = ""
    plug: Callable[[Receive], FrameLink] | None = None


def wired(
    wiring: Wiring, receive: Callable[[bytes, Address], None], clock: Clock
) -> tuple[NetworkPort, bytes | None]:
    """The network of a channel.

    Args:
        wiring: what it is made of.
        receive: called with each datagram and its sender.
        clock: time.

    Returns: the network, and the hardware address that it has anyhow; None = it takes the one it is told.

    Raises:
        TransportError: it cannot be had.
    """
    if wiring.interface and wiring.stack == "kernel":
        from baseboard.transports.linux_network import LinuxNetwork

        network = LinuxNetwork(wiring.interface, wiring.namespace, receive, clock)
        return network, network.mac
    from baseboard.transports.ethernet_network import EthernetNetwork

    return EthernetNetwork(wiring.plug or _plug(wiring), receive, clock), None


def _plug(wiring: Wiring) -> Callable[[Receive], FrameLink]:
    """What makes the link for frames."""
    from baseboard.transports.frames import PacketLink, TapLink, packet_socket
    from baseboard.transports.namespace import inside

    if wiring.tap:
        return lambda receive: TapLink(wiring.tap, receive)
    try:
        opened = inside(wiring.namespace, lambda: packet_socket(wiring.interface, everything=True))
    except OSError as error:
        trouble = TransportError(f"interface {wiring.interface}: {error.strerror or error}")
        trouble.hint = "it takes the right to have an interface's frames (CAP_NET_RAW), as root has it"
        raise trouble from error
    return lambda receive: PacketLink(opened, receive)
