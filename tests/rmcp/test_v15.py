"""The v1.5 session wrapper."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.errors import DecodeError, EncodeError, TruncatedError
from baseboard.rmcp import v15
from tests.session_vectors import AUTH_TYPES, octets, vectors


@vectors("v15_session")
def test_a_whole_session_both_ways(given: dict[str, Any], expected: dict[str, Any]) -> None:
    password = octets(given["password"])
    for name, text in expected["datagrams"].items():
        data = octets(text)
        packet = v15.unwrap(data)
        assert packet.verify(password), name
        early = name.startswith(("auth_cap", "challenge"))
        assert packet.auth_type == (0 if early else AUTH_TYPES[given["alg"]])
        again = v15.wrap(packet.auth_type, packet.sequence, packet.session_id, packet.message, password)
        assert again == data, name


@pytest.mark.parametrize("auth_type", [1, 2, 4])
def test_another_password_does_not_verify(auth_type: int) -> None:
    data = v15.wrap(auth_type, 5, 0x1234, b"message", b"password")
    assert v15.unwrap(data).verify(b"password")
    assert not v15.unwrap(data).verify(b"Password")


@pytest.mark.parametrize("auth_type", [1, 2])
@pytest.mark.parametrize("place", [5, 9, 30])
def test_sequence_session_id_and_message_are_covered(auth_type: int, place: int) -> None:
    data = bytearray(v15.wrap(auth_type, 5, 0x1234, b"message", b"password"))
    data[place] ^= 1
    assert not v15.unwrap(bytes(data)).verify(b"password")


@pytest.mark.parametrize("auth_type", [0, 2])
def test_the_legacy_pad_is_ignored(auth_type: int) -> None:
    packet = v15.unwrap(v15.wrap(auth_type, 1, 2, b"message", b"pw") + b"\0")
    assert packet.message == b"message"
    assert packet.verify(b"pw")


def test_sizes() -> None:
    largest = v15.wrap(0, 1, 2, bytes(255))
    assert v15.unwrap(largest).message == bytes(255)
    with pytest.raises(EncodeError, match="of 256 bytes"):
        v15.wrap(0, 1, 2, bytes(256))
    for auth_type in (0, 2):
        whole = v15.wrap(auth_type, 1, 2, b"message")
        for size in range(len(whole)):
            with pytest.raises(TruncatedError):
                v15.unwrap(whole[:size])


@pytest.mark.parametrize(("place", "value"), [(0, 5), (3, 6), (3, 0x87), (4, 3), (4, 6), (4, 0x12)])
def test_other_packets(place: int, value: int) -> None:
    data = bytearray(v15.wrap(2, 1, 2, b"message"))
    data[place] = value
    with pytest.raises(DecodeError, match=r"not a v1\.5 packet"):
        v15.unwrap(bytes(data))


@drawn(st.binary(max_size=60), st.sampled_from([b"", b"\x06\0\xff\x07", b"\x06\0\xff\x07\x02"]))
def test_random_bytes(data: bytes, start: bytes) -> None:
    try:
        packet = v15.unwrap(start + data)
    except DecodeError:
        return
    if packet.auth_type in (1, 2):
        assert not packet.verify(b"password")
