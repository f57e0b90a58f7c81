"""The program behind ./check: what it runs, shows, counts and returns."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tools import check, coverage_by_module
from tools.check import Outcome, Step

PASSED = "....\n4 passed, 1 deselected in 0.12s\npeers used: ipmitool 1.8.19, FreeIPMI 1.6.10\n"
FAILED = "F..\nE  1 passed in my eyes\n==== 1 failed, 2 passed, 1 error in 3.00s ====\n"


def python(name: str, code: str, after: str = "") -> Step:
    return Step(name, [sys.executable, "-c", code], "a step of a test", after=after)


def use(monkeypatch: pytest.MonkeyPatch, *steps: Step, words: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr(check, "STEPS", list(steps))
    monkeypatch.setattr(sys, "argv", ["check", *words])
    return check.main()


@pytest.mark.parametrize(
    ("output", "closing", "passed", "failed"),
    [
        (PASSED, "4 passed, 1 deselected in 0.12s", 4, 0),
        (FAILED, "1 failed, 2 passed, 1 error in 3.00s", 2, 2),
        ("no tests ran in 0.01s\n", "no tests ran in 0.01s", 0, 0),
        ("274 errors, 0 warnings\n", "", 0, 0),
    ],
)
def test_the_closing_line_counts(output: str, closing: str, passed: int, failed: int) -> None:
    outcome = Outcome("unit", True, 1.0, output)
    assert outcome.closing == closing
    assert outcome.count("passed") == passed
    assert outcome.count("failed", "errors?") == failed


def test_the_summary_has_times_peers_and_one_line_of_counts() -> None:
    text = check.summary([Outcome("unit", True, 1.0, PASSED), Outcome("interop", False, 2.5, FAILED)], 3.0)
    assert "unit          1.0 s  4 passed, 1 deselected in 0.12s" in text
    assert "interop       2.5 s  FAILED 1 failed, 2 passed, 1 error in 3.00s" in text
    assert "peers used: FreeIPMI 1.6.10, ipmitool 1.8.19" in text
    assert "\ntests: 6 passed, 2 failed\n" in text
    assert text.endswith("not good: interop")


def test_a_good_run_ends_with_zero_and_shows_closing_lines_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = use(monkeypatch, python("first", "print('chatter')"), python("second", f"print({PASSED!r})"))
    out = capsys.readouterr().out
    assert code == 0
    assert "chatter" not in out
    assert "4 passed, 1 deselected in 0.12s" in out
    assert out.endswith("all good\n")


def test_a_failed_step_shows_all_it_printed_and_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = python("wrong", "import sys; print('what is wrong'); sys.exit('and more')")
    assert use(monkeypatch, python("good", ""), wrong) == 1
    out = capsys.readouterr().out
    assert "what is wrong" in out
    assert "and more" in out
    assert out.endswith("not good: wrong\n")


def test_no_tests_are_no_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("nothing")
    step = Step(
        "unit", [*check.PYTEST, "-c", "/dev/null", "--rootdir", str(folder), str(folder)], "nothing to run"
    )
    assert use(monkeypatch, step) == 1


def test_a_step_that_hangs_is_stopped_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "LIMIT", 0.2)
    assert use(monkeypatch, python("hangs", "import threading; threading.Event().wait()")) == 1
    assert "stopped: not done after 0.2 s" in capsys.readouterr().out


def test_a_step_after_another_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("order") / "file"
    reads = python("reads", f"open({str(file)!r})", after="writes")
    assert use(monkeypatch, reads, python("writes", f"open({str(file)!r}, 'w').close()")) == 0


def test_a_step_after_one_that_failed_is_not_run_and_not_good(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [python("wrong", "raise SystemExit(1)"), python("later", "print('ran')", after="wrong")]
    assert use(monkeypatch, *steps) == 1
    out = capsys.readouterr().out
    assert "not run: wrong failed" in out
    assert out.endswith("not good: wrong, later\n")


def test_a_missing_peer_counts_in_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    step = python("asks", "import os, sys; sys.exit(os.environ['BASEBOARD_REQUIRE_PEERS'] != '1')")
    assert use(monkeypatch, step) == 0


def test_a_part_runs_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    good, wrong = python("good", ""), python("wrong", "raise SystemExit(1)")
    assert use(monkeypatch, good, wrong, words=("-m", "good")) == 0
    assert "wrong" not in capsys.readouterr().out


def test_an_unknown_part_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as leaving:
        use(monkeypatch, python("good", ""), words=("-m", "nonsense"))
    assert leaving.value.code == 2


def test_what_is_measured_for_another_step_is_this_runs_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two runs in one tree would otherwise spoil each other's coverage."""
    monkeypatch.delenv("COVERAGE_FILE", raising=False)
    told = "import os; print('4 passed in', os.environ.get('COVERAGE_FILE'))"
    for _ in range(2):
        assert use(monkeypatch, python("unit", told), python("coverage", told, after="unit")) == 0
    shown = re.findall(r"passed in (\S+)", capsys.readouterr().out)
    assert len(shown) == 8
    assert len(set(shown)) == 2
    assert not any(Path(path).parent.exists() for path in shown)
    assert use(monkeypatch, python("unit", told)) == 0
    assert "passed in None" in capsys.readouterr().out


def test_fast_leaves_out_the_slow_ones_and_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Step("slow", [sys.executable, "-c", "raise SystemExit(1)"], "", fast=False)
    bare = Step(
        "unit",
        [sys.executable, "-c", "import sys; sys.exit(len(sys.argv) - 1)", "--cov", "--cov-report="],
        "",
    )
    assert use(monkeypatch, bare, slow, words=("--fast",)) == 0
    assert use(monkeypatch, bare) == 1


def test_the_real_table_names_each_part_once_and_waits_for_parts_that_exist() -> None:
    names = [step.name for step in check.STEPS]
    assert len(set(names)) == len(names)
    assert {step.after for step in check.STEPS} <= {"", *names}


def test_what_is_measured_in_one_step_is_left_out_of_the_other_and_nothing_else() -> None:
    commands = {step.name: step.command for step in check.STEPS}
    measured = [word for word in commands["unit"] if word.startswith("tests/")]
    left_out = [word.removeprefix("--ignore=") for word in commands["conformance"] if "--ignore=" in word]
    assert measured == left_out
    assert commands["conformance"][-1] == "tests"
    assert "--cov" in commands["unit"]
    assert "--cov" not in commands["conformance"]
    folders = {path.removesuffix(".py").removeprefix("tests/").removeprefix("test_") for path in measured}
    assert folders - {"__init__"} == {*coverage_by_module.CORE, *coverage_by_module.PACKAGES}
