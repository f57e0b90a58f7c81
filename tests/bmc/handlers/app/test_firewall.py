"""Firmware firewall and command discovery (§21), byte for byte as consoles see them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from baseboard.bmc.blueprint.firewall import FirewallRule, FirewallSpec
from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import Entry, absent, handlers
from baseboard.codes import NetFn
from baseboard.commands import Interfaces, Request, Response, command, declaration
from baseboard.commands.app.firewall import members
from tests.bmc.handlers.checks import ADMINISTRATOR, LAN, SYSTEM_INTERFACE, USER, check, check_level
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
NETFNS, SUPPORT, PARTS, MAY, PARTS_MAY, SET, GET, SET_PARTS, GET_PARTS, OWNERS = (
    0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x60, 0x61, 0x62, 0x63, 0x64,
)  # fmt: skip
IPMB = 0
HERE = 0x0E
LOCAL_ONLY = {0x20, 0x21, 0x22}


def ask(bmc: Bench, cmd: int, data: str = "", channel: int = LAN) -> bytes:
    return bmc.raw(APP, cmd, bytes.fromhex(data), origin=bmc.origin(channel))


def served(bmc: Bench) -> list[Entry]:
    """What this BMC answers: what has a handler, and is not of a body that it has not."""
    without = absent(bmc.services)
    return [entry for key, entry in handlers.table.items() if key not in without]


class DoneResponse(Response):
    """Nothing more."""


@pytest.fixture
def oem() -> Iterator[None]:
    """Commands of a body, of two makers, and of the controller's maker; forgotten afterwards."""
    registry, table = vars(declaration)["_registry"], dict(handlers.table)
    before = dict(registry)

    async def done(ctx: Context, request: object) -> DoneResponse:
        return DoneResponse()

    for netfn, cmd, group, interfaces in (
        (0x2C, 0x01, 0xB0, Interfaces.ANY),
        (0x2C, 0x81, 0xB1, Interfaces.SYSTEM_INTERFACE_ONLY),
        (0x2E, 0x05, 343, Interfaces.ANY),
        (0x2E, 0x06, 0xFFFFFF, Interfaces.ANY),
        (0x30, 0x22, None, Interfaces.ANY),
    ):

        @command(NetFn(netfn), cmd, section="1.2", group=group, interfaces=interfaces)
        class Done(Request[DoneResponse]):
            """Do nothing."""

        handlers.handles(Done)(done)
    yield
    registry.clear()
    registry.update(before)
    handlers.table.clear()
    handlers.table.update(table)


def test_g_1_levels_and_lengths() -> None:
    for cmd, right in (
        (NETFNS, (1,)), (SUPPORT, (3,)), (PARTS, (4,)), (MAY, (3,)), (PARTS_MAY, (4,)), (GET, (3,)),
        (GET_PARTS, (4,)),
    ):  # fmt: skip
        check(make_bmc(), APP, cmd, USER, right)
    check_level(make_bmc(), APP, OWNERS, USER)
    assert ask(make_bmc(), OWNERS, "01 2c") == b"\xc7"
    check_level(make_bmc(), APP, SET, ADMINISTRATOR)
    check_level(make_bmc(), APP, SET_PARTS, ADMINISTRATOR)


def test_a_byte_more_after_the_mask_is_borne_and_one_less_is_not() -> None:
    mask = " ff" * 16
    assert ask(make_bmc(), SET, "0e 30 00" + " 00" * 16) == b"\0"
    assert ask(make_bmc(), SET, "0e 30 00" + " 00" * 17) == b"\0"
    assert ask(make_bmc(), SET, "0e 30 00" + mask[3:]) == b"\xc7"
    assert [ask(make_bmc(), SET_PARTS, "0e 30 00 01" + " 00" * size) for size in (3, 4, 5, 7, 8, 9, 12)] == [
        b"\xc7", b"\0", b"\xc7", b"\xc7", b"\0", b"\xc7", b"\xc7",
    ]  # fmt: skip


@pytest.mark.parametrize("channel", ["02", "07", "0b", "0c", "0d"])
def test_a_channel_that_is_not_there(channel: str) -> None:
    for cmd, rest in ((NETFNS, ""), (SUPPORT, "0600"), (PARTS, "060001"), (OWNERS, "2c00")):
        assert ask(make_bmc(), cmd, channel + rest) == b"\xcc"
    assert ask(make_bmc(), SET, channel + "0600" + "00" * 16) == b"\xcc"
    assert ask(make_bmc(), SET_PARTS, channel + "060001" + "00" * 4) == b"\xcc"


@pytest.mark.parametrize("netfn", ["86", "c6"])
def test_there_are_two_halves(netfn: str) -> None:
    for cmd in (SUPPORT, MAY, GET):
        assert ask(make_bmc(), cmd, f"0e {netfn} 00") == b"\xcc"
    assert ask(make_bmc(), SET, f"0e {netfn} 00" + "00" * 16) == b"\xcc"


def test_21_2_network_functions_of_each_lun() -> None:
    answer = ask(make_bmc(), NETFNS, "0e")
    assert len(answer) == 18
    # LUNs 0, 1 and 3 have commands of which some can be switched, the host's software has LUN 2.
    assert answer[1] == 0b10_00_10_10
    pairs = [members(answer[at : at + 4]) for at in range(2, 18, 4)]
    assert pairs[0] == {entry.command.netfn >> 1 for entry in served(make_bmc())}
    assert pairs[1] == pairs[3] == {NetFn.SENSOR_EVENT >> 1}
    assert pairs[2] == frozenset()


@pytest.mark.parametrize(
    "netfn", sorted({int(entry.command.netfn) for entry in handlers.table.values()} - {0x2C})
)
def test_21_3_support_is_what_has_a_handler(netfn: int) -> None:
    answers = [ask(make_bmc(), SUPPORT, f"0f {op | netfn | 1:02x} 00") for op in (0x00, 0x40)]
    there = members(answers[0][1:], inverted=True) | members(answers[1][1:], first=128, inverted=True)
    assert there == {entry.command.cmd for entry in served(make_bmc()) if entry.command.netfn == netfn}


def test_21_3_what_this_bmc_has_not_is_not_there() -> None:
    bmc = make_bmc()
    assert bmc.services.dcmi is None
    assert ask(bmc, SUPPORT, "0f 2c 00 dc") == ask(bmc, SUPPORT, "0f 02 00") == b"\0" + b"\xff" * 16
    assert ask(bmc, OWNERS, "0f 2c 00") == b"\xc9"


def test_21_3_by_channel() -> None:
    def there(channel: int) -> frozenset[int]:
        return members(ask(make_bmc(), SUPPORT, f"{channel:02x} 06 00")[1:], inverted=True)

    host = {
        entry.command.cmd
        for entry in served(make_bmc())
        if entry.system_interface_only and entry.command.netfn == NetFn.APP
    }
    assert host
    assert (
        there(SYSTEM_INTERFACE) - there(LAN)
        == there(SYSTEM_INTERFACE) - there(IPMB)
        == host & set(range(128))
    )
    sensors = [
        members(ask(make_bmc(), SUPPORT, f"{channel:02x} 04 00")[1:], inverted=True)
        for channel in (IPMB, LAN)
    ]
    assert sensors[0] - sensors[1] == LOCAL_ONLY


@pytest.mark.parametrize(("place", "lun"), [("0e 06", 1), ("0e 04", 2), ("0e 3a", 0), ("0e 14", 0)])
def test_21_3_where_there_is_nothing_every_bit_is_1_and_in_the_other_masks_0(place: str, lun: int) -> None:
    assert ask(make_bmc(), SUPPORT, f"{place} {lun:02x}") == b"\0" + b"\xff" * 16
    for cmd in (MAY, GET):
        assert ask(make_bmc(), cmd, f"{place} {lun:02x}") == bytes(17)


@pytest.mark.usefixtures("oem")
def test_21_3_of_a_group_and_of_makers_each_has_its_own() -> None:
    def there(request: str, channel: int = LAN) -> frozenset[int]:
        answer = ask(make_bmc(), SUPPORT, request, channel)
        assert answer[0] == 0
        return members(answer[1:], inverted=True)

    assert there("0e 2c 00 b0") == {0x01}
    assert there("0e 2c 00 b1") == there("0e 6c 00 b1") == frozenset()
    assert there("0f 6c 00 b1") == {0x01}, "81h, in the upper half"
    assert there("0e 2c 00 77") == frozenset()
    assert there("0e 2e 00 57 01 00") == {0x05}
    assert there("0e 2e 00 ff ff ff") == {0x06}
    assert there("0e 30 00") == {0x22}
    for wrong in ("0e 2c 00", "0e 2c 00 b0 00", "0e 2e 00", "0e 2e 00 57", "0e 30 00 57"):
        assert ask(make_bmc(), SUPPORT, wrong) == b"\xc7"
    assert ask(make_bmc(), SET, "0e 2c 00" + "00" * 16) == b"\xc7"


@pytest.mark.usefixtures("oem")
def test_21_11_whose_they_are() -> None:
    bmc = make_bmc()
    bodies = sorted({entry.command.group or 0 for entry in served(bmc) if entry.command.netfn == 0x2C})
    over_lan = [body for body in bodies if body != 0xB1]
    for index, body in enumerate(over_lan):
        last = 0x80 * (index == len(over_lan) - 1)
        assert ask(bmc, OWNERS, f"0e 2c {index:02x}") == bytes((0, last, 0b10, body))
    assert ask(bmc, OWNERS, f"0e 2c {len(over_lan):02x}") == b"\xc9"
    assert ask(bmc, OWNERS, f"0f 2d {len(over_lan):02x}") == b"\x00\x80\x02\xb1"
    assert ask(bmc, OWNERS, "0e 2e 00") == bytes.fromhex("00 00 02 57 01 00")
    assert ask(bmc, OWNERS, "0e 2e 01") == bytes.fromhex("00 80 02 ff ff ff")
    assert ask(bmc, OWNERS, "0e 30 00") == b"\x00\x80\x02" + bytes(3)
    assert ask(bmc, OWNERS, "0e 32 00") == b"\xc9"
    assert ask(bmc, OWNERS, "0e 06 00") == b"\xcc"


@pytest.mark.usefixtures("oem")
def test_a_command_of_a_maker_is_dispatched_by_his_number_and_switched_by_it() -> None:
    bmc = make_bmc()

    def call(data: str) -> bytes:
        return bmc.raw(0x2E, 0x05, bytes.fromhex(data), origin=bmc.origin(LAN))

    assert call("57 01 00") == bytes.fromhex("00 57 01 00")
    assert call("58 01 00") == call("57 01") == b"\xc1"
    assert ask(bmc, SET, "01 2e 00" + "00" * 16 + "57 01 00") == b"\0"
    assert call("57 01 00") == b"\xd4"
    assert ask(bmc, GET, "01 2e 00 57 01 00") == bytes(17)


# Switching


def test_21_5_everything_but_what_one_needs_to_log_in_and_to_look() -> None:
    may = members(ask(make_bmc(), MAY, "0f 06 00")[1:])
    there = members(ask(make_bmc(), SUPPORT, "0f 06 00")[1:], inverted=True)
    assert there - may == {
        0x01, *range(0x09, 0x0E), 0x37, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x54, 0x61, 0x63, 0x64,
    }  # fmt: skip
    assert members(ask(make_bmc(), MAY, "01 06 00")[1:]) & {0x60, 0x62} == frozenset()


def test_21_7_a_half_is_replaced_and_the_other_stays() -> None:
    bmc = make_bmc()
    on = ask(bmc, GET, "01 06 00")[1:]
    assert ask(bmc, SET, "01 46 00" + "00" * 16) == b"\0"
    assert ask(bmc, GET, "01 06 00")[1:] == on
    assert ask(bmc, SET, "01 06 00" + "00" * 16) == b"\0", "what cannot be switched is left alone"
    left = members(ask(bmc, GET, "01 06 00")[1:])
    may = members(ask(bmc, MAY, "01 06 00")[1:])
    assert left == members(on) - may
    assert members(ask(bmc, SUPPORT, "01 06 00")[1:], inverted=True) == members(on), "still there"
    assert ask(bmc, SET, "01 06 00" + on.hex()) == b"\0"
    assert ask(bmc, GET, "01 06 00")[1:] == on


@pytest.mark.parametrize("mask", ["00 00 01" + "00" * 13, "00" * 15 + "80"])
def test_21_7_what_is_not_there_cannot_be_switched_on_and_then_nothing_is(mask: str) -> None:
    bmc = make_bmc()
    before = ask(bmc, GET, "01 06 00")
    assert ask(bmc, SET, "01 06 00" + mask) == b"\x80"
    assert ask(bmc, GET, "01 06 00") == before


def test_21_7_what_is_removed_is_not_there() -> None:
    spec = FirewallSpec((FirewallRule(4, (0x0602,), removed=True),))
    bmc = make_bmc(firewall=spec)
    assert 0x02 not in members(ask(bmc, SUPPORT, "01 06 00")[1:], inverted=True)
    assert 0x02 in members(ask(bmc, SUPPORT, "0f 06 00")[1:], inverted=True)
    assert ask(bmc, SET, "01 06 00 04" + "00" * 15) == b"\x80"
    assert ask(bmc, 0x02) == b"\xd4"


def test_21_4_parts_and_the_specification_that_numbers_them() -> None:
    bmc = make_bmc()
    assert ask(bmc, PARTS, "0e 00 00 02") == bytes.fromhex("00 00 02 11 c0 ff ff ff")
    assert ask(bmc, PARTS, "0e 00 00 04") == bytes.fromhex("00 00 02 11 fe ff ff ff")
    assert ask(bmc, PARTS, "0e 00 00 01") == bytes.fromhex("00 00 02 11 00 00 00 00")
    assert ask(bmc, PARTS, "0e 00 00 ee") == bytes.fromhex("00 00 02 11 ff ff ff ff")


@pytest.mark.usefixtures("oem")
def test_21_4_a_body_of_which_no_version_is_known_says_none() -> None:
    assert ask(make_bmc(), PARTS, "0e 2c 00 01 b0") == bytes(8)
    assert ask(make_bmc(), PARTS, "0e 2c 00 01 dc")[1:4] == b"\x00\x51\x10"


def test_21_9_parts_are_switched_by_themselves() -> None:
    bmc = make_bmc()
    assert ask(bmc, PARTS_MAY, "0e 00 00 02") == b"\0\x3f\0\0\0"
    assert ask(bmc, GET_PARTS, "0e 00 00 02") == b"\0\x3f\0\0\0"
    assert ask(bmc, SET_PARTS, "0e 00 00 02 3e 00 00 00") == b"\0"
    for reached in (bmc, bmc.reopen()):
        assert ask(reached, GET_PARTS, "01 00 00 02") == b"\0\x3e\0\0\0"
        assert ask(reached, GET_PARTS, "0f 00 00 02") == b"\0\x3f\0\0\0"
    assert ask(bmc, SET_PARTS, "0e 00 00 02 40 00 00 00") == b"\x80"
    assert ask(bmc, SET_PARTS, "0e 00 00 02 3f 00 00 00 01 00 00 00") == b"\x80"
    assert ask(bmc, GET_PARTS, "0e 00 00 02") == b"\0\x3e\0\0\0"
    assert ask(bmc, SET_PARTS, "0e 00 00 02 3f 00 00 00 00 00 00 00") == b"\0"


def test_21_9_of_a_command_without_parts_all_is_on_and_stays_on() -> None:
    bmc = make_bmc()
    assert ask(bmc, PARTS_MAY, "0e 00 00 01") == bytes(5)
    assert ask(bmc, GET_PARTS, "0e 00 00 01") == b"\0" + b"\xff" * 4
    for mask in ("00" * 4, "ff" * 4, "ff" * 8):
        assert ask(bmc, SET_PARTS, "0e 00 00 01" + mask) == b"\0"
    assert ask(bmc, GET_PARTS, "0e 00 00 01") == b"\0" + b"\xff" * 4
    assert ask(bmc, 0x01)[0] == 0


def test_21_9_of_a_command_that_is_not_there_nothing_is_on() -> None:
    bmc = make_bmc()
    assert ask(bmc, PARTS_MAY, "0e 00 00 ee") == ask(bmc, GET_PARTS, "0e 00 00 ee") == bytes(5)
    assert ask(bmc, SET_PARTS, "0e 00 00 ee" + "00" * 4) == b"\0"
    assert ask(bmc, SET_PARTS, "0e 00 00 ee 01 00 00 00") == b"\x80"


def test_lengths_of_requests_without_a_body_end_with_it() -> None:
    assert ask(make_bmc(), SUPPORT, "0e 06 00" + "00" * 30) == b"\xc7"
