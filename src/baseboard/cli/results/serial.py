"""What the verbs of ``serial`` find."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("serial print", "serial get")
@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSetting:
    """A serial/modem parameter.

    Attributes:
        parameter: its name.
        entry: of a table; null where there is none.
        values: its fields by name.
    """

    channel: int
    parameter: str
    selector: int
    entry: int | None
    values: dict[str, object]


@shape("serial mux")
@dataclass(frozen=True, slots=True, kw_only=True)
class Mux:
    """Who has a shared line.

    Attributes:
        at: ``bmc`` or ``system``.
        accepted: the request was, or it was forced.
    """

    at: str
    accepted: bool
    alert_in_progress: bool
    messaging_active: bool
    to_system_blocked: bool
    to_bmc_blocked: bool


@shape("serial route")
@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The entry of parameter 51 that holds."""

    entry: int


@shape("serial callback user")
@dataclass(frozen=True, slots=True, kw_only=True)
class SerialCallback:
    """How a user may be called back.

    Attributes:
        options: what may be agreed on by CBCP.
        destinations: their selectors.
    """

    user_id: int
    ipmi: bool
    cbcp: bool
    options: list[str]
    destinations: list[int]


@shape("serial tap")
@dataclass(frozen=True, slots=True, kw_only=True)
class TapCodes:
    """What a paging service said last, the newest first."""

    codes: list[str]


@shape("serial proxy")
@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyData:
    """Bytes of the UDP proxy, hexadecimal digits; empty = there are none."""

    data: str
