"""``bmc.dcmi`` in front of our BMC, and of others."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import DcmiSpec, FruSpec, Physics, SensorSpec
from baseboard.client.dcmi import PowerLimit, Temperature
from baseboard.commands.groups.dcmi_limits import ExceptionAction
from baseboard.commands.parameters.dcmi import (
    ContactTimeout,
    DiscoveryConfiguration,
    ManageabilityAccess,
    PeriodUnit,
    RollingPeriod,
    SupportedCapabilities,
)
from baseboard.errors import CommandUnknown, CompletionError, EncodeError, NoEffect, RemoteProtocolError
from baseboard.records.fru import ProductArea, build_fru
from baseboard.records.strings import Encoding, Text
from tests.client.harness import Desk, desk

READING, GET_LIMIT, TAG, NAME = (0x2C, 0x02), (0x2C, 0x03), (0x2C, 0x06), (0x2C, 0x09)


def probe(number: int, entity: int, instance: int) -> SensorSpec:
    return SensorSpec(
        number, f"T{number}", 1, entity_id=entity, entity_instance=instance, base_unit=1, signed=True,
        minimum=-128, maximum=127, physics=Physics("temperature", 30, 20),
    )  # fmt: skip


def made(**more: Any) -> Desk:
    spec = DcmiSpec(meter="any", lowest=100, highest=500)
    return desk(dcmi=spec, **more)


async def test_capabilities_are_those_that_there_are() -> None:
    found = await made().bmc.dcmi.capabilities()
    assert len(found) == 5
    assert isinstance(found[0], SupportedCapabilities)
    assert found[0].power_management
    assert isinstance(found[3], ManageabilityAccess)
    assert found[3].primary_lan == 1
    without = await desk(dcmi=DcmiSpec()).bmc.dcmi.capabilities()
    assert len(without) == 4
    assert await desk(dcmi=DcmiSpec()).bmc.dcmi.periods() == ()


async def test_the_power_now_and_over_a_period() -> None:
    console = made()
    assert (await console.bmc.dcmi.power()).current == 200
    periods = await console.bmc.dcmi.periods()
    assert RollingPeriod(unit=PeriodUnit.MINUTES, duration=3) in periods
    assert (await console.bmc.dcmi.power(periods[0])).average == 200
    with pytest.raises(CompletionError):
        await console.bmc.dcmi.power(RollingPeriod(unit=PeriodUnit.DAYS, duration=1))


async def test_the_power_limit_is_read_whether_it_is_active_or_not() -> None:
    dcmi = made().bmc.dcmi
    shipped = PowerLimit(False, ExceptionAction.NONE, 500, 10_000, 60)
    assert await dcmi.power_limit() == shipped
    now = await dcmi.set_power_limit(240, action=ExceptionAction.LOG_ONLY, correction_ms=2000, period_s=30)
    assert now == PowerLimit(False, ExceptionAction.LOG_ONLY, 240, 2000, 30)
    now = await dcmi.set_power_limit(activate=True)
    assert now == await dcmi.power_limit() == PowerLimit(True, ExceptionAction.LOG_ONLY, 240, 2000, 30)
    assert not (await dcmi.set_power_limit(activate=False)).active


async def test_a_limit_that_did_not_take_is_an_error() -> None:
    console = made()
    console.script.lines[GET_LIMIT] = bytes.fromhex("00 dc 00 00 00 2c 01 e8 03 00 00 00 00 3c 00")
    with pytest.raises(NoEffect):
        await console.bmc.dcmi.set_power_limit(240)


async def test_refusals_and_foreign_answers() -> None:
    console = made()
    console.script.lines[GET_LIMIT] = b"\x80"
    with pytest.raises(CompletionError) as caught:
        await console.bmc.dcmi.power_limit()
    assert caught.value.code == 0x80
    assert "no active" in str(caught.value)
    console.script.lines[GET_LIMIT] = b"\0\xdd" + bytes(13)
    with pytest.raises(RemoteProtocolError):
        await console.bmc.dcmi.power_limit()
    with pytest.raises(CommandUnknown):
        await desk().bmc.dcmi.power_limit()


async def test_temperatures_of_all_places() -> None:
    sensors = (probe(1, 0x37, 1), *(probe(n, 0x03, n) for n in range(2, 14)), probe(20, 0x07, 1))
    console = made(sensors=sensors)
    values = console.bench.backend.sensors
    assert values is not None
    values.values.update({f"T{n}": float(n - 10) for n in (1, *range(2, 14), 20)})
    found = await console.bmc.dcmi.temperatures()
    assert found[0] == Temperature("inlet", 1, -9)
    assert [one.instance for one in found if one.place == "cpu"] == list(range(2, 14))
    assert found[-1] == Temperature("baseboard", 1, 10)
    assert len(await console.bmc.dcmi.sensors("cpu")) == 12
    assert len(set(await console.bmc.dcmi.sensors("cpu"))) == 12
    assert await made().bmc.dcmi.sensors("inlet") == []


async def test_thermal_limits() -> None:
    console = made(sensors=(probe(1, 0x37, 1),))
    await console.bmc.dcmi.set_thermal_limit(45, seconds=120, power_off=True)
    said = await console.bmc.dcmi.thermal_limit()
    assert (said.power_off, said.log_only, said.limit, said.exception_time) == (True, False, 45, 120)
    await console.bmc.dcmi.set_thermal_limit(45, log=False)
    said = await console.bmc.dcmi.thermal_limit()
    assert (said.power_off, said.log_only) == (False, False)


@pytest.mark.parametrize("text", ["", "rack 7", "x" * 63, "Größe 7", "机架 7"])
async def test_a_tag_reads_as_it_was_written(text: str) -> None:
    dcmi = made().bmc.dcmi
    await dcmi.set_asset_tag(text)
    assert await dcmi.asset_tag() == text


async def test_tags_that_do_not_fit_or_do_not_take() -> None:
    console = made()
    with pytest.raises(EncodeError):
        await console.bmc.dcmi.set_asset_tag("x" * 64)
    console.script.lines[TAG] = b"\0\xdc\x02no"
    with pytest.raises(NoEffect):
        await console.bmc.dcmi.set_asset_tag("yes")


async def test_a_tag_of_the_inventory_in_another_encoding_is_read_too() -> None:
    image = build_fru(product=ProductArea(asset_tag=Text("0102", Encoding.BINARY)), size=64)
    assert await made(frus=(FruSpec(0, "Board", image),)).bmc.dcmi.asset_tag() == "\x01\x02"


async def test_the_name_is_read_and_written() -> None:
    dcmi = made().bmc.dcmi
    assert await dcmi.name() == "DCMI020000000001"
    for text in ("n", "a name of exactly sixteen"[:16], "x" * 63):
        await dcmi.set_name(text)
        assert await dcmi.name() == text
    for wrong in ("x" * 64, "a\0b"):
        with pytest.raises(EncodeError):
            await dcmi.set_name(wrong)


async def test_configuration() -> None:
    console = made()
    dcmi = console.bmc.dcmi
    assert await dcmi.parameter(4) == ContactTimeout(seconds=120)
    wanted = DiscoveryConfiguration(random_back_off=True, vendor_class=False, identifier=True)
    await dcmi.set_parameter(wanted)
    assert await dcmi.parameter(2) == wanted
    await dcmi.activate_dhcp()
    console.script.lines[0x2C, 0x13] = b"\0\xdc\x01\x05\x01\x00\x00"
    with pytest.raises(NoEffect):
        await dcmi.set_parameter(ContactTimeout(seconds=5))
