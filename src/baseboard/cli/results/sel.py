"""What the verbs of ``sel`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("sel info")
class SelInfo(Value, kw_only=True):
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


class SelAllocation(Value, kw_only=True):
    """How the log allots its space."""

    units: int
    unit_bytes: int
    free_units: int
    largest_free_units: int
    most_units_of_a_record: int


@shape(
    "sel list", "sel elist", "sel get", "sel save", "sel add", "sel writeraw", "sel readraw", "sel interpret"
)
class SelItem(Value, kw_only=True):
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
class SelTime(Value, kw_only=True):
    """The log's clock.

    Attributes:
        time: ISO 8601; null where it was never set, and ``time_missing`` says what it counts.
    """

    time: str | None
    time_missing: str | None


@shape("sel delete")
class SelDeletion(Value, kw_only=True):
    """An entry that is gone."""

    record_id: int


@shape("sel clear")
class SelErasure(Value, kw_only=True):
    """The log is being erased."""

    started: bool


@shape("sel utc-offset")
class SelUtcOffset(Value, kw_only=True):
    """How the log's clock stands to UTC.

    Attributes:
        minutes: it is so many before UTC; null: it does not know.
    """

    minutes: int | None


@shape("sel add-parts")
class SelAdded(Value, kw_only=True):
    """An entry that was added.

    Attributes:
        record_id: that the log gave it.
    """

    record_id: int


@shape("sel auxiliary")
class AuxiliaryLogFacts(Value, kw_only=True):
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
