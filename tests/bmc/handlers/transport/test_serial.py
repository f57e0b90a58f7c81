"""Answers to the commands of a serial channel (§25.1-25.4, §25.9-25.13)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.serial import CallbackSpec, SerialSpec
from baseboard.bmc.services.serial_mux import SHARED
from baseboard.commands.app.sessions import SerialActivity
from baseboard.commands.parameters.serial import CallbackKinds, SessionInactivityTimeout
from baseboard.commands.transport.serial import (
    Callback,
    GetSerialModemConfiguration,
    GetTapResponseCodes,
    GetUserCallbackOptions,
    MuxSetting,
    SetSerialModemConfiguration,
    SetSerialModemMux,
    SetSerialRoutingMux,
    SetUserCallbackOptions,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown
from tests.bmc.harness import Bench
from tests.serial_line import bench


def code(made: Bench, request: Any, **origin: Any) -> int:
    try:
        made.execute(request, **origin)
    except CompletionError as error:
        return int(error.code)
    return 0


REQUESTS = [
    SetSerialModemConfiguration(channel=1, parameter=SessionInactivityTimeout(timeout=3)),
    GetSerialModemConfiguration(channel=1, selector=4),
    SetSerialModemMux(channel=1),
    GetTapResponseCodes(channel=1),
    Callback(channel=1, destination=1),
    SetUserCallbackOptions(channel=1, user_id=2, kinds=CallbackKinds(0)),
    GetUserCallbackOptions(channel=1, user_id=2),
    SetSerialRoutingMux(channel=1),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: type(one).__name__)
def test_25_1_another_channel_is_none_of_this_medium(request_: Any) -> None:
    assert code(bench(), request_) == 0xCC
    assert code(bench(), request_.replace(channel=9)) == 0xCC
    assert code(bench(serial=None), request_.replace(channel=2)) == 0xCC


def test_25_1_25_2_parameters_are_written_and_read() -> None:
    made = bench()
    assert (
        code(made, SetSerialModemConfiguration(channel=2, parameter=SessionInactivityTimeout(timeout=3))) == 0
    )
    assert made.execute(GetSerialModemConfiguration(channel=2, selector=4)).data == b"\x03"
    revision = made.execute(GetSerialModemConfiguration(channel=2, selector=4, revision_only=True))
    assert (revision.revision, revision.data) == (0x11, b"")
    for selector in (55, 200):
        unknown = Unknown(selector=selector, raw=b"\0")
        assert code(made, SetSerialModemConfiguration(channel=2, parameter=unknown)) == 0x80
        for only in (False, True):
            request = GetSerialModemConfiguration(channel=2, selector=selector, revision_only=only)
            assert code(made, request) == 0x80


def test_25_3_the_answer_tells_how_things_are() -> None:
    made = bench(serial=SerialSpec(sharing=True, access=SHARED))
    assert made.raw(0x0C, 0x12, b"\x02\x00") == b"\0\x00"
    assert made.raw(0x0C, 0x12, b"\x02\x04") == b"\0\x03"
    assert made.raw(0x0C, 0x12, b"\x02\x05") == b"\0\x83"
    assert made.raw(0x0C, 0x12, b"\x02\x01") == b"\0\x81"
    assert made.raw(0x0C, 0x12, b"\x02\x07") == b"\0\xc3"
    made.services.serial.mux.alerting = made.services.serial.mux.messaging = True
    assert made.raw(0x0C, 0x12, b"\x02\x00") == b"\0\xcd"
    assert made.raw(0x0C, 0x12, b"\x02\x09") == b"\xcc"
    assert code(made, SetSerialModemMux(channel=2, setting=MuxSetting.GET_STATUS)) == 0


def test_25_4_no_page_no_codes() -> None:
    made = bench()
    assert made.raw(0x0C, 0x13, b"\x02") == b"\0" + b"000" * 5
    made.services.serial.page_answered(b"211")
    assert made.raw(0x0C, 0x13, b"\x02") == b"\0" + b"211" + b"000" * 4


def test_25_9_a_console_may_acknowledge() -> None:
    made, told = bench(), list[str]()
    origin = made.origin(2)
    assert made.raw(0x0C, 0x18, b"\x02\x02", origin=origin) == b"\0"

    class Link:
        ready = True

        def acknowledged(self) -> None:
            told.append("yes")

        def call_back(self, destination: int, info: object) -> None:
            told.append(f"call {destination}")

    made.services.serial.link = Link()
    assert made.raw(0x0C, 0x18, b"\x02\x02", origin=origin) == b"\0"
    assert told == ["yes"]
    assert made.raw(0x0C, 0x18, b"\x02\x02") == b"\xcc"  # not over the system interface


class Dialler:
    """A link that notes what it is asked to call."""

    def __init__(self) -> None:
        self.ready = True
        self.called: list[int] = []

    def acknowledged(self) -> None:
        """Nobody asks."""

    def call_back(self, destination: int, info: object) -> None:
        self.called.append(destination)


def dialling() -> tuple[Bench, Dialler]:
    made, link = bench(serial=SerialSpec(callbacks=(CallbackSpec(2, "5550142"),))), Dialler()
    made.services.serial.link = link
    return made, link


def test_25_10_every_level_but_user_may_have_itself_called_back() -> None:
    made, link = dialling()
    callback = Callback(channel=2, destination=1)
    assert code(made, callback, channel=1, privilege=2) == 0xD4
    for level in (1, 3, 4):
        assert code(made, callback, channel=1, privilege=level) == 0
    assert code(made, callback) == 0
    assert link.called == [1] * 4
    assert made.services.serial.activity == SerialActivity.CALLBACK


def test_25_10_what_stands_in_the_way() -> None:
    made, link = dialling()
    callback, mux = Callback(channel=2, destination=1), made.services.serial.mux
    assert code(made, Callback(channel=2, destination=2)) == 0xCC
    mux.messaging = True
    assert code(made, callback, channel=1, privilege=4) == 0x82
    assert code(made, callback, channel=2, privilege=4) == 0  # its own session ends for it
    mux.messaging, mux.alerting = False, True
    assert code(made, callback) == 0x81
    mux.alerting, link.ready = False, False
    assert code(made, callback) == 0xD5
    made.services.serial.link = None
    assert code(made, callback) == 0xD5


def test_25_11_25_12_options() -> None:
    made = bench()
    assert made.raw(0x0C, 0x1B, b"\x02\x02") == bytes.fromhex("00 00 00 ff ff ff")
    assert made.raw(0x0C, 0x1A, bytes.fromhex("02 02 01 02 01 ff ff")) == b"\0"
    assert made.raw(0x0C, 0x1B, b"\x02\x02") == bytes.fromhex("00 01 02 01 ff ff")
    assert made.raw(0x0C, 0x1B, b"\x01\x02") == b"\xcc"


def test_25_13_the_routing_is_told_and_changed() -> None:
    made = bench()
    assert made.raw(0x0C, 0x1C, b"\x02\x81") == b"\0\0"
    assert made.raw(0x0C, 0x1C, b"\x02\x01") == b"\0\x01"
    assert made.raw(0x0C, 0x1C, b"\x02\x80") == b"\0\x01"
    assert made.raw(0x0C, 0x1C, b"\x02\x02") == b"\xc9"
