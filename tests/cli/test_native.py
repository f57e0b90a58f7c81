"""Lines of the native face: which part of the program they are for, and wrong ones."""

from __future__ import annotations

import pytest

from baseboard import __version__
from baseboard.cli import native, program


@pytest.mark.parametrize("words", [["chassis", "-V"], ["--version", "mc"], ["mc", "--version"]])
def test_the_version_is_told_wherever_it_is_asked_for(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(words) == 0
    assert capsys.readouterr().out == f"baseboard {__version__}\n"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["--help"], "usage: baseboard"),
        (["-h"], "usage: baseboard"),
        (["help"], "usage: baseboard"),
        (["help", "fru"], "fru print"),
        (["fru", "--help"], "fru print"),
        (["-H", "h", "sel", "-h"], "sel info"),
    ],
)
def test_help_is_had_in_several_ways(
    words: list[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(words) == 0
    assert shown in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "no verb is given"),
        (["chassi", "status"], "chassi: there is no such verb; chassis?"),
        (["\x1b[31m"], "\\x1b[31m: there is no such verb"),
        (["--nonsense", "mc"], "--nonsense: there is no such option"),
        (["--interval", "1", "sel", "list"], "--interval does not belong to `sel list`"),
        (["--response", "mc", "info"], "--response does not belong to `mc info`"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_done(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"baseboard: {complaint}")
    assert "usage: baseboard" in captured.err


def test_verbs_without_a_bmc_have_modules() -> None:
    from baseboard.cli import verbs

    own = {verb.words.split()[0] for verb in verbs.OWN}
    assert set(native.LOCAL) <= own
