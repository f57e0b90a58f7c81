"""What the verbs of ``sol`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("sol info")
class SolSettings(Value, kw_only=True):
    """How serial over LAN is configured; a parameter that the controller does not have is 0 or false.

    Attributes:
        privilege: the level needed, in ipmitool's words.
        accumulate_ms: until the characters gathered are sent.
        send_threshold: characters after which they are sent.
        retry_interval_ms: until a packet is sent again.
        volatile_bit_rate: kbit/s of the system's serial port now, or ``IPMI-Over-Serial-Setting``.
        non_volatile_bit_rate: the same when SOL starts.
    """

    channel: int
    set_in_progress: str
    enabled: bool
    force_encryption: bool
    force_authentication: bool
    privilege: str
    accumulate_ms: int
    send_threshold: int
    retry_count: int
    retry_interval_ms: int
    volatile_bit_rate: str
    non_volatile_bit_rate: str
    payload_channel: int
    payload_port: int


@shape("sol payload")
class SolAccess(Value, kw_only=True):
    """Whether a user may use SOL on a channel."""

    channel: int
    user_id: int
    enabled: bool


@shape("sol set")
class SolChange(Value, kw_only=True):
    """What was changed.

    Attributes:
        parameter: ipmitool's word for it, such as ``retry-count``.
    """

    channel: int
    parameter: str
    value: str


@shape("sol activate", "sol deactivate", "sol looptest")
class SolEnd(Value, kw_only=True):
    """How a console ended.

    Attributes:
        why: ``closed``, ``taken``, ``deactivated`` or ``lost``.
    """

    instance: int
    why: str
