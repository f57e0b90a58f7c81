"""The firmware firewall: what is off is off, there and nowhere else, until it is switched on (§18, §21)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from baseboard.bmc.blueprint.firewall import FirewallRule, FirewallSpec
from baseboard.bmc.blueprint.serial import SerialSpec
from baseboard.bmc.context import Origin
from baseboard.bmc.store import MemoryStore
from baseboard.commands.app import firewall
from baseboard.commands.app.device import ColdReset, GetSelfTestResults
from baseboard.commands.app.firewall import mask
from baseboard.commands.app.messaging import SendMessage
from baseboard.commands.chassis.control import ChassisControl, ChassisIdentify
from baseboard.rmcp import lan_message
from baseboard.testing.clock import VirtualClock
from baseboard.testing.raw_console import RawConsole
from tests.bmc.fakes import BLUEPRINT
from tests.conformance.bench import APP, LAN, OPERATOR, VIEWER, WholeBmc, bench
from tests.conformance.marks import exercises

SET, GET, SET_PARTS, GET_PARTS, MAY = 0x60, 0x61, 0x62, 0x63, 0x0C
IPMB, KCS, HERE = 0, 15, 14
CHASSIS, STORAGE, SENSOR = 0x00, 0x0A, 0x04
SELF_TEST, COLD_RESET, CONTROL, IDENTIFY = 0x04, 0x02, 0x02, 0x04
DISABLED, PART_DISABLED, NOT_CONFIGURABLE = b"\xd4", b"\xd6", b"\x80"
VERSIONS = pytest.mark.parametrize("version", [15, 20])


def console(bmc: WholeBmc, version: int = 20) -> RawConsole:
    return bmc.in_v15(level=4) if version == 15 else bmc.in_v20(level=4)


def taken(answer: bytes | None) -> bool:
    """Whether a request was carried out."""
    return answer is not None and answer[0] == 0


def is_on(bmc: WholeBmc) -> bool:
    """Whether the system has power."""
    power = bmc.backend.power
    return power is not None and power.on


def switch(bmc: WholeBmc, channel: int, netfn: int, cmd: int, *, on: bool, lun: int = 0) -> bytes:
    """Read the mask, change a bit, write it, by the system interface, as the chapter wants it."""
    place = bytes((channel, cmd >> 7 << 6 | netfn, lun))
    answer = bmc.system(GET, place)
    assert answer[0] == 0
    enabled = bytearray(answer[1:])
    bit = 1 << cmd % 8
    enabled[cmd % 128 // 8] = enabled[cmd % 128 // 8] & ~bit | bit * on
    return bmc.system(SET, place + enabled)


@exercises(firewall.SetCommandEnables, firewall.GetCommandEnables, GetSelfTestResults)
@VERSIONS
def test_18_a_command_is_off_on_the_channel_that_was_named_and_on_no_other(version: int) -> None:
    bmc = bench()
    remote = console(bmc, version)
    ways: dict[int, Callable[[], bytes | None]] = {
        LAN: lambda: remote.ask(APP, SELF_TEST),
        KCS: lambda: bmc.system(SELF_TEST),
        IPMB: lambda: bmc.raw(APP, SELF_TEST, origin=Origin(IPMB, local=True)),
    }
    for closed in ways:
        assert switch(bmc, closed, APP, SELF_TEST, on=False) == b"\0"
        for channel, ask in ways.items():
            answer = ask()
            assert answer == DISABLED if channel == closed else taken(answer)
        assert switch(bmc, closed, APP, SELF_TEST, on=True) == b"\0"
    assert all(taken(ask()) for ask in ways.values())


@exercises(firewall.SetCommandEnables, firewall.GetConfigurableCommands)
def test_18_a_serial_channel_is_like_any_other_where_one_logs_in() -> None:
    spec = SerialSpec()
    base = bench().blueprint
    bmc = WholeBmc(replace(base, serial=spec), MemoryStore(), VirtualClock(now=1000.0))
    line = bmc.origin(spec.channel, 4)
    assert taken(bmc.raw(APP, SELF_TEST, origin=line))
    assert switch(bmc, spec.channel, APP, SELF_TEST, on=False) == b"\0"
    assert bmc.raw(APP, SELF_TEST, origin=line) == DISABLED
    assert taken(console(bmc).ask(APP, SELF_TEST))
    assert not bmc.system(MAY, bytes((spec.channel, APP, 0)))[1 + SET // 8] & 1, "the door stays open"


@exercises(firewall.SetCommandEnables)
def test_18_a_running_session_meets_it_with_its_next_request() -> None:
    bmc = bench()
    running = console(bmc)
    assert running.ask(APP, SET, bytes((HERE, APP, 0)) + mask({0x60, 0x62}, 128)) == b"\0", "itself included"
    assert running.ask(APP, SELF_TEST) == DISABLED
    assert running.ask(APP, 0x01) is not None
    assert running.ask(APP, 0x3C, b"\0\0\0\0") != DISABLED


@exercises(firewall.SetCommandEnables)
def test_18_privilege_is_checked_by_itself() -> None:
    bmc = bench()
    assert switch(bmc, LAN, CHASSIS, CONTROL, on=True) == b"\0"
    assert bmc.in_v20(VIEWER).ask(CHASSIS, CONTROL, b"\x01") == b"\xd4", "switched on is not permitted"
    assert switch(bmc, LAN, CHASSIS, CONTROL, on=False) == b"\0"
    assert bmc.in_v20(OPERATOR, level=3).ask(CHASSIS, CONTROL, b"\x01") == b"\xd4", "permitted is not on"
    assert not is_on(bmc)


@exercises(firewall.SetCommandSubFunctionEnables, firewall.GetCommandSubFunctionEnables, ChassisControl)
def test_18_a_part_that_is_off_answers_d6_and_the_others_are_done() -> None:
    bmc = bench()
    remote = console(bmc)
    assert remote.ask(CHASSIS, CONTROL, b"\x01") == b"\0"
    place = bytes((LAN, CHASSIS, 0, CONTROL))
    assert remote.ask(APP, SET_PARTS, place + mask({1, 2, 3, 4, 5}, 32)) == b"\0"
    assert remote.ask(APP, GET_PARTS, place) == b"\0\x3e\0\0\0"
    bmc.advance(10)
    calls = list(bmc.backend.calls)
    assert remote.ask(CHASSIS, CONTROL, b"\x00") == PART_DISABLED
    assert remote.ask(CHASSIS, CONTROL, b"") == b"\xc7", "the length is looked at before"
    assert bmc.backend.calls == calls, "nothing was done"
    assert is_on(bmc)
    assert remote.ask(CHASSIS, CONTROL, b"\x03") == b"\0"
    assert bmc.raw(CHASSIS, CONTROL, b"\x00") == b"\0", "by the system interface it goes"
    assert remote.ask(APP, SET_PARTS, place + mask(range(6), 32)) == b"\0"
    assert remote.ask(CHASSIS, CONTROL, b"\x00") != PART_DISABLED


@exercises(firewall.SetCommandSubFunctionEnables, ChassisIdentify)
def test_18_the_light_that_stays_on_is_a_part_of_its_own() -> None:
    bmc = bench()
    assert bmc.system(SET_PARTS, bytes((KCS, CHASSIS, 0, IDENTIFY)) + bytes(4)) == b"\0"
    assert bmc.raw(CHASSIS, IDENTIFY, b"\x05") == b"\0"
    assert bmc.raw(CHASSIS, IDENTIFY, b"\x05\x01") == PART_DISABLED
    assert console(bmc).ask(CHASSIS, IDENTIFY, b"\x05\x01") == b"\0"


@exercises(firewall.SetCommandEnables)
@pytest.mark.parametrize("lun", [0, 1, 3])
def test_18_luns_are_switched_apart(lun: int) -> None:
    bmc = bench()
    assert switch(bmc, KCS, SENSOR, 0x2D, on=False, lun=lun) == b"\0"
    for other in (0, 1, 3):
        answer = bmc.raw(SENSOR, 0x2D, b"\x01", other)
        assert (answer == DISABLED) == (other == lun)


@exercises(
    firewall.SetCommandEnables, firewall.GetCommandEnables, firewall.SetCommandSubFunctionEnables,
    firewall.GetCommandSubFunctionEnables, ColdReset,
)  # fmt: skip
def test_21_7_settings_outlive_resets_of_all_kinds() -> None:
    bmc = bench()
    assert switch(bmc, LAN, APP, SELF_TEST, on=False) == b"\0"
    assert bmc.system(SET_PARTS, bytes((LAN, CHASSIS, 0, CONTROL)) + mask({1}, 32)) == b"\0"
    assert bmc.raw(CHASSIS, CONTROL, b"\x01") == b"\0"
    bmc.advance(60)
    assert bmc.raw(CHASSIS, CONTROL, b"\x03") == b"\0", "the system"
    assert bmc.system(COLD_RESET) == b"\0", "the controller"
    for reached in (bmc, bmc.reopened()):
        remote = console(reached)
        assert remote.ask(APP, SELF_TEST) == DISABLED
        assert remote.ask(CHASSIS, CONTROL, b"\x03") == PART_DISABLED
        assert remote.ask(APP, GET_PARTS, bytes((HERE, CHASSIS, 0, CONTROL))) == b"\0\x02\0\0\0"


# What can never be off


@exercises(firewall.SetCommandEnables)
@VERSIONS
def test_18_with_everything_off_one_can_still_log_in_look_and_switch_it_on(version: int) -> None:
    bmc = bench()
    for channel in (LAN, KCS, IPMB):
        for netfn in range(0, 0x0E, 2):
            for half in (0, 1):
                for lun in range(4):
                    place = bytes((channel, half << 6 | netfn, lun))
                    if channel != KCS or netfn != APP:
                        assert bmc.system(SET, place + bytes(16)) == b"\0"
    remote = console(bmc, version)
    assert remote.ask(APP, SET, bytes((KCS, APP, 0)) + bytes(16)) == b"\0"
    assert bmc.system(SET, bytes((KCS, APP, 0)) + b"\xff" * 16) == DISABLED, "the host opens nothing again"
    assert bmc.system(0x01)[0] == 0
    again = console(bmc, version)
    assert again.ask(APP, SELF_TEST) == DISABLED
    for cmd in (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x61, 0x63, 0x64):
        assert again.ask(APP, cmd, b"") == b"\xc7"
    place = bytes((HERE, APP, 0))
    may, on = again.ask(APP, MAY, place), again.ask(APP, GET, place)
    assert may is not None
    assert on is not None
    everything = bytes(one | other for one, other in zip(may[1:], on[1:], strict=True))
    assert again.ask(APP, SET, place + everything) == b"\0"
    assert taken(again.ask(APP, SELF_TEST))


@exercises(firewall.SetCommandEnables)
@pytest.mark.parametrize("cmd", [0x01, 0x38, 0x3B, 0x3C, 0x60, 0x61])
def test_18_a_0_for_what_cannot_be_switched_changes_nothing(cmd: int) -> None:
    bmc = bench()
    assert switch(bmc, LAN, APP, cmd, on=False) == b"\0"
    assert console(bmc).ask(APP, cmd, b"\x0e\x04") != DISABLED


@exercises(firewall.SetCommandEnables, firewall.SetCommandSubFunctionEnables)
def test_21_7_a_1_for_what_is_not_there_is_refused_whole() -> None:
    bmc = bench()
    before = bmc.system(GET, bytes((LAN, APP, 0)))
    assert bmc.system(SET, bytes((LAN, APP, 0)) + mask({0x04, 0x7F}, 128)) == NOT_CONFIGURABLE
    assert bmc.system(SET, bytes((LAN, 0x3A, 0)) + mask({0x00}, 128)) == NOT_CONFIGURABLE
    assert bmc.system(SET, bytes((LAN, APP, 1)) + mask({0x01}, 128)) == NOT_CONFIGURABLE
    assert bmc.system(GET, bytes((LAN, APP, 0))) == before
    assert bmc.system(SET_PARTS, bytes((LAN, CHASSIS, 0, CONTROL)) + mask({0, 6}, 32)) == NOT_CONFIGURABLE
    assert taken(console(bmc).ask(APP, SELF_TEST))


# As shipped


def shipped(spec: FirewallSpec) -> WholeBmc:
    base = bench().blueprint
    assert base.firewall is BLUEPRINT.firewall
    return WholeBmc(replace(base, firewall=spec), MemoryStore(), VirtualClock(now=1000.0))


@exercises(firewall.SetCommandEnables, firewall.GetCommandEnables)
def test_18_a_bmc_shipped_with_a_host_that_may_not_reset_it() -> None:
    bmc = shipped(FirewallSpec((FirewallRule(0x0C, (0x0602, 0x0660), ((0x0002, 0),)),)))
    assert bmc.system(COLD_RESET) == DISABLED
    assert bmc.raw(CHASSIS, CONTROL, b"\x00") == PART_DISABLED
    assert bmc.system(SET, bytes((KCS, APP, 0)) + b"\xff" * 16) == DISABLED
    remote = console(bmc)
    place = bytes((KCS, APP, 0))
    answer = remote.ask(APP, GET, place)
    assert answer is not None
    enabled = bytearray(answer[1:])
    enabled[0] |= 1 << COLD_RESET
    assert remote.ask(APP, SET, place + enabled) == b"\0"
    assert bmc.system(COLD_RESET) == b"\0"
    assert bmc.reopened().system(COLD_RESET) == b"\0", "an administrator's word is kept"


@exercises(firewall.SetCommandEnables, firewall.GetCommandSupport)
def test_18_what_is_removed_from_a_channel_nobody_brings_back() -> None:
    bmc = shipped(FirewallSpec((FirewallRule(0x0C, (0x0602,), removed=True),)))
    assert bmc.system(COLD_RESET) == DISABLED
    assert bmc.system(0x0A, bytes((KCS, APP, 0)))[1] & 0b100, "1 is not available"
    assert switch(bmc, KCS, APP, COLD_RESET, on=True) == NOT_CONFIGURABLE
    assert console(bmc).ask(APP, COLD_RESET) == b"\0"


@exercises(firewall.SetCommandEnables)
def test_18_where_everybody_may_be_locked_out_one_door_stays_open() -> None:
    bmc = shipped(FirewallSpec(lockable=True))
    remote = console(bmc)
    assert switch(bmc, LAN, APP, 0x60, on=False) == b"\0"
    assert remote.ask(APP, SET, bytes((HERE, APP, 0)) + bytes(16)) == DISABLED
    assert switch(bmc, KCS, APP, 0x60, on=False) == b"\xd5"
    assert switch(bmc, LAN, APP, 0x60, on=True) == b"\0", "the system interface still has it"


# Inside of Send Message

SEND_MESSAGE, TRACKED, OURSELVES = 0x34, 0x40, 0x20


def sent_on(bmc: WholeBmc, remote: RawConsole, netfn: int, cmd: int, data: bytes = b"") -> bytes:
    """Have the BMC send a request to its own address on the IPMB; the answer that comes back from there."""
    inner = lan_message.wrap_request(netfn, cmd, data, 5, rs_addr=OURSELVES, rq_addr=0x81)
    assert remote.ask(APP, SEND_MESSAGE, bytes((TRACKED | IPMB,)) + inner) == b"\0"
    bmc.advance(0.1)
    (datagram, _), bmc.sent = bmc.sent[-1], []
    return remote.unwrap_response(datagram)


@exercises(firewall.SetCommandEnables, firewall.SetCommandSubFunctionEnables, SendMessage, GetSelfTestResults)
@VERSIONS
def test_18_a_request_inside_of_send_message_is_held_to_the_channel_it_arrived_on(version: int) -> None:
    bmc = bench()
    remote = console(bmc, version)
    assert taken(sent_on(bmc, remote, APP, SELF_TEST))
    assert switch(bmc, LAN, APP, SELF_TEST, on=False) == b"\0"
    assert sent_on(bmc, remote, APP, SELF_TEST) == DISABLED
    assert bmc.system(SET_PARTS, bytes((LAN, CHASSIS, 0, CONTROL)) + mask({0}, 32)) == b"\0"
    assert sent_on(bmc, remote, CHASSIS, CONTROL, b"\x01") == PART_DISABLED
    assert not is_on(bmc)
    assert bmc.system(SET_PARTS, bytes((LAN, CHASSIS, 0, CONTROL)) + mask({0, 1}, 32)) == b"\0"
    assert taken(sent_on(bmc, remote, CHASSIS, CONTROL, b"\x01"))
    assert is_on(bmc)


@exercises(firewall.SetCommandEnables)
def test_18_send_message_itself_can_be_off() -> None:
    bmc = bench()
    remote = console(bmc)
    assert switch(bmc, LAN, APP, SEND_MESSAGE, on=False) == b"\0"
    inner = lan_message.wrap_request(APP, SELF_TEST, b"", 5, rs_addr=OURSELVES, rq_addr=0x81)
    assert remote.ask(APP, SEND_MESSAGE, bytes((TRACKED | IPMB,)) + inner) == DISABLED
