"""What the verbs of ``picmg`` and ``vita`` find."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("picmg properties")
@dataclass(frozen=True, slots=True, kw_only=True)
class PicmgProperties:
    """Which PICMG extension a controller speaks."""

    version: str
    max_fru_id: int
    fru_id: int


@shape("vita properties")
@dataclass(frozen=True, slots=True, kw_only=True)
class VitaProperties:
    """What a controller is in VITA's terms."""

    version: str
    tier: int
    layer: int
    max_fru_id: int
    fru_id: int


@shape("picmg addrinfo", "vita addrinfo")
@dataclass(frozen=True, slots=True, kw_only=True)
class FruAddress:
    """Where a FRU is, and at which addresses it is reached."""

    hardware_address: int
    ipmb_address: int
    fru_id: int
    site_id: int
    site_type: int


@shape("picmg policy get", "vita policy get")
@dataclass(frozen=True, slots=True, kw_only=True)
class FruPolicy:
    """What a FRU may do by itself.

    Attributes:
        deactivation_ignored: null where PICMG has no such bit; so the next one.
    """

    fru_id: int
    activation_locked: bool
    deactivation_locked: bool
    deactivation_ignored: bool | None = None
    locked_by_default: bool | None = None


@shape("picmg portstate get", "picmg amcportstate get")
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """A link, and whether it is enabled.

    Attributes:
        interface: of the backplane; null for an AMC link.
        ports: lanes, a bit each.
    """

    interface: int | None
    channel: int
    ports: int
    link_type: int
    extension: int
    group: int
    enabled: bool


@shape("picmg led prop", "vita led prop")
@dataclass(frozen=True, slots=True, kw_only=True)
class LedCount:
    """The LEDs of a FRU.

    Attributes:
        general: mask of the four that PICMG names; null for VITA.
        count: of the others; for VITA of all.
    """

    fru_id: int
    general: int | None
    count: int


@shape("picmg led cap", "vita led cap")
@dataclass(frozen=True, slots=True, kw_only=True)
class LedColors:
    """The colors of a LED, by their names."""

    fru_id: int
    led: int
    colors: list[str]
    local_default: str
    override_default: str


@shape("picmg led get", "vita led get")
@dataclass(frozen=True, slots=True, kw_only=True)
class LedNow:
    """What a LED does.

    Attributes:
        local_function: what it does by itself: 0 off, 255 on, else blinking.
        override_function: what it was told to do; null = nothing. So the color.
    """

    fru_id: int
    led: int
    local_function: int
    local_color: str
    override_function: int | None
    override_color: str | None
    lamp_test: bool


@shape("picmg power get")
@dataclass(frozen=True, slots=True, kw_only=True)
class FruPower:
    """The level of power of a FRU, and what each level draws, in watts."""

    fru_id: int
    dynamic: bool
    level: int
    watts: list[float]


@shape("picmg clk get")
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """A clock; family, accuracy and frequency are null while it is disabled."""

    clock: int
    enabled: bool
    source: bool
    pll: int
    family: int | None
    accuracy: int | None
    hertz: int | None


@shape("picmg busres summary")
@dataclass(frozen=True, slots=True, kw_only=True)
class BusedResourceStatus:
    """A resource that boards share, and whether this one has it."""

    resource: int
    name: str
    in_control: bool


@shape(
    "picmg activate", "picmg deactivate", "picmg frucontrol", "picmg policy set", "picmg led set",
    "picmg power set", "picmg portstate set", "picmg amcportstate set", "picmg clk set", "vita activate",
    "vita deactivate", "vita frucontrol", "vita policy set", "vita led set",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfChange:
    """What was changed: the verb, and the FRU, channel or clock."""

    verb: str
    number: int
