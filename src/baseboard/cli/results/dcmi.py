"""What the verbs of ``dcmi`` find."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("dcmi discover")
@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """A capability parameter.

    Attributes:
        parameter: ``platform``, ``mandatory_attributes``, ``optional_attributes`` or ``managebility access``.
        version: of DCMI, such as ``1.5``.
        data: the parameter's bytes in hex.
    """

    parameter: str
    version: str
    data: str


@shape("dcmi power reading")
@dataclass(frozen=True, slots=True, kw_only=True)
class PowerReading:
    """The platform's power, in watts.

    Attributes:
        time: ISO 8601; null where there is none, and ``time_missing`` says why.
        period_ms: of minimum, maximum and average.
        active: power is being measured.
    """

    current: int
    minimum: int
    maximum: int
    average: int
    time: str | None
    time_missing: str | None
    period_ms: int
    active: bool


@shape("dcmi power get_limit", "dcmi power set_limit")
@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLimit:
    """The power limit.

    Attributes:
        action: what happens when it cannot be kept, in ipmitool's words.
        limit: watts.
        correction_ms: until the power has to be below it again.
        period: seconds of the statistics.
    """

    active: bool
    action: str
    limit: int
    correction_ms: int
    period: int


@shape("dcmi power activate", "dcmi power deactivate")
@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLimitSwitch:
    """Whether the power limit is kept."""

    active: bool


@shape("dcmi sensors")
@dataclass(frozen=True, slots=True, kw_only=True)
class Sensors:
    """The temperature sensors of a place.

    Attributes:
        place: ``Inlet``, ``CPU`` or ``Baseboard``.
        records: IDs of their SDRs.
    """

    place: str
    records: list[int]


@shape("dcmi asset_tag", "dcmi set_asset_tag", "dcmi get_mc_id_string", "dcmi set_mc_id_string")
@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The asset tag, or the controller's identifier string."""

    text: str


@shape("dcmi thermalpolicy get", "dcmi thermalpolicy set")
@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalPolicy:
    """What happens when a temperature is too high for too long.

    Attributes:
        limit: degrees.
        exception_seconds: for how long.
    """

    entity_id: int
    instance: int
    persistent: bool
    power_off: bool
    log_only: bool
    limit: int
    exception_seconds: int


@shape("dcmi get_temp_reading")
@dataclass(frozen=True, slots=True, kw_only=True)
class Temperature:
    """A temperature.

    Attributes:
        place: ``Inlet``, ``CPU`` or ``Baseboard``.
        celsius: degrees Celsius.
    """

    place: str
    instance: int
    celsius: int


@shape("dcmi get_conf_param")
@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """How the controller finds its management server by DHCP; times in seconds."""

    identifier: bool
    vendor_class: bool
    initial_timeout: int
    contact_timeout: int
    retry_interval: int


@shape("dcmi set_conf_param")
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationChange:
    """What was changed."""

    parameter: str
    value: int


@shape("dcmi oob_discover")
@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The answer to a Presence Ping.

    Attributes:
        ipmi: the controller says that it does IPMI.
        dcmi: it says that it does DCMI.
    """

    ipmi: bool
    dcmi: bool
