"""The firewall's masks: what is off where, what may be, what is kept (§18, §21)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.firewall import FirewallRule, FirewallSpec
from baseboard.bmc.services.channels import Channels
from baseboard.bmc.services.command_keys import key_of, key_of_command
from baseboard.bmc.services.firewall import ALWAYS, DOOR, Firewall, protected
from baseboard.codes import Cc, ChannelMedium
from baseboard.commands.chassis.control import ChassisControl
from baseboard.commands.declaration import commands, lookup
from baseboard.errors import CompletionError
from tests.bmc.services.homes import FakeHome, make_home

IPMB, LAN, KCS = 0, 1, 15
APP, CHASSIS, SENSOR = 0x06, 0x00, 0x04
COLD_RESET, CONTROL = 0x0602, 0x0002
POWER_DOWN = b"\x00"
SHIPPED = FirewallSpec(
    (
        FirewallRule(int(ChannelMedium.SYSTEM_INTERFACE), (COLD_RESET, 0x0626), ((CONTROL, 0), (CONTROL, 3))),
        FirewallRule(int(ChannelMedium.LAN), (0x0647,), removed=True),
    )
)


def made(home: FakeHome | None = None, **changes: Any) -> tuple[Firewall, FakeHome]:
    home = home or make_home(**changes)
    return Firewall(home, Channels(home)), home


def rows(home: FakeHome) -> int:
    return len(home.again().journal.saved("firewall")) + len(home.again().journal.saved("firewall parts"))


def test_nothing_is_off_unless_it_is_told_and_nothing_is_kept() -> None:
    firewall, home = made()
    assert not firewall.active
    assert firewall.refusal(LAN, 0, APP, 0x02, b"") == 0
    firewall.switch_off(LAN, 0, APP, 0)
    assert not firewall.active
    assert rows(home) == 0


def test_a_command_is_off_on_its_channel_and_lun_alone() -> None:
    firewall, _ = made()
    firewall.switch_off(LAN, 0, SENSOR, 1 << 0x2D)
    assert firewall.active
    assert firewall.refusal(LAN, 0, SENSOR, 0x2D, b"\1") == Cc.INSUFFICIENT_PRIVILEGE
    assert not firewall.permits(LAN, 0, SENSOR, 0x2D, b"\1")
    for channel, lun, cmd in (
        (LAN, 1, 0x2D),
        (KCS, 0, 0x2D),
        (IPMB, 0, 0x2D),
        (LAN, 0, 0x2C),
        (LAN, 0, 0xAD),
    ):
        assert firewall.permits(channel, lun, SENSOR, cmd, b"\1")
    assert firewall.permits(LAN, 0, APP, 0x2D, b"\1")


def test_a_command_of_a_body_or_a_maker_is_off_for_that_one_alone() -> None:
    firewall, _ = made()
    firewall.switch_off(LAN, 0, key_of(0x2C, 0, 0xDC) >> 8, 1 << 0x02)
    firewall.switch_off(LAN, 0, key_of(0x2E, 0, 0xFFFFFF) >> 8, 1 << 0xFF)
    assert not firewall.permits(LAN, 0, 0x2C, 0x02, b"\xdc\1")
    assert firewall.permits(LAN, 0, 0x2C, 0x02, b"\0\1")
    assert firewall.permits(LAN, 0, 0x2C, 0x02, b"")
    assert not firewall.permits(LAN, 0, 0x2E, 0xFF, b"\xff\xff\xff")
    assert firewall.permits(LAN, 0, 0x2E, 0xFF, b"\xfe\xff\xff")
    assert firewall.permits(3, 0, 0x2E, 0xFF, b"\xff\xff\xff")


@pytest.mark.parametrize(
    ("channel", "data", "code"),
    [
        (LAN, POWER_DOWN, Cc.SUBFUNCTION_DISABLED),
        (LAN, b"\x01", 0),
        (LAN, b"\x0f", 0),
        (LAN, b"", 0),
        (LAN, bytes(20), 0),
        (KCS, POWER_DOWN, 0),
    ],
)
def test_a_part_is_off_for_the_requests_that_ask_for_it(channel: int, data: bytes, code: int) -> None:
    firewall, _ = made()
    firewall.switch_parts_off(LAN, 0, CONTROL, 0b001)
    assert firewall.refusal(channel, 0, CHASSIS, 0x02, data) == code


def test_a_request_that_asks_for_no_part_passes() -> None:
    firewall, _ = made()
    firewall.switch_parts_off(LAN, 0, 0x0004, 1)
    assert firewall.permits(LAN, 0, CHASSIS, 0x04, b"\x0f")
    assert not firewall.permits(LAN, 0, CHASSIS, 0x04, b"\x0f\x01")


def test_dispatch_may_ask_with_the_request_decoded() -> None:
    firewall, _ = made()
    firewall.switch_parts_off(LAN, 0, CONTROL, 0b001)
    request = ChassisControl.decode(POWER_DOWN)
    assert firewall.blocks_part(LAN, 0, CONTROL, request)
    assert not firewall.blocks_part(KCS, 0, CONTROL, request)
    assert not firewall.blocks(LAN, 0, CONTROL)


def test_what_is_switched_is_kept_in_few_bytes_and_forgotten_when_it_is_as_before() -> None:
    firewall, home = made()
    firewall.switch_off(LAN, 0, APP, 1 << 0x02)
    firewall.switch_parts_off(LAN, 0, CONTROL, 0b001)
    (commands_off,) = home.again().journal.saved("firewall").values()
    assert commands_off == b"\x04"
    again, _ = made(home.again())
    assert again.active
    assert (again.off(LAN, 0, APP), again.parts_off(LAN, 0, CONTROL)) == (1 << 0x02, 0b001)
    again.switch_off(LAN, 0, APP, 0)
    assert again.active
    again.switch_parts_off(LAN, 0, CONTROL, 0)
    assert not again.active
    assert rows(home) == 0


def test_what_stays_the_same_is_not_written() -> None:
    firewall, home = made()
    firewall.switch_off(LAN, 0, APP, 1 << 0x02)
    before = home.journal.store.sequence
    firewall.switch_off(LAN, 0, APP, 1 << 0x02)
    assert home.journal.store.sequence == before


# As shipped


def test_bmcs_shipped_alike_share_their_masks_until_one_is_changed() -> None:
    one, home = made(firewall=SHIPPED)
    other, _ = made(firewall=SHIPPED)
    assert one.active
    assert vars_of(one)[0] is vars_of(other)[0]
    one.switch_off(KCS, 0, APP, 0)
    assert (one.off(KCS, 0, APP), other.off(KCS, 0, APP)) == (0, 1 << 0x02 | 1 << 0x26)
    assert rows(home) == 1, "that it is on again has to be kept"
    again, _ = made(home.again())
    assert again.off(KCS, 0, APP) == 0
    again.switch_off(KCS, 0, APP, 1 << 0x02 | 1 << 0x26)
    assert rows(home) == 0


def vars_of(firewall: Firewall) -> tuple[object, ...]:
    return tuple(getattr(firewall, name) for name in ("_commands", "_parts", "_removed"))


def test_rules_find_their_channel_by_its_medium() -> None:
    firewall, _ = made(firewall=SHIPPED)
    assert firewall.off(KCS, 0, APP) == 1 << 0x02 | 1 << 0x26
    assert firewall.parts_off(KCS, 0, CONTROL) == 0b1001
    assert firewall.off(LAN, 0, APP) == firewall.removed(LAN, 0, APP) == 1 << 0x47
    assert firewall.off(IPMB, 0, APP) == 0


def test_a_rule_holds_at_every_lun_that_answers_the_command() -> None:
    spec = FirewallSpec((FirewallRule(int(ChannelMedium.LAN), (0x042D,), ((0x0004, 0),)),))
    firewall, _ = made(firewall=spec)
    assert [firewall.off(LAN, lun, SENSOR) >> 0x2D for lun in range(4)] == [1, 1, 0, 1]
    assert [firewall.parts_off(LAN, lun, 0x0004) for lun in range(4)] == [1, 0, 0, 0]


def test_what_is_removed_stays_off_whatever_is_asked_or_kept() -> None:
    firewall, home = made(firewall=SHIPPED)
    firewall.switch_off(LAN, 0, APP, 1 << 0x02)
    assert firewall.off(LAN, 0, APP) == 1 << 0x02 | 1 << 0x47
    again, _ = made(home.again())
    assert again.off(LAN, 0, APP) == 1 << 0x02 | 1 << 0x47
    # A file may remove what an administrator had switched on before.
    home.journal.put("firewall", next(iter(home.again().journal.saved("firewall"))), b"\x04")
    stricter, _ = made(home.again())
    assert stricter.off(LAN, 0, APP) == 1 << 0x02 | 1 << 0x47


def test_a_rule_cannot_take_what_may_never_be_off() -> None:
    everything = tuple(key_of_command(one) for one in commands() if protected(one))
    spec = FirewallSpec((FirewallRule(int(ChannelMedium.LAN), everything, removed=True),))
    assert not made(firewall=spec)[0].active


# What may be switched


def test_what_one_needs_to_log_in_and_to_look_can_never_be_switched() -> None:
    firewall, home = made()
    channels = Channels(home)
    names = {one.name for one in commands() if not firewall.configurable(channels.get(KCS), 0, one)}
    assert names >= {
        "Get Device ID", "Get NetFn Support", "Get Command Support", "Get Command Sub-function Support",
        "Get Configurable Commands", "Get Configurable Command Sub-functions", "Get Command Enables",
        "Get Command Sub-function Enables", "Get OEM NetFn IANA Support", "Get Channel Cipher Suites",
        "Get Channel Authentication Capabilities", "Get Session Challenge", "Activate Session",
        "Set Session Privilege Level", "Close Session", "Get System GUID",
    }  # fmt: skip
    assert {one.name for one in commands() if key_of_command(one) in ALWAYS or one.session_less} == names


@pytest.mark.parametrize("lockable", [False, True])
def test_who_logs_in_keeps_the_door(lockable: bool) -> None:
    firewall, home = made(firewall=FirewallSpec(lockable=lockable))
    channels = Channels(home)
    for cmd in (0x60, 0x62):
        command = lookup(APP, cmd)
        assert command is not None
        assert firewall.configurable(channels.get(LAN), 0, command) == lockable
        assert firewall.configurable(channels.get(KCS), 0, command)
        assert firewall.configurable(channels.get(IPMB), 0, command)


def test_what_is_removed_is_not_there_to_be_switched() -> None:
    firewall, home = made(firewall=SHIPPED)
    command = lookup(APP, 0x47)
    assert command is not None
    assert not firewall.configurable(Channels(home).get(LAN), 0, command)
    assert firewall.configurable(Channels(home).get(KCS), 0, command)


@pytest.mark.parametrize(("first", "last"), [(LAN, KCS), (KCS, LAN)])
def test_the_last_door_cannot_be_shut_for_nobody_may_be_on_the_ipmb(first: int, last: int) -> None:
    firewall, _ = made(firewall=FirewallSpec(lockable=True))
    door = 1 << (DOOR & 0xFF)
    firewall.switch_off(IPMB, 0, APP, door)
    firewall.switch_off(first, 0, APP, door)
    with pytest.raises(CompletionError, match="^D5h"):
        firewall.switch_off(last, 0, APP, door)
    assert firewall.off(last, 0, APP) == 0
    firewall.switch_off(first, 0, APP, 0)
    firewall.switch_off(last, 0, APP, door)
    firewall.switch_off(first, 0, CHASSIS, door)  # the same number in another network function
