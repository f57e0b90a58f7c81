"""A LAN channel: its configuration, its ARPs, its statistics (§23)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.codes import Cc
from baseboard.commands.transport.lan import (
    GetIpUdpRmcpStatistics,
    GetIpUdpRmcpStatisticsResponse,
    GetLanConfigurationParameters,
    GetLanConfigurationParametersResponse,
    SetLanConfigurationParameters,
    SetLanConfigurationParametersResponse,
    SuspendBmcArps,
    SuspendBmcArpsResponse,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown


@handlers.handles(SetLanConfigurationParameters)
async def set_lan_configuration_parameters(
    ctx: Context, request: SetLanConfigurationParameters
) -> SetLanConfigurationParametersResponse:
    """§23.1: a write counts when its answer is out, or with others when their setting is complete.

    Set In Progress is a notice, not a lock.
    """
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
    which = (0, 0) if request.revision_only else (request.set_selector, request.block_selector)
    data = ctx.lan.get(request.selector, *which)
    return GetLanConfigurationParametersResponse(data=b"" if request.revision_only else data)


@handlers.handles(SuspendBmcArps)
async def suspend_bmc_arps(ctx: Context, request: SuspendBmcArps) -> SuspendBmcArpsResponse:
    """§23.3: while the watchdog timer runs; where the host's network stack answers ARPs it goes on (CCh)."""
    ctx.channels.lan_channel(ctx.channel(request.channel))
    network = ctx.lan.network
    if request.suspend_arp_responses and not network.abilities.arp:
        raise CompletionError(Cc.INVALID_DATA)
    network.suspend(responses=request.suspend_arp_responses, gratuitous=request.suspend_gratuitous_arps)
    responses, gratuitous = network.arps()
    return SuspendBmcArpsResponse(arp_responses=responses, gratuitous_arps=gratuitous)


@handlers.handles(GetIpUdpRmcpStatistics)
async def get_ip_udp_rmcp_statistics(
    ctx: Context, request: GetIpUdpRmcpStatistics
) -> GetIpUdpRmcpStatisticsResponse:
    """§23.4: what the network counted; on a plain socket what came through that."""
    ctx.channels.lan_channel(ctx.channel(request.channel))
    counted = ctx.lan.statistics.read(ctx.lan.network.counters(), clear=request.clear)
    return GetIpUdpRmcpStatisticsResponse(
        ip_packets_received=counted.ip_received,
        ip_header_errors=counted.header_errors,
        ip_address_errors=counted.address_errors,
        ip_fragments_received=counted.fragments,
        ip_packets_transmitted=counted.ip_transmitted,
        udp_packets_received=counted.udp_received,
        rmcp_packets_received=counted.rmcp_received,
        proxy_packets_received=counted.proxy_received,
        proxy_packets_dropped=counted.proxy_dropped,
    )
