"""``baseboard bmc``: writes the description of a BMC, and runs the BMCs that files describe."""

from __future__ import annotations

import argparse
import json
import os
import uuid
from importlib.resources import files
from pathlib import Path

from baseboard.bmc.backends.wired_port import WiredPort
from baseboard.bmc.blueprint.qemu import QemuSpec
from baseboard.bmc.configuration import load
from baseboard.bmc.server import RunningBmc, Server
from baseboard.cli import bmc_smbios, machine_text, tables
from baseboard.cli.machine_text import place_of
from baseboard.cli.passwords import random_password
from baseboard.cli.serving import reachable, serve
from baseboard.errors import BaseboardError

_DONE = 0
_HEADS = ("name", "address", "port", "suites", "v1.5", "sensors")
_MANY = 24


class FileExists(BaseboardError):
    """There is a file already, and nobody said that it may go."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Give the verb's parser its arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    init = actions.add_parser("init", help="write an annotated file", description="Write an annotated file.")
    init.add_argument("file", type=Path, metavar="FILE", help="the TOML file to write")
    init.add_argument("--force", action="store_true", help="even if it is there already")
    start = actions.add_parser("run", help="run what files describe", description="Run what files describe.")
    start.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a TOML file, see `bmc init`")
    start.add_argument(
        "--store", type=Path, metavar="DIR", help="keep the BMCs' state here, whatever they say"
    )
    start.add_argument("--json", action="store_true", help="print one line for programs, once all answer")
    about = "Write the SMBIOS tables of the machine that a file describes; nothing is run."
    bmc_smbios.configure(actions.add_parser("smbios", help="write SMBIOS tables", description=about))


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    if arguments.action == "init":
        _init(arguments.file, force=arguments.force)
    elif arguments.action == "smbios":
        bmc_smbios.run(arguments)
    else:
        _run(arguments.files, arguments.store, as_json=arguments.json)
    return _DONE


def _init(path: Path, *, force: bool) -> None:
    text = (files("baseboard.bmc.configuration") / "template.toml").read_text(encoding="utf-8")
    text = text.replace("@GUID@", str(uuid.uuid4())).replace("@PASSWORD@", random_password())
    # Its owner's alone: it has a password. Never through a link that somebody else laid there.
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_TRUNC if force else os.O_EXCL)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise FileExists(f"{path} is there already; --force overwrites it") from None
    except OSError as error:
        raise BaseboardError(f"{path}: {error.strerror or error}") from error
    os.fchmod(descriptor, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    print(f"{path} is written, with a password of its own; run it by: baseboard bmc run {path}")


def _run(paths: list[Path], store: Path | None, *, as_json: bool) -> None:
    described = load(paths)
    directory = described.store if store is None else store

    def ready(server: Server) -> None:
        if as_json:
            print(json.dumps([_entry(running) for running in server.bmcs]), flush=True)
            return
        rows = [_row(running) for running in server.bmcs[:_MANY]]
        tables.show(_HEADS, rows)
        if len(server.bmcs) > _MANY:
            print(f"... {len(server.bmcs)} in all")
        for running in server.bmcs[:_MANY]:
            if running.serial_line:
                name = running.controller.services.home.blueprint.identity.name
                print(f"The serial line of {name} is at {running.serial_line}")
        for text in (*_terminals(server), *_interfaces(server), *machine_text.lines(_machines(server))):
            print(text)
        kept = "their state goes with them" if directory is None else f"their state stays in {directory}"
        print(f"\nCtrl-C ends them; {kept}.", flush=True)

    serve(described.bmcs, directory, ready)


def _entry(running: RunningBmc) -> dict[str, str | int | None]:
    """As in the lab's line; who wrote the file knows the users, and nobody else learns them here."""
    name = running.controller.services.home.blueprint.identity.name
    entry: dict[str, str | int | None] = {"address": reachable(running.host), "port": running.port}
    if running.serial_line:
        entry["serial"] = running.serial_line
    return {**entry, "username": None, "password": None, "kg": None, "name": name, "vm": place_of(running)}


def _machines(server: Server) -> list[tuple[str, str]]:
    """The BMCs that wait for virtual machines, and where."""
    named = ((one.controller.services.home.blueprint.identity.name, place_of(one)) for one in server.bmcs)
    return [(name, place) for name, place in named if place is not None]


def _interfaces(server: Server) -> list[str]:
    """Where the system interfaces are that have a place of their own, and what finds them."""
    found: list[str] = []
    for running in server.bmcs[:_MANY]:
        if running.interface is not None and running.interface.place:
            blueprint = running.controller.services.home.blueprint
            kind = blueprint.interface.kind.upper()
            found.append(f"{blueprint.identity.name}: {kind} is at {running.interface.place}")
            if running.interface.hint and not isinstance(blueprint.machine, QemuSpec):
                found.append(f"  {running.interface.hint}")
    return found


def _terminals(server: Server) -> list[str]:
    """Where the serial ports are that programs can be connected to."""
    found: list[str] = []
    for running in server.bmcs:
        home = running.controller.services.home
        ports = (home.backend.serial, *home.backend.serials)
        for number, (port, spec) in enumerate(zip(ports, home.blueprint.sol.ports, strict=False), 1):
            if isinstance(port, WiredPort) and port.place and (spec.listen or spec.backing == "pty"):
                found.append(f"{home.blueprint.identity.name}: serial port {number} is at {port.place}")
    return found


def _row(running: RunningBmc) -> tuple[str, ...]:
    services = running.controller.services
    blueprint = services.home.blueprint
    return (
        blueprint.identity.name,
        running.host,
        str(running.port),
        " ".join(map(str, services.lan.suites())) or "-",
        "yes" if services.lan.v15_enabled() else "-",
        str(len(blueprint.sensors)),
    )
