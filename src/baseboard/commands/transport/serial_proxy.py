"""The PPP UDP proxy: packets that system software sends and gets by way of the BMC's link (§25.5-25.8)."""

from __future__ import annotations

from ipaddress import IPv4Address

from baseboard.codes import NetFn
from baseboard.commands.declaration import CompletionCode, Interfaces, Request, Response, command
from baseboard.wire import at


class SetPppUdpProxyTransmitDataResponse(Response):
    """The block is stored (Table 25-9)."""


@command(
    NetFn.TRANSPORT, 0x14, section="25.5", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY,
    name="Set PPP UDP Proxy Transmit Data",
)  # fmt: skip
class SetPppUdpProxyTransmitData(Request[SetPppUdpProxyTransmitDataResponse]):
    """Put 16 bytes into the packet to be sent, which begins with the first byte of its UDP payload."""

    channel: int = at("1[3:0]", default=0xE)
    block: int = at("2", "counted from 1")
    data: bytes = at("3:", "16 bytes at most; the rest of the block stays")


class GetPppUdpProxyTransmitDataResponse(Response):
    """A block of the packet to be sent (Table 25-10)."""

    data: bytes = at("2:17")


@command(
    NetFn.TRANSPORT, 0x15, section="25.6", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY,
    name="Get PPP UDP Proxy Transmit Data",
)  # fmt: skip
class GetPppUdpProxyTransmitData(Request[GetPppUdpProxyTransmitDataResponse]):
    """Read 16 bytes of the packet to be sent."""

    channel: int = at("1[3:0]", default=0xE)
    block: int = at("2", "counted from 1")


class SendPppUdpProxyPacketResponse(Response):
    """The packet is on its way (Table 25-11)."""


@command(
    NetFn.TRANSPORT, 0x16, section="25.7", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY,
    name="Send PPP UDP Proxy Packet",
)  # fmt: skip
class SendPppUdpProxyPacket(Request[SendPppUdpProxyPacketResponse]):
    """Send the packet that was put together."""

    LINK_NOT_UP = CompletionCode(0x80, "PPP link is not up")
    IP_NOT_UP = CompletionCode(0x81, "IP protocol is not up")

    channel: int = at("1[3:0]", default=0xE)
    source_port: int = at("2:3")
    destination_port: int = at("4:5")
    source: IPv4Address = at("6:9", "0.0.0.0 = the BMC's own on the link")
    destination: IPv4Address = at("10:13")
    size: int = at("14:15", "bytes of UDP payload")


class GetPppUdpProxyReceiveDataResponse(Response):
    """Length of the packet that is held, or a block of it (Table 25-12)."""

    data: bytes = at("2:", "block 0: the length, 2 bytes LS first; else 16 bytes at most")


@command(
    NetFn.TRANSPORT, 0x17, section="25.8", interfaces=Interfaces.SYSTEM_INTERFACE_ONLY,
    name="Get PPP UDP Proxy Receive Data",
)  # fmt: skip
class GetPppUdpProxyReceiveData(Request[GetPppUdpProxyReceiveDataResponse]):
    """Read the packet that came for system software, from its IP header on."""

    NO_PACKET = CompletionCode(0x80, "no packet data available")

    channel: int = at("1[3:0]", default=0xE)
    clear: bool = at("2[7]", "afterwards make room for the next one", default=False)
    block: int = at("2[6:0]", "counted from 1; 0 = the length", default=0)
