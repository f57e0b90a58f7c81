"""A simulated server with DCMI behind a BMC, on virtual time."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.controller import Controller
from baseboard.bmc.makeups import makeup
from baseboard.bmc.services.home import Home
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.testing.clock import VirtualClock
from tests.bmc.harness import Bench

DCMI = b"\xdc"
GROUP = 0x2C
RACK, BLADE, VETERAN = range(3)
USER, OPERATOR, ADMINISTRATOR = 2, 3, 4
LAN = 1
SETTLED = 600.0
"""Seconds after which nothing of a change is left, temperatures included."""


class Platform(Bench):
    """A whole server of one of the make-ups; `server` is what is behind the BMC."""

    def __init__(self, blueprint: Blueprint, store: MemoryStore, clock: VirtualClock) -> None:
        self.blueprint, self.store, self.clock = blueprint, store, clock
        self.server = SimulatedServer(blueprint, clock)
        journal = Journal(store, blueprint.identity.name)
        self.home = Home(blueprint, journal, clock, self.server, random.Random(7).randbytes)
        self.controller = Controller(self.home)
        self.controller.start()

    def dcmi(self, cmd: int, data: str = "", privilege: int = 0) -> bytes:
        """Completion code and what follows it, over LAN at a level, else through the system interface."""
        origin = self.origin(LAN, privilege) if privilege else None
        return self.raw(GROUP, cmd, DCMI + bytes.fromhex(data), origin=origin)

    def watts(self) -> int:
        """What Get Power Reading tells of now."""
        answer = self.dcmi(0x02, "01 00 00")
        assert answer[:2] == b"\0\xdc"
        return int.from_bytes(answer[2:4], "little")

    def events(self) -> list[bytes]:
        """The events of the log: sensor type, sensor number, direction and type, three bytes of data."""
        found: list[bytes] = []
        number = 0
        while len(self.services.sel) and number != 0xFFFF:
            record, number = self.services.sel.read(number)
            found.append(record[10:16])
        return found

    def restarted(self) -> Platform:
        """The server as it comes back after its BMC crashed, host and all."""
        self.controller.stop()
        return Platform(self.blueprint, self.store, self.clock)


def platform(kind: int = RACK, **changes: Any) -> Platform:
    """A server that has been up for long."""
    blueprint = makeup(kind, "node", bytes(range(16)), powered=True)
    made = Platform(replace(blueprint, **changes), MemoryStore(), VirtualClock(now=5000.0))
    made.advance(SETTLED)
    return made
