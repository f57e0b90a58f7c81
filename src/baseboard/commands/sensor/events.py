"""Event messages: who receives them, and how one is sent (§29)."""

from __future__ import annotations

from baseboard.codes import EventReadingType, NetFn, Privilege, SensorType
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import at


class SetEventReceiverResponse(Response):
    """Events go there from now on."""


@command(NetFn.SENSOR_EVENT, 0x00, section="29.1", privilege=Privilege.ADMINISTRATOR)
class SetEventReceiver(Request[SetEventReceiverResponse]):
    """Tell a controller where to send its events; it re-arms all of them."""

    event_receiver: int = at("1", "8-bit slave address; FFh = event messages off")
    lun: int = at("2[1:0]", "of the event receiver", default=0)


class GetEventReceiverResponse(Response):
    """Where events go."""

    event_receiver: int = at("2", "8-bit slave address; FFh = event messages off")
    lun: int = at("3[1:0]")


@command(NetFn.SENSOR_EVENT, 0x01, section="29.2", privilege=Privilege.USER)
class GetEventReceiver(Request[GetEventReceiverResponse]):
    """Ask where events go."""


class PlatformEventResponse(Response):
    """The event was accepted; whether it was logged is another matter."""


@command(NetFn.SENSOR_EVENT, 0x02, section="29.3", privilege=Privilege.OPERATOR)
class PlatformEvent(Request[PlatformEventResponse]):
    """Report an event; whoever sends it over IPMB, LAN or serial is its generator (Table 29-3)."""

    evm_rev: int = at("1", "04h; 03h = event message of IPMI v1.0", default=0x04)
    sensor_type: SensorType = at("2")
    sensor_number: int = at("3")
    deassertion: bool = at("4[7]", "event direction; 0 = assertion", default=False)
    event_type: EventReadingType = at("4[6:0]", "event/reading type code")
    event_data1: int = at("5")
    event_data2: int | None = at("6", "missing: FFh, unspecified", default=None)
    event_data3: int | None = at("7", "missing: FFh, unspecified", default=None)


class SystemInterfacePlatformEvent(PlatformEvent):
    """Platform Event as system software sends it through a system interface: its generator ID comes first.

    Which of the two forms a request has is told by the interface it came over, never by its length.
    """

    generator_id: int = at("1", "software ID, shifted left by one, and 1")
    evm_rev: int = at("2", "04h; 03h = event message of IPMI v1.0", default=0x04)
    sensor_type: SensorType = at("3")
    sensor_number: int = at("4")
    deassertion: bool = at("5[7]", "event direction; 0 = assertion", default=False)
    event_type: EventReadingType = at("5[6:0]", "event/reading type code")
    event_data1: int = at("6")
    event_data2: int | None = at("7", "missing: FFh, unspecified", default=None)
    event_data3: int | None = at("8", "missing: FFh, unspecified", default=None)


PlatformEvent.system_interface_form = SystemInterfacePlatformEvent
