"""Linux's IPMI device file, ``/dev/ipmi0``: requests go in and messages come out by ioctl.

The driver carries requests to the BMC over its system interface, and bridges those for other controllers
itself: Send Message, sequence numbers, retries and the wait for the answer are its work.
"""

from __future__ import annotations

import errno
import fcntl
import os
from array import array
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from baseboard.errors import TransportError
from baseboard.transports import waiting
from baseboard.transports.ipmidev_abi import (
    BMC_CHANNEL,
    LARGEST_ADDRESS,
    NATIVE,
    AddressType,
    DeviceAddress,
    Received,
    pack_address,
    pack_channel_value,
    pack_command,
    pack_switch,
    unpack_address,
    unpack_channel_value,
)

BMC_ITSELF: Final = DeviceAddress(AddressType.SYSTEM_INTERFACE, BMC_CHANNEL, 0)

DRAIN: Final = 64
"""Most messages taken at one wake-up, so that others get their turn."""

_BUFFER: Final = 1024
"""More than the driver's longest message."""

_HINTS: Final = {
    errno.ENOENT: "load the drivers: modprobe -a ipmi_si ipmi_devintf (ipmi_ssif where the BMC is on SMBus)",
    errno.ENXIO: "no BMC is behind it: modprobe ipmi_si, then look at dmesg",
    errno.ENODEV: "no BMC is behind it: modprobe ipmi_si, then look at dmesg",
    errno.EACCES: "only root may open it, unless a udev rule lets a group",
    errno.EPERM: "only root may open it, unless a udev rule lets a group",
}


class Ioctl(Protocol):
    """What `fcntl.ioctl` does with a buffer: the driver reads it, or changes it."""

    def __call__(self, fd: int, request: int, arg: bytearray, mutate_flag: bool = True, /) -> int:
        """Call the driver."""
        ...


Take = Callable[[DeviceAddress, Received, bytes], None]
"""Takes who sent a message, its head, and its data."""


def names(device: str = "") -> list[str]:
    """Where a device may be.

    Args:
        device: its number, or the path of its file; empty = the first one.
    """
    if device and not device.isdecimal():
        return [device]
    number = int(device or "0")
    return [f"/dev/ipmi{number}", f"/dev/ipmi/{number}", f"/dev/ipmidev/{number}"]


class IpmiDevice:
    """An open device file.

    Args:
        paths: where it may be; the first one that can be opened is taken.
        take: called with each message that comes.
        lost: called once when the device can be read no more.

    Attributes:
        path: of the file that was opened.
        sender: the structure of the address of the message that is being taken.

    Raises:
        TransportError: it cannot be opened.
    """

    def __init__(
        self,
        paths: Sequence[str],
        take: Take,
        lost: Callable[[TransportError], None],
        *,
        ioctl: Ioctl = fcntl.ioctl,
    ) -> None:
        self._fd, self.path = _opened(paths)
        self._take, self._lost, self._ioctl = take, lost, ioctl
        self._address = array("B", bytes(LARGEST_ADDRESS))
        self._data = array("B", bytes(_BUFFER))
        self.sender = b""
        self._loop = waiting.running()
        self._loop.add_reader(self._fd, self._readable)

    def send(
        self,
        address: DeviceAddress,
        msgid: int,
        netfn: int,
        cmd: int,
        data: bytes,
        *,
        retries: int = 0,
        retry_ms: int = 1000,
    ) -> None:
        """Send a request; its answer comes with the same ``msgid``.

        Args:
            retries: how often the driver sends it again over an IPMB when nothing comes back.
            retry_ms: after how many milliseconds.

        Raises:
            TransportError: the driver refused it.
            EncodeError: a number does not fit its field.
        """
        self._send(pack_address(address), msgid, netfn, cmd, data, retries, retry_ms)

    def answer(self, sender: bytes, msgid: int, netfn: int, cmd: int, data: bytes) -> None:
        """Answer a request of somebody else's that came, for it was registered for.

        Args:
            sender: who sent it, as `sender` was while it was taken.
            msgid: as it came.
            netfn: of the request.
            cmd: as it came.
            data: completion code first.

        Raises:
            TransportError: the driver refused it.
        """
        self._send(sender, msgid, netfn | 1, cmd, data, 0, 0)

    def _send(
        self, packed: bytes, msgid: int, netfn: int, cmd: int, data: bytes, retries: int, retry_ms: int
    ) -> None:
        place, body = array("B", packed), array("B", data)
        request = NATIVE.pack_request(
            place.buffer_info()[0],
            len(packed),
            msgid,
            netfn,
            cmd,
            body.buffer_info()[0],
            len(data),
            retries,
            retry_ms,
        )
        self._call("SEND_COMMAND_SETTIME", bytearray(request), "the request was not taken")

    def get_events(self, on: bool) -> None:
        """Have events of the BMC come too, or not any more.

        Raises:
            TransportError: the driver refused it.
        """
        self._call("SET_GETS_EVENTS_CMD", bytearray(pack_switch(on)), "its events are not told")

    def register(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """Have requests of others come that are for this command; one program takes each.

        Args:
            channels: that they may come from, a bit each; None = all.

        Raises:
            TransportError: another program has it.
            EncodeError: a number does not fit its field.
        """
        name = "REGISTER_FOR_CMD" if channels is None else "REGISTER_FOR_CMD_CHANS"
        self._call(name, bytearray(pack_command(netfn, cmd, channels)), "the command was not given to us")

    def unregister(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """Take no more of them.

        Raises:
            TransportError: it was not registered for.
        """
        name = "UNREGISTER_FOR_CMD" if channels is None else "UNREGISTER_FOR_CMD_CHANS"
        self._call(name, bytearray(pack_command(netfn, cmd, channels)), "the command was not ours")

    def my_address(self, channel: int) -> int:
        """Ask for the slave address that requests on a channel come from.

        Raises:
            TransportError: there is no such channel.
        """
        asked = bytearray(pack_channel_value(channel, 0))
        self._call("GET_MY_CHANNEL_ADDRESS", asked, "its own address is not told")
        return unpack_channel_value(asked)[1]

    def set_my_address(self, channel: int, address: int) -> None:
        """Choose the slave address that requests on a channel come from.

        Raises:
            TransportError: there is no such channel.
        """
        wanted = bytearray(pack_channel_value(channel, address))
        self._call("SET_MY_CHANNEL_ADDRESS", wanted, "its own address cannot be set")

    def close(self) -> None:
        """Read no more; harmless when it is closed already."""
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _call(self, name: str, argument: bytearray, trouble: str) -> None:
        if self._fd < 0:
            raise TransportError(f"{self.path}: closed")
        try:
            self._ioctl(self._fd, NATIVE.numbers[name], argument, True)
        except OSError as error:
            raise TransportError(f"{self.path}: {trouble}: {error.strerror or error}") from error

    def _readable(self) -> None:
        for _ in range(DRAIN):
            if self._fd < 0 or not self._receive():
                return

    def _receive(self) -> bool:
        """Take one message; tell whether there may be more."""
        place, data = self._address, self._data
        argument = NATIVE.pack_receive(place.buffer_info()[0], len(place), data.buffer_info()[0], len(data))
        try:
            self._ioctl(self._fd, NATIVE.numbers["RECEIVE_MSG_TRUNC"], argument, True)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EINTR):
                return False
            if error.errno != errno.EMSGSIZE:  # that one is cut, and is out of the queue
                path = self.path
                self.close()
                self._lost(TransportError(f"{path}: {error.strerror or error}"))
                return False
        head = NATIVE.unpack_receive(argument)
        self.sender = place.tobytes()[: head.address_size]
        sender = unpack_address(self.sender)
        self._take(sender, head, data[: head.size].tobytes())
        return True


def _opened(paths: Sequence[str]) -> tuple[int, str]:
    """Open the first that can be; of the reasons why none can, the one that is not its absence is told."""
    reason = OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    for path in paths:
        try:
            return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC), path
        except OSError as error:
            if error.errno != errno.ENOENT:
                reason = error
    trouble = TransportError(f"Could not open device at {' or '.join(paths)}: {reason.strerror}")
    trouble.hint = _HINTS.get(reason.errno or 0, "")
    raise trouble
