"""ipmitool sends raw requests, events and scripts of many lines, each script in one session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Lab, lab
from tests.interop.patience import eventually

LINES = 500


@pytest.fixture(scope="module")
def servers() -> Iterator[Lab]:
    with lab() as running:
        yield running


def events(bmc: Bmc) -> list[str]:
    return bmc.ipmitool("sel", "elist").ok().lines


def test_raw_requests_are_answered_as_they_are(servers: Lab) -> None:
    rack = servers[0]
    device = rack.ipmitool("raw", "0x06", "0x01").ok().out.split()
    # Table 20-2: device 20h revision 1, firmware 2.10, IPMI 2.0, no manufacturer
    assert device[:9] == ["20", "01", "02", "10", "02", "9f", "00", "00", "00"]
    assert rack.ipmitool("raw", "0x00", "0x01").ok().out.split()[0][1] in "13"
    assert rack.ipmitool("raw", "0x06", "0x04").ok().out.split() == ["55", "00"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("0x06", "0xf0"), "0xc1"),
        (("0x30", "0x01"), "0xc1"),
        (("0x06", "0x01", "0x00"), "0xc7"),
        (("0x04", "0x2d", "0xee"), "0xcb"),
        (("0x06", "0x42", "0x07"), "0xcc"),
        (("0x06", "0x30", "0x00"), "0xd4"),
    ],
)
def test_what_is_refused_says_why(servers: Lab, words: tuple[str, ...], code: str) -> None:
    done = servers[0].ipmitool("raw", *words)
    assert done.code == 1
    assert f"rsp={code}" in done.err


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1", "Temperature #0x30 | Upper Critical going high | Asserted"),
        ("2", "Voltage #0x60 | Lower Critical going low | Asserted"),
        ("3", "Memory #0x53 | Correctable ECC | Asserted"),
    ],
)
def test_a_sample_event_is_logged(servers: Lab, number: str, text: str) -> None:
    blade = servers[1]
    before = events(blade)
    blade.ipmitool("event", number).ok()
    (new,) = [line for line in events(blade) if line not in before]
    assert text in " ".join(new.split("|", 3)[3].split())


def test_an_event_of_a_sensor_by_its_name(servers: Lab) -> None:
    rack = servers[0]
    rack.ipmitool("event", "Inlet Temp", "ucr", "assert").ok()
    # Its generator is the console, which owns no sensor of the repository: the number is printed.
    assert "Temperature #0x01" in events(rack)[-1]
    assert "Upper Critical going high" in events(rack)[-1]
    rack.ipmitool("event", "Inlet Temp", "ucr", "deassert").ok()
    assert events(rack)[-1].endswith("Deasserted")


def test_500_lines_run_in_one_session(servers: Lab, tmp_path: Path) -> None:
    rack = servers[0]
    script = tmp_path / "script"
    lines = ["mc info", "sel time get", "sensor get 'Inlet Temp'", "power status", "raw 0x06 0x3d 0x00"]
    script.write_text("\n".join(lines * (LINES // len(lines))) + "\n")
    done = rack.ipmitool("exec", str(script)).ok()
    assert done.out.count("Device ID                 : 32") == LINES // len(lines)
    assert done.out.count("Chassis Power is on") == LINES // len(lines)
    # Get Session Info of the session that it came in: handle, slots, sessions, and so on
    told = {
        tuple(line.split()[:1])
        for line in done.out.splitlines()
        if line.startswith(" ") and len(line.split()) == 16
    }
    assert len(told) == 1


def test_a_script_stops_at_nothing_that_is_merely_refused(servers: Lab, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("raw 0x06 0xf0\nmc selftest\n")
    assert "Selftest: passed" in servers[0].ipmitool("exec", str(script)).out


def test_the_shell_takes_lines_and_ends_with_exit(servers: Lab) -> None:
    done = servers[0].ipmitool("shell", stdin="mc selftest\npower status\nexit\n").ok()
    assert "Selftest: passed" in done.out
    assert "Chassis Power is on" in done.out


def test_the_sdr_is_dumped_and_used_from_the_file(servers: Lab, tmp_path: Path) -> None:
    rack, file = servers[0], tmp_path / "sdr"
    assert "Dumping Sensor Data Repository" in rack.ipmitool("sdr", "dump", str(file)).ok().out
    fresh = rack.ipmitool("sdr", "elist").ok().table()
    cached = rack.ipmitool("sdr", "elist", options=("-S", str(file))).ok().table()
    assert [row[:4] for row in cached if row[2] == "ok"] == [row[:4] for row in fresh if row[2] == "ok"]


def test_a_request_for_a_controller_that_is_not_there_is_refused(servers: Lab) -> None:
    done = servers[0].ipmitool("mc", "info", options=("-t", "0x72", "-b", "0"))
    assert done.code == 1
    assert "Device ID" not in done.out


@pytest.mark.parametrize("words", [("picmg", "properties"), ("vita", "properties")])
def test_what_this_bmc_has_not_is_said_and_harms_nobody(servers: Lab, words: tuple[str, ...]) -> None:
    done = servers[0].ipmitool(*words)
    assert done.code == 1
    assert "Invalid command" in done.err or "Error getting address information" in done.err
    assert eventually(lambda: servers[0].ipmitool("mc", "selftest").out, bool) == "Selftest: passed\n"
