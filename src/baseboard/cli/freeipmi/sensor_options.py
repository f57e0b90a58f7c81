"""The options of ``ipmi-sensors``, besides those that all of FreeIPMI's programs take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from baseboard.cli.freeipmi.options import Given, Option
from baseboard.cli.freeipmi.sdr_info import Clock
from baseboard.cli.freeipmi.sensor_words import OEM_TYPE, SENSOR_TYPES

_LAST_RECORD: Final = 0xFFFE
_LARGEST_OFFSET: Final = 24 * 60 * 60

OWN: Final = (
    Option("f", "flush-cache"),
    Option("Q", "quiet-cache"),
    Option("", "sdr-cache-recreate"),
    Option("", "sdr-cache-file", True),
    Option("", "sdr-cache-directory", True),
    Option("", "ignore-sdr-cache"),
    Option("", "utc-to-localtime"),
    Option("", "localtime-to-utc"),
    Option("", "utc-offset", True),
    Option("v", "verbose"),
    Option("i", "sdr-info"),
    Option("q", "quiet-readings"),
    Option("s", "sensors", True),
    Option("r", "record-ids", True),
    Option("R", "exclude-record-ids", True),
    Option("", "group", True),
    Option("g", "groups", True),
    Option("", "exclude-groups", True),
    Option("", "list-groups"),
    Option("", "sensor-type", True),
    Option("t", "sensor-types", True),
    Option("T", "exclude-sensor-types", True),
    Option("L", "list-sensor-types"),
    Option("b", "bridge-sensors"),
    Option("", "shared-sensors"),
    Option("", "interpret-oem-data"),
    Option("", "ignore-not-available-sensors"),
    Option("", "ignore-unrecognized-events"),
    Option("", "output-event-bitmask"),
    Option("", "output-sensor-state"),
    Option("", "sensor-state-config-file", True),
    Option("", "sensor-config-file", True),
    Option("", "entity-sensor-names"),
    Option("", "output-sensor-thresholds"),
    Option("", "no-sensor-type-output"),
    Option("", "comma-separated-output"),
    Option("", "no-header-output"),
    Option("", "non-abbreviated-units"),
    Option("", "legacy-output"),
    Option("", "ipmimonitoring-legacy-output"),
)
"""The options besides the shared ones; some are FreeIPMI's former names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What is on: each is the option of its name."""

    sdr_info: bool = False
    quiet_readings: bool = False
    bridge_sensors: bool = False
    shared_sensors: bool = False
    interpret_oem_data: bool = False
    ignore_not_available_sensors: bool = False
    ignore_unrecognized_events: bool = False
    output_event_bitmask: bool = False
    output_sensor_state: bool = False
    entity_sensor_names: bool = False
    output_sensor_thresholds: bool = False
    no_sensor_type_output: bool = False
    comma_separated_output: bool = False
    no_header_output: bool = False
    non_abbreviated_units: bool = False
    legacy_output: bool = False
    ipmimonitoring_legacy_output: bool = False
    sdr_cache_recreate: bool = False
    flush_cache: bool = False
    quiet_cache: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is shown, and how.

    Attributes:
        switches: what is on.
        verbose: how often more was asked for.
        records: only these records; empty = all.
        without_records: not these.
        types: only sensors of these types, as they were named; empty = all.
        without_types: not those of these.
        state_file: interpretation rules of the user's; empty = FreeIPMI's own place.
        cache_file: where the records are kept; empty = the usual place.
        clock: how times are shown.
    """

    switches: Switches = field(default_factory=Switches)
    verbose: int = 0
    records: tuple[int, ...] = ()
    without_records: frozenset[int] = frozenset()
    types: tuple[str, ...] = ()
    without_types: tuple[str, ...] = ()
    state_file: str = ""
    cache_file: str = ""
    clock: Clock = field(default_factory=Clock)


def wanted(given: Given) -> Wanted:
    """Check the options and make `Wanted` of them.

    Raises:
        Leave: a value is wrong.
    """
    types = _types(given, ("sensor-types", "groups"), ("sensor-type", "group"), "all")
    without_types = _types(given, ("exclude-sensor-types", "exclude-groups"), (), "none")
    return Wanted(
        switches=Switches(**{one.name: given.has(one.name.replace("_", "-")) for one in fields(Switches)}),
        verbose=given.counts.get("verbose", 0),
        records=tuple(_records(given, ("record-ids", "sensors"), "all")),
        without_records=frozenset(_records(given, ("exclude-record-ids",), "none")),
        types=tuple(types),
        without_types=tuple(without_types),
        state_file=given.values.get("sensor-state-config-file", given.values.get("sensor-config-file", "")),
        cache_file=given.values.get("sdr-cache-file", ""),
        clock=Clock(_offset(given), given.has("utc-to-localtime"), given.has("localtime-to-utc")),
    )


def _offset(given: Given) -> int:
    text = given.values.get("utc-offset", "0")
    if not re.fullmatch(r"[+-]?\d+", text) or not -_LARGEST_OFFSET <= int(text) <= _LARGEST_OFFSET:
        given.fail("invalid UTC offset")
    return int(text)


def _values(given: Given, names: Sequence[str]) -> list[tuple[str, str]]:
    """Every value of these options: those of the command line, else those of the configuration file."""
    pairs = [(word, value) for word, value in given.pairs if word in names]
    return pairs or [(word, given.values[word]) for word in names if given.has(word)]


def _records(given: Given, names: Sequence[str], nothing: str) -> list[int]:
    """Record IDs; the word for no choice drops all before it, and what follows it in its list."""
    found: list[int] = []
    for _, value in _values(given, names):
        for word in re.split("[ ,]+", value.strip(" ,")):
            if word.lower() == nothing:
                found.clear()
                break
            if not word.isdecimal() or int(word) > _LAST_RECORD:
                number = re.match(r"\s*[+-]?\d+", word)
                given.fail(f"invalid sensor record id: {int(number[0]) if number else 0}")
            found.append(int(word))
    return found


def _types(given: Given, lists: Sequence[str], single: Sequence[str], nothing: str) -> list[str]:
    """Sensor types, as they were named."""
    found: list[str] = []
    for name, value in _values(given, (*lists, *single)):
        if name in single:
            found.append(value)
            continue
        for word in filter(None, re.split("[ ,]+", value)):
            if word.lower() == nothing:
                found.clear()
                break
            found.append(word)
    for word in found:
        number = number_of(word)
        known = any(spelled(one, word) for one in (*SENSOR_TYPES, OEM_TYPE))
        if not known and (number is None or not _is_type(number & 0xFF)):
            given.fail(f"invalid sensor type '{word}'")
    return found


def number_of(word: str) -> int | None:
    """A number as C reads it: decimal, ``0x`` hexadecimal, or octal with a leading 0."""
    try:
        return int(word, 8 if re.fullmatch("0[0-7]+", word) else 0)
    except ValueError:
        return None


def _is_type(number: int) -> bool:
    return number < len(SENSOR_TYPES) or number >= FIRST_OEM_TYPE


FIRST_OEM_TYPE: Final = 0xC0
"""Sensor types from here on are the maker's own."""


def spelled(name: str, word: str) -> bool:
    """Whether a word means a type of that name; on a command line it has underscores."""
    return word.lower() in (name.lower(), on_command_line(name).lower())


def on_command_line(name: str) -> str:
    """A type's name as one word."""
    return name.replace(" ", "_").replace("/", "_")
