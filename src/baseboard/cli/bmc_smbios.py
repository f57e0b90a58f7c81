"""``baseboard bmc smbios``: the SMBIOS tables of a machine whose BMC a file describes; nothing is run."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.smbios import smbios_of
from baseboard.bmc.configuration import load
from baseboard.cli import dmi_files
from baseboard.cli.json_output import value
from baseboard.errors import BaseboardError

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint

_OPTIONS: Final = ("interface", "address", "spacing", "interrupt")


def configure(parser: argparse.ArgumentParser) -> None:
    """Give the verb's parser its arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a TOML file, see `bmc init`")
    parser.add_argument("--name", metavar="NAME", help="which BMC, if the file describes several")
    parser.add_argument("--output", metavar="FILE", help="write there (smbios.bin, or the folder smbios)")
    parser.add_argument("--force", action="store_true", help="even if it is there already")
    parser.add_argument("--qemu", action="store_true", help="a file a structure, for -smbios file=")
    parser.add_argument("--interface", choices=("kcs", "smic", "bt", "ssif"), help="not the one described")
    parser.add_argument("--address", metavar="ADDRESS", help="its first port, or slave address")
    parser.add_argument("--memory", action="store_true", help="the address is of memory, not of a port")
    parser.add_argument("--spacing", choices=("1", "4", "16"), help="bytes between registers (1)")
    parser.add_argument("--interrupt", metavar="N", help="its interrupt")
    parser.add_argument("--json", action="store_true", help="print one line for programs")


def run(arguments: argparse.Namespace) -> None:
    """Write the tables.

    Raises:
        BaseboardError: no BMC is meant, or a file cannot be written.
    """
    blueprint = _chosen([one.blueprint for one in load([arguments.file]).bmcs], arguments.name)
    given = {name: getattr(arguments, name) for name in _OPTIONS if getattr(arguments, name) is not None}
    if arguments.memory:
        given["memory"] = ""
    smbios = smbios_of(blueprint, dmi_files.device(given, blueprint.interface.kind))
    built = dmi_files.write(smbios, arguments.output, qemu=arguments.qemu, force=arguments.force)
    print(json.dumps(value(built)) if arguments.json else dmi_files.told(built))


def _chosen(found: list[Blueprint], name: str | None) -> Blueprint:
    names = [blueprint.identity.name for blueprint in found]
    if name is None and len(found) > 1:
        raise BaseboardError(f"the file describes several BMCs; --name chooses one of {', '.join(names)}")
    for blueprint in found:
        if name in (None, blueprint.identity.name):
            return blueprint
    raise BaseboardError(f"no BMC is named {name}; there are {', '.join(names) or 'none'}")
