"""The LAN channel of one BMC: between its socket, its session table and its controller."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.clock import Clock
from baseboard.bmc.controller import Controller
from baseboard.bmc.packet_endpoint import PacketEndpoint
from baseboard.bmc.ports import NetworkPort
from baseboard.bmc.services.lan_network import Plain
from baseboard.bmc.services.serial_sessions import PPP_HANDLES
from baseboard.bmc.services.sol_door import Through
from baseboard.codes import Manufacturer
from baseboard.transports.udp import Address

_RMCP = b"\x06"


class LanEndpoint(PacketEndpoint):
    """The LAN channel of one BMC: datagrams to its session table, requests to its controller."""

    __slots__ = ("_network", "_send", "_statistics")

    def __init__(self, controller: Controller, random: Callable[[int], bytes], clock: Clock) -> None:
        services = controller.services
        lan = services.home.blueprint.lan
        policy = services.login.policy(lan.channel, services.device.guid)
        handles = range(1, PPP_HANDLES.start)
        super().__init__(controller, policy, random, clock, slots=lan.session_slots, handles=handles)
        self._network: NetworkPort = Plain(_nowhere)
        self._send: Callable[[bytes, Address], None] = _nowhere
        self._statistics = services.lan.statistics
        if services.dcmi is not None:
            self.table.maker = int(Manufacturer.DCMI)
        services.tables[lan.channel] = self.table
        services.flush = self.flush
        services.sol.receive = self.receive

    def bind(self, send: Callable[[bytes, Address], None]) -> None:
        """Say how datagrams go out, where nothing else is known of the network."""
        self.attach(Plain(send))

    def attach(self, network: NetworkPort) -> None:
        """Have this network below the channel, and set it up as the LAN parameters say."""
        services = self._controller.services
        self._network = network
        self._send = network.send
        services.send_datagram = network.send
        services.lan.network.attach(network)

    def receive(self, data: bytes, address: Address) -> None:
        """Take one datagram and do all that follows from it."""
        statistics = self._statistics
        statistics.received += 1
        if data[:1] == _RMCP:
            statistics.valid += 1
        PacketEndpoint.receive(self, data, address)

    def close(self) -> None:
        """End every session; the consoles are not told."""
        super().close()
        self._network.close()

    def _transmit(self) -> None:
        table = self.table
        outgoing, table.outbox = table.outbox, []
        self._statistics.sent += len(outgoing)
        for packet, address in outgoing:
            if type(address) is Through:
                address.send(packet)
            else:
                self._send(packet, address)


def _nowhere(data: bytes, address: Address) -> None:
    """An endpoint that is not bound yet has heard from nobody, so it has nobody to answer."""
