"""What the lab prints for people."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.cli import lab_text
from baseboard.cli.lab_logins import Entry

RACK = Entry("rack-1", "Model R", "127.0.0.1", 6230, "admin", "pw", None, (3, 17), False, 0)
BLADE = Entry("blade-2", "Model B", "127.0.0.1", 6231, "admin", "pw", None, (17,), False, 1)
VETERAN = Entry("veteran-3", "Model V", "127.0.0.1", 6232, "admin", "pw", "00ff", (0, 3), True, 2)


def printed(capsys: pytest.CaptureFixture[str], *entries: Entry, store: Path | None = None) -> list[str]:
    lab_text.show(entries, store)
    return capsys.readouterr().out.splitlines()


def test_a_table_then_lines_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, RACK, BLADE, VETERAN)
    assert lines[0].split() == ["NAME", "MODEL", "ADDRESS", "PORT", "USERNAME", "PASSWORD", "SUITES", "V1.5"]
    assert [line.split()[0] for line in lines[1:4]] == ["rack-1", "blade-2", "veteran-3"]
    places = [
        lines.index(title)
        for title in (
            "# rack-1, Model R: cipher suites 3, 17",
            "# blade-2, Model B: cipher suite 17",
            "# veteran-3, Model V: cipher suites 0, 3, IPMI v1.5",
        )
    ]
    assert places == sorted(places)
    for port, start in zip((6230, 6231, 6232), places, strict=True):
        block = lines[start + 1 : start + 6]
        assert [line.split()[0] for line in block] == ["ipmitool"] * 3 + ["ipmi-sensors", "python3"]
        assert all(str(port) in line for line in block)
    assert "  ".join(lines[-1].split()[:4]) == "Ctrl-C  ends  the  lab;"


def test_what_can_be_pasted_is_all_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Between the table and the last words there are comments and commands only."""
    lines = printed(capsys, RACK, VETERAN)
    block = lines[lines.index("# rack-1, Model R: cipher suites 3, 17") : -4]
    assert {line.split(maxsplit=1)[0] for line in block if line} == {
        "#",
        "ipmitool",
        "ipmi-sensors",
        "bmc-info",
        "python3",
    }


def test_of_many_only_one_of_each_makeup_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = (RACK, BLADE, VETERAN)
    many = [replace(kinds[n % 3], name=f"s-{n + 1}", port=6230 + n) for n in range(100)]
    lines = printed(capsys, *many)
    assert [line.split()[0] for line in lines[1:4]] == ["s-1", "s-2", "s-3"]
    assert lines[4] == "... 100 in all, up to s-100 at 127.0.0.1 port 6329; --json lists them"
    assert sum(line.startswith("# s-") for line in lines) == 3


def test_where_nobody_may_log_in_nothing_is_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, replace(RACK, username=None, password=None, suites=()))
    assert lines[1].split()[-4:] == ["-", "-", "-", "-"]
    assert lines[4] == "# nobody may log in: the store has no user with a name who may"
    assert not [line for line in lines if line.startswith("ipmitool")]


def test_the_last_line_tells_what_stays(capsys: pytest.CaptureFixture[str]) -> None:
    assert "its state goes with it (--store DIR keeps it)" in printed(capsys, RACK)[-1]
    assert "its state stays in kept" in printed(capsys, RACK, store=Path("kept"))[-1]


def test_a_name_that_the_terminal_cannot_show(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    lab_text.show([replace(RACK, username="n\u00e9", password="\udcff")], None)
    sys.stdout.flush()
    assert b"n\\xe9" in raw.getvalue()
    assert b"\\udcff" in raw.getvalue()
