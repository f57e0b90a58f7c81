"""What people and programs are told of the virtual machines that BMCs wait for: where they connect."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from baseboard.bmc.backends.vm.machine import VirtualMachine
from baseboard.transports.machine_socket import where_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.bmc.server import RunningBmc

_MANY = 3
"""BMCs whose lines are printed; the others' are alike."""


def place_of(running: RunningBmc) -> str | None:
    """Where the virtual machine of a BMC connects; None = it waits for none."""
    power = running.controller.services.home.backend.power
    return power.link.place if isinstance(power, VirtualMachine) else None


def qemu_options(place: str) -> str:
    """What QEMU needs, for a shell: a socket to the BMC, and KCS hardware in front of it."""
    where = where_of(place)
    tcp = "" if isinstance(where, str) else f"host={where[0]},port={where[1]}"
    to = tcp or f"path={where}".replace(",", ",,")
    words = (
        *("-chardev", f"socket,id=bmc,{to},reconnect=1"),
        *("-device", "ipmi-bmc-extern,id=bmc0,chardev=bmc"),
        *("-device", "isa-ipmi-kcs,bmc=bmc0"),
    )
    return " ".join(shlex.quote(word) for word in words)


def lines(named: Sequence[tuple[str, str]]) -> list[str]:
    """Lines for people.

    Args:
        named: the names of BMCs, and where their machines connect.
    """
    made: list[str] = []
    for name, place in named[:_MANY]:
        made += [
            f"\n# {name} waits for a virtual machine at {place}",
            f"qemu-system-x86_64 {qemu_options(place)}",
        ]
    if len(named) > _MANY:
        made.append(f"... {len(named)} in all, up to {named[-1][0]} at {named[-1][1]}")
    if named:
        made.append("(QEMU from 9.2 on wants reconnect-ms=1000; isa-ipmi-bt is another interface.)")
    return made
