"""Where Ethernet frames go: a switch in memory, and devices whose kernel is a test's."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import socket
import struct
from typing import Any

import pytest

from baseboard.errors import TransportError
from baseboard.transports import frames
from baseboard.transports.frames import PacketLink, Switch, SwitchLink, TapLink, packet_socket, whole
from tests.links.captured import ARP_REQUEST, IPV4_UDP

A, B, C = (bytes.fromhex(f"02000000000{digit}") for digit in "abc")
EVERYBODY = b"\xff" * 6


class Station:
    """Somebody at a switch.

    Attributes:
        heard: frames that came.
        echo: what it sends when one comes.
    """

    def __init__(self, switch: Switch, mac: bytes) -> None:
        self.mac = mac
        self.heard: list[bytes] = []
        self.echo = b""
        self.link = switch.plug(self._hear)

    def _hear(self, frame: bytes) -> None:
        self.heard.append(frame[14:])
        if self.echo:
            data, self.echo = self.echo, b""
            self.send(frame[6:12], data)

    def send(self, to: bytes, data: bytes) -> None:
        self.link.send(to + self.mac + b"\x08\x00" + data)


def stations() -> tuple[Switch, Station, Station, Station]:
    switch = Switch()
    return switch, Station(switch, A), Station(switch, B), Station(switch, C)


def test_a_switch_sends_to_all_until_it_has_learned_who_is_where() -> None:
    _, a, b, c = stations()
    a.send(B, b"one")
    assert (b.heard, c.heard) == ([b"one"], [b"one"])
    b.send(A, b"two")
    assert (a.heard, c.heard) == ([b"two"], [b"one"])
    a.send(EVERYBODY, b"three")
    assert (b.heard, c.heard) == ([b"one", b"three"], [b"one", b"three"])


def test_frames_come_in_the_order_in_which_they_were_sent() -> None:
    _, a, b, c = stations()
    b.echo = b"answer"
    a.send(EVERYBODY, b"question")
    assert (a.heard, c.heard) == ([b"answer"], [b"question"])


def test_who_pulled_the_plug_neither_hears_nor_is_heard() -> None:
    switch, a, b, c = stations()
    b.send(A, b"here")
    b.link.close()
    a.send(B, b"one")
    b.send(A, b"two")
    assert (b.heard, c.heard, a.heard) == ([], [b"here", b"one"], [b"here"])
    SwitchLink(switch).send(A + B + b"\x08\x00stranger")
    assert a.heard == [b"here"]


def test_a_switch_that_breaks_off_goes_on() -> None:
    switch, a, b, _ = stations()

    def refuse(frame: bytes) -> None:
        raise RuntimeError

    switch.plug(refuse)
    with pytest.raises(RuntimeError):
        a.send(EVERYBODY, b"one")
    b.send(A, b"two")
    assert a.heard == [b"two"]


# Devices


class Kernel:
    """What the kernel does for a TAP device, and what it was told.

    Attributes:
        far: the other end of the cable.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.far, near = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        near.setblocking(False)
        self._fd = near.detach()
        self.told: list[tuple[int, str, int]] = []
        self.refuse: dict[int, int] = {}
        self.refuse_open = 0
        self._open = os.open
        monkeypatch.setattr(os, "open", self.open)
        monkeypatch.setattr(fcntl, "ioctl", self.ioctl)

    def open(self, path: str, flags: int, *rest: Any) -> int:
        if path != "/dev/net/tun":
            return self._open(path, flags, *rest)
        if self.refuse_open:
            raise OSError(self.refuse_open, os.strerror(self.refuse_open))
        return self._fd

    def ioctl(self, fd: Any, what: int, request: bytes) -> bytes:
        name, flags = struct.unpack("16sH22x", request)
        if what in self.refuse:
            raise OSError(self.refuse[what], os.strerror(self.refuse[what]))
        self.told.append((what, name.rstrip(b"\0").decode(), flags))
        return struct.pack("16sH22x", name, 0x1002)


async def test_a_tap_device_is_made_switched_on_and_carries_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, heard = Kernel(monkeypatch), asyncio.Queue[bytes]()
    link = TapLink("bmc0", heard.put_nowait)
    # TUNSETIFF with IFF_TAP and IFF_NO_PI, SIOCGIFFLAGS, SIOCSIFFLAGS with IFF_UP (<linux/if_tun.h>, if.h)
    assert kernel.told == [(0x400454CA, "bmc0", 0x1002), (0x8913, "bmc0", 0), (0x8914, "bmc0", 0x1003)]
    for frame in (ARP_REQUEST, IPV4_UDP):
        kernel.far.send(frame)
    assert [await heard.get(), await heard.get()] == [ARP_REQUEST, IPV4_UDP]
    link.send(b"answer")
    assert kernel.far.recv(100) == b"answer"
    kernel.far.close()
    link.send(b"nobody takes it")
    link.close()


@pytest.mark.parametrize("step", ["open", "make", "switch on"])
async def test_without_the_right_to_it_there_is_no_tap_device(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kernel = Kernel(monkeypatch)
    if step == "open":
        kernel.refuse_open = errno.EACCES
    kernel.refuse = {"make": {0x400454CA: errno.EPERM}, "switch on": {0x8914: errno.EPERM}}.get(step, {})
    with pytest.raises(TransportError, match="interface bmc0: ") as refused:
        TapLink("bmc0", lambda frame: None)
    assert "CAP_NET_ADMIN" in refused.value.hint
    kernel.far.close()
    if step == "open":
        os.close(kernel._fd)


async def test_a_packet_socket_carries_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    near.setblocking(False)
    heard = asyncio.Queue[bytes]()
    link = PacketLink(near, heard.put_nowait)
    far.send(ARP_REQUEST)
    assert await heard.get() == ARP_REQUEST
    link.send(b"answer")
    assert far.recv(100) == b"answer"
    far.close()
    link.send(b"nobody takes it")
    link.close()


def auxiliary(status: int, tag: int = 0) -> tuple[int, int, bytes]:
    """What the kernel tells beside a frame (packet(7), PACKET_AUXDATA)."""
    return 263, 8, struct.pack("=IIIHHHH", status, 60, 60, 0, 14, tag, 0x8100)


def test_what_is_told_beside_a_frame_goes_back_into_it() -> None:
    opened = IPV4_UDP[:40] + b"\xde\xad" + IPV4_UDP[42:]
    tagged = IPV4_UDP[:12] + bytes.fromhex("8100a064") + IPV4_UDP[12:]
    assert whole(IPV4_UDP, []) == IPV4_UDP
    assert whole(IPV4_UDP, [(1, 8, b""), auxiliary(0)]) == IPV4_UDP
    assert whole(opened, [auxiliary(1 << 3)]) == IPV4_UDP
    assert whole(IPV4_UDP, [auxiliary(1 << 4, 0xA064)]) == tagged
    assert whole(opened, [auxiliary(1 << 3 | 1 << 4, 0xA064)]) == tagged
    assert whole(IPV4_UDP, [(263, 8, b"short")]) == IPV4_UDP


class RawSocket:
    """A packet socket that notes what it is told."""

    made: list[RawSocket]

    def __init__(self, *kind: int) -> None:
        self.kind, self.options, self.bound, self.closed = kind, list[tuple[Any, ...]](), (), False
        RawSocket.made.append(self)

    def setblocking(self, on: bool) -> None:
        assert not on

    def setsockopt(self, *option: Any) -> None:
        self.options.append(option)

    def bind(self, address: Any) -> None:
        if address[0] == "none0":
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        self.bound = address

    def close(self) -> None:
        self.closed = True


def test_a_packet_socket_has_all_frames_of_its_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    RawSocket.made = []
    monkeypatch.setattr(socket, "socket", RawSocket)
    packet_socket("eth1")
    (made,) = RawSocket.made
    assert made.kind == (socket.AF_PACKET, socket.SOCK_RAW, 0)
    assert made.bound == ("eth1", 3)
    assert made.options[:2] == [(263, 8, 1), (263, 23, 1)]
    with pytest.raises(OSError, match="No such device"):
        packet_socket("none0")
    assert RawSocket.made[1].closed


def test_for_a_hardware_address_of_its_own_it_has_the_frames_for_others_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    RawSocket.made = []
    up: list[str] = []
    monkeypatch.setattr(socket, "socket", RawSocket)
    monkeypatch.setattr(socket, "if_nametoindex", lambda name: 7)
    monkeypatch.setattr(frames, "_bring_up", up.append)
    packet_socket("eth1", everything=True)
    # PACKET_ADD_MEMBERSHIP: interface 7, PACKET_MR_PROMISC
    assert (263, 1, struct.pack("=iHH8s", 7, 1, 0, b"")) in RawSocket.made[0].options
    assert up == ["eth1"]
