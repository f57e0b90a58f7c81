"""An image as ``hpm`` looks at it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from baseboard.cli.ipmitool.hpm_file import Action, BadRecord, ImageFile, open_image
from baseboard.cli.ipmitool.hpm_link import Link
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.upgrading import write

HEADER = 35


def sealed(data: bytes) -> bytes:
    return data + hashlib.md5(data, usedforsecurity=False).digest()


def opened(path: Path, data: bytes) -> tuple[ImageFile | None, str, str]:
    path.write_bytes(data)
    stage = Stage({})
    return open_image(Link(stage.call), str(path)), stage.out, stage.err


@pytest.fixture
def image(tmp_path: Path) -> bytes:
    """The bytes of an image, without its sum."""
    return Path(write(tmp_path, "0=4.21", "1=1.02")).read_bytes()[:-16]


def test_an_image(tmp_path: Path, image: bytes) -> None:
    found, out, err = opened(tmp_path / "x", sealed(image))
    assert (out, err) == ("Validating firmware image integrity...OK\n", "")
    assert found is not None
    assert (found.device_id, found.components, found.earliest) == (0x20, 3, (0, 0))
    prepare, first, second = found.actions()
    assert prepare == Action(1, 3)
    assert (first.number, first.version, second.number) == (0, bytes((4, 0x21, 0, 0, 0, 0)), 1)
    assert first.data.startswith(b"BBSIMFW")


@pytest.mark.parametrize(
    ("place", "value", "text"),
    [
        (0, 0, "Invalid image signature"),
        (8, 1, "Unrecognized image version"),
        (9, 0x21, "Invalid header checksum"),
        (33, 0xFF, "Invalid header checksum"),
    ],
)
def test_a_header_that_is_none(tmp_path: Path, image: bytes, place: int, value: int, text: str) -> None:
    data = bytearray(image)
    data[place] = value
    assert opened(tmp_path / "x", sealed(bytes(data)))[2] == f"\n    {text}\n"


@pytest.mark.parametrize("data", [b"", bytes(60)])
def test_a_file_that_is_none(tmp_path: Path, data: bytes) -> None:
    assert opened(tmp_path / "x", data) == (
        None, "Validating firmware image integrity...", "\n    Invalid MD5 signature\n"
    )  # fmt: skip


def test_no_file() -> None:
    for name, shown in ((None, "(null)"), ("/nowhere/x", "/nowhere/x"), ("a\0b", "a\0b")):
        stage = Stage({})
        assert open_image(Link(stage.call), name) is None
        assert stage.err == f"Cannot open image file '{shown}'\n"


@pytest.mark.parametrize(
    ("tail", "text"),
    [
        (b"\x00\x01\x00", "    Invalid Action record."),
        (b"\x00\x01", "    Invalid Action record."),
        (b"\x03\x01\xfc", "    Invalid Action type. Cannot continue"),
        (b"\x02\x01\xfd", "    Invalid Action record."),
        (b"\x02\x01\xfd" + bytes(27) + b"\x09\0\0\0" + bytes(8), "    Invalid Action record."),
        (b"\x02\x01\x00" + bytes(31), "    Invalid Action record."),
    ],
)
def test_an_action_that_is_none(image: bytes, tail: bytes, text: str) -> None:
    found = ImageFile(sealed(image[:HEADER] + tail))
    with pytest.raises(BadRecord, match=r"Invalid Action") as caught:
        list(found.actions())
    assert caught.value.complaint == text


def test_the_checksum_of_an_upload_may_take_in_what_follows_it(image: bytes) -> None:
    middle = bytes(27) + b"\x01\0\0\0"
    head = b"\x02\x01"
    (found,) = ImageFile(
        sealed(image[:HEADER] + head + bytes((-sum(head + middle) & 0xFF,)) + middle + b"x")
    ).actions()
    assert found.data == b"x"
