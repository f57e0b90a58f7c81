"""FreeIPMI's ipmi-sel reads and empties the event log; bmc-device's and ipmi-raw's events arrive in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop.lab import Bmc, Done, lab
from tests.interop.patience import eventually

HEADER = ["ID", "Date", "Time", "Name", "Type", "Event"]
UPPER_CRITICAL = "Upper Critical - going high ; Sensor Reading = 92.00 C ; Threshold = 90.00 C"
OEM_SIX = "OEM defined = 01h 02h 03h 04h 05h 06h"
OEM_THIRTEEN = "OEM defined = 01h 02h 03h 04h 05h 06h 07h 08h 09h 0Ah 0Bh 0Ch 0Dh"
# Add SEL Entry: CPU1 Temp beyond its upper critical threshold; OEM with and without a timestamp.
ENTRIES = [
    "0 0x0a 0x44 0 0 2 0 0 0 0 0x20 0 4 1 3 1 0x59 0xb8 0xb4",
    "0 0x0a 0x44 0 0 0xc0 0 0 0 0 0xf2 0x1b 0 1 2 3 4 5 6",
    "0 0x0a 0x44 0 0 0xe0 1 2 3 4 5 6 7 8 9 0xa 0xb 0xc 0xd",
]


@pytest.fixture
def logged(emptied: Bmc) -> Bmc:
    """A log of three entries."""
    entries = emptied.freeipmi("ipmi-raw", stdin="\n".join(ENTRIES) + "\n").ok().lines
    assert entries == [f"rcvd: 44 00 {number:02X} 00" for number in (2, 3, 4)]
    emptied.freeipmi("ipmi-sel", "--delete=1").ok()
    return emptied


@pytest.fixture(scope="module")
def running() -> Iterator[Bmc]:
    with lab("--count", "1") as servers:
        yield servers[0]


@pytest.fixture
def emptied(running: Bmc) -> Bmc:
    """A log with nothing but the note that it was cleared."""
    running.freeipmi("ipmi-sel", "--clear").ok()
    return running


def entries(bmc: Bmc, *options: str) -> list[list[str]]:
    """The lines of the table, with its header."""
    return bmc.freeipmi("ipmi-sel", "--quiet-cache", *options).ok().table()


def column(rows: list[list[str]], name: str) -> list[str]:
    return [row[rows[0].index(name)] for row in rows[1:]]


def test_a_log_is_cleared_and_says_so(logged: Bmc) -> None:
    logged.freeipmi("ipmi-sel", "--clear").ok()
    (header, entry) = entries(logged)
    assert header == HEADER
    assert (entry[0], *entry[3:]) == ("1", "SEL", "Event Logging Disabled", "Log Area Reset/Cleared")


def test_the_log_tells_of_itself(logged: Bmc) -> None:
    found = logged.freeipmi("ipmi-sel", "--info").ok().values
    expected = {
        "SEL version": "1.5",
        "Number of log entries": "3",
        "Free space remaining": f"{(1024 - 3) * 16} bytes",
        "Get SEL Allocation Information Command": "supported",
        "Reserve SEL Command": "supported",
        "Partial Add SEL Entry Command": "supported",
        "Delete SEL Command": "supported",
        "Events dropped due to lack of space": "No",
        "Number of possible allocation units": "1024",
        "Allocation unit size": "16 bytes",
        "Number of free allocation units": "1021",
        "Largest free block": "1021 allocation units",
        "Maximum record size": "1 allocation units",
    }
    assert {key: found.get(key) for key in expected} == expected
    assert "Unspecified" not in (found["Recent addition timestamp"], found["Recent erase timestamp"])


def test_events_are_printed_with_sensor_reading_and_threshold(logged: Bmc) -> None:
    header, hot, stamped, bare = entries(logged)
    assert header == HEADER
    assert (hot[0], *hot[3:]) == ("2", "CPU1 Temp", "Temperature", UPPER_CRITICAL)
    assert (stamped[0], *stamped[3:]) == ("3", "N/A", "N/A", OEM_SIX)
    assert bare == ["4", "N/A", "N/A", "N/A", "N/A", OEM_THIRTEEN]
    assert hot[1:3] != ["N/A", "N/A"] != stamped[1:3]


def test_more_is_printed_when_asked_for(logged: Bmc) -> None:
    rows = entries(logged, "--verbose")
    assert column(rows, "Event Direction") == ["Assertion Event", "N/A", "N/A"]
    rows = entries(logged, "-vv", "--output-manufacturer-id")
    assert [event[:34] for event in column(rows, "Event")[1:]] == [
        "Manufacturer ID = Intelligent Plat",
        "OEM defined (Record Type = E0h) = ",
    ]
    rows = entries(logged, "--output-event-state", "--entity-sensor-names", "--non-abbreviated-units")
    assert column(rows, "State") == ["Critical", "N/A", "N/A"]
    assert column(rows, "Name")[0] == "Processor 1 CPU1 Temp"
    assert "Reading = 92.00 degrees C ;" in column(rows, "Event")[0]


def test_the_forms_that_programs_read(logged: Bmc) -> None:
    bare = ("--comma-separated-output", "--no-header-output", "--quiet-cache", "--interpret-oem-data")
    lines = logged.freeipmi("ipmi-sel", *bare, "--output-oem-event-strings").ok().lines
    number, _, _, name, kind, event = lines[0].split(",")
    assert (number, name, kind, event) == ("2", "CPU1 Temp", "Temperature", UPPER_CRITICAL)
    assert lines[2] == f"4,N/A,N/A,N/A,N/A,{OEM_THIRTEEN}"
    (hot, *_) = logged.freeipmi("ipmi-sel", "--hex-dump", "--quiet-cache").ok().lines
    assert hot.startswith("RID:[02][00] RT:[02] TS:")
    assert hot.endswith("GID:[20][00] ER:[04] ST:[01] SN:[03] EDIR:[01] ED1: [59] ED2: [B8] ED3: [B4]")
    (old, *_) = logged.freeipmi("ipmi-sel", "--legacy-output", "--quiet-cache").ok().lines
    expected = "Temperature CPU1 Temp:Upper Critical - going high:Reading = 92.00 C:Threshold = 90.00 C"
    assert old.endswith(expected)


@pytest.mark.parametrize(
    ("option", "numbers"),
    [
        ("--display=2,4", "24"),
        ("--exclude-display=3", "24"),
        ("--display-range=2-3", "23"),
        ("--exclude-display-range=2-3", "4"),
        ("--tail=2", "34"),
        ("--system-event-only", "2"),
        ("--oem-event-only", "34"),
        ("--sensor-types=temperature", "2"),
        ("--date-range=01/01/2020-now", "23"),
        ("--exclude-date-range=01/01/2020-now", "4"),
    ],
)
def test_entries_are_chosen(logged: Bmc, option: str, numbers: str) -> None:
    assert column(entries(logged, option), "ID") == list(numbers)


def test_entries_are_deleted_by_number_and_after_display(logged: Bmc) -> None:
    logged.freeipmi("ipmi-sel", "--delete=3").ok()
    assert column(entries(logged), "ID") == ["2", "4"]
    logged.freeipmi("ipmi-sel", "--delete-range=1-3").ok()
    assert column(entries(logged), "ID") == ["4"]
    assert column(entries(logged, "--post-clear"), "ID") == ["4"]
    assert column(entries(logged), "Event") == ["Log Area Reset/Cleared"]
    refused = logged.freeipmi("ipmi-sel", "--delete=77")
    assert refused.code == 1
    assert "not found" in refused.out + refused.err


def test_an_event_sent_over_the_lan_is_of_the_console_that_sent_it(emptied: Bmc) -> None:
    """§29.3: its generator is the requester's software ID, so its sensor is none of the BMC's."""
    event = "0x04 0x01 0x03 0x01 assertion 0x59 0xb8 0xb4"
    emptied.freeipmi("bmc-device", f"--platform-event={event}").ok()
    found = entries(emptied)[-1]
    assert found[3:] == [
        "Sensor #3",
        "Temperature",
        "Upper Critical - going high ; Sensor Reading = B8h ; Threshold = B4h",
    ]


def test_what_the_server_does_is_logged(emptied: Bmc) -> None:
    emptied.freeipmi("ipmi-chassis", "--chassis-control=POWER-DOWN").ok()

    def logged() -> dict[tuple[str, str], str]:
        rows = entries(emptied, "--system-event-only", "--verbose")
        return {(row[3], row[6]): row[5] for row in rows[1:]}

    found = eventually(logged, lambda seen: ("ACPI State", "S5/G2") in seen)
    assert found["Power Unit", "Power Off/Power Down"] == "Assertion Event"
    assert found["ACPI State", "S5/G2"] == "Assertion Event"
    assert found["ACPI State", "S0/G0"] == "Deassertion Event"


def test_the_clock_of_the_log_dates_its_entries(running: Bmc) -> None:
    device: tuple[str, ...] = ("--set-sel-time=01/02/2031 - 03:04:05",)
    running.freeipmi("bmc-device", *device).ok()
    try:
        running.freeipmi("ipmi-sel", "--clear").ok()
        (cleared,) = entries(running)[1:]
        assert cleared[1] == "Jan-02-2031"
        assert cleared[2].startswith("03:04:")
        utc: Done = running.freeipmi("ipmi-sel", "--quiet-cache", "--utc-offset=3600").ok()
        assert utc.table()[1][2].startswith("04:04:")
    finally:
        running.freeipmi("bmc-device", "--set-sel-time=now").ok()
