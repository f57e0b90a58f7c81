"""Our console's logs, inventories, users and LAN parameters next to what ipmitool and FreeIPMI print."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from baseboard.client.bmc import Bmc as Console
from baseboard.client.connect import connect
from baseboard.codes import EventReadingType, Privilege, SensorType
from baseboard.commands.parameters.lan import DefaultGatewayAddress, IpAddress, MacAddress, SubnetMask
from baseboard.records.events import EventData
from baseboard.records.sel import SystemEvent
from tests.interop.lab import Bmc, Lab
from tests.interop.simulator import simulator

SUITES = (17, 17, 3)
"""Of each server of the lab one that it has."""


@asynccontextmanager
async def console(bmc: Bmc, suite: int) -> AsyncIterator[Console]:
    """A session of ours."""
    async with connect(
        bmc.address,
        username=bmc.username,
        password=bmc.password,
        kg=bytes.fromhex(bmc.kg) if bmc.kg else b"",
        port=bmc.port,
        cipher_suite=suite,
        learn=False,
        cache=str(bmc.folder),
    ) as session:
        yield session


def fan_event(number: int) -> SystemEvent:
    """A fan of the BMC is too slow."""
    return SystemEvent(
        sensor_type=SensorType.FAN,
        sensor_number=number,
        event_type=EventReadingType.THRESHOLD,
        event_data=EventData.of_threshold(2, reading=5, threshold=10),
    )


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_the_event_log_as_ipmitool_and_freeipmi_show_it(own_lab: Lab, number: int) -> None:
    bmc, suite = own_lab[number], SUITES[number]
    async with console(bmc, suite) as session:
        records = await session.sdr.records()
        fans = [
            entry.record for entry in records if getattr(entry.record, "sensor_type", None) == SensorType.FAN
        ]
        assert fans
        for record in fans[:2]:
            await session.sel.add(fan_event(getattr(record, "sensor_number", 0)))
        entries = [entry async for entry in session.sel.entries(records)]
    shown = bmc.ipmitool("sel", "elist", suite=suite).ok().table()
    assert [int(row[0], 16) for row in shown] == [entry.record_id for entry in entries]
    for row, entry in zip(shown, entries, strict=True):
        assert row[3].endswith(entry.sensor.strip()) or entry.sensor.startswith("#")
        assert row[5].startswith("Asserted") == entry.asserted
        assert re.sub(r"\W+", " ", row[4]).lower() in re.sub(r"\W+", " ", entry.event).lower()
    fan = entries[-1]
    assert fan.reading is not None
    assert fan.threshold is not None
    listed = bmc.freeipmi("ipmi-sel", "--no-header-output", suite=suite).ok().table()
    assert [int(row[0]) for row in listed] == [entry.record_id for entry in entries]
    assert [row[3] for row in listed][-1] == fan.sensor


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_inventories_as_ipmitool_and_freeipmi_show_them(shared_lab: Lab, number: int) -> None:
    bmc, suite = shared_lab[number], SUITES[number]
    shown = bmc.ipmitool("fru", "print", suite=suite).ok().out
    listed = bmc.freeipmi("ipmi-fru", suite=suite).ok().out
    async with console(bmc, suite) as session:
        devices = session.fru.devices(await session.sdr.records())
        names = re.findall(r"FRU Device Description : (.*?) \(ID (\d+)\)", shown)
        assert [(name, int(device_id)) for name, device_id in names] == [
            (device.name.strip(), device.device_id) for device in devices
        ]
        for device in devices:
            fru = (await session.fru.read(device)).fru
            assert fru is not None
            for area in (fru.chassis, fru.board, fru.product):
                for field in ("part_number", "serial_number", "product_name", "asset_tag"):
                    text = str(getattr(area, field, "")).strip()
                    assert text in shown
                    # FreeIPMI prints BCD plus, which the third server has, as binary.
                    assert text in listed or number == 2


async def test_an_edited_inventory_is_read_by_ipmitool(own_lab: Lab) -> None:
    bmc, suite = own_lab[0], SUITES[0]
    async with console(bmc, suite) as session:
        edit = await session.fru.edit()
        edit.change("product", asset_tag="moved to rack 7, a longer text than before")
        await edit.write(bmc.folder / "before.bin")
    shown = bmc.ipmitool("fru", "print", "0", suite=suite).ok().values
    assert shown["Product Asset Tag"] == "moved to rack 7, a longer text than before"
    assert shown["Chassis Type"] == "Rack Mount Chassis"


@pytest.mark.parametrize("number", [0, 2])
async def test_users_as_ipmitool_lists_them(own_lab: Lab, number: int) -> None:
    bmc, suite = own_lab[number], SUITES[number]
    async with console(bmc, suite) as session:
        made = await session.users.create("worker", "a Password 1", Privilege.OPERATOR)
        users = (await session.users.list(1)).users
    rows = bmc.ipmitool("user", "list", "1", options=("-c",), suite=suite).ok().table(",")
    shown = {int(row[0]): (row[1], row[4] == "true", row[5]) for row in rows}
    assert shown[made.user_id] == ("worker", True, "OPERATOR")
    for user in users:
        if user.name:
            name, messaging, level = shown[user.user_id]
            assert (name, messaging) == (user.name, user.messaging)
            assert level == user.privilege.name
    bmc.ipmitool(
        "mc", "info", suite=suite, username="worker", password="a Password 1", privilege="OPERATOR"
    ).ok()


@pytest.mark.parametrize("number", [0, 1])
async def test_the_lan_as_ipmitool_prints_it(shared_lab: Lab, number: int) -> None:
    bmc, suite = shared_lab[number], SUITES[number]
    async with console(bmc, suite) as session:
        reading = await session.lan.read_all(1)
    shown = bmc.ipmitool("lan", "print", "1", suite=suite).ok().values
    address, mask = reading.get(IpAddress), reading.get(SubnetMask)
    gateway, mac = reading.get(DefaultGatewayAddress), reading.get(MacAddress)
    assert address is not None
    assert mask is not None
    assert gateway is not None
    assert mac is not None
    assert shown["IP Address"] == str(address.address)
    assert shown["Subnet Mask"] == str(mask.mask)
    assert shown["Default Gateway IP"] == str(gateway.address)
    assert shown["MAC Address"] == mac.mac.hex(":")


async def test_openipmis_simulator() -> None:
    """Another BMC of others: its log, its inventory, its users, its LAN, as ipmitool shows them."""
    suite = 3
    with simulator() as bmc:
        async with console(bmc, suite) as session:
            await session.sel.add(bytes.fromhex("0000 02 00000000 2000 04 01 07 01 59 50 65"))
            entries = (await session.sel.read(await session.sdr.records())).entries
            content = await session.fru.read()
            users = (await session.users.list(1)).users
            reading = await session.lan.read_all(1)
        shown = bmc.ipmitool("sel", "elist", suite=suite).ok().table()
        assert [int(row[0], 16) for row in shown] == [entry.record_id for entry in entries]
        fru = bmc.ipmitool("fru", "print", "0", suite=suite)
        assert (content.fru is None) == ("not present" in fru.out)
        rows = bmc.ipmitool("user", "list", "1", options=("-c",), suite=suite).ok().table(",")
        assert {row[1] for row in rows if row[1]} == {user.name for user in users if user.name}
        address = reading.get(IpAddress)
        printed = bmc.ipmitool("lan", "print", "1", suite=suite).values
        assert printed.get("IP Address", str(address and address.address)) == str(address and address.address)
