"""PPP at the BMC's end of a serial line: a link, IPv4 and UDP, and in them what comes over a LAN (§14.5).

::

    line -- PppLink -- IPv4/UDP --+-- RMCP ports (parameters 31, 32) -- PppSessions -- controller
                                  +-- other ports -- UDP proxy -- the host's software
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final, Protocol

from baseboard.bmc.blueprint.serial import PPP
from baseboard.bmc.serial_channel.ppp_sessions import PppAddress, PppSessions
from baseboard.bmc.serial_channel.ppp_settings import MESSAGING, link_settings, link_user
from baseboard.bmc.serial_channel.ppp_watch import PppWatch, rmcp_ports
from baseboard.codes import ChannelProtocol
from baseboard.commands.parameters import serial_ppp as p
from baseboard.commands.transport.serial_proxy import SendPppUdpProxyPacket
from baseboard.errors import CompletionError
from baseboard.links import ethernet_ipv4, ethernet_udp
from baseboard.links.ethernet_ipv4 import Packet
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.ppp import Arrived, LinkDown, LinkUp, Phase, PppLink, PppSettings
from baseboard.links.ppp_frame import FLAG
from baseboard.links.ppp_terms import NOWHERE
from baseboard.rmcp.session import Account

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock
    from baseboard.bmc.controller import Controller
    from baseboard.bmc.serial_channel.front import Front
    from baseboard.bmc.serial_channel.ppp_watch import Called
    from baseboard.bmc.services.serial_proxy import ProxyPacket
    from baseboard.bmc.services.users import User

log = logging.getLogger(__name__)

STARTS: Final = (b"\xff\x03", b"\xff\x7d\x23")
"""How a frame begins in which a link is negotiated: address and control, of which the latter is escaped."""


_STARTS_SIZE: Final = 3


class Around(Protocol):
    """What the channel does for the mode."""

    def rearm(self) -> None:
        """The mode's deadline has changed."""
        ...

    def sessions_changed(self) -> None:
        """Somebody logged in, or is gone."""
        ...

    def link_changed(self, *, up: bool) -> None:
        """IP packets go over the link, or no longer."""
        ...


class Ppp:
    """A `SerialMode`.

    Args:
        controller: the BMC.
        front: the channel.
        around: the endpoint.
        random: gives that many unpredictable bytes.
        clock: time.

    Attributes:
        link: the link; None = there never was one.
        sessions: who is logged in over it; None = there never was a link.
        watch: looks at what a console and the system say to each other.
        on_state: called when the link came up, with True, or came to nothing, in place of the channel's own.
    """

    bit = PPP
    protocol = ChannelProtocol.IPMB

    def __init__(
        self,
        controller: Controller,
        front: Front,
        around: Around,
        random: Callable[[int], bytes],
        clock: Clock,
    ) -> None:
        self._controller, self._front, self._around = controller, front, around
        self._random, self._clock = random, clock
        self._parameters = front.serial.parameters
        self._head: bytes | None = None
        self._claimed: User | None = None
        self._role = (MESSAGING, True)
        self._up = False
        self.link: PppLink | None = None
        self.sessions: PppSessions | None = None
        self.watch = PppWatch(self._parameters)
        self.on_state: Callable[[bool], None] | None = None
        front.serial.proxy.link = self.send_proxied

    # ---- as a mode

    @property
    def engaged(self) -> bool:
        """Whether what comes next is certainly PPP: there is a link, or a frame of one has begun."""
        return self.speaking or (self._head or b"").startswith(STARTS)

    @property
    def speaking(self) -> bool:
        """Whether there is a link, or is to be one."""
        return self.link is not None and self.link.phase is not Phase.DEAD

    @property
    def in_use(self) -> bool:
        """Whether somebody is logged in over the link."""
        return self.sessions is not None and bool(self.sessions.table.sessions)

    @property
    def holding(self) -> bool:
        """Whether somebody needs the line for a link: it is not over, and has not even ended."""
        return self.link is not None and not self.link.over

    def receive(self, data: bytes, now: float) -> bool:
        """See `SerialMode`: who negotiates a link speaks PPP."""
        self._follow(data)
        if self.link is None:
            self._fresh(MESSAGING, ask=True)
        assert self.link is not None
        self.link.receive(data, now)
        self._settle()
        return self.speaking

    def claims(self, byte: int) -> bool:
        """See `SerialMode`: a flag, and behind it what begins a link."""
        if self.engaged or byte == FLAG:
            return True
        if self._head is None:
            return False
        head = self._head + bytes((byte,))
        if any(start.startswith(head) for start in STARTS):
            return True
        self._head = None
        return False

    def send_message(self, message: bytes) -> None:
        """See `SerialMode`: to the console's IP address, and to each session."""
        link, sessions = self.link, self.sessions
        if link is not None and link.is_up and sessions is not None:
            port = rmcp_ports(self._parameters)[0]
            sessions.tell(message, PppAddress(link.addresses.theirs, port, port))

    def reset(self) -> None:
        """See `SerialMode`: the line is gone."""
        self._head = None
        self.watch.forget()
        if self.link is not None:
            self.link.lost()
            self._settle()

    def deadline(self) -> float | None:
        """See `SerialMode`."""
        return None if self.link is None else self.link.deadline()

    def expire(self, now: float) -> None:
        """See `SerialMode`."""
        if self.link is not None:
            self.link.expire(now)
            self._settle()

    def inactivity_changed(self, seconds: float) -> None:
        """Parameters 4 and 6: after so long a silent session ends."""
        if self.sessions is not None:
            self.sessions.limit_silence(seconds)

    def settings_changed(self) -> None:
        """Parameters 30 to 48: a link that is up goes on by the old ones, one that is not begins anew."""
        self.watch.forget()
        link = self.link
        if link is not None and link.is_up:
            link.settings = self._settings()
        elif self.holding:
            account, ask = self._role
            self.open(account, ask=ask)

    # ---- links

    def began(self, *, alone: bool) -> None:
        """A console is at the line (parameter 30).

        Args:
            alone: no other mode is on, so that it must speak PPP.
        """
        if self._negotiation() == p.Negotiation.NEVER:
            self._fresh(MESSAGING, ask=False).assume()
            self._settle()
        elif alone:
            self.open(MESSAGING)

    def open(self, account: int, *, ask: bool = True) -> None:
        """Negotiate a link.

        Args:
            account: whose address, name and password the BMC has there.
            ask: who is at the other end has to prove it.
        """
        self._fresh(account, ask=ask).open(self._clock.now())
        self._settle()
        self._around.rearm()

    def switched(self) -> None:
        """The line is the BMC's now, where no other mode is on (parameter 30)."""
        if self._negotiation() == p.Negotiation.CONNECTION_AND_SWITCH:
            self.open(MESSAGING)
        else:
            self._fresh(MESSAGING, ask=False).assume()
            self._settle()

    def taken(self, called: Called) -> None:
        """A console that had its link with the system called for the BMC, which has the line now.

        The link is negotiated anew, or goes on as console and system left it, as parameter 30 says.
        """
        heard = self.watch.heard
        if self._negotiation() == p.Negotiation.CONNECTION_AND_SWITCH:
            if not self.speaking:
                self.open(MESSAGING)
            return
        link = self._fresh(MESSAGING, ask=False)
        link.settings = replace(link.settings, address=called.ours, given=called.theirs)
        link.assume(heard)
        self._settle()
        self._packet(called.data)

    def close(self) -> None:
        """Take the link down, and tell the other end."""
        if self.link is not None:
            self.link.close(self._clock.now())
            self._settle()
            self._around.rearm()

    def stop(self) -> None:
        """The BMC ends."""
        if self.sessions is not None:
            self.sessions.close()

    def send_datagram(
        self, datagram: Datagram, destination: IPv4Address, source: IPv4Address = NOWHERE
    ) -> bool:
        """Send a datagram over the link.

        Args:
            source: 0.0.0.0 = the BMC's own address.

        Returns: whether the link is up.
        """
        link = self.link
        if link is None or not link.is_up:
            return False
        source = link.addresses.ours if source == NOWHERE else source
        data = ethernet_udp.encode(datagram, source, destination)
        link.send(Packet(source, destination, ethernet_ipv4.UDP, data).encode())
        self._flush()
        return True

    def send_proxied(self, packet: ProxyPacket) -> None:
        """Send what system software put together (§25.7).

        Where the command has no address parameter 45 has it (unverified: what that parameter is for), and
        without that the source is the BMC's own.

        Raises:
            CompletionError: 80h or 81h of the command.
        """
        link = self.link
        if link is None or link.phase not in (Phase.AUTHENTICATE, Phase.NETWORK):
            raise CompletionError(SendPppUdpProxyPacket.LINK_NOT_UP)
        header = self._parameters.read(p.PppProxyIpHeader)
        source = header.source if packet.source == NOWHERE else packet.source
        destination = header.destination if packet.destination == NOWHERE else packet.destination
        datagram = Datagram(packet.source_port, packet.destination_port, packet.data)
        if not self.send_datagram(datagram, destination, source):
            raise CompletionError(SendPppUdpProxyPacket.IP_NOT_UP)

    # ---- inside

    def _follow(self, data: bytes) -> None:
        """Keep how the frame begins that has no end yet."""
        before, flag, behind = data.rpartition(bytes((FLAG,)))
        if flag:
            self._head = behind[:_STARTS_SIZE]
        elif self._head is not None:
            self._head = (self._head + before + behind)[:_STARTS_SIZE]

    def _negotiation(self) -> p.Negotiation:
        return self._parameters.read(p.PppProtocolOptions).negotiate

    def _settings(self) -> PppSettings:
        account, ask = self._role
        return link_settings(self._parameters, account, self._secret, ask=ask)

    def _fresh(self, account: int, *, ask: bool) -> PppLink:
        """The link, with nothing left of the one before."""
        link = self.link
        if link is not None:
            link.lost()
            self._settle()
        self._role = (account, ask)
        if link is None:
            self.link = link = PppLink(self._settings(), self._random)
        link.settings = self._settings()
        return link

    def _secret(self, name: bytes) -> bytes | None:
        services, channel = self._front.services, self._front.policy.channel
        user = link_user(services.users, services.login, channel, name)
        self._claimed = user
        return None if user is None else user.password

    def _settle(self) -> None:
        """Deal with what happened on the link, and send what is to be sent."""
        link = self.link
        assert link is not None
        self._flush()
        for event in link.events():
            match event:
                case LinkUp():
                    self._came_up()
                case LinkDown(unproven=unproven):
                    self._went_down(unproven=unproven)
                case Arrived(data=data):
                    self._packet(data)
        self._flush()
        if link.phase is Phase.DEAD:
            self._role = (MESSAGING, True)
            link.settings = self._settings()
            self._ended()

    def _flush(self) -> None:
        if self.link is not None:
            for data in self.link.outgoing():
                self._front.write(data)

    def _came_up(self) -> None:
        self._up = True
        services, policy = self._front.services, self._front.policy
        if self._claimed is not None:
            policy.login_succeeded(_account(self._claimed))
            self._claimed = None
        if self.sessions is None:
            self.sessions = PppSessions(
                self._controller, policy, self._random, self._clock, self._send_packet,
                self._around.sessions_changed, self._front.noted,
            )  # fmt: skip
            services.flush = _both(services.flush, self.sessions.flush)
        self.sessions.limit_silence(self._front.table.inactivity)
        self._front.table.close_all()
        services.tables[policy.channel] = self.sessions.table
        self._front.serial.packets = True
        self._told(up=True)

    def _went_down(self, *, unproven: bool) -> None:
        services, policy = self._front.services, self._front.policy
        if unproven:
            policy.login_failed(None if self._claimed is None else _account(self._claimed))
        self._claimed = None
        if self.sessions is not None:
            self.sessions.end()
            services.tables[policy.channel] = self._front.table
            self._front.serial.packets = False
        if self._up:
            self._up = False
            self._told(up=False)

    def _ended(self) -> None:
        """Nothing is left of the link."""
        if self.on_state is not None:
            self.on_state(False)

    def _told(self, *, up: bool) -> None:
        if self.on_state is not None:
            self.on_state(up)
        self._around.link_changed(up=up)

    def _send_packet(self, data: bytes, address: PppAddress) -> None:
        self.send_datagram(Datagram(address.local, address[1], data), address.host)

    def _packet(self, data: bytes) -> None:
        """An IP packet came; what is no whole UDP datagram for the BMC is dropped."""
        link, packet = self.link, ethernet_ipv4.parse(data)
        if isinstance(packet, ethernet_ipv4.Fault) or packet.protocol != ethernet_ipv4.UDP or packet.piece:
            return
        if link is None or packet.destination != link.addresses.ours or self.sessions is None:
            return
        datagram = ethernet_udp.parse(packet.data, packet.source, packet.destination)
        if datagram is None:
            return
        if datagram.destination in rmcp_ports(self._parameters):
            address = PppAddress(packet.source, datagram.source, datagram.destination)
            self.sessions.receive(datagram.data, address)
        else:
            self._front.serial.proxy.arrived(data)


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def flush() -> None:
        first()
        second()

    return flush


def _account(user: User) -> Account:
    return Account(user.user_id, user.password, 0)
