"""The SDRs that a controller keeps of its own sensors (§35.2-35.4)."""

from __future__ import annotations

from baseboard.codes import NetFn
from baseboard.commands.declaration import CompletionCode, Interfaces, Request, Response, command
from baseboard.wire import at


class GetDeviceSdrInfoResponse(Response):
    """What a controller's own SDRs describe (§35.2)."""

    count: int = at("2", "sensors on this LUN, or the device's SDRs, as asked for")
    dynamic_population: bool = at("3[7]", "sensors may come and go")
    lun3_has_sensors: bool = at("3[3]")
    lun2_has_sensors: bool = at("3[2]")
    lun1_has_sensors: bool = at("3[1]")
    lun0_has_sensors: bool = at("3[0]")
    population_change_indicator: int | None = at("4:7", "a time or a count", default=None)


@command(NetFn.SENSOR_EVENT, 0x20, section="35.2", interfaces=Interfaces.LOCAL_INTERFACE_ONLY)
class GetDeviceSdrInfo(Request[GetDeviceSdrInfoResponse]):
    """Ask how many sensors or SDRs a controller has."""

    count_sdrs: bool | None = at("1[0]", "count SDRs; else, or missing: sensors on this LUN", default=None)


class GetDeviceSdrResponse(Response):
    """A piece of an SDR."""

    next_record_id: int = at("2:3", "FFFFh = this was the last")
    data: bytes = at("4:", "the bytes asked for")


@command(NetFn.SENSOR_EVENT, 0x21, section="35.3", interfaces=Interfaces.LOCAL_INTERFACE_ONLY)
class GetDeviceSdr(Request[GetDeviceSdrResponse]):
    """Read (part of) one of a controller's own SDRs."""

    RECORD_CHANGED = CompletionCode(0x80, "record changed since the first piece was read")

    reservation_id: int = at("1:2", "needed for partial reads only", default=0)
    record_id: int = at("3:4", "0000h = first, FFFFh = last")
    offset: int = at("5", default=0)
    count: int = at("6", "FFh = the whole record", default=0xFF)


class ReserveDeviceSdrRepositoryResponse(Response):
    """The reservation that now holds."""

    reservation_id: int = at("2:3", "never 0000h")


@command(NetFn.SENSOR_EVENT, 0x22, section="35.4", interfaces=Interfaces.LOCAL_INTERFACE_ONLY)
class ReserveDeviceSdrRepository(Request[ReserveDeviceSdrRepositoryResponse]):
    """Reserve the device SDRs, so that a partial read notices a change."""
