"""Our options, taken out of a line."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool import arguments
from baseboard.cli.long_options import SHORT, WATCH_INTERVAL, UsageError, number, split


def test_long_options_stand_anywhere_and_the_rest_stays_in_order() -> None:
    line = split(["--json", "-H", "h", "chassis", "--parallel=3", "power", "-v", "status", "--timeout", "5"])
    assert line.given == {"json": "", "parallel": "3", "timeout": "5"}
    assert line.rest == ["-H", "h", "chassis", "power", "-v", "status"]
    assert line.words == ["chassis", "power", "status"]
    assert line.letters == {"H", "v"}


def test_the_value_of_a_short_option_is_no_word() -> None:
    line = split(["-cvH", "-h", "-Uadmin", "mc", "info"])
    assert line.words == ["mc", "info"]
    assert line.letters == {"c", "v", "H", "U"}


def test_after_two_dashes_all_are_words() -> None:
    line = split(["raw", "--", "--json", "-v"])
    assert line.words == ["raw", "--json", "-v"]
    assert line.rest == ["raw", "--", "--json", "-v"]


def test_a_dash_alone_is_a_word_and_a_value() -> None:
    assert split(["explain", "-"]).words == ["explain", "-"]
    assert split(["--hosts", "-", "mc"]).given == {"hosts": "-"}


def test_a_verbs_own_options_are_known_with_it() -> None:
    assert split(["--interval", "2"], lambda: [WATCH_INTERVAL]).given == {"interval": "2"}


def test_what_may_be_repeated_is_joined_and_of_the_rest_the_last_counts() -> None:
    line = split(["--allow", "Q-CHKSUM", "--timeout", "1", "--allow=Q-IDZERO", "--timeout", "2"])
    assert line.given == {"allow": "Q-CHKSUM,Q-IDZERO", "timeout": "2"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--nonsense"], "no such option"),
        (["--interval", "2"], "no such option"),
        (["--json=1"], "takes no value"),
        (["--timeout"], "needs SECONDS"),
        (["--color", "red"], "auto, always or never, not red"),
    ],
)
def test_a_mistake_is_told(words: list[str], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        split(words)


def test_numbers_are_checked() -> None:
    assert number({}, "timeout", 7.0) == 7.0
    assert number({"timeout": "0.5"}, "timeout", 7.0) == 0.5
    for wrong in ("x", "nan", "-1", "inf"):
        with pytest.raises(UsageError, match="no number"):
            number({"timeout": wrong}, "timeout", 1.0)
    with pytest.raises(UsageError, match="from 1 on"):
        number({"parallel": "0"}, "parallel", 1.0, least=1)


def test_the_short_options_are_ipmitools() -> None:
    letters = {letter: bool(value) for letter, value, _ in SHORT}
    known = set(arguments._PLAIN) | set(arguments._TAKES_VALUE)
    assert set(letters) == known
    assert {letter for letter, valued in letters.items() if valued} == set(arguments._TAKES_VALUE)
