"""What the verbs of ``sel`` find."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("sel info")
@dataclass(frozen=True, slots=True, kw_only=True)
class SelInfo:
    """How full the log is, when it changed, and what can be done with it.

    Attributes:
        version: 51h for IPMI v1.5 and v2.0.
        free_bytes: 65535 means that or more.
        last_addition: ISO 8601; null where there is none, and ``last_addition_missing`` says why.
        last_erase: likewise.
        commands: ``Delete``, ``Partial Add``, ``Reserve``, ``Get Alloc Info``: those that are supported.
        allocation: the log's space in units; null where the controller does not tell.
    """

    version: int
    entries: int
    free_bytes: int
    last_addition: str | None
    last_addition_missing: str | None
    last_erase: str | None
    last_erase_missing: str | None
    overflow: bool
    commands: tuple[str, ...]
    allocation: SelAllocation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelAllocation:
    """How the log allots its space."""

    units: int
    unit_bytes: int
    free_units: int
    largest_free_units: int
    most_units_of_a_record: int


@shape(
    "sel list", "sel elist", "sel get", "sel save", "sel add", "sel writeraw", "sel readraw", "sel interpret"
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SelItem:
    """An entry of the log.

    Attributes:
        record_id: what finds it.
        record_type: 2 for an event.
        time: ISO 8601; null where the entry has none.
        time_missing: why: ``pre-init N s`` since the controller's start, ``unspecified``, or ``none`` for a
            type of record without a time; null where there is one.
        sensor: its name, where the records were asked for it.
        sensor_number: null for a maker's own type.
        sensor_type: in ipmitool's words; null for a maker's own type.
        event: in ipmitool's words; null where it has none.
        asserted: the state began, or it ended; null for a maker's own type.
        generator: address and LUN of who sent it; null for a maker's own type.
        raw: all 16 bytes in hexadecimal.
    """

    record_id: int
    record_type: int
    time: str | None
    time_missing: str | None
    raw: str
    sensor: str | None = None
    sensor_number: int | None = None
    sensor_type: str | None = None
    event: str | None = None
    asserted: bool | None = None
    generator: int | None = None


@shape("sel time get", "sel time set")
@dataclass(frozen=True, slots=True, kw_only=True)
class SelTime:
    """The log's clock.

    Attributes:
        time: ISO 8601; null where it was never set, and ``time_missing`` says what it counts.
    """

    time: str | None
    time_missing: str | None


@shape("sel delete")
@dataclass(frozen=True, slots=True, kw_only=True)
class SelDeletion:
    """An entry that is gone."""

    record_id: int


@shape("sel clear")
@dataclass(frozen=True, slots=True, kw_only=True)
class SelErasure:
    """The log is being erased."""

    started: bool


@shape("sel utc-offset")
@dataclass(frozen=True, slots=True, kw_only=True)
class SelUtcOffset:
    """How the log's clock stands to UTC.

    Attributes:
        minutes: it is so many before UTC; null: it does not know.
    """

    minutes: int | None


@shape("sel add-parts")
@dataclass(frozen=True, slots=True, kw_only=True)
class SelAdded:
    """An entry that was added.

    Attributes:
        record_id: that the log gave it.
    """

    record_id: int


@shape("sel auxiliary")
@dataclass(frozen=True, slots=True, kw_only=True)
class AuxiliaryLogFacts:
    """How far a log beside the SEL is.

    Attributes:
        log: ``mca``, ``oem1`` or ``oem2``.
        last_entry: ISO 8601; null if that is not known.
        entries: of the machine check log; null of others, or if that is not known.
        manufacturer_id: of a maker's log; null of the machine check log.
        status: of a maker's log, its own bytes.
    """

    log: str
    last_entry: str | None
    entries: int | None
    manufacturer_id: int | None
    status: bytes
