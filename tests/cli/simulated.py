"""A server of the lab's make-up behind a script, for tests of the program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.makeups import makeup
from baseboard.testing.scripted import Line, Script, ScriptedBmc
from tests.bmc.fakes import ADMIN

GUID = bytes(range(16))


@dataclass(frozen=True)
class Told:
    """What the program printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Standard output as JSON, a document a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def document(self) -> dict[str, Any]:
        """The one document that there is."""
        (one,) = self.documents
        return one


@dataclass(frozen=True)
class Simulated:
    """The server.

    Attributes:
        port: UDP port of its BMC.
        script: what is answered otherwise than the simulated BMC does, and all that was asked.
    """

    port: int
    script: Script
    username: str
    password: str

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def login(self) -> tuple[str, ...]:
        return ("-H", self.place, "-U", self.username, "-E")

    @property
    def asked(self) -> list[tuple[int, int]]:
        """Network function and command of everything that came."""
        return [(netfn, cmd) for netfn, cmd, _ in self.script.asked]

    @contextmanager
    def answers(self, lines: dict[tuple[int, int], Line]) -> Iterator[None]:
        """Let commands be answered otherwise, for a while."""
        self.script.lines.update(lines)
        try:
            yield
        finally:
            for key in lines:
                del self.script.lines[key]


@contextmanager
def running(users: tuple[UserSpec, ...] = (ADMIN,)) -> Iterator[Simulated]:
    """Run the server while the block lasts."""
    blueprint = makeup(0, "rack-1", GUID, users=users, powered=True)
    with ScriptedBmc(blueprint, SimulatedServer) as bmc:
        first = users[0]
        yield Simulated(bmc.port, bmc.script, first.name.decode(), first.password.decode())
