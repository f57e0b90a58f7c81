"""Places in a file."""

from __future__ import annotations

from pathlib import Path

from baseboard.bmc.configuration.spots import Spot, key_text

TEXT = '[[bmc]]\nname = "x"\n'


def test_a_key_is_written_as_people_do() -> None:
    assert key_text(("bmc", 0, "lan", "suites", 3)) == "bmc[0].lan.suites[3]"
    assert key_text(()) == ""


def test_an_error_names_file_line_and_key() -> None:
    wrong = (Spot(Path("a.toml"), TEXT) / "bmc" / 0 / "name").wrong("is no name")
    assert (wrong.file, wrong.line, wrong.key, wrong.text) == ("a.toml", 2, "bmc[0].name", "is no name")
    assert str(wrong) == "a.toml:2: bmc[0].name: is no name"


def test_the_file_as_a_whole_has_no_line() -> None:
    assert str(Spot(Path("a.toml"), TEXT).wrong("is empty")) == "a.toml: is empty"


def test_a_spot_does_not_show_the_file() -> None:
    """There are passwords in it."""
    assert "name" not in repr(Spot(Path("a.toml"), TEXT))
