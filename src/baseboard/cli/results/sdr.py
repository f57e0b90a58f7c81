"""What the verbs of ``sdr`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("sdr list", "sdr elist", "sdr type", "sdr entity", "sdr get")
class SdrItem(Value, kw_only=True):
    """A record, and what its sensor says.

    Attributes:
        record_id: what finds it in the repository.
        record_type: ``full``, ``compact``, ``event-only``, ``controller``, ``fru`` or ``generic``.
        name: its ID string.
        entity: ID and instance, such as ``3.1``.
        entity_name: in ipmitool's words.
        sensor_number: null for a device.
        sensor_type: in ipmitool's words; null for a device.
        status: ``ok``, ``nc``, ``cr`` or ``nr`` by the threshold that is reached, ``ns`` without a reading.
        raw: the reading as a byte; null without one.
        value: the reading as a number; null without one.
        unit: of that number; empty without one.
        states: of a discrete sensor, in ipmitool's words.
    """

    record_id: int
    record_type: str
    name: str
    entity: str
    entity_name: str
    sensor_number: int | None = None
    sensor_type: str | None = None
    status: str = "ns"
    raw: int | None = None
    value: float | None = None
    unit: str = ""
    states: tuple[str, ...] = ()


@shape("sdr info")
class SdrInfo(Value, kw_only=True):
    """How full the repository is, when it changed, and what can be done with it.

    Attributes:
        version: 51h for IPMI v1.5 and v2.0.
        free_bytes: null where the controller does not say.
        last_addition: ISO 8601; null where there is none, and ``last_addition_missing`` says why.
        last_erase: likewise.
        update: ``unspecified``, ``non-modal``, ``modal`` or ``modal and non-modal``.
    """

    version: int
    records: int
    free_bytes: int | None
    last_addition: str | None
    last_addition_missing: str | None
    last_erase: str | None
    last_erase_missing: str | None
    overflow: bool
    update: str
    delete: bool
    partial_add: bool
    reserve: bool
    allocation_info: bool


@shape("sdr dump")
class SdrDump(Value, kw_only=True):
    """What was written to a file."""

    file: str
    records: int


@shape("sdr fill")
class SdrFill(Value, kw_only=True):
    """What was written to the repository.

    Attributes:
        records: added.
        failed: that could not be added.
    """

    records: int
    failed: int
