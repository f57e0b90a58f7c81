"""``sensor set-reading``, ``events``, ``rearm``, ``hysteresis``, ``type``, ``factors``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import Thresholds
from baseboard.bmc.blueprint.sensors import Traits
from baseboard.testing.scripted import ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.bmc.services.sensor_specs import LATCH, PRESENCE, TEMPERATURE
from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]
CURVED = replace(
    TEMPERATURE, number=9, name="Thermistor", minimum=-40, maximum=135, nominal=30,
    thresholds=Thresholds(upper_critical=90),
    traits=Traits(curve=((0, -40.0), (60, 0.0), (180, 60.0), (255, 135.0))),
)  # fmt: skip


@pytest.fixture
def bmc() -> Iterator[Simulated]:
    """A BMC with four sensors."""
    specs = (TEMPERATURE, PRESENCE, LATCH, CURVED)
    with ScriptedBmc(replace(BLUEPRINT, sensors=specs), SimulatedServer) as running:
        yield Simulated(running.port, running.script, "admin", ADMIN.password.decode())


def test_a_reading_is_written_and_told(program: Program) -> None:
    told = program("sensor", "set-reading", "Inlet", "41")
    assert (told.code, told.out) == (0, "Inlet            | 41 degrees C             | nc\n")
    found = program("--json", "sensor", "set-reading", "Inlet", "raw=0x14").document["result"]
    assert (found["raw"], found["reading"], found["status"], found["unit"]) == (20, 20, "ok", "degrees C")


def test_states_are_written_in_every_way(program: Program) -> None:
    def states(*words: str) -> list[str]:
        found = program("--json", "sensor", "set-reading", "Errors", *words).document["result"]
        assert isinstance(found["states"], list)
        return found["states"]

    correctable, uncorrectable = states("states=0,1")
    assert (correctable[:15], uncorrectable[:17]) == ("Correctable ECC", "Uncorrectable ECC")
    assert states("clear=0") == [uncorrectable]
    assert states("set=0") == [correctable, uncorrectable]
    assert states("clear=0") == [uncorrectable]
    assert states("end=1") == []
    assert states("states=none") == []
    program("sensor", "set-reading", "Slot", "set=1", "data=a0,11,22", "offset=given")
    listed = program("-v", "sel", "list").out
    assert "a01122" in listed


def test_what_has_ended_is_written_too(program: Program) -> None:
    program("sensor", "set-reading", "Errors", "ended=0")
    assert program("--json", "sensor", "events", "Errors").document["result"]["events"][0]["ended"]
    program("sensor", "set-reading", "Errors", "forget=all")
    assert not program("--json", "sensor", "events", "Errors").document["result"]["events"][0]["ended"]


def test_which_events_are_sent_is_told_and_changed(program: Program) -> None:
    told = program("sensor", "events", "Inlet").out.splitlines()
    assert told[0] == "Inlet: messages on, scanning on"
    assert told[1] == "    event                                             sent when it     and it"
    assert told[3].split() == [
        "7",
        "Upper",
        "Non-critical",
        "-",
        "going",
        "high",
        "begins",
        "and",
        "ends",
        "-",
    ]
    words = ("messages=off", "disable=7", "disable-end=all")
    found = program("--json", "sensor", "events", "Inlet", *words).document["result"]
    assert (found["messages"], found["scanning"]) == (False, True)
    assert [(row["offset"], row["begin"], row["end"]) for row in found["events"]] == [
        (2, True, False), (9, True, False),
    ]  # fmt: skip
    found = program(
        "--json", "sensor", "events", "Inlet", "enable=7", "enable-end=9", "scanning=off"
    ).document
    assert [row["end"] for row in found["result"]["events"]] == [False, False, True]
    assert not found["result"]["scanning"]


def test_events_are_forgotten(program: Program) -> None:
    program("sensor", "set-reading", "Inlet", "60")
    before = len(program("sel", "list").out.splitlines())
    found = program("--json", "sensor", "rearm", "Inlet").document["result"]
    assert [row["offset"] for row in found["events"] if row["began"]] == [7, 9]
    count = len(program("sel", "list").out.splitlines())
    assert count == before + 2
    program("sensor", "rearm", "Inlet", "begin=9", "end=none")
    assert len(program("sel", "list").out.splitlines()) == count + 1


def test_a_sensor_without_a_reading_says_so(program: Program) -> None:
    program("sensor", "events", "Inlet", "scanning=off")
    told = program("sensor", "events", "Slot").out
    assert told.startswith("Slot: messages on, scanning on")


def test_hysteresis_is_told_and_set(program: Program) -> None:
    assert program("sensor", "hysteresis", "Inlet").out == "Inlet: 2 up, 2 down degrees C\n"
    assert program("--json", "sensor", "hysteresis", "Inlet", "3", "1").document["result"] == {
        "name": "Inlet", "positive": 3.0, "negative": 1.0, "unit": "degrees C",
    }  # fmt: skip


def test_a_type_is_told_and_set_by_name_or_number(program: Program) -> None:
    assert program("sensor", "type", "Inlet").out == "Inlet: Temperature (01h), threshold (01h)\n"
    found = program("--json", "sensor", "type", "Slot", "entity-presence", "0x08").document["result"]
    assert (found["sensor_type"], found["event_type"]) == (0x25, 0x08)
    assert program("sensor", "type", "Slot", "0x0d").out == "Slot: Drive Slot (Bay) (0Dh), Presence (08h)\n"


def test_the_table_of_a_sensor_that_is_not_linear(program: Program) -> None:
    told = program("sensor", "factors", "Thermistor").out.splitlines()
    assert told[0].split() == ["reading", "value", "M", "B", "B", "exp", "R", "exp"]
    assert [int(line.split()[0]) for line in told[1:]] == [0, 59, 60, 179, 180, 255]
    found = program("--json", "sensor", "factors", "Thermistor").document["result"]
    last = found[-1]
    value = (last["m"] * 255 + last["b"] * 10.0 ** last["b_exponent"]) * 10.0 ** last["r_exponent"]
    assert value == pytest.approx(last["value"]) == pytest.approx(135, abs=0.5)
    # the other verbs go by it too
    assert program("sensor", "set-reading", "Thermistor", "75").out.split("|")[2].strip() == "ok"
    reading = program("--json", "sensor", "watch", "Thermistor", "--count", "1").document["result"]["reading"]
    assert reading == pytest.approx(75, abs=0.6)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("set-reading", "the name of a sensor"),
        ("set-reading Inlet", "wants a value"),
        ("set-reading Inlet warm", "a number in the sensor's unit"),
        ("set-reading Inlet raw=256", "a byte is wanted"),
        ("set-reading Inlet raw=x", "a byte is wanted"),
        ("set-reading Errors set=15", "offsets 0 to 14"),
        ("set-reading Errors set=1 clear=2", "two ways to write the same bits"),
        ("set-reading Errors set=1 data=a0", "three bytes"),
        ("set-reading Errors set=1 data=zz", "three bytes"),
        ("set-reading Errors set=1 offset=own", "offset=given is the only one"),
        ("set-reading Inlet 41 42", "42: not understood; there are states="),
        ("events Inlet messages=no", "on or off is wanted"),
        ("events Inlet all", "all: not understood"),
        ("rearm Inlet now", "now: not understood; there are begin="),
        ("hysteresis Inlet 1", "wants two values"),
        ("type Inlet hot", "a byte is wanted"),
        ("factors Thermistor 7", "7: not understood"),
    ],
)
def test_wrong_words_are_told_and_nothing_is_sent(
    program: Program, bmc: Simulated, words: str, text: str, tmp_path: Path
) -> None:
    told = program("sensor", *words.split())
    assert (told.code, bmc.asked) == (2, [])
    assert text in told.err


def test_what_the_controller_refuses_is_told(program: Program) -> None:
    told = program("sensor", "set-reading", "Errors", "set=5")
    assert told.code == 1
    assert "80h" in told.err
    assert "Slot: its readings have no formula" in program("sensor", "factors", "Slot").err
