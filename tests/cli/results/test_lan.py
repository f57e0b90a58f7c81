"""What `lan` and `lan6` note for ``--json``."""

from __future__ import annotations

from baseboard.cli.ipmitool import lan, lan6
from baseboard.cli.results.lan import AlertDestination, Lan6Setting, LanChange, LanSettings, LanStatistics
from tests.cli.ipmitool.scenes import Stage

CHANNEL = {"06/42": "00 01 04 01 81 f2 1b 00 00 00"}


async def test_settings_are_values_and_null_where_there_are_none() -> None:
    stage = Stage(CHANNEL | {"0c/02": "80", "0c/02 0103": "00 11 c0 00 02 0a", "0c/02 0114": "00 11 2a 81"})
    assert await lan.run(stage.call, ["print", "1"]) == 0
    assert stage.results == [LanSettings(channel=1, address="192.0.2.10", vlan_id=298)]


async def test_counters_are_as_ipmi_sends_them() -> None:
    stage = Stage(CHANNEL | {"0c/04": "00 01 10" + " 00" * 16})
    assert await lan.run(stage.call, ["stats", "get", "1"]) == 0
    (said,) = stage.results
    assert isinstance(said, LanStatistics)
    assert said.ip_packets_received == 0x1001
    assert stage.out.startswith("IP Rx Packet              : 272\n")


async def test_a_destination_and_a_change() -> None:
    given = CHANNEL | {
        "0c/01": "00",
        "0c/02": "80",
        "0c/02 0111": "00 11 01",
        "0c/02 0112": "00 11 01 86 3c 02",
        "0c/02 0113": "00 11 01 00 01 c0 00 02 64 02 00 5e 00 00 64",
    }
    stage = Stage(given)
    assert await lan.run(stage.call, ["alert", "print", "1", "1"]) == 0
    assert stage.results == [
        AlertDestination(
            channel=1,
            destination=1,
            acknowledged=True,
            type="OEM 1",
            seconds=60,
            retries=2,
            gateway="Backup",
            address="192.0.2.100",
            mac="02:00:5e:00:00:64",
        )
    ]
    stage = Stage(given)
    assert await lan.run(stage.call, ["alert", "set", "1", "1", "retry", "3"]) == 0
    assert stage.results == [LanChange(channel=1, destination=1, parameter="retry", value="3")]


async def test_an_ipv6_parameter_has_the_words_of_its_text() -> None:
    stage = Stage({"0c/02": "80", "0c/02 0137": "00 11 02 03 01"})
    assert await lan6.run(stage.call, ["print", "1", "status"]) == 0
    (said,) = stage.results
    assert said == Lan6Setting(
        channel=1,
        parameter="status",
        set=0,
        block=0,
        values={
            "Static address max": "2",
            "Dynamic address max": "3",
            "DHCPv6 support": "yes",
            "SLAAC support": "no",
        },
    )
