"""Platform event filtering of a described BMC: tables filled with what stands in the file."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, TypeVar

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.blueprint.pef import NO_POLICY, AlertStringSpec, DestinationSpec, PefSpec
from baseboard.bmc.configuration.words import code, unknown_word
from baseboard.codes import EventReadingType, SensorType
from baseboard.codes.code import Code
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    AlertPolicyRule,
    EventFilter,
    EventSeverity,
    FilterType,
    PefActions,
)

if TYPE_CHECKING:
    from baseboard.bmc.configuration import pef_layout as layout
    from baseboard.bmc.configuration.spots import Spot

ANY: Final = 0xFF
_EVERY_OFFSET: Final = 0xFFFF
_NO_COMPARE: Final = (0, 0, 0)

T = TypeVar("T")


def pef_spec(described: layout.Pef, spot: Spot, lan: int, sensors: Sequence[SensorSpec]) -> PefSpec:
    """Platform event filtering as the BMC is shipped with it.

    Args:
        described: what the file says.
        spot: of ``pef``.
        lan: number of the LAN channel, which policies go to unless they name another.
        sensors: that filters name.
    """
    base = PefSpec()
    changes = {
        "startup_delay_s": described.startup_delay_s,
        "alert_startup_delay_s": described.alert_startup_delay_s,
        "actions": None if described.actions is None else _actions(described.actions),
        "guid": None if described.guid is None else uuid.UUID(described.guid).bytes[::-1],
    }
    changes = {key: value for key, value in changes.items() if value is not None}
    return replace(
        base,
        enabled=described.enabled,
        event_messages=described.event_messages,
        startup_delay_enabled=bool(described.startup_delay_s),
        alert_startup_delay_enabled=bool(described.alert_startup_delay_s),
        filters=_filters(described, spot, sensors, base),
        policies=_table(
            [_policy(one, lan) for one in described.policy],
            described.policies or max(len(described.policy), len(base.policies)),
            NO_POLICY,
            spot / "policies",
        ),
        strings=_table(
            [AlertStringSpec(one.text.encode("ascii"), one.filter, one.set) for one in described.string],
            described.strings or max(len(described.string), len(base.strings)),
            AlertStringSpec(),
            spot / "strings",
        ),
        trap_port=described.trap_port,
        **changes,  # type: ignore[arg-type]  # named and typed as the fields
    )


def destination_specs(described: layout.Pef, spot: Spot) -> tuple[DestinationSpec, ...]:
    """The alert destinations of the LAN channel, from 1 on."""
    found: list[DestinationSpec] = []
    for number, one in enumerate(described.destination):
        try:
            address = ip_address(one.address)
        except ValueError:
            here = spot / "destination" / number / "address"
            raise here.wrong(f'found "{one.address}"; allowed is an IPv4 or IPv6 address') from None
        found.append(DestinationSpec(address, one.acknowledged, one.timeout_s, one.retries, one.vlan))
    return tuple(found)


def _table(entries: list[T], size: int, empty: T, spot: Spot) -> tuple[T, ...]:
    if len(entries) > size:
        raise spot.wrong(f"found {size}; there are {len(entries)} of them in the file")
    return (*entries, *(empty,) * (size - len(entries)))


def _filters(
    described: layout.Pef, spot: Spot, sensors: Sequence[SensorSpec], base: PefSpec
) -> tuple[EventFilter, ...]:
    """Those as shipped, with the described ones in their places, or behind them."""
    shipped = [one for one in base.filters if one.enabled]
    free = len(shipped) + 1
    placed: dict[int, EventFilter] = dict(enumerate(shipped, 1))
    taken: set[int] = set()
    for at, one in enumerate(described.filter):
        here = spot / "filter" / at
        number = one.number
        if number is None:
            while free in taken:
                free += 1
            number, free = free, free + 1
        if number in taken:
            raise here.wrong(f"filter {number} is there twice")
        taken.add(number)
        placed[number] = _filter(one, here, sensors)
    size = described.filters or max([len(base.filters), *placed])
    beyond = [number for number in taken if number > size]
    if beyond:
        raise (spot / "filters").wrong(f"found {size}; there is a filter {max(beyond)} in the file")
    return tuple(placed.get(number, EventFilter()) for number in range(1, size + 1))


def _filter(one: layout.EventFilter, spot: Spot, sensors: Sequence[SensorSpec]) -> EventFilter:
    data = [tuple(one_byte or _NO_COMPARE) for one_byte in (one.data1, one.data2, one.data3)]
    kind, own = FilterType.MANUFACTURER_PRE_CONFIGURED, FilterType.SOFTWARE_CONFIGURABLE
    offsets = _EVERY_OFFSET if one.offsets is None else sum(1 << offset for offset in set(one.offsets))
    generator = 0xFFFF if one.generator is None else one.generator
    return EventFilter(
        enabled=one.enabled,
        filter_type=kind if one.preconfigured else own,
        actions=_actions(one.actions),
        group_control_selector=one.group,
        alert_policy_number=one.policy,
        severity=EventSeverity[one.severity.upper()],
        generator_id1=generator & 0xFF,
        generator_id2=generator >> 8,
        sensor_type=SensorType(_code(SensorType, one.sensor_type, spot / "sensor_type")),
        sensor_number=_sensor(one.sensor, spot / "sensor", sensors),
        event_trigger=_code(EventReadingType, one.event_type, spot / "event_type"),
        offset_mask=offsets,
        event_data1_and_mask=data[0][0], event_data1_compare1=data[0][1], event_data1_compare2=data[0][2],
        event_data2_and_mask=data[1][0], event_data2_compare1=data[1][1], event_data2_compare2=data[1][2],
        event_data3_and_mask=data[2][0], event_data3_compare1=data[2][1], event_data3_compare2=data[2][2],
    )  # fmt: skip


def _code(kind: type[Code], word: str | int | None, spot: Spot) -> int:
    return ANY if word is None else int(code(kind, word, spot))


def _sensor(word: str | int | None, spot: Spot, sensors: Sequence[SensorSpec]) -> int:
    """The number of a sensor that is named; its type is not implied, for names stand for numbers alone."""
    if not isinstance(word, str):
        return ANY if word is None else word
    for sensor in sensors:
        if sensor.name == word:
            return sensor.number
    if not sensors:
        raise spot.wrong(f"found {json.dumps(word)}; this BMC has no sensors")
    raise spot.wrong(unknown_word(word, [sensor.name for sensor in sensors], "a sensor's number"))


def _policy(one: layout.AlertPolicy, lan: int) -> AlertPolicy:
    return AlertPolicy(
        policy_number=one.policy,
        enabled=one.enabled,
        rule=AlertPolicyRule[one.rule.upper()],
        channel=lan if one.channel is None else one.channel,
        destination_selector=one.destination,
        event_specific_string=one.string_set is not None,
        alert_string=one.string if one.string_set is None else one.string_set,
    )


def _actions(words: Sequence[str]) -> PefActions:
    actions = PefActions(0)
    for word in words:
        actions |= PefActions[word.upper()]
    return actions
