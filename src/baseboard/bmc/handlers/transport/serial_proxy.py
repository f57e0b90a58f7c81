"""The PPP UDP proxy (§25.5-25.8)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.handlers.transport.serial import channel_of
from baseboard.commands.transport.serial_proxy import (
    GetPppUdpProxyReceiveData,
    GetPppUdpProxyReceiveDataResponse,
    GetPppUdpProxyTransmitData,
    GetPppUdpProxyTransmitDataResponse,
    SendPppUdpProxyPacket,
    SendPppUdpProxyPacketResponse,
    SetPppUdpProxyTransmitData,
    SetPppUdpProxyTransmitDataResponse,
)


@handlers.handles(SetPppUdpProxyTransmitData)
async def set_ppp_udp_proxy_transmit_data(
    ctx: Context, request: SetPppUdpProxyTransmitData
) -> SetPppUdpProxyTransmitDataResponse:
    """§25.5: the buffer begins with the first byte of the UDP payload."""
    channel_of(ctx, request.channel).proxy.write(request.block, request.data)
    return SetPppUdpProxyTransmitDataResponse()


@handlers.handles(GetPppUdpProxyTransmitData)
async def get_ppp_udp_proxy_transmit_data(
    ctx: Context, request: GetPppUdpProxyTransmitData
) -> GetPppUdpProxyTransmitDataResponse:
    """§25.6: what was put there."""
    return GetPppUdpProxyTransmitDataResponse(data=channel_of(ctx, request.channel).proxy.read(request.block))


@handlers.handles(SendPppUdpProxyPacket)
async def send_ppp_udp_proxy_packet(
    ctx: Context, request: SendPppUdpProxyPacket
) -> SendPppUdpProxyPacketResponse:
    """§25.7: over the link, if it is up."""
    channel_of(ctx, request.channel).proxy.send(request)
    return SendPppUdpProxyPacketResponse()


@handlers.handles(GetPppUdpProxyReceiveData)
async def get_ppp_udp_proxy_receive_data(
    ctx: Context, request: GetPppUdpProxyReceiveData
) -> GetPppUdpProxyReceiveDataResponse:
    """§25.8: what came for system software."""
    data = channel_of(ctx, request.channel).proxy.received(request.block, clear=request.clear)
    return GetPppUdpProxyReceiveDataResponse(data=data)
