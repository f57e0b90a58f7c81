"""A whole BMC at an Ethernet switch in memory, and consoles at the same switch, each in a VLAN or in none."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface
from typing import Any, TypeVar

from baseboard.bmc.blueprint import Blueprint, LanSpec
from baseboard.bmc.store import MemoryStore
from baseboard.commands.declaration import Request, Response
from baseboard.commands.parameters import lan as p
from baseboard.commands.transport.lan import GetLanConfigurationParameters, SetLanConfigurationParameters
from baseboard.links import ethernet
from baseboard.links.ethernet import Frame
from baseboard.links.network import NetworkSettings, Tag
from baseboard.rmcp.machine import Address
from baseboard.testing.clock import VirtualClock
from baseboard.testing.raw_console import RawConsoleV20
from baseboard.transports.ethernet_network import EthernetNetwork
from baseboard.transports.frames import FrameLink, Receive, Switch
from tests.bmc.fakes import BLUEPRINT
from tests.conformance.bench import ADMIN, CAST, LAN, WholeBmc, raised

R = TypeVar("R", bound=Response)

BMC_MAC = bytes.fromhex("0200000000b1")
BMC_IP, BMC_IP6 = "10.1.0.2", "fd01::2"
PRESENCE_PING = bytes.fromhex("0600ff06000011be80550000")
SETTLED_S = 3.0
"""By when IPv6 addresses have been tried."""


class WiredBmc(WholeBmc):
    """A BMC whose LAN channel is a host at the switch.

    Attributes:
        switch: where everybody is.
        frames: all that the BMC sent.
    """

    def __init__(self, blueprint: Blueprint, store: MemoryStore, clock: VirtualClock) -> None:
        super().__init__(blueprint, store, clock)
        self.switch = Switch()
        self.frames: list[Frame] = []
        self.network = EthernetNetwork(self._plug, self.endpoint.receive, clock)
        self.endpoint.attach(self.network)
        self.advance(SETTLED_S)
        self.frames.clear()

    def _plug(self, receive: Receive) -> FrameLink:
        return _Watched(self.switch.plug(receive), self.frames)

    def console(self, tag: Tag | None = None, number: int = 1, **settings: Any) -> Console:
        """Somebody at the switch who looks for the BMC."""
        return Console(self, tag, number, settings)

    def ask(self, request: Request[R]) -> R:
        """The response to a request of the administrator, from a session of the LAN channel."""
        return self.execute(request, LAN, int(ADMIN.privilege))

    def set(self, parameter: p.LanParameter) -> None:
        """Write a LAN parameter; it counts as soon as the answer is out."""
        self.ask(SetLanConfigurationParameters(channel=LAN, parameter=parameter))
        self.advance(0)

    def get(self, selector: int, set_selector: int = 0, block_selector: int = 0) -> bytes:
        """The data of a LAN parameter."""
        request = GetLanConfigurationParameters(
            channel=LAN, selector=selector, set_selector=set_selector, block_selector=block_selector
        )
        return self.ask(request).data

    def reopened(self) -> WiredBmc:
        """The BMC as it comes back after a crash, at another switch."""
        self.controller.stop()
        self.network.close()
        return WiredBmc(self.blueprint, self.store, self.clock)


class _Watched:
    """The BMC's link to the switch, with somebody who writes down what it sends."""

    def __init__(self, link: FrameLink, seen: list[Frame]) -> None:
        self._link, self._seen = link, seen

    def send(self, raw: bytes) -> None:
        frame = ethernet.parse(raw)
        assert frame is not None
        assert frame.source == BMC_MAC
        self._seen.append(frame)
        self._link.send(raw)

    def close(self) -> None:
        self._link.close()


class Console:
    """A host at the switch.

    Attributes:
        host: where it looks for the BMC.
        heard: datagrams that came.
    """

    def __init__(self, bmc: WiredBmc, tag: Tag | None, number: int, settings: dict[str, Any]) -> None:
        self.bmc, self.host = bmc, BMC_IP
        self.heard: list[tuple[bytes, Address]] = []
        self.network = EthernetNetwork(
            bmc.switch.plug, lambda data, address: self.heard.append((data, address)), bmc.clock
        )
        self.settings = NetworkSettings(
            mac=bytes((2, 0, 0, 0, 1, number)),
            ipv4=IPv4Interface(f"10.1.0.{100 + number}/24"),
            tag=tag,
            ipv6=True,
            static=(IPv6Interface(f"fd01::1:{number}/64"),),
            port=40000 + number,
        )
        self.move(**settings)

    def move(self, **changes: Any) -> None:
        """Have other settings."""
        self.settings = replace(self.settings, **changes)
        self.network.apply(self.settings)
        self.bmc.advance(SETTLED_S)

    def carry(self, data: bytes, source: Address | None = None) -> list[bytes]:
        """Send a datagram to the BMC, from where this console is; what comes back at once."""
        self.heard.clear()
        address: Address = (self.host, 623, 0, 0) if ":" in self.host else (self.host, 623)
        self.network.send(data, address)
        self.bmc.advance(0)
        return [datagram for datagram, _ in self.heard]

    def pings(self, host: str = "") -> bool:
        """Whether the BMC answers an RMCP presence ping."""
        self.host = host or self.host
        self.bmc.advance(SETTLED_S)
        answered = bool(self.carry(PRESENCE_PING))
        self.bmc.advance(SETTLED_S)
        return answered

    def login(self) -> RawConsoleV20:
        """A session of the administrator."""
        console = RawConsoleV20(self.carry, ADMIN.name, ADMIN.password, role=0x14)
        assert console.login() == [0, 0, 0]
        return raised(console, int(ADMIN.privilege))


def wired(**lan: Any) -> WiredBmc:
    """A BMC at a switch, at 10.1.0.2."""
    spec = replace(LanSpec(), ip=BMC_IP, mask="255.255.255.0", mac=BMC_MAC, suites=((3, 4), (17, 4)), **lan)
    return WiredBmc(replace(BLUEPRINT, users=CAST, lan=spec), MemoryStore(), VirtualClock(now=1000.0))
