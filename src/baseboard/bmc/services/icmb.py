"""The bridge between this chassis and others: its settings, and what it does for others (§8, ICMB v1.0)."""

from __future__ import annotations

from typing import Final

from baseboard.bmc.services.bridging import Bridging
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.bmc.services.icmb_link import IcmbLink, Reply
from baseboard.codes import Cc, EventReadingType, NetFn, SensorType
from baseboard.commands.bridge.bridging import BridgeRequest, ErrorReport
from baseboard.commands.bridge.discovery import GetAddresses
from baseboard.commands.bridge.events import SendIcmbEventMessage
from baseboard.commands.bridge.management import BridgeState, GetIcmbAddress, SendIcmbConnectionId
from baseboard.commands.chassis.control import ChassisControl
from baseboard.commands.parameters.pef import GroupControl
from baseboard.commands.sensor.events import PlatformEvent
from baseboard.errors import DecodeError
from baseboard.links.icmb import BROADCAST, NO_ADDRESS, Packet
from baseboard.rmcp.lan_message import LanMessage

_SECTION: Final = "icmb"
_STATE, _ADDRESS, _PROXY, _DESTINATION, _RECEPTION, _CHASSIS, _FOUND = range(7)

_ALL_GROUPS: Final = 0xFF
_PROBES: Final = 2
_SHORTEST_MESSAGE: Final = 3
_EVENT_SENSOR_TYPE: Final = 0xC0
_EVENT_DATA_2_AND_3: Final = 0xA0
"""Event data 2 and 3 are the maker's own (Table 29-6)."""

_BRIDGE_REQUEST: Final = BridgeRequest.command.cmd


class Icmb:
    """The ICMB bridge of a BMC.

    Attributes:
        channel: number of its channel.
        link: its way over the line.
        discovered: it keeps silent when addresses are asked for.
        connection: the ID that another bridge told last; None = none has.
        events_received: event messages that came, modulo 256.
    """

    __slots__ = (
        "_bridging", "_enabled", "_home", "_kept", "channel", "connection", "discovered", "events_received",
        "link", "spec",
    )  # fmt: skip

    def __init__(self, home: Home, bridging: Bridging) -> None:
        spec = home.blueprint.icmb
        assert spec is not None
        self._home, self._bridging, self.spec = home, bridging, spec
        self.channel = spec.channel
        self._kept = {
            _STATE: bytes((spec.enabled,)),
            _ADDRESS: spec.address.to_bytes(2, "little"),
            _PROXY: bytes(4),
            _DESTINATION: bytes(2),
            _RECEPTION: bytes((0, home.address, 0)),
            _CHASSIS: bytes((home.address,)),
            _FOUND: bytes(2),
            **home.journal.saved(_SECTION),
        }
        self.link = IcmbLink(home, self._from_line)
        self.link.proxy = self.proxy[0]
        self.discovered = False
        self.connection: tuple[int, str] | None = None
        self.events_received = 0

    def _put(self, key: int, row: bytes) -> None:
        self._kept[key] = row
        self._home.journal.put(_SECTION, key, row)

    # ---- state and addresses

    @property
    def state(self) -> BridgeState:
        """What the bridge is doing."""
        if not self.enabled:
            return BridgeState.DISABLED
        if self.link.line is None:
            return BridgeState.ERROR
        return BridgeState.ENABLED if self.link.address else BridgeState.ASSIGNING_ADDRESS

    @property
    def enabled(self) -> bool:
        """Whether it is switched on."""
        return bool(self._kept[_STATE][0])

    @property
    def static_address(self) -> int:
        """The address that it was given; 0 = it finds one."""
        return int.from_bytes(self._kept[_ADDRESS], "little")

    @property
    def usable(self) -> bool:
        """Whether requests can go out."""
        return self.state == BridgeState.ENABLED

    def join(self, line: IcmbLine) -> None:
        """Connect the bridge to a line, and begin."""
        self.link.line = line
        line.attach(self.link)
        self._begin()

    def leave(self) -> None:
        """Disconnect it."""
        line, self.link.line = self.link.line, None
        if line is not None:
            line.detach(self.link)
            self.link.close()

    def switch(self, *, on: bool) -> None:
        """Switch the bridge on or off."""
        self._put(_STATE, bytes((on,)))
        self._begin()

    def set_address(self, address: int) -> None:
        """Give it an address; 0 = it finds one."""
        self._put(_ADDRESS, address.to_bytes(2, "little"))
        self._begin()

    def _begin(self) -> None:
        """Work with the settings that hold now."""
        self.link.close()
        self.link.address = self.link.claim = NO_ADDRESS
        if not self.enabled or self.link.line is None:
            return
        self.link.open = True
        self.link.address = self.static_address
        if not self.link.address:
            self._try(int.from_bytes(self._kept[_FOUND], "little"))

    def _try(self, candidate: int) -> None:
        """Take an address that nobody answers to; first the one of last time."""
        while candidate in (NO_ADDRESS, BROADCAST):
            candidate = int.from_bytes(self._home.random(2), "little")

        self.link.claim = candidate

        def heard(answer: bytes) -> None:
            if self.link.address or not self.link.open:
                return
            if answer:
                self._try(NO_ADDRESS)
                return
            self.link.address, self.link.claim = candidate, NO_ADDRESS
            self._put(_FOUND, candidate.to_bytes(2, "little"))

        self.link.ask(candidate, GetIcmbAddress.command.cmd, b"", heard, _PROBES)

    # ---- settings

    @property
    def proxy(self) -> tuple[int, int, int]:
        """ICMB address, slave address and LUN of the controller that it stands in for."""
        row = self._kept[_PROXY]
        return int.from_bytes(row[:2], "little"), row[2], row[3]

    @proxy.setter
    def proxy(self, value: tuple[int, int, int]) -> None:
        address, slave, lun = value
        self.link.proxy = address
        self._put(_PROXY, address.to_bytes(2, "little") + bytes((slave, lun)))

    @property
    def event_destination(self) -> int:
        """ICMB address that event messages go to; 0 = nowhere."""
        return int.from_bytes(self._kept[_DESTINATION], "little")

    @event_destination.setter
    def event_destination(self, address: int) -> None:
        self._put(_DESTINATION, address.to_bytes(2, "little"))

    @property
    def event_reception(self) -> tuple[bool, int, int]:
        """Whether event messages are taken; slave address and LUN of who gets them."""
        on, slave, lun = self._kept[_RECEPTION]
        return bool(on), slave, lun

    @event_reception.setter
    def event_reception(self, value: tuple[bool, int, int]) -> None:
        self._put(_RECEPTION, bytes(value))

    @property
    def chassis_device(self) -> int:
        """Slave address of the controller that takes the chassis commands."""
        return self._kept[_CHASSIS][0]

    @chassis_device.setter
    def chassis_device(self, address: int) -> None:
        self._put(_CHASSIS, bytes((address,)))

    @property
    def connection_id(self) -> tuple[int, str]:
        """Number and name of the connection that it is at: the one last told, else its first connector."""
        if self.connection is not None:
            return self.connection
        return (0, self.spec.connectors[0].name) if self.spec.connectors else (0, "")

    # ---- what it sends

    def send_event(self, event: int) -> None:
        """Send an event message to the event destination, if there is one."""
        if self.event_destination:
            self.link.tell(self.event_destination, SendIcmbEventMessage.command.cmd, bytes((event,)))

    def group_control(self, operation: int) -> bool:
        """Have every other chassis carry out a chassis control (PEF's group control action, Table 17-1).

        Args:
            operation: as Chassis Control byte 1 has it, 0-5.

        Returns: whether it could be sent.
        """
        if not self.usable:
            return False
        command = ChassisControl.command
        data = bytes((self._home.address, command.netfn << 2, command.cmd, operation))
        self.link.tell(BROADCAST, _BRIDGE_REQUEST, data)
        return True

    def control_groups(self, entry: GroupControl) -> None:
        """Carry out an entry of PEF's group control table (§17.15).

        No source tells how a chassis learns which groups it is in, so only what is for all of them is sent.
        """
        groups = (entry.group_id0, entry.group_id1, entry.group_id2, entry.group_id3)
        if entry.channel == self.channel and _ALL_GROUPS in groups:
            self.group_control(entry.operation)

    # ---- what it does for others

    def _from_line(self, packet: Packet, reply: Reply) -> None:
        match packet.cmd:
            case BridgeRequest.command.cmd:
                self._to_controller(packet, reply)
            case GetAddresses.command.cmd:
                if not self.discovered and self.link.address:
                    reply(bytes((Cc.OK,)) + self.link.address.to_bytes(2, "little"))
            case SendIcmbConnectionId.command.cmd:
                self._exchange(packet, reply)
            case SendIcmbEventMessage.command.cmd:
                self._event(packet)
            case ErrorReport.command.cmd:
                self.link.count("bad_commands")
            case _:
                self._command(packet, reply)

    def _command(self, packet: Packet, reply: Reply) -> None:
        """A command for the bridge itself; the BMC answers it as it does those of software."""

        def counted(answer: bytes) -> None:
            if answer[0] == Cc.INVALID_LENGTH:
                self.link.count("runt_commands")
            elif answer[0] == Cc.INVALID_COMMAND:
                self.link.count("bad_commands")
            reply(answer)

        self._own(NetFn.BRIDGE, 0, packet.cmd, packet.data, counted)

    def _own(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Reply) -> None:
        message = LanMessage(self._home.address, netfn, lun, self._home.address, 0, 0, cmd, data)
        self._bridging.to_itself(message, reply, self.channel)

    def _to_controller(self, packet: Packet, reply: Reply) -> None:
        """A message for the IPMB: rsSA, netFn/LUN, command, data; the proxy's all go to one controller."""
        if len(packet.data) < _SHORTEST_MESSAGE:
            self.link.count("runt_commands")
            reply(bytes((Cc.INVALID_LENGTH,)))
            return
        slave, function, cmd = packet.data[:_SHORTEST_MESSAGE]
        data, lun = packet.data[_SHORTEST_MESSAGE:], function & 3
        proxy, proxy_slave, proxy_lun = self.proxy
        if proxy and packet.destination == proxy:
            slave, lun = proxy_slave, proxy_lun

        def answered(answer: bytes) -> None:
            reply(bytes((Cc.OK,)) + answer)

        if function & 4:
            reply(bytes((Cc.INVALID_DATA,)))
        elif slave == self._home.address:
            self._own(function >> 2, lun, cmd, data, answered)
        else:
            self._bridging.station.ask(
                slave, function >> 2, cmd, data, answered, lambda code: reply(bytes((code,))), lun=lun
            )

    def _exchange(self, packet: Packet, reply: Reply) -> None:
        """Keep the ID that the other told, and tell the one that was there before."""
        try:
            told = SendIcmbConnectionId.decode(bytes(2) + packet.data)
        except DecodeError:
            self.link.count("runt_commands")
            reply(bytes((Cc.INVALID_LENGTH,)))
            return
        number, name = self.connection_id
        self.connection = (told.numeric_id, str(told.id_string))
        answer = SendIcmbConnectionId(address=NO_ADDRESS, numeric_id=number, id_string=name).encode()
        reply(bytes((Cc.OK,)) + answer[2:])

    def _event(self, packet: Packet) -> None:
        """An event message of another chassis becomes one of ours, for whoever is the event receiver."""
        on, slave, lun = self.event_reception
        if not on or not packet.data:
            return
        self.events_received = (self.events_received + 1) & 0xFF
        event = PlatformEvent(
            sensor_type=SensorType(_EVENT_SENSOR_TYPE),
            sensor_number=0,
            event_type=EventReadingType.SENSOR_SPECIFIC,
            event_data1=_EVENT_DATA_2_AND_3 | packet.data[0] & 0x0F,
            event_data2=packet.source & 0xFF,
            event_data3=packet.source >> 8,
        )
        command = PlatformEvent.command
        if slave == self._home.address:
            self._own(command.netfn, lun, command.cmd, event.encode(), _whatever)
        else:
            station = self._bridging.station
            station.ask(slave, command.netfn, command.cmd, event.encode(), _whatever, _lost, lun=lun)


def _whatever(answer: bytes) -> None:
    """Events are sent once; there is nobody to tell."""


def _lost(code: int) -> None:
    """Nobody is at the event receiver's address."""
