"""Sockets without a password: on this machine, unless a file says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.configuration.sockets import check_socket
from baseboard.bmc.configuration.spots import Spot
from baseboard.errors import ConfigurationError

SPOT = Spot(Path("bmc.toml"), 'bus = "there"\n') / "bus"


@pytest.mark.parametrize("place", ["unix:bus", "tcp:127.0.0.1:7000", "tcp:[::1]:7000"])
def test_on_this_machine(place: str) -> None:
    check_socket(place, SPOT, exposed=False, stranger="anybody")


def test_who_says_so_can_be_reached_from_elsewhere() -> None:
    check_socket("tcp:192.0.2.1:7000", SPOT, exposed=True, stranger="anybody")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("unix:", "no place"),
        ("tcp:nobody:1", "no IP address"),
        ("tcp:127.0.0.1:0", "port 0"),
        ("tcp:192.0.2.1:7000", "can be anybody, without a password"),
    ],
)
def test_places_that_cannot_be(place: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_socket(place, SPOT, exposed=False, stranger="anybody")
    assert words in str(caught.value)
