"""``baseboard firmware build``: images for simulated components."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baseboard.cli.firmware_build import make
from baseboard.cli.long_options import UsageError
from baseboard.cli.native import run
from baseboard.records.hpm import read_hpm
from baseboard.records.simulated_firmware import read_firmware


def test_an_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new.hpm"
    content = tmp_path / "content"
    content.write_bytes(b"anything")
    words = ["firmware", "build", str(path), "0=2.11", "1=3.07.000000a1", "--content", str(content)]
    assert run(words) == 0
    assert capsys.readouterr().out == f"{path} is written: 178 bytes, firmware 2.11, for component 0, 1\n"
    image = read_hpm(path.read_bytes())
    assert (image.header.device_id, image.header.product_id, image.header.components) == (0x20, 0x0101, 3)
    _, first, second = image.actions
    assert first.firmware is not None
    assert second.firmware is not None
    assert str(second.firmware.version) == "3.07.000000a1"
    firmware = read_firmware(first.firmware.data)
    assert (str(firmware.version), firmware.result, firmware.content) == ("2.11", 0x55, b"anything")


def test_what_is_there_is_not_overwritten_unless_that_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.hpm"
    path.write_bytes(b"precious")
    assert run(["firmware", "build", str(path), "0=2.11"]) == 1
    assert "is there already; --force overwrites it" in capsys.readouterr().err
    assert path.read_bytes() == b"precious"
    assert run(["firmware", "build", str(path), "0=2.11", "--force", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"file": str(path), "components": [0], "version": "2.11", "bytes": 108}
    assert run(["firmware", "build", str(tmp_path / "none" / "x"), "0=2.11"]) == 1
    assert "No such file" in capsys.readouterr().err


def test_for_whom_it_is() -> None:
    header = make(["0=2.11"], {"device": "0x21", "manufacturer": "15000", "product": "7"}).header
    assert (header.device_id, header.manufacturer_id, header.product_id) == (0x21, 15000, 7)


def test_firmware_that_is_to_fail() -> None:
    firmware = make(["0=2.11"], {"fails": ""}).actions[1].firmware
    assert firmware is not None
    assert read_firmware(firmware.data).result == 0x57


@pytest.mark.parametrize(
    "words",
    [["firmware"], ["firmware", "build"], ["firmware", "build", "x"], ["firmware", "burn", "x", "0=2.11"]],
)
def test_words_that_are_no_verb(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert "firmware build FILE COMPONENT=VERSION" in capsys.readouterr().err


@pytest.mark.parametrize("pair", ["8=2.11", "0=2", "0=128.00", "0=2.1", "0=2.11.1", "x"])
def test_pairs_that_are_none(pair: str) -> None:
    with pytest.raises(UsageError, match="no component and version"):
        make([pair], {})


@pytest.mark.parametrize(
    "given", [{"device": "256"}, {"product": "x"}, {"manufacturer": "-1"}, {"content": "/nowhere/x"}]
)
def test_options_that_are_none(given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        make(["0=2.11"], given)
