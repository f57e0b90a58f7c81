"""A management controller on the IPMB besides the BMC: who it is, its sensors, its events (§20.9, §29, §35).

What it keeps it loses with the process, as such a controller does without mains.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from baseboard.bmc.blueprint.bridging import SatelliteSpec
from baseboard.bmc.clock import Clock
from baseboard.bmc.services.bus import Bus, Ipmb, Written
from baseboard.bmc.services.bus_station import Reply, Station, steps_of
from baseboard.bmc.services.events import BMC_ADDRESS, DISABLED
from baseboard.bmc.services.satellite_fru import SatelliteFrus
from baseboard.bmc.services.satellite_records import abilities, records
from baseboard.bmc.services.satellite_sensor import SatelliteSensor
from baseboard.bmc.services.sdr_template import with_id
from baseboard.bmc.services.sensor_template import ALL_STATES
from baseboard.codes import Cc, NetFn
from baseboard.commands.app.device import (
    DeviceSupport,
    GetDeviceId,
    GetDeviceIdResponse,
    GetSelfTestResults,
    GetSelfTestResultsResponse,
    SelfTestFailure,
    SelfTestResult,
)
from baseboard.commands.app.messaging import SendMessage, SendMessageResponse, Tracking
from baseboard.commands.declaration import Request, Response
from baseboard.commands.sensor.events import (
    GetEventReceiver,
    GetEventReceiverResponse,
    PlatformEvent,
    SetEventReceiver,
    SetEventReceiverResponse,
)
from baseboard.commands.sensor.sensors import (
    GetDeviceSdr,
    GetDeviceSdrInfo,
    GetDeviceSdrInfoResponse,
    GetDeviceSdrResponse,
    GetSensorEventEnable,
    GetSensorEventStatus,
    GetSensorHysteresis,
    GetSensorReading,
    GetSensorReadingFactors,
    GetSensorThreshold,
    GetSensorType,
    RearmSensorEvents,
    RearmSensorEventsResponse,
    ReserveDeviceSdrRepository,
    ReserveDeviceSdrRepositoryResponse,
    SetSensorEventEnable,
    SetSensorEventEnableResponse,
    SetSensorHysteresis,
    SetSensorHysteresisResponse,
    SetSensorReadingAndEventStatus,
    SetSensorReadingAndEventStatusResponse,
    SetSensorThreshold,
    SetSensorThresholdResponse,
)
from baseboard.commands.storage.fru import GetFruInventoryAreaInfo, ReadFruData, WriteFruData
from baseboard.commands.transport.forwarding import ForwardedCommand, ForwardedCommandResponse
from baseboard.errors import CompletionError, DecodeError
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage

_IPMI_VERSION: Final = 0x02
_LAST: Final = 0xFFFF
_WHOLE: Final = 0xFF
LONGEST: Final = 24
"""Response bytes behind the completion code that an IPMB frame holds (IPMB v1.0)."""


class Satellite(Station):
    """A controller of the simplest sort.

    Attributes:
        spec: what it was made as.
        sensors: by number.
        frus: its inventories.
        receiver: slave address and LUN that its events go to.
        behind: the bus that it is a bridge to, with its own station there; None = it is none.
    """

    __slots__ = ("_reservation", "behind", "frus", "receiver", "records", "sensors", "spec")

    def __init__(self, spec: SatelliteSpec, bus: Bus, clock: Clock, receiver: int = BMC_ADDRESS) -> None:
        super().__init__(spec.address, bus, clock)
        self.spec = spec
        self.sensors = {
            sensor.number: SatelliteSensor(index, sensor, self._report)
            for index, sensor in enumerate(spec.sensors)
        }
        self.receiver = (receiver if spec.events else DISABLED, 0)
        self.frus = SatelliteFrus(spec.frus)
        self.records = [*(with_id(number, one) for number, one in enumerate(records(spec), 1))]
        self._reservation = 0
        self.behind: dict[int, Transit] = {}

    def add(self, spec: SatelliteSpec) -> Satellite:
        """Put a controller on the bus behind this one."""
        if spec.channel not in self.behind:
            self.behind[spec.channel] = Transit(self.address, Ipmb(self.clock), self.clock)
        return Satellite(spec, self.behind[spec.channel].bus, self.clock)

    def handle(self, message: LanMessage, reply: Reply) -> None:
        """Carry out a request."""
        if (message.netfn, message.cmd) == (NetFn.APP, SendMessage.command.cmd):
            self._bridge(message, reply)
        else:
            reply(self.carry_out(message.netfn, message.rs_lun, message.cmd, message.data))

    def carry_out(self, netfn: int, lun: int, cmd: int, data: bytes) -> bytes:
        """Completion code and data of a request."""
        known = _COMMANDS.get((netfn, cmd))
        if known is None:
            return bytes((Cc.INVALID_COMMAND,))
        if lun:
            return bytes((Cc.INVALID_LUN,))
        kind, method = known
        try:
            return bytes((Cc.OK,)) + method(self, kind.decode(data)).encode()
        except DecodeError as error:
            return bytes((Cc.INVALID_LENGTH if error.wrong_length else Cc.INVALID_DATA,))
        except CompletionError as error:
            return bytes((error.code,))

    # ---- who it is

    def get_device_id(self, request: GetDeviceId) -> GetDeviceIdResponse:
        """§20.1: a controller with others behind it says that it is a bridge."""
        spec = self.spec
        bridge = DeviceSupport.BRIDGE if self.behind else DeviceSupport(0)
        return GetDeviceIdResponse(
            device_id=spec.device_id,
            provides_sdrs=True,
            device_revision=spec.device_revision,
            updating=False,
            firmware_major=spec.firmware_major,
            firmware_minor=spec.firmware_minor,
            ipmi_version=_IPMI_VERSION,
            support=abilities(spec) | bridge,
            manufacturer_id=spec.manufacturer_id,
            product_id=spec.product_id,
            aux_firmware=spec.aux_firmware,
        )

    def get_self_test_results(self, request: GetSelfTestResults) -> GetSelfTestResultsResponse:
        """§20.4: it has what it was made with."""
        failures = SelfTestFailure(self.spec.self_test_failures)
        result = SelfTestResult.CORRUPTED if failures else SelfTestResult.PASSED
        return GetSelfTestResultsResponse(result=result, failures=failures)

    # ---- events

    def set_event_receiver(self, request: SetEventReceiver) -> SetEventReceiverResponse:
        """§29.1: what holds is told anew."""
        self.receiver = (request.event_receiver, request.lun)
        for sensor in self.sensors.values():
            sensor.rearm()
        return SetEventReceiverResponse()

    def get_event_receiver(self, request: GetEventReceiver) -> GetEventReceiverResponse:
        """§29.2."""
        return GetEventReceiverResponse(event_receiver=self.receiver[0], lun=self.receiver[1])

    def _report(self, event: PlatformEvent) -> None:
        """§29.3: again if there is no answer, and then never mind."""
        address, lun = self.receiver
        if address != DISABLED:
            command = PlatformEvent.command
            self.ask(address, command.netfn, command.cmd, event.encode(), _taken, _lost, lun=lun)

    # ---- sensors

    def _sensor(self, number: int) -> SatelliteSensor:
        sensor = self.sensors.get(number)
        if sensor is None:
            raise CompletionError(Cc.NOT_PRESENT)
        return sensor

    def get_sensor_reading(self, request: GetSensorReading) -> Response:
        """§35.14."""
        return self._sensor(request.sensor_number).reading()

    def get_sensor_threshold(self, request: GetSensorThreshold) -> Response:
        """§35.9."""
        return self._sensor(request.sensor_number).thresholds()

    def set_sensor_threshold(self, request: SetSensorThreshold) -> SetSensorThresholdResponse:
        """§35.8."""
        self._sensor(request.sensor_number).set_thresholds(request)
        return SetSensorThresholdResponse()

    def set_sensor_reading(
        self, request: SetSensorReadingAndEventStatus
    ) -> SetSensorReadingAndEventStatusResponse:
        """§35.17."""
        self._sensor(request.sensor_number).write(request)
        return SetSensorReadingAndEventStatusResponse()

    def get_sensor_hysteresis(self, request: GetSensorHysteresis) -> Response:
        """§35.7."""
        return self._sensor(request.sensor_number).hysteresis()

    def set_sensor_hysteresis(self, request: SetSensorHysteresis) -> Response:
        """§35.6."""
        self._sensor(request.sensor_number).set_hysteresis(request)
        return SetSensorHysteresisResponse()

    def get_sensor_reading_factors(self, request: GetSensorReadingFactors) -> Response:
        """§35.5: those of the reading that was asked for, which are those of all."""
        return self._sensor(request.sensor_number).factors().replace(next_reading=request.reading)

    def get_sensor_type(self, request: GetSensorType) -> Response:
        """§35.16."""
        return self._sensor(request.sensor_number).type()

    def get_sensor_event_enable(self, request: GetSensorEventEnable) -> Response:
        """§35.11."""
        return self._sensor(request.sensor_number).enables()

    def set_sensor_event_enable(self, request: SetSensorEventEnable) -> Response:
        """§35.10."""
        self._sensor(request.sensor_number).enable(request)
        return SetSensorEventEnableResponse()

    def get_sensor_event_status(self, request: GetSensorEventStatus) -> Response:
        """§35.13."""
        return self._sensor(request.sensor_number).status()

    def rearm_sensor_events(self, request: RearmSensorEvents) -> Response:
        """§35.12."""
        sensor = self._sensor(request.sensor_number)
        sensor.rearm(request.assertions if request.selected else ALL_STATES)
        return RearmSensorEventsResponse()

    # ---- its inventories

    def get_fru_inventory_area_info(self, request: GetFruInventoryAreaInfo) -> Response:
        """§34.1."""
        return self.frus.info(request)

    def read_fru_data(self, request: ReadFruData) -> Response:
        """§34.2."""
        return self.frus.read(request)

    def write_fru_data(self, request: WriteFruData) -> Response:
        """§34.3."""
        return self.frus.write(request)

    # ---- its SDRs

    def get_device_sdr_info(self, request: GetDeviceSdrInfo) -> GetDeviceSdrInfoResponse:
        """§35.2: all of its sensors are at LUN 0."""
        count = len(self.records) if request.count_sdrs else len(self.sensors)
        return GetDeviceSdrInfoResponse(
            count=count,
            dynamic_population=False,
            lun0_has_sensors=bool(self.sensors),
            lun1_has_sensors=False,
            lun2_has_sensors=False,
            lun3_has_sensors=False,
        )

    def reserve_device_sdr_repository(
        self, request: ReserveDeviceSdrRepository
    ) -> ReserveDeviceSdrRepositoryResponse:
        """§35.4."""
        self._reservation = self._reservation % 0xFFFF + 1
        return ReserveDeviceSdrRepositoryResponse(reservation_id=self._reservation)

    def get_device_sdr(self, request: GetDeviceSdr) -> GetDeviceSdrResponse:
        """§35.3: as much as an IPMB frame holds."""
        if request.offset and request.reservation_id != self._reservation:
            raise CompletionError(Cc.RESERVATION_CANCELLED)
        number = len(self.records) if request.record_id == _LAST else request.record_id or 1
        if not 1 <= number <= len(self.records):
            raise CompletionError(Cc.NOT_PRESENT)
        record = self.records[number - 1]
        count = len(record) if request.count == _WHOLE else request.count
        data = record[request.offset :][:count]
        if 2 + len(data) > LONGEST:
            raise CompletionError(Cc.CANNOT_RETURN_SO_MANY)
        return GetDeviceSdrResponse(
            next_record_id=_LAST if number == len(self.records) else number + 1, data=data
        )

    # ---- on behalf of others

    def forwarded_command(self, request: ForwardedCommand) -> ForwardedCommandResponse:
        """§35b: what the BMC hands over is carried out as if it had come here; not what it would hand on."""
        if (request.netfn, request.cmd) == (ForwardedCommand.command.netfn, ForwardedCommand.command.cmd):
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
        answer = self.carry_out(request.netfn, request.lun, request.cmd, request.data)
        return ForwardedCommandResponse(code=answer[0], data=answer[1:])

    def _bridge(self, message: LanMessage, reply: Reply) -> None:
        """§6.13: send on what is for a bus behind; back onto the bus that it came from nothing goes."""
        try:
            request = SendMessage.decode(message.data)
            inner = lan_message.unwrap(request.message)
        except DecodeError:
            reply(bytes((Cc.INVALID_LENGTH,)))
            return
        transit = self.behind.get(request.channel)
        if transit is None or request.tracking != Tracking.TRACK_REQUEST or inner.is_response:
            reply(bytes((Cc.INVALID_DATA,)))
            return
        written = transit.send_on(inner, lambda answer: self._bridged(message, answer))
        reply(bytes((written,)) + SendMessageResponse().encode())

    def _bridged(self, asked: LanMessage, answer: LanMessage) -> None:
        """The second answer, as though the command had been carried out here."""
        seen = LanMessage(
            self.address,
            answer.netfn,
            answer.rs_lun,
            asked.rq_addr,
            asked.rq_seq,
            asked.rq_lun,
            answer.cmd,
            b"",
        )
        self.bus.write(lan_message.wrap_response(seen, answer.data))


class Transit(Station):
    """The other side of a satellite that is a bridge: its own address on the bus behind it."""

    __slots__ = ()

    def handle(self, message: LanMessage, reply: Reply) -> None:
        """Nobody behind a bridge asks it anything."""
        reply(bytes((Cc.INVALID_COMMAND,)))

    def send_on(self, message: LanMessage, answered: Callable[[LanMessage], None]) -> int:
        """Send a request on under an own number."""
        steps = steps_of(message.netfn, message.cmd, message.data)
        expected = self.expect(message.rs_addr, message.rs_lun, steps, answered)
        if expected is None:
            return int(Cc.NODE_BUSY)
        written = self.bus.write(
            lan_message.wrap_request(
                message.netfn, message.cmd, message.data, expected.sequence,
                rs_addr=message.rs_addr, rs_lun=message.rs_lun, rq_addr=self.address,
            )
        )  # fmt: skip
        if written != Written.DONE:
            self.forget(expected)
        return written


def _taken(answer: bytes) -> None:
    """The receiver has it, or has said why not."""


def _lost(code: int) -> None:
    """An event that nobody took is gone."""


_COMMANDS: Final[dict[tuple[int, int], tuple[type[Request[Any]], Callable[[Satellite, Any], Response]]]] = {
    (kind.command.netfn, kind.command.cmd): (kind, method)
    for kind, method in (
        (GetDeviceId, Satellite.get_device_id),
        (GetSelfTestResults, Satellite.get_self_test_results),
        (SetEventReceiver, Satellite.set_event_receiver),
        (GetEventReceiver, Satellite.get_event_receiver),
        (GetSensorReading, Satellite.get_sensor_reading),
        (GetSensorThreshold, Satellite.get_sensor_threshold),
        (SetSensorThreshold, Satellite.set_sensor_threshold),
        (SetSensorReadingAndEventStatus, Satellite.set_sensor_reading),
        (GetSensorHysteresis, Satellite.get_sensor_hysteresis),
        (SetSensorHysteresis, Satellite.set_sensor_hysteresis),
        (GetSensorReadingFactors, Satellite.get_sensor_reading_factors),
        (GetSensorType, Satellite.get_sensor_type),
        (GetSensorEventEnable, Satellite.get_sensor_event_enable),
        (SetSensorEventEnable, Satellite.set_sensor_event_enable),
        (GetSensorEventStatus, Satellite.get_sensor_event_status),
        (RearmSensorEvents, Satellite.rearm_sensor_events),
        (GetFruInventoryAreaInfo, Satellite.get_fru_inventory_area_info),
        (ReadFruData, Satellite.read_fru_data),
        (WriteFruData, Satellite.write_fru_data),
        (GetDeviceSdrInfo, Satellite.get_device_sdr_info),
        (ReserveDeviceSdrRepository, Satellite.reserve_device_sdr_repository),
        (GetDeviceSdr, Satellite.get_device_sdr),
        (ForwardedCommand, Satellite.forwarded_command),
    )
}
