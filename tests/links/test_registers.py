"""Answers to requests that nobody waits for any more."""

from __future__ import annotations

from baseboard.links.registers import REMEMBERED, OneRequest, answer_head


def test_the_head_of_an_answer() -> None:
    assert answer_head(bytes.fromhex("1801FF")) == bytes.fromhex("1C01")
    assert answer_head(bytes.fromhex("1A33")) == bytes.fromhex("1E33")


def test_the_answer_is_wanted_once() -> None:
    one = OneRequest()
    assert not one.wanted(b"\x1c\x01\x00")
    one.sent(b"\x18\x01")
    assert not one.wanted(b"\x1c\x02\x00")
    assert not one.wanted(b"")
    assert one.wanted(b"\x1c\x01\x00")
    assert not one.wanted(b"\x1c\x01\x00")


def test_the_answer_to_a_request_that_was_given_up_is_dropped() -> None:
    one = OneRequest()
    one.sent(b"\x18\x01")
    one.give_up()
    one.give_up()
    one.sent(b"\x18\x01\xff")
    assert not one.wanted(b"\x1c\x01\x00first")
    assert one.wanted(b"\x1c\x01\x00second")


def test_a_controller_may_answer_the_second_request_first() -> None:
    one = OneRequest()
    one.sent(b"\x18\x34")
    one.give_up()
    one.sent(b"\x18\x01")
    assert one.wanted(b"\x1c\x01\x00")
    assert not one.wanted(b"\x1c\x34\x00")


def test_what_is_remembered_has_an_end() -> None:
    one = OneRequest()
    for number in range(REMEMBERED + 1):
        one.sent(bytes((0x18, number)))
        one.give_up()
    one.sent(b"\x18\x00")
    assert one.wanted(b"\x1c\x00\x00")
    one.sent(b"\x18\x01")
    assert not one.wanted(b"\x1c\x01\x00")
    one.clear()
    assert not one.wanted(b"\x1c\x01\x00")
    one.sent(b"\x18\x02")
    assert one.wanted(b"\x1c\x02\x00")
