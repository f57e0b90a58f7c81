"""``baseboard explain``: its input and output."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from baseboard.cli import program
from baseboard.cli.explain import given, hexadecimal
from baseboard.cli.long_options import UsageError


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("0x06 0x01", b"\x06\x01"),
        ("06 01", b"\x06\x01"),
        ("06:01", b"\x06\x01"),
        ("0601", b"\x06\x01"),
        ("06h 1h", b"\x06\x01"),
        ("6,1", b"\x06\x01"),
        ("xy", None),
        ("060", None),
        ("", None),
    ],
)
def test_bytes_are_written_in_many_ways(text: str, data: bytes | None) -> None:
    assert hexadecimal(text) == data


def test_words_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["explain", "0x00", "0x02", "0x03"]) == 0
    assert capsys.readouterr().out == (
        "Chassis Control (Chassis 00h/02h), §28.3, privilege OPERATOR\n"
        "  1[3:0]  03  control = HARD_RESET (03h)\n"
    )


def test_a_response_is_named_by_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["explain", "--response", "00 01 c1"]) == 0
    assert "Invalid command" in capsys.readouterr().out
    assert program.main(["explain", "--as", "sel", "00 01 c1"]) == 1
    assert "3 bytes: no event log record: " in capsys.readouterr().err


def test_files_of_text_and_of_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, raw = tmp_path / "text", tmp_path / "raw"
    text.write_text("00 02\n03\n")
    raw.write_bytes(bytes.fromhex("060047ff") + b"\x80")
    assert program.main(["explain", str(text)]) == 0
    assert "HARD_RESET" in capsys.readouterr().out
    assert program.main(["explain", str(raw)]) == 0
    assert "06h/00h" in capsys.readouterr().out


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"0x00 0x02 0x00")))
    assert program.main(["explain", "-"]) == 0
    assert "POWER_DOWN" in capsys.readouterr().out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["explain", "--json", "00 02 01"]) == 0
    ((part,),) = (json.loads(capsys.readouterr().out)["result"],)
    assert part["raw"] == "01"
    assert part["fields"][0]["field"] == "control"


@pytest.mark.parametrize("words", [[], ["nonsense"], ["no", "hex"]])
def test_what_is_neither_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["explain", *words]) == 2
    assert "hexadecimal" in capsys.readouterr().err


def test_an_empty_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").touch()
    assert program.main(["explain", str(tmp_path / "empty")]) == 2
    assert "no bytes" in capsys.readouterr().err


DUMPS = {
    "xxd": "00000000: 0100 0290 b3c6 6720 0004 0130 0157 5046  ......g ...0.WPF\n",
    "hexdump": "00000000  01 00 02 90 b3 c6 67 20  00 04 01 30 01 57 50 46  |......g ...0.WPF|\n00000010\n",
    "tcpdump": "\t0x0000:  0100 0290 b3c6 6720 0004 0130 0157 5046\n",
}


@pytest.mark.parametrize("name", DUMPS)
def test_what_dumping_programs_print_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(DUMPS[name])
    assert given([str(tmp_path / name)]) == bytes.fromhex("01000290b3c6672000040130 01575046")


def test_text_that_is_no_bytes_is_not_explained_as_bytes(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("once upon a time\n")
    with pytest.raises(UsageError, match="it holds text"):
        given([str(tmp_path / "text")])
    with pytest.raises(UsageError, match="no bytes"):
        given([""])


def test_what_they_are_not_is_told_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["explain", "--as", "sdr", "06"]) == 1
    assert capsys.readouterr().err.startswith("baseboard: 1 byte: no sensor data record: ")
