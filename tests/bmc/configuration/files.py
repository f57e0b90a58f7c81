"""Files that describe BMCs, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.configuration import Configuration, load
from baseboard.errors import ConfigurationError

HERE = "# HERE"
"""Marks the line that an error has to name."""

ONE = '[[bmc]]\nname = "one"\n'


def written(folder: Path, text: str, name: str = "bmc.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def loaded(folder: Path, text: str) -> Configuration:
    return load([written(folder, text)])


def blueprint(folder: Path, text: str) -> Blueprint:
    """The only BMC of a file."""
    (one,) = loaded(folder, text).bmcs
    return one.blueprint


def mistake(folder: Path, text: str) -> ConfigurationError:
    path = written(folder, text)
    with pytest.raises(ConfigurationError) as caught:
        load([path])
    assert caught.value.file == str(path)
    assert str(caught.value).startswith(str(path))
    return caught.value


def assert_mistake(folder: Path, text: str, key: str, *words: str) -> None:
    """The file has a mistake at that key, on the line that is marked, and the error says these words."""
    wrong = mistake(folder, text)
    marked = next((number for number, line in enumerate(text.split("\n"), 1) if HERE in line), None)
    assert (wrong.key, wrong.line) == (key, marked), str(wrong)
    for word in words:
        assert word in wrong.text
