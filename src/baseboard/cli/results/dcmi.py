"""What the verbs of ``dcmi`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("dcmi discover")
class Capabilities(Value, kw_only=True):
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
class PowerReading(Value, kw_only=True):
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
class PowerLimit(Value, kw_only=True):
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
class PowerLimitSwitch(Value, kw_only=True):
    """Whether the power limit is kept."""

    active: bool


@shape("dcmi sensors")
class Sensors(Value, kw_only=True):
    """The temperature sensors of a place.

    Attributes:
        place: ``Inlet``, ``CPU`` or ``Baseboard``.
        records: IDs of their SDRs.
    """

    place: str
    records: list[int]


@shape("dcmi asset_tag", "dcmi set_asset_tag", "dcmi get_mc_id_string", "dcmi set_mc_id_string")
class Text(Value, kw_only=True):
    """The asset tag, or the controller's identifier string."""

    text: str


@shape("dcmi thermalpolicy get", "dcmi thermalpolicy set")
class ThermalPolicy(Value, kw_only=True):
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
class Temperature(Value, kw_only=True):
    """A temperature.

    Attributes:
        place: ``Inlet``, ``CPU`` or ``Baseboard``.
        celsius: degrees Celsius.
    """

    place: str
    instance: int
    celsius: int


@shape("dcmi get_conf_param")
class Configuration(Value, kw_only=True):
    """How the controller finds its management server by DHCP; times in seconds."""

    identifier: bool
    vendor_class: bool
    initial_timeout: int
    contact_timeout: int
    retry_interval: int


@shape("dcmi set_conf_param")
class ConfigurationChange(Value, kw_only=True):
    """What was changed."""

    parameter: str
    value: int


@shape("dcmi oob_discover")
class Pong(Value, kw_only=True):
    """The answer to a Presence Ping.

    Attributes:
        ipmi: the controller says that it does IPMI.
        dcmi: it says that it does DCMI.
    """

    ipmi: bool
    dcmi: bool
