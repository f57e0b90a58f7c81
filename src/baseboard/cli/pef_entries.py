"""Entries of PEF's tables, and events, as they are typed: ``actions=power_down,alert policy=1``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from baseboard.cli.long_options import UsageError
from baseboard.codes import EventReadingType, SensorType
from baseboard.codes.code import Code
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    AlertPolicyRule,
    EventFilter,
    EventSeverity,
    PefActions,
)
from baseboard.records.events import EventData, EventMessage
from baseboard.wire import OpenEnum

ANY: Final = 0xFF
NO_FILTER: Final = EventFilter()
NO_POLICY: Final = AlertPolicy(policy_number=0, channel=0, destination_selector=0)

FILTER_KEYS: Final = (
    "actions", "policy", "group", "severity", "generator", "sensor_type", "sensor", "event_type", "offsets",
    "data1", "data2", "data3", "enabled",
)  # fmt: skip
POLICY_KEYS: Final = ("policy", "channel", "destination", "rule", "string", "string_set", "enabled")
_FILTER_USAGE: Final = f"pef filter create N [KEY=VALUE ...]; keys: {', '.join(FILTER_KEYS)}"
_POLICY_USAGE: Final = (
    f"pef policy create N policy=N destination=N [KEY=VALUE ...]; keys: {', '.join(POLICY_KEYS)}"
)
_COMPARE: Final = ("0", "0", "0")

E = TypeVar("E", bound=OpenEnum)


def number(word: str, low: int, high: int, what: str) -> int:
    """A number as it is typed: decimal, or with 0x hexadecimal.

    Raises:
        UsageError: it is none, or out of range.
    """
    try:
        value = int(word, 0)
    except ValueError:
        value = -1
    if not low <= value <= high:
        raise UsageError(f"{word}: {what} is wanted, {low} to {high}")
    return value


def numbered(words: Sequence[str], usage: str) -> int:
    """The number of an entry, and nothing else.

    Raises:
        UsageError: there is something else.
    """
    if len(words) != 1:
        raise UsageError(usage)
    return number(words[0], 1, 0x7F, "an entry's number")


def pairs(words: Iterable[str], keys: Sequence[str], usage: str) -> dict[str, str]:
    """``key=value`` words.

    Raises:
        UsageError: one is no such word, or its key none of these.
    """
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in keys:
            raise UsageError(f"{word}: {usage}")
        found[key] = value
    return found


def action_words(actions: PefActions) -> list[str]:
    """The words for actions."""
    return [one.name.lower() for one in PefActions if one in actions and one.name is not None]


def event(words: Sequence[str]) -> EventMessage:
    """An event of six words: sensor type, sensor, event type and three data bytes.

    Raises:
        UsageError: one of them makes no sense.
    """
    first, second, third = (number(word, 0, 0xFF, "a data byte") for word in words[3:6])
    return EventMessage(
        sensor_type=SensorType(_code(SensorType, words[0], "a sensor type")),
        sensor_number=number(words[1], 0, 0xFF, "a sensor's number"),
        event_type=EventReadingType(_code(EventReadingType, words[2], "an event type") & 0x7F),
        event_data=EventData.decode(bytes((first, second, third))),
    )


def event_filter(words: Sequence[str]) -> tuple[int, EventFilter]:
    """A filter's number and entry.

    Raises:
        UsageError: what is typed is none.
    """
    entry, given = _numbered_pairs(words, FILTER_KEYS, _FILTER_USAGE)
    generator = number(given.get("generator", "0xffff"), 0, 0xFFFF, "a generator ID")
    data = [_compare(given.get(key)) for key in ("data1", "data2", "data3")]
    return entry, EventFilter(
        enabled=_flag(given.get("enabled", "yes")),
        actions=_actions(given.get("actions", "")),
        group_control_selector=number(given.get("group", "0"), 0, 7, "a group control entry"),
        alert_policy_number=number(given.get("policy", "0"), 0, 15, "a policy"),
        severity=_member(EventSeverity, given.get("severity", "unspecified"), "a severity"),
        generator_id1=generator & 0xFF,
        generator_id2=generator >> 8,
        sensor_type=SensorType(_code(SensorType, given.get("sensor_type", "any"), "a sensor type")),
        sensor_number=number(given.get("sensor", "0xff"), 0, 0xFF, "a sensor's number"),
        event_trigger=_code(EventReadingType, given.get("event_type", "any"), "an event type"),
        offset_mask=_offsets(given.get("offsets", "any")),
        event_data1_and_mask=data[0][0], event_data1_compare1=data[0][1], event_data1_compare2=data[0][2],
        event_data2_and_mask=data[1][0], event_data2_compare1=data[1][1], event_data2_compare2=data[1][2],
        event_data3_and_mask=data[2][0], event_data3_compare1=data[2][1], event_data3_compare2=data[2][2],
    )  # fmt: skip


def alert_policy(words: Sequence[str]) -> tuple[int, AlertPolicy]:
    """An alert policy entry's number and contents.

    Raises:
        UsageError: what is typed is none.
    """
    entry, given = _numbered_pairs(words, POLICY_KEYS, _POLICY_USAGE)
    if not {"policy", "destination"} <= given.keys():
        raise UsageError(_POLICY_USAGE)
    string = given.get("string_set", given.get("string", "0"))
    return entry, AlertPolicy(
        policy_number=number(given["policy"], 1, 15, "a policy"),
        enabled=_flag(given.get("enabled", "yes")),
        rule=_member(AlertPolicyRule, given.get("rule", "always"), "a rule"),
        channel=number(given.get("channel", "1"), 0, 15, "a channel"),
        destination_selector=number(given["destination"], 0, 15, "a destination"),
        event_specific_string="string_set" in given,
        alert_string=number(string, 0, 0x7F, "an alert string"),
    )


def _numbered_pairs(words: Sequence[str], keys: Sequence[str], usage: str) -> tuple[int, dict[str, str]]:
    if not words:
        raise UsageError(usage)
    return number(words[0], 1, 0x7F, "an entry's number"), pairs(words[1:], keys, usage)


def _flag(word: str) -> bool:
    if word not in ("yes", "no"):
        raise UsageError(f"{word}: yes or no is wanted")
    return word == "yes"


def _actions(word: str) -> PefActions:
    known = {name.lower(): one for name, one in PefActions.__members__.items()}
    actions = PefActions(0)
    for one in filter(None, word.split(",")):
        if one not in known:
            raise UsageError(f"{one}: there is no such action; there are {', '.join(known)}")
        actions |= known[one]
    return actions


def _offsets(word: str) -> int:
    if word == "any":
        return 0xFFFF
    return sum({1 << number(one, 0, 15, "an offset") for one in word.split(",")})


def _compare(word: str | None) -> list[int]:
    """The AND mask and the two compare bytes of a data byte."""
    parts = _COMPARE if word is None else word.split(",")
    if len(parts) != 3:
        raise UsageError(f"{word}: an AND mask and two compare bytes are wanted")
    return [number(one, 0, 0xFF, "a byte") for one in parts]


def _member(kind: type[E], word: str, what: str) -> E:
    known = {name.lower(): member for name, member in kind.__members__.items()}
    if word not in known:
        raise UsageError(f"{word}: {what} is wanted: {', '.join(known)}")
    return known[word]


def _code(kind: type[Code], word: str, what: str) -> int:
    """A code by its name, as ``temperature``, or by its number."""
    if word == "any":
        return ANY
    member = kind.__members__.get(word.upper())
    return int(member) if member is not None else number(word, 0, 0xFF, what)
