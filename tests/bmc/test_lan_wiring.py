"""Networks that a LAN channel has for itself, and what each is made with."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any

import pytest

from baseboard.bmc.lan_wiring import Wiring, wired
from baseboard.errors import TransportError
from baseboard.links.network import NetworkSettings
from baseboard.rmcp.machine import Address
from baseboard.testing.clock import VirtualClock
from baseboard.transports import frames, linux_network
from baseboard.transports.ethernet_network import EthernetNetwork
from baseboard.transports.frames import Switch

HEARD: list[tuple[bytes, Address]] = []


def take(data: bytes, address: Address) -> None:
    HEARD.append((data, address))


def test_an_interface_is_the_kernels_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    class Network:
        mac = bytes(range(6))

        def __init__(self, *made_with: Any) -> None:
            self.made_with = made_with

    monkeypatch.setattr(linux_network, "LinuxNetwork", Network)
    clock = VirtualClock()
    network, mac = wired(Wiring(interface="eth1", namespace="bmc"), take, clock)
    assert isinstance(network, Network)
    assert (network.made_with, mac) == (("eth1", "bmc", take, clock), bytes(range(6)))


def test_a_tap_device_or_a_switch_is_the_bmcs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Tap:
        def __init__(self, name: str, receive: Any) -> None:
            made.append(name)

    monkeypatch.setattr(frames, "TapLink", Tap)
    network, mac = wired(Wiring(tap="bmc0"), take, VirtualClock())
    assert (type(network), mac, made) == (EthernetNetwork, None, ["bmc0"])
    seen: list[bytes] = []
    switch = Switch()
    switch.plug(seen.append)
    network, _ = wired(Wiring(plug=switch.plug), take, VirtualClock())
    network.apply(NetworkSettings(mac=bytes((2, 0, 0, 0, 0, 1)), ipv6=True))
    assert seen[0][6:12] == bytes((2, 0, 0, 0, 0, 1))


async def test_the_frames_of_an_interface_are_looked_at_whomever_they_are_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    far, near = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    near.setblocking(False)
    asked: list[tuple[str, bool]] = []

    def packet_socket(name: str, *, everything: bool) -> socket.socket:
        asked.append((name, everything))
        if name == "none0":
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        return near

    monkeypatch.setattr(frames, "packet_socket", packet_socket)
    network, mac = wired(Wiring(interface="eth1", stack="own"), take, VirtualClock())
    assert (asked, mac) == ([("eth1", True)], None)
    network.close()
    far.close()
    with pytest.raises(TransportError, match="interface none0: Operation not permitted") as refused:
        wired(Wiring(interface="none0", stack="own"), take, VirtualClock())
    assert "CAP_NET_RAW" in refused.value.hint
