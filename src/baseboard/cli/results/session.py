"""What ``session info`` finds."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("session info")
class SessionInfo(Value, kw_only=True):
    """A slot for a session, and the session in it; None for what is not told.

    Attributes:
        handle: 0 = no session.
        slots: how many the controller has.
        active: how many are in use.
        kind: ``IPMIv2/RMCP+`` or ``IPMIv1.5``.
        address: of the console; ``mac`` and ``port`` as well.
        activity: what the serial line is used for.
    """

    handle: int
    slots: int
    active: int
    user_id: int | None = None
    privilege: str | None = None
    kind: str | None = None
    channel: int | None = None
    address: str | None = None
    mac: str | None = None
    port: int | None = None
    activity: str | None = None
