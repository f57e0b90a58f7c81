"""Set and Get Serial/Modem Configuration: who may, what is refused, what it does (§25.1, §25.2)."""

from __future__ import annotations

import pytest

from baseboard.bmc.context import Origin
from baseboard.commands.app.channels import GetChannelInfo, SetChannelAccess
from baseboard.commands.app.sessions import ActivateSession, GetSessionChallenge, GetSessionInfo
from baseboard.commands.app.users import GetUserAccess, SetUserAccess
from baseboard.commands.transport.serial import GetSerialModemConfiguration, SetSerialModemConfiguration
from tests.conformance.marks import exercises
from tests.serial_benches import Line
from tests.serial_line import bench

TRANSPORT, SET, GET = 0x0C, 0x10, 0x11
CHANNEL = 2


def put(line: Line, data: str) -> bytes:
    return line.bench.raw(TRANSPORT, SET, bytes((CHANNEL,)) + bytes.fromhex(data))


def get(line: Line, selector: int, set_selector: int = 0, block: int = 0) -> bytes:
    return line.bench.raw(TRANSPORT, GET, bytes((CHANNEL, selector, set_selector, block)))


@exercises(SetSerialModemConfiguration, GetSerialModemConfiguration)
def test_25_1_set_needs_administrator_and_get_operator_on_every_channel() -> None:
    line = Line()
    wanted = bytes.fromhex("02 04 03")
    for channel in (1, CHANNEL):
        for level in (1, 2, 3, 4):
            origin = line.bench.origin(channel, level)
            assert line.bench.raw(TRANSPORT, SET, wanted, origin=origin) == (b"\0" if level == 4 else b"\xd4")
            answer = line.bench.raw(TRANSPORT, GET, b"\x02\x04\0\0", origin=origin)
            assert answer[:2] == (b"\0\x11" if level >= 3 else b"\xd4")
    ipmb = Origin(0, local=True)
    assert line.bench.raw(TRANSPORT, SET, wanted, origin=ipmb) == b"\0"
    assert line.bench.raw(TRANSPORT, GET, b"\x02\x04\0\0") == b"\0\x11\x03"


@exercises(SetSerialModemConfiguration, GetSerialModemConfiguration)
def test_25_1_completion_codes() -> None:
    line = Line()
    assert put(line, "37 00") == b"\x80"
    assert get(line, 0x37) == b"\x80"
    assert put(line, "c8 00") == b"\x80"
    assert put(line, "00 01") == b"\0"
    assert put(line, "00 01") == b"\x81"
    assert put(line, "10 01") == b"\x82"
    assert get(line, 26, 1) == b"\x83"
    assert put(line, "07 00 0b") == b"\xc9"
    assert get(line, 17, 15) == b"\xc9"
    assert put(line, "07 00") == b"\xc7"
    assert line.bench.raw(TRANSPORT, GET, b"\x02\x04\0") == b"\xc7"
    assert line.bench.raw(TRANSPORT, GET, b"\x01\x04\0\0") == b"\xcc"
    assert line.bench.raw(TRANSPORT, GET, b"\x82\x04\0\0") == b"\0\x11"
    assert put(line, "03 80") == b"\0"
    assert put(line, "21 03") == b"\xcc"  # MS-CHAP


@exercises(SetSerialModemConfiguration, GetSerialModemConfiguration)
def test_25_2_what_was_set_survives_the_bmc() -> None:
    line = Line()
    for data in (
        "03 84",
        "04 05",
        "07 20 0a",
        "08 46 09",
        "0a 01 4154",
        "15 01 01 313233",
        "36 01 03 0000 0600",
    ):
        assert put(line, data) == b"\0"
    again = line.bench.reopen()

    def ask(selector: int, first: int = 0, block: int = 0) -> bytes:
        return again.raw(TRANSPORT, GET, bytes((CHANNEL, selector, first, block)))[2:]

    assert ask(3) == b"\x84"
    assert ask(4) == b"\x05"
    assert ask(7) == bytes.fromhex("200a")
    assert ask(8) == bytes.fromhex("4609")
    assert ask(10, 1)[:4] == b"\x01AT\0"
    assert ask(21, 1, 1)[:6] == b"\x01\x01123\0"
    assert ask(54) == bytes.fromhex("010300000600")


@exercises(SetSerialModemConfiguration)
def test_25_4_parameter_2_decides_about_logins() -> None:
    line = Line()
    assert put(line, "02 10 10 10 10 10") == b"\0"
    assert line.basic.ask(6, 0x38, b"\x0e\x04")[2] == 0x10
    assert line.basic.login(auth_type=2) == b"\xcc"
    assert line.basic.login(auth_type=4)[0] == 0
    assert put(line, "02 04 04 04 04 04") == b"\0"
    assert line.typist.type("SYS PWD -U admin adminpw") == "[ERR D4]"


@exercises(SetSerialModemConfiguration, GetChannelInfo)
def test_25_4_parameter_3_decides_what_is_spoken() -> None:
    line = Line()
    assert put(line, "03 84") == b"\0"
    assert line.basic.raw(bytes.fromhex("2018c8 8104 38 0e04 31")) == []
    assert line.typist.type("SYS TMODE") == "[OK TMODE]"
    assert line.bench.raw(6, 0x42, b"\x02")[3] == 9


@exercises(SetSerialModemConfiguration)
def test_25_4_parameters_4_and_6_end_sessions() -> None:
    line = Line()
    assert put(line, "04 01") == b"\0"
    line.login()
    line.bench.advance(30.1)
    assert not line.logged_in
    assert put(line, "06 00") == b"\0"
    line.login()
    line.bench.advance(1000.0)
    line.cable.plug(plugged=False)
    assert line.logged_in


@exercises(SetSerialModemConfiguration)
def test_25_4_parameter_7_sets_the_line() -> None:
    line = Line()
    assert put(line, "07 40 0a") == b"\0"
    assert (line.cable.formats[-1].bits_per_second, line.cable.formats[-1].flow_control) == (115200, 1)


@exercises(SetSerialModemConfiguration, GetSerialModemConfiguration)
def test_25_4_parameter_29_sets_the_terminal() -> None:
    line = Line()
    assert put(line, "1d 00 51") == b"\0"
    assert line.cable.type(b"[SYS TMODE]\r") == b"[OK TMODE]\n"
    assert put(line, "1d 80 00") == b"\0"
    assert line.cable.type(b"[SYS TMODE]\r") == b"[SYS TMODE]\r\n[OK TMODE]\r\n"
    assert get(line, 29) == b"\0\x11\x26\x11"


@exercises(SetSerialModemConfiguration)
def test_25_4_parameter_54_locks_out() -> None:
    line = Line()
    assert put(line, "36 00 02 0000 0100") == b"\0"
    for _ in range(2):
        assert line.typist.type("SYS PWD -U admin guess") == "[ERR CC]"
    assert line.typist.type("SYS PWD -U admin adminpw") == "[ERR CC]"
    line.bench.advance(10.1)
    assert line.typist.type("SYS PWD -U admin adminpw") == "[OK]"


@exercises(GetSessionChallenge, ActivateSession, GetSessionInfo)
def test_22_17_a_single_session_line_has_a_login_of_its_own_form() -> None:
    line = Line()
    assert line.basic.login()[0] == 0
    info = line.basic.ask(6, 0x3D, b"\x00")
    # handle, slots, active; user 2 at User level, protocol and channel; messaging, no destination, no address
    assert info == bytes.fromhex("00 fe 01 01 02 02 02 00 00 00000000")


@exercises(SetUserAccess, GetUserAccess, SetChannelAccess)
def test_22_26_users_and_the_channel_have_limits_of_their_own_there() -> None:
    line = Line()
    assert line.bench.raw(6, 0x43, bytes((0x90 | CHANNEL, 2, 3))) == b"\0"
    assert line.bench.raw(6, 0x44, bytes((CHANNEL, 2)))[4] == 0x13
    assert line.bench.raw(6, 0x44, b"\x01\x02")[4] == 0x14
    assert line.basic.login(privilege=4) == b"\x86"
    line.login()
    assert line.endpoint.table.session is not None
    assert line.endpoint.table.session.privilege == 3
    assert line.bench.raw(6, 0x40, bytes((CHANNEL, 0, 0x82))) == b"\0"
    assert line.endpoint.table.session.privilege == 2
    assert line.bench.raw(6, 0x43, bytes((0x80 | CHANNEL, 2, 4))) == b"\0"
    line.typist.type("SYS PWD -X")
    assert line.typist.type("SYS PWD -U admin adminpw") == "[ERR CC]"


@pytest.mark.parametrize(("mode", "answer"), [(0, b"\0"), (1, b"\0"), (2, b"\0"), (3, b"\0"), (4, b"\x83")])
def test_22_22_a_serial_channel_has_every_access_mode_and_a_lan_has_two(mode: int, answer: bytes) -> None:
    made = bench()
    assert made.raw(6, 0x40, bytes((CHANNEL, 0x80 | mode, 0))) == answer
    assert made.raw(6, 0x40, bytes((1, 0x80 | mode, 0))) == (b"\0" if mode in (0, 2) else b"\x83")
