"""Where many BMCs listen."""

from __future__ import annotations

import pytest

from baseboard.bmc.configuration.endpoints import endpoints, is_loopback, parsed
from baseboard.bmc.server import Place
from baseboard.errors import TransportError


def test_a_port_each() -> None:
    assert endpoints("127.0.0.1", 6230, 3) == [Place("127.0.0.1", port) for port in (6230, 6231, 6232)]
    assert endpoints("::1", 65535, 1) == [Place("::1", 65535)]


def test_any_port_each() -> None:
    assert endpoints("127.0.0.1", 0, 3) == [Place("127.0.0.1", 0)] * 3


def test_an_address_each() -> None:
    made = endpoints("127.0.0.1", 623, 1000, "addresses")
    assert len({place.host for place in made}) == 1000
    assert {place.port for place in made} == {623}
    assert all(place.shared for place in made)
    assert made[0].host == "127.0.0.1"
    assert made[253].host == "127.0.0.254"
    assert made[254].host == "127.0.1.1", "neither .255 nor .0"
    assert not [place for place in made if place.host.endswith((".0", ".255"))]


def test_addresses_begin_where_they_are_told_to() -> None:
    hosts = [place.host for place in endpoints("127.3.2.254", 0, 2, "addresses")]
    assert hosts == ["127.3.2.254", "127.3.3.1"]


@pytest.mark.parametrize(
    ("host", "port", "count", "spread", "words"),
    [
        ("127.0.0.1", 65535, 2, "ports", "2 ports from 65535 on go beyond 65535"),
        ("127.255.255.254", 0, 2, "addresses", "2 addresses from 127.255.255.254 on go beyond the loopback"),
        ("10.0.0.1", 0, 2, "addresses", "only addresses of the loopback network"),
        ("::1", 0, 2, "addresses", "only addresses of the loopback network"),
        ("localhost", 0, 1, "ports", "'localhost' is no IP address"),
    ],
)
def test_there_are_not_always_so_many(host: str, port: int, count: int, spread: str, words: str) -> None:
    with pytest.raises(TransportError, match=words):
        endpoints(host, port, count, spread)  # type: ignore[arg-type]  # one of two words


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.8.7", True), ("::1", True), ("192.0.2.1", False), ("fe80::1%lo", False)],
)
def test_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_a_zone_is_no_part_of_the_address() -> None:
    assert str(parsed("fe80::1%eth0")) == "fe80::1"
