"""What the verbs of ``picmg`` and ``vita`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("picmg properties")
class PicmgProperties(Value, kw_only=True):
    """Which PICMG extension a controller speaks."""

    version: str
    max_fru_id: int
    fru_id: int


@shape("vita properties")
class VitaProperties(Value, kw_only=True):
    """What a controller is in VITA's terms."""

    version: str
    tier: int
    layer: int
    max_fru_id: int
    fru_id: int


@shape("picmg addrinfo", "vita addrinfo")
class FruAddress(Value, kw_only=True):
    """Where a FRU is, and at which addresses it is reached."""

    hardware_address: int
    ipmb_address: int
    fru_id: int
    site_id: int
    site_type: int


@shape("picmg policy get", "vita policy get")
class FruPolicy(Value, kw_only=True):
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
class LinkState(Value, kw_only=True):
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
class LedCount(Value, kw_only=True):
    """The LEDs of a FRU.

    Attributes:
        general: mask of the four that PICMG names; null for VITA.
        count: of the others; for VITA of all.
    """

    fru_id: int
    general: int | None
    count: int


@shape("picmg led cap", "vita led cap")
class LedColors(Value, kw_only=True):
    """The colors of a LED, by their names."""

    fru_id: int
    led: int
    colors: list[str]
    local_default: str
    override_default: str


@shape("picmg led get", "vita led get")
class LedNow(Value, kw_only=True):
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
class FruPower(Value, kw_only=True):
    """The level of power of a FRU, and what each level draws, in watts."""

    fru_id: int
    dynamic: bool
    level: int
    watts: list[float]


@shape("picmg clk get")
class ClockState(Value, kw_only=True):
    """A clock; family, accuracy and frequency are null while it is disabled."""

    clock: int
    enabled: bool
    source: bool
    pll: int
    family: int | None
    accuracy: int | None
    hertz: int | None


@shape("picmg busres summary")
class BusedResourceStatus(Value, kw_only=True):
    """A resource that boards share, and whether this one has it."""

    resource: int
    name: str
    in_control: bool


@shape(
    "picmg activate", "picmg deactivate", "picmg frucontrol", "picmg policy set", "picmg led set",
    "picmg power set", "picmg portstate set", "picmg amcportstate set", "picmg clk set", "vita activate",
    "vita deactivate", "vita frucontrol", "vita policy set", "vita led set",
)  # fmt: skip
class ShelfChange(Value, kw_only=True):
    """What was changed: the verb, and the FRU, channel or clock."""

    verb: str
    number: int
