"""What a BMC has for the host's software, delivered by interrupts: events, and messages of consoles."""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from pathlib import Path

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.hardware import Hardware
from tests.vm.scripts import drivers
from tests.vm.served import Served, served
from tests.vm.vm_tap import Tap, tapped

pytestmark = pytest.mark.timeout(600)

PROGRAM = shlex.quote(str(Path(__file__).with_name("listening.py")))
PYTHON = f"{shlex.quote(sys.executable)} -P -S -B"
SCRIPT = """
section before
counters
inroot PYTHON PROGRAM >/tmp/heard 2>&1 &
awaited 60 grep -q listening /tmp/heard
host platform
awaited 20 grep -q '^event' /tmp/heard
host sensor
awaited 20 sh -c '[ $(grep -c ^event /tmp/heard) = 2 ]'
host message
section heard
cat /tmp/heard
section after
counters
section idle
kill $!; awaited 10 sh -c '! kill -0 $!'
host silence
usleep 500000
section log
ask ipmitool sel elist
section end
""".replace("PYTHON", PYTHON).replace("PROGRAM", PROGRAM)


class Told:
    """What was sent outside, and what arrived inside."""

    def __init__(self, bmc: Served, interface: str, folder: Path) -> None:
        self.answers: dict[str, str] = {}
        self.marks: dict[str, int] = {}
        with tapped(folder / "tap", bmc.socket) as tap:
            self.tap: Tap = tap
            hooks = {
                "platform": lambda: self.ask(bmc, "platform", "event", "1"),
                "sensor": lambda: self.ask(bmc, "sensor", "sensor", "thresh", "Inlet Temp", "unc", "10"),
                "message": lambda: self.ask(bmc, "message", "-l", "2", "raw", "6", "1"),
                "silence": lambda: self.ask(bmc, "silence", "event", "2"),
            }
            outcome = guest.run(
                drivers(interface) + SCRIPT,
                hardware=Hardware(interface, str(folder / "tap")),
                hooks=hooks,
                seconds=200,
            )
        self.inside = outcome.ended("script").sections

    def ask(self, bmc: Served, name: str, *words: str) -> int:
        self.marks[name] = len(self.tap.frames)
        done = bmc.lan.ipmitool(*words, suite=3)
        self.answers[name] = f"{done.out}{done.err}exit {done.code}"
        return 0

    def counters(self, section: str) -> dict[str, int]:
        lines = self.inside[section].splitlines()
        return {name: int(value) for name, _, value in (line.partition(":") for line in lines)}


@pytest.fixture(scope="module", params=["kcs", "bt"])
def told(request: pytest.FixtureRequest) -> Told:
    peers.require("ipmitool")
    with served(request.param) as bmc, tempfile.TemporaryDirectory() as folder:
        return Told(bmc, request.param, Path(folder))


def exchange(told: Told, name: str, count: int) -> list[str]:
    """What went over the wire first, once something was sent outside: requests and the BMC's controls."""
    frames = told.tap.frames[told.marks[name] :]
    return [frame.text for frame in frames if frame.kind != "response" or not frame.up][:count]


def test_an_event_of_software_reaches_who_listens(told: Told) -> None:
    """Platform Event over the LAN, of sensor 30h as ipmitool invents it."""
    assert told.answers["platform"].endswith("exit 0")
    events = re.findall(r"^event 07/35 (.*)$", told.inside["heard"], re.MULTILINE)
    assert len(events) == 2
    record = bytes.fromhex(events[0])
    assert record[2] == 0x02
    assert record[7:] == bytes.fromhex("81 10 04 01 30 01 09 ff ff")


def test_a_sensor_that_passes_its_threshold_reaches_who_listens(told: Told) -> None:
    """Inlet Temp is above 10 degrees, which became its threshold: sensor 01h, data bytes with both."""
    assert told.answers["sensor"].endswith("exit 0")
    record = bytes.fromhex(re.findall(r"^event 07/35 (.*)$", told.inside["heard"], re.MULTILINE)[1])
    assert record[7:14] == bytes.fromhex("20 00 04 01 01 01 57")
    assert record[14] > record[15] == 20
    line = r"\| Temperature Inlet Temp \| Upper Non-critical going high \| Asserted \| .* > Threshold 10 d"
    assert re.search(line, told.inside["log"], re.MULTILINE)


def test_an_event_is_told_by_an_interrupt_and_taken_from_the_buffer(told: Told) -> None:
    for name in ("platform", "sensor", "silence"):
        requests = [text for text in exchange(told, name, 10) if ":" not in text]
        assert requests[:5] == [
            "attention with interrupt",
            "06/31 []",
            "06/35 []",
            "no attention",
            "06/35 []",
        ]


def test_a_console_asks_system_software_and_is_answered(told: Told) -> None:
    """LUN 10b: through the receive queue, and back by Send Message."""
    assert told.answers["message"].startswith(f" {b'guest'.hex(' ')}\n")
    assert re.search(r"^command 06/01 *$", told.inside["heard"], re.MULTILINE)
    requests = [text for text in exchange(told, "message", 14) if ":" not in text]
    assert requests[:5] == ["attention with interrupt", "06/31 []", "06/33 []", "no attention", "06/33 []"]
    sent = next(text for text in requests if text.startswith("06/34 "))
    assert f"00 {b'guest'.hex(' ').upper()}" in sent


def test_nothing_waited_for_a_timeout(told: Told) -> None:
    before, after = told.counters("before"), told.counters("after")
    assert after["events"] == before["events"] + 2
    assert after["attentions"] >= before["attentions"] + 3
    assert after["incoming_messages"] == before["incoming_messages"] + 1
    assert after["interrupts"] > before["interrupts"]
    assert after["hosed_count"] == 0


def test_what_nobody_listens_to_is_in_the_log_all_the_same(told: Told) -> None:
    assert re.search(
        r"\| Voltage #0x60 \| Lower Critical going low +\| Asserted$", told.inside["log"], re.MULTILINE
    )


def test_every_frame_was_one(told: Told) -> None:
    assert not told.tap.broken()
