"""The vectors whose bytes are IPMI messages, bare or inside the frames of links.

The records of the specification travel in these; the frames themselves are the links' own matter.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from baseboard.codes import GroupExtension, NetFn
from baseboard.commands import lookup
from baseboard.commands.app.bus import MasterWriteRead
from baseboard.commands.app.device import (
    DeviceSupport,
    GetDeviceGuidResponse,
    GetDeviceId,
    GetDeviceIdResponse,
    GetSelfTestResultsResponse,
    SelfTestFailure,
    SelfTestResult,
)
from baseboard.commands.app.messaging import (
    GetBtInterfaceCapabilitiesResponse,
    GetMessageResponse,
    GetSystemInterfaceCapabilitiesResponse,
    SendMessage,
)
from baseboard.commands.app.system_info import SetSystemInfoParameters
from baseboard.commands.app.watchdog import GetWatchdogTimerResponse, SetWatchdogTimer
from baseboard.commands.chassis.boot import GetSystemBootOptionsResponse, SetSystemBootOptions
from baseboard.commands.chassis.control import GetChassisStatusResponse, IdentifyState, PowerRestorePolicy
from baseboard.commands.groups.dcmi_limits import GetPowerReading, GetPowerReadingResponse, StatisticsMode
from baseboard.commands.parameters.boot import BootFlags
from baseboard.commands.parameters.dcmi import RollingPeriod
from baseboard.commands.parameters.system_info import SystemName
from baseboard.commands.sensor.events import SetEventReceiver
from baseboard.commands.sensor.sensors import (
    GetDeviceSdrInfoResponse,
    GetSensorReadingResponse,
    SetSensorThreshold,
)
from baseboard.commands.storage.fru import ReadFruDataResponse, WriteFruData
from baseboard.commands.storage.sdr import GetSdrRepositoryInfoResponse
from baseboard.commands.storage.sel import ClearSel, GetSelEntryResponse
from baseboard.records.events import EventMessage
from baseboard.rmcp.lan_message import LanMessage, unwrap, wrap_request, wrap_response
from baseboard.wire import Message
from tests.records.vectors import entry, octets, vector, vectors


def frame(raw: bytes) -> LanMessage:
    """A message with both checksums right, which we would send byte for byte."""
    message = unwrap(raw)
    if message.is_response:
        assert wrap_response(message, message.data) == raw
    else:
        assert raw == wrap_request(
            message.netfn,
            message.cmd,
            message.data,
            message.rq_seq,
            rs_addr=message.rs_addr,
            rs_lun=message.rs_lun,
            rq_addr=message.rq_addr,
            rq_lun=message.rq_lun,
        )
    return message


def both_ways(kind: type[Message], raw: bytes) -> Any:
    """A message that decodes and encodes back."""
    message = kind.decode(raw)
    assert message.encode() == raw
    return message


def compare_device_id(raw: bytes, decoded: dict[str, Any]) -> None:
    """What a controller says of itself, without its completion code."""
    reserved_cleared = raw[:1] + bytes((raw[1] & 0x8F,)) + raw[2:]  # one device sets byte 3 [6:4]
    answer = both_ways(GetDeviceIdResponse, reserved_cleared)
    assert GetDeviceIdResponse.decode(raw) == answer
    assert (answer.device_id, answer.device_revision) == (decoded["device_id"], decoded["device_revision"])
    assert answer.provides_sdrs == decoded["provides_device_sdrs"]
    assert answer.updating != decoded["available"]
    assert (answer.firmware_major, answer.firmware_minor) == (decoded["fw_major"], decoded["fw_minor_bcd"])
    assert f"{answer.ipmi_version & 0xF}.{answer.ipmi_version >> 4}" == decoded["ipmi_version"]
    assert (answer.manufacturer_id, answer.product_id) == (decoded["manufacturer_id"], decoded["product_id"])
    assert answer.aux_firmware == (bytes.fromhex(decoded["aux"]) if "aux" in decoded else None)
    if len(decoded["support"]) == 2:
        assert answer.support == int(decoded["support"], 16)
    else:
        names = {"fru": "FRU_INVENTORY"}
        wanted = [DeviceSupport[names.get(name, name.upper())] for name in decoded["support"].split(",")]
        assert answer.support == sum(wanted)


def get_device_id(request: bytes, response: bytes, decoded: dict[str, Any]) -> None:
    """A Get Device ID and its answer, each from its netFn/LUN byte on."""
    assert (request[0] >> 2, request[1]) == (NetFn.APP, 0x01)
    assert GetDeviceId.decode(request[2:]) == GetDeviceId()
    assert (response[0] >> 2, response[1], response[2]) == (NetFn.APP | 1, 0x01, 0)
    compare_device_id(response[3:], decoded)


@pytest.mark.parametrize(
    "found", [entry("kcs", "get_device_id"), entry("smic", "get_device_id")], ids=["kcs", "smic"]
)
def test_get_device_id_over_a_register_interface(found: dict[str, Any]) -> None:
    request, response = (octets(part) for part in found["hex"].split("->"))
    get_device_id(request, response, found["decoded"]["response"])


def test_get_device_id_in_the_steps_of_kcs() -> None:
    found = entry("kcs", "get_device_id")
    steps = found["steps"]
    request = b"".join(octets(step[2]) for step in steps if step[3].endswith("request byte"))
    response = b"".join(octets(step[2]) for step in steps if step[3] == "response byte")
    get_device_id(request, response, found["decoded"]["response"])


def test_get_device_id_over_bt() -> None:
    found = entry("bt", "get_device_id")
    request, response = (octets(part) for part in found["hex"].split("->"))
    assert (request[0], response[0]) == (len(request) - 1, len(response) - 1)
    assert request[2] == response[2] == found["decoded"]["seq"]
    get_device_id(request[1:2] + request[3:], response[1:2] + response[3:], found["decoded"]["response"])


def test_capabilities_of_bt() -> None:
    raw, decoded = vector("bt", "get_bt_capabilities")
    answer = both_ways(GetBtInterfaceCapabilitiesResponse, raw[5:])
    assert (answer.outstanding_requests, answer.retries) == (decoded["outstanding"], decoded["retries"])
    assert (answer.input_buffer_size, answer.output_buffer_size) == (decoded["in"], decoded["out"])
    assert answer.response_time == decoded["response_s"]


def test_get_device_id_over_ssif() -> None:
    write, sent = vector("ssif", "single_write_pec")
    read, answered = vector("ssif", "single_read_pec")
    assert write[0] >> 1 == sent["smbus_addr7"]
    get_device_id(write[3 : 3 + sent["count"]], read[4:-1], answered["response"])


def test_what_a_linux_host_asks_ssif_first() -> None:
    raw, decoded = vector("ssif", "linux_probe_33")
    sent = b"".join(octets(part) for _, size, part in decoded["writes"] if size == len(octets(part)))
    assert sent == raw
    # It is padded: a BMC that wants no data there refuses it with C7h, and a lenient one answers.
    assert GetDeviceId.decode(raw[2:], False) == GetDeviceId()


def test_capabilities_of_ssif() -> None:
    raw, decoded = vector("ssif", "caps")
    answer = both_ways(GetSystemInterfaceCapabilitiesResponse, raw[6:])
    assert answer.pec == decoded["pec"]
    assert (answer.input_size, answer.output_size) == (decoded["max_in"], decoded["max_out"])
    assert decoded["multi_part"] == "start+middle+end"
    assert answer.transactions == 2


def test_long_messages_over_ssif() -> None:
    read, blocks = vector("ssif", "multipart_read_100")
    parts = [octets(block) for block in blocks["blocks"]]
    assert [len(part) for part in parts] == blocks["counts"]
    assert parts[0][2:] + b"".join(part[1:] for part in parts[1:]) == read
    answer = ReadFruDataResponse.decode(read[3:])
    assert read[2] == 0
    assert answer.encode() in read
    write, writes = vector("ssif", "multipart_write_70")
    assert b"".join(octets(part) for _, _, part in writes["writes"]) == write
    assert [len(octets(part)) for _, _, part in writes["writes"]] == [size for _, size, _ in writes["writes"]]
    assert both_ways(WriteFruData, write[2:]).fru_device_id == 0x80


@vectors("ipmb")
def test_frames_of_ipmb(raw: bytes, decoded: dict[str, Any]) -> None:
    message = frame(raw[1:] if raw[0] == 0 else raw)  # a broadcast has a 00h before the frame
    if "device_id" in decoded:
        assert message.data[0] == 0
        compare_device_id(message.data[1:], decoded)
    if "rsSA" in decoded:
        assert (message.rs_addr, message.rq_addr) == (int(decoded["rsSA"], 16), int(decoded["rqSA"], 16))
        assert message.netfn == decoded["netfn"]
    if "cmd" in decoded:
        assert message.cmd == decoded["cmd"]
    if "seq" in decoded:
        assert message.rq_seq == decoded["seq"]
    if "event_receiver" in decoded:
        receiver = both_ways(SetEventReceiver, message.data)
        assert message.rq_lun == 2
        assert (receiver.event_receiver, receiver.lun) == (int(decoded["event_receiver"], 16), decoded["lun"])
    if "cc" in decoded:
        assert message.data == bytes((decoded["cc"],))
        assert bytes.fromhex(decoded["get_message_data"]) == raw[1:]
    if "sensor" in decoded:
        assert both_ways(EventMessage, message.data).sensor_number == decoded["sensor"]


@vectors("bridging", "lan_", "py_send", "py_bridged")
def test_messages_inside_send_message(raw: bytes, decoded: dict[str, Any]) -> None:
    outer = frame(raw)
    sent = both_ways(SendMessage, outer.data)
    inner: list[bytes] = [sent.message]
    if "middle" in decoded:
        assert sent.message == octets(decoded["middle"])
        inner.append(both_ways(SendMessage, frame(sent.message).data).message)
    if "inner" in decoded:
        assert inner[-1] == octets(decoded["inner"])
    if "embedded" in decoded:
        assert sent.message == octets(decoded["embedded"])
    if "tracking" in decoded:
        assert (sent.tracking, sent.channel) == (decoded["tracking"], decoded["channel"])
    else:
        assert (frame(inner[-1]).netfn & ~1, sent.tracking) == (NetFn.APP, 1)
    for answer in (*decoded.get("answers", ()), *filter(None, [decoded.get("forwarded_example")])):
        assert frame(octets(answer)).cmd in (0x01, 0x34)


def test_an_answer_through_two_bridges() -> None:
    raw, decoded = vector("bridging", "py_nested_response")
    outer = unwrap(raw + b"\0", tolerate_checksums=True)  # its second checksum is missing
    middle = frame(raw[7:])
    inner = frame(middle.data[1:])
    for message, words in ((outer, decoded["outer"]), (middle, decoded["middle"])):
        assert words == f"{message.rq_addr:02X}h<-{message.rs_addr:02X}h Send Message CC 00"
        assert (message.cmd, message.data[0]) == (0x34, 0)
    assert decoded["inner"] == (
        f"{inner.rq_addr:02X}h<-{inner.rs_addr:02X}h netfn {inner.netfn:02X}h cmd {inner.cmd:02X}h "
        f"CC {inner.data[0]:02X} data {inner.data[1:].hex(' ').upper()}"
    )


def test_a_message_from_the_system_interface_and_its_answer() -> None:
    raw, decoded = vector("bridging", "sms_send")
    sent = both_ways(SendMessage, raw[2:])
    assert (sent.channel, sent.message) == (decoded["channel"], octets(decoded["frame"]))
    assert frame(sent.message).rq_lun == 2
    raw, decoded = vector("bridging", "sms_get_message")
    got = both_ways(GetMessageResponse, raw[3:])
    assert (got.channel, got.privilege) == (decoded["channel"], decoded["privilege"])
    assert got.data == octets(decoded["message"])
    assert frame(b"\x20" + got.data).is_response


def test_master_write_read() -> None:
    raw, decoded = vector("bridging", "master_write_read")
    request = both_ways(MasterWriteRead, raw)
    assert (request.channel, request.bus_id, request.private) == (
        decoded["channel"],
        decoded["bus"],
        decoded["private"],
    )
    assert raw[1] >> 1 == decoded["slave7"]
    assert request.slave_address in (decoded["slave7"], decoded["slave7"] << 1)
    assert request.read_count == decoded["read"]


@vectors("app", "get_device_id")
def test_device_ids(raw: bytes, decoded: dict[str, Any]) -> None:
    # The first of them begins with its completion code.
    compare_device_id(raw[1:] if len(raw) == 16 else raw, decoded)


def test_a_guid_in_its_orders() -> None:
    raw, decoded = vector("app", "guid_orders")
    guid = uuid.UUID(decoded["text"])
    assert guid.bytes == raw == octets(decoded["rfc4122"])
    assert guid.bytes_le == octets(decoded["smbios"])
    answer = both_ways(GetDeviceGuidResponse, octets(decoded["ipmi"]))
    assert uuid.UUID(bytes=answer.guid[::-1]) == guid


SELF_TESTS = {
    "passed": (SelfTestResult(0x55), 0),
    "not implemented": (SelfTestResult(0x56), 0),
    "SEL device inaccessible": (SelfTestResult(0x57), 0x80),
    "SDR repository inaccessible": (SelfTestResult(0x57), 0x40),
    "BMC FRU inaccessible": (SelfTestResult(0x57), 0x20),
}


@vectors("app", "selftest")
def test_self_tests(raw: bytes, decoded: dict[str, Any]) -> None:
    answer = both_ways(GetSelfTestResultsResponse, raw[1:])
    result, failures = SELF_TESTS[decoded["result"]]
    assert (answer.result, answer.failures) == (result, SelfTestFailure(failures))
    assert answer.result.known


def test_a_system_name_in_two_blocks() -> None:
    raw, decoded = vector("app", "sysinfo_set_name")
    first = both_ways(SetSystemInfoParameters, raw[2:])
    second = both_ways(SetSystemInfoParameters, octets(decoded["second"])[2:])
    assert isinstance(first.parameter, SystemName)
    assert isinstance(second.parameter, SystemName)
    assert (first.parameter.set_selector, second.parameter.set_selector) == (0, 1)
    assert first.parameter.block[1] == decoded["length"] == len(decoded["string"])
    text = first.parameter.block[2:] + second.parameter.block
    assert text[: decoded["length"]].decode() == decoded["string"]


@vectors("watchdog", "get_")
def test_watchdog_timers(raw: bytes, decoded: dict[str, Any]) -> None:
    timer = both_ways(GetWatchdogTimerResponse, raw)
    assert (timer.timer_use, timer.timeout_action) == (decoded["use"], decoded["action"])
    assert (timer.running, timer.dont_log) == (decoded["running"], decoded["dont_log"])
    assert (timer.pretimeout_interrupt, timer.pretimeout_interval) == (decoded["pre_int"], decoded["pre_s"])
    assert timer.expired == int(decoded["flags"], 16)
    assert timer.initial_countdown / 10 == decoded["initial_s"]
    assert timer.present_countdown / 10 == decoded["present_s"]


def test_the_watchdog_timer_of_a_linux_host() -> None:
    raw, decoded = vector("watchdog", "linux_set")
    timer = both_ways(SetWatchdogTimer, raw[2:])
    assert (timer.timer_use, timer.timeout_action) == (decoded["use"], decoded["action"])
    assert timer.initial_countdown / 10 == decoded["countdown_s"]


def test_chassis_status() -> None:
    raw, decoded = vector("chassis", "status_identify")
    status = both_ways(GetChassisStatusResponse, raw)
    assert (decoded["policy"], status.power_restore_policy) == ("previous", PowerRestorePolicy(1))
    assert status.identify_supported == decoded["identify_supported"]
    assert (decoded["identify_state"], status.identify_state) == ("indefinite", IdentifyState(2))
    raw, decoded = vector("chassis", "status_py")
    status = GetChassisStatusResponse.decode(raw[1:])
    assert status.power_restore_policy == decoded["policy"]
    assert (status.power_on, status.power_overload) == (decoded["power_on"], decoded["overload"])
    assert (status.interlock, status.power_fault) == (decoded["interlock"], decoded["fault"])
    assert status.power_control_fault == decoded["control_fault"]


def test_boot_options() -> None:
    raw, decoded = vector("chassis", "bootopt_get")
    options = both_ways(GetSystemBootOptionsResponse, raw[1:])
    assert (options.parameter_version, options.selector) == (decoded["version"], decoded["parameter"])
    assert options.invalid == decoded["marked_invalid"]
    assert isinstance(options.parameter, BootFlags)
    assert (options.parameter.valid, options.parameter.device) == (decoded["flags_valid"], decoded["device"])


def test_the_boot_options_that_ipmitool_sets() -> None:
    found = entry("chassis", "bootdev_pxe_ipmitool")
    decoded = found["decoded"]
    requests = [both_ways(SetSystemBootOptions, octets(part)[2:]) for part in found["hex"].split("|")]
    assert [request.selector for request in requests] == [0, 4, 5, 0, 0]
    flags = requests[2].parameter
    assert isinstance(flags, BootFlags)
    assert (flags.device, flags.efi, flags.persistent) == (
        decoded["device"],
        decoded["efi"],
        decoded["persistent"],
    )


def test_messages_about_sensor_data_records() -> None:
    raw, decoded = vector("sdr", "device_sdr_info")
    info = both_ways(GetDeviceSdrInfoResponse, raw[1:])
    assert (info.count, info.population_change_indicator) == (decoded["sensors"], decoded["indicator"])
    luns = info.lun0_has_sensors, info.lun1_has_sensors, info.lun2_has_sensors, info.lun3_has_sensors
    assert [lun for lun, has in enumerate(luns) if has] == decoded["luns"]
    raw, decoded = vector("sdr", "repo_info")
    repository = both_ways(GetSdrRepositoryInfoResponse, raw[1:])
    assert repository.sdr_version == int(decoded["version"], 16)
    assert (repository.record_count, repository.free_space) == (decoded["records"], decoded["free"])
    assert repository.most_recent_addition == decoded["added"]
    assert repository.most_recent_erase == decoded["erased"]
    assert (repository.overflow, repository.update_support) == (decoded["overflow"], decoded["modal"])
    assert (repository.delete_supported, repository.partial_add_supported) == (
        decoded["delete"],
        decoded["partial_add"],
    )
    assert repository.reserve_supported == decoded["reserve"]
    assert repository.allocation_info_supported == decoded["alloc"]


def test_messages_about_sensors() -> None:
    raw, decoded = vector("sdr", "set_thresholds")
    limits = both_ways(SetSensorThreshold, raw)
    assert (limits.sensor_number, limits.thresholds) == (decoded["sensor"], int(decoded["mask"], 16))
    assert limits.upper_non_recoverable == decoded["UNR"]
    raw, decoded = vector("sdr", "reading_unavailable")
    reading = both_ways(GetSensorReadingResponse, raw)
    assert reading.reading == decoded["reading"]
    assert (reading.events_enabled, reading.scanning_enabled) == (decoded["events"], decoded["scanning"])
    assert reading.unavailable == decoded["unavailable"]


def test_messages_about_the_event_log() -> None:
    raw, decoded = vector("sel", "get_entry_rs")
    entry = both_ways(GetSelEntryResponse, raw[1:])
    assert (entry.next_record_id, entry.data) == (decoded["next"], octets(decoded["data"]))
    raw, decoded = vector("sel", "clear")
    for request, operation in ((raw, 0xAA), (octets(decoded["poll"]), 0)):
        clear = both_ways(ClearSel, request[2:])
        assert (clear.reservation_id, clear.confirmation, clear.operation) == (0x2211, b"CLR", operation)


def test_messages_as_linux_devices_carry_them() -> None:
    found = entry("linux", "bt_host_read")
    request, response = (octets(part) for part in found["hex"].split("/"))
    _, decoded = vector("ipmb", "get_device_id_rs")
    get_device_id(request[1:2] + request[3:], response[1:2] + response[3:], decoded)
    found = entry("linux", "ssif_host")
    request, response = (octets(part) for part in found["hex"].split("/"))
    assert int.from_bytes(request[:4], "little") == len(request) - 4
    get_device_id(request[4:], response[4:], decoded)
    raw, decoded = vector("linux", "ipmb_dev")
    assert raw[0] == decoded["len"] == len(raw) - 1
    assert both_ways(EventMessage, frame(raw[1:]).data).sensor_number == 0x30


def test_messages_as_virtual_machines_carry_them() -> None:
    request, _ = vector("vm_serial", "get_device_id")
    response, decoded = vector("vm_serial", "get_device_id_rs")
    for raw in (request, response):
        assert sum(raw[:-1]) & 0xFF == 0
    get_device_id(request[1:-2], response[1:-2], decoded)
    _, decoded = vector("vm_serial", "escaped_data")
    plain = octets(decoded["unescaped"])
    assert sum(plain) & 0xFF == 0
    carried = both_ways(MasterWriteRead, plain[3:-1])
    assert (plain[1] >> 2, plain[2]) == (NetFn.APP, 0x52)
    assert (carried.channel, carried.read_count, carried.data) == (0xA, 0xA0, b"\0")
    escaped, decoded = vector("vm_serial", "escaped_seq")
    plain = bytes((decoded["seq"], *escaped[2:-1]))
    assert sum(plain) & 0xFF == 0
    assert GetDeviceId.decode(plain[3:-1]) == GetDeviceId()


@vectors("dcmi", "power_reading_rq", "power_limit", "caps1", "temps")
def test_messages_of_dcmi_name_their_group(raw: bytes, decoded: dict[str, Any]) -> None:
    response = bool(raw[0] >> 2 & 1)
    assert raw[0] >> 2 & ~1 == NetFn.GROUP_EXTENSION
    assert raw[3 if response else 2] == GroupExtension.DCMI
    assert bool(decoded) == response


@vectors("dcmi", "power_reading_rq", "power_limit", "caps1", "temps")
def test_messages_of_dcmi_are_what_their_commands_say(raw: bytes, decoded: dict[str, Any]) -> None:
    known = lookup(raw[0] >> 2 & ~1, raw[1], GroupExtension.DCMI)
    assert known is not None
    if not decoded:
        assert both_ways(known.request, raw[3:]) == GetPowerReading(mode=StatisticsMode.SYSTEM)
        return
    answer: Any = both_ways(known.response, raw[4:])
    says: dict[str, Callable[[], dict[str, Any]]] = {
        "GetPowerLimit": lambda: {
            "limit_w": answer.limit,
            "correction_ms": answer.correction_time,
            "period_s": answer.period,
            "action": answer.action,
        },
        "GetDcmiCapabilitiesInfo": lambda: {
            "version": f"{answer.major}.{answer.minor}",
            "power_management": bool(answer.data[1] & 1),
            "in_band": bool(answer.data[2] & 1),
        },
        "GetTemperatureReadings": lambda: {
            "readings": [[one.celsius, one.instance] for one in answer.readings],
        },
    }
    said = says[known.request.__name__]()
    assert said == decoded


def test_a_power_reading_of_dcmi() -> None:
    raw, decoded = vector("dcmi", "power_reading")
    said = both_ways(GetPowerReadingResponse, raw)
    assert (said.current, said.minimum, said.maximum, said.average) == tuple(
        decoded[key] for key in ("current", "min", "max", "avg")
    )
    assert (said.timestamp, said.period, said.active) == (
        decoded["timestamp"],
        decoded["period_ms"],
        decoded["active"],
    )


def test_a_rolling_average_of_dcmi_names_its_period() -> None:
    raw, decoded = vector("dcmi", "rolling_5min")
    asked = both_ways(GetPowerReading, raw)
    period = RollingPeriod.decode(bytes((asked.period,)))
    assert asked.mode == StatisticsMode.ENHANCED
    assert (period.unit.name.lower(), period.duration) == (decoded["unit"], decoded["n"])
