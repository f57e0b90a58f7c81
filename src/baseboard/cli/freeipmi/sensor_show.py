"""``ipmi-sensors`` on one BMC: its records, its sensors, line by line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from baseboard.cli.freeipmi.sensor_events import OK, Kind, events, kind_of, reached
from baseboard.cli.freeipmi.sensor_legacy import monitoring_header, monitoring_line, old_line
from baseboard.cli.freeipmi.sensor_options import Switches, Wanted
from baseboard.cli.freeipmi.sensor_reading import Broken, Reading, Told, reading, thresholds
from baseboard.cli.freeipmi.sensor_records import Names, chosen, in_widths, sensor_numbers
from baseboard.cli.freeipmi.sensor_states import NONE, States
from baseboard.cli.freeipmi.sensor_table import Row, Table
from baseboard.client.bmc import Bmc
from baseboard.client.pipelining import at_depth, learned_depth
from baseboard.client.sdr_entry import SdrEntry
from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord, ReadableSensorRecord

_Place = tuple[SdrEntry, int]
"""A record, and the number of one of its sensors."""


class Show:
    """Shows the sensors of one BMC.

    Args:
        states: how good or bad states are; None where that is not asked for.
        out: prints.
    """

    def __init__(self, bmc: Bmc, wanted: Wanted, states: States | None, out: Callable[[str], None]) -> None:
        self._bmc, self._wanted, self._states, self._out = bmc, wanted, states, out

    async def all(self, entries: Sequence[SdrEntry]) -> None:
        """Show what was asked for of these records.

        Raises:
            NotFound: a record that was asked for is not there; nothing was shown.
            Broken: the BMC does not answer as it should; what was shown before is all there is.
        """
        on = self._wanted.switches
        entries = [entry for entry in entries if entry.record is not None]
        listed = list(chosen(entries, self._wanted))
        places = [(entry, number) for entry in listed for number in sensor_numbers(entry.record, on)]
        if self._wanted.verbose:
            header, text = "", self._block()
        else:
            header, text = self._form(entries, Names(entries, on))

        async def safely(place: _Place) -> str | Broken | None:
            try:
                return await text(place)
            except Broken as broken:
                return broken

        depth = await learned_depth(self._bmc, len(places))
        # A few ahead and no more: lines come as they are known, and an error ends it soon.
        for start in range(0, len(places), max(depth, 1)):
            for told in await at_depth(safely, places[start : start + max(depth, 1)], depth):
                if isinstance(told, Broken):
                    raise told
                if told is not None:
                    self._out(header + told)
                    header = ""

    # ---- lines

    def _form(
        self, entries: Sequence[SdrEntry], names: Names
    ) -> tuple[str, Callable[[_Place], Awaitable[str | None]]]:
        """The first line, and what makes the others; None where a sensor is left out."""
        on = self._wanted.switches
        if on.ipmimonitoring_legacy_output:
            return monitoring_header(on), self._lines(names, partial(monitoring_line, switches=on))
        if on.legacy_output:
            return "", self._lines(names, partial(old_line, switches=on))
        table = Table(on, in_widths(entries, self._wanted), names)
        return table.header(), self._lines(names, table.line)

    def _lines(self, names: Names, line: Callable[[Row], str]) -> Callable[[_Place], Awaitable[str | None]]:
        async def text(place: _Place) -> str | None:
            entry, number = place
            record = entry.record
            if not isinstance(record, FullSensorRecord | CompactSensorRecord):
                # FreeIPMI prints nothing of it, but what stands above the first one.
                return ""
            row = await self._row(entry, record, number, names)
            return None if row is None else line(row)

        return text

    async def _row(
        self, entry: SdrEntry, record: FullSensorRecord | CompactSensorRecord, number: int, names: Names
    ) -> Row | None:
        """Ask a sensor; None if it is to be left out."""
        on = self._wanted.switches
        told = await self._told(record, number)
        if told is None:
            return None
        old = on.legacy_output or on.ipmimonitoring_legacy_output
        values = None
        if isinstance(record, FullSensorRecord) and kind_of(record.event_type) is Kind.THRESHOLD:
            shown = on.output_sensor_thresholds if not old else on.legacy_output and not on.quiet_readings
            values = await thresholds(self._bmc, record) if shown else None
        return Row(
            entry=entry,
            record=record,
            number=number,
            name=names.stored(record) if old else names.name(record, number),
            reading=told,
            events=said(record, told.bits, on, short=True),
            state=self._state(record, told),
            thresholds=values,
        )

    # ---- blocks

    def _block(self) -> Callable[[_Place], Awaitable[str | None]]:
        """What makes the block of a sensor, or of another record."""
        from baseboard.cli.freeipmi.sensor_details import Details

        details = Details(self._bmc, self._wanted)

        async def text(place: _Place) -> str | None:
            entry, number = place
            record = entry.record
            if not isinstance(record, FullSensorRecord | CompactSensorRecord):
                return details.other(entry)
            told = await self._told(record, number)
            if told is None:
                return None
            words = said(record, told.bits, self._wanted.switches, short=False)
            return await details.sensor(entry, record, number, told, words, self._state(record, told))

        return text

    # ---- what both need

    async def _told(self, record: ReadableSensorRecord, number: int) -> Reading | None:
        on = self._wanted.switches
        told = await reading(self._bmc, record, number, bridge=on.bridge_sensors)
        return None if told.told is Told.NOTHING and on.ignore_not_available_sensors else told

    def _state(self, record: ReadableSensorRecord, told: Reading) -> str:
        if self._states is None:
            return ""
        if told.told is not Told.STATES:
            return NONE
        ignore = self._wanted.switches.ignore_unrecognized_events
        return self._states.state(
            record.event_type, record.sensor_type, told.bits, ignore_unrecognized=ignore
        )


def said(record: ReadableSensorRecord, bits: int, switches: Switches, *, short: bool) -> tuple[str, ...]:
    """The states of a sensor in words; that all is well where there is none."""
    if kind_of(record.event_type) is Kind.THRESHOLD:
        found = reached(bits)
    else:
        ignore = switches.ignore_unrecognized_events
        found = events(record.event_type, record.sensor_type, bits, short=short, ignore_unrecognized=ignore)
    return tuple(found) or (OK,)
