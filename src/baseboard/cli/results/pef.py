"""What the verbs of ``pef`` find."""

from __future__ import annotations

from dataclasses import dataclass, field

from baseboard.cli.results import shape


@shape("pef info")
@dataclass(frozen=True, slots=True, kw_only=True)
class PefInfo:
    """What platform event filtering can do.

    Attributes:
        version: 0x51 = 1.5.
        actions: what it can do about an event, in ipmitool's words.
        guid: the system's, as sent; null when it is not to be had.
    """

    version: int
    filters: int
    policies: int
    guid: str | None
    actions: list[str]


@shape("pef status")
@dataclass(frozen=True, slots=True, kw_only=True)
class PefStatus:
    """How far platform event filtering is, and what is switched on.

    Attributes:
        last_addition: of the SEL, ISO 8601; null where there is none, and ``last_addition_missing`` says why.
        last_record: ID of the SEL's last record.
        last_software: up to which record software has processed events.
        last_bmc: up to which record the BMC has.
        enabled: what is enabled, in ipmitool's words.
        actions: the actions that are active.
    """

    last_addition: str | None
    last_addition_missing: str | None
    last_record: int
    last_software: int
    last_bmc: int
    enabled: list[str]
    actions: list[str]


@shape("pef filter list")
@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """An event filter.

    Attributes:
        facts: what the text says of an enabled filter, by ipmitool's names.
    """

    id: int
    status: str
    facts: dict[str, str] = field(default_factory=dict[str, str])


@shape("pef policy list")
@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """An entry of the alert policy table.

    Attributes:
        facts: what the text says of it, by ipmitool's names.
    """

    id: int
    facts: dict[str, str] = field(default_factory=dict[str, str])


@shape("pef filter enable", "pef filter disable", "pef policy enable", "pef policy disable")
@dataclass(frozen=True, slots=True, kw_only=True)
class PefSwitch:
    """What was switched."""

    table: str
    id: int
    enabled: bool
