"""What benchmarks make of their figures: turns, medians, ratios, tables, and the file that keeps them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import measuring
from bench.measuring import Line, Table, interleave, loaded, main, number, picked, ratios, rounds


def filled() -> Table:
    table = Table("A work, suite 3", "µs", peer="other", goal="at most 1.0 of other", note="Quietly.")
    table.add("Ask", [{"other": 10.0, "Baseboard": 20.0}, {"other": 40.0, "Baseboard": 20.0}])
    table.add("Tell", [{"other": 1000.0, "Baseboard": 500.0}, {"other": 1000.0, "Baseboard": 1500.0}])
    return table


def test_contenders_take_turns_and_the_order_is_turned_round() -> None:
    order: list[str] = []

    def contender(name: str) -> float:
        order.append(name)
        return float(len(order))

    measured = interleave({"a": lambda: contender("a"), "b": lambda: contender("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert measured == [{"a": 1.0, "b": 2.0}, {"a": 4.0, "b": 3.0}, {"a": 5.0, "b": 6.0}]
    assert [list(one) for one in measured] == [["a", "b"]] * 3


def test_one_figure_of_several() -> None:
    measured = [{"a": (1, 2.5), "b": (3, 4.5)}]
    assert picked(measured, 0) == [{"a": 1.0, "b": 3.0}]
    assert picked(measured, 1) == [{"a": 2.5, "b": 4.5}]


def test_a_ratio_is_of_one_round_and_the_one_shown_is_their_median() -> None:
    table = filled()
    assert [line.ratio for line in table.lines] == [None, 1.25, None, 1.0]
    assert table.lines[1].ratios == [2.0, 0.5]
    assert [line.median for line in table.lines] == [25.0, 20.0, 1000.0, 1000.0]
    assert ratios([1.0, 3.0], [0.0, 2.0]) == [1.5]


def test_without_its_peer_a_work_has_no_ratio() -> None:
    table = Table("Anything", "s", peer="other")
    table.add("alone", [{"Baseboard": 1.0}])
    assert table.lines == [Line("alone", "Baseboard", [1.0])]


def test_a_curve_is_compared_with_its_first_point() -> None:
    table = Table("Growth", "µs", axis="BMCs")
    table.curve("Ask", [{"1": 10.0, "100": 12.0}, {"1": 20.0, "100": 30.0}])
    assert [(line.work, line.ratios) for line in table.lines] == [("1", []), ("100", [1.2, 1.5])]
    assert table.text().splitlines()[1].split() == [
        "BMCs",
        "median",
        "µs",
        "min",
        "max",
        "to",
        "the",
        "first",
    ]


def test_a_table_as_text() -> None:
    assert filled().text() == "\n".join(
        [
            "A work, suite 3",
            "to reach: at most 1.0 of other",
            "                 median µs    min    max  to other",
            "Ask   other           25.0   10.0   40.0",
            "Ask   Baseboard       20.0   20.0   20.0      1.25",
            "Tell  other          1,000  1,000  1,000",
            "Tell  Baseboard      1,000    500  1,500      1.00",
            "Quietly.",
        ]
    )


@pytest.mark.parametrize(
    ("figure", "text"),
    [(0, "0"), (12345.6, "12,346"), (99.96, "100.0"), (12.34, "12.3"), (1.234, "1.23"), (0.01234, "0.012")],
)
def test_a_number_has_the_digits_that_matter(figure: float, text: str) -> None:
    assert number(figure) == text


def test_the_machine_is_described_and_not_named() -> None:
    described = measuring.machine()
    assert set(described) == {"processor", "cores", "memory", "kernel", "python"}
    assert all(described.values())
    assert int(described["cores"]) >= 1
    assert "/" not in described["kernel"]


def test_a_processor_without_a_name_is_named_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", refused)
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert measuring.machine()["processor"] == "riscv64"


def test_a_script_prints_its_tables_and_keeps_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "_asked", [])
    asked: list[tuple[bool, int]] = []

    def measure(short: bool) -> list[Table]:
        asked.append((short, rounds(short, usual=7)))
        return [filled(), filled()]

    file = tmp_path / "one.json"
    main(measure, ["--short", "--json", str(file)])
    assert capsys.readouterr().out == f"{filled().text()}\n\n{filled().text()}\n"
    told, tables = loaded(file.read_text(encoding="utf-8"))
    assert told["short"] is True
    assert told["machine"] == measuring.machine()
    assert tables == [filled(), filled()]
    main(measure, [])
    main(measure, ["--rounds", "3"])
    assert asked == [(True, 1), (False, 7), (False, 3)]
    assert "µ" in file.read_text(encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8"))["tables"][0]["unit"] == "µs"
