"""The connector of a serial channel over whatever this machine has: a pty, a socket, a device."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from baseboard.bmc.ports import ConnectorNotice

if TYPE_CHECKING:
    from baseboard.bmc.blueprint.serial import LineSpec
    from baseboard.bmc.ports import LineFormat
    from baseboard.errors import TransportError
    from baseboard.transports.wire import Wire

log = logging.getLogger(__name__)

OpenWire = Callable[["WireConnector"], "Wire"]
"""Opens the wire of a connector, which is its listener."""


class WireConnector:
    """A `Connector` over a wire.

    Args:
        open_wire: opens the wire.
        modem_lines: DCD and RI are those of a modem.
    """

    def __init__(self, open_wire: OpenWire, *, modem_lines: bool = False) -> None:
        self.modem_lines = modem_lines
        self._open_wire = open_wire
        self._wire: Wire | None = None
        self._receive: Callable[[bytes], None] = _unheard
        self._noticed: Callable[[ConnectorNotice], None] = _unnoticed

    # ---- the endpoint's side

    @property
    def place(self) -> str:
        """Where a console finds the line; empty before it is open."""
        if self._wire is None:
            return ""
        return getattr(self._wire, "path", "") or self._wire.place

    def open(self, receive: Callable[[bytes], None], noticed: Callable[[ConnectorNotice], None]) -> None:
        """See `Connector`.

        Raises:
            TransportError: it cannot be had.
        """
        self._receive, self._noticed = receive, noticed
        self._wire = self._open_wire(self)

    def write(self, data: bytes) -> None:
        """See `Connector`; what the far end does not take in time is lost, as on any line."""
        if self._wire is not None:
            self._wire.write(data)

    def carrier(self) -> bool:
        """See `Connector`."""
        from baseboard.transports.modem_wire import ModemWire

        if isinstance(self._wire, ModemWire):
            return self._wire.call
        return self._wire is not None and self._wire.carrier

    def set_dtr(self, asserted: bool) -> None:
        """See `Connector`."""
        if self._wire is not None:
            self._wire.set_carrier(asserted)

    def configure(self, line: LineFormat) -> None:
        """See `Connector`; only a device has more than a speed."""
        from baseboard.transports.modem_wire import CharacterFormat, FormattedWire

        if isinstance(self._wire, FormattedWire):
            form = CharacterFormat(line.flow_control, line.seven_bits, line.two_stop_bits, line.parity)
            self._wire.set_format(line.bits_per_second, form)
        elif self._wire is not None:
            self._wire.set_rate(line.bits_per_second)

    def close(self) -> None:
        """See `Connector`."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    # ---- the wire's side

    def opened(self) -> None:
        """See `Listener`."""

    def received(self, data: bytes) -> None:
        """See `Listener`."""
        self._receive(data)

    def broken(self) -> None:
        """See `Listener`: a break says nothing to a BMC."""

    def changed(self) -> None:
        """See `Listener`."""
        self._noticed(ConnectorNotice.CARRIER)

    def rang(self) -> None:
        """RI was pulsed."""
        self._noticed(ConnectorNotice.RING)

    def lost(self, error: TransportError) -> None:
        """See `Listener`: the device is gone, and comes back when the BMC starts anew."""
        log.warning("the serial channel has lost its line: %s", error)
        self._wire = None
        self._noticed(ConnectorNotice.CARRIER)


def connector_of(line: LineSpec, bits_per_second: int, *, direct: bool) -> WireConnector | None:
    """The connector that a blueprint describes; None where nothing is plugged in.

    Args:
        line: where it leads.
        bits_per_second: speed of a device until the channel has told it another.
        direct: there is no modem.
    """
    match line.kind:
        case "none":
            return None
        case "pty":
            from baseboard.transports.pty_wire import PtyWire

            return WireConnector(lambda listener: PtyWire(line.path, listener))
        case "device" if direct:
            from baseboard.transports.modem_wire import FormattedWire

            return WireConnector(lambda listener: FormattedWire(line.path, bits_per_second, listener))
        case "device":
            from baseboard.transports.modem_wire import ModemWire

            return WireConnector(
                lambda listener: ModemWire(line.path, bits_per_second, listener, listener.rang),
                modem_lines=True,
            )
        case _:
            from baseboard.transports.socket_wire import ListeningWire

            where = line.path if line.kind == "unix" else (line.host, line.port)
            return WireConnector(lambda listener: ListeningWire(where, listener))


def _unheard(data: bytes) -> None:
    """A connector that is not open gets nothing."""


def _unnoticed(notice: ConnectorNotice) -> None:
    """Nor does it notice anything."""
