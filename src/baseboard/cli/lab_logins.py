"""The logins of a lab: what was asked for, what the store remembers, and what is then true."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from baseboard.bmc.context import Services
from baseboard.bmc.makeups import MAKEUPS
from baseboard.bmc.server import RunningBmc
from baseboard.bmc.services.users import User
from baseboard.cli.machine_text import place_of
from baseboard.cli.serving import reachable
from baseboard.codes import AuthType

NAMED_USER = 2
"""The first user ID that has a name."""

KG_SIZE = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """The login that the lab's user asked for.

    Attributes:
        username: of user 2.
        password: of user 2.
        kg: K_G; empty = none.
        username_given: it was named on the command line, and not just the default.
        password_given: it was named, and is not a random one.
        kg_given: it was named.
    """

    username: bytes
    password: bytes = field(repr=False)
    kg: bytes = field(repr=False)
    username_given: bool
    password_given: bool
    kg_given: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A BMC of the lab as its users see it.

    Attributes:
        name: of the server.
        model: of the server.
        address: to which consoles can send.
        port: UDP port.
        username: who may log in; None if nobody may.
        password: of that user.
        kg: K_G in hex; None for one-key logins.
        suites: cipher suites on offer.
        v15: sessions of IPMI v1.5 by MD5 are on offer.
        lineup: number of the make-up.
        vm: where its virtual machine connects; None = its server is simulated.
    """

    name: str
    model: str
    address: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    kg: str | None = field(repr=False)
    suites: tuple[int, ...]
    v15: bool
    lineup: int
    vm: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object of the line for programs."""
        keys = ("address", "port", "username", "password", "kg", "name", "vm")
        return {key: getattr(self, key) for key in keys}


def settle(services: Services, wanted: Wanted, *, keep: bool) -> None:
    """See to it that the store has what was asked for: what was named wins, then what it remembers.

    Args:
        services: of a BMC that just started.
        wanted: what the BMC was shipped with, if the store did not know better.
        keep: there will be another run, which has to find a random password again.
    """
    if not keep:
        return
    users, channels = services.users, services.channels
    user = users.get(NAMED_USER)
    if user.name != wanted.username and wanted.username_given:
        users.set_name(NAMED_USER, wanted.username)
    if user.password == wanted.password or wanted.password_given:
        size = max(user.size, len(wanted.password))
        users.set_password(NAMED_USER, wanted.password, size)
    channel = services.home.blueprint.lan.channel
    key = wanted.kg.ljust(KG_SIZE, b"\0")
    if wanted.kg_given:
        channels.set_kg(channel, key)


def shown(running: RunningBmc) -> Entry:
    """What is true of a BMC now."""
    services = running.controller.services
    channel = services.home.blueprint.lan.channel
    user = _somebody(services, channel)
    kg = services.channels.kg(channel)
    blueprint = services.home.blueprint
    lineup = next(number for number, kind in enumerate(MAKEUPS) if kind.host is blueprint.host)
    return Entry(
        name=blueprint.identity.name,
        model=blueprint.host.model,
        address=reachable(running.host),
        port=running.port,
        username=None if user is None else _text(user.name),
        password=None if user is None else _text(user.password),
        kg=kg.hex() if any(kg) else None,
        suites=services.lan.suites(),
        v15=bool(services.lan.auth_types(4) & 1 << AuthType.MD5),
        lineup=lineup,
        vm=place_of(running),
    )


def _somebody(services: Services, channel: int) -> User | None:
    """Who may log in: user 2 if possible, otherwise a user with a name and the most rights."""
    usable = [(user, access.limit) for user, access in services.users.usable(channel) if user.name]
    usable.sort(key=lambda one: (one[0].user_id != NAMED_USER, -one[1]))
    return usable[0][0] if usable else None


def _text(raw: bytes) -> str:
    """What a shell would make of these bytes."""
    return raw.decode(errors="surrogateescape")
