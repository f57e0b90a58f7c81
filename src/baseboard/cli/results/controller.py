"""What the verbs find that ipmitool has not: of controller, chassis, channel and DCMI."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("mc deviceguid")
class DeviceGuid(Value, kw_only=True):
    """The controller's own GUID."""

    guid: str


@shape("mc acpi", "mc acpi set")
class AcpiStates(Value, kw_only=True):
    """ACPI states, as software told them, such as ``s0_g0`` and ``d0``."""

    system: str
    device: str


@shape("mc interface")
class SystemInterface(Value, kw_only=True):
    """How messages cross a system interface.

    Attributes:
        kind: ``kcs``, ``smic``, ``ssif`` or ``bt``.
        input_bytes: of the longest request.
        output_bytes: of the longest response; null where that is not told.
        pec: packet error codes; null where there are none (they are SSIF's).
        parts: ``single_part``, ``start_and_end`` or ``start_middle_and_end``; null but for SSIF.
        outstanding: requests at a time; null but for BT, like the next two.
        response_seconds: until a request counts as lost.
        retries: how often it is to be sent again.
    """

    kind: str
    input_bytes: int
    output_bytes: int | None
    pec: bool | None
    parts: str | None
    outstanding: int | None
    response_seconds: int | None
    retries: int | None


@shape("mc manufacturing")
class ManufacturingMode(Value, kw_only=True):
    """The mode is on."""

    on: bool


@shape("chassis capabilities", "chassis capabilities set")
class ChassisCapabilities(Value, kw_only=True):
    """What the chassis has, and the slave addresses of its devices; 0 = not told."""

    power_interlock: bool
    diagnostic_interrupt: bool
    front_panel_lockout: bool
    intrusion_sensor: bool
    fru: int
    sdr: int
    sel: int
    system_management: int
    bridge: int | None


@shape("chassis reset")
class ChassisResetDone(Value, kw_only=True):
    """The system was reset."""

    reset: bool


@shape("chassis buttons")
class Buttons(Value, kw_only=True):
    """A button of the front panel.

    Attributes:
        button: ``power``, ``reset``, ``diag`` or ``standby``.
        may_be_disabled: the chassis has it, and can disable it.
    """

    button: str
    may_be_disabled: bool
    disabled: bool


@shape("chassis interval")
class CycleInterval(Value, kw_only=True):
    """How long a power cycle is off."""

    seconds: int


@shape("channel access")
class ChannelAccessSettings(Value, kw_only=True):
    """How a channel may be used.

    Attributes:
        which: ``stored``, from the next restart on, or ``present``.
        mode: ``always``, ``disabled``, ``pre-boot`` or ``shared``.
        limit: highest privilege level, such as ``administrator``.
    """

    which: str
    mode: str
    limit: str
    alerting: bool
    per_message_authentication: bool
    user_level_authentication: bool


@shape("channel setkg", "channel lockkg")
class ChannelKey(Value, kw_only=True):
    """The key for two-key logins, without itself.

    Attributes:
        lock: ``not_lockable``, ``locked`` or ``unlocked``.
    """

    channel: int
    lock: str


@shape("user authcode")
class AuthCode(Value, kw_only=True):
    """What the controller made of the data, in hexadecimal."""

    auth_code: str


@shape("dcmi capabilities")
class DcmiCapabilities(Value, kw_only=True):
    """What the platform has of DCMI; null where it does not tell.

    Attributes:
        sampling_seconds: between two looks at a temperature.
        power_controller: slave address of the controller that manages the power.
        primary_lan: channel number; null for none, as the next two.
        periods: of the rolling averages of power, such as ``15 min``.
    """

    power_management: bool
    in_band: bool
    sel_entries: int | None
    sel_rollover: bool | None
    sampling_seconds: int | None
    power_controller: int | None
    primary_lan: int | None
    secondary_lan: int | None
    serial: int | None
    periods: list[str]


@shape("dcmi power limit")
class PowerLimitNow(Value, kw_only=True):
    """The power limit.

    Attributes:
        action: what happens when it cannot be kept: ``none``, ``log``, ``off`` or an OEM's number.
    """

    active: bool
    watts: int
    action: str
    correction_ms: int
    statistics_seconds: int
