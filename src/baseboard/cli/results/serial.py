"""What the verbs of ``serial`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("serial print", "serial get")
class SerialSetting(Value, kw_only=True):
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
class Mux(Value, kw_only=True):
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
class Routing(Value, kw_only=True):
    """The entry of parameter 51 that holds."""

    entry: int


@shape("serial callback user")
class SerialCallback(Value, kw_only=True):
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
class TapCodes(Value, kw_only=True):
    """What a paging service said last, the newest first."""

    codes: list[str]


@shape("serial proxy")
class ProxyData(Value, kw_only=True):
    """Bytes of the UDP proxy, hexadecimal digits; empty = there are none."""

    data: str
