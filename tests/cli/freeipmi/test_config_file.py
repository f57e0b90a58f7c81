"""FreeIPMI's configuration file fills in what the command line left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.freeipmi import config_file
from baseboard.cli.freeipmi.config_file import read_into
from baseboard.cli.freeipmi.options import COMMON, Given, Leave


def given(tmp_path: Path, text: str, *words: str) -> Given:
    file = tmp_path / "freeipmi.conf"
    file.write_text(text)
    made = Given("ipmipower", COMMON, lambda text: None)
    made.read(["--config-file", str(file), *words])
    read_into(made, COMMON, "ipmipower")
    return made


def test_keys_are_the_long_names(tmp_path: Path) -> None:
    text = (
        'username ops\npassword "two words"\nk_g 0x01\nworkaround-flags opensesspriv # why\n\n# a comment\n'
    )
    values = given(tmp_path, text).values
    assert values["username"] == "ops"
    assert values["password"] == "two words"
    assert values["k-g"] == "0x01"
    assert values["workaround-flags"] == "opensesspriv"


def test_the_command_line_counts_more_and_the_programs_own_key_too(tmp_path: Path) -> None:
    text = "ipmipower-username own\nusername all\nprivilege-level USER\nipmi-sensors-password other\n"
    values = given(tmp_path, text, "-l", "ADMIN").values
    assert values["username"] == "own"
    assert values["privilege-level"] == "ADMIN"
    assert "password" not in values


def test_switches(tmp_path: Path) -> None:
    made = given(tmp_path, "always-prefix enable\neliminate disable\n")
    assert made.has("always-prefix")
    assert not made.has("eliminate")
    with pytest.raises(Leave):
        given(tmp_path, "eliminate perhaps\n")


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Given("ipmipower", COMMON, lambda text: None)
    made.read(["--config-file", str(tmp_path / "none")])
    with pytest.raises(Leave):
        read_into(made, COMMON, "ipmipower")
    monkeypatch.setattr(config_file, "DEFAULT", tmp_path / "none")
    monkeypatch.delenv(config_file.INSTEAD)
    plain = Given("ipmipower", COMMON, lambda text: None)
    read_into(plain, COMMON, "ipmipower")
    assert plain.values == {}


def test_a_variable_names_another_file_and_an_option_counts_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").write_text("username other\n")
    monkeypatch.setenv(config_file.INSTEAD, str(tmp_path / "other"))
    plain = Given("ipmipower", COMMON, lambda text: None)
    read_into(plain, COMMON, "ipmipower")
    assert plain.values == {"username": "other"}
    assert given(tmp_path, "username named\n").values["username"] == "named"
