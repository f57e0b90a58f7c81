"""pyghmi manages a server: power, boot device, sensors, events, inventory, users, LAN, raw, console."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests import peers
from tests.interop.lab import LANS, Bmc, Lab, described_lab, lab, run

Call = tuple[str, list[Any], dict[str, Any]]


@pytest.fixture(scope="module", params=["default", "strict"])
def servers(request: pytest.FixtureRequest) -> Iterator[Lab]:
    with lab() if request.param == "default" else described_lab(LANS, strict=True) as running:
        yield running


def call(name: str, *arguments: Any, **keywords: Any) -> Call:
    return name, list(arguments), keywords


def talk(bmc: Bmc, asked: dict[str, Any], **login: Any) -> list[Any]:
    """Let pyghmi do what is asked, in one session."""
    peers.require("pyghmi")
    who = {"bmc": bmc.address, "port": bmc.port, "userid": bmc.username, "password": bmc.password}
    if bmc.kg is not None:
        who["kg"] = bmc.kg
    question = json.dumps({"login": {**who, **login}, **asked})
    done = run([sys.executable, "-m", "tests.interop.pyghmi_calls"], question, 120, {})
    answers: list[Any] = json.loads(done.ok().out)
    return answers


def pyghmi(bmc: Bmc, *calls: Call, **login: Any) -> list[Any]:
    return talk(bmc, {"calls": list(calls)}, **login)


def test_power_is_switched_and_waited_for(servers: Lab) -> None:
    power = [call("get_power"), call("set_power", "off", wait=20), call("set_power", "on", wait=20)]
    cycle = [call("set_power", "reset"), call("set_power", "shutdown", wait=40), call("get_power")]
    answers = pyghmi(servers[0], *power, *cycle, call("set_power", "on", wait=20))
    states = [answer.get("powerstate") for answer in answers]
    assert states[:3] == ["on", "off", "on"]
    assert states[4:] == ["off", "off", "on"]


def test_the_next_boot_is_chosen_once_or_for_good(servers: Lab) -> None:
    once, for_good, none = pyghmi(
        servers[0],
        call("set_bootdev", "network"),
        call("get_bootdev"),
        call("set_bootdev", "hd", persist=True, uefiboot=True),
        call("get_bootdev"),
        call("set_bootdev", "default"),
        call("get_bootdev"),
    )[1::2]
    assert once == {"bootdev": "network", "persistent": False, "uefimode": False}
    assert for_good == {"bootdev": "hd", "persistent": True, "uefimode": True}
    assert none["bootdev"] == "default"


@pytest.mark.parametrize(("number", "name", "unit"), [(0, "Inlet Temp", "°C"), (2, "System Temp", "°C")])
def test_sensors_have_values_units_and_health(servers: Lab, number: int, name: str, unit: str) -> None:
    everything, one, health = pyghmi(
        servers[number], call("get_sensor_data"), call("get_sensor_reading", name), call("get_health")
    )
    readings = {reading["name"]: reading for reading in everything}
    assert len(readings) >= 10
    assert readings[name]["units"] == one["units"] == unit
    assert 10 < one["value"] < 60
    fans = [reading for reading in everything if reading["type"] == "Fan"]
    assert fans
    assert all(fan["units"] == "RPM" for fan in fans if fan["value"] is not None)
    assert health == {"badreadings": [], "health": 0}


def test_events_are_read_and_cleared(servers: Lab) -> None:
    before, after = pyghmi(
        servers[1],
        call("set_power", "off", wait=20),
        call("set_power", "on", wait=20),
        call("get_event_log"),
        call("get_event_log", clear=True),
        call("get_event_log"),
    )[2::2]
    assert {entry["component_type"] for entry in before} & {"Power Unit", "System ACPI Power State"}
    assert all(entry["timestamp"].startswith("20") for entry in before)
    assert len(after) < len(before)


def test_the_inventory_is_that_of_the_frus(servers: Lab) -> None:
    (inventory,) = pyghmi(servers[0], call("get_inventory"))
    parts = {name: content for name, content in inventory if content}
    assert parts["System"]["Board manufacturer"] == "Baseboard"
    assert parts["System"]["Product name"] == "Baseboard Lab R2"
    assert parts["System"]["Board manufacture date"].startswith("2024-04-02")
    assert any(name.startswith("PSU1") for name in parts)


def test_users_are_made_changed_and_removed(servers: Lab) -> None:
    bmc = servers[1]
    made, found = pyghmi(
        bmc,
        call("create_user", 5, "second", "Another-Pass1", privilege_level="operator"),
        call("get_user", 5),
    )
    assert made is True
    assert (found["name"], found["access"]["privilege_level"]) == ("second", "operator")
    (seen,) = pyghmi(bmc, call("get_power"), userid="second", password="Another-Pass1", privlevel=3)
    assert seen["powerstate"] in ("on", "off")
    removed, users = pyghmi(bmc, call("user_delete", 5), call("get_users"))
    assert removed is True
    assert [user["name"] for user in users.values()] == [bmc.username]


def test_the_lan_is_read_and_written(own_lab: Lab) -> None:
    bmc = own_lab[0]
    first, _, second = pyghmi(
        bmc,
        call("get_net_configuration"),
        call("set_net_configuration", ipv4_address="192.0.2.77/24", ipv4_gateway="192.0.2.1"),
        call("get_net_configuration"),
    )
    assert (first["ipv4_address"], first["ipv4_configuration"]) == ("127.0.0.1/8", "Static")
    assert (second["ipv4_address"], second["ipv4_gateway"]) == ("192.0.2.77/24", "192.0.2.1")


def test_raw_and_identify_and_firmware(servers: Lab) -> None:
    raw, _, _, firmware = pyghmi(
        servers[0],
        call("raw_command", netfn=6, command=1),
        call("set_identify", True),
        call("set_identify", False),
        call("get_firmware"),
    )
    # Get Device ID: IPMI 2.0 is 02h in byte 6, which is data byte 5 here
    assert (raw["code"], bytes.fromhex(raw["data"])[4]) == (0, 0x02)
    assert dict(firmware)["BMC Version"] == {"version": "2.10"}


def test_a_two_key_login(keyed_lab: Lab) -> None:
    assert pyghmi(keyed_lab[0], call("get_power"))[0]["powerstate"] == "on"


def test_a_person_logs_into_the_host_over_sol(servers: Lab) -> None:
    bmc = servers[0]
    pyghmi(bmc, call("set_power", "on", wait=20))
    conversation = [
        ("\r", "login: "),
        ("root\r", "assword"),
        ("demo\r", "# "),
        ("uname\r", "Linux"),
        ("whoami\r", "\nroot"),
    ]
    screens = talk(bmc, {"console": conversation})
    for screen, (_, awaited) in zip(screens, conversation, strict=True):
        assert awaited in screen
