"""Our client's sensors beside ipmitool's and ipmi-sensors', on our servers and on OpenIPMI's ``ipmi_sim``."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterator

import pytest

import baseboard
from baseboard.client.sensors import Readings
from tests.interop.lab import Bmc, Lab
from tests.interop.simulator import simulator

JITTER = 4
"""Raw counts that a simulated reading may move while two consoles read it one after the other."""

UNITS = {"percent": "%", "unspecified": ""}
TYPED = {
    "% W": "% Watts",
    "GB per s": "gigabyte per s",
    "C": "degrees C",
    "V": "Volts",
    "W": "Watts",
    "A": "Amps",
    "L per minute": "liters per minute",
}


@pytest.fixture(scope="module")
def simulated() -> Iterator[Bmc]:
    with simulator(sensors=8) as running:
        yield running


async def console(bmc: Bmc) -> AsyncIterator[baseboard.Bmc]:
    suite = 3 if bmc.name == "ipmi_sim" else None
    async with baseboard.connect(
        bmc.address,
        port=bmc.port,
        username=bmc.username,
        password=bmc.password,
        cipher_suite=suite,
    ) as opened:
        yield opened


async def ours(bmc: Bmc, *, thresholds: bool = False) -> Readings:
    async for opened in console(bmc):
        return await opened.sensors.list(thresholds=thresholds)
    raise AssertionError("not reached")


def suite_of(bmc: Bmc) -> int:
    return 3 if bmc.name == "ipmi_sim" else 17


def theirs(bmc: Bmc) -> list[list[str]]:
    """Name, reading, unit, status, of sensors that are measured; or name, number, status ... of others."""
    return list(csv.reader(bmc.ipmitool("-c", "sdr", "list", suite=suite_of(bmc)).ok().lines))


def agree(found: Readings, rows: list[list[str]]) -> int:
    """Compare what can be compared; how many readings that were."""
    compared = 0
    known = {sensor.name: sensor for sensor in found}
    for name, reading, unit, status in (row for row in rows if len(row) == 4 and row[0]):
        if name not in known:
            continue  # a locator of a device, no sensor
        sensor = known[name]
        if sensor.reading is None or not sensor.has_thresholds:
            assert sensor.status == ("ns" if sensor.reason else "ok")
            assert status in (sensor.status, "ok")
            continue
        assert sensor.formula is not None
        assert sensor.raw is not None
        # ipmitool leaves the rate out: liters per minute are liters.
        assert UNITS.get(unit, unit) == sensor.unit.partition(" per ")[0]
        if status == "ns":
            continue
        assert abs(sensor.formula.raw(float(reading)) - sensor.raw) <= JITTER, name
        compared += 1
    return compared


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_our_servers_sensors_are_the_same_to_ipmitool(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    found, rows = await ours(bmc), theirs(bmc)
    assert found.missing == []
    assert agree(found, rows) >= 5


async def test_those_of_ipmi_sim_are_the_same_to_ipmitool(simulated: Bmc) -> None:
    found, rows = await ours(simulated), theirs(simulated)
    assert agree(found, rows) == 8
    statuses = {row[0]: row[3] for row in rows if len(row) == 4}
    assert {sensor.name: sensor.status for sensor in found if sensor.reading is not None} == statuses


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_our_servers_sensors_are_the_same_to_ipmi_sensors(shared_lab: Lab, number: int) -> None:
    """ID, Name, Type, Reading, Units, Event."""
    bmc = shared_lab[number]
    found = {sensor.record_id: sensor for sensor in await ours(bmc)}
    options = ("--comma-separated-output", "--no-header-output", "--ignore-not-available-sensors")
    rows = list(csv.reader(bmc.freeipmi("ipmi-sensors", *options).ok().lines))
    measured = [row for row in rows if row[3] != "N/A"]
    assert len(measured) >= 5
    for identifier, name, _, reading, unit, _ in measured:
        sensor = found[int(identifier)]
        assert sensor.name == name
        assert sensor.formula is not None
        assert sensor.raw is not None
        assert abs(sensor.formula.raw(float(reading)) - sensor.raw) <= JITTER
        assert TYPED.get(unit, unit) == sensor.unit


COLUMNS = (
    "lower_non_recoverable", "lower_critical", "lower_non_critical",
    "upper_non_critical", "upper_critical", "upper_non_recoverable",
)  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_thresholds_are_those_that_ipmitool_prints(shared_lab: Lab, number: int) -> None:
    bmc = shared_lab[number]
    rows = {row[0]: row for row in bmc.ipmitool("sensor", "list").ok().table()}
    compared = 0
    for sensor in await ours(bmc, thresholds=True):
        if sensor.thresholds is None or sensor.reading is None:
            continue
        printed = dict(zip(COLUMNS, rows[sensor.name][4:], strict=True))
        have = {name: float(text) for name, text in printed.items() if text != "na"}
        assert have.keys() == sensor.thresholds.keys(), sensor.name
        assert all(value == pytest.approx(sensor.thresholds[name], abs=5e-4) for name, value in have.items())
        compared += bool(have)
    assert compared >= 3


async def test_records_are_those_that_ipmitool_dumps(shared_lab: Lab) -> None:
    bmc = shared_lab[0]
    file = bmc.folder / "records"
    bmc.ipmitool("sdr", "dump", str(file)).ok()
    async for opened in console(bmc):
        from baseboard.client.sdr import encode_dump

        assert encode_dump(await opened.sdr.records()) == file.read_bytes()


async def test_what_one_sets_the_other_sees(own_lab: Lab) -> None:
    bmc = own_lab[0]
    async for opened in console(bmc):
        sensors = await opened.sensors.list(thresholds=True)
        sensor = next(one for one in sensors if one.thresholds and "upper_critical" in one.thresholds)
        assert sensor.thresholds is not None
        assert sensor.formula is not None
        wanted = sensor.thresholds["upper_critical"] - 5 * sensor.formula.resolution()
        now = await opened.sensors.set_thresholds(sensor, upper_critical=wanted)
        assert now["upper_critical"] == pytest.approx(wanted)
        printed = bmc.ipmitool("sensor", "get", sensor.name).ok().values
        assert printed["Upper Critical"] == f"{wanted:.3f}"
