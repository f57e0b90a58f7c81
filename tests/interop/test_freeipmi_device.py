"""FreeIPMI's bmc-device sets and resets what a management controller keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Done, lab
from tests.interop.patience import eventually

SYSTEM_INFORMATION = {
    "system-firmware-version": "System Firmware Version",
    "system-name": "System Name",
    "primary-operating-system-name": "Primary Operating System Name",
    "operating-system-name": "Operating System Name",
    "present-os-version-number": "Present OS Version Number",
    "bmc-url": "BMC URL",
    "base-os-hypervisor-url": "Base OS/Hypervisor URL",
}


@pytest.fixture(scope="module")
def bmc() -> Iterator[Bmc]:
    with lab("--count", "1") as running:
        yield running[0]


def device(bmc: Bmc, *options: str) -> Done:
    return bmc.freeipmi("bmc-device", *options, privilege="ADMIN").ok()


def test_the_self_test_passes(bmc: Bmc) -> None:
    assert device(bmc, "--get-self-test-results").values == {"Self Test Result": "No Error"}


def test_the_acpi_state_is_what_software_told(bmc: Bmc) -> None:
    unknown = {"ACPI System Power State": "UNKNOWN", "ACPI Device Power State": "UNKNOWN"}
    assert device(bmc, "--get-acpi-power-state").values == unknown
    states = ("--set-acpi-system-power-state=S0/G0", "--set-acpi-device-power-state=D0")
    device(bmc, "--set-acpi-power-state", *states)
    told = {"ACPI System Power State": "S0/G0", "ACPI Device Power State": "D0"}
    assert device(bmc, "--get-acpi-power-state").values == told


def test_global_enables_are_read(bmc: Bmc) -> None:
    found = device(bmc, "--get-bmc-global-enables").values
    assert (found["System Event Logging"], found["OEM 0"]) == ("enabled", "disabled")
    assert len(found) == 7


def test_statistics_of_the_lan_count_and_are_cleared(bmc: Bmc) -> None:
    for _ in range(3):
        device(bmc, "--get-self-test-results")
    before = device(bmc, "--get-lan-statistics").values
    device(bmc, "--clear-lan-statistics")
    after = device(bmc, "--get-lan-statistics").values
    assert 0 < int(after["IP Packets Received"]) < int(before["IP Packets Received"])
    assert 0 < int(after["IP Packets Transmitted"]) <= int(after["IP Packets Received"])
    assert after["UDP Packets Received"] == after["Valid RMCP Packets Received"]
    assert after["Received IP Header Errors"] == "0"


def test_clocks_are_set_and_read(bmc: Bmc) -> None:
    """The SEL and the SDR repository may have a clock each; here they share one."""
    device(bmc, "--set-sel-time=01/02/2031 - 03:04:05")
    assert device(bmc, "--get-sel-time").values["SEL Time"].startswith("01/02/2031 - 03:04:")
    device(bmc, "--set-sdr-repository-time=06/07/2032 - 08:09:10")
    found = device(bmc, "--get-sdr-repository-time").values["SDR Repository Time"]
    assert found.startswith("06/07/2032 - 08:09:")
    assert device(bmc, "--get-sel-time").values["SEL Time"].startswith("06/07/2032 - 08:09:")
    device(bmc, "--set-sel-time=now")
    assert not device(bmc, "--get-sel-time").values["SEL Time"].startswith("06/07/2032")


@pytest.mark.parametrize(
    ("offset", "shown"), [("-90", "-90 minutes"), ("60", "60 minutes"), ("none", "Unspecified")]
)
def test_the_offset_from_utc_is_set_and_read(bmc: Bmc, offset: str, shown: str) -> None:
    device(bmc, f"--set-sel-time-utc-offset={offset}")
    assert device(bmc, "--get-sel-time-utc-offset").values == {"SEL UTC Offset": shown}


def test_the_auxiliary_log_has_no_entry(bmc: Bmc) -> None:
    found = device(bmc, "--get-mca-auxiliary-log-status").values
    assert found["Number of entries in MCA log"] == "0"


@pytest.mark.parametrize("text", ["short", "a name of thirty-five bytes, in blocks"])
def test_system_information_is_set_and_read(bmc: Bmc, text: str) -> None:
    for option in SYSTEM_INFORMATION:
        device(bmc, f"--set-{option}={text} {option}")
    found = bmc.freeipmi("bmc-info", "--get-system-info").ok().values
    assert found == {name: f"{text} {option}" for option, name in SYSTEM_INFORMATION.items()}


def test_a_sensor_is_rearmed(bmc: Bmc) -> None:
    device(bmc, "--rearm-sensor=3")
    device(bmc, "--rearm-sensor=3 0x0001 0x0001")
    found = bmc.freeipmi("ipmi-sensors", "--quiet-cache", "--record-ids=3").ok().table()
    assert found[1][-1] == "'OK'"


def test_states_of_a_sensor_are_set_and_cleared(bmc: Bmc) -> None:
    """§35.17: the host's software tells that its system stopped, and takes it back (OS Stop, offset 1)."""

    def event() -> str:
        (row,) = bmc.freeipmi("ipmi-sensors", "--quiet-cache", "--no-header-output", "-r", "45").ok().table()
        assert row[1] == "OS Stop"
        return row[-1]

    assert event() == "'OK'"
    option = "--set-sensor-reading-and-event-status=0x56 0 nochange {} 0 nochange 0 0 0 nochange"
    device(bmc, option.format("0x0002 set1bits"))
    assert event() == "'Run-time Critical Stop'"
    device(bmc, option.format("0x0000 write"))
    assert event() == "'OK'"


def test_a_fru_is_read_changed_and_written(bmc: Bmc, tmp_path: Path) -> None:
    image = tmp_path / "fru"
    device(bmc, "--device-id=5", f"--read-fru={image}")
    original = image.read_bytes()
    assert len(original) == 128
    assert b"Drive backplane, 4 bays" in original
    # the board area's sum stays what it is: one letter more, another less
    image.write_bytes(original.replace(b"4 bays", b"4 cays").replace(b"Drive", b"Crive"))
    device(bmc, "--device-id=5", f"--write-fru={image}")
    shown = bmc.freeipmi("ipmi-fru", "--device-id=5", "--quiet-cache").ok().values
    assert shown["FRU Board Product Name"] == "Crive backplane, 4 cays"
    image.write_bytes(original)
    device(bmc, "--device-id=5", f"--write-fru={image}")
    again = tmp_path / "again"
    device(bmc, "--device-id=5", f"--read-fru={again}")
    assert again.read_bytes() == original


def test_a_fru_that_its_owner_protects_is_not_written(bmc: Bmc) -> None:
    """bmc-device asks again for ever when it is told so, hence ipmi-raw."""
    commands = "0 0x0a 0x12 3 0 0 0xff 0xff\n0 0x0a 0x11 3 0 0 2\n"
    answers = bmc.freeipmi("ipmi-raw", stdin=commands).ok().lines
    assert answers == ["rcvd: 12 80", "rcvd: 11 00 02 01 00"]


def test_the_system_interface_is_a_kcs(bmc: Bmc) -> None:
    """It is told of, and there is nothing to tell of others."""
    told = device(bmc, "--get-kcs-interface-capabilities").values
    assert told["KCS Maximum Input Message Size"] == "255 bytes"
    for interface in ("ssif", "bt"):
        done = bmc.freeipmi("bmc-device", f"--get-{interface}-interface-capabilities", privilege="ADMIN")
        assert (done.code, "command invalid or unsupported" in done.err) == (1, True), str(done)


def test_resets_end_sessions_and_the_controller_comes_back(bmc: Bmc) -> None:
    """A console whose login the reset interrupts asks in vain, so it is not to be patient."""

    def state() -> str | None:
        impatient = ("--session-timeout=2000", "--retransmission-timeout=500")
        done = bmc.freeipmi("bmc-device", "--get-acpi-power-state", *impatient)
        return done.values.get("ACPI Device Power State")

    states = ("--set-acpi-system-power-state=S1", "--set-acpi-device-power-state=D1")
    device(bmc, "--set-acpi-power-state", *states)
    device(bmc, "--warm-reset")
    assert eventually(state, lambda seen: seen is not None) == "D1"
    device(bmc, "--cold-reset")
    eventually(state, lambda seen: seen == "UNKNOWN")
    eventually(
        lambda: bmc.freeipmi("bmc-info", "--get-device-id").values.get("Device Available"),
        lambda seen: seen == "yes (normal operation)",
    )
