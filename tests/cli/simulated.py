"""A server of the lab's make-up behind a script, for tests of the program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.blueprint.bridging import IcmbSpec
from baseboard.bmc.blueprint.picmg import PicmgSpec, VitaSpec
from baseboard.bmc.blueprint.serial import SerialSpec
from baseboard.bmc.makeups import makeup
from baseboard.commands.groups.picmg_links import AmcLink, Link, LinkInterface
from baseboard.testing.scripted import Line, Script, ScriptedBmc
from tests.bmc.fakes import ADMIN

GUID = bytes(range(16))
EVERYTHING: Final[dict[str, Any]] = {"icmb": IcmbSpec(address=0x0101), "serial": SerialSpec()}
"""What the make-up does not have, and some verbs are about."""
SHELF: Final[dict[str, Any]] = {
    "picmg": PicmgSpec(
        modules=1,
        links=(
            Link(channel=1, interface=LinkInterface.BASE, ports=1, kind=1, extension=0, group=0, state=0),
        ),
        amc_links=((4, AmcLink(lanes=1, kind=5, extension=0, group=0, state=0)),),
        clocks=(1,),
    ),
    "vita": VitaSpec(modules=1),
}
"""What a BMC in a shelf and in a VPX chassis has; consoles treat it in another way."""


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
    def answers(self, lines: Mapping[tuple[int, int], Line]) -> Iterator[None]:
        """Let commands be answered otherwise, for a while."""
        self.script.lines.update(lines)
        try:
            yield
        finally:
            for key in lines:
                del self.script.lines[key]


@contextmanager
def running(
    users: tuple[UserSpec, ...] = (ADMIN,), *, auth_types: int = 0, **changes: Any
) -> Iterator[Simulated]:
    """Run the server while the block lasts.

    Args:
        auth_types: logins of IPMI v1.5 that it takes, as LAN parameter 2 has them.
        changes: of its blueprint.
    """
    blueprint = replace(makeup(0, "rack-1", GUID, users=users, powered=True), **changes)
    if auth_types:
        blueprint = replace(blueprint, lan=replace(blueprint.lan, auth_types=auth_types))
    with ScriptedBmc(blueprint, SimulatedServer) as bmc:
        first = users[0]
        yield Simulated(bmc.port, bmc.script, first.name.decode(), first.password.decode())
