"""Platform event filtering as shipped: filters, policies, strings, and where alerts go (§17)."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from baseboard.codes import EventReadingType, SensorType
from baseboard.commands.parameters.pef import (
    AlertPolicy,
    EventFilter,
    EventSeverity,
    FilterType,
    GroupControl,
    PefActions,
)

ALL_ACTIONS: Final = PefActions(0x3F)
NOWHERE: Final = IPv4Address(0)


@dataclass(frozen=True, slots=True)
class AlertStringSpec:
    """An alert string as shipped, and the keys by which a policy finds it.

    Attributes:
        text: 8-bit ASCII, without a NUL.
        filter_number: of the event filter that it belongs to; 0 = none.
        string_set: number that policies with event-specific strings name; 0 = none.
    """

    text: bytes = b""
    filter_number: int = 0
    string_set: int = 0


@dataclass(frozen=True, slots=True)
class DestinationSpec:
    """An alert destination of the LAN channel as shipped (LAN parameters 18, 19 and 25).

    Attributes:
        address: who gets the trap; 0.0.0.0 = nobody.
        acknowledged: it is sent until acknowledged.
        timeout_s: until the next attempt, from 1.
        retries: after the first attempt, 0-7.
        vlan: ID of the 802.1q tag; None = no tag.
    """

    address: IPv4Address | IPv6Address = NOWHERE
    acknowledged: bool = False
    timeout_s: int = 4
    retries: int = 0
    vlan: int | None = None


def _factory(
    sensor_type: SensorType,
    event_type: int,
    offsets: int,
    severity: EventSeverity = EventSeverity.CRITICAL,
    actions: PefActions = PefActions.ALERT,
) -> EventFilter:
    return EventFilter(
        enabled=True,
        filter_type=FilterType.MANUFACTURER_PRE_CONFIGURED,
        actions=actions,
        alert_policy_number=1,
        severity=severity,
        sensor_type=sensor_type,
        event_trigger=event_type,
        offset_mask=offsets,
    )


_THRESHOLD, _SPECIFIC = int(EventReadingType.THRESHOLD), int(EventReadingType.SENSOR_SPECIFIC)


def _factory_filters() -> tuple[EventFilter, ...]:
    """What boards are delivered with: alerts by policy 1; nothing happens until PEF is enabled."""
    out_of_range = 1 << 0 | 1 << 2 | 1 << 4 | 1 << 7 | 1 << 9 | 1 << 11
    made = (
        _factory(SensorType.TEMPERATURE, _THRESHOLD, out_of_range),
        _factory(SensorType.VOLTAGE, _THRESHOLD, out_of_range),
        _factory(SensorType.FAN, _THRESHOLD, out_of_range),
        _factory(SensorType.PHYSICAL_SECURITY, _SPECIFIC, 1 << 0),
        _factory(SensorType.POWER_SUPPLY, _SPECIFIC, 1 << 1 | 1 << 2 | 1 << 3),
        _factory(SensorType.MEMORY, _SPECIFIC, 1 << 1, EventSeverity.NON_RECOVERABLE),
        _factory(SensorType.SYSTEM_FIRMWARE_PROGRESS, _SPECIFIC, 1 << 0, EventSeverity.NON_CRITICAL),
        _factory(SensorType.WATCHDOG_2, _SPECIFIC, 1 << 1 | 1 << 2 | 1 << 3, EventSeverity.CRITICAL),
    )
    return made + tuple(EventFilter() for _ in range(16 - len(made)))


FACTORY_FILTERS: Final = _factory_filters()
NO_POLICY: Final = AlertPolicy(policy_number=0, channel=0, destination_selector=0)
NO_GROUP: Final = GroupControl(
    force=False, delayed=False, channel=0, group_id0=0, member_check0=0, group_id1=0, member_check1=0,
    group_id2=0, member_check2=0, group_id3=0, member_check3=0, retries=0, operation=0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PefSpec:
    """PEF as shipped; everything else is in the PEF parameters.

    Attributes:
        enabled: events are filtered.
        event_messages: actions are logged as events themselves.
        startup_delay_s: power actions wait so long after power-up and reset; 0 = they do not.
        startup_delay_enabled: they do so.
        alert_startup_delay_s: the same for alerts.
        alert_startup_delay_enabled: they do so.
        actions: which actions are on at all (parameter 2).
        filters: the event filter table; its length is what there is.
        policies: the alert policy table, the same.
        strings: alert strings from 1 on, the same.
        groups: the group control table; 4 to 8 entries.
        guid: that traps carry, as they carry it; None = the system's.
        trap_port: UDP port that traps are sent to; other than 162 for receivers that may not have that one.
    """

    enabled: bool = False
    event_messages: bool = False
    startup_delay_s: int = 60
    startup_delay_enabled: bool = False
    alert_startup_delay_s: int = 60
    alert_startup_delay_enabled: bool = False
    actions: PefActions = ALL_ACTIONS
    filters: tuple[EventFilter, ...] = FACTORY_FILTERS
    policies: tuple[AlertPolicy, ...] = (NO_POLICY,) * 16
    strings: tuple[AlertStringSpec, ...] = field(default=(AlertStringSpec(),) * 8)
    groups: tuple[GroupControl, ...] = (NO_GROUP,) * 4
    guid: bytes | None = None
    trap_port: int = 162
