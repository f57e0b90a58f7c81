"""FreeIPMI's ipmi-dcmi, option by option, and the DCMI part of ipmi-config."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, Done, Lab, lab
from tests.interop.patience import eventually

PERIODS = [
    "5 Seconds", "15 Seconds", "30 Seconds", "1 Minutes", "3 Minutes", "7 Minutes", "15 Minutes",
    "30 Minutes", "1 Hours",
]  # fmt: skip


@pytest.fixture(scope="module")
def servers() -> Iterator[Lab]:
    with lab() as running:
        yield running


@pytest.fixture(scope="module")
def rack(servers: Lab) -> Bmc:
    return servers[0]


def asked(bmc: Bmc, *options: str, privilege: str = "ADMIN") -> Done:
    return bmc.freeipmi("ipmi-dcmi", *options, privilege=privilege)


def dcmi(bmc: Bmc, *options: str, privilege: str = "ADMIN") -> Done:
    return asked(bmc, *options, privilege=privilege).ok()


def watts(done: Done) -> list[int]:
    return [int(one) for one in re.findall(r": (\d+) [Ww]atts", done.out)]


@pytest.mark.parametrize("number", [0, 1])
def test_capabilities(servers: Lab, number: int) -> None:
    done = dcmi(servers[number], "--get-dcmi-capability-info", privilege="USER")
    assert done.values["DCMI Specification Conformance"] == "1.5"
    assert done.values["Power Management / Monitoring Support"] == "Available"
    assert done.values["In-band System Interface Channel"] == "Available"
    assert done.values["Number of SEL entries"] == ("1024" if number == 0 else "512")
    assert done.values["Sampling frequency for Temperature Monitoring"] == "Every 1 Second(s)"
    assert done.values["Power Management Device Slave Address"] == "10h", "in seven bits"
    assert done.values["Primary LAN Out-of-band Channel Number"] == "1"
    assert done.values["Secondary LAN Out-of-band Channel Number"] == "Not supported"
    periods = [line.partition(":")[2].strip() for line in done.lines if "Rolling Average" in line]
    assert periods == PERIODS


def test_a_controller_without_dcmi_says_so(servers: Lab) -> None:
    done = servers[2].freeipmi("ipmi-dcmi", "--get-dcmi-capability-info", suite=3)
    assert done.code != 0
    assert "command invalid or unsupported" in done.err


def test_power_statistics(rack: Bmc) -> None:
    done = dcmi(rack, "--get-system-power-statistics", privilege="USER")
    now, least, most, mean = watts(done)
    assert 200 < least <= mean <= most < 400
    assert least <= now <= most
    assert done.values["Power Measurement"] == "Active"
    assert done.values["Statistics reporting time period"] == "60000 milliseconds"


def test_enhanced_power_statistics(rack: Bmc) -> None:
    done = dcmi(rack, "--get-enhanced-system-power-statistics", privilege="USER")
    assert [
        line.rpartition("Period ")[2] for line in done.lines if line.startswith("Power Statistics")
    ] == PERIODS
    assert len(watts(done)) == 4 * len(PERIODS)
    assert done.out.count("Active") == len(PERIODS)


def test_the_power_limit_is_set_kept_and_lifted(rack: Bmc) -> None:
    # FreeIPMI shows nothing of a limit that is not active, and completes what it is not told from it.
    dcmi(
        rack, "--set-power-limit", "--exception-actions=0x11", "--power-limit-requested=220",
        "--correction-time-limit=20000", "--statistics-sampling-period=5",
    )  # fmt: skip
    dcmi(rack, "--activate-deactivate-power-limit=ACTIVATE")
    told = dcmi(rack, "--get-power-limit").values
    assert told["Exception Actions"] == "Log event to SEL only (11h)"
    assert told["Power Limit Requested"] == "220 watts"
    assert told["Correction time limit"] == "20000 milliseconds"
    assert told["Management application Statistics Sampling period"] == "5 seconds"

    def now() -> int:
        return watts(dcmi(rack, "--get-system-power-statistics"))[0]

    assert eventually(now, lambda power: power <= 220) <= 220
    dcmi(rack, "--set-power-limit", "--power-limit-requested=240")
    assert dcmi(rack, "--get-power-limit").values["Power Limit Requested"] == "240 watts"
    dcmi(rack, "--activate-deactivate-power-limit=DEACTIVATE")
    assert eventually(now, lambda power: power > 260) > 260


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--power-limit-requested=5", "Power Limit out of range"),
        ("--correction-time-limit=5", "Correction Time out of range"),
        ("--statistics-sampling-period=9999", "Statistics reporting period out of range"),
    ],
)
def test_limits_that_are_out_of_range(rack: Bmc, option: str, text: str) -> None:
    done = asked(rack, "--set-power-limit", option)
    assert done.code != 0
    assert text.lower() in done.err.lower()


@pytest.mark.parametrize("tag", ["rack-7-unit-12", "exactly 16 bytes", "x" * 63])
def test_the_asset_tag(rack: Bmc, tag: str) -> None:
    dcmi(rack, f"--set-asset-tag={tag}")
    assert dcmi(rack, "--get-asset-tag").lines == [tag]


@pytest.mark.parametrize("name", ["node-7", "sixteen letters!", "n" * 63])
def test_the_identifier_string(rack: Bmc, name: str) -> None:
    dcmi(rack, f"--set-management-controller-identifier-string={name}")
    assert dcmi(rack, "--get-management-controller-identifier-string").lines == [name]


def test_the_first_identifier_is_dcmi_and_the_hardware_address(servers: Lab) -> None:
    (name,) = dcmi(servers[1], "--get-management-controller-identifier-string", privilege="USER").lines
    assert re.fullmatch(r"DCMI02[0-9A-F]{10}", name)


@pytest.mark.parametrize("number", [0, 1])
def test_sensor_information_names_records_that_there_are(servers: Lab, number: int) -> None:
    done = dcmi(servers[number], "--get-dcmi-sensor-info", privilege="OPERATOR")
    assert [line for line in done.lines if "Record IDs" in line] == [
        "Inlet Temperature SDR Record IDs",
        "CPU Temperature SDR Record IDs",
        "Baseboard temperature SDR Record IDs",
    ]
    records = [int(line) for line in done.lines if line.isdigit()]
    assert len(records) == (4 if number == 0 else 3)
    listed = servers[number].freeipmi(
        "ipmi-sensors", "--quiet-cache", "--no-header-output", "--sensor-types=Temperature"
    )
    assert set(records) <= {int(row[0]) for row in listed.ok().table()}


def test_configuration_is_checked_out_and_committed_back(rack: Bmc) -> None:
    done = rack.freeipmi("ipmi-config", "--category=dcmi", "--checkout", privilege="ADMIN").ok()
    assert re.search(r"^\tAsset_Tag +\S", done.out, re.MULTILINE)
    assert re.search(r"^\tException_Actions +LOG_EVENT_TO_SEL_ONLY", done.out, re.MULTILINE)
    path = Path(rack.folder) / "dcmi.conf"
    path.write_text(done.out)
    rack.freeipmi("ipmi-config", "--category=dcmi", "--commit", f"--filename={path}", privilege="ADMIN").ok()
    again = rack.freeipmi("ipmi-config", "--category=dcmi", "--checkout", privilege="ADMIN").ok()
    assert again.out == done.out
