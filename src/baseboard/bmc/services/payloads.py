"""Payloads other than IPMI messages: what a channel has, and where what comes in goes (§24)."""

from __future__ import annotations

from baseboard.bmc.services.sol import Sol
from baseboard.codes import PayloadType
from baseboard.rmcp.session import PayloadReceived, Session


class Payloads:
    """The payloads of a BMC; SOL is the one that there is."""

    __slots__ = ("_sol",)

    def __init__(self, sol: Sol) -> None:
        self._sol = sol

    def received(self, event: PayloadReceived) -> None:
        """A packet of a payload that was activated; others never get this far."""
        if event.payload_type == PayloadType.SOL:
            self._sol.received(event.session, event.data)

    def session_closed(self, session: Session) -> None:
        """A session ended, and its payloads with it."""
        self._sol.session_closed(session)
