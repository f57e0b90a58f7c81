"""How the sensors of one BMC are set: what differs from the make-up, and what is kept of it (§35.6-35.15)."""

from __future__ import annotations

from typing import Any

from baseboard.bmc.services.sensor_limits import Limits
from baseboard.bmc.services.sensor_template import Catalogue, SensorTemplate, Settings
from baseboard.bmc.store import Journal
from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord
from baseboard.records.thresholds import THRESHOLDS

_SECTION = "sensor"


class SensorSettings:
    """Settings of every sensor; those that are as shipped are the make-up's.

    Attributes:
        changed: the others, by index: settings, and the thresholds by them.
    """

    __slots__ = ("_journal", "changed")

    def __init__(self, journal: Journal, catalogue: Catalogue) -> None:
        self._journal = journal
        self.changed: dict[int, tuple[Settings, Limits | None]] = {}
        for key, row in journal.saved(_SECTION).items():
            sensor = catalogue.by_key.get(key)
            if sensor is not None:
                self._take(sensor, Settings.of_row(row))

    def of(self, sensor: SensorTemplate) -> Settings:
        """How the sensor is set now."""
        changed = self.changed.get(sensor.index)
        return sensor.settings if changed is None else changed[0]

    def limits(self, sensor: SensorTemplate) -> Limits | None:
        """The sensor's thresholds now; None for one with states."""
        changed = self.changed.get(sensor.index)
        return sensor.limits if changed is None else changed[1]

    def put(self, sensor: SensorTemplate, settings: Settings) -> None:
        """Set a sensor and keep that."""
        if settings == self.of(sensor):
            return
        self._take(sensor, settings)
        if settings == sensor.settings:
            self._journal.delete(_SECTION, sensor.key)
        else:
            self._journal.put(_SECTION, sensor.key, settings.row())

    def reset(self) -> None:
        """All sensors as shipped."""
        if self.changed:
            self._journal.clear(_SECTION)
            self.changed.clear()

    def _take(self, sensor: SensorTemplate, settings: Settings) -> None:
        if settings == sensor.settings:
            self.changed.pop(sensor.index, None)
        else:
            self.changed[sensor.index] = settings, sensor.limits_of(settings)


def with_thresholds(sensor: SensorTemplate, settings: Settings, selected: int, raw: bytes) -> Settings:
    """Change some thresholds; their order is the requester's affair, who may set them one by one (§35.8).

    Args:
        sensor: whose.
        settings: how it is set.
        selected: mask of those to change.
        raw: six bytes in the order of the commands.

    Raises:
        CompletionError: CDh, the sensor has no thresholds; CCh, it has not all of the selected ones.
    """
    if not sensor.having:
        raise CompletionError(Cc.ILLEGAL_FOR_SENSOR)
    if selected & ~sensor.having:
        raise CompletionError(Cc.INVALID_DATA)
    mixed = bytes(
        new if selected & one else old
        for one, new, old in zip(THRESHOLDS, raw, settings.thresholds, strict=True)
    )
    return settings._replace(thresholds=mixed)


def initialized(
    sensor: SensorTemplate, settings: Settings, record: FullSensorRecord | CompactSensorRecord
) -> Settings:
    """Change what a record tells the initialization agent to (§33.6, Table 43-1 byte 11)."""
    changes: dict[str, Any] = {}
    if record.init_type and record.has_thresholds == (sensor.formula is not None):
        changes |= {"sensor_type": int(record.sensor_type), "event_type": int(record.event_type)}
    if isinstance(record, FullSensorRecord) and record.init_thresholds:
        raw = record.thresholds
        pairs = zip(THRESHOLDS, settings.thresholds, strict=True)
        changes["thresholds"] = bytes(raw.get(one, old) if sensor.having & one else old for one, old in pairs)
    if record.init_hysteresis and sensor.hysteresis:
        changes |= {"positive": record.positive_hysteresis, "negative": record.negative_hysteresis}
    if record.init_events:
        changes |= {
            "events_enabled": record.events_enabled,
            "assertions": record.assertion_mask & sensor.assertions,
            "deassertions": record.deassertion_mask & sensor.deassertions,
        }
    if record.init_scanning:
        changes["scanning_enabled"] = record.scanning_enabled
    return settings._replace(**changes)
