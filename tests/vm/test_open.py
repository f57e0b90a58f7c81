"""The interface ``open`` in a guest: a Linux driver over KCS, behind it ``ipmi_sim`` with a satellite.

The guest is booted once; it runs our library and ipmitool on the same device, and the tests compare.
"""

from __future__ import annotations

import json
import re
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baseboard.commands.app.device import GetDeviceIdResponse
from tests import peers
from tests.interop.simulator import inventory, sensor_record, simulator
from tests.vm import guest
from tests.vm.ours import PYTHON, WAYS

# What both programs are told; the guest has no list of makers for `mc info` to name one from.
COMMANDS = ["raw 6 1", "-t 0x30 raw 6 1", "raw 0x3e 0x77 1", "chassis status", "sdr list", "sel list"]
PROGRAM = shlex.quote(str(Path(__file__).with_name("in_guest.py")))

# One line each, with the exit status behind what was printed.
BOTH = "\n".join(
    f"echo THEIRS; ipmitool {words} 2>&1; echo $?; "
    f"echo PROGRAM; inroot PYTHONPATH={WAYS} {PYTHON} -m baseboard ipmitool {words} 2>&1; echo $?"
    for words in COMMANDS
)
SCRIPT = f"""
echo BEFORE
modprobe ipmi_si; modprobe ipmi_devintf
ipmitool mc info
echo OURS
inroot PYTHONPATH={WAYS} {PYTHON} {PROGRAM} || exit 1
echo SATELLITE
ipmitool -t 0x30 mc info
echo SEL
ipmitool sel list
echo SDR
ipmitool sdr dump /tmp/dump && xxd -p /tmp/dump
echo FRU
ipmitool fru read 0 /tmp/fru && xxd -p /tmp/fru
echo REFUSED
ipmitool raw 0x3e 0x77 1
{BOTH}
echo END
"""


class Told:
    """What was said in the guest: by ipmitool in sections of text, by our library as values."""

    def __init__(self, outcome: guest.Outcome) -> None:
        assert outcome.status == 0, f"{outcome.console[-2000:]}\n{outcome.output}"
        parts = re.split(r"^([A-Z]+)$", outcome.output, flags=re.MULTILINE)
        self.text = dict(zip(parts[1::2], parts[2::2], strict=True))
        said = list(zip(parts[1::2], parts[2::2], strict=True))
        self.theirs = [text for name, text in said if name == "THEIRS"]
        self.program = [text for name, text in said if name == "PROGRAM"]
        self.ours: dict[str, Any] = json.loads(self.text["OURS"].partition("ANSWERS ")[2])

    def binary(self, section: str) -> bytes:
        """A file that the guest printed as lines of hex digits."""
        return bytes.fromhex("".join(re.findall(r"^[0-9a-f]+$", self.text[section], re.MULTILINE)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    peers.require("ipmitool")
    port = free_port()
    with simulator(sensors=6, sel=3, extra=[f"serial 15 127.0.0.1 {port} codec VM"]):
        yield Told(guest.run(SCRIPT, port=port))


def test_the_bmc_is_the_one_that_ipmitool_sees(told: Told) -> None:
    ours = GetDeviceIdResponse.decode(bytes.fromhex(told.ours["identities"][0]))
    theirs = told.text["BEFORE"]
    assert f"Manufacturer ID           : {ours.manufacturer_id}\n" in theirs
    assert re.search(rf"^Product ID +: {ours.product_id} ", theirs, re.MULTILINE)
    assert re.search(rf"^Device ID +: {ours.device_id}$", theirs, re.MULTILINE)


def test_another_controller_is_reached_by_the_drivers_bridge(told: Told) -> None:
    ours = GetDeviceIdResponse.decode(bytes.fromhex(told.ours["identities"][1]))
    theirs = told.text["SATELLITE"]
    assert ours.device_id == 2
    assert re.search(rf"^Product ID +: {ours.product_id} ", theirs, re.MULTILINE)
    assert re.search(r"^Device ID +: 2$", theirs, re.MULTILINE)


def test_every_record_is_read_as_ipmitool_reads_it(told: Told) -> None:
    records = [bytes.fromhex(record) for record in told.ours["records"]]
    assert b"".join(records) == told.binary("SDR")
    # What the simulator was given, but for the IDs that it gave itself.
    assert [record[2:] for record in records[-6:]] == [sensor_record(n)[2:] for n in range(1, 7)]


def test_the_inventory_is_read_in_long_pieces(told: Told) -> None:
    assert bytes.fromhex(told.ours["inventory"]) == told.binary("FRU") == inventory()


def test_an_event_that_was_added_is_read_and_listed(told: Told) -> None:
    event = bytes.fromhex(told.ours["event"])
    assert event[2:3] + event[7:] == bytes.fromhex("02 4100 04 01 30 01 596070")
    record_id = int.from_bytes(event[:2], "little")
    assert re.search(rf"^ +{record_id:x} .*Temperature #0x30 ", told.text["SEL"], re.MULTILINE)


def test_a_command_that_nobody_has_is_refused(told: Told) -> None:
    assert told.ours["refused"] == [0xC1, 0xC1]
    assert "rsp=0xc1" in told.text["REFUSED"]


def test_a_controller_that_is_not_there_is_told_by_the_driver(told: Told) -> None:
    """A timeout comes as C3h; ipmi_sim itself says 83h, that nobody acknowledged the write (Table 22-10)."""
    assert told.ours["nobody"] in ("c3", "83")


@pytest.mark.parametrize("place", range(len(COMMANDS)), ids=COMMANDS)
def test_the_program_prints_what_ipmitool_prints(told: Told, place: int) -> None:
    assert told.program[place] == told.theirs[place]


def test_requests_at_the_same_time_are_all_answered(told: Told) -> None:
    assert told.ours["together"] == [0] * 8


def test_a_device_that_is_not_there_is_told_with_what_to_do(told: Told) -> None:
    text, hint = told.ours["missing"]
    assert text == (
        "Could not open device at /dev/ipmi7 or /dev/ipmi/7 or /dev/ipmidev/7: No such file or directory"
    )
    assert "modprobe" in hint
