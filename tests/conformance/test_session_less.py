"""What a BMC answers outside a session, in either form, and its silence for all else (Table G-1, §13.9)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.commands.declaration import commands
from baseboard.rmcp import lan_message, v15, v20
from baseboard.testing.raw_console import RawConsole
from tests.conformance.bench import APP, CALLER, LAN, MD5, WholeBmc, bench, set_level

CAPABILITIES = (0x38, b"\x8e\x04")
GUID = (0x37, b"")
SUITES = (0x54, b"\x0e\x00\x80")
CHALLENGE = (0x39, b"\x02admin".ljust(17, b"\0"))
ACTIVATE = (0x3A, bytes(22))
ANSWERED = {"capabilities": CAPABILITIES, "guid": GUID, "suites": SUITES, "challenge": CHALLENGE}
OUTSIDE = {(APP, 0x37), (APP, 0x38), (APP, 0x39), (APP, 0x54), (0x04, 0x17), (0x2C, 0x01)}


def consoles(bmc: WholeBmc) -> tuple[RawConsole, RawConsole]:
    return bmc.v15(), bmc.v20()


@pytest.mark.parametrize("version", [15, 20])
@pytest.mark.parametrize("name", ANSWERED)
def test_table_g_1_session_less_commands_are_answered_in_either_form(name: str, version: int) -> None:
    cmd, data = ANSWERED[name]
    answer = consoles(bench())[version == 20].ask_outside(APP, cmd, data)
    assert answer is not None
    assert answer[0] == 0
    assert len(answer) > 8


@pytest.mark.parametrize("version", [15, 20])
def test_table_g_1_a_pet_may_be_acknowledged_by_anybody(version: int) -> None:
    # No trap waits for it: the command is known and what it tells of is not there.
    assert consoles(bench())[version == 20].ask_outside(0x04, 0x17, bytes(12)) == b"\xcb"


def test_table_g_1_everything_else_outside_a_session_gets_silence() -> None:
    bmc = bench()
    asked = 0
    for command in commands():
        if (command.netfn, command.cmd) in OUTSIDE:
            continue
        for console in consoles(bmc):
            for size in (0, 1, 2, 4, 16, 17, 22):
                data = bytes(size) if command.group is None else bytes((command.group,)) + bytes(size)
                assert console.ask_outside(int(command.netfn), command.cmd, data) is None, command.name
                asked += 1
    assert asked > 1000
    assert not bmc.sessions
    assert not bmc.table.pending


def test_table_g_1_commands_that_nobody_knows_get_silence() -> None:
    bmc = bench()
    for console in consoles(bmc):
        for netfn in range(0, 64, 2):
            for cmd in range(256):
                if (netfn, cmd) not in OUTSIDE:
                    assert console.ask_outside(netfn, cmd) is None


def test_table_g_1_activate_session_needs_a_temporary_session_id() -> None:
    for console in consoles(bench()):
        assert console.ask_outside(APP, *ACTIVATE) is None


def test_table_g_1_they_are_answered_within_a_session_at_any_level() -> None:
    bmc = bench()
    for console in (bmc.in_v15(CALLER), bmc.in_v20(CALLER)):
        for cmd, data in ANSWERED.values():
            answer = console.ask(APP, cmd, data)
            assert answer is not None
            assert answer[0] == 0
        # At this level that is nearly all there is.
        assert set_level(console, 0) == b"\xd4"


def test_13_6_an_authenticated_packet_outside_a_session_is_dropped() -> None:
    bmc = bench()
    message = bmc.v15().message(APP, *CAPABILITIES)
    for auth_type in (1, 2, 4):
        assert bmc.carry(v15.wrap(auth_type, 0, 0, message, b"adminpw")) == []
    for flags in (v20.AUTHENTICATED, v20.ENCRYPTED, v20.AUTHENTICATED | v20.ENCRYPTED):
        packet = bytearray(v20.wrap(0, 0, 0, message))
        packet[5] |= flags
        assert bmc.carry(bytes(packet)) == []
        assert bmc.carry(bytes(packet) + bytes(16)) == []


@pytest.mark.parametrize("auth_type", [3, 5, 7, 8, 15])
def test_13_6_reserved_authentication_types_are_dropped(auth_type: int) -> None:
    bmc = bench()
    datagram = v15.wrap(0, 0, 0, bmc.v15().message(APP, *CAPABILITIES))
    for code in (b"", bytes(16)):
        assert bmc.carry(datagram[:4] + bytes((auth_type,)) + datagram[5:13] + code + datagram[13:]) == []


def test_13_6_a_response_outside_a_session_is_dropped() -> None:
    bmc = bench()
    for netfn in (0x07, 0x05):
        message = bmc.v15().message(netfn, 0x38, b"\0\0")
        assert bmc.carry(v15.wrap(0, 0, 0, message)) == []
        assert bmc.carry(v20.wrap(0, 0, 0, message)) == []


def test_22_13_a_session_is_begun_in_rmcp_plus_packets_only_by_rakp() -> None:
    """A challenge asked for in RMCP+ form is good for a v1.5 login all the same."""
    bmc = bench()
    answer = bmc.v20().ask_outside(APP, *CHALLENGE)
    assert answer is not None
    console = bmc.v15()
    console.temporary, console.challenge = int.from_bytes(answer[1:5], "little"), answer[5:21]
    wrapped = v20.wrap(0, console.temporary, 0, console.message(APP, 0x3A, console.activation()))
    assert bmc.carry(wrapped) == []
    assert console.activate() == 0
    assert console.auth_type == MD5


def test_6_5_a_disabled_channel_is_silent_for_everything_but_pings() -> None:
    bmc = bench()
    bmc.in_v20()
    bmc.in_v15()
    assert bmc.system(0x40, bytes((LAN, 0x80, 0))) == b"\0"
    assert bmc.sessions == []
    for console in consoles(bmc):
        for cmd, data in ANSWERED.values():
            assert console.ask_outside(APP, cmd, data) is None
    assert bmc.v20().login() == [None]
    assert bmc.v15().login() == [None]


def test_6_5_a_login_under_way_ends_with_the_channel() -> None:
    bmc = bench()
    new, old = bmc.v20(), bmc.v15()
    assert [new.open(), new.rakp1(), old.get_challenge()] == [0, 0, 0]
    bmc.system(0x40, bytes((LAN, 0x80, 0)))
    assert new.rakp3() is None
    assert old.activate() is None
    bmc.system(0x40, bytes((LAN, 0x82, 0)))
    assert bmc.v20().login() == [0, 0, 0]


def test_13_8_answers_turn_addresses_and_luns_round() -> None:
    bmc = bench()
    message = lan_message.wrap_request(APP, 0x37, b"", 0x2A, rq_addr=0x8D, rq_lun=3)
    for datagram in (v15.wrap(0, 0, 0, message), v20.wrap(0, 0, 0, message)):
        (answer,) = bmc.carry(datagram)
        start = 14 if answer[4] == 0 else 16
        head = answer[start : start + 6]
        assert (head[0], head[3]) == (0x8D, 0x20)
        assert (head[1], head[4]) == (0x07 << 2 | 3, 0x2A << 2 | 0)
        assert head[5] == 0x37
        assert sum(head[:3]) & 0xFF == 0
        assert sum(answer[start + 3 :]) & 0xFF == 0


def wrong_messages() -> list[bytes]:
    good = lan_message.wrap_request(APP, 0x37, b"", 1)
    flipped = [good[:place] + bytes((good[place] ^ 1,)) + good[place + 1 :] for place in range(len(good))]
    return [*flipped, good[:-1], good[:6], b"", lan_message.wrap_request(APP, 0x37, b"", 1, rs_addr=0x24)]


@pytest.mark.parametrize("message", wrong_messages(), ids=lambda message: message.hex())
def test_13_8_wrong_checksums_lengths_and_addresses_are_dropped(message: bytes) -> None:
    bmc = bench()
    assert bmc.carry(v15.wrap(0, 0, 0, message)) == []
    assert bmc.carry(v20.wrap(0, 0, 0, message)) == []


def test_13_6_a_length_beyond_the_datagram_is_dropped_and_bytes_behind_it_are_ignored() -> None:
    bmc = bench()
    message = lan_message.wrap_request(APP, 0x37, b"", 1)
    old, new = v15.wrap(0, 0, 0, message), v20.wrap(0, 0, 0, message)
    assert bmc.carry(old[:13] + bytes((len(message) + 1,)) + old[14:]) == []
    assert bmc.carry(new[:14] + bytes((len(message) + 1, 0)) + new[16:]) == []
    # The legacy pad of some LAN chips.
    assert len(bmc.carry(old + b"\0")) == 1
    assert len(bmc.carry(new + b"\0")) == 1


def test_table_6_9_messages_of_45_bytes_are_taken_and_answers_of_42_given() -> None:
    image = bytes(range(64))
    bmc = bench(frus=(FruSpec(0, "board", image),))
    for console in (bmc.in_v15(level=4), bmc.in_v20(level=4)):
        assert console.ask(0x0A, 0x12, bytes((0, 8, 0)) + bytes(35)) == bytes((0, 35))
        assert console.ask(0x0A, 0x12, bytes((0, 8, 0)) + image[8:43]) == bytes((0, 35))
        assert console.ask(0x0A, 0x11, bytes((0, 0, 0, 33))) == bytes((0, 33)) + image[:33]
