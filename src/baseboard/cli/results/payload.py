"""What the verbs of ``payload`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("payload support", "payload access get")
class PayloadKind(Value, kw_only=True):
    """A payload type that a channel has, or that a user may use.

    Attributes:
        payload_type: 0-63.
        name: in words.
    """

    payload_type: int
    name: str


@shape("payload version")
class PayloadVersion(Value, kw_only=True):
    """The version of a payload's format; None where the channel does not have it."""

    payload_type: int
    name: str
    version: str | None


@shape("payload oem")
class OemPayloadOwner(Value, kw_only=True):
    """Whose an OEM payload is.

    Attributes:
        payload_type: 2 = OEM explicit, 32-39 = OEM0 to OEM7.
        iana: enterprise number of the maker.
        payload_id: the maker's number for it.
    """

    payload_type: int
    iana: int
    payload_id: int
    version: str


@shape("payload status")
class PayloadUse(Value, kw_only=True):
    """Which instances of a payload are in use.

    Attributes:
        capacity: how many there can be at a time.
        active: numbers of those that are.
    """

    payload_type: int
    name: str
    capacity: int
    active: tuple[int, ...]


@shape("payload instance")
class PayloadOwner(Value, kw_only=True):
    """Whose an instance of a payload is.

    Attributes:
        session_id: of the session that has it; 0 = it is not active.
        information: the payload's own eight bytes; of SOL the first is the number of the serial port.
    """

    payload_type: int
    name: str
    instance: int
    session_id: int
    information: bytes


@shape("payload access set")
class PayloadAccess(Value, kw_only=True):
    """What a user may use now, or not any more."""

    channel: int
    user_id: int
    payload_types: tuple[int, ...]
    enabled: bool


@shape("payload suspend", "payload resume", "payload new-iv", "payload deactivate", "payload activating")
class PayloadDone(Value, kw_only=True):
    """What was done to an instance of a payload.

    Attributes:
        done: whether there was something to do: an instance that was not active cannot be deactivated.
    """

    payload_type: int
    instance: int
    done: bool
