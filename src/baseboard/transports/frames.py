"""Where Ethernet frames go: a switch in memory, a TAP device, an interface of the machine's own."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from baseboard.errors import TransportError
from baseboard.links.ethernet_offload import finished, tagged

Receive = Callable[[bytes], None]
"""Takes a frame, without its check sequence."""

DRAIN: Final = 64
"""Most frames taken at one wake-up, so that others get their turn."""

_MAX_FRAME: Final = 65536
_BUFFER: Final = 1 << 20


class FrameLink(Protocol):
    """One end of a piece of Ethernet."""

    def send(self, frame: bytes) -> None:
        """Send a frame; what the other end does not take is lost."""
        ...

    def close(self) -> None:
        """Have no frames any more."""
        ...


class Switch:
    """An Ethernet switch in memory: any number of links, no privileges, and frames in order.

    It learns who is at which link, as switches do, and hands the frames on as they are, tags and all.
    """

    __slots__ = ("_busy", "_links", "_places", "_queue")

    MOST_PLACES: Final = 65536

    def __init__(self) -> None:
        self._links: dict[SwitchLink, Receive] = {}
        self._places: dict[bytes, SwitchLink] = {}
        self._queue: deque[tuple[SwitchLink, bytes]] = deque()
        self._busy = False

    def plug(self, receive: Receive) -> SwitchLink:
        """Plug in something that takes frames."""
        link = SwitchLink(self)
        self._links[link] = receive
        return link

    def unplug(self, link: SwitchLink) -> None:
        """Pull it out again."""
        self._links.pop(link, None)
        self._places = {mac: place for mac, place in self._places.items() if place is not link}

    def carry(self, link: SwitchLink, frame: bytes) -> None:
        """Take a frame from a link; what others send because of it comes after it."""
        self._queue.append((link, frame))
        if self._busy:
            return
        self._busy = True
        try:
            while self._queue:
                self._hand_on(*self._queue.popleft())
        finally:
            self._busy = False

    def _hand_on(self, link: SwitchLink, frame: bytes) -> None:
        destination, source = frame[:6], frame[6:12]
        if link not in self._links:
            return
        if source in self._places or len(self._places) < self.MOST_PLACES:
            self._places[source] = link
        known = self._places.get(destination)
        for other in [known] if known is not None else list(self._links):
            receive = self._links.get(other)
            if other is not link and receive is not None:
                receive(frame)


class SwitchLink:
    """What is plugged into a `Switch`."""

    __slots__ = ("_switch",)

    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    def send(self, frame: bytes) -> None:
        """See :meth:`FrameLink.send`."""
        self._switch.carry(self, frame)

    def close(self) -> None:
        """See :meth:`FrameLink.close`."""
        self._switch.unplug(self)


_TUN_SET_INTERFACE: Final = 0x400454CA
_TAP, _NO_INFO = 0x0002, 0x1000
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1
_REQUEST: Final = struct.Struct("16sH22x")


class TapLink:
    """A TAP device: an interface of this machine whose cable ends in this process.

    Args:
        name: of the interface; it is made if there is none, and goes with the process.
        receive: called with each frame.

    Raises:
        TransportError: there can be none: it takes the right to administer networks.
    """

    def __init__(self, name: str, receive: Receive) -> None:
        self._receive = receive
        try:
            self._fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise _no_interface(name, error) from error
        try:
            fcntl.ioctl(self._fd, _TUN_SET_INTERFACE, _REQUEST.pack(name.encode(), _TAP | _NO_INFO))
            _bring_up(name)
        except OSError as error:
            os.close(self._fd)
            raise _no_interface(name, error) from error
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._fd, self._readable)

    def _readable(self) -> None:
        for _ in range(DRAIN):
            try:
                frame = os.read(self._fd, _MAX_FRAME)
            except OSError:  # nothing more, or the interface is down
                return
            self._receive(frame)

    def send(self, frame: bytes) -> None:
        """See :meth:`FrameLink.send`."""
        try:
            os.write(self._fd, frame)
        except OSError:
            return

    def close(self) -> None:
        """See :meth:`FrameLink.close`."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)


_ALL: Final = 3  # ETH_P_ALL of <linux/if_ether.h>
_SOL_PACKET, _AUXDATA, _IGNORE_OUTGOING = 263, 8, 23  # <linux/if_packet.h>
_ADD_MEMBERSHIP, _PROMISCUOUS = 1, 1
_MEMBERSHIP: Final = struct.Struct("=iHH8s")
_AUXILIARY: Final = struct.Struct("=IIIHHHH")  # status, length, captured, offsets, tag, its EtherType
_CHECKSUM_MISSING, _TAGGED = 1 << 3, 1 << 4


class PacketLink:
    """The frames of an interface of this machine, beside its own network stack.

    Args:
        opened: a packet socket of that interface, as `packet_socket` makes it.
        receive: called with each frame.
    """

    def __init__(self, opened: socket.socket, receive: Receive) -> None:
        self._socket, self._receive = opened, receive
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(opened.fileno(), self._readable)

    def _readable(self) -> None:
        for _ in range(DRAIN):
            try:
                frame, ancillary, _flags, _sender = self._socket.recvmsg(_MAX_FRAME, 64)
            except OSError:  # nothing more, or the interface went down
                return
            self._receive(whole(frame, ancillary))

    def send(self, frame: bytes) -> None:
        """See :meth:`FrameLink.send`."""
        try:
            self._socket.send(frame)
        except OSError:
            return

    def close(self) -> None:
        """See :meth:`FrameLink.close`."""
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()


def whole(frame: bytes, ancillary: list[tuple[int, int, bytes]]) -> bytes:
    """A frame as it was on the wire: its tag is told beside it, and a sender here leaves checksums open."""
    for level, kind, data in ancillary:
        if (level, kind) == (_SOL_PACKET, _AUXDATA) and len(data) >= _AUXILIARY.size:
            status, _length, _captured, _mac, _network, tag, _ether_type = _AUXILIARY.unpack_from(data)
            if status & _CHECKSUM_MISSING:
                frame = finished(frame)
            if status & _TAGGED:
                frame = tagged(frame, tag)
    return frame


def packet_socket(interface: str, *, everything: bool = False) -> socket.socket:
    """A socket of all frames that come in over an interface.

    Args:
        interface: its name; it is switched on.
        everything: also frames for hardware addresses that are not the interface's.

    Raises:
        OSError: there is no such interface, or no right to have its frames.
    """
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    try:
        made.setblocking(False)
        made.setsockopt(_SOL_PACKET, _AUXDATA, 1)
        made.setsockopt(_SOL_PACKET, _IGNORE_OUTGOING, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        if everything:
            _bring_up(interface)
            request = _MEMBERSHIP.pack(socket.if_nametoindex(interface), _PROMISCUOUS, 0, b"")
            made.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, request)
        made.bind((interface, _ALL))
    except OSError:
        made.close()
        raise
    return made


def _bring_up(name: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, _GET_FLAGS, _REQUEST.pack(name.encode(), 0))
        flags: int = _REQUEST.unpack(answer)[1]
        fcntl.ioctl(any_socket, _SET_FLAGS, _REQUEST.pack(name.encode(), flags | _UP))


def _no_interface(name: str, error: OSError) -> TransportError:
    trouble = TransportError(f"interface {name}: {error.strerror or error}")
    trouble.hint = "it takes the right to administer networks (CAP_NET_ADMIN), as root has it"
    return trouble
