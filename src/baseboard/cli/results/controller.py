"""What the verbs find that ipmitool has not: of controller, chassis, channel and DCMI."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("mc deviceguid")
@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceGuid:
    """The controller's own GUID."""

    guid: str


@shape("mc acpi", "mc acpi set")
@dataclass(frozen=True, slots=True, kw_only=True)
class AcpiStates:
    """ACPI states, as software told them, such as ``s0_g0`` and ``d0``."""

    system: str
    device: str


@shape("mc interface")
@dataclass(frozen=True, slots=True, kw_only=True)
class SystemInterface:
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
@dataclass(frozen=True, slots=True, kw_only=True)
class ManufacturingMode:
    """The mode is on."""

    on: bool


@shape("chassis capabilities", "chassis capabilities set")
@dataclass(frozen=True, slots=True, kw_only=True)
class ChassisCapabilities:
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
@dataclass(frozen=True, slots=True, kw_only=True)
class ChassisResetDone:
    """The system was reset."""

    reset: bool


@shape("chassis buttons")
@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """A button of the front panel.

    Attributes:
        button: ``power``, ``reset``, ``diag`` or ``standby``.
        may_be_disabled: the chassis has it, and can disable it.
    """

    button: str
    may_be_disabled: bool
    disabled: bool


@shape("chassis interval")
@dataclass(frozen=True, slots=True, kw_only=True)
class CycleInterval:
    """How long a power cycle is off."""

    seconds: int


@shape("channel access")
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAccessSettings:
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
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKey:
    """The key for two-key logins, without itself.

    Attributes:
        lock: ``not_lockable``, ``locked`` or ``unlocked``.
    """

    channel: int
    lock: str


@shape("user authcode")
@dataclass(frozen=True, slots=True, kw_only=True)
class AuthCode:
    """What the controller made of the data, in hexadecimal."""

    auth_code: str


@shape("dcmi capabilities")
@dataclass(frozen=True, slots=True, kw_only=True)
class DcmiCapabilities:
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
@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLimitNow:
    """The power limit.

    Attributes:
        action: what happens when it cannot be kept: ``none``, ``log``, ``off`` or an OEM's number.
    """

    active: bool
    watts: int
    action: str
    correction_ms: int
    statistics_seconds: int
