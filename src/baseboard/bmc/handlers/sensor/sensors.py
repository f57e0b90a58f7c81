"""Sensors: readings, thresholds, event enables, and the controller's own SDRs (§35)."""

from __future__ import annotations

from typing import TypedDict

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.sdr import piece
from baseboard.bmc.services.sensor_settings import with_thresholds
from baseboard.bmc.services.sensor_template import ALL_STATES, SensorTemplate
from baseboard.bmc.services.sensor_writing import BitsWritten, EventDataWritten, Written
from baseboard.codes import Cc, EventReadingType, SensorType
from baseboard.commands.sensor.sensors import (
    BitsOperation,
    EventDataOperation,
    EventEnableAction,
    GetDeviceSdr,
    GetDeviceSdrInfo,
    GetDeviceSdrInfoResponse,
    GetDeviceSdrResponse,
    GetSensorEventEnable,
    GetSensorEventEnableResponse,
    GetSensorEventStatus,
    GetSensorEventStatusResponse,
    GetSensorHysteresis,
    GetSensorHysteresisResponse,
    GetSensorReading,
    GetSensorReadingFactors,
    GetSensorReadingFactorsResponse,
    GetSensorReadingResponse,
    GetSensorThreshold,
    GetSensorThresholdResponse,
    GetSensorType,
    GetSensorTypeResponse,
    ReadingOperation,
    RearmSensorEvents,
    RearmSensorEventsResponse,
    ReserveDeviceSdrRepository,
    ReserveDeviceSdrRepositoryResponse,
    SetSensorEventEnable,
    SetSensorEventEnableResponse,
    SetSensorHysteresis,
    SetSensorHysteresisResponse,
    SetSensorReadingAndEventStatus,
    SetSensorReadingAndEventStatusResponse,
    SetSensorThreshold,
    SetSensorThresholdResponse,
    SetSensorType,
    SetSensorTypeResponse,
)
from baseboard.errors import CompletionError
from baseboard.records.sdr import Access, EventControl
from baseboard.records.thresholds import ThresholdMask

SDR_HEADER = 3
"""Bytes of a Get Device SDR response before its data: completion code and next record ID."""

_MOST = 0xFF
"""More sensors or SDRs than that cannot be told."""

_COMPARISONS = 0xC0
"""Bits 7 and 6 of a threshold sensor's comparison byte are returned as 1 (Table 35-15)."""

_READABLE = (Access.READABLE, Access.SETTABLE)
_STATES = 0x80
"""So is bit 7 of the second byte of states."""


def _find(ctx: Context, number: int) -> SensorTemplate:
    return ctx.sensors.find(ctx.lun, number)


@handlers.handles(GetDeviceSdrInfo)
async def get_device_sdr_info(ctx: Context, request: GetDeviceSdrInfo) -> GetDeviceSdrInfoResponse:
    """§35.2: the change indicator is there where sensors may come and go."""
    device = ctx.sdr.device
    count = len(device) if request.count_sdrs else device.sensors(ctx.lun)
    return GetDeviceSdrInfoResponse(
        count=min(count, _MOST),
        dynamic_population=device.dynamic,
        lun3_has_sensors=bool(device.sensors(3)),
        lun2_has_sensors=bool(device.sensors(2)),
        lun1_has_sensors=bool(device.sensors(1)),
        lun0_has_sensors=bool(device.sensors(0)),
        population_change_indicator=device.changes if device.dynamic else None,
    )


@handlers.handles(GetDeviceSdr)
async def get_device_sdr(ctx: Context, request: GetDeviceSdr) -> GetDeviceSdrResponse:
    """§35.3: only a read from the middle needs a live reservation."""
    device = ctx.sdr.device
    if request.offset:
        device.reservation.check(request.reservation_id)
    record, following = device.read(request.record_id)
    data = piece(record, request.offset, request.count, ctx.max_response - SDR_HEADER)
    return GetDeviceSdrResponse(next_record_id=following, data=data)


@handlers.handles(ReserveDeviceSdrRepository)
async def reserve_device_sdr_repository(
    ctx: Context, request: ReserveDeviceSdrRepository
) -> ReserveDeviceSdrRepositoryResponse:
    """§35.4: a new reservation cancels the one before."""
    return ReserveDeviceSdrRepositoryResponse(reservation_id=ctx.sdr.device.reservation.take())


@handlers.handles(GetSensorReadingFactors)
async def get_sensor_reading_factors(
    ctx: Context, request: GetSensorReadingFactors
) -> GetSensorReadingFactorsResponse:
    """§35.5: where one formula is enough, the reading that was asked for is its own next."""
    sensor = _find(ctx, request.sensor_number)
    formula, following = sensor.formula, request.reading
    if formula is None:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    if sensor.curve is not None:
        formula, following = sensor.curve.factors(request.reading), sensor.curve.following(request.reading)
    return GetSensorReadingFactorsResponse(
        next_reading=following,
        m=formula.m,
        tolerance=formula.tolerance,
        b=formula.b,
        accuracy=formula.accuracy,
        accuracy_exponent=formula.accuracy_exp,
        r_exponent=formula.r_exp,
        b_exponent=formula.b_exp,
    )


@handlers.handles(SetSensorHysteresis)
async def set_sensor_hysteresis(ctx: Context, request: SetSensorHysteresis) -> SetSensorHysteresisResponse:
    """§35.6: raw counts for both directions."""
    sensor = _find(ctx, request.sensor_number)
    if sensor.hysteresis != Access.SETTABLE:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    settings = ctx.sensors.settings.of(sensor)
    ctx.sensors.configure(
        sensor, settings._replace(positive=request.positive_going, negative=request.negative_going)
    )
    return SetSensorHysteresisResponse()


@handlers.handles(GetSensorHysteresis)
async def get_sensor_hysteresis(ctx: Context, request: GetSensorHysteresis) -> GetSensorHysteresisResponse:
    """§35.7: raw counts for both directions."""
    sensor = _find(ctx, request.sensor_number)
    if sensor.hysteresis not in _READABLE:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    settings = ctx.sensors.settings.of(sensor)
    return GetSensorHysteresisResponse(positive_going=settings.positive, negative_going=settings.negative)


@handlers.handles(SetSensorThreshold)
async def set_sensor_threshold(ctx: Context, request: SetSensorThreshold) -> SetSensorThresholdResponse:
    """§35.8: bytes of thresholds that are not selected mean nothing."""
    sensor = _find(ctx, request.sensor_number)
    if sensor.threshold_access != Access.SETTABLE:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    raw = bytes(
        (
            request.lower_non_critical,
            request.lower_critical,
            request.lower_non_recoverable,
            request.upper_non_critical,
            request.upper_critical,
            request.upper_non_recoverable,
        )
    )
    settings = with_thresholds(sensor, ctx.sensors.settings.of(sensor), int(request.thresholds), raw)
    ctx.sensors.configure(sensor, settings)
    return SetSensorThresholdResponse()


@handlers.handles(GetSensorThreshold)
async def get_sensor_threshold(ctx: Context, request: GetSensorThreshold) -> GetSensorThresholdResponse:
    """§35.9: thresholds that the sensor lacks are 00h."""
    sensor = _find(ctx, request.sensor_number)
    if sensor.threshold_access not in _READABLE:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    raw = ctx.sensors.settings.of(sensor).thresholds
    return GetSensorThresholdResponse(
        readable=ThresholdMask(sensor.having),
        lower_non_critical=raw[0],
        lower_critical=raw[1],
        lower_non_recoverable=raw[2],
        upper_non_critical=raw[3],
        upper_critical=raw[4],
        upper_non_recoverable=raw[5],
    )


@handlers.handles(SetSensorEventEnable)
async def set_sensor_event_enable(
    ctx: Context, request: SetSensorEventEnable
) -> SetSensorEventEnableResponse:
    """§35.10: events that the sensor cannot send stay off; what cannot be switched stays as it is."""
    sensor = _find(ctx, request.sensor_number)
    settings = ctx.sensors.settings.of(sensor)
    assertions, deassertions = settings.assertions, settings.deassertions
    events_enabled = request.events_enabled
    if sensor.traits.event_control == EventControl.GLOBAL_ONLY:
        events_enabled = settings.events_enabled
    if request.action and sensor.traits.event_control != EventControl.PER_EVENT:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    if request.action == EventEnableAction.ENABLE_SELECTED:
        assertions |= request.assertions & sensor.assertions
        deassertions |= request.deassertions & sensor.deassertions
    elif request.action == EventEnableAction.DISABLE_SELECTED:
        assertions &= ~request.assertions
        deassertions &= ~request.deassertions
    elif request.action != EventEnableAction.LEAVE:
        raise CompletionError(Cc.INVALID_DATA)
    ctx.sensors.configure(
        sensor,
        settings._replace(
            events_enabled=events_enabled,
            scanning_enabled=request.scanning_enabled,
            assertions=assertions,
            deassertions=deassertions,
        ),
    )
    return SetSensorEventEnableResponse()


class _Masks(TypedDict):
    assertions_low: int
    assertions_high: int
    deassertions_low: int
    deassertions_high: int


def _masks(assertions: int, deassertions: int) -> _Masks:
    return _Masks(
        assertions_low=assertions & 0xFF,
        assertions_high=assertions >> 8,
        deassertions_low=deassertions & 0xFF,
        deassertions_high=deassertions >> 8,
    )


@handlers.handles(GetSensorEventEnable)
async def get_sensor_event_enable(
    ctx: Context, request: GetSensorEventEnable
) -> GetSensorEventEnableResponse:
    """§35.11: which events of the sensor are sent."""
    settings = ctx.sensors.settings.of(_find(ctx, request.sensor_number))
    return GetSensorEventEnableResponse(
        events_enabled=settings.events_enabled,
        scanning_enabled=settings.scanning_enabled,
        **_masks(settings.assertions, settings.deassertions),
    )


@handlers.handles(RearmSensorEvents)
async def rearm_sensor_events(ctx: Context, request: RearmSensorEvents) -> RearmSensorEventsResponse:
    """§35.12: conditions that still hold are reported anew, at once."""
    sensor = _find(ctx, request.sensor_number)
    if request.selected:
        ctx.sensors.rearm(sensor, request.assertions, request.deassertions)
    else:
        ctx.sensors.rearm(sensor)
    return RearmSensorEventsResponse()


@handlers.handles(GetSensorEventStatus)
async def get_sensor_event_status(
    ctx: Context, request: GetSensorEventStatus
) -> GetSensorEventStatusResponse:
    """§35.13: latched for a sensor with manual re-arm, else what holds now."""
    sensor = _find(ctx, request.sensor_number)
    settings = ctx.sensors.settings.of(sensor)
    unavailable = ctx.sensors.look(sensor) is None and settings.scanning_enabled
    return GetSensorEventStatusResponse(
        events_enabled=settings.events_enabled,
        scanning_enabled=settings.scanning_enabled,
        unavailable=unavailable,
        **_masks(*ctx.sensors.status(sensor)),
    )


@handlers.handles(GetSensorReading)
async def get_sensor_reading(ctx: Context, request: GetSensorReading) -> GetSensorReadingResponse:
    """§35.14: an event-only sensor cannot be read."""
    sensor = _find(ctx, request.sensor_number)
    if not sensor.readable:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    told = ctx.sensors.told(sensor)
    if told is not None:
        return told
    reading = ctx.sensors.reading(sensor)
    settings = ctx.sensors.settings.of(sensor)
    measured = sensor.formula is not None
    answer = GetSensorReadingResponse(
        reading=reading.raw,
        events_enabled=settings.events_enabled,
        scanning_enabled=settings.scanning_enabled,
        unavailable=not reading.available,
        states_low=_COMPARISONS | reading.states if measured else reading.states & 0xFF,
        states_high=None if measured else _STATES | reading.states >> 8,
    )
    ctx.sensors.remember(sensor, answer)
    return answer


@handlers.handles(SetSensorType)
async def set_sensor_type(ctx: Context, request: SetSensorType) -> SetSensorTypeResponse:
    """§35.15: what its events say; a sensor with thresholds keeps them, and one with states gets none."""
    sensor = _find(ctx, request.sensor_number)
    if not request.sensor_type or not request.event_reading_type:
        raise CompletionError(Cc.INVALID_DATA)
    if (request.event_reading_type == EventReadingType.THRESHOLD) != (sensor.formula is not None):
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    ctx.sensors.configure(
        sensor,
        ctx.sensors.settings.of(sensor)._replace(
            sensor_type=int(request.sensor_type), event_type=int(request.event_reading_type)
        ),
    )
    return SetSensorTypeResponse()


@handlers.handles(GetSensorType)
async def get_sensor_type(ctx: Context, request: GetSensorType) -> GetSensorTypeResponse:
    """§35.16: as it was made, or set."""
    settings = ctx.sensors.settings.of(_find(ctx, request.sensor_number))
    return GetSensorTypeResponse(
        sensor_type=SensorType(settings.sensor_type),
        event_reading_type=EventReadingType(settings.event_type),
    )


@handlers.handles(SetSensorReadingAndEventStatus)
async def set_sensor_reading_and_event_status(
    ctx: Context, request: SetSensorReadingAndEventStatus
) -> SetSensorReadingAndEventStatusResponse:
    """§35.17: what is written makes the events that it would make had it been scanned."""
    sensor = _find(ctx, request.sensor_number)
    if not sensor.settable:
        raise CompletionError(request.NOT_SETTABLE)
    data = _event_data(request)
    having = sensor.states if sensor.formula is None else sensor.assertions
    written = Written(
        reading=_reading(request, sensor),
        assertions=_bits(request.assertion_operation, request.assertions_low, request.assertions, having),
        deassertions=_bits(
            request.deassertion_operation, request.deassertions_low, request.deassertions, having
        ),
        data=data,
    )
    if data is not None and sensor.traits.settable == "values":
        raise CompletionError(request.EVENT_DATA_NOT_SETTABLE)
    if written.has_bits or written.reading is not None:
        ctx.sensors.apply(sensor, written)
    return SetSensorReadingAndEventStatusResponse()


def _event_data(request: SetSensorReadingAndEventStatus) -> EventDataWritten | None:
    """The event data that the requester brings along; None = the BMC makes them."""
    operation = request.event_data_operation
    if operation == EventDataOperation.BMC_GENERATES:
        return None
    if operation not in (EventDataOperation.WRITE, EventDataOperation.WRITE_EXCEPT_OFFSET):
        raise CompletionError(Cc.INVALID_DATA)
    first, second, third = request.event_data1, request.event_data2, request.event_data3
    if first is None or second is None or third is None:
        raise CompletionError(Cc.INVALID_LENGTH)
    return EventDataWritten(
        bytes((first, second, third)), keep_offset=operation == EventDataOperation.WRITE_EXCEPT_OFFSET
    )


def _reading(request: SetSensorReadingAndEventStatus, sensor: SensorTemplate) -> int | None:
    """The raw reading to be written; None = none."""
    if request.reading_operation == ReadingOperation.NO_CHANGE:
        return None
    if request.reading_operation != ReadingOperation.WRITE:
        raise CompletionError(Cc.INVALID_DATA)
    if sensor.formula is None:  # its record says that it has no analog reading
        raise CompletionError(request.NOT_SETTABLE)
    if request.reading is None:
        raise CompletionError(Cc.INVALID_LENGTH)
    return request.reading


def _bits(operation: BitsOperation, first: int | None, bits: int, having: int) -> BitsWritten:
    """What is done with the status bits of one direction.

    Args:
        operation: as asked for.
        first: the first byte of the bits; None = the request ends before.
        bits: all of them.
        having: those that the sensor has; others cannot be set.
    """
    if operation and first is None:
        raise CompletionError(Cc.INVALID_LENGTH)
    bits &= ALL_STATES
    if operation in (BitsOperation.WRITE, BitsOperation.SET) and bits & ~having:
        raise CompletionError(SetSensorReadingAndEventStatus.NOT_SETTABLE)
    return BitsWritten(operation, bits)
