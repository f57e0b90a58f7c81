"""ipmitool on the event log and on events: listed, added, deleted, erased, saved, timed, and sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Lab
from tests.interop.patience import eventually

# event message version, sensor type, number, event type with direction, three bytes; as `sel add` reads them
EVENTS = """\
0x04 0x02 0x23 0x01 0x57 0xa0 0x65 # a voltage too high
0x04 0x01 0x07 0x81 0x59 0x50 0x65 # a temperature high no longer
0x04 0x08 0x40 0x6f 0x03 0xff 0xff # a supply without mains
"""
SHOWN = [
    ["Voltage #0x23", "Upper Non-critical going high", "Asserted"],
    ["Temperature #0x07", "Upper Critical going high", "Deasserted"],
    ["Power Supply #0x40", "Power Supply AC lost", "Asserted"],
]
SAMPLES = {
    "1": ("Temperature - Upper Critical - Going High", "Temperature #0x30", "Upper Critical going high"),
    "2": ("Voltage Threshold - Lower Critical - Going Low", "Voltage #0x60", "Lower Critical going low"),
    "3": ("Memory - Correctable ECC", "Memory #0x53", "Correctable ECC"),
}


def entries(bmc: Bmc, *words: str) -> list[list[str]]:
    return bmc.ipmitool("sel", *(words or ("list",))).ok().table()


def without_time(rows: list[list[str]]) -> list[list[str]]:
    return [row[3:] for row in rows]


def information(bmc: Bmc) -> dict[str, str]:
    return bmc.ipmitool("sel", "info").ok().values


def add(bmc: Bmc, folder: Path, text: str = EVENTS) -> None:
    events = folder / "events"
    events.write_text(text)
    bmc.ipmitool("sel", "add", str(events)).ok()


def clock(bmc: Bmc) -> datetime:
    text = bmc.ipmitool("sel", "time", "get", options=("-Z",)).ok().out.strip()
    return datetime.strptime(text, "%m/%d/%y %H:%M:%S %Z").replace(tzinfo=UTC)


@pytest.mark.parametrize(("number", "capacity"), [(0, 1024), (1, 512), (2, 128)])
def test_an_empty_log_and_what_it_says_of_itself(own_lab: Lab, number: int, capacity: int) -> None:
    bmc = own_lab[number]
    done = bmc.ipmitool("sel", "list").ok()
    assert (done.out, done.err) == ("", "SEL has no entries\n")
    assert information(bmc) == {
        "Version": "1.5 (v1.5, v2 compliant)",
        "Entries": "0",
        "Free Space": f"{capacity * 16} bytes",
        "Percent Used": "0%",
        "Last Add Time": "Not Available",
        "Last Del Time": "Not Available",
        "Overflow": "false",
        "Supported Cmds": "'Delete' 'Partial Add' 'Reserve' 'Get Alloc Info'",
        "# of Alloc Units": str(capacity),
        "Alloc Unit Size": "16",
        "# Free Units": str(capacity),
        "Largest Free Blk": str(capacity),
        "Max Record Size": "1",
    }


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_events_are_added_from_a_file_and_listed_in_every_way(
    own_lab: Lab, tmp_path: Path, interface: str
) -> None:
    bmc = own_lab.weak
    events = tmp_path / "events"
    events.write_text(EVENTS)
    begun = clock(bmc)
    done = bmc.ipmitool("sel", "add", str(events), interface=interface).ok()
    assert len(done.table()) == 3
    rows = bmc.ipmitool("sel", "list", interface=interface, options=("-Z",)).ok().table()
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert without_time(rows) == SHOWN
    for row in rows:
        stamp = datetime.strptime(f"{row[1]} {row[2]}", "%m/%d/%y %H:%M:%S %Z").replace(tzinfo=UTC)
        assert begun <= stamp <= clock(bmc)
    commas = bmc.ipmitool("sel", "list", interface=interface, options=("-c",)).ok().lines
    assert [[cell.strip() for cell in line.split(",")[3:]] for line in commas] == SHOWN
    assert [row[0] for row in entries(bmc, "list", "2")] == ["1", "2"]
    assert [row[0] for row in entries(bmc, "list", "first", "1")] == ["1"]
    assert [row[0] for row in entries(bmc, "list", "last", "2")] == ["2", "3"]
    got = bmc.ipmitool("sel", "get", "2", interface=interface).ok().values
    assert got["SEL Record ID"] == "0002"
    assert got["Record Type"] == "02"
    assert got["Sensor Type"] == "Temperature"
    assert got["Sensor Number"] == "07"
    assert got["Event Type"] == "Threshold"
    assert got["Event Direction"] == "Deassertion Event"
    assert got["Event Data"] == "595065"
    assert got["Description"] == "Upper Critical going high"
    blocks = bmc.ipmitool("sel", "list", interface=interface, options=("-v",)).ok().out
    assert re.findall(r"Sensor Number +: (\w\w)", blocks) == ["23", "07", "40"]
    assert re.findall(r"Generator ID +: (\w{4})", blocks) == ["0041"] * 3
    done = bmc.ipmitool("sel", "get", "99", interface=interface)
    assert "Get SEL Entry 63 command failed: Requested sensor, data, or record not found" in done.err


def test_an_event_of_a_sensor_is_shown_with_its_name_and_values(own_lab: Lab) -> None:
    bmc = own_lab[0]
    bmc.ipmitool("sensor", "thresh", "12V", "lower", "0", "12.3", "12.5").ok()
    rows = eventually(lambda: entries(bmc, "elist"), lambda found: len(found) >= 2)
    names = {row[4]: row for row in rows}
    row = names["Lower Critical going low"]
    assert row[3] == "Voltage 12V"
    assert row[5] == "Asserted"
    reading, sign, _, threshold, unit = row[6].removeprefix("Reading ").split()
    assert 11.5 < float(reading) < 12.4
    assert (sign, unit) == ("<", "Volts")
    assert abs(float(threshold) - 12.3) < 0.1


def test_entries_are_deleted_one_and_many(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[1]
    add(bmc, tmp_path, EVENTS * 2)
    assert bmc.ipmitool("sel", "delete", "2").ok().out == "Deleted entry 2\n"
    assert [row[0] for row in entries(bmc)] == ["1", "3", "4", "5", "6"]
    # one reservation serves them all, since no other entry's ID changes
    done = bmc.ipmitool("sel", "delete", "1", "3", "0x06").ok()
    assert sorted(done.lines) == ["Deleted entry 1", "Deleted entry 3", "Deleted entry 6"]
    assert [row[0] for row in entries(bmc)] == ["4", "5"]
    values = information(bmc)
    assert values["Entries"] == "2"
    assert values["# Free Units"] == "510"
    assert values["Last Del Time"] != "Not Available"
    done = bmc.ipmitool("sel", "delete", "1")
    assert done.code == 1
    assert done.err == "Unable to delete entry 1: Requested sensor, data, or record not found\n"


def test_the_log_is_erased_and_begins_anew(own_lab: Lab, tmp_path: Path) -> None:
    rack, blade = own_lab[0], own_lab[1]
    for bmc in (rack, blade):
        add(bmc, tmp_path)
        done = bmc.ipmitool("sel", "clear").ok()
        assert done.out == "Clearing SEL.  Please allow a few seconds to erase.\n"
    # the rack server has a sensor for that
    rows = eventually(lambda: rack.ipmitool("sel", "elist").table(), bool)
    assert without_time(rows) == [["Event Logging Disabled SEL", "Log area reset/cleared", "Asserted"]]
    assert rows[0][0] == "1"
    values = eventually(lambda: blade.ipmitool("sel", "info").values, bool)
    assert values["Entries"] == "0"
    assert values["Last Del Time"] != "Not Available"


def test_the_log_is_saved_as_text_and_raw_and_read_again(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[0]
    add(bmc, tmp_path)
    saved, raw = tmp_path / "saved", tmp_path / "raw"
    bmc.ipmitool("sel", "save", str(saved)).ok()
    assert [line.partition(" #")[0] for line in saved.read_text().splitlines()] == [
        line.partition(" #")[0] for line in EVENTS.splitlines()
    ]
    bmc.ipmitool("sel", "writeraw", str(raw)).ok()
    data = raw.read_bytes()
    assert len(data) == 3 * 16
    assert [int.from_bytes(data[at : at + 2], "little") for at in (0, 16, 32)] == [1, 2, 3]
    assert {data[at + 2] for at in (0, 16, 32)} == {0x02}
    assert data[9:16].hex() == "04022301" + "57a065"
    shown = bmc.ipmitool("sel", "readraw", str(raw)).ok().table()
    assert without_time(shown) == SHOWN
    # what was saved can be added again, here and elsewhere
    other = own_lab[1]
    other.ipmitool("sel", "add", str(saved)).ok()
    assert without_time(entries(other)) == SHOWN


def test_the_log_s_clock_is_read_and_set(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[0]
    assert abs(clock(bmc) - datetime.now(UTC)) < timedelta(seconds=5)
    # ipmitool takes the time as it shows it, with a year of two digits
    bmc.ipmitool("sel", "time", "set", "01/02/30 03:04:05", options=("-Z",)).ok()
    wanted = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert wanted <= clock(bmc) < wanted + timedelta(seconds=30)
    add(bmc, tmp_path)
    assert all(row[1] == "01/02/30" for row in bmc.ipmitool("sel", "list", options=("-Z",)).ok().table())
    assert information(bmc)["Last Add Time"].startswith("01/02/30 03:04:")
    bmc.ipmitool("sel", "time", "set", "now").ok()
    assert abs(clock(bmc) - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_full_log_says_so_with_its_last_entry_and_then_keeps_what_it_has(
    own_lab: Lab, tmp_path: Path
) -> None:
    bmc = own_lab.weak
    line = EVENTS.splitlines()[0] + "\n"
    add(bmc, tmp_path, line * 127)
    rows = eventually(lambda: entries(bmc, "elist"), lambda found: len(found) == 128)
    assert (rows[0][0], rows[-1][0]) == ("1", "80")
    assert rows[-1][3:] == ["Event Logging Disabled Event Log", "Log full", "Asserted"]
    values = information(bmc)
    assert values["Entries"] == "128"
    assert values["Free Space"] == "0 bytes"
    assert values["Percent Used"] == "100%"
    assert values["Overflow"] == "false"
    bmc.ipmitool("event", "1").ok()
    assert information(bmc)["Overflow"] == "true"
    assert entries(bmc, "elist") == rows
    done = bmc.ipmitool("raw", "0x0a", "0x44", *["0"] * 16)
    assert "rsp=0xc4): Out of space" in done.err
    bmc.ipmitool("sel", "clear").ok()
    # while it is being erased the log answers 81h
    eventually(lambda: bmc.ipmitool("sel", "info").values.get("Overflow"), lambda text: text == "false")


# Events that the console sends


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
@pytest.mark.parametrize("number", SAMPLES)
def test_sample_events_are_logged(own_lab: Lab, number: str, interface: str) -> None:
    bmc = own_lab.weak
    title, sensor, text = SAMPLES[number]
    done = bmc.ipmitool("event", number, interface=interface).ok()
    assert done.lines[0] == f"Sending SAMPLE event: {title}"
    (row,) = entries(bmc)
    assert row[3:] == [sensor, text, "Asserted"]
    # a message over the network has the console's software ID and the channel it came by
    assert bmc.ipmitool("sel", "get", "1").ok().values["Generator ID"] == "1081"


def test_events_of_named_sensors_and_states(own_lab: Lab, tmp_path: Path) -> None:
    bmc = own_lab[0]
    listed = bmc.ipmitool("event", "PSU1 Status", "list").ok().out
    assert "  Predictive failure\n" in listed
    sent = [
        (("PSU1 Status", "Failure detected"), ["Power Supply #0x40", "Failure detected", "Asserted"]),
        (
            ("PSU1 Status", "Power Supply AC lost", "deassert"),
            ["Power Supply #0x40", "Power Supply AC lost", "Deasserted"],
        ),
        (("CPU1 Temp", "ucr"), ["Temperature #0x03", "Upper Critical going high", "Asserted"]),
        (
            ("CPU1 Temp", "unc", "deassert"),
            ["Temperature #0x03", "Upper Non-critical going low", "Deasserted"],
        ),
        (("Fan 1", "lnr"), ["Fan #0x10", "Lower Non-recoverable going low", "Asserted"]),
        (("PSU Redundancy", "Redundancy Lost"), ["Power Supply #0x42", "Redundancy Lost", "Asserted"]),
    ]
    for words, _ in sent:
        bmc.ipmitool("event", *words).ok()
    events = tmp_path / "events"
    events.write_text(EVENTS)
    bmc.ipmitool("event", "file", str(events)).ok()
    assert without_time(entries(bmc)) == [row for _, row in sent] + SHOWN
    # ipmitool adds the thresholds' raw values from the SDR and the BMC
    data = bmc.ipmitool("sel", "get", "3").ok().values["Event Data"]
    assert (data[:2], data[4:]) == ("59", "b8")


def test_an_event_by_raw_message_is_logged_as_it_is(own_lab: Lab) -> None:
    bmc = own_lab[0]
    # Platform Event: version 04h, sensor type 25h, sensor 77h, sensor-specific, offset 1
    bmc.ipmitool("raw", "0x04", "0x02", "0x04", "0x25", "0x77", "0x6f", "0x01", "0x02", "0x03").ok()
    (row,) = entries(bmc)
    assert row[3:] == ["Entity Presence #0x77", "Absent", "Asserted"]
    assert bmc.ipmitool("sel", "get", "1").ok().values["Event Data"] == "010203"
    # Add SEL Entry of an OEM type without a timestamp keeps all its bytes
    record = ["0xff", "0xff", "0xe0", *[hex(n) for n in range(1, 14)]]
    assert bmc.ipmitool("raw", "0x0a", "0x44", *record).ok().out == " 02 00\n"
    (_, oem) = entries(bmc)
    assert oem == ["2", "OEM record e0", bytes(range(1, 14)).hex()]
    # and one of a type with a timestamp gets it from the log's clock
    record = ["0", "0", "0xc0", "0", "0", "0", "0", "0xf2", "0x1b", "0", *[hex(n) for n in range(6)]]
    bmc.ipmitool("raw", "0x0a", "0x44", *record).ok()
    stamped = bmc.ipmitool("sel", "list", "last", "1", options=("-Z",)).ok().table()[0]
    assert stamped[1] == f"{clock(bmc):%m/%d/%y}"
    assert stamped[3:] == ["OEM record c0", "001bf2", "000102030405"]
