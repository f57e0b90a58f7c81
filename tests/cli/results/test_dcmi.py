"""What `dcmi` notes for ``--json``."""

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock

import pytest

from baseboard.cli.ipmitool.dcmi import run
from baseboard.cli.results.dcmi import (
    Capabilities,
    Configuration,
    ConfigurationChange,
    Pong,
    PowerLimit,
    PowerLimitSwitch,
    PowerReading,
    Sensors,
    Temperature,
    Text,
    ThermalPolicy,
)
from tests.cli.ipmitool.scenes import Stage

GIVEN = {
    "2c/01": "00 dc 01 05 02 00 01 07 00",
    "2c/02": "00 dc 7b 00 64 00 c8 00 78 00 29 85 00 67 e8 03 00 00 40",
    "2c/03": "80 dc 00 00 11 f4 01 e8 03 00 00 00 00 01 00",
    "2c/05": "00 dc",
    "2c/06": "00 dc 03 61 62 63",
    "2c/08": "00 dc 01",
    "2c/07": "00 dc 00 00",
    "2c/07 dc0140": "00 dc 01 01 07 00",
    "2c/0b": "00 dc",
    "2c/10": "00 dc 00 00",
    "2c/10 dc0141": "00 dc 02 02 19 01 85 02",
    "2c/12": "00 dc",
    "2c/13": "00 dc 01 05 01 03 01",
}


async def found(*words: str) -> list[object]:
    stage = Stage(GIVEN)
    assert await run(stage.call, list(words)) == 0
    return stage.results


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (
            "power reading",
            PowerReading(
                current=123,
                minimum=100,
                maximum=200,
                average=120,
                time="2024-10-05T00:15:37+00:00",
                time_missing=None,
                period_ms=1000,
                active=True,
            ),
        ),
        (
            "power get_limit",
            PowerLimit(active=False, action="Log Event to SEL", limit=500, correction_ms=1000, period=1),
        ),
        ("power activate", PowerLimitSwitch(active=True)),
        ("asset_tag", Text(text="abc")),
        ("set_asset_tag x", Text(text="x")),
        (
            "thermalpolicy set 0x40 1 volatile poweroff nosel 50 60",
            ThermalPolicy(
                entity_id=0x40,
                instance=1,
                persistent=False,
                power_off=True,
                log_only=False,
                limit=50,
                exception_seconds=60,
            ),
        ),
        (
            "get_conf_param",
            Configuration(
                identifier=True, vendor_class=True, initial_timeout=3, contact_timeout=259, retry_interval=259
            ),
        ),
        ("set_conf_param retry 9", ConfigurationChange(parameter="retry", value=9)),
    ],
)
async def test_what_a_verb_finds(words: str, result: object) -> None:
    assert await found(*words.split()) == [result]


async def test_capabilities_are_four_parameters() -> None:
    said = await found("discover")
    assert said[0] == Capabilities(parameter="platform", version="1.5", data="00010700")
    assert len(said) == 4


async def test_temperatures_have_their_sign() -> None:
    assert await found("get_temp_reading") == [
        Temperature(place="CPU", instance=1, celsius=25),
        Temperature(place="CPU", instance=2, celsius=-5),
    ]


async def test_sensors_are_record_ids() -> None:
    assert await found("sensors") == [
        Sensors(place="Inlet", records=[7]),
        Sensors(place="CPU", records=[]),
        Sensors(place="Baseboard", records=[]),
    ]


@pytest.mark.parametrize(
    ("answer", "results"),
    [
        (SimpleNamespace(pong=True, ipmi=True, manufacturer=36465), [Pong(ipmi=True, dcmi=True)]),
        (SimpleNamespace(pong=True, ipmi=True, manufacturer=4542), [Pong(ipmi=True, dcmi=False)]),
        (None, []),
    ],
)
async def test_a_pong_is_noted(answer: object, results: list[object]) -> None:
    async def look(host: str, **more: object) -> object:
        return answer

    with mock.patch("baseboard.client.discover.look", look):
        assert await found("oob_discover") == results
