"""The serial ports of the host that Serial over LAN is connected to, as shipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Backing = Literal["host", "pty", "tcp", "unix", "serial", "process"]


@dataclass(frozen=True, slots=True)
class SolPortSpec:
    """One serial port: what carries it.

    Attributes:
        backing: ``host`` = the simulated host's own console; or a pseudo terminal, a TCP or Unix socket, a
            serial device, a process.
        path: of the Unix socket or the device; of the symbolic link to the pseudo terminal, empty = none.
        host: TCP address.
        port: TCP port.
        listen: wait for the far end, where there is a socket, instead of connecting to it.
        command: the process: program and arguments.
        modem: the serial device's modem lines are wired.
        hang_up: the process gets SIGHUP when the power of the system goes.
        wake_on_ring: RI wakes the system.
    """

    backing: Backing = "host"
    path: str = ""
    host: str = ""
    port: int = 0
    listen: bool = False
    command: tuple[str, ...] = ()
    modem: bool = False
    hang_up: bool = False
    wake_on_ring: bool = True


@dataclass(frozen=True, slots=True)
class SolSpec:
    """Serial over LAN as shipped.

    Attributes:
        ports: the serial ports of the host, instance 1 first.
        baud: their speed, bits a second (SOL parameter 5).
    """

    ports: tuple[SolPortSpec, ...] = (SolPortSpec(),)
    baud: int = 115200


HOST_CONSOLE = SolSpec()
"""The console of the simulated host, alone."""
