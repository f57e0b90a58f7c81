"""Callback and the options of users about it (§25.10-25.12)."""

from __future__ import annotations

from baseboard.commands.transport.serial import Callback, GetUserCallbackOptions, SetUserCallbackOptions
from tests.conformance.marks import exercises
from tests.serial_benches import NUMBER, Exchange, Far, basic
from tests.serial_line import bench

TRANSPORT, CALLBACK, SET, GET = 0x0C, 0x19, 0x1A, 0x1B


@exercises(Callback)
def test_25_10_the_bmc_hangs_up_calls_back_and_waits_for_a_login() -> None:
    there = Exchange()
    console = Far()
    there.modem.network[NUMBER] = console
    far = there.call()
    line = basic(far)
    assert line.login(privilege=1)[0] == 0
    assert line.ask(TRANSPORT, CALLBACK, b"\x0e\x01") == b"\0"
    there.bench.advance(10.0)
    assert (far.connected, console.connected) == (False, True)
    assert basic(console).login()[0] == 0


@exercises(Callback)
def test_25_10_refusals() -> None:
    there = Exchange()
    ask = there.bench.raw
    assert ask(TRANSPORT, CALLBACK, b"\x02\x02") == b"\xcc"  # a page
    assert ask(TRANSPORT, CALLBACK, b"\x02\x0f") == b"\xc9"
    assert ask(TRANSPORT, CALLBACK, b"\x01\x01") == b"\xcc"
    user = there.bench.origin(1, 2)
    assert ask(TRANSPORT, CALLBACK, b"\x02\x01", origin=user) == b"\xd4"
    other = there.bench.origin(1, 4, user_id=3)
    assert ask(TRANSPORT, CALLBACK, b"\x02\x01", origin=other) == b"\xd4"
    there.serial.mux.alerting = True
    assert ask(TRANSPORT, CALLBACK, b"\x02\x01") == b"\x81"
    there.serial.mux.alerting = False
    basic(there.call()).login()
    assert ask(TRANSPORT, CALLBACK, b"\x02\x01") == b"\x82"
    assert ask(TRANSPORT, CALLBACK, b"\x02") == b"\xc7"


@exercises(SetUserCallbackOptions, GetUserCallbackOptions, Callback)
def test_25_11_options_decide_who_is_called_back_and_survive_the_bmc() -> None:
    there = Exchange()
    ask = there.bench.raw
    operator = there.bench.origin(1, 3, user_id=3)
    assert ask(TRANSPORT, GET, b"\x03\x02") == bytes.fromhex("00 00 00 ff ff ff")
    assert ask(TRANSPORT, CALLBACK, b"\x02\x01", origin=operator) == b"\xd4"
    assert ask(TRANSPORT, SET, bytes.fromhex("03 02 01 00 01 ff ff")) == b"\0"
    assert ask(TRANSPORT, GET, b"\x03\x02") == bytes.fromhex("00 01 00 01 ff ff")
    assert ask(TRANSPORT, CALLBACK, b"\x02\x01", origin=operator) == b"\0"
    there.bench.advance(5.0)
    assert there.modem.dialled == [NUMBER]
    again = there.bench.reopen()
    assert again.raw(TRANSPORT, GET, b"\x03\x02") == bytes.fromhex("00 01 00 01 ff ff")


@exercises(SetUserCallbackOptions, GetUserCallbackOptions)
def test_25_11_who_may_and_which_users() -> None:
    made = bench()
    options = bytes.fromhex("02 02 01 00 ff ff ff")
    for level in (2, 3, 4):
        origin = made.origin(1, level)
        assert made.raw(TRANSPORT, SET, options, origin=origin) == (b"\0" if level == 4 else b"\xd4")
        assert made.raw(TRANSPORT, GET, b"\x02\x02", origin=origin)[0] == 0
    assert made.raw(TRANSPORT, GET, b"\x02\x02", origin=made.origin(1, 1)) == b"\xd4"
    for user in (0, 1, 16):
        assert made.raw(TRANSPORT, SET, bytes((user,)) + options[1:]) == b"\xcc"
        assert made.raw(TRANSPORT, GET, bytes((user, 2))) == b"\xcc"
    assert made.raw(TRANSPORT, SET, bytes.fromhex("02 02 01 00 09 ff ff")) == b"\xcc"
    assert made.raw(TRANSPORT, SET, options[:-1]) == b"\xc7"
