"""Basic Mode in both roles: framing, escapes, handshakes, and what becomes of broken messages."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.serial_basic import (
    CODES,
    ESCAPE,
    HANDSHAKE,
    START,
    STOP,
    BasicConsole,
    BasicController,
    BasicMode,
    Phase,
    Seen,
    frame,
)

MESSAGE = bytes.fromhex("20 18 c8 81 04 01 7a")


def test_each_special_character_is_escaped_as_the_table_says() -> None:
    assert frame(bytes.fromhex("01 a0 a5 a6 aa 1b b0")) == bytes.fromhex(
        "a0 01 aab0 aab5 aab6 aaba aa3b b0 a5"
    )
    assert frame(MESSAGE) == bytes.fromhex("a0 20 18 c8 81 04 01 7a a5")


@given(
    messages=st.lists(st.binary(max_size=60), max_size=5), cut=st.integers(1, 20), noise=st.binary(max_size=9)
)
def test_what_one_end_sends_the_other_takes(messages: list[bytes], cut: int, noise: bytes) -> None:
    """However the bytes are cut, and whatever stands between the messages that starts none."""
    console, controller = BasicConsole(), BasicController()
    between = bytes(byte for byte in noise if byte != START)
    for message in messages:
        console.send(message, 0.0)
        out = b"".join(console.outgoing()) + between
        for start in range(0, len(out), cut):
            controller.receive(out[start : start + cut], 0.0)
        assert controller.events() == [message]
        console.receive(b"".join(controller.outgoing()), 0.0)
    assert (console.events(), controller.dropped) == ([], 0)


def test_every_pair_of_phase_and_byte_has_a_row() -> None:
    """Between messages nothing is ever too much."""
    missing = {pair for pair in itertools.product(Phase, Seen) if pair not in BasicMode.TABLE}
    assert missing == {(Phase.OUTSIDE, Seen.TOO_MUCH)}


@pytest.mark.parametrize(
    ("sent", "dropped"),
    [
        pytest.param("a0 01 a0 02 a5", 1, id="a start inside a message begins another"),
        pytest.param("a0 01 aa a0 02 a5", 1, id="also behind an escape"),
        pytest.param("a0 01 aa 01 03 a5 a0 02 a5", 1, id="no such escape"),
        pytest.param("a0 01 aa aa b0 a5 a0 02 a5", 1, id="an escape behind an escape"),
        pytest.param("a0 01 aa a6 b0 a5 a0 02 a5", 1, id="a handshake behind an escape"),
        pytest.param("a0 01 aa a5 a0 02 a5", 1, id="an end behind an escape"),
        pytest.param("a0 01 02 03 04 05 a5 a0 02 a5", 1, id="too long"),
        pytest.param("a0 01 02 03 04 aa b0 a5 a0 02 a5", 1, id="too long by an escaped byte"),
        pytest.param("01 aa b0 a5 a6 a0 02 a5", 0, id="noise between messages"),
        pytest.param("a0 a6 02 a6 a5", 0, id="handshakes inside a message"),
    ],
)
def test_a_broken_message_is_dropped_and_the_next_one_taken(sent: str, dropped: int) -> None:
    for end in (BasicConsole(4), BasicController(4)):
        end.receive(bytes.fromhex(sent), 0.0)
        assert (end.events(), end.dropped, end.phase) == ([b"\x02"], dropped, Phase.OUTSIDE)
        assert end.events() == []


def test_the_longest_message_is_taken() -> None:
    controller = BasicController(4)
    controller.receive(bytes.fromhex("a0 01 02 03 b0 a5"), 0.0)
    assert controller.events() == [bytes.fromhex("010203b0")]


def test_the_controller_says_after_every_message_that_it_has_room() -> None:
    controller = BasicController()
    for sent in (frame(MESSAGE), bytes((START, 1, ESCAPE, STOP)), bytes((STOP,))):
        controller.receive(sent, 0.0)
        assert controller.outgoing() == [bytes((HANDSHAKE,))]
    controller.receive(bytes((HANDSHAKE,)), 0.0)  # consoles send none
    controller.send(b"\xa0")
    assert controller.outgoing() == [bytes.fromhex("a0 aab0 a5")]
    assert controller.deadline() is None
    controller.expire(9.0)
    assert controller.outgoing() == []


def test_the_console_waits_for_room_or_for_an_answer() -> None:
    console = BasicConsole(patience=1.0)
    for message in (b"\x01", b"\x02", b"\x03"):
        console.send(message, 0.0)
    assert console.outgoing() == [frame(b"\x01")]
    assert console.deadline() == 1.0
    console.receive(bytes((HANDSHAKE,)), 0.5)
    assert console.outgoing() == [frame(b"\x02")]
    console.receive(frame(b"\x77"), 0.6)
    assert (console.outgoing(), console.events()) == ([frame(b"\x03")], [b"\x77"])
    console.send(b"\x04", 0.7)
    console.expire(1.6)
    assert console.outgoing() == [frame(b"\x04")]


def test_the_special_characters_are_five() -> None:
    assert sorted(CODES) == [0x1B, START, STOP, HANDSHAKE, ESCAPE]
