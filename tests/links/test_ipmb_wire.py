"""An IPMB over a stream: its messages, in pieces and broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import RemoteProtocolError
from baseboard.links.ipmb import Written
from baseboard.links.ipmb_wire import (
    MOST,
    HandOver,
    Hello,
    Leave,
    Message,
    Refuse,
    Roster,
    Sit,
    Stream,
    Write,
    encoded,
)

ALL: list[Message] = [
    Hello(),
    Sit(0x82),
    Leave(0x82),
    Write(b"\x82 frame"),
    Roster(Written.NAK, b"\x20\x82"),
    Roster(Written.DONE, b""),
    HandOver(0x20, b"\x20 frame"),
    Refuse(0x20),
]


def test_a_message_on_the_stream() -> None:
    assert encoded(Hello()) == b"\0\x06\0IPMB\x01"
    assert encoded(HandOver(0x20, b"\x20\x18")) == b"\0\x04\x05\x20\x20\x18"


@given(st.integers(1, 20))
def test_messages_come_in_pieces(size: int) -> None:
    data = b"".join(map(encoded, ALL))
    stream = Stream()
    heard: list[Message] = []
    for start in range(0, len(data), size):
        heard += stream.receive(data[start : start + size])
    assert heard == ALL


@pytest.mark.parametrize(
    "wrong",
    [
        b"\0\0",
        (MOST + 1).to_bytes(2, "big"),
        b"\0\x01\x63",
        b"\0\x01\x01",
        b"\0\x03\x01\x82\x84",
        b"\0\x01\x03",
        b"\0\x01\x04",
        b"\0\x02\x04\x01",
        b"\0\x02\x05\x20",
        b"\0\x06\0IPMB\x02",
    ],
)
def test_what_cannot_be_understood_ends_it(wrong: bytes) -> None:
    stream = Stream()
    stream.receive(encoded(Hello()))
    with pytest.raises(RemoteProtocolError):
        stream.receive(wrong)


def test_without_a_greeting_nothing_is_heeded() -> None:
    stream = Stream()
    with pytest.raises(RemoteProtocolError, match="no greeting"):
        stream.receive(encoded(Sit(0x82)))
    assert not stream.greeted


@given(st.binary(max_size=600))
def test_whatever_comes_is_understood_or_refused(data: bytes) -> None:
    stream = Stream()
    stream.receive(encoded(Hello()))
    try:
        messages = stream.receive(data)
    except RemoteProtocolError:
        return
    assert b"".join(map(encoded, messages)) == data[: sum(len(encoded(one)) for one in messages)]
