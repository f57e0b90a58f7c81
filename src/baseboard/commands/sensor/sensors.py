"""Sensors: readings, thresholds and event enables (§35). Device SDRs: `device_sdr`.

Bit n of an event mask is event offset n: the state of that number of a discrete sensor; of a
threshold sensor 0 lower non-critical going low, 1 going high, 2 and 3 lower critical,
4 and 5 lower non-recoverable, 6 and 7 upper non-critical, 8 and 9 upper critical,
10 and 11 upper non-recoverable (Table 29-6).
"""

from __future__ import annotations

from typing import Protocol

from baseboard.codes import EventReadingType, NetFn, Privilege, SensorType
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.commands.sensor.device_sdr import GetDeviceSdr as GetDeviceSdr
from baseboard.commands.sensor.device_sdr import GetDeviceSdrInfo as GetDeviceSdrInfo
from baseboard.commands.sensor.device_sdr import GetDeviceSdrInfoResponse as GetDeviceSdrInfoResponse
from baseboard.commands.sensor.device_sdr import GetDeviceSdrResponse as GetDeviceSdrResponse
from baseboard.commands.sensor.device_sdr import ReserveDeviceSdrRepository as ReserveDeviceSdrRepository
from baseboard.commands.sensor.device_sdr import (
    ReserveDeviceSdrRepositoryResponse as ReserveDeviceSdrRepositoryResponse,
)
from baseboard.records.thresholds import ThresholdMask
from baseboard.wire import OpenEnum, at


class EventEnableAction(OpenEnum):
    """What Set Sensor Event Enable does with the events of its masks (§35.10)."""

    LEAVE = 0
    ENABLE_SELECTED = 1
    DISABLE_SELECTED = 2


class EventDataOperation(OpenEnum):
    """Where the event data bytes of a written sensor come from (§35.17)."""

    BMC_GENERATES = 0
    WRITE = 1
    WRITE_EXCEPT_OFFSET = 2


class BitsOperation(OpenEnum):
    """What is done with the assertion or deassertion bits of a written sensor (§35.17)."""

    NO_CHANGE = 0
    WRITE = 1
    SET = 2
    CLEAR = 3


class ReadingOperation(OpenEnum):
    """Whether the reading of a sensor is written (§35.17)."""

    NO_CHANGE = 0
    WRITE = 1


def _word(low: int | None, high: int | None) -> int:
    return (low or 0) + ((high or 0) << 8)


class _MaskBytes(Protocol):
    @property
    def assertions_low(self) -> int | None: ...
    @property
    def assertions_high(self) -> int | None: ...
    @property
    def deassertions_low(self) -> int | None: ...
    @property
    def deassertions_high(self) -> int | None: ...


class EventMasks:
    """Reads the mask bytes of an event command, which may end anywhere, as two words (§35.10)."""

    __slots__ = ()

    @property
    def assertions(self: _MaskBytes) -> int:
        """The assertion events, bit n = offset n; a missing byte is 00h."""
        return _word(self.assertions_low, self.assertions_high)

    @property
    def deassertions(self: _MaskBytes) -> int:
        """The deassertion events, bit n = offset n; a missing byte is 00h."""
        return _word(self.deassertions_low, self.deassertions_high)


class GetSensorReadingFactorsResponse(Response):
    """How to convert one reading, coded as in SDR bytes 25 to 30 (§35.5, §36.3)."""

    next_reading: int = at("2", "next raw reading with other factors")
    m: int = at("4[7:6]|3", "slope", signed=True)
    tolerance: int = at("4[5:0]", "in half raw counts")
    b: int = at("6[7:6]|5", "offset", signed=True)
    accuracy: int = at("7[7:4]|6[5:0]", "in 1/100 percent, times 10^accuracy_exponent")
    accuracy_exponent: int = at("7[3:2]")
    r_exponent: int = at("8[7:4]", "of the result", signed=True)
    b_exponent: int = at("8[3:0]", "of the offset", signed=True)


@command(NetFn.SENSOR_EVENT, 0x23, section="35.5", privilege=Privilege.USER)
class GetSensorReadingFactors(Request[GetSensorReadingFactorsResponse]):
    """Ask for the conversion of one reading of a non-linear sensor."""

    sensor_number: int = at("1")
    reading: int = at("2", "raw reading to convert")


class SetSensorHysteresisResponse(Response):
    """The hysteresis is set."""


@command(NetFn.SENSOR_EVENT, 0x24, section="35.6", privilege=Privilege.OPERATOR)
class SetSensorHysteresis(Request[SetSensorHysteresisResponse]):
    """Set the hysteresis of a sensor's thresholds."""

    sensor_number: int = at("1")
    hysteresis_mask: int = at("2", "reserved for future use; FFh", default=0xFF)
    positive_going: int = at("3", "raw counts")
    negative_going: int = at("4", "raw counts")


class GetSensorHysteresisResponse(Response):
    """A sensor's hysteresis."""

    positive_going: int = at("2", "raw counts; 00h = none")
    negative_going: int = at("3", "raw counts; 00h = none")


@command(NetFn.SENSOR_EVENT, 0x25, section="35.7", privilege=Privilege.USER)
class GetSensorHysteresis(Request[GetSensorHysteresisResponse]):
    """Ask for the hysteresis of a sensor's thresholds."""

    sensor_number: int = at("1")
    hysteresis_mask: int = at("2", "reserved for future use; FFh", default=0xFF)


class SetSensorThresholdResponse(Response):
    """The thresholds are set."""


@command(NetFn.SENSOR_EVENT, 0x26, section="35.8", privilege=Privilege.OPERATOR)
class SetSensorThreshold(Request[SetSensorThresholdResponse]):
    """Set some of a sensor's thresholds, in raw counts."""

    sensor_number: int = at("1")
    thresholds: ThresholdMask = at("2[5:0]", "those to set; the other bytes are ignored")
    lower_non_critical: int = at("3", default=0)
    lower_critical: int = at("4", default=0)
    lower_non_recoverable: int = at("5", default=0)
    upper_non_critical: int = at("6", default=0)
    upper_critical: int = at("7", default=0)
    upper_non_recoverable: int = at("8", default=0)


class GetSensorThresholdResponse(Response):
    """A sensor's thresholds, in raw counts."""

    readable: ThresholdMask = at("2[5:0]", "those whose byte means something")
    lower_non_critical: int = at("3", default=0)
    lower_critical: int = at("4", default=0)
    lower_non_recoverable: int = at("5", default=0)
    upper_non_critical: int = at("6", default=0)
    upper_critical: int = at("7", default=0)
    upper_non_recoverable: int = at("8", default=0)


@command(NetFn.SENSOR_EVENT, 0x27, section="35.9", privilege=Privilege.USER)
class GetSensorThreshold(Request[GetSensorThresholdResponse]):
    """Ask for a sensor's thresholds."""

    sensor_number: int = at("1")


class SetSensorEventEnableResponse(Response):
    """The enables are set."""


@command(NetFn.SENSOR_EVENT, 0x28, section="35.10", privilege=Privilege.OPERATOR)
class SetSensorEventEnable(EventMasks, Request[SetSensorEventEnableResponse]):
    """Say whether a sensor is scanned, and which of its events are sent."""

    sensor_number: int = at("1")
    events_enabled: bool = at("2[7]", "all event messages of this sensor")
    scanning_enabled: bool = at("2[6]")
    action: EventEnableAction = at("2[5:4]", "for the events in the masks", default=EventEnableAction.LEAVE)
    assertions_low: int | None = at("3", "assertion events 7 to 0", default=None)
    assertions_high: int | None = at("4", "assertion events 14 to 8", default=None)
    deassertions_low: int | None = at("5", "deassertion events 7 to 0", default=None)
    deassertions_high: int | None = at("6", "deassertion events 14 to 8", default=None)


class GetSensorEventEnableResponse(EventMasks, Response):
    """Which events of a sensor are sent."""

    events_enabled: bool = at("2[7]", "all event messages of this sensor")
    scanning_enabled: bool = at("2[6]")
    assertions_low: int | None = at("3", "assertion events 7 to 0", default=None)
    assertions_high: int | None = at("4", "assertion events 14 to 8", default=None)
    deassertions_low: int | None = at("5", "deassertion events 7 to 0", default=None)
    deassertions_high: int | None = at("6", "deassertion events 14 to 8", default=None)


@command(NetFn.SENSOR_EVENT, 0x29, section="35.11", privilege=Privilege.USER)
class GetSensorEventEnable(Request[GetSensorEventEnableResponse]):
    """Ask whether a sensor is scanned, and which of its events are sent."""

    sensor_number: int = at("1")


class RearmSensorEventsResponse(Response):
    """The events are re-armed."""


@command(NetFn.SENSOR_EVENT, 0x2A, section="35.12", privilege=Privilege.OPERATOR, name="Re-arm Sensor Events")
class RearmSensorEvents(EventMasks, Request[RearmSensorEventsResponse]):
    """Forget events that were seen, so that they are reported again if they still hold."""

    sensor_number: int = at("1")
    selected: bool = at("2[7]", "only the events in the masks; 0 = all, masks ignored", default=False)
    assertions_low: int | None = at("3", "assertion events 7 to 0", default=None)
    assertions_high: int | None = at("4", "assertion events 14 to 8", default=None)
    deassertions_low: int | None = at("5", "deassertion events 7 to 0", default=None)
    deassertions_high: int | None = at("6", "deassertion events 14 to 8", default=None)


class GetSensorEventStatusResponse(EventMasks, Response):
    """Which events of a sensor have occurred: latched for manual re-arm, else those that hold now."""

    events_enabled: bool = at("2[7]", "all event messages of this sensor")
    scanning_enabled: bool = at("2[6]")
    unavailable: bool = at("2[5]", "reading or state unavailable")
    assertions_low: int = at("3", "assertion events 7 to 0")
    assertions_high: int | None = at("4", "assertion events 14 to 8", default=None)
    deassertions_low: int | None = at("5", "deassertion events 7 to 0", default=None)
    deassertions_high: int | None = at("6", "deassertion events 14 to 8", default=None)


@command(NetFn.SENSOR_EVENT, 0x2B, section="35.13", privilege=Privilege.USER)
class GetSensorEventStatus(Request[GetSensorEventStatusResponse]):
    """Ask which events of a sensor have occurred."""

    sensor_number: int = at("1")


class GetSensorReadingResponse(Response):
    """A sensor's reading and the state it stands for (Table 35-15)."""

    reading: int = at("2", "raw; means nothing for a sensor without analog reading")
    events_enabled: bool = at("3[7]", "all event messages of this sensor")
    scanning_enabled: bool = at("3[6]")
    unavailable: bool = at("3[5]", "reading or state unavailable")
    states_low: int | None = at("4", "states 7 to 0, or thresholds reached in bits 5 to 0", default=None)
    states_high: int | None = at("5", "states 14 to 8; bit 7 is sent as 1, and ignored", default=None)

    @property
    def valid(self) -> bool:
        """Whether the reading and the states mean anything (§35.14)."""
        return self.scanning_enabled and not self.unavailable

    @property
    def states(self) -> int:
        """The states that hold, bit n = offset n; for a discrete sensor."""
        return _word(self.states_low, self.states_high) & 0x7FFF

    @property
    def thresholds(self) -> ThresholdMask:
        """The thresholds at or beyond which the reading is; for a threshold sensor."""
        return ThresholdMask((self.states_low or 0) & 0x3F)


@command(NetFn.SENSOR_EVENT, 0x2D, section="35.14", privilege=Privilege.USER)
class GetSensorReading(Request[GetSensorReadingResponse]):
    """Read a sensor."""

    sensor_number: int = at("1")


class SetSensorTypeResponse(Response):
    """The type is set."""


@command(NetFn.SENSOR_EVENT, 0x2E, section="35.15", privilege=Privilege.OPERATOR)
class SetSensorType(Request[SetSensorTypeResponse]):
    """Say what kind of sensor a configurable sensor is."""

    sensor_number: int = at("1")
    sensor_type: SensorType = at("2")
    event_reading_type: EventReadingType = at("3[6:0]")


class GetSensorTypeResponse(Response):
    """What kind of sensor it is."""

    sensor_type: SensorType = at("2")
    event_reading_type: EventReadingType = at("3[6:0]")


@command(NetFn.SENSOR_EVENT, 0x2F, section="35.16", privilege=Privilege.USER)
class GetSensorType(Request[GetSensorTypeResponse]):
    """Ask what kind of sensor it is."""

    sensor_number: int = at("1")


class SetSensorReadingAndEventStatusResponse(Response):
    """Written, and judged as if it had been scanned."""


@command(NetFn.SENSOR_EVENT, 0x30, section="35.17", privilege=Privilege.OPERATOR)
class SetSensorReadingAndEventStatus(EventMasks, Request[SetSensorReadingAndEventStatusResponse]):
    """Write reading and event status of a settable sensor; unused bytes at the end may be left out."""

    NOT_SETTABLE = CompletionCode(0x80, "attempt to change reading or status bits that are not settable")
    EVENT_DATA_NOT_SETTABLE = CompletionCode(0x81, "setting event data bytes not supported for this sensor")

    sensor_number: int = at("1")
    event_data_operation: EventDataOperation = at("2[7:6]", default=EventDataOperation.BMC_GENERATES)
    assertion_operation: BitsOperation = at("2[5:4]", default=BitsOperation.NO_CHANGE)
    deassertion_operation: BitsOperation = at("2[3:2]", default=BitsOperation.NO_CHANGE)
    reading_operation: ReadingOperation = at("2[1:0]", default=ReadingOperation.NO_CHANGE)
    reading: int | None = at("3", "raw", default=None)
    assertions_low: int | None = at("4", "assertion events 7 to 0", default=None)
    assertions_high: int | None = at("5", "assertion events 14 to 8", default=None)
    deassertions_low: int | None = at("6", "deassertion events 7 to 0", default=None)
    deassertions_high: int | None = at("7", "deassertion events 14 to 8", default=None)
    event_data1: int | None = at("8", default=None)
    event_data2: int | None = at("9", default=None)
    event_data3: int | None = at("10", default=None)
