"""``bmc.forwarding``: what is chosen, for whom, and handing over oneself."""

from __future__ import annotations

import pytest

from baseboard.client.forwarding import ForwardingTarget
from baseboard.client.interface import Target
from baseboard.codes import NetFn, Privilege
from baseboard.errors import CompletionError
from tests.bmc.bridges import SATELLITE
from tests.client.harness import desk

OEM = 0x30
SET = (0x0C, 0x31)


async def test_commands_are_chosen_and_chosen_no_more() -> None:
    made = desk(satellites=(SATELLITE,))
    forwarding = made.bmc.forwarding
    assert await forwarding.chosen(OEM) == frozenset()
    assert await forwarding.choose(OEM, [0x10, 0x90]) == {0x10, 0x90}
    assert await forwarding.choose(OEM, [0x11]) == {0x10, 0x11, 0x90}
    assert await forwarding.choose(OEM, [0x10], forwarded=False) == {0x11, 0x90}
    assert await forwarding.chosen(OEM) == {0x11, 0x90}
    sets = [data for netfn, cmd, data in made.script.asked if (netfn, cmd) == SET]
    assert len(sets) == 4, "a half that does not change is not sent"
    with pytest.raises(CompletionError):
        await forwarding.choose(NetFn.APP, [0x34])


async def test_a_defining_body_is_sent_along() -> None:
    made = desk()
    assert await made.bmc.forwarding.choose(0x2C, [0x02], body=b"\xdc") == {0x02}
    assert await made.bmc.forwarding.chosen(0x2C, body=b"\x00") == frozenset()


async def test_a_channel_is_switched_and_keeps_its_controller() -> None:
    forwarding = desk().bmc.forwarding
    off = ForwardingTarget(channel=15, enabled=False, slave_address=0, target_channel=0, lun=0)
    assert await forwarding.target() == off
    on = ForwardingTarget(channel=15, enabled=True, slave_address=0x82, target_channel=0, lun=1)
    assert await forwarding.enable(0x82, lun=1) == on
    assert (await forwarding.disable()).slave_address == 0x82
    assert await forwarding.enable() == on
    assert (await forwarding.target(1)).enabled is False


async def test_a_request_is_handed_over() -> None:
    made = desk({(0x0C, 0x30): b"\0\xd4"})
    assert await made.bmc.forwarding.hand_over(Target(), 0x06, 0x01, privilege=Privilege.USER) == b"\xd4"
    assert made.script.asked[-1] == (0x0C, 0x30, bytes.fromhex("21 18 01"))
