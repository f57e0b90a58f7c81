"""Codecs lose nothing and refuse what they cannot write."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.wire import BCD, BE, TEXT, Codec, Steps
from baseboard.wire.codecs import natural


def test_bcd_is_text() -> None:
    assert BCD.decode(0x45) == "45"
    assert BCD.decode(0xFF) == "ff"
    assert BCD.encode("FF") == 0xFF
    assert isinstance(BCD, Codec)
    for raw in range(256):
        assert BCD.encode(BCD.decode(raw)) == raw


@pytest.mark.parametrize("value", ["", "4", "456", " 4", "+1", "zz"])
def test_bcd_needs_two_digits(value: str) -> None:
    with pytest.raises(ValueError, match="two digits"):
        BCD.encode(value)


def test_big_endian() -> None:
    port = BE.bind(2)
    assert port.decode(b"\x02\x6f") == 623
    assert port.encode(623) == b"\x02\x6f"
    with pytest.raises(OverflowError):
        port.encode(65536)
    with pytest.raises(ValueError, match="known size"):
        BE.bind(None)


@given(st.binary(max_size=16))
def test_padded_text_loses_nothing(raw: bytes) -> None:
    name = TEXT.bind(16)
    assert name.encode(name.decode(raw.ljust(16, b"\0"))) == raw.ljust(16, b"\0")
    whole = TEXT.bind(None)
    assert whole.encode(whole.decode(raw)) == raw


@pytest.mark.parametrize("value", ["seventeen letters", "ends in\0"])
def test_padded_text_that_would_not_come_back(value: str) -> None:
    with pytest.raises(ValueError, match="at most 16"):
        TEXT.bind(16).encode(value)


def test_text_beyond_latin_1() -> None:
    with pytest.raises(ValueError, match="latin-1"):
        TEXT.bind(16).encode("\u20ac")


def test_steps() -> None:
    interval = Steps(100, 50)
    assert interval.decode(3) == 350
    assert interval.encode(350) == 3
    with pytest.raises(ValueError, match="multiple of 100"):
        interval.encode(300)


@pytest.mark.parametrize("address", [IPv4Address("192.0.2.7"), IPv6Address("2001:db8::7")])
def test_addresses(address: IPv4Address | IPv6Address) -> None:
    codec = natural(type(address))
    assert codec is not None
    assert codec.decode(address.packed) == address
    assert codec.encode(address) == address.packed
    with pytest.raises(TypeError, match="is no IPv"):
        codec.encode("192.0.2.7")


def test_other_types_need_a_codec_that_is_named() -> None:
    assert natural(int) is None
    assert natural(IPv4Network) is None


def test_an_address_has_its_size() -> None:
    codec = natural(IPv4Address)
    assert codec is not None
    assert codec.bind(4) is codec  # type: ignore[attr-defined]  # bind is optional in the protocol
    with pytest.raises(ValueError, match="takes 4 bytes"):
        codec.bind(6)
