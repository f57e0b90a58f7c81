"""Set Serial/Modem Mux, Serial/Modem Connection Active, Set Serial Routing Mux (§14.2, §25)."""

from __future__ import annotations

import pytest

from baseboard.bmc.context import Origin
from baseboard.bmc.services.serial_mux import ALWAYS, DISABLED, PRE_BOOT, SHARED
from baseboard.commands.transport.serial import (
    SerialModemConnectionActive,
    SetSerialModemMux,
    SetSerialRoutingMux,
)
from baseboard.rmcp.lan_message import wrap_request
from tests.conformance.marks import exercises
from tests.serial_benches import Line, shared

TRANSPORT, MUX, ACTIVE, ROUTING = 0x0C, 0x12, 0x18, 0x1C


def mux(line: Line, setting: int) -> int:
    """Byte 2 of the answer."""
    answer = line.bench.raw(TRANSPORT, MUX, bytes((2, setting)))
    assert answer[0] == 0
    return answer[1]


@exercises(SetSerialModemMux)
def test_25_3_requests_force_and_blocks() -> None:
    line = shared()
    assert mux(line, 0) == 0x00
    assert mux(line, 2) == 0x03
    assert mux(line, 5) & 0x80
    assert mux(line, 1) == 0x81  # rejected, and 00h all the same
    assert mux(line, 3) == 0x82
    assert mux(line, 7) & 0x40
    assert mux(line, 2) == 0xC0
    assert mux(line, 4) == 0xC3
    assert mux(line, 6) & 0x80 == 0
    assert mux(line, 8) & 0x40 == 0
    assert mux(line, 1) == 0x02
    assert line.bench.raw(TRANSPORT, MUX, b"\x02\x09") == b"\xcc"
    assert line.bench.raw(TRANSPORT, MUX, b"\x01\x00") == b"\xcc"


@exercises(SetSerialModemMux)
def test_25_3_operators_may_on_every_channel() -> None:
    line = shared()
    for channel in (1, 2):
        for level in (1, 2, 3, 4):
            answer = line.bench.raw(TRANSPORT, MUX, b"\x02\x00", origin=line.bench.origin(channel, level))
            assert answer == (b"\0\0" if level >= 3 else b"\xd4")
    assert line.bench.raw(TRANSPORT, MUX, b"\x02\x00", origin=Origin(0, local=True)) == b"\0\0"


@pytest.mark.parametrize(
    ("sharing", "access", "works", "rest"),
    [
        (False, DISABLED, False, 0),
        (False, PRE_BOOT, False, 1),
        (False, ALWAYS, False, 1),
        (False, SHARED, False, 1),
        (True, DISABLED, True, 0),
        (True, PRE_BOOT, True, 1),
        (True, ALWAYS, True, 1),
        (True, SHARED, True, 0),
    ],
)
@exercises(SetSerialModemMux)
def test_14_2_who_has_the_line_and_whether_it_can_be_switched(
    sharing: bool, access: int, works: bool, rest: int
) -> None:
    line = Line(sharing=sharing, access=access)
    assert mux(line, 0) & 1 == rest
    assert mux(line, 3) == (0x02 if works else rest)


@exercises(SetSerialModemMux)
def test_25_3_the_line_carries_what_the_mux_says() -> None:
    line = shared()
    line.host.say(b"login: ")
    assert line.cable.take() == b"login: "
    mux(line, 4)
    line.host.say(b"unseen")
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"
    mux(line, 3)
    line.cable.type(b"root\r")
    assert line.host.typed == b"root\r"


@exercises(SetSerialModemMux)
def test_25_3_a_reset_lifts_blocks() -> None:
    line = shared()
    power = line.bench.backend.power
    assert power is not None
    power.turn_on()
    mux(line, 7)
    power.reset()
    assert mux(line, 0) & 0x40 == 0


@exercises(SetSerialModemMux, SerialModemConnectionActive)
def test_25_9_a_console_acknowledges_a_switch() -> None:
    line = shared(ALWAYS)
    line.control(acknowledged_switch=True)
    line.basic.login()
    assert mux(line, 1) == 0x07
    told = line.basic.read(line.cable.take())
    assert [(one.netfn, one.cmd, one.data) for one in told] == [(0x0C, ACTIVE, b"\x02\x02")]
    line.bench.advance(0.07)
    again = line.basic.read(line.cable.take())
    assert len(again) == 3
    assert mux(line, 0) & 1
    (answer,) = line.basic.raw(wrap_request(TRANSPORT, ACTIVE, b"\x02\x02", 9))
    assert answer.data == b"\0"
    assert mux(line, 0) & 1 == 0


@exercises(SetSerialRoutingMux)
def test_25_13_a_line_routed_past_the_bmc_is_out_of_its_reach() -> None:
    line = shared(ALWAYS)
    assert line.bench.raw(TRANSPORT, ROUTING, b"\x02\x80") == b"\0\0"
    assert line.bench.raw(TRANSPORT, ROUTING, b"\x02\x01") == b"\0\x01"
    assert line.cable.type(b"\x1b([SYS TMODE]\r") == b""
    assert line.host.typed == b"\x1b([SYS TMODE]\r"
    assert line.bench.raw(TRANSPORT, ROUTING, b"\x02\x02") == b"\xc9"
    assert line.bench.reopen().raw(TRANSPORT, ROUTING, b"\x02\x80") == b"\0\x01"


@exercises(SetSerialRoutingMux)
def test_25_13_only_administrators_route() -> None:
    line = shared()
    for level in (2, 3, 4):
        origin = line.bench.origin(1, level)
        answer = line.bench.raw(TRANSPORT, ROUTING, b"\x02\x00", origin=origin)
        assert answer == (b"\0\0" if level == 4 else b"\xd4")
