"""What ipmimonitoring makes of its options."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi import ipmi_sensors, ipmimonitoring


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ([], ["--output-sensor-state", "--ignore-not-available-sensors"]),
        (["-q", "-v"], ["--output-sensor-state", "-q"]),
        (
            ["--legacy-output"],
            ["--output-sensor-state", "--ipmimonitoring-legacy-output", "--ignore-not-available-sensors"],
        ),
    ],
)
def test_options(monkeypatch: pytest.MonkeyPatch, words: list[str], made: list[str]) -> None:
    called: list[list[str]] = []

    def sensors(arguments: list[str]) -> int:
        called.append(arguments)
        return 7

    monkeypatch.setattr(ipmi_sensors, "main", sensors)
    assert ipmimonitoring.main(words) == 7
    assert called == [made]


def test_the_words_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["ipmimonitoring", "--list-sensor-types"])
    assert ipmimonitoring.main() == 0
    assert capsys.readouterr().out.startswith("Temperature\n")
