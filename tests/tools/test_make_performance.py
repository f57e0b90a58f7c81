"""What writes docs/performance.md: the page and its pictures are those of the figures that are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.measuring import Table, report
from tools import make_performance


def keep(folder: Path, name: str, *tables: Table, short: bool = False, cores: str = "2") -> None:
    told = report(tables, short=short)
    told |= {"version": "1.2.3", "date": "2026-01-02"}
    told["machine"] = {
        "processor": "A Processor",
        "cores": cores,
        "memory": "4.0 GiB",
        "kernel": "Linux 6.1",
        "python": "CPython 3.11.2",
    }
    (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")


def asked() -> Table:
    table = Table("BMC: a request, suite 3", "µs", peer="other", goal="at most 1.0 of other")
    table.add("Ask", [{"other": 10.0, "Baseboard": 8.0}, {"other": 10.0, "Baseboard": 9.0}])
    return table


def grown() -> Table:
    table = Table("Growth with BMCs: all", "µs", axis="BMCs", note="As far as it goes.")
    table.curve("Ask", [{"1": 10.0, "1,000": 11.0}])
    return table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep(tmp_path, "asked", asked())
    keep(tmp_path, "grown", grown())
    keep(tmp_path, "hasty", asked(), short=True)
    return tmp_path


def test_what_is_shown_is_what_the_kept_figures_make() -> None:
    """After new figures: tools/make_performance.py."""
    made = make_performance.made()
    assert {path: path.read_text(encoding="utf-8") for path in made} == made


def test_what_is_kept_was_measured_in_full() -> None:
    kept = list(make_performance.RESULTS.glob("*.json"))
    assert len(make_performance.results(make_performance.RESULTS)) == len(kept) > 0


def test_a_page_has_each_table_its_goal_its_note_and_the_machine(folder: Path) -> None:
    lines = make_performance.page(make_performance.results(folder)).splitlines()
    where = "A Processor, 2 cores, 4.0 GiB, Linux 6.1, CPython 3.11.2."
    assert lines.count(f"Measured with Baseboard 1.2.3, 2026-01-02: {where}") == 1
    assert [line for line in lines if line.startswith("#")] == [
        "# Performance",
        "## In short",
        "## asked",
        "### BMC: a request, suite 3",
        "## grown",
        "### Growth with BMCs: all",
    ]
    assert "| BMC: a request, suite 3: Ask | 8.50 µs | 10.0 other | 0.85 | at most 1.0 of other |" in lines
    assert "To reach: at most 1.0 of other. Less is better." in lines
    assert "| Ask | Baseboard | 8.50 | 8.00 | 9.00 | 0.85 |" in lines
    assert "| 1,000 | Ask | 11.0 | 11.0 | 11.0 | 1.10 |" in lines
    assert "![Growth with BMCs: all](pictures/growth-with-bmcs.svg)" in lines
    assert "As far as it goes." in lines


def test_figures_of_another_machine_say_so(folder: Path) -> None:
    keep(folder, "more", asked(), cores="1")
    lines = make_performance.page(make_performance.results(folder)).splitlines()
    below = lines[lines.index("## more") + 2]
    assert below.startswith("Measured with Baseboard 1.2.3, 2026-01-02: A Processor, 1 core, ")


def test_a_goal_without_a_peer_is_shown_and_the_yardstick_itself_is_not(tmp_path: Path) -> None:
    alone = Table("BMC: memory, idle", "KiB", goal="at most 20")
    alone.add("one", [{"Baseboard": 18.0, "Baseboard, lean": 15.0}])
    many = Table("BMC: rate", "requests/s", peer="1 BMC", goal="0.9 of one", more_is_better=True)
    many.curve("Baseboard", [{"1 BMC": 100.0, "10 BMCs": 95.0}])
    keep(tmp_path, "both", alone, many)
    page = make_performance.page(make_performance.results(tmp_path))
    assert "| BMC: memory, idle: one | 18.0 KiB |  |  | at most 20 |" in page
    assert "| BMC: memory, idle: one, lean | 15.0 KiB |  |  | at most 20 |" in page
    assert "| BMC: rate: 10 BMCs | 95.0 requests/s |  | 0.95 | 0.9 of one |" in page
    assert "| BMC: rate: 1 BMC |" not in page
    assert "More is better." in page


def test_each_curve_has_its_picture(folder: Path) -> None:
    made = make_performance.made(folder)
    assert {path.name for path in made} == {"performance.md", "growth-with-bmcs.svg"}
    picture = made[make_performance.DOCS / "pictures" / "growth-with-bmcs.svg"]
    assert "Growth with BMCs</title>" in picture


def test_only_files_that_differ_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {folder / "page.md": "text\n"}
    monkeypatch.setattr(make_performance, "ROOT", folder)
    monkeypatch.setattr(make_performance, "made", lambda: made)
    assert make_performance.main() == 0
    assert make_performance.main() == 0
    assert capsys.readouterr().out == "wrote page.md\n"
    assert (folder / "page.md").read_text(encoding="utf-8") == "text\n"
