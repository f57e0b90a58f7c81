"""DCMI's parameters (DCMI 1.5, Table 6-3 and 6.1.2)."""

from __future__ import annotations

import csv
from pathlib import Path

from baseboard.commands.parameters.dcmi import (
    ActivateDhcp,
    DcmiCapability,
    DcmiParameter,
    DiscoveryConfiguration,
    MandatoryAttributes,
    PowerStatistics,
    RollingPeriod,
)
from baseboard.wire import Unknown

TABLE = Path(__file__).resolve().parents[3] / "spec" / "tables" / "dcmi_params.csv"


def test_every_parameter_of_the_table_is_declared() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    families = {
        "Get DCMI Capabilities Info": DcmiCapability,
        "Set/Get DCMI Configuration Parameters": DcmiParameter,
    }
    assert {row["command"] for row in rows} == set(families)
    assert len(rows) == 10
    for row in rows:
        size = int(row["length_bytes"].removesuffix("+N"))
        known = families[row["command"]].parse(int(row["number"]), bytes(size))
        assert not isinstance(known, Unknown)


def test_only_the_activation_of_dhcp_cannot_be_read() -> None:
    assert ActivateDhcp.write_only
    assert not DiscoveryConfiguration.write_only


def test_the_sel_of_an_older_platform_has_no_sampling_period() -> None:
    said = MandatoryAttributes.decode(bytes.fromhex("4000 0000"))
    assert said.sel_entries == 64
    assert said.sampling_period is None


def test_periods_are_as_many_as_there_are_bytes() -> None:
    said = PowerStatistics.decode(bytes.fromhex("02 05 c1"))
    assert [(int(one.unit), one.duration) for one in said.periods] == [(0, 5), (3, 1)]
    assert PowerStatistics(count=0).encode() == b"\0"
    assert RollingPeriod.decode(b"\0").duration == 0
