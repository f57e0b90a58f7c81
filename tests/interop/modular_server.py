"""The modular server of the documentation's examples, as it stands there: only its ports are others."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.interop.lab import Bmc, Lab, process_of

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "modular-server.toml"
PASSWORD = "secret12"
MANAGER, BLADES = 0x20, (0x82, 0x84, 0x86)
FIREWALL = re.compile(r"^\[\[bmc\.firewall\.rule\]\]\n.*?^\]\n", re.MULTILINE | re.DOTALL)
_NEIGHBOR = re.compile(r"^\[\[bmc\.neighbor\]\]\n.*?^\]\n", re.MULTILINE | re.DOTALL)
_BMC = re.compile(r"^(?=\[\[bmc\]\]$)", re.MULTILINE)
_PORT = re.compile(r"^lan\.port = \d+$", re.MULTILINE)


def text(change: Callable[[str], str] = str) -> str:
    """What the example says, on free ports."""
    return _PORT.sub("lan.port = 0", change(EXAMPLE.read_text(encoding="utf-8")))


def without_firewall(described: str) -> str:
    """The same blades, whose BMCs do all that their software asks for."""
    return FIREWALL.sub("", described)


@dataclass(frozen=True)
class ModularServer:
    """A running one.

    Attributes:
        lab: all of its BMCs.
        chassis: the chassis manager.
        blades: the blades' BMCs, blade 1 first.
        slot: where the machine of blade 1 connects.
    """

    lab: Lab
    chassis: Bmc
    blades: tuple[Bmc, Bmc, Bmc]
    slot: str

    def events(self) -> str:
        """The event log of the chassis, with the names of sensors."""
        return self.chassis.ipmitool("sel", "elist").ok().out

    def restart_cause(self, blade: int) -> str:
        """Why the system of a blade, 1 to 3, last started, as its own BMC says."""
        return self.blades[blade - 1].ipmitool("chassis", "restart_cause").ok().out.strip()


@contextmanager
def modular_server(change: Callable[[str], str] = str) -> Iterator[ModularServer]:
    """Run it while the block lasts, changed or as it is."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, EXAMPLE.name)
        with process_of(file, text(change), PASSWORD) as lab:
            chassis, one, two, three = lab
            yield ModularServer(lab, chassis, (one, two, three), str(file.parent / "blade-1.vm"))


def apart(bus: str) -> list[str]:
    """The same described in a file for each BMC, the manager first, which is the bus for the others.

    Args:
        bus: where, as ``[bmc.ipmb]`` names it.
    """
    described = _NEIGHBOR.sub("", text())
    files = _BMC.split(described)[1:]
    places = [f'bus = "{bus}"\nlisten = true', *[f'bus = "{bus}"'] * len(BLADES)]
    return [file.replace('bus = "midplane"', place) for file, place in zip(files, places, strict=True)]
