"""Command discovery: what a channel says that it has, held against what it answers (§21.2-21.6, §21.11)."""

from __future__ import annotations

import pytest

from baseboard.bmc.context import Origin
from baseboard.commands.app import firewall
from baseboard.commands.app.firewall import mask, members
from baseboard.testing.raw_console import RawConsole
from tests.conformance.bench import ADMIN, APP, LAN, OPERATOR, VIEWER, WholeBmc, bench
from tests.conformance.marks import exercises

NETFNS, SUPPORT, PARTS, MAY, PARTS_MAY, SET, GET, SET_PARTS, GET_PARTS, OWNERS = (
    0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x60, 0x61, 0x62, 0x63, 0x64,
)  # fmt: skip
IPMB, KCS, HERE = 0, 15, 14
INVALID_COMMAND, INSUFFICIENT_PRIVILEGE, INVALID_DATA = b"\xc1", b"\xd4", b"\xcc"


def there(bmc: WholeBmc, channel: int, netfn: int, lun: int = 0, body: bytes = b"") -> frozenset[int]:
    """The commands that the controller says a channel has."""
    found: set[int] = set()
    for half in (0, 1):
        answer = bmc.system(SUPPORT, bytes((channel, half << 6 | netfn, lun)) + body)
        assert answer[0] == 0
        found |= members(answer[1:], first=128 * half, inverted=True)
    return frozenset(found)


def mask_of(console: RawConsole, cmd: int, place: bytes) -> bytes:
    """The mask that a request of three bytes gets."""
    answer = console.ask(APP, cmd, place)
    assert answer is not None
    assert answer[0] == 0
    return answer[1:]


@exercises(firewall.GetNetfnSupport, firewall.GetCommandSupport)
@pytest.mark.parametrize(("channel", "local"), [(IPMB, True), (LAN, False), (KCS, True)])
def test_21_3_what_a_channel_has_is_what_it_answers(channel: int, local: bool) -> None:
    """Of all commands on all LUNs: C1h, C2h, and D4h for an administrator, are those that it has not."""
    bmc = bench()
    origin = Origin(channel, local=True) if local else bmc.origin(channel, 5)
    pairs = bmc.system(NETFNS, bytes((channel,)))[2:]
    for lun in range(4):
        used = members(pairs[4 * lun : 4 * lun + 4])
        for netfn in (*range(0, 0x2C, 2), *range(0x30, 0x40, 2)):
            said = there(bmc, channel, netfn, lun)
            assert (netfn >> 1 in used) == bool(said)
            for cmd in range(256):
                # A request of this length is wrong for every command: nothing is done.
                answer = bmc.raw(netfn, cmd, bytes(250), lun, origin)
                absent = answer in (INVALID_COMMAND, b"\xc2", INSUFFICIENT_PRIVILEGE)
                assert (cmd in said) == (not absent), f"{netfn:02X}h/{cmd:02X}h, LUN {lun}: {answer.hex()}"


@exercises(firewall.GetNetfnSupport)
def test_21_2_a_lun_without_commands_says_so() -> None:
    answer = bench().in_v20().ask(APP, NETFNS, bytes((HERE,)))
    assert answer is not None
    assert [answer[1] >> 2 * lun & 3 for lun in range(4)] == [2, 2, 0, 2]
    assert answer[10:14] == bytes(4)


@exercises(
    firewall.GetNetfnSupport, firewall.GetCommandSupport, firewall.GetConfigurableCommands,
    firewall.GetCommandSubFunctionSupport, firewall.GetConfigurableCommandSubFunctions,
    firewall.GetCommandEnables, firewall.GetCommandSubFunctionEnables,
)  # fmt: skip
def test_21_the_channel_of_the_request_is_the_one_that_is_asked_about() -> None:
    bmc = bench()
    console = bmc.in_v20()
    for cmd, rest in (
        (NETFNS, ""), (SUPPORT, "0600"), (MAY, "0600"), (GET, "0600"), (PARTS, "000002"),
        (PARTS_MAY, "000002"), (GET_PARTS, "000002"),
    ):  # fmt: skip
        data = bytes.fromhex(rest)
        answers = {
            number: console.ask(APP, cmd, bytes((number,)) + data) for number in (IPMB, LAN, KCS, HERE)
        }
        assert answers[HERE] == answers[LAN]
        assert all(answer is not None and answer[0] == 0 for answer in answers.values())
        assert console.ask(APP, cmd, b"\x07" + data) == INVALID_DATA
        assert bmc.system(cmd, bytes((HERE,)) + data) == answers[KCS]


@pytest.mark.parametrize("cmd", [NETFNS, SUPPORT, PARTS, MAY, PARTS_MAY, GET, GET_PARTS, OWNERS])
def test_table_g_1_a_user_may_look(cmd: int) -> None:
    bmc = bench()
    for user in (VIEWER, OPERATOR, ADMIN):
        answer = bmc.in_v20(user).ask(APP, cmd, b"")
        assert answer == b"\xc7", "permitted, and then found too short"


@pytest.mark.parametrize("cmd", [SET, SET_PARTS])
def test_table_g_1_an_administrator_may_switch(cmd: int) -> None:
    bmc = bench()
    assert bmc.in_v20(VIEWER).ask(APP, cmd, b"") == INSUFFICIENT_PRIVILEGE
    assert bmc.in_v20(OPERATOR).ask(APP, cmd, b"") == INSUFFICIENT_PRIVILEGE
    assert bmc.in_v20(ADMIN).ask(APP, cmd, b"") == INSUFFICIENT_PRIVILEGE, "not raised yet"
    assert bmc.in_v20(ADMIN, level=4).ask(APP, cmd, b"") == b"\xc7"
    for origin in (Origin(IPMB, local=True), Origin(KCS, local=True)):
        assert bmc.raw(APP, cmd, b"", origin=origin) == b"\xc7"


@exercises(firewall.GetConfigurableCommands, firewall.GetCommandEnables, firewall.SetCommandEnables)
@pytest.mark.parametrize("channel", [IPMB, LAN, KCS])
def test_21_5_what_can_be_switched_is_what_is_switched(channel: int) -> None:
    console = bench().in_v20(level=4)
    for netfn in range(0, 0x0E, 2):
        for half in (0, 1):
            place = bytes((channel, half << 6 | netfn, 0))
            may, before = mask_of(console, MAY, place), mask_of(console, GET, place)
            assert console.ask(APP, SET, place + bytes(16)) == b"\0"
            after = mask_of(console, GET, place)
            assert members(before) - members(after) == members(may)
            assert console.ask(APP, SET, place + before) == b"\0"


@exercises(
    firewall.GetCommandSubFunctionSupport,
    firewall.GetConfigurableCommandSubFunctions,
    firewall.GetCommandSubFunctionEnables,
)
def test_21_4_the_parts_of_chassis_control() -> None:
    """Numbers 0 to 5 as its control values; of IPMI 2.0, and the polarity is that of each mask."""
    bmc = bench()
    place = bytes((LAN, 0x00, 0x00, 0x02))
    answer = bmc.system(PARTS, place)
    assert (answer[0], answer[1] >> 4, answer[2]) == (0, 0, 0x02)
    six = mask(range(6), 32)
    assert members(answer[4:], inverted=True) == members(six)
    assert bmc.system(PARTS_MAY, place) == b"\0" + six
    assert bmc.system(GET_PARTS, place) == b"\0" + six


@exercises(firewall.GetOemNetfnIanaSupport, firewall.GetCommandSupport)
def test_21_11_every_body_that_is_listed_has_commands_and_no_other_has() -> None:
    bmc = bench()
    listed: list[int] = []
    for index in range(64):
        answer = bmc.system(OWNERS, bytes((KCS, 0x2C, index)))
        if answer[0]:
            assert answer == b"\xc9"
            break
        listed.append(answer[3])
        if answer[1] & 0x80:
            assert bmc.system(OWNERS, bytes((KCS, 0x2C, index + 1))) == b"\xc9"
            break
    with_commands = [body for body in range(256) if there(bmc, KCS, 0x2C, body=bytes((body,)))]
    assert listed == with_commands
    for netfn in (0x00, 0x06, 0x0C, 0x28):
        assert bmc.system(OWNERS, bytes((KCS, netfn, 0))) == INVALID_DATA
