"""What the verbs of ``pef`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value, told


@shape("pef info")
class PefInfo(Value, kw_only=True):
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
class PefStatus(Value, kw_only=True):
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
class Filter(Value, kw_only=True):
    """An event filter.

    Attributes:
        facts: what the text says of an enabled filter, by ipmitool's names.
    """

    id: int
    status: str
    facts: dict[str, str] = told(default_factory=dict[str, str])


@shape("pef policy list")
class Policy(Value, kw_only=True):
    """An entry of the alert policy table.

    Attributes:
        facts: what the text says of it, by ipmitool's names.
    """

    id: int
    facts: dict[str, str] = told(default_factory=dict[str, str])


@shape(
    "pef enable", "pef disable", "pef filter enable", "pef filter disable", "pef policy enable",
    "pef policy disable",
)  # fmt: skip
class PefSwitch(Value, kw_only=True):
    """What was switched."""

    table: str
    id: int
    enabled: bool


@shape("pef capabilities")
class PefCapabilities(Value, kw_only=True):
    """What platform event filtering can do.

    Attributes:
        version: ``1.5``.
        actions: what it can do about an event.
        oem_records: records of makers are filtered too.
    """

    version: str
    actions: list[str]
    oem_records: bool
    filters: int


@shape("pef timer get", "pef timer set")
class PefTimer(Value, kw_only=True):
    """The postpone timer.

    Attributes:
        state: ``off``, ``armed`` or ``pef off``: for now nothing is done about events.
        seconds: for how long software may still look at events first; null unless it is armed.
    """

    state: str
    seconds: int | None


@shape("pef last", "pef last set")
class PefLast(Value, kw_only=True):
    """Up to which record of the event log events were processed.

    Attributes:
        last_addition: to the log, ISO 8601; null where there is none.
        last_record: the log's last record; null when it is empty.
        last_software: that software processed; null for none since the log was cleared.
        last_bmc: that the BMC processed; 0 = one that could not be logged, null for none.
    """

    last_addition: str | None
    last_record: int | None
    last_software: int | None
    last_bmc: int | None


@shape("pef alert", "pef alert status", "pef alert clear")
class PefAlert(Value, kw_only=True):
    """An immediate alert.

    Attributes:
        status: ``none``, ``sent``, ``failed``, ``not acknowledged`` or ``in progress``.
    """

    channel: int
    destination: int
    status: str


@shape("pef string list", "pef string set")
class PefString(Value, kw_only=True):
    """An alert string.

    Attributes:
        number: 0 is the volatile one, for immediate alerts.
        filter: event filter that it belongs to; 0 = none.
        set: by which policies find it for that filter; 0 = none.
    """

    number: int
    filter: int
    set: int
    text: str


@shape("pef filter create", "pef filter delete", "pef policy create", "pef policy delete")
class PefWritten(Value, kw_only=True):
    """An entry that was written.

    Attributes:
        raw: its bytes.
    """

    table: str
    id: int
    raw: bytes


@shape("pef pet ack")
class PetAcknowledged(Value, kw_only=True):
    """A trap that was acknowledged."""

    sequence_number: int


@shape("pet listen")
class ReceivedTrap(Value, kw_only=True):
    """A Platform Event Trap.

    Attributes:
        host: address that sent it.
        port: the port there.
        agent: address that it gives as its own.
        guid: of the system, as it was sent.
        time: when it happened, by the sender's clock, ISO 8601; null where that was never set.
        severity: ``monitor``, ``information``, ``ok``, ``non-critical``, ``critical``, ``non-recoverable`` or
            ``unspecified``.
        sensor: its name from the sender's SDRs, else its number, such as ``#30h``.
        event: what happened.
        asserted: whether the state began.
        reading: of a threshold sensor, in ``unit``; so is ``threshold``; null if no SDR tells it.
        text: the alert string.
        raw: the octets of the trap's variable.
    """

    host: str
    port: int
    agent: str
    guid: str
    sequence_number: int
    time: str | None
    severity: str
    sensor: str
    sensor_type: str
    event: str
    details: tuple[str, ...]
    asserted: bool | None
    reading: float | None
    threshold: float | None
    unit: str
    text: str
    raw: bytes
