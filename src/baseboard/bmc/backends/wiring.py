"""From what a blueprint says of the host's serial ports to the ports."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from baseboard.bmc.backends.wired_port import WiredPort

if TYPE_CHECKING:
    from baseboard.bmc.blueprint.sol import SolPortSpec
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.ports import SerialPort
    from baseboard.transports.wire import Listener, Wire


def serial_ports(
    specs: tuple[SolPortSpec, ...], host: SerialPort, clock: Clock, wake: Callable[[], None]
) -> tuple[SerialPort, ...]:
    """Make the serial ports of a host, in order.

    Args:
        host: the line of the simulated host's own console.
        wake: wakes the host when somebody rings.
    """
    return tuple(host if one.backing == "host" else wired_port(one, clock, wake) for one in specs)


def wired_port(spec: SolPortSpec, clock: Clock, wake: Callable[[], None]) -> WiredPort:
    """Make a serial port that is carried elsewhere.

    Args:
        wake: wakes the host when somebody rings.
    """
    return WiredPort(clock, partial(open_wire, spec), wake if spec.wake_on_ring else None)


def open_wire(spec: SolPortSpec, bits_per_second: int, listener: Listener) -> Wire:
    """Open what carries a port.

    Raises:
        TransportError: it cannot be had now.
    """
    match spec.backing:
        case "pty":
            from baseboard.transports.pty_wire import PtyWire

            return PtyWire(spec.path, listener)
        case "serial":
            from baseboard.transports.serial_wire import SerialWire

            return SerialWire(spec.path, bits_per_second, listener, modem=spec.modem)
        case "process":
            from baseboard.transports.process_wire import ProcessWire

            return ProcessWire(spec.command, listener, hang_up=spec.hang_up)
        case _:
            from baseboard.transports.socket_wire import ListeningWire, SocketWire

            where = spec.path if spec.backing == "unix" else (spec.host, spec.port)
            return ListeningWire(where, listener) if spec.listen else SocketWire(where, listener)
