"""What the verbs find that ipmitool has not."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("sel follow", "event listen")
class FollowedEvent(Value, kw_only=True):
    """An event, as it came.

    Attributes:
        time: ISO 8601; null where the record has none.
        time_missing: why: ``pre-init N s`` since the controller's start, ``unspecified``, or ``none`` for a
            type of record without a time; null where there is one.
        raw: its 16 bytes.
        asserted: whether the state began; None for a maker's own record.
        reading: of a threshold sensor, in ``unit``; so is ``threshold``.
    """

    record_id: int
    time: str | None
    time_missing: str | None
    generator: str
    sensor: str
    sensor_type: str
    event: str
    details: tuple[str, ...]
    asserted: bool | None
    reading: float | None
    threshold: float | None
    unit: str
    raw: bytes


@shape("sensor watch", "sensor plot")
class WatchedReading(Value, kw_only=True):
    """A reading at a moment.

    Attributes:
        time: when it was read, ISO 8601.
        reading: in ``unit``; None where there is none.
        states: what holds, in words.
        status: ``ok``, ``nc``, ``cr``, ``nr``, or ``ns`` without a reading.
        why: why there is no reading; empty if there is one.
    """

    time: str
    name: str
    reading: float | None
    unit: str
    states: tuple[str, ...]
    status: str
    why: str


class SpecifiedCommand(Value, kw_only=True):
    """A command of the specification, or with ``--all`` one of another document.

    Attributes:
        netfn: network function of the request, two hexadecimal digits as in the table.
        cmd: command number, likewise.
        group_ext_id: of a group extension, its defining body, likewise; of an OEM command the enterprise
            number, six digits; else empty.
        section: of IPMI v2.0, or of the document named.
        bmc: whether the simulated BMC has a handler for it.
        console: whether a verb or an option is there to send it.
        verified: whether a readable source confirms all of it.
        tests: the conformance tests that show what it does.
    """

    name: str
    netfn: str
    cmd: str
    group_ext_id: str
    section: str
    bmc: bool
    console: bool
    verified: bool
    tests: tuple[str, ...]


class ExplainedField(Value, kw_only=True):
    """A field of explained bytes.

    Attributes:
        first: number of its first byte, as the table of its message counts.
        last: number of its last byte.
        raw: those bytes.
        field: its name; empty for what is no field.
        value: what it says.
        note: what the table says.
    """

    first: int
    last: int
    raw: bytes
    field: str
    value: str
    note: str


@shape("explain")
class ExplainedPart(Value, kw_only=True):
    """A part of explained bytes: a header, a message, an area.

    Attributes:
        title: what it is.
        raw: its bytes.
        fields: what they say.
    """

    title: str
    raw: bytes
    fields: tuple[ExplainedField, ...]


@shape("discover")
class Discovered(Value, kw_only=True):
    """What answers at an address.

    Attributes:
        pong: it answered a presence ping.
        ipmi: it speaks IPMI.
        versions: of IPMI that one may log in with.
        auth_types: of v1.5.
        kg_set: logins need K_G.
        anonymous: one may log in without name and password.
        null_users: one may log in without a name.
        manufacturer: enterprise number of the maker, where it tells.
    """

    host: str
    address: str
    port: int
    pong: bool
    ipmi: bool
    versions: tuple[str, ...]
    auth_types: tuple[str, ...]
    kg_set: bool
    anonymous: bool
    null_users: bool
    manufacturer: int | None


@shape("doctor")
class StageFinding(Value, kw_only=True):
    """What was found at a stage of a login.

    Attributes:
        verdict: ``ok``, ``note`` or ``failed``.
        advice: what to do; empty where nothing is.
    """

    stage: str
    verdict: str
    text: str
    advice: str
