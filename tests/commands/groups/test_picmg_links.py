"""Links and clocks: numbers in pieces of other numbers."""

from __future__ import annotations

from baseboard.commands.groups.picmg_links import (
    AmcLink,
    GetAmcPortState,
    GetPortState,
    GetPortStateResponse,
    Link,
    LinkInterface,
    SetAmcPortState,
    SetClockState,
)
from tests.commands.lengths import takes


def test_a_link_has_all_its_numbers_in_four_bytes() -> None:
    link = Link(
        channel=0x2A,
        interface=LinkInterface.UPDATE_CHANNEL,
        ports=0xF,
        kind=0xF3,
        extension=7,
        group=9,
        state=1,
    )
    assert link.encode() == bytes.fromhex("AA 3F 7F 09 01")
    assert Link.decode(link.encode()) == link


def test_an_amc_link_in_three() -> None:
    link = AmcLink(lanes=0xF, kind=0xF3, extension=7, group=9, state=1)
    assert link.encode() == bytes.fromhex("3F 7F 09 01")


def test_a_channel_has_no_link_or_several() -> None:
    assert GetPortState(channel=1, interface=LinkInterface.FABRIC).encode() == b"\x41"
    assert GetPortStateResponse.decode(b"").links == ()
    assert len(GetPortStateResponse.decode(bytes.fromhex("4121000001 4121000000")).links) == 2


def test_devices_are_named_by_carriers_only() -> None:
    takes(GetAmcPortState, 1, 2)
    takes(SetAmcPortState, 5, 6)
    takes(SetClockState, 9, 10)
