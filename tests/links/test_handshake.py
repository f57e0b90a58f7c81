"""Messages wait for room, and not for ever."""

from __future__ import annotations

from baseboard.links.handshake import Handshake


def test_the_second_message_waits_for_the_handshake() -> None:
    handshake = Handshake(expected=True, patience=2.0)
    handshake.send(b"a", 0.0)
    handshake.send(b"b", 0.5)
    assert handshake.outgoing() == [b"a"]
    assert handshake.deadline() == 2.0
    handshake.seen(0.6)
    assert handshake.outgoing() == [b"b"]
    assert handshake.deadline() is None


def test_a_handshake_that_does_not_come_counts_as_come() -> None:
    handshake = Handshake(expected=True, patience=2.0)
    for frame in (b"a", b"b", b"c"):
        handshake.send(frame, 0.0)
    handshake.expire(1.9)
    assert handshake.outgoing() == [b"a"]
    handshake.expire(2.0)
    assert (handshake.outgoing(), handshake.deadline()) == ([b"b"], 4.0)
    handshake.send(b"d", 9.0)
    assert (handshake.outgoing(), handshake.deadline()) == ([b"c"], 11.0)


def test_an_answer_says_that_there_is_room() -> None:
    handshake = Handshake(expected=True)
    handshake.send(b"a", 0.0)
    handshake.send(b"b", 0.0)
    handshake.room(0.1)
    assert handshake.outgoing() == [b"a", b"b"]


def test_handshakes_are_waited_for_only_once_one_was_seen() -> None:
    handshake = Handshake(expected=False)
    handshake.send(b"a", 0.0)
    handshake.send(b"b", 0.0)
    assert handshake.outgoing() == [b"a", b"b"]
    handshake.seen(0.1)
    assert handshake.expected
    handshake.send(b"c", 0.2)
    handshake.send(b"d", 0.2)
    assert handshake.outgoing() == [b"c"]
