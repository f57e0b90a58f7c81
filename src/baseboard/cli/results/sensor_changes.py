"""What the verbs of ``sensor``, ``sdr`` and ``event`` find that ipmitool has not."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("sensor set-reading")
class WrittenSensor(Value, kw_only=True):
    """A sensor after it was written.

    Attributes:
        raw: the reading as a byte; null without one.
        reading: in ``unit``; null without one.
        states: what holds, in words.
        status: ``ok``, ``nc``, ``cr``, ``nr``, or ``ns`` without a reading.
    """

    name: str
    raw: int | None
    reading: float | None
    unit: str
    states: tuple[str, ...]
    status: str


class EventSwitch(Value, kw_only=True):
    """An event that a sensor can send.

    Attributes:
        offset: its bit.
        event: in words.
        begin: whether it is sent when it begins.
        end: whether it is sent when it ends.
        began: whether it holds, or was latched.
        ended: whether it is known to have ended.
    """

    offset: int
    event: str
    begin: bool
    end: bool
    began: bool
    ended: bool


@shape("sensor events", "sensor rearm")
class SensorEvents(Value, kw_only=True):
    """Which events a sensor sends.

    Attributes:
        messages: any at all.
        scanning: it is read by its controller.
        unavailable: it has no reading or state now.
        events: those that are sent, or have occurred.
    """

    name: str
    messages: bool
    scanning: bool
    unavailable: bool
    events: tuple[EventSwitch, ...]


@shape("sensor hysteresis")
class SensorHysteresis(Value, kw_only=True):
    """How far a reading must come back, in ``unit``."""

    name: str
    positive: float
    negative: float
    unit: str


@shape("sensor type")
class SensorKind(Value, kw_only=True):
    """What a sensor is; its record may say otherwise."""

    name: str
    sensor_type: int
    sensor_type_name: str
    event_type: int
    event_type_name: str


@shape("sensor factors")
class ReadingFactors(Value, kw_only=True):
    """The factors that hold near a reading; value = (m · raw + b · 10^b_exponent) · 10^r_exponent."""

    reading: int
    value: float
    m: int
    b: int
    b_exponent: int
    r_exponent: int
    tolerance: int
    accuracy: int
    accuracy_exponent: int


@shape("sdr device")
class DeviceSdr(Value, kw_only=True):
    """A record of the controller's own.

    Attributes:
        record_id: of the record.
        record_type: in words.
        name: empty where it has none.
        number: sensor number; null of others than sensors.
        lun: of the sensor's commands; null of others than sensors.
        raw: its bytes.
    """

    record_id: int
    record_type: str
    name: str
    number: int | None
    lun: int | None
    raw: bytes


@shape("sdr add", "sdr delete")
class ChangedSdr(Value, kw_only=True):
    """A record that came, or went."""

    record_id: int


@shape("sdr space")
class SdrSpace(Value, kw_only=True):
    """How the repository allots its space; sizes in bytes, null where it does not say."""

    total: int | None
    unit: int | None
    free: int | None
    largest_free_block: int | None
    largest_record: int | None


@shape("sdr time")
class SdrTime(Value, kw_only=True):
    """The repository's clock.

    Attributes:
        seconds: since 1970, local time, as the controller tells it.
        time: the same as ISO 8601.
    """

    seconds: int
    time: str


@shape("sdr init-agent")
class InitializationAgent(Value, kw_only=True):
    """Whether sensors are set up as their records say."""

    completed: bool


@shape("event receiver")
class EventReceiver(Value, kw_only=True):
    """Where events go; the address is null where there are none."""

    address: int | None
    lun: int
