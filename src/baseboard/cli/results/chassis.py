"""What the verbs of ``chassis`` find; those of its power are in `baseboard.cli.results.power`."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("chassis status")
class ChassisStatus(Value, kw_only=True):
    """The chassis, its power and its faults."""

    power_on: bool
    power_overload: bool
    power_interlock: bool
    main_power_fault: bool
    power_control_fault: bool
    power_restore_policy: str
    last_power_event: tuple[str, ...]
    chassis_intrusion: bool
    front_panel_lockout: bool
    drive_fault: bool
    cooling_fault: bool
    disabled_buttons: tuple[str, ...]
    buttons_that_may_be_disabled: tuple[str, ...]


@shape("chassis identify")
class ChassisIdentify(Value, kw_only=True):
    """For how long the identify light is on.

    Attributes:
        seconds: 0 = off; None = until told otherwise.
    """

    seconds: int | None


@shape("chassis poh")
class PowerOnHours(Value, kw_only=True):
    """How long the host has been powered, over its life."""

    minutes: int
    minutes_per_count: int


@shape("chassis restart_cause")
class RestartCause(Value, kw_only=True):
    """Why the host last started."""

    cause: str


@shape("chassis policy")
class PowerPolicy(Value, kw_only=True):
    """What the host does when mains power returns.

    Attributes:
        policy: what was set; None for ``list``.
        supported: what the chassis knows.
    """

    policy: str | None
    supported: tuple[str, ...]


@shape("chassis bootdev", "chassis bootparam set")
class BootDeviceChange(Value, kw_only=True):
    """The boot device that was set.

    Attributes:
        flags: the five bytes of the boot flags as hexadecimal digits.
    """

    device: str
    flags: str


@shape("chassis bootparam get")
class BootParameter(Value, kw_only=True):
    """A boot option.

    Attributes:
        data: its bytes as hexadecimal digits.
        meaning: what they say, a line each.
    """

    parameter: int
    valid: bool
    data: str
    meaning: tuple[str, ...]


@shape("chassis bootmbox get")
class BootMailbox(Value, kw_only=True):
    """The boot initiator mailbox.

    Attributes:
        block: the one that was asked for; None = all of them.
        data: bytes as hexadecimal digits.
    """

    block: int | None
    data: str
