"""Help, made of the table of verbs."""

from __future__ import annotations

import pytest

from baseboard.cli import help_text, verbs
from baseboard.cli.long_options import OPTIONS, SHORT


def test_the_overview_lists_every_noun_verb_of_ours_and_option() -> None:
    text = help_text.overview()
    lines = [line.split() for line in text.splitlines()]
    assert set(verbs.NOUNS) <= {line[0] for line in lines if line}
    for verb in help_text.ours():
        assert f"  {verb.words}" in text
    for option in OPTIONS:
        assert f"  --{option.name}" in text
    for letter, _, summary in SHORT:
        assert f"  -{letter}" in text
        assert summary in text


def test_a_noun_has_a_row_for_each_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert help_text.run(["sel"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {verb.words}" in out and verb.summary in out for verb in verbs.of("sel"))
    assert "--bookmark FILE" in out
    assert "loses: all events of the log" in out


def test_a_verb_has_its_row_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert help_text.run(["sel", "info"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  sel info                        size, free space, times, what it supports"
    ]
    assert help_text.run(["explain"]) == 0
    assert "--response" in capsys.readouterr().out


def test_what_is_no_noun_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert help_text.run(["sensors"]) == 2
    assert capsys.readouterr().err == "baseboard: sensors: there is no such verb; sensor?\n"


def test_rows_stay_within_a_terminal() -> None:
    assert max(map(len, help_text.overview().splitlines())) <= 130
