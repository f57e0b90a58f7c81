"""DCMI: capabilities, asset tag, identifier string, sensors, temperatures, configuration (6.1 to 6.7)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.qualified import Qualified
from baseboard.bmc.services.dcmi_texts import LONGEST_NAME, LONGEST_TAG
from baseboard.bmc.services.temperatures import place
from baseboard.codes import Cc, SensorType
from baseboard.commands.groups.dcmi import (
    ALL,
    PIECE,
    GetAssetTag,
    GetAssetTagResponse,
    GetDcmiCapabilitiesInfo,
    GetDcmiCapabilitiesInfoResponse,
    GetDcmiConfigurationParameters,
    GetDcmiConfigurationParametersResponse,
    GetDcmiSensorInfo,
    GetDcmiSensorInfoResponse,
    GetManagementControllerIdentifierString,
    GetManagementControllerIdentifierStringResponse,
    GetTemperatureReadings,
    GetTemperatureReadingsResponse,
    RecordId,
    SetAssetTag,
    SetAssetTagResponse,
    SetDcmiConfigurationParameters,
    SetDcmiConfigurationParametersResponse,
    SetManagementControllerIdentifierString,
    SetManagementControllerIdentifierStringResponse,
    TemperatureReading,
)
from baseboard.commands.parameters.dcmi import DcmiParameter
from baseboard.errors import CompletionError, DecodeError

AT_A_TIME = 8
"""Instances that one answer tells of."""


@handlers.handles(GetDcmiCapabilitiesInfo)
async def get_dcmi_capabilities_info(
    ctx: Context, request: GetDcmiCapabilitiesInfo
) -> GetDcmiCapabilitiesInfoResponse:
    """6.1.1: also before a login."""
    return GetDcmiCapabilitiesInfoResponse(data=ctx.dcmi.capability(request.selector).encode())


@handlers.handles(GetAssetTag)
async def get_asset_tag(ctx: Context, request: GetAssetTag) -> GetAssetTagResponse:
    """6.4.2: a tag that is not in ASCII comes with a code that says so."""
    tag = ctx.dcmi.tag.get()
    piece = _piece(tag.data, request.offset, request.count, LONGEST_TAG)
    response = GetAssetTagResponse(total=len(tag.data), data=piece)
    if tag.code:
        raise Qualified(tag.code, response)
    return response


@handlers.handles(SetAssetTag)
async def set_asset_tag(ctx: Context, request: SetAssetTag) -> SetAssetTagResponse:
    """6.4.3: where the piece ends, the tag ends."""
    return SetAssetTagResponse(total=ctx.dcmi.tag.set(request.offset, _counted(request.count, request.data)))


@handlers.handles(GetManagementControllerIdentifierString)
async def get_identifier_string(
    ctx: Context, request: GetManagementControllerIdentifierString
) -> GetManagementControllerIdentifierStringResponse:
    """6.4.6.1: the 00h at its end is not counted."""
    name = ctx.dcmi.identifier.get()
    piece = _piece(name, request.offset, request.count, LONGEST_NAME)
    return GetManagementControllerIdentifierStringResponse(total=len(name), data=piece)


@handlers.handles(SetManagementControllerIdentifierString)
async def set_identifier_string(
    ctx: Context, request: SetManagementControllerIdentifierString
) -> SetManagementControllerIdentifierStringResponse:
    """6.4.6.2: the piece with the 00h is the last one, and DHCP begins."""
    end = ctx.dcmi.identifier.set(request.offset, _counted(request.count, request.data))
    return SetManagementControllerIdentifierStringResponse(last_offset=end)


@handlers.handles(GetDcmiSensorInfo)
async def get_dcmi_sensor_info(ctx: Context, request: GetDcmiSensorInfo) -> GetDcmiSensorInfoResponse:
    """6.5.2: records of the sensors of a place, in the order of their instances."""
    _temperature(request.sensor_type)
    found = ctx.dcmi.temperatures.records(place(request.entity_id))
    shown = _chosen(found, request.instance, request.start)
    return GetDcmiSensorInfoResponse(
        total=_total(found), count=len(shown), records=tuple(RecordId(record_id=one) for _, one in shown)
    )


@handlers.handles(GetTemperatureReadings)
async def get_temperature_readings(
    ctx: Context, request: GetTemperatureReadings
) -> GetTemperatureReadingsResponse:
    """6.7.3: only of sensors that have a reading now."""
    _temperature(request.sensor_type)
    found = ctx.dcmi.temperatures.readings(place(request.entity_id))
    shown = _chosen(found, request.instance, request.start)
    readings = tuple(
        TemperatureReading(negative=celsius < 0, magnitude=abs(celsius), instance=instance)
        for instance, celsius in shown
    )
    return GetTemperatureReadingsResponse(total=_total(found), count=len(shown), readings=readings)


@handlers.handles(SetDcmiConfigurationParameters)
async def set_dcmi_configuration_parameters(
    ctx: Context, request: SetDcmiConfigurationParameters
) -> SetDcmiConfigurationParametersResponse:
    """6.1.2: no parameter has sets."""
    _no_sets(request.set_selector)
    discovery = ctx.dcmi.discovery
    discovery.get(request.selector)
    try:
        parameter = DcmiParameter.parse(request.selector, request.data, exact=True)
    except DecodeError as error:
        raise CompletionError(Cc.INVALID_LENGTH) from error
    discovery.set(parameter)
    return SetDcmiConfigurationParametersResponse()


@handlers.handles(GetDcmiConfigurationParameters)
async def get_dcmi_configuration_parameters(
    ctx: Context, request: GetDcmiConfigurationParameters
) -> GetDcmiConfigurationParametersResponse:
    """6.1.3: activation reads as 0."""
    data = ctx.dcmi.discovery.get(request.selector)
    _no_sets(request.set_selector)
    return GetDcmiConfigurationParametersResponse(data=data)


def _no_sets(set_selector: int) -> None:
    if set_selector:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)


def _piece(data: bytes, offset: int, count: int, longest: int) -> bytes:
    """The bytes that are asked for, as far as there are any."""
    if count > PIECE or offset >= longest or offset + count > longest:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    return data[offset : offset + count]


def _counted(count: int, data: bytes) -> bytes:
    if count > PIECE:
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    if len(data) != count:
        raise CompletionError(Cc.INVALID_LENGTH)
    return data


def _temperature(sensor_type: int) -> None:
    if sensor_type != SensorType.TEMPERATURE:
        raise CompletionError(Cc.INVALID_DATA, "DCMI knows of temperatures alone")


def _chosen(found: list[tuple[int, int]], instance: int, start: int) -> list[tuple[int, int]]:
    """One instance, or those from an instance on, as many as an answer holds."""
    if instance == ALL:
        return [one for one in found if one[0] >= start][:AT_A_TIME]
    chosen = [one for one in found if one[0] == instance]
    if not chosen:
        raise CompletionError(Cc.NOT_PRESENT)
    return chosen


def _total(found: list[tuple[int, int]]) -> int:
    return min(len(found), 0xFF)
