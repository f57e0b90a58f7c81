"""Where QEMU's ``x-pci-proxy-dev`` connects: a Unix socket, one machine at a time, one after another.

What QEMU passes as file descriptors (the guest's memory, interrupts) comes as ancillary data. The socket is
read without room for that, so that the kernel closes each descriptor itself; none ever reaches this process.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from baseboard.errors import RemoteProtocolError, TransportError
from baseboard.links.pci_proxy import PciProxy
from baseboard.transports.socket_wire import ListeningWire

_log = logging.getLogger(__name__)


class PciProxyPort:
    """The socket of one device.

    Args:
        path: of the socket; it is its owner's alone.
        plugged: makes the device as the guest finds it when QEMU has connected.
        unplugged: called when QEMU has gone.

    Raises:
        TransportError: the socket cannot be made.

    Attributes:
        place: where the socket is, for people.
        refused: connections that were ended because something else than QEMU spoke.
    """

    def __init__(self, path: str, plugged: Callable[[], PciProxy], unplugged: Callable[[], None]) -> None:
        self._plugged, self._unplugged = plugged, unplugged
        self._proxy: PciProxy | None = None
        self.refused = 0
        self._wire = ListeningWire(path, self)
        self.place = self._wire.place

    def close(self) -> None:
        """Listen no more, and hang up on QEMU: its guest then finds no device."""
        self._wire.close()

    @property
    def connected(self) -> bool:
        """Whether QEMU is there."""
        return self._wire.carrier

    # ---- what the wire tells

    def opened(self) -> None:
        """QEMU has connected."""
        self._proxy = self._plugged()

    def received(self, data: bytes) -> None:
        """Accesses of the guest."""
        assert self._proxy is not None
        try:
            answers = self._proxy.receive(data)
        except RemoteProtocolError as error:
            _log.warning("%s: %s; the connection is ended", self.place, error)
            self.refused += 1
            self._wire.hang_up()
            return
        if answers:
            self._wire.write(answers)

    def broken(self) -> None:
        """Sockets know no break."""

    def changed(self) -> None:
        """QEMU came or went."""
        if not self._wire.carrier:
            self._unplugged()

    def lost(self, error: TransportError) -> None:
        """A socket that waits is not lost."""
