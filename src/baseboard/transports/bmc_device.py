"""The host's system interface as Linux on a BMC chip has it: KCS, BT or SSIF behind a device file.

The driver works the registers, or the slave on the SMBus; a read gives a whole request, a write takes its
whole response. How they are framed differs, and so does what is known of a response that comes too late.
"""

from __future__ import annotations

import fcntl
import logging
import struct
from collections.abc import Callable
from typing import Final, Literal, NamedTuple, Protocol

from baseboard.transports.packet_device import OpenFile, PacketDevice, open_file

ChipKind = Literal["kcs", "bt", "ssif"]

SET_SMS_ATN: Final = 0xB100
CLEAR_SMS_ATN: Final = 0xB101
FORCE_ABORT: Final = 0xB102
"""Requests of the KCS driver, without an argument. BT has the first; there the host clears the bit."""

LONGEST: Final = {"kcs": 1000, "bt": 255, "ssif": 254}
"""Bytes of the longest message, from NetFn/LUN on (BT: with its sequence number)."""

NAMES: Final = {"ipmi-kcs": "kcs", "ipmi-bt-host": "bt", "ipmi-ssif-host": "ssif"}
"""How the files of each kind are called."""

_LOG: Final = logging.getLogger("baseboard.device")
_LENGTH: Final = struct.Struct("=I")
_SHORTEST: Final = 2
_RESPONSE: Final = 0x04


class Ioctl(Protocol):
    """What `fcntl.ioctl` does without an argument."""

    def __call__(self, fd: int, request: int, /) -> int:
        """Call the driver."""
        ...


class Framed(NamedTuple):
    """A request as the device gave it.

    Attributes:
        seq: BT's sequence number; 0 for others.
        lun_netfn: NetFn/LUN.
        cmd: command.
        data: what follows it.
    """

    seq: int
    lun_netfn: int
    cmd: int
    data: bytes


def kind_of(path: str) -> ChipKind | None:
    """The kind of a device by its name; None = its name does not tell."""
    name = path.rpartition("/")[2]
    for start, kind in NAMES.items():
        if name.startswith(start):
            return "kcs" if kind == "kcs" else "bt" if kind == "bt" else "ssif"
    return None


def read_request(kind: ChipKind, raw: bytes) -> Framed | None:
    """Take a request out of its frame; None = it is none."""
    seq = 0
    if kind == "bt":
        # length, NetFn/LUN, Seq, Cmd; the length does not count itself
        if len(raw) <= 1 + _SHORTEST or raw[0] != len(raw) - 1:
            return None
        seq, message = raw[2], raw[1:2] + raw[3:]
    elif kind == "ssif":
        if len(raw) < _LENGTH.size or _LENGTH.unpack_from(raw)[0] != len(raw) - _LENGTH.size:
            return None
        message = raw[_LENGTH.size :]
    else:
        message = raw
    if len(message) < _SHORTEST:
        return None
    return Framed(seq, message[0], message[1], message[2:])


def write_response(kind: ChipKind, request: Framed, answer: bytes) -> bytes:
    """The frame of a response: completion code and data behind what names the request."""
    first = request.lun_netfn | _RESPONSE
    if kind == "bt":
        message = bytes((first, request.seq, request.cmd)) + answer
        return bytes((len(message),)) + message
    message = bytes((first, request.cmd)) + answer
    return _LENGTH.pack(len(message)) + message if kind == "ssif" else message


class BmcDevice:
    """An open device.

    Args:
        path: its file.
        kind: what its driver is for.
        take: called with each request.
        came_back: called when it had failed and is there again; nothing that came before is to be answered.

    Raises:
        TransportError: it cannot be opened.
    """

    def __init__(
        self,
        path: str,
        kind: ChipKind,
        take: Callable[[Framed], None],
        came_back: Callable[[], None],
        opener: OpenFile = open_file,
        ioctl: Ioctl = fcntl.ioctl,
    ) -> None:
        self.path = path
        self.kind: ChipKind = kind
        self._take, self._ioctl = take, ioctl
        self._device = PacketDevice(path, self._came, came_back, opener, polled=kind == "bt")
        self.close = self._device.close

    def answer(self, request: Framed, answer: bytes) -> None:
        """Send a response; one that the driver takes no more is dropped."""
        self._device.send(write_response(self.kind, request, answer))

    def room(self) -> int:
        """Bytes of completion code and data that a response may have."""
        return LONGEST[self.kind] - (3 if self.kind == "bt" else 2)

    def attention(self, wanted: bool) -> None:
        """Show the host that there is something to fetch, or no more; SSIF has no bit for that."""
        if self.kind == "kcs":
            self._call(SET_SMS_ATN if wanted else CLEAR_SMS_ATN)
        elif self.kind == "bt" and wanted:
            self._call(SET_SMS_ATN)

    def abort(self) -> None:
        """Show the host that its request came to nothing; of KCS alone it can be shown."""
        if self.kind == "kcs":
            self._call(FORCE_ABORT)

    def _call(self, request: int) -> None:
        if self._device.fd < 0:
            return
        try:
            self._ioctl(self._device.fd, request)
        except OSError as error:
            _LOG.warning("%s: ioctl %04Xh: %s", self.path, request, error.strerror or error)

    def _came(self, raw: bytes) -> None:
        request = read_request(self.kind, raw)
        if request is None:
            self.abort()
        else:
            self._take(request)
