"""Commands as data: a request, its response, and what the specification's Table G-1 says about them."""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from baseboard.codes import CompletionCode, NetFn, Privilege
from baseboard.errors import LayoutError
from baseboard.wire import Message
from baseboard.wire.value import Value

__all__ = [
    "Command",
    "CompletionCode",
    "Interfaces",
    "Request",
    "Response",
    "command",
    "commands",
    "load_all",
    "lookup",
]


class Interfaces(enum.Enum):
    """Over which interfaces a command may come (the marks of Table G-1)."""

    ANY = "any"
    SYSTEM_INTERFACE_ONLY = "system interface only"
    LOCAL_INTERFACE_ONLY = "local interfaces only: system interface, IPMB and the like, never a session"
    BMC_GENERATED = "sent by the BMC"


class Response(Message):
    """What follows the completion code, which is byte 1."""

    _base = 2


R_co = TypeVar("R_co", bound=Response, covariant=True)


class Request(Message, Generic[R_co]):
    """A command as sent; ``R_co`` is the response it asks for.

    A request has no bytes beyond its table (C7h); a response may (devices append).

    Attributes:
        command: what :func:`command` registered it as.
        system_interface_form: what it is decoded as through a system interface, if that differs.
    """

    _strict = True
    command: ClassVar[Command]
    system_interface_form: ClassVar[type[Request[Any]] | None] = None


class Command(Value):
    """A row of Table G-1, with the messages that belong to it.

    Attributes:
        netfn: of the request.
        group: defining body of a group extension command, else None.
        name: the specification's, such as ``Get Device ID``.
        privilege: the lowest level that may use it; NONE where no level is asked.
        session_less: whether it is accepted outside and before a session.
        codes: completion codes of this command's own, in the order declared.
        unverified: what of it no readable source confirms; empty if all is.
    """

    netfn: NetFn
    cmd: int
    group: int | None
    section: str
    name: str
    privilege: Privilege
    session_less: bool
    interfaces: Interfaces
    request: type[Request[Any]]
    response: type[Response]
    codes: tuple[CompletionCode, ...]
    unverified: str = ""


Q = TypeVar("Q", bound=Request[Any])

_registry: dict[tuple[int, int, int | None], Command] = {}

# Words of class names that the specification writes in its own way.
_SPELLED = "ACPI ARPs AuthCode BMC BT FRU GUID ICMB ID IPMB LAN NetFn OEM PEF PET POH SDR SEL SOL UTC"
_WORDS = {word.capitalize(): word for word in _SPELLED.split()}


def _title(name: str) -> str:
    """``GetDeviceId`` is ``Get Device ID``."""
    words = "".join(f" {sign}" if sign.isupper() else sign for sign in name).split()
    return " ".join(_WORDS.get(word, word) for word in words)


def command(
    netfn: NetFn,
    cmd: int,
    *,
    section: str,
    privilege: Privilege = Privilege.NONE,
    session_less: bool = False,
    interfaces: Interfaces = Interfaces.ANY,
    group: int | None = None,
    name: str = "",
    unverified: str = "",
) -> Callable[[type[Q]], type[Q]]:
    """Register a request class under its number; the response comes from its base.

    Args:
        netfn: of the request.
        cmd: command number, 0-255.
        section: of IPMI v2.0.
        privilege: the lowest level that may use it; left out where the interface or ``session_less`` decides.
        session_less: accepted outside and before a session.
        interfaces: over which it may come.
        group: defining body, for network function 2Ch.
        name: the specification's, where it is not the class's own words.
        unverified: what no readable source confirms.

    Raises:
        LayoutError: the number is taken, or the class names no response.
    """

    def register(cls: type[Q]) -> type[Q]:
        bases: tuple[Any, ...] = cls.__dict__.get("__orig_bases__", ())
        responses = [arg for base in bases for arg in typing.get_args(base)]
        if len(responses) != 1 or not isinstance(responses[0], type):
            raise LayoutError(f"{cls.__name__}: declare it as a Request[its response]")
        codes = tuple(value for value in vars(cls).values() if isinstance(value, CompletionCode))
        declared = Command(
            netfn=netfn, cmd=cmd, group=group, section=section, name=name or _title(cls.__name__),
            privilege=privilege, session_less=session_less, interfaces=interfaces,
            request=cls, response=responses[0], codes=codes, unverified=unverified,
        )  # fmt: skip
        if _registry.setdefault((netfn, cmd, group), declared) is not declared:
            raise LayoutError(f"{cls.__name__}: {netfn:02X}h/{cmd:02X}h is taken")
        cls.command = declared
        return cls

    return register


def lookup(netfn: int, cmd: int, group: int | None = None) -> Command | None:
    """The command of that number, if its module is imported (:func:`load_all` imports all).

    Args:
        netfn: of the request.
        cmd: command number.
        group: first data byte, for network function 2Ch.
    """
    return _registry.get((netfn, cmd, group))


def commands() -> list[Command]:
    """Every declared command, by number."""
    load_all()
    return sorted(_registry.values(), key=lambda known: (known.netfn, known.cmd, known.group or 0))


def load_all() -> None:
    """Import every module of commands, so that each command is registered."""
    import importlib
    import pkgutil
    from pathlib import Path

    for module in pkgutil.walk_packages([str(Path(__file__).parent)], "baseboard.commands."):
        importlib.import_module(module.name)
