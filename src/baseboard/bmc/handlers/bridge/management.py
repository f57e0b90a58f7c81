"""The ICMB bridge itself (ICMB v1.0); a BMC without one does not know these commands."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.handlers.bridge.waiting import answer_of, bridge, reachable
from baseboard.bmc.services.icmb_link import COMMAND_COUNTERS, PACKET_COUNTERS
from baseboard.codes import Cc
from baseboard.commands.bridge.management import (
    BridgeState,
    ClearBridgeStatistics,
    ClearBridgeStatisticsResponse,
    Counter,
    GetBridgeProxyAddress,
    GetBridgeProxyAddressResponse,
    GetBridgeState,
    GetBridgeStateResponse,
    GetBridgeStatistics,
    GetBridgeStatisticsResponse,
    GetIcmbAddress,
    GetIcmbAddressResponse,
    GetIcmbCapabilities,
    GetIcmbCapabilitiesResponse,
    GetIcmbConnectionId,
    GetIcmbConnectionIdResponse,
    GetIcmbConnectorInfo,
    GetIcmbConnectorInfoResponse,
    SendIcmbConnectionId,
    SendIcmbConnectionIdResponse,
    SetBridgeProxyAddress,
    SetBridgeProxyAddressResponse,
    SetBridgeState,
    SetBridgeStateResponse,
    SetIcmbAddress,
    SetIcmbAddressResponse,
    StatisticsSelector,
)
from baseboard.errors import CompletionError
from baseboard.links.icmb import BROADCAST

_VERSION, _REVISION = 1, 3
"""ICMB v1.0, revision 1.3, is what IPMI v2.0 refers to."""

_COUNTERS = {StatisticsSelector.COMMANDS: COMMAND_COUNTERS, StatisticsSelector.PACKETS: PACKET_COUNTERS}
_PROXY_HEADER = 2
"""Bytes of the address before what another bridge is told."""


@handlers.handles(GetBridgeState)
async def get_bridge_state(ctx: Context, request: GetBridgeState) -> GetBridgeStateResponse:
    """Without a line a bridge that is switched on can only be in error."""
    return GetBridgeStateResponse(state=bridge(ctx).state)


@handlers.handles(SetBridgeState)
async def set_bridge_state(ctx: Context, request: SetBridgeState) -> SetBridgeStateResponse:
    """The other two states cannot be asked for."""
    icmb = bridge(ctx)
    if request.state not in (BridgeState.DISABLED, BridgeState.ENABLED):
        raise CompletionError(Cc.INVALID_DATA)
    icmb.switch(on=request.state == BridgeState.ENABLED)
    return SetBridgeStateResponse()


@handlers.handles(GetIcmbAddress)
async def get_icmb_address(ctx: Context, request: GetIcmbAddress) -> GetIcmbAddressResponse:
    """The one that it has now, whether given or found."""
    return GetIcmbAddressResponse(address=bridge(ctx).link.address)


@handlers.handles(SetIcmbAddress)
async def set_icmb_address(ctx: Context, request: SetIcmbAddress) -> SetIcmbAddressResponse:
    """That of all bridges cannot be one's own."""
    icmb = bridge(ctx)
    if request.address == BROADCAST:
        raise CompletionError(Cc.INVALID_DATA)
    icmb.set_address(request.address)
    return SetIcmbAddressResponse()


@handlers.handles(SetBridgeProxyAddress)
async def set_bridge_proxy_address(
    ctx: Context, request: SetBridgeProxyAddress
) -> SetBridgeProxyAddressResponse:
    """Its address must tell it from the bridge."""
    icmb = bridge(ctx)
    if request.icmb_address and request.icmb_address in (BROADCAST, icmb.link.address):
        raise CompletionError(Cc.INVALID_DATA)
    if request.slave_address & 1:
        raise CompletionError(Cc.INVALID_DATA)
    icmb.proxy = (request.icmb_address, request.slave_address, request.lun)
    return SetBridgeProxyAddressResponse()


@handlers.handles(GetBridgeProxyAddress)
async def get_bridge_proxy_address(
    ctx: Context, request: GetBridgeProxyAddress
) -> GetBridgeProxyAddressResponse:
    """For whom it stands in."""
    address, slave, lun = bridge(ctx).proxy
    return GetBridgeProxyAddressResponse(icmb_address=address, slave_address=slave, lun=lun)


@handlers.handles(GetBridgeStatistics)
async def get_bridge_statistics(ctx: Context, request: GetBridgeStatistics) -> GetBridgeStatisticsResponse:
    """What was counted since the start or the last clearing."""
    counters = bridge(ctx).link.counters
    names = _COUNTERS.get(request.selector)
    if names is None:
        raise CompletionError(Cc.INVALID_DATA)
    return GetBridgeStatisticsResponse(
        selector=request.selector, counters=tuple(Counter(value=counters.get(name, 0)) for name in names)
    )


@handlers.handles(ClearBridgeStatistics)
async def clear_bridge_statistics(
    ctx: Context, request: ClearBridgeStatistics
) -> ClearBridgeStatisticsResponse:
    """Both groups."""
    bridge(ctx).link.counters.clear()
    return ClearBridgeStatisticsResponse()


@handlers.handles(GetIcmbCapabilities)
async def get_icmb_capabilities(ctx: Context, request: GetIcmbCapabilities) -> GetIcmbCapabilitiesResponse:
    """No feature has a flag that is known."""
    bridge(ctx)
    return GetIcmbCapabilitiesResponse(version=_VERSION, revision=_REVISION, features=0)


@handlers.handles(GetIcmbConnectorInfo)
async def get_icmb_connector_info(
    ctx: Context, request: GetIcmbConnectorInfo
) -> GetIcmbConnectorInfoResponse:
    """Connectors are numbered from 0."""
    connectors = bridge(ctx).spec.connectors
    if request.numeric_id >= len(connectors):
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    one = connectors[request.numeric_id]
    return GetIcmbConnectorInfoResponse(
        flags=0, connectors=len(connectors), connector_type=one.kind, id_string=one.name
    )


@handlers.handles(GetIcmbConnectionId)
async def get_icmb_connection_id(ctx: Context, request: GetIcmbConnectionId) -> GetIcmbConnectionIdResponse:
    """The one that another bridge told last, else that of the first connector."""
    number, name = bridge(ctx).connection_id
    return GetIcmbConnectionIdResponse(numeric_id=number, id_string=name)


@handlers.handles(SendIcmbConnectionId)
async def send_icmb_connection_id(
    ctx: Context, request: SendIcmbConnectionId
) -> SendIcmbConnectionIdResponse:
    """The other bridge keeps it, and tells the one that it had."""
    icmb = reachable(ctx, request.address)
    data = request.encode()[_PROXY_HEADER:]
    answer = await answer_of(icmb, request.address, request.command.cmd, data)
    return SendIcmbConnectionIdResponse.decode(answer)
