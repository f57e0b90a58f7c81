"""``baseboard lab``: simulated servers with BMCs, ready for anybody's console."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.configuration import Described, endpoints
from baseboard.bmc.configuration.building import stable_guid
from baseboard.bmc.configuration.endpoints import is_loopback, parsed
from baseboard.bmc.configuration.users import V15_SIZE, V20_SIZE
from baseboard.bmc.configuration.vm import behind_vm, listening
from baseboard.bmc.makeups import MAKEUPS, makeup
from baseboard.bmc.server import Place, RunningBmc, Server
from baseboard.cli import lab_text
from baseboard.cli.lab_logins import KG_SIZE, Wanted, settle, shown
from baseboard.cli.passwords import random_password
from baseboard.cli.serving import serve
from baseboard.errors import BaseboardError, TransportError
from baseboard.transports.machine_socket import where_of

NAMES = ("rack", "blade", "veteran")
"""What a BMC is called, by its make-up; its number in the lab follows."""

WEAK = next(number for number, kind in enumerate(MAKEUPS) if kind.weak)
"""The first BMC that takes logins which can be overheard."""

_DONE, _USAGE = 0, 2
_MOST = 65_536


class UsageError(BaseboardError):
    """The options do not go together."""


@dataclass(frozen=True, slots=True)
class _Options:
    """What was asked for, after the environment and files had their say."""

    count: int
    bind: str
    places: list[Place]
    wanted: Wanted
    store: Path | None
    machines: list[VmSpec] | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    """Give the verb's parser its arguments."""
    parser.add_argument(
        "--count", type=_number(1, _MOST), default=3, metavar="N", help="how many servers (default: 3)"
    )
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDR", help="address (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=_number(0, 0xFFFF),
        default=6230,
        metavar="P",
        help="port of the first; the others follow (default: 6230); 0: any free port for each",
    )
    parser.add_argument(
        "--spread",
        choices=("ports", "addresses"),
        default="ports",
        help="a port each, or the same port on 127.0.x.y each: one socket, the way to thousands",
    )
    parser.add_argument("--username", metavar="U", help="who may log in (default: admin)")
    password = parser.add_mutually_exclusive_group()
    password.add_argument("--password", metavar="P", help="otherwise BASEBOARD_PASSWORD, or a random one")
    password.add_argument("--password-file", type=Path, metavar="F", help="its first line is the password")
    kg = parser.add_mutually_exclusive_group()
    kg.add_argument("--kg", metavar="HEX", help="K_G for two-key logins; otherwise BASEBOARD_KG, or none")
    kg.add_argument("--kg-file", type=Path, metavar="F", help="its first line is K_G, in hex")
    parser.add_argument(
        "--vm",
        metavar="SOCKET",
        help="a virtual machine connects here (QEMU's ipmi-bmc-extern) instead of a simulated server: a path,"
        " or tcp:ADDRESS:PORT; of several servers each has its own, with -1, -2 ... behind, or at the next"
        " port",
    )
    parser.add_argument("--store", type=Path, metavar="DIR", help="keep the BMCs' state here")
    parser.add_argument("--json", action="store_true", help="print one line for programs, once all answer")


def run(arguments: argparse.Namespace) -> int:
    """Run the lab until Ctrl-C."""
    try:
        options = _options(arguments)
    except UsageError as error:
        print(f"baseboard lab: {error}", file=sys.stderr)
        return _USAGE

    def started(running: RunningBmc) -> None:
        settle(running.controller.services, options.wanted, keep=options.store is not None)

    def ready(server: Server) -> None:
        entries = [shown(running) for running in server.bmcs]
        if arguments.json:
            print(json.dumps([entry.as_json() for entry in entries]), flush=True)
        else:
            lab_text.show(entries, options.store)

    serve(_servers(options), options.store, ready, started)
    return _DONE


def _number(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {low} to {high}")
        return int(text)

    return number


def _options(arguments: argparse.Namespace) -> _Options:
    """Hold the options against each other before anything starts."""
    try:
        parsed(arguments.bind)
        if arguments.count > WEAK and not is_loopback(arguments.bind):
            raise UsageError(
                "every third server takes logins that can be overheard and is served on loopback only, which"
                f" {arguments.bind} is not: take --count {WEAK} at most, or describe servers of your own"
                " (baseboard bmc init)"
            )
        places = endpoints(arguments.bind, arguments.port, arguments.count, arguments.spread)
        machines = None if arguments.vm is None else _machines(arguments.vm, arguments.count)
    except TransportError as error:
        raise UsageError(str(error)) from error
    password = _secret(arguments.password, arguments.password_file, "BASEBOARD_PASSWORD")
    kg = _secret(arguments.kg, arguments.kg_file, "BASEBOARD_KG")
    wanted = Wanted(
        username=_name("admin" if arguments.username is None else arguments.username),
        password=random_password().encode() if password is None else _password(password, arguments.count),
        kg=b"" if kg is None else _key(kg),
        username_given=arguments.username is not None,
        password_given=password is not None,
        kg_given=kg is not None,
    )
    return _Options(arguments.count, arguments.bind, places, wanted, arguments.store, machines)


def _machines(place: str, count: int) -> list[VmSpec]:
    """Where virtual machines connect; only where nobody else could pass for one."""
    made = listening(place, count)
    for one in made:
        where = where_of(one.listen)
        if not isinstance(where, str) and not is_loopback(where[0]):
            raise UsageError(
                f"whoever can reach {where[0]} could pass for the machine, since its protocol asks nobody who"
                " they are: take a loopback address, or describe servers of your own (baseboard bmc init)"
            )
    return made


def _secret(inline: str | None, file: Path | None, variable: str) -> str | None:
    """A secret from the command line, from a file or from the environment, in this order."""
    if inline is not None:
        return inline
    if file is None:
        return os.environ.get(variable) or None
    try:
        with file.open(encoding="utf-8") as stream:
            return stream.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: not UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error


def _name(text: str) -> bytes:
    name = text.encode(errors="surrogateescape")
    if not 1 <= len(name) <= V15_SIZE or b"\0" in name:
        raise UsageError(f"a user name has 1 to {V15_SIZE} bytes, this one {len(name)}")
    return name


def _password(text: str, count: int) -> bytes:
    password = text.encode(errors="surrogateescape")
    weak = count > WEAK
    most = V15_SIZE if weak else V20_SIZE
    if not 1 <= len(password) <= most or b"\0" in password:
        why = ", since every third server has IPMI v1.5" if weak else ""
        raise UsageError(f"a password has 1 to {most} bytes here{why}; this one has {len(password)}")
    return password


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise UsageError("K_G has to be hexadecimal digits, two a byte") from None
    if len(key) > KG_SIZE:
        raise UsageError(f"K_G has at most {KG_SIZE} bytes, this one {len(key)}")
    return key


def _servers(options: _Options) -> Sequence[Described]:
    """The servers; what all of one make-up have is one object."""
    wanted = options.wanted
    users = [
        (UserSpec(2, wanted.username, wanted.password, max(kind.password_size, len(wanted.password))),)
        for kind in MAKEUPS
    ]
    made: list[Described] = []
    for number, place in enumerate(options.places):
        name = f"{NAMES[number % len(NAMES)]}-{number + 1}"
        blueprint = makeup(
            number,
            name,
            stable_guid(f"lab {name}"),
            users=users[number % len(users)],
            ip=place.host if ":" not in place.host else "0.0.0.0",  # noqa: S104 - shown: there is none
            port=place.port or 623,
            kg=wanted.kg,
            powered=True,
        )
        if options.machines is not None:
            blueprint = behind_vm(blueprint, options.machines[number])
        made.append(Described(blueprint, place))
    return made
