"""Presence ping and pong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.errors import DecodeError, TruncatedError
from baseboard.rmcp import asf
from tests.session_vectors import octets, vectors


@vectors("asf_ping")
def test_ping_and_pong(given: dict[str, Any], expected: dict[str, Any]) -> None:
    ping, pong = asf.Ping(given["tag"]), asf.Pong(given["tag"])
    assert ping.encode().hex() == expected["ping"]
    assert pong.encode().hex() == expected["pong_ipmi"]
    assert asf.decode(octets(expected["ping"])) == ping
    assert asf.decode(octets(expected["pong_ipmi"])) == pong
    assert pong.supports_ipmi


def test_pong_of_another_kind_of_device() -> None:
    pong = asf.Pong(tag=7, entities=0x01, interactions=0xA0, iana=343, oem_defined=b"abcd")
    assert asf.decode(pong.encode()) == pong
    assert not pong.supports_ipmi
    assert pong.encode()[12:16] == b"\x00\x00\x01\x57"


@pytest.mark.parametrize(
    "data",
    [
        "0600ff07000011be802a0000",
        "0500ff06000011be802a0000",
        "0600ff06000011bf802a0000",
        "0600ff06000011be812a0000",
    ],
    ids=["class IPMI", "version", "IANA", "capabilities request"],
)
def test_other_messages_are_ignored(data: str) -> None:
    with pytest.raises(DecodeError):
        asf.decode(octets(data))


@pytest.mark.parametrize("size", [0, 4, 11])
def test_ping_cut_off(size: int) -> None:
    with pytest.raises(TruncatedError):
        asf.decode(asf.Ping(1).encode()[:size])


def test_pong_cut_off() -> None:
    whole = asf.Pong(1).encode()
    for size in range(12, len(whole)):
        with pytest.raises(TruncatedError, match="presence pong"):
            asf.decode(whole[:size])
    with pytest.raises(TruncatedError):
        asf.decode(whole[:11] + b"\x0f" + whole[12:])


@drawn(st.binary(max_size=40), st.booleans())
def test_random_bytes(data: bytes, headed: bool) -> None:
    try:
        asf.decode(asf.Ping(1).encode()[:8] + data if headed else data)
    except DecodeError:
        return
