"""A LAN channel: its configuration, its ARPs, its statistics (§23)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.commands.transport.lan import (
    GetIpUdpRmcpStatistics,
    GetIpUdpRmcpStatisticsResponse,
    GetLanConfigurationParameters,
    GetLanConfigurationParametersResponse,
    SetLanConfigurationParameters,
    SetLanConfigurationParametersResponse,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown


@handlers.handles(SetLanConfigurationParameters)
async def set_lan_configuration_parameters(
    ctx: Context, request: SetLanConfigurationParameters
) -> SetLanConfigurationParametersResponse:
    """§23.1: each write takes effect at once; Set In Progress is a notice, not a lock."""
    ctx.channels.lan_channel(ctx.channel(request.channel))
    if isinstance(request.parameter, Unknown):
        raise CompletionError(SetLanConfigurationParameters.NOT_SUPPORTED)
    ctx.lan.set(request.parameter)
    return SetLanConfigurationParametersResponse()


@handlers.handles(GetLanConfigurationParameters)
async def get_lan_configuration_parameters(
    ctx: Context, request: GetLanConfigurationParameters
) -> GetLanConfigurationParametersResponse:
    """§23.2: the parameter, or only the revision of its layout."""
    ctx.channels.lan_channel(ctx.channel(request.channel))
    data = ctx.lan.get(request.selector, 0 if request.revision_only else request.set_selector)
    return GetLanConfigurationParametersResponse(data=b"" if request.revision_only else data)


@handlers.handles(GetIpUdpRmcpStatistics)
async def get_ip_udp_rmcp_statistics(
    ctx: Context, request: GetIpUdpRmcpStatistics
) -> GetIpUdpRmcpStatisticsResponse:
    """§23.4: what this BMC's own socket saw; the kernel below keeps its IP errors to itself."""
    ctx.channels.lan_channel(ctx.channel(request.channel))
    counted = ctx.lan.statistics.read(clear=request.clear)
    return GetIpUdpRmcpStatisticsResponse(
        ip_packets_received=counted.received,
        ip_header_errors=0,
        ip_address_errors=0,
        ip_fragments_received=0,
        ip_packets_transmitted=counted.sent,
        udp_packets_received=counted.received,
        rmcp_packets_received=counted.valid,
        proxy_packets_received=0,
        proxy_packets_dropped=0,
    )
