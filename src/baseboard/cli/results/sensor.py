"""What the verbs of ``sensor`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


class Thresholds(Value, kw_only=True):
    """The thresholds of a sensor, in its unit; null for those that cannot be read."""

    lower_non_recoverable: float | None = None
    lower_critical: float | None = None
    lower_non_critical: float | None = None
    upper_non_critical: float | None = None
    upper_critical: float | None = None
    upper_non_recoverable: float | None = None


@shape("sensor list", "sensor get")
class SensorItem(Value, kw_only=True):
    """A sensor, what it says, and its thresholds.

    Attributes:
        name: its ID string.
        number: at its owner.
        sensor_type: in ipmitool's words.
        entity: ID and instance, such as ``3.1``.
        status: ``ok``, ``nc``, ``cr`` or ``nr`` by the threshold that is reached, ``na`` without a reading.
        raw: the reading as a byte; null without one.
        value: the reading as a number; null without one.
        unit: of that number; empty without one.
        states: of a discrete sensor, in ipmitool's words.
        thresholds: null for a sensor without any.
    """

    name: str
    number: int
    sensor_type: str
    entity: str
    status: str
    raw: int | None = None
    value: float | None = None
    unit: str = ""
    states: tuple[str, ...] = ()
    thresholds: Thresholds | None = None


@shape("sensor reading")
class SensorReading(Value, kw_only=True):
    """What one sensor says.

    Attributes:
        name: as it was asked for.
        value: null where C could not say it either, such as the logarithm of a negative number.
    """

    name: str
    value: float | None
    unit: str


@shape("sensor thresh")
class ThresholdSet(Value, kw_only=True):
    """A threshold that was set.

    Attributes:
        threshold: ``unr``, ``ucr``, ``unc``, ``lnc``, ``lcr`` or ``lnr``.
        value: in the sensor's unit, as it was asked for.
        raw: the byte that was sent.
    """

    name: str
    threshold: str
    value: float
    raw: int
