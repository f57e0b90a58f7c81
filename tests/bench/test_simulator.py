"""What the simulated BMCs of benchmarks are made of: the same in ipmi_sim, in the responder and in ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.configuration import load
from bench import simulator


def described(tmp_path: Path, count: int, sensors: int, lan: str = "", lines: str = "") -> list[str]:
    """The addresses of the BMCs that a description makes."""
    file = tmp_path / "bmcs.toml"
    login = ("admin", "password")
    file.write_text(
        simulator.description(
            count,
            7000,
            shared=count > 1,
            sensors=sensors,
            sel_capacity=500,
            login=login,
            lan=lan,
            lines=lines,
        )
    )
    return [one.place.host for one in load([file]).bmcs]


@pytest.mark.parametrize("sensors", [0, 1, 26, 100, 762])
def test_our_own_file_is_right(tmp_path: Path, sensors: int) -> None:
    assert described(tmp_path, 1, sensors, "sessions = 63", "strict = true") == ["127.0.0.1"]


def test_as_many_as_are_asked_for(tmp_path: Path) -> None:
    assert described(tmp_path, 3, 4) == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    assert 'spread = "addresses"' in (tmp_path / "bmcs.toml").read_text()


def test_sensors_are_counted_off_by_kind() -> None:
    text = simulator.description(
        1, 7000, shared=False, sensors=60, sel_capacity=16, login=("admin", "password")
    )
    counts = [line for line in text.splitlines() if line.startswith("count = ")]
    assert counts == ["count = 1", "count = 25", "count = 25", "count = 10"]
    assert "spread" not in text


def test_the_responder_has_the_records_of_ipmi_sim(tmp_path: Path) -> None:
    arguments = simulator.write(tmp_path, 7000, sensors=3, sel=2, kg=None, extra=['sol "x" 9600'])
    emulation = Path(arguments[3]).read_text()
    records = list(simulator.records(3))
    assert len(records) == 5
    for record in records:
        assert f"main_sdr_add 0x20 {' '.join(f'0x{byte:02x}' for byte in record)}" in emulation
    assert 'sol "x" 9600' in Path(arguments[1]).read_text()
