"""Sensors and temperatures by place, and thermal limits (DCMI 1.5, 6.5.2, 6.7)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import DcmiSpec, Physics, SensorSpec
from baseboard.codes import SensorType, SensorUnit
from baseboard.commands.groups.dcmi import GetDcmiSensorInfo, GetTemperatureReadings
from baseboard.commands.groups.dcmi_limits import GetThermalLimit, SetThermalLimit
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.dcmi.platform import BLADE, RACK, platform
from tests.conformance.marks import exercises

INFO, READINGS, SET_LIMIT, GET_LIMIT = 0x07, 0x10, 0x0B, 0x0C
PAIRS = [(0x37, 0x40), (0x03, 0x41), (0x07, 0x42)]
INLET_TOO_HOT = bytes.fromhex("01 01 05 01 ff ff")
POWERED_DOWN = bytes.fromhex("09 5a 0a 02 ff ff")


def probe(number: int, entity: int, instance: int, **more: Any) -> SensorSpec:
    return SensorSpec(
        number, f"T{number}", SensorType.TEMPERATURE, entity_id=entity, entity_instance=instance,
        base_unit=SensorUnit.DEGREES_C, minimum=-128, maximum=127, signed=True,
        physics=Physics("temperature", 30, 20), **more,
    )  # fmt: skip


def crowded(count: int = 20) -> Bench:
    """A BMC with that many processors, each with a temperature that is its instance."""
    bmc = make_bmc(sensors=tuple(probe(n, 0x03, n) for n in range(1, count + 1)), dcmi=DcmiSpec())
    for n in range(1, count + 1):
        bmc.backend.sensors.values[f"T{n}"] = float(n)  # type: ignore[union-attr]  # a fake has them
    return bmc


def ask(bmc: Bench, cmd: int, entity: int, instance: int = 0, start: int = 0, kind: int = 1) -> bytes:
    return bmc.raw(0x2C, cmd, bytes((0xDC, kind, entity, instance, start)))


@exercises(GetDcmiSensorInfo)
@pytest.mark.parametrize("kind", [RACK, BLADE])
@pytest.mark.parametrize(("standard", "dcmi"), PAIRS)
def test_6_5_2_record_ids_of_the_sensors_of_a_place(kind: int, standard: int, dcmi: int) -> None:
    bmc = platform(kind)
    answer = ask(bmc, INFO, standard)
    assert answer == ask(bmc, INFO, dcmi), "both numbers mean the place"
    total, count = answer[2:4]
    assert total == count >= 1, "DCMI wants one of each"
    for at in range(count):
        record_id = int.from_bytes(answer[4 + 2 * at : 6 + 2 * at], "little")
        record, _ = bmc.services.sdr.read(record_id)
        assert int.from_bytes(record[:2], "little") == record_id
        assert (record[3], record[8], record[9], record[12]) == (0x01, standard, at + 1, 0x01)


@exercises(GetDcmiSensorInfo)
def test_6_5_2_eight_at_a_time() -> None:
    bmc = crowded()
    seen: list[bytes] = []
    for start, first, count in ((0, 1, 8), (1, 1, 8), (9, 9, 8), (17, 17, 4), (21, 0, 0)):
        answer = ask(bmc, INFO, 0x03, start=start)
        assert answer[:4] == bytes((0, 0xDC, 20, count))
        assert len(answer) == 4 + 2 * count
        if count:
            record, _ = bmc.services.sdr.read(int.from_bytes(answer[4:6], "little"))
            assert record[9] == first
        seen.append(answer)
    one = ask(bmc, INFO, 0x41, instance=12)
    assert one[:4] == bytes((0, 0xDC, 20, 1))
    assert bmc.services.sdr.read(int.from_bytes(one[4:6], "little"))[0][9] == 12


@exercises(GetDcmiSensorInfo)
def test_6_5_2_the_repository_says_what_there_is() -> None:
    bmc = crowded(2)
    first = int.from_bytes(ask(bmc, INFO, 0x03)[4:6], "little")
    bmc.services.sdr.delete(first, 0)
    assert ask(bmc, INFO, 0x03)[2] == 1
    bmc.services.sdr.clear(0)
    bmc.advance(1)
    assert ask(bmc, INFO, 0x03) == b"\0\xdc\0\0"


@pytest.mark.parametrize("cmd", [INFO, READINGS])
def test_6_5_2_what_there_is_not(cmd: int) -> None:
    bmc = crowded(2)
    assert ask(bmc, cmd, 0x03, kind=2) == b"\xcc", "DCMI knows temperatures alone"
    assert ask(bmc, cmd, 0x0A) == ask(bmc, cmd, 0x00) == ask(bmc, cmd, 0x43) == b"\xcc"
    assert ask(bmc, cmd, 0x03, instance=3) == b"\xcb"
    assert ask(bmc, cmd, 0x37) == b"\0\xdc\0\0", "a place without sensors"
    assert bmc.raw(0x2C, cmd, b"\xdc\x01\x03\0") == bmc.raw(0x2C, cmd, b"\xdc\x01\x03\0\0\0") == b"\xc7"


@exercises(GetTemperatureReadings)
def test_6_7_3_sign_and_magnitude() -> None:
    sensors = (probe(1, 0x37, 1), probe(2, 0x37, 2), probe(3, 0x37, 3))
    bmc = make_bmc(sensors=sensors, dcmi=DcmiSpec())
    values = bmc.backend.sensors.values  # type: ignore[union-attr]  # a fake has them
    values.update({"T1": 25.0, "T2": -7.0, "T3": 0.0})
    assert ask(bmc, READINGS, 0x40) == bytes.fromhex("00 dc 03 03 19 01 87 02 00 03")
    values.update({"T1": -128.0, "T2": None})
    assert ask(bmc, READINGS, 0x37) == bytes.fromhex("00 dc 02 02 ff 01 00 03"), (
        "what cannot be read is left out"
    )


@exercises(GetTemperatureReadings)
def test_6_7_3_eight_at_a_time() -> None:
    bmc = crowded()
    for start, expected in ((0, range(1, 9)), (9, range(9, 17)), (17, range(17, 21)), (30, range(0))):
        answer = ask(bmc, READINGS, 0x41, start=start)
        assert answer[:4] == bytes((0, 0xDC, 20, len(expected)))
        assert answer[4:] == b"".join(bytes((n, n)) for n in expected)
    assert ask(bmc, READINGS, 0x41, instance=20) == bytes((0, 0xDC, 20, 1, 20, 20))


@exercises(GetTemperatureReadings)
@pytest.mark.parametrize(("kind", "entity", "name"), [(RACK, 0x40, "Inlet Temp"), (BLADE, 0x41, "CPU Temp")])
def test_6_7_3_the_readings_are_those_of_the_sensors(kind: int, entity: int, name: str) -> None:
    bmc = platform(kind)
    for celsius in (31, 42, 18):
        bmc.server.set_value(name, celsius)
        assert ask(bmc, READINGS, entity)[2:] == bytes((1, 1, celsius, 1)), "a margin is no temperature"


# ---- thermal limits


def limit(actions: int, celsius: int, seconds: int, entity: int = 0x40, instance: int = 1) -> str:
    return (bytes((entity, instance, actions, celsius)) + seconds.to_bytes(2, "little")).hex()


@exercises(SetThermalLimit, GetThermalLimit)
@pytest.mark.parametrize(("standard", "dcmi"), PAIRS)
def test_6_7_2_a_limit_is_read_back_and_kept(standard: int, dcmi: int) -> None:
    bmc = platform()
    assert bmc.dcmi(GET_LIMIT, f"{dcmi:02x} 01")[:3] == b"\0\xdc\0", "none at first"
    assert bmc.dcmi(SET_LIMIT, limit(0x40, 45, 300, dcmi)) == b"\0\xdc"
    told = bytes.fromhex("00 dc 40 2d 2c 01")
    assert bmc.dcmi(GET_LIMIT, f"{standard:02x} 01") == bmc.dcmi(GET_LIMIT, f"{dcmi:02x} 01") == told
    assert bmc.restarted().dcmi(GET_LIMIT, f"{dcmi:02x} 01") == told


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (limit(0x20, 0, 60), 0x84), (limit(0x20, 128, 60), 0x84), (limit(0x20, 255, 60), 0x84),
        (limit(0x20, 40, 3601), 0x85), (limit(0x20, 40, 0xFFFF), 0x85),
        (limit(0x20, 40, 60, instance=2), 0xCB), (limit(0x20, 40, 60, instance=0), 0xCB),
        (limit(0x20, 40, 60, entity=0x0A), 0xCC),
    ],
)  # fmt: skip
def test_6_7_2_what_is_out_of_range_is_refused_and_changes_nothing(data: str, code: int) -> None:
    bmc = platform()
    before = bmc.dcmi(GET_LIMIT, "40 01")
    assert bmc.dcmi(SET_LIMIT, data) == bytes((code,))
    assert bmc.dcmi(GET_LIMIT, "40 01") == before


def test_6_7_1_6_7_2_lengths_and_absent_sensors() -> None:
    bmc = platform()
    assert bmc.dcmi(GET_LIMIT, "40") == bmc.dcmi(GET_LIMIT, "40 01 00") == b"\xc7"
    assert (
        bmc.dcmi(SET_LIMIT, limit(0x20, 40, 60)[:-2])
        == bmc.dcmi(SET_LIMIT, limit(0x20, 40, 60) + "00")
        == b"\xc7"
    )
    assert bmc.dcmi(GET_LIMIT, "40 02") == b"\xcb"
    assert bmc.dcmi(GET_LIMIT, "0a 01") == b"\xcc"


@exercises(SetThermalLimit)
def test_6_7_2_too_hot_for_too_long_is_logged() -> None:
    bmc = platform()
    bmc.dcmi(SET_LIMIT, limit(0x20, 35, 10))
    bmc.server.set_value("Inlet Temp", 36)
    bmc.advance(9)
    assert INLET_TOO_HOT not in bmc.events()
    bmc.advance(3)
    assert bmc.events().count(INLET_TOO_HOT) == 1
    bmc.advance(60)
    assert bmc.events().count(INLET_TOO_HOT) == 1
    assert bmc.server.host.is_on()
    bmc.server.set_value("Inlet Temp", 35)
    bmc.advance(2)
    bmc.server.set_value("Inlet Temp", 36)
    bmc.advance(13)
    assert bmc.events().count(INLET_TOO_HOT) == 2


@exercises(SetThermalLimit)
@pytest.mark.parametrize(
    ("entity", "instance", "sensor"),
    [(0x40, 1, "Inlet Temp"), (0x41, 2, "CPU2 Temp"), (0x42, 1, "Board Temp")],
)
def test_6_7_2_too_hot_for_too_long_costs_the_power(entity: int, instance: int, sensor: str) -> None:
    bmc = platform()
    bmc.dcmi(SET_LIMIT, limit(0x40, 90, 5, entity, instance))
    bmc.advance(30)
    assert bmc.server.host.is_on()
    bmc.server.set_value(sensor, 95)
    bmc.advance(8)
    assert not bmc.server.host.is_on()
    assert POWERED_DOWN in bmc.events()
    assert any(one[0] == 0x01 and one[2:4] == b"\x05\x01" for one in bmc.events())


@exercises(SetThermalLimit)
def test_6_7_2_a_short_peak_does_nothing_and_no_action_means_none() -> None:
    bmc = platform()
    bmc.dcmi(SET_LIMIT, limit(0x40, 35, 10))
    for _ in range(5):
        bmc.server.set_value("Inlet Temp", 60)
        bmc.advance(8)
        bmc.server.set_value("Inlet Temp", 30)
        bmc.advance(3)
    assert bmc.server.host.is_on()
    bmc.dcmi(SET_LIMIT, limit(0x00, 35, 0))
    bmc.server.set_value("Inlet Temp", 60)
    bmc.advance(60)
    assert bmc.server.host.is_on()
    assert INLET_TOO_HOT not in bmc.events()


@exercises(SetThermalLimit)
def test_6_7_2_a_limit_is_looked_after_once_the_controller_is_back() -> None:
    bmc = platform()
    bmc.dcmi(SET_LIMIT, limit(0x20, 35, 0))
    again = bmc.restarted()
    again.server.set_value("Inlet Temp", 40)
    again.advance(3)
    assert INLET_TOO_HOT in again.events()
