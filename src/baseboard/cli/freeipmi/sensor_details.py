"""``ipmi-sensors -v`` and ``-vv``: a block of lines for a sensor, from its record and from the BMC."""

from __future__ import annotations

from typing import Final

from baseboard.cli.freeipmi.record_details import entity_lines, head_lines, other_record
from baseboard.cli.freeipmi.sensor_events import Kind, events, kind_of
from baseboard.cli.freeipmi.sensor_legacy import OLD_NONE
from baseboard.cli.freeipmi.sensor_options import Wanted
from baseboard.cli.freeipmi.sensor_reading import (
    Broken,
    Reading,
    Told,
    convertible,
    decoded,
    fixed,
    linearized,
    thresholds,
)
from baseboard.cli.freeipmi.sensor_records import Names, type_name, unit
from baseboard.cli.freeipmi.sensor_table import NONE
from baseboard.client.bmc import Bmc
from baseboard.client.sdr_entry import SdrEntry
from baseboard.codes import Cc, Linearization, SensorDirection
from baseboard.commands.sensor.sensors import GetSensorEventEnable, GetSensorHysteresis
from baseboard.errors import NoResponse
from baseboard.records.sdr import CompactSensorRecord, EventOnlyRecord, FullSensorRecord
from baseboard.records.sdr.compact import NameModifier
from baseboard.records.sdr.sensor import Access

_VERY: Final = 2
_SOFTWARE: Final = 0x01
_EVENTS, _SCANNING = 0x80, 0x40

_FORMATS: Final = (
    "unsigned",
    "1's complement (signed)",
    "2's complement (signed)",
    "Does not return analog (numeric) reading",
)
_LINEARIZATIONS: Final = (
    "linear", "ln", "log10", "log2", "e", "exp10", "exp2", "1/x", "sqr(x)", "cube(x)", "sqrt(x)",
    "cube^-1(x)",
)  # fmt: skip
_NON_LINEAR: Final = "non-linear"

_THRESHOLDS: Final = {
    "lower_critical": "Lower Critical Threshold",
    "upper_critical": "Upper Critical Threshold",
    "lower_non_critical": "Lower Non-Critical Threshold",
    "upper_non_critical": "Upper Non-Critical Threshold",
    "lower_non_recoverable": "Lower Non-Recoverable Threshold",
    "upper_non_recoverable": "Upper Non-Recoverable Threshold",
}

_UNTOLD_HYSTERESIS: Final = frozenset({Cc.ILLEGAL_FOR_SENSOR, Cc.NOT_PRESENT, Cc.INVALID_COMMAND})
_UNTOLD_EVENTS: Final = frozenset(
    {Cc.ILLEGAL_FOR_SENSOR, Cc.NOT_PRESENT, Cc.CANNOT_PROVIDE, Cc.DESTINATION_UNAVAILABLE}
)


class Details:
    """Writes the blocks."""

    def __init__(self, bmc: Bmc, wanted: Wanted) -> None:
        self._bmc, self._on = bmc, wanted.switches
        self._very = wanted.verbose >= _VERY
        self._none = OLD_NONE if self._on.legacy_output else NONE

    def other(self, entry: SdrEntry) -> str:
        """The block of a record that is no sensor's, or of one that only sends events."""
        record = entry.record
        if isinstance(record, EventOnlyRecord):
            if not self._very and not self._on.legacy_output:
                return ""
            return _block(self._head(entry, record, record.sensor_number))
        return _block(other_record(entry)) if self._very else ""

    async def sensor(
        self,
        entry: SdrEntry,
        record: FullSensorRecord | CompactSensorRecord,
        number: int,
        told: Reading,
        words: tuple[str, ...],
        state: str,
    ) -> str:
        """The block of a sensor.

        Raises:
            Broken: the BMC does not tell what the block needs.
        """
        lines = self._head(entry, record, number)
        if isinstance(record, FullSensorRecord):
            lines += await self._measures(record)
        if self._very:
            if isinstance(record, FullSensorRecord):
                lines.append(f"Accuracy: {record.accuracy * 10.0**record.accuracy_exp / 100.0:f}%")
            lines.append(f"Sensor Direction: {_DIRECTIONS.get(record.direction, 'Unspecified')}")
            lines += await self._hysteresis(record, number)
            lines += await self._enabled(record, number)
            if isinstance(record, CompactSensorRecord):
                lines += _sharing(record)
        lines += [f"Sensor State: {state}"] if self._on.output_sensor_state else []
        lines += self._reading(record, told) if isinstance(record, FullSensorRecord) else []
        return _block([*lines, *self._states(told, words)])

    # ---- the record

    def _head(
        self, entry: SdrEntry, record: FullSensorRecord | CompactSensorRecord | EventOnlyRecord, number: int
    ) -> list[str]:
        software = record.owner_id & _SOFTWARE
        return [
            *head_lines(entry, very=self._very),
            f"ID String: {Names.stored(record)}",
            f"Sensor Type: {type_name(record.sensor_type)} ({record.sensor_type:X}h)",
            f"Sensor Number: {number}",
            f"{'System Software ID' if software else 'IPMB Slave Address'}: {record.owner_id >> 1:X}h",
            f"Sensor Owner ID: {record.owner_id:X}h",
            f"Sensor Owner LUN: {record.owner_lun:X}h",
            f"Channel Number: {record.channel:X}h",
            *entity_lines(record.entity_id, record.entity_instance, logical=record.logical_entity),
            f"Event/Reading Type Code: {record.event_type:X}h",
        ]

    def _unit(self, record: FullSensorRecord | CompactSensorRecord) -> str:
        # Former output is always short.
        return unit(record, short=self._on.legacy_output or not self._on.non_abbreviated_units)

    async def _measures(self, record: FullSensorRecord) -> list[str]:
        if kind_of(record.event_type) is not Kind.THRESHOLD:
            return []
        units = self._unit(record)
        lines = _formula(record, units) if self._very else []
        values = await thresholds(self._bmc, record)
        if values:
            lines += [self._valued(text, values.get(name), units) for name, text in _THRESHOLDS.items()]
        return lines + self._ranges(record, units)

    def _ranges(self, record: FullSensorRecord, units: str) -> list[str]:
        if not convertible(record):
            return []
        given = {
            "Sensor Min. Reading": record.sensor_minimum,
            "Sensor Max. Reading": record.sensor_maximum,
            "Normal Min.": record.normal_minimum if record.normal_minimum_given else None,
            "Normal Max.": record.normal_maximum if record.normal_maximum_given else None,
            "Nominal Reading": record.nominal_reading if record.nominal_given else None,
        }
        return [
            self._valued(text, None if raw is None else decoded(record, raw), units)
            for text, raw in given.items()
        ]

    def _valued(self, text: str, value: float | None, units: str) -> str:
        return f"{text}: {self._none if value is None else f'{fixed(value, 6)} {units}'}"

    # ---- what the BMC tells

    async def _ask(self, request: GetSensorHysteresis | GetSensorEventEnable) -> bytes:
        command = request.command
        try:
            return await self._bmc.exchange(command.netfn, command.cmd, request.encode())
        except NoResponse:
            raise Broken("a sensor's settings cannot be read: session timeout") from None

    async def _hysteresis(self, record: FullSensorRecord | CompactSensorRecord, number: int) -> list[str]:
        if record.hysteresis_access not in (Access.READABLE, Access.SETTABLE):
            return []
        answer = await self._ask(GetSensorHysteresis(sensor_number=number))
        raw = (0, 0)
        if not answer[0] and len(answer) > len(raw):
            raw = (answer[1], answer[2])
        elif answer[0] not in _UNTOLD_HYSTERESIS:
            raise Broken("a sensor's hysteresis cannot be read")
        units, lines = self._unit(record), list[str]()
        for word, one in zip(("Positive", "Negative"), raw, strict=True):
            text = self._none
            if one and isinstance(record, FullSensorRecord) and convertible(record):
                text = f"{fixed(decoded(record, one) or 0.0, 6)} {units}"
            elif one:
                text = f"{one} {units}"
            lines.append(f"{word} Hysteresis: {text}")
        return lines

    async def _enabled(self, record: FullSensorRecord | CompactSensorRecord, number: int) -> list[str]:
        if kind_of(record.event_type) in (Kind.OEM, Kind.UNKNOWN):
            return []
        answer = await self._ask(GetSensorEventEnable(sensor_number=number))
        if answer[0] in _UNTOLD_EVENTS:
            return []
        if answer[0] or len(answer) < _VERY:
            raise Broken("a sensor's events cannot be read")
        plural = "s" if self._on.legacy_output else ""
        heads = [f"{word} Event{plural} Enabled: " for word in ("Assertion", "Deassertion")]
        if not answer[1] & _EVENTS:
            off = "All Event Messages Disabled"
            return [f"{head}[{off}]" if self._on.legacy_output else f"{head}{off}" for head in heads]
        if not answer[1] & _SCANNING:
            return [f"{head}[Sensor Scanning Disabled]" for head in heads] if self._on.legacy_output else []
        lines: list[str] = []
        for place, head in zip((2, 4), heads, strict=True):
            if len(answer) > place:
                bits = int.from_bytes(answer[place : place + 2], "little")
                words = tuple(events(record.event_type, record.sensor_type, bits, short=False)) or ("NONE",)
                lines += self._quoted(head, words, bits)
        return lines

    # ---- what the sensor said

    def _reading(self, record: FullSensorRecord, told: Reading) -> list[str]:
        measures = kind_of(record.event_type) is Kind.THRESHOLD
        if told.value is None and not measures and not self._on.legacy_output:
            return []
        return [self._valued("Sensor Reading", told.value, self._unit(record))]

    def _states(self, told: Reading, words: tuple[str, ...]) -> list[str]:
        old = self._on.legacy_output
        head = "Sensor Status: " if old else "Sensor Event: "
        if told.told is Told.STATES:
            return self._quoted(head, words, told.bits)
        text = self._none if told.told is Told.NOTHING else "Unknown"
        return [f"{head}[{text}]" if old else f"{head}{text}"]

    def _quoted(self, head: str, words: tuple[str, ...], bits: int) -> list[str]:
        """States, each on a line of its own."""
        if self._on.legacy_output:
            first, *others = (f"[{one}]" for one in words)
            return [f"{head}{first}", *(" " * len(head) + one for one in others)]
        if self._on.output_event_bitmask:
            words = (f"{bits:04X}h", *words[1:])
            return [f"{head}{words[0]}", *(f"{head}'{one}'" for one in words[1:])]
        return [f"{head}'{one}'" for one in words]


_DIRECTIONS: Final = {SensorDirection.INPUT: "Input", SensorDirection.OUTPUT: "Output"}


def _formula(record: FullSensorRecord, units: str) -> list[str]:
    code = record.linearization
    word = _LINEARIZATIONS[code] if code < len(_LINEARIZATIONS) else _NON_LINEAR
    lines = [
        f"B: {record.b}",
        f"M: {record.m}",
        f"R Exponent: {record.r_exp}",
        f"B Exponent: {record.b_exp}",
        f"Linearization: {word} ({code:X}h)",
        f"Analog Data Format: {_FORMATS[record.analog_format]} ({record.analog_format:X}h)",
    ]
    if code <= Linearization.CUBE_ROOT:
        # Not what §36.4.1 says, but what FreeIPMI makes of it; its resolution loses what is behind the point.
        half = float(record.tolerance) * record.m / 2.0
        tolerance = linearized(half + half * 10.0**record.r_exp, code)
        lines.append(f"Tolerance: {fixed(tolerance, 6)} {units}")
    return [*lines, f"Resolution: {float(abs(int(record.m * 10.0**record.r_exp))):f} {units}"]


def _sharing(record: CompactSensorRecord) -> list[str]:
    alpha = record.name_modifier == NameModifier.ALPHA
    instances = "Increments for reach shared record" if record.instances_increment else "Same for all records"
    return [
        f"Share Count: {record.share_count}",
        f"ID String Instance Modifier Type: {'Alpha' if alpha else 'Numeric'}",
        f"ID String Instance Modifier Offset: {record.modifier_offset}",
        f"Entity Instance Sharing: {instances}",
    ]


def _block(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in [*lines, ""]) if lines else ""
