"""A LAN channel on an interface of Linux that is its own: the LAN parameters set the kernel up (§23).

Addresses, gateways, VLAN, ARP and neighbor discovery are the kernel's, by netlink and ``/proc/sys``; the
channel's sockets are bound to the interface, so that frames of other VLANs never come to them. An alert that
goes by a way of its own (another tag, a hardware address, the backup gateway) goes as a frame made here.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from baseboard.errors import TransportError
from baseboard.links import ethernet, ethernet_arp
from baseboard.links.ethernet import BROADCAST, Frame
from baseboard.links.network import (
    Abilities,
    Counters,
    NetworkReport,
    NetworkSettings,
    Via,
)
from baseboard.transports.device_udp import DeviceUdp, device_socket
from baseboard.transports.ethernet_network import Clock, EthernetNetwork, Timer
from baseboard.transports.frames import PacketLink, packet_socket
from baseboard.transports.linux_setup import LinuxSetup
from baseboard.transports.linux_statistics import Statistics
from baseboard.transports.namespace import inside
from baseboard.transports.udp import Address

log = logging.getLogger(__name__)

ABILITIES: Final = Abilities(arp=True, addresses=True, static_addresses=4, dynamic_addresses=5)

REPORT_HOLD_S: Final = 0.5
"""How long what the kernel said is taken for true, so that many parameters are read with one question."""

ASIDE_S: Final = 30.0
"""How long frames of the interface are looked at after an alert went by a way of its own."""


class LinuxNetwork:
    """An interface of Linux, in a namespace of its own or in this one.

    Args:
        interface: its name; nobody else may use it.
        namespace: where it is; empty = here. What the namespace counts is taken for the channel's own.
        receive: called with each datagram and its sender.
        clock: time.

    Raises:
        TransportError: there is no such interface, no right to set it up, or pyroute2 is not installed.
    """

    abilities = ABILITIES

    def __init__(
        self, interface: str, namespace: str, receive: Callable[[bytes, Address], None], clock: Clock
    ) -> None:
        self._interface, self._namespace = interface, namespace
        self._receive, self._clock = receive, clock
        self._setup = LinuxSetup(interface)
        self.mac = inside(namespace, self._setup.begin)
        self._statistics = inside(namespace, Statistics) if namespace else None
        self._sockets: dict[int, DeviceUdp] = {}
        self._bound = ("", 0)
        self._settings: NetworkSettings | None = None
        self._announcer: socket.socket | None = None
        self._announcing: Timer | None = None
        self._reported: tuple[float, NetworkReport] | None = None
        self._aside: EthernetNetwork | None = None
        self._aside_timer: Timer | None = None

    # ---- settings

    def apply(self, settings: NetworkSettings) -> None:
        """Have these settings count; what the kernel refuses is logged, and the rest counts all the same."""
        try:
            refused = inside(self._namespace, lambda: self._setup.apply(settings))
            for trouble in refused:
                log.error("%s: %s", self._interface, trouble)
            self._bind(settings)
        except (TransportError, OSError) as error:
            log.error("%s: %s", self._interface, error)  # noqa: TRY400 - a cause outside, without a traceback
        self._settings = settings
        self._reported = None
        for opened in self._sockets.values():
            opened.configure(settings)
        if self._aside is not None:
            self._aside.apply(_quiet(settings))
        self._announce()

    def _bind(self, settings: NetworkSettings) -> None:
        """Have the sockets at the interface of the VLAN, of the versions of IP that are spoken."""
        device = self._setup.device
        if (device, settings.port) != self._bound:
            self._unbind()
            self._bound = (device, settings.port)
        wanted = {4: settings.dynamic or settings.ipv4 is not None, 6: settings.ipv6}
        for version, on in wanted.items():
            if on and version not in self._sockets:
                host = "0.0.0.0" if version == 4 else "::"  # noqa: S104 - of that one interface
                opened = inside(self._namespace, partial(device_socket, host, settings.port, device))
                self._sockets[version] = DeviceUdp(opened, self._receive)
            elif not on and version in self._sockets:
                self._sockets.pop(version).close()

    def _unbind(self) -> None:
        for opened in self._sockets.values():
            opened.close()
        self._sockets.clear()
        if self._announcer is not None:
            self._announcer.close()
            self._announcer = None

    # ---- gratuitous ARPs, which the kernel does not send at an interval

    def _announce(self) -> None:
        if self._announcing is not None:
            self._announcing.cancel()
            self._announcing = None
        settings = self._settings
        if settings is None or not settings.gratuitous_arps or settings.ipv4 is None:
            return
        told = ethernet_arp.gratuitous(self.mac, settings.ipv4.ip).encode()
        # The kernel puts the tag in: the socket is at the interface of the VLAN.
        frame = Frame(BROADCAST, self.mac, ethernet.ARP, told).encode()
        try:
            if self._announcer is None:
                self._announcer = inside(self._namespace, lambda: packet_socket(self._setup.device))
            self._announcer.send(frame)
        except OSError as error:
            log.warning("%s: gratuitous ARP: %s", self._interface, error)
        self._announcing = self._clock.call_at(self._clock.now() + settings.arp_interval_s, self._announce)

    # ---- datagrams

    def send(self, data: bytes, address: Address, via: Via | None = None) -> None:
        """Send one datagram from the channel's own address and port."""
        if via is not None and via != _AS_ALL and self._settings is not None:
            self._by_the_way(self._settings).send(data, address, via)
            return
        opened = self._sockets.get(6 if ":" in address[0] else 4)
        if opened is not None:
            opened.send(data, address)

    def _by_the_way(self, settings: NetworkSettings) -> EthernetNetwork:
        """A host of its own at the same interface, beside the kernel; it takes nothing in."""
        if self._aside is None:
            opened = inside(self._namespace, lambda: packet_socket(self._interface))
            self._aside = EthernetNetwork(lambda receive: PacketLink(opened, receive), _nobody, self._clock)
            self._aside.apply(_quiet(settings))
        if self._aside_timer is not None:
            self._aside_timer.cancel()
        self._aside_timer = self._clock.call_at(self._clock.now() + ASIDE_S, self._put_aside)
        return self._aside

    def _put_aside(self) -> None:
        if self._aside_timer is not None:
            self._aside_timer.cancel()
            self._aside_timer = None
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    # ---- what is known

    def report(self) -> NetworkReport:
        """What the kernel knows."""
        now, settings = self._clock.now(), self._settings
        if settings is None:
            return NetworkReport()
        if self._reported is None or now - self._reported[0] > REPORT_HOLD_S:
            try:
                said = inside(self._namespace, lambda: self._setup.report(settings))
            except TransportError as error:
                log.warning("%s: %s", self._interface, error)
                said = NetworkReport()
            self._reported = (now, said)
        return self._reported[1]

    def counters(self) -> Counters | None:
        """What the namespace counted; None where the channel has none of its own."""
        return None if self._statistics is None else self._statistics.counters()

    def close(self) -> None:
        """Take away what was put up, and leave the interface without addresses."""
        if self._announcing is not None:
            self._announcing.cancel()
        self._put_aside()
        self._unbind()
        if self._statistics is not None:
            self._statistics.close()
        try:
            inside(self._namespace, self._setup.end)
        except (TransportError, OSError) as error:
            log.warning("%s: %s", self._interface, error)


_AS_ALL: Final = Via()


def _quiet(settings: NetworkSettings) -> NetworkSettings:
    """The same host, for sending alone: ARPs and the trying of addresses are the kernel's."""
    timing = replace(settings.timing, duplicate_tries=0)
    return replace(
        settings, arp_responses=False, gratuitous_arps=False, advertised_routers=False, timing=timing
    )


def _nobody(data: bytes, address: Address) -> None:
    """What comes for the channel comes by its sockets."""
