"""What makes the pictures of README: where it runs the lab, and what it takes of a screen."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tools import make_pictures
from tools.terminal_picture import picture


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of loopback that somebody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        yield int(one.getsockname()[1])


def test_a_port_is_free_or_somebody_has_it(taken: int) -> None:
    assert not make_pictures.free(taken)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        left = int(one.getsockname()[1])
    assert make_pictures.free(left)


def test_the_lab_goes_where_all_its_ports_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_pictures, "free", lambda port: port not in (6230, 6241, 6252))
    assert make_pictures.place() == 6260


def test_without_free_ports_there_are_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_pictures, "free", lambda port: False)
    with pytest.raises(SystemExit, match="no 3 ports in a row"):
        make_pictures.place()


@pytest.mark.parametrize("name", ["lab", "ipmitool", "start"])
def test_the_pictures_are_there_and_of_one_kind(name: str) -> None:
    drawn = (make_pictures.PICTURES / f"{name}.svg").read_text(encoding="utf-8")
    frame = picture("", "", 92).partition("viewBox")[0]
    assert drawn.startswith(frame)
    assert drawn.endswith("</svg>\n")
