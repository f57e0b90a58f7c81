"""All benchmarks at once: which there are, and that one that fails does not lose the others."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from bench import __main__ as bench


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three scripts, of which the second fails, and a module that is none."""
    here = tmp_path / "bench"
    here.mkdir()
    tell = "import sys\n\ndef measure(short):\n    return []\n\n"
    (here / "a.py").write_text(f"{tell}print('a was told', sys.argv[1:])\n")
    (here / "b.py").write_text(f"{tell}raise SystemExit('a peer is missing')\n")
    (here / "c.py").write_text(f"{tell}print('c was told', sys.argv[1:])\n")
    (here / "peers.py").write_text("def load(): ...\n")
    monkeypatch.setattr(bench, "HERE", here)
    monkeypatch.setattr(bench, "RESULTS", here / "results")
    return here


def use(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bench", *words])
    return bench.main()


def test_every_script_there_is_has_a_measure() -> None:
    names = bench.scripts()
    assert {"bmc_many", "bmc_request", "growth"} <= set(names)
    assert not {"measuring", "peers", "simulator", "__main__"} & set(names)
    for name in names:
        assert importlib.import_module(f"bench.{name}").measure


def test_one_that_fails_does_not_keep_the_others_from_running(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert use(monkeypatch, "--rounds", "3") == 1
    out = capsys.readouterr().out
    for name in "ac":
        assert f"{name} was told ['--json', '{folder}/results/{name}.json', '--rounds', '3']" in out
    assert "a peer is missing" in out
    assert out.endswith("failed: b\n")
    assert (folder / "results").is_dir()


def test_the_short_form_has_a_line_for_a_script_that_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert use(monkeypatch, "--short", "a", "c") == 0
    out = capsys.readouterr().out
    assert "was told" not in out
    *lines, last = out.splitlines()
    assert {tuple(line.split()[:2]) for line in lines} == {("ok", "a"), ("ok", "c")}
    assert last == "all scripts work"
    assert not (folder / "results").exists()


def test_a_script_that_hangs_is_stopped_with_what_it_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    child = "import threading; threading.Event().wait()"
    script = "import subprocess, sys\n\ndef measure(short): ...\n\n"
    (folder / "b.py").write_text(f"{script}subprocess.run([sys.executable, '-c', {child!r}])")
    monkeypatch.setattr(bench, "LIMIT", {True: 1.5, False: 1.5})
    assert use(monkeypatch, "--short", "b") == 1
    out = capsys.readouterr().out
    assert "stopped: not done after 1.5 s" in out
    assert out.endswith("failed: b\n")


def test_an_unknown_name_is_wrong_usage(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as leaving:
        use(monkeypatch, "nonsense")
    assert leaving.value.code == 2
    assert "there is no nonsense; there are a, b, c" in capsys.readouterr().err
