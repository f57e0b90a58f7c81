"""Completion of words, in the shells themselves where they are installed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from baseboard.cli import completion, program, verbs
from baseboard.cli.long_options import OPTIONS
from tests import peers


def test_the_tree_has_every_verb() -> None:
    tree = completion.tree()
    assert set(verbs.NOUNS) <= set(tree[""])
    for verb in verbs.VERBS:
        *path, last = verb.words.split()
        assert last in tree[" ".join(path)]
    assert tree["bmc"].keys() >= {"info", "init", "run"}
    assert tree["bmc reset"] == {"warm": "", "cold": ""}
    assert "SECONDS" not in tree["chassis identify"]


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_each_shell_is_told_every_option(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert not re.search("@[A-Z]+@", text)
    for option in OPTIONS:
        assert (f"-l {option.name}" if shell == "fish" else f"--{option.name}") in text


def test_a_file_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "baseboard"
    assert program.main(["completion", "bash", "--output", str(path)]) == 0
    assert path.read_text() == completion.bash()
    assert program.main(["completion", "bash", "--output", str(tmp_path)]) == 1
    assert "directory" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["completion"], ["completion", "tcsh"], ["completion", "bash", "zsh"]])
def test_other_shells_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(words) == 2
    assert "bash, zsh or fish" in capsys.readouterr().err


# What is typed, and some of what may follow.
LINES = [
    ("baseboard cha", {"chassis", "channel"}),
    ("baseboard chassis power s", {"status", "soft"}),
    ("baseboard -H h -U u --timeout 5 sel f", {"follow"}),
    ("baseboard bmc re", {"reset"}),
    ("baseboard --jso", {"--json"}),
    ("baseboard --color a", {"auto", "always"}),
    ("baseboard -I lan", {"lanplus", "lan"}),
    ("baseboard completion ", {"bash", "zsh", "fish"}),
]

ASK_BASH = """
COMP_WORDS=({words}) COMP_CWORD={index}
_baseboard
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(("line", "wanted"), LINES, ids=[line for line, _ in LINES])
def test_bash_completes(line: str, wanted: set[str]) -> None:
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    script = completion.bash() + ASK_BASH.format(words=quoted, index=len(words) - 1)
    done = subprocess.run(
        ["bash", "--norc", "-eu", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    assert wanted == set(done.stdout.split()), done


@pytest.mark.parametrize(("line", "wanted"), LINES, ids=[line for line, _ in LINES])
def test_fish_completes(line: str, wanted: set[str], tmp_path: Path) -> None:
    fish = peers.require("fish")
    path = tmp_path / "baseboard.fish"
    path.write_text(completion.fish())
    script = f"source {path}; complete -C '{line}'"
    done = subprocess.run(
        [fish, "--no-config", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == ""
    assert wanted <= {row.split("\t")[0] for row in done.stdout.splitlines()}, done


def test_zsh_reads_its_completion(tmp_path: Path) -> None:
    zsh = peers.require("zsh")
    path = tmp_path / "_baseboard"
    path.write_text(completion.zsh())
    done = subprocess.run([zsh, "-n", str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [(line, wanted) for line, wanted in LINES if "-I" not in line],
    ids=[line for line, _ in LINES if "-I" not in line],
)
def test_zsh_completes(line: str, wanted: set[str], tmp_path: Path) -> None:
    """The function, with zsh's own helpers replaced by ones that print what they are given."""
    zsh = peers.require("zsh")
    path = tmp_path / "_baseboard"
    path.write_text(completion.zsh())
    words = " ".join(f"'{word}'" for word in line.split(" "))
    count = len(line.split(" "))
    script = f"""
    compdef() {{ : }}
    _files() {{ : }}
    _describe() {{ print -l -- ${{(P)2}} }}
    compadd() {{ print -l -- "$@" }}
    source {path}
    words=({words}) CURRENT={count}
    _baseboard
    """
    done = subprocess.run([zsh, "-f", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    typed = line.split(" ")[-1]
    offered = {row.split(":")[0] for row in done.stdout.splitlines()}
    assert {word for word in offered if word.startswith(typed)} == wanted, done
