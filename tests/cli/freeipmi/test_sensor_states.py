"""How good or bad states are, by FreeIPMI's rules and the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.freeipmi import sensor_states
from baseboard.cli.freeipmi.sensor_states import RulesError, States


@pytest.mark.parametrize(
    ("code", "sensor", "bits", "word"),
    [
        (0x01, 0x02, 0x00C0, "Nominal"),
        (0x01, 0x02, 0x0009, "Nominal"),
        (0x01, 0x99, 0x0010, "Critical"),
        (0x6F, 0x08, 0x8001, "Nominal"),
        (0x6F, 0x08, 0x0003, "Critical"),
        (0x6F, 0x25, 0x0000, "Nominal"),
        (0x6F, 0x25, 0x0100, "N/A"),
        (0x03, 0x01, 0x0002, "Warning"),
        (0x6F, 0x20, 0x0001, "N/A"),
        (0x70, 0x01, 0x0001, "N/A"),
        (0x6F, 0x22, 0x4000, "N/A"),
    ],
)
def test_the_worst_state_counts(code: int, sensor: int, bits: int, word: str) -> None:
    assert States().state(code, sensor, bits, ignore_unrecognized=False) == word


def test_states_that_no_table_knows_may_be_ignored() -> None:
    assert States().state(0x6F, 0x25, 0x0101, ignore_unrecognized=True) == "Nominal"


def test_rules_of_the_users_own(tmp_path: Path) -> None:
    file = tmp_path / "rules"
    file.write_text(
        "# a comment\n\nIPMI_Entity_Presence_Entity_Absent warning # mine\n"
        "IPMI_OEM_Value 1:2 0x6F 0xC0 1 Nominal\n"
    )
    states = States.read(str(file))
    assert states.state(0x6F, 0x25, 0x0002, ignore_unrecognized=False) == "Warning"
    assert states.state(0x6F, 0x25, 0x0004, ignore_unrecognized=False) == "Critical"


@pytest.mark.parametrize(
    "line", ["IPMI_Nothing Nominal", "IPMI_Battery_No_Event Bad", "IPMI_Battery_No_Event"]
)
def test_a_file_that_is_not_understood(tmp_path: Path, line: str) -> None:
    file = tmp_path / "rules"
    file.write_text(line)
    with pytest.raises(RulesError, match="parse error"):
        States.read(str(file))


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RulesError, match="does not exist"):
        States.read(str(tmp_path / "none"))
    monkeypatch.setattr(sensor_states, "DEFAULT", tmp_path / "none")
    assert States.read("").state(0x6F, 0x25, 0x0002, ignore_unrecognized=False) == "Critical"
