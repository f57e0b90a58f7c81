"""PPP between a console and the system, watched for what is meant for the BMC (§14.3, §14.5, Table 14-3)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.bmc.serial_channel.ppp_sessions import is_ipmi
from baseboard.bmc.serial_channel.ppp_settings import MESSAGING
from baseboard.commands.parameters import serial_ppp as p
from baseboard.links import ethernet_ipv4, ethernet_udp
from baseboard.links.ppp import IP, LCP
from baseboard.links.ppp_automaton import Code, Options, read_options, read_packet
from baseboard.links.ppp_frame import FLAG, Deframer, Frame

if TYPE_CHECKING:
    from baseboard.bmc.services.serial_parameters import SerialParameters

_ACCM: Final = 2


class Called(NamedTuple):
    """A packet by which a console calls for the BMC.

    Attributes:
        data: the packet, from its IP header on.
        ours: the BMC's address.
        theirs: the console's.
        end: how much of what came it takes, with what was before it.
    """

    data: bytes
    ours: IPv4Address
    theirs: IPv4Address
    end: int


class PppWatch:
    """Watches what a console sends to the system.

    Attributes:
        heard: options of the link that the console asked the system for, if they are watched.
    """

    def __init__(self, parameters: SerialParameters) -> None:
        self._parameters = parameters
        self.heard: Options = ()
        self._deframer = Deframer()
        self.forget()

    def forget(self) -> None:
        """Another console may be at the line."""
        self.heard = ()
        self._deframer = Deframer(self._map())

    def receive(self, data: bytes) -> Called | None:
        """Look at what goes by."""
        start = 0
        while start < len(data):
            end = data.find(FLAG, start) + 1 or len(data)
            for frame in self._deframer.receive(data[start:end]):
                if frame.protocol == LCP:
                    self._link(frame)
                elif frame.protocol == IP and (called := self._packet(frame.data, end)):
                    return called
            start = end
        return None

    def _map(self) -> int:
        """Parameter 30 says by which map characters are undone until more is known."""
        if self._parameters.read(p.PppProtocolOptions).snoop == p.SnoopControl.SNOOP_ACCM:
            return self._parameters.read(p.PppSnoopAccm).accm
        return self._parameters.read(p.PppAccm).transmit

    def _link(self, frame: Frame) -> None:
        """What console and system agree on, if the parameters want that watched."""
        found = read_packet(frame.data)
        if found is None or not self._parameters.read(p.PppProtocolOptions).snoop_system:
            return
        code, _, body = found
        options = read_options(body) if code in (Code.CONFIGURE_REQUEST, Code.CONFIGURE_ACK) else None
        if options is None:
            return
        if code == Code.CONFIGURE_REQUEST:
            self.heard = options
        else:
            # What the console acknowledges is what the system wants escaped on the way to it.
            self._deframer.accm = int.from_bytes(dict(options).get(_ACCM, b"\xff" * 4), "big")

    def _packet(self, data: bytes, end: int) -> Called | None:
        packet = ethernet_ipv4.parse(data)
        if isinstance(packet, ethernet_ipv4.Fault) or packet.protocol != ethernet_ipv4.UDP or packet.piece:
            return None
        ours = self._parameters.read(p.PppAccountIpAddress, MESSAGING).address
        if ours not in (packet.destination, IPv4Address(0)):
            return None
        datagram = ethernet_udp.parse(packet.data, packet.source, packet.destination)
        if datagram is None or datagram.destination not in rmcp_ports(self._parameters):
            return None
        if not is_ipmi(datagram.data):
            return None
        return Called(data, packet.destination, packet.source, end)


def rmcp_ports(parameters: SerialParameters) -> tuple[int, int]:
    """The UDP ports of RMCP on the link (parameters 31 and 32)."""
    primary = parameters.read(p.PppPrimaryRmcpPort).port
    return primary, parameters.read(p.PppSecondaryRmcpPort).port
