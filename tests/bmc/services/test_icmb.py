"""The bridge between chassis: addresses, what it keeps, and what it does for others (§8, ICMB v1.0)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.bridging import IcmbSpec
from baseboard.bmc.services.icmb_line import IcmbLine
from baseboard.commands.bridge.management import BridgeState
from baseboard.commands.parameters.pef import GroupControl
from baseboard.links.icmb import BROADCAST, REQUEST, Packet
from baseboard.testing.clock import VirtualClock
from tests.bmc.bridges import NEAR, OTHER, chassis
from tests.bmc.harness import Bench, make_bmc


def icmb(bench: Bench) -> Any:
    return bench.services.icmb


def said(bench: Bench, cmd: int, data: bytes = b"", to: int = 0) -> list[bytes]:
    """What a bridge answers to a request from the line."""
    answers: list[bytes] = []
    bridge = icmb(bench)
    packet = Packet(to or bridge.link.address, 0x0909, REQUEST, 1, cmd, data)
    bridge._from_line(packet, answers.append)
    bench.advance(3)
    return answers


def test_without_it_in_the_blueprint_there_is_no_bridge() -> None:
    assert make_bmc().services.icmb is None


def test_without_a_line_it_is_in_error() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert icmb(near).state == BridgeState.ENABLED
    icmb(near).leave()
    icmb(near).leave()
    assert icmb(near).state == BridgeState.ERROR
    assert not icmb(near).usable
    assert not icmb(near).group_control(0)


def test_a_bridge_without_an_address_looks_for_one_that_nobody_has() -> None:
    near, far = chassis(NEAR, 0)
    assert icmb(far).state == BridgeState.ASSIGNING_ADDRESS
    near.advance(5)
    assert icmb(far).state == BridgeState.ENABLED
    assert icmb(far).link.address not in (0, NEAR, BROADCAST)


def test_an_address_that_somebody_has_is_not_taken() -> None:
    clock = VirtualClock()
    line = IcmbLine(clock)
    (probe,) = chassis(0, line=line)
    probe.clock.advance(5)
    found = icmb(probe).link.address
    near, far = chassis(found, 0)
    near.advance(5)
    assert icmb(far).link.address not in (0, found), "the same numbers are drawn, and the first one is taken"


def test_two_that_want_the_same_address_at_once_both_look_further() -> None:
    one, other = chassis(0, 0)
    one.advance(60)
    assert icmb(one).link.address != icmb(other).link.address
    assert {icmb(one).state, icmb(other).state} == {BridgeState.ENABLED}


def test_the_address_that_was_found_is_found_again() -> None:
    _, far = chassis(NEAR, 0)
    far.advance(5)
    found = icmb(far).link.address
    again = far.reopen()
    again.services.icmb.join(IcmbLine(again.clock))
    again.advance(5)
    assert icmb(again).link.address == found


def test_while_it_looks_for_an_address_it_may_be_switched_off() -> None:
    _, far = chassis(NEAR, 0)
    icmb(far).switch(on=False)
    far.advance(5)
    assert (icmb(far).state, icmb(far).link.address) == (BridgeState.DISABLED, 0)


def test_what_is_set_survives() -> None:
    near, _ = chassis(NEAR, OTHER)
    bridge = icmb(near)
    bridge.set_address(0x0707)
    bridge.proxy = (0x0808, 0x82, 1)
    bridge.event_destination = OTHER
    bridge.event_reception = (True, 0x82, 2)
    bridge.chassis_device = 0x28
    bridge.switch(on=False)
    again = icmb(near.reopen())
    assert (again.static_address, again.proxy, again.link.proxy) == (0x0707, (0x0808, 0x82, 1), 0x0808)
    assert (again.event_destination, again.event_reception) == (OTHER, (True, 0x82, 2))
    assert (again.chassis_device, again.enabled) == (0x28, False)


def test_a_message_for_a_controller_reaches_it() -> None:
    near, _ = chassis(NEAR, OTHER)
    (answer,) = said(near, 0x20, bytes.fromhex("82 18 01"))
    assert answer[:3] == bytes.fromhex("00 00 34"), "both completion codes, then the satellite's device ID"
    (answer,) = said(near, 0x20, bytes.fromhex("20 18 01"))
    assert answer[:3] == bytes.fromhex("00 00 40")
    assert said(near, 0x20, bytes.fromhex("84 18 01")) == [b"\x83"]
    assert said(near, 0x20, bytes.fromhex("82 1c 01")) == [b"\xcc"], "a response is no request"
    assert said(near, 0x20, b"\x82\x18") == [b"\xc7"]
    assert icmb(near).link.counters["runt_commands"] == 1


def test_what_comes_to_the_proxys_address_is_all_for_one_controller() -> None:
    near, _ = chassis(NEAR, OTHER)
    icmb(near).proxy = (0x0808, 0x82, 0)
    (answer,) = said(near, 0x20, bytes.fromhex("20 19 01"), to=0x0808)
    assert answer[:3] == bytes.fromhex("00 00 34")


def test_a_bridges_own_commands_come_over_the_line_too() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert said(near, 0x02) == [bytes.fromhex("00 01 01")]
    assert said(near, 0x77) == [b"\xc1"]
    assert said(near, 0x03, b"\x01") == [b"\xc7"]
    assert said(near, 0xFF) == []
    counters = icmb(near).link.counters
    assert (counters["bad_commands"], counters["runt_commands"]) == (2, 1)


@pytest.mark.parametrize(
    "data", ["20 0a 20 02 02 20 20 18 01", "20 08 21 02 02 20 20 18 01", "20 18 34 07 02 02"]
)
def test_nothing_goes_on_from_chassis_to_chassis(data: str) -> None:
    near, _ = chassis(NEAR, OTHER)
    (answer,) = said(near, 0x20, bytes.fromhex(data))
    assert answer[0] == 0
    assert answer[1] in (0xD5, 0xC2)


def test_it_says_its_address_until_it_is_discovered() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert said(near, 0x11) == [bytes.fromhex("00 01 01")]
    assert said(near, 0x12) == [b"\0"]
    assert said(near, 0x11) == []
    assert said(near, 0x10) == [b"\0"]
    assert len(said(near, 0x11)) == 1


def test_ids_of_connections_are_exchanged() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert icmb(near).connection_id == (0, "Port 0")
    (answer,) = said(near, 0x0C, bytes.fromhex("05 c4") + b"Rack")
    assert answer == b"\0\0\xc6Port 0"
    assert icmb(near).connection_id == (5, "Rack")
    assert said(near, 0x0C, b"") == [b"\xc7"]


def test_a_bridge_without_connectors_is_at_a_connection_without_a_name() -> None:
    assert icmb(make_bmc(icmb=IcmbSpec(connectors=()))).connection_id == (0, "")


def test_an_event_becomes_one_of_ours_if_it_is_taken() -> None:
    near, _ = chassis(NEAR, OTHER)
    assert said(near, 0x33, b"\x01") == []
    assert len(near.services.sel) == 0
    icmb(near).event_reception = (True, 0x20, 0)
    said(near, 0x33, b"")
    assert icmb(near).events_received == 0
    said(near, 0x33, b"\x01")
    assert icmb(near).events_received == 1
    record, _ = near.services.sel.read(0)
    # generator 20h on channel 7; event data: attention, from 0909h
    assert record[7:16].hex() == "2070" + "04c0006fa10909"


def test_an_event_may_be_for_another_controller() -> None:
    near, _ = chassis(NEAR, OTHER)
    icmb(near).event_reception = (True, 0x82, 0)
    said(near, 0x33, b"\x00")
    icmb(near).event_reception = (True, 0x84, 0)
    said(near, 0x33, b"\x00")
    assert len(near.services.sel) == 0
    assert icmb(near).events_received == 2


def test_events_go_to_their_destination_or_nowhere() -> None:
    near, far = chassis(NEAR, OTHER)
    icmb(far).event_reception = (True, 0x20, 0)
    icmb(near).send_event(0)
    near.advance(1)
    assert icmb(far).events_received == 0
    icmb(near).event_destination = OTHER
    icmb(near).send_event(0)
    near.advance(1)
    assert icmb(far).events_received == 1


@pytest.mark.parametrize(
    ("channel", "groups", "reached"),
    [
        (7, (0xFF, 0, 0, 0), True),
        (7, (1, 0, 0, 0xFF), True),
        (7, (1, 2, 3, 0), False),
        (1, (0xFF, 0, 0, 0), False),
    ],
)
def test_17_15_pef_switches_all_groups_on_its_channel(
    channel: int, groups: tuple[int, ...], reached: bool
) -> None:
    near, far = chassis(NEAR, OTHER)
    near.services.pef.group_action(
        GroupControl(
            force=False,
            delayed=False,
            channel=channel,
            group_id0=groups[0],
            member_check0=0,
            group_id1=groups[1],
            member_check1=0,
            group_id2=groups[2],
            member_check2=0,
            group_id3=groups[3],
            member_check3=0,
            retries=0,
            operation=1,
        )
    )
    near.advance(1)
    assert far.backend.power is not None
    assert far.backend.power.on == reached
    assert make_bmc().services.pef.group_action is None


def test_group_control_reaches_every_other_chassis() -> None:
    near, *others = chassis(NEAR, OTHER, 0x0303)
    assert icmb(near).group_control(1)
    near.advance(1)
    assert [bench.backend.power is not None and bench.backend.power.on for bench in others] == [True, True]
    assert near.backend.power is not None
    assert not near.backend.power.on
