"""A satellite controller: its commands, its SDRs, its events, and what lies behind it (§20.9, §29, §35)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.services.bus import Ipmb
from baseboard.bmc.services.bus_station import RETRIES, RETRY_S
from baseboard.bmc.services.satellite import Satellite
from baseboard.commands.app.device import GetDeviceIdResponse
from baseboard.records.sdr import FullSensorRecord, read_sdr
from baseboard.rmcp import lan_message
from baseboard.testing.clock import VirtualClock
from tests.bmc.bridges import FAR, SATELLITE

APP, SENSOR, TRANSPORT = 0x06, 0x04, 0x0C
SET_READING = "01 01 48"  # sensor 1, write the reading: 72 degrees


class Ear:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def receive(self, frame: bytes) -> None:
        self.heard.append(frame)


def made(spec: object = SATELLITE) -> tuple[Satellite, Ear, VirtualClock]:
    clock = VirtualClock()
    bus, ear = Ipmb(clock), Ear()
    bus.attach(0x20, ear)
    return Satellite(spec, bus, clock), ear, clock  # type: ignore[arg-type]  # a SatelliteSpec


def ask(satellite: Satellite, netfn: int, cmd: int, data: str = "", lun: int = 0) -> bytes:
    return satellite.carry_out(netfn, lun, cmd, bytes.fromhex(data))


def test_20_1_who_it_is() -> None:
    satellite, _, _ = made()
    answer = GetDeviceIdResponse.decode(ask(satellite, APP, 0x01)[1:])
    assert (answer.device_id, answer.firmware_major, answer.firmware_minor) == (0x34, 1, "02")
    assert (answer.manufacturer_id, answer.product_id, answer.provides_sdrs) == (0x0157, 0x1234, True)
    assert ask(satellite, APP, 0x04) == bytes.fromhex("00 55 00")


@pytest.mark.parametrize(
    ("netfn", "cmd", "data", "lun", "code"),
    [
        (APP, 0x02, "", 0, 0xC1),
        (APP, 0x01, "", 1, 0xC2),
        (APP, 0x01, "00", 0, 0xC7),
        (SENSOR, 0x2D, "09", 0, 0xCB),
        (SENSOR, 0x21, "00 00 09 00 00 05", 0, 0xCB),
        (SENSOR, 0x21, "05 00 01 00 05 05", 0, 0xC5),
        (SENSOR, 0x21, "00 00 02 00 00 ff", 0, 0xCA),
    ],
)
def test_what_is_refused(netfn: int, cmd: int, data: str, lun: int, code: int) -> None:
    satellite, _, _ = made()
    assert ask(satellite, netfn, cmd, data, lun) == bytes((code,))


def test_35_2_to_35_4_its_sdrs_are_read_in_pieces() -> None:
    satellite, _, _ = made()
    assert ask(satellite, SENSOR, 0x20) == bytes.fromhex("00 02 01")
    assert ask(satellite, SENSOR, 0x20, "01")[1] == 3
    reservation = ask(satellite, SENSOR, 0x22)[1:]
    read = b""
    while True:
        piece = ask(satellite, SENSOR, 0x21, f"{reservation.hex()} 02 00 {len(read):02x} 10")
        assert piece[0] == 0
        read += piece[3:]
        if len(piece) < 3 + 0x10:
            break
    record = read_sdr(read)
    assert isinstance(record, FullSensorRecord)
    assert (record.owner_id, record.sensor_number, record.id_string) == (0x82, 1, "PSU Temp")
    assert ask(satellite, SENSOR, 0x21, "00 00 00 00 00 05")[1:3] == b"\x02\x00", "0000h is the first"
    assert ask(satellite, SENSOR, 0x21, "00 00 ff ff 00 05")[1:3] == b"\xff\xff"


def test_20_4_its_self_test_finds_what_it_was_made_with() -> None:
    satellite, _, _ = made(replace(SATELLITE, self_test_failures=0x28, aux_firmware=b"\1\2\3\4"))
    assert ask(satellite, APP, 0x04) == bytes.fromhex("00 57 28")
    assert ask(satellite, APP, 0x01)[-4:] == b"\1\2\3\4"


@pytest.mark.parametrize(
    ("cmd", "data", "answer"),
    [
        (0x23, "01 20", "00 20 01 00 00 00 00 00"),
        (0x25, "02 ff", "cd"),
        (0x24, "02 ff 01 01", "cd"),
        (0x29, "01", "00 c0 84 02 84 02"),
        (0x28, "01 c0", "00"),
        (0x2B, "01", "00 c0 00 00 00 00"),
        (0x2A, "01 00", "00"),
        (0x2A, "01 80 ff 0f", "00"),
        (0x2F, "01", "00 01 01"),
        (0x2F, "09", "cb"),
        (0x29, "09", "cb"),
    ],
)
def test_35_5_to_35_16_its_sensors_are_set_and_asked(cmd: int, data: str, answer: str) -> None:
    satellite, _, _ = made()
    assert ask(satellite, SENSOR, cmd, data).hex(" ") == answer


def test_35_6_hysteresis_is_set() -> None:
    sensors = (replace(SATELLITE.sensors[0], hysteresis=2.0),)
    satellite, _, _ = made(replace(SATELLITE, sensors=sensors))
    assert ask(satellite, SENSOR, 0x24, "01 ff 03 04") == b"\0"
    assert ask(satellite, SENSOR, 0x25, "01 ff") == b"\0\3\4"


def test_29_3_an_event_is_sent_until_it_is_answered() -> None:
    satellite, ear, clock = made()
    assert ask(satellite, SENSOR, 0x30, SET_READING) == b"\0"
    clock.advance(0.05)
    first = lan_message.unwrap(ear.heard[0])
    assert (first.netfn, first.cmd, first.rq_addr, first.data.hex()) == (4, 2, 0x82, "0401010157483c")
    clock.advance(RETRY_S * RETRIES)
    assert len(ear.heard) == 2 * (RETRIES + 1), "two thresholds, four times each"
    clock.advance(10)
    assert len(ear.heard) == 2 * (RETRIES + 1)


def test_29_1_the_event_receiver_can_be_changed_and_switched_off() -> None:
    satellite, ear, clock = made(replace(SATELLITE, events=False))
    assert ask(satellite, SENSOR, 0x01) == bytes.fromhex("00 ff 00")
    ask(satellite, SENSOR, 0x30, SET_READING)
    clock.advance(5)
    assert ear.heard == []
    assert ask(satellite, SENSOR, 0x00, "20 02") == b"\0"
    clock.advance(0.05)
    answered = lan_message.unwrap(ear.heard[0])
    assert answered.rs_lun == 2, "what holds is told to the new receiver"
    satellite.bus.write(lan_message.wrap_response(answered, b"\0"))
    clock.advance(0.05)
    before = len(ear.heard)
    clock.advance(5)
    assert len(ear.heard) == before + 2 * RETRIES, "of the other two events"


def test_35b_what_is_handed_over_is_carried_out_but_not_handed_on() -> None:
    satellite, _, _ = made()
    assert ask(satellite, TRANSPORT, 0x30, "41 18 01")[:3] == bytes.fromhex("00 00 34")
    assert ask(satellite, TRANSPORT, 0x30, "41 18 02") == bytes.fromhex("00 c1")
    assert ask(satellite, TRANSPORT, 0x30, "41 30 30 41 18 01") == b"\xd5"


def bridged(satellite: Satellite, ear: Ear, clock: VirtualClock, data: bytes) -> list[tuple[int, bytes]]:
    """What comes back of a Send Message to the satellite."""
    satellite.bus.write(lan_message.wrap_request(APP, 0x34, data, 5, rs_addr=0x82, rq_addr=0x20))
    clock.advance(0.1)
    heard, ear.heard = ear.heard, []
    return [(one.cmd, one.data) for one in map(lan_message.unwrap, heard)]


def test_6_13_a_bridge_answers_twice() -> None:
    satellite, ear, clock = made()
    satellite.add(FAR)
    satellite.add(replace(FAR, address=0x74, device_id=0x78))
    assert ask(satellite, APP, 0x01)[6] & 0x40, "it says that it is a bridge"
    inner = lan_message.wrap_request(APP, 0x01, b"", 5, rs_addr=0x72, rq_addr=0x82)
    first, second = bridged(satellite, ear, clock, b"\x47" + inner)
    assert first == (0x34, b"\0")
    assert (second[0], second[1][:2]) == (0x01, b"\x00\x77")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x40", 0xCC),  # back onto its own bus
        (b"\x07", 0xCC),  # not tracked
        (b"\x46", 0xCC),  # no such channel
    ],
)
def test_what_a_bridge_does_not_send_on(data: bytes, code: int) -> None:
    satellite, ear, clock = made()
    satellite.add(FAR)
    inner = lan_message.wrap_request(APP, 0x01, b"", 5, rs_addr=0x72, rq_addr=0x82)
    assert bridged(satellite, ear, clock, data + inner) == [(0x34, bytes((code,)))]
    answer = lan_message.wrap_response(lan_message.unwrap(inner), b"\0")
    assert bridged(satellite, ear, clock, b"\x47" + answer) == [(0x34, b"\xcc")]
    assert bridged(satellite, ear, clock, b"\x47\x72") == [(0x34, b"\xc7")]


def test_behind_a_bridge_nobody_or_too_much() -> None:
    satellite, ear, clock = made()
    satellite.add(FAR)
    nobody = lan_message.wrap_request(APP, 0x01, b"", 5, rs_addr=0x76, rq_addr=0x82)
    assert bridged(satellite, ear, clock, b"\x47" + nobody) == [(0x34, b"\x83")]
    transit = satellite.behind[7]
    for _ in range(64):
        assert transit.expect(0x72, 0, [(7, 1)], lambda message: None) is not None
    inner = lan_message.wrap_request(APP, 0x01, b"\x01", 5, rs_addr=0x72, rq_addr=0x82)
    assert bridged(satellite, ear, clock, b"\x47" + inner) == [(0x34, b"\xc0")]
    asked = lan_message.wrap_request(APP, 0x01, b"", 6, rs_addr=0x82, rq_addr=0x72)
    heard: list[bytes] = []
    transit.handle(lan_message.unwrap(asked), heard.append)
    assert heard == [b"\xc1"]
