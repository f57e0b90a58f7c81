"""A controller's own SDRs (§35.2 to §35.4)."""

from __future__ import annotations

import pytest

from baseboard.commands.sensor.sensors import (
    GetDeviceSdr,
    GetDeviceSdrInfo,
    GetSensorReading,
    ReserveDeviceSdrRepository,
)
from tests.conformance.bench import ADMIN, OPERATOR
from tests.conformance.marks import exercises
from tests.conformance.sensors.rig import BAY, ELSEWHERE, INLET, TOLD, Sensors, sensors

INFO, GET, RESERVE, READING = 0x20, 0x21, 0x22, 0x2D


def listed(bmc: Sensors, lun: int = 0) -> dict[int, bytes]:
    """All records by their IDs, as one comes upon them from 0000h on."""
    found, following = {}, 0
    while following != 0xFFFF:
        answer = bmc.ask(GET, bytes(2) + following.to_bytes(2, "little") + b"\x00\xff", lun)
        assert answer[0] == 0
        following = int.from_bytes(answer[1:3], "little")
        found[int.from_bytes(answer[3:5], "little")] = answer[3:]
    return found


@exercises(GetDeviceSdrInfo)
def test_35_2_how_many_sensors_there_are_on_each_lun() -> None:
    """Byte 3: [7] dynamic, [3:0] LUNs with sensors; without dynamic population there is no indicator."""
    bmc = sensors(INLET, BAY, TOLD, ELSEWHERE)
    assert bmc.ask(INFO, "") == bytes.fromhex("00 03 03")
    assert bmc.ask(INFO, "00") == bytes.fromhex("00 03 03")
    assert bmc.ask(INFO, "", lun=1) == bytes.fromhex("00 01 03")
    assert bmc.ask(INFO, "", lun=3) == bytes.fromhex("00 00 03")
    # four sensors, and the controller's locator
    assert bmc.ask(INFO, "01") == bytes.fromhex("00 05 03")


@exercises(GetDeviceSdr, GetDeviceSdrInfo)
def test_35_3_the_records_of_all_luns_can_be_read() -> None:
    bmc = sensors()
    records = listed(bmc)
    assert len(records) == bmc.ask(INFO, "01")[1]
    keys = {(record[6] & 3, record[7]) for record in records.values() if record[3] in (1, 2, 3)}
    assert keys == {(0, n) for n in range(1, 7)} | {(1, 1), (3, 7)}
    for lun, number in keys - {(0, 4)}:
        assert bmc.ask(READING, bytes((number,)), lun)[0] == 0
    assert listed(bmc, lun=1) == records


@exercises(GetDeviceSdrInfo, GetDeviceSdr, GetSensorReading)
def test_35_2_a_sensor_that_comes_or_goes_changes_the_population() -> None:
    """The bay tells whether the disk is there, on LUN 3."""
    bmc = sensors()
    assert bmc.ask(INFO, "", lun=3) == bytes.fromhex("00 01 8B 00 00 00 00")
    before = listed(bmc)
    bmc.hold(0)
    assert bmc.ask(INFO, "", lun=3) == bytes.fromhex("00 00 83 01 00 00 00")
    assert bmc.ask(READING, "07", lun=3) == b"\xcb"
    after = listed(bmc)
    assert len(after) == len(before) - 1
    # those that stay keep their IDs
    assert after.items() < before.items()
    # gone and back between two looks of a console is two changes
    bmc.hold(1)
    bmc.hold(0)
    bmc.hold(1)
    assert bmc.ask(INFO, "", lun=3) == bytes.fromhex("00 01 8B 04 00 00 00")
    assert bmc.ask(READING, "07", lun=3)[0] == 0
    # consoles remember the indicator, so it goes on
    assert bmc.restarted().ask(INFO, "", lun=3) == bytes.fromhex("00 01 8B 04 00 00 00")


@exercises(ReserveDeviceSdrRepository, GetDeviceSdr)
def test_35_4_only_reading_from_the_middle_needs_a_reservation() -> None:
    bmc = sensors()
    whole = bmc.ask(GET, "0000 0100 00 FF")[3:]
    assert bmc.ask(GET, "7777 0100 00 05")[3:] == whole[:5]
    assert bmc.ask(GET, "0000 0100 05 04") == b"\xc5"
    held = bmc.ask(RESERVE, "")[1:]
    assert held != bytes(2)
    assert bmc.ask(GET, held + bytes.fromhex("0100 05 04"))[3:] == whole[5:9]
    newer = bmc.ask(RESERVE, "")[1:]
    assert bmc.ask(GET, held + bytes.fromhex("0100 05 04")) == b"\xc5"
    # what comes or goes cancels it
    bmc.hold(0)
    assert bmc.ask(GET, newer + bytes.fromhex("0100 05 04")) == b"\xc5"


@pytest.mark.parametrize(
    ("data", "code"),
    [("0000 6300 00 FF", 0xCB), ("0000 0100 80 01", 0xC5), ("0000 0100 00", 0xC7), ("0000 FFFE 00 FF", 0xCB)],
)
def test_35_3_what_cannot_be_read(data: str, code: int) -> None:
    bmc = sensors()
    assert bmc.ask(GET, data) == bytes((code,))
    held = bmc.ask(RESERVE, "")[1:]
    assert bmc.ask(GET, held + bytes.fromhex("0100 80 01")) == b"\xc9"


def test_appendix_g_they_are_for_local_interfaces() -> None:
    """Not even an administrator reads them over the LAN; IPMB and the system interface do."""
    bmc = sensors()
    for user in (ADMIN, OPERATOR):
        console = bmc.in_v20(user)
        for cmd, data in ((INFO, b""), (GET, bytes.fromhex("0000 0000 00 FF")), (RESERVE, b"")):
            assert console.ask(0x04, cmd, data) == b"\xd4"
