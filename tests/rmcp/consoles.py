"""Scripted consoles in front of the small BMC of these tests: they do what a test says, right or wrong."""

from __future__ import annotations

from typing import Any

from baseboard.rmcp import v15, v20
from baseboard.rmcp.machine import Address
from baseboard.testing.raw_console import (
    OPEN_SESSION,
    RAKP_1,
    RAKP_3,
    RawConsole,
    RawConsoleV15,
    RawConsoleV20,
)
from tests.rmcp.bmc import DEVICE_ID, HERE, OPS, Bmc

OPEN = OPEN_SESSION

__all__ = ["OPEN", "RAKP_1", "RAKP_3", "Console15", "Console20", "setup_packet"]


def setup_packet(kind: int, payload: bytes) -> bytes:
    return v20.wrap(kind, 0, 0, payload)


class Asking(RawConsole):
    """What consoles of both versions can be told here."""

    def asking(self, command: tuple[int, int] = DEVICE_ID, data: bytes = b"") -> bytes:
        """The message of the next request."""
        return self.message(*command, data)

    def answer(self, packet: bytes | None = None) -> bytes | None:
        """Send a packet, by default Get Device ID; return completion code and data, None for silence."""
        answer = self.send(self.packet(self.asking()) if packet is None else packet)
        return None if answer is None else self.unwrap_response(answer)


class Console20(Asking, RawConsoleV20):
    """One console of ``bmc`` that logs in by RMCP+, as the user ``ops`` unless told otherwise."""

    def __init__(
        self,
        bmc: Bmc,
        name: bytes = b"ops",
        password: bytes = OPS.password,
        *,
        suite: int = 3,
        address: Address = HERE,
        **options: Any,
    ) -> None:
        super().__init__(bmc.ask, name, password, suite=suite, address=address, **options)
        self.bmc = bmc

    def request(self, command: tuple[int, int] = DEVICE_ID, data: bytes = b"") -> bytes:
        """The packet of the next request."""
        return self.packet(self.asking(command, data))


class Console15(Asking, RawConsoleV15):
    """One console of ``bmc`` that logs in by IPMI v1.5, as the user ``ops`` unless told otherwise."""

    def __init__(
        self,
        bmc: Bmc,
        name: bytes = b"ops",
        password: bytes = OPS.password,
        *,
        address: Address = HERE,
        **options: Any,
    ) -> None:
        super().__init__(bmc.ask, name, password, address=address, **options)
        self.bmc = bmc

    def say(self, packet: bytes) -> v15.Packet | None:
        """Send a packet; return its answer, verified."""
        answer = self.send(packet)
        if answer is None:
            return None
        packet_back = v15.unwrap(answer)
        assert packet_back.verify(self.password)
        return packet_back

    def activate(self, packet: bytes | None = None) -> int | None:
        """Activate Session; the answer has the first of the BMC's numbers (§13.7.2.1)."""
        code = super().activate(packet)
        assert code is None or self.sequence == self.outbound
        assert code != 0 or self.granted == self.privilege
        return code
