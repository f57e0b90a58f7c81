"""Targets, and that every way to a controller has the same shape."""

from __future__ import annotations

from baseboard.client.interface import BMC, Interface, Target
from baseboard.client.memory import MemoryInterface


def test_the_bmc_itself_is_the_default() -> None:
    assert Target() == BMC
    assert (BMC.address, BMC.channel, BMC.lun, BMC.transit_address) == (0x20, 0, 0, None)


def test_an_interface_can_be_told_how_many_requests_it_may_have_under_way() -> None:
    interface: Interface = MemoryInterface(lambda *_: None)
    interface.depth = 4
    assert interface.depth == 4
