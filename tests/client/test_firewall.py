"""`bmc.firewall`: what there is, what is on, and switching it."""

from __future__ import annotations

import pytest

from baseboard.client.firewall import SET_COMMAND_ENABLES
from baseboard.codes import Cc, NetFn
from baseboard.commands.app.device import ColdReset
from baseboard.commands.app.firewall import LunSupport, mask, members
from baseboard.errors import CompletionError, LocalProtocolError, NoEffect, PrivilegeTooLow
from tests.client.harness import Desk, desk

NETFNS, SUPPORT, PARTS, MAY, PARTS_MAY, SET, GET, SET_PARTS, GET_PARTS, OWNERS = (
    (0x06, number) for number in (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x60, 0x61, 0x62, 0x63, 0x64)
)


class Wall:
    """A controller with a firewall before the App commands."""

    def __init__(self) -> None:
        self.supported = {0x01, 0x02, 0x22, SET_COMMAND_ENABLES, 0x85}
        self.enabled = set(self.supported)
        self.parts = {0, 1, 2, 3}
        self.at: Desk = desk(
            {
                NETFNS: b"\0" + bytes.fromhex("02 6F004083") + bytes(12),
                SUPPORT: lambda data: self._half(data, self.supported, inverted=True),
                MAY: lambda data: self._half(data, self.supported - {0x01}),
                GET: lambda data: self._half(data, self.enabled),
                SET: self._set,
                PARTS: b"\0\x00\x02\x10" + mask({0, 1, 2, 3, 4, 5}, 32, inverted=True),
                PARTS_MAY: b"\0" + mask({0, 2}, 32),
                GET_PARTS: lambda data: b"\0" + mask(self.parts, 32),
                SET_PARTS: self._set_parts,
            }
        )
        self.firewall = self.at.bmc.firewall

    def _half(self, data: bytes, numbers: set[int], *, inverted: bool = False) -> bytes:
        return b"\0" + mask(numbers, 128, first=128 * (data[1] >> 6), inverted=inverted)

    def _set(self, data: bytes) -> bytes:
        first = 128 * (data[1] >> 6)
        wanted = members(data[3:19], first=first)
        if wanted - self.supported:
            return b"\x80"
        self.enabled = {n for n in self.enabled if not first <= n < first + 128} | wanted
        return b"\0"

    def _set_parts(self, data: bytes) -> bytes:
        self.parts = set(members(data[4:]))
        return b"\0"


async def test_network_functions() -> None:
    """Q-FWCOARSE."""
    found = await Wall().firewall.netfns()
    assert found.luns == (LunSupport.EXTENDED, LunSupport.NONE, LunSupport.NONE, LunSupport.NONE)
    assert found.netfns[0] == (0x00, 0x02, 0x04, 0x06, 0x0A, 0x0C, 0x2C, 0x30, 0x32, 0x3E)
    with pytest.raises(CompletionError):
        await desk({NETFNS: b"\xc1"}).bmc.firewall.netfns()


async def test_commands() -> None:
    made = Wall()
    found = await made.firewall.commands(NetFn.APP)
    assert found.supported == found.enabled == made.supported
    assert found.configurable == made.supported - {0x01}
    for key in (MAY, GET):
        made.at.script.lines[key] = b"\xc1"
    found = await made.firewall.commands(0x2C, body=b"\xdc")
    assert (found.configurable, found.enabled) == (None, None)
    assert made.at.script.asked[-1][2] == b"\x0e\x6c\x00\xdc"


async def test_sub_functions() -> None:
    made = Wall()
    found = await made.firewall.sub_functions(NetFn.CHASSIS, 2)
    assert (found.specification, found.version, found.revision) == (0, "2.0", "1.0")
    assert found.supported == {0, 1, 2, 3, 4, 5}
    assert found.configurable == {0, 2}
    assert found.enabled == {0, 1, 2, 3}
    made.at.script.lines[PARTS_MAY], made.at.script.lines[GET_PARTS] = b"\xc1", b"\x80"
    found = await made.firewall.sub_functions(NetFn.CHASSIS, 2)
    assert (found.configurable, found.enabled) == (None, None)


async def test_owners() -> None:
    entries = [b"\0\x00\x01\xdc", b"\0\x80\x01\x00"]
    made = desk({OWNERS: lambda data: entries[data[2]]})
    assert [entry.body for entry in [one async for one in made.bmc.firewall.owners(0x2C)]] == [b"\xdc", b"\0"]
    assert [one async for one in desk({OWNERS: b"\xcb"}).bmc.firewall.owners(0x2E)] == []
    endless = desk({OWNERS: b"\0\x00\x01\xdc"})
    assert len([one async for one in endless.bmc.firewall.owners(0x2C)]) == 64


async def test_switching_commands() -> None:
    made = Wall()
    on = await made.firewall.switch(NetFn.APP, [0x02, 0x85], enabled=False)
    assert on == made.enabled == made.supported - {0x02, 0x85}
    made.at.script.asked.clear()
    assert await made.firewall.switch(NetFn.APP, [0x02], enabled=False) == on
    assert {cmd for _, cmd, _ in made.at.script.asked} == {0x61}, "nothing changes, so nothing is written"
    await made.firewall.switch(NetFn.APP, [0x02, 0x85], enabled=True)
    assert made.enabled == made.supported
    with pytest.raises(CompletionError) as refused:
        await made.firewall.switch(NetFn.APP, [0x77], enabled=True)
    assert refused.value.code == 0x80


async def test_the_door_is_not_closed_for_good() -> None:
    made = Wall()
    with pytest.raises(LocalProtocolError, match="Set Command Enables"):
        await made.firewall.switch(NetFn.APP, [SET_COMMAND_ENABLES], enabled=False)
    assert made.at.script.asked == []
    await made.firewall.switch(NetFn.APP, [SET_COMMAND_ENABLES], enabled=False, force=True)
    assert SET_COMMAND_ENABLES not in made.enabled


async def test_switching_that_has_no_effect() -> None:
    made = Wall()
    made.at.script.lines[SET] = made.at.script.lines[SET_PARTS] = b"\0"
    with pytest.raises(NoEffect, match="02h"):
        await made.firewall.switch(NetFn.APP, [0x02], enabled=False)
    with pytest.raises(NoEffect, match="03h"):
        await made.firewall.switch_sub_functions(NetFn.CHASSIS, 2, [3], enabled=False)


async def test_switching_sub_functions() -> None:
    made = Wall()
    assert await made.firewall.switch_sub_functions(NetFn.CHASSIS, 2, [2], enabled=False) == {0, 1, 3}
    assert await made.firewall.switch_sub_functions(NetFn.CHASSIS, 2, [2], enabled=False) == {0, 1, 3}
    assert await made.firewall.switch_sub_functions(NetFn.CHASSIS, 2, [5], enabled=True) == {0, 1, 3, 5}
    wide = {40}
    made.at.script.lines[GET_PARTS] = lambda data: b"\0" + mask(wide, 64)

    def widen(data: bytes) -> bytes:
        wide.update(members(data[7:]))
        return b"\0"

    made.at.script.lines[SET_PARTS] = widen
    assert await made.firewall.switch_sub_functions(0x2C, 2, [50], enabled=True, body=b"\xdc\0\0") == {40, 50}


# Against the simulated BMC


async def test_each_of_the_ten_commands_on_a_bmc_that_has_them() -> None:
    at = desk(channel=1)
    firewall, here = at.bmc.firewall, 1
    support = await firewall.netfns(here)
    assert support.netfns[1] == support.netfns[3] == (NetFn.SENSOR_EVENT,)
    before = await firewall.commands(NetFn.APP)
    assert before.enabled == before.supported
    assert before.configurable is not None
    assert before.configurable < before.supported
    on = await firewall.switch(NetFn.APP, [0x02], enabled=False)
    assert on == before.supported - {0x02}
    with pytest.raises(PrivilegeTooLow):
        await at.bmc.execute(ColdReset())
    parts = await firewall.sub_functions(NetFn.CHASSIS, 0x02)
    assert (parts.version, parts.revision) == ("2.0", "1.1")
    assert parts.supported == parts.configurable == parts.enabled == {0, 1, 2, 3, 4, 5}
    await firewall.switch_sub_functions(NetFn.CHASSIS, 0x02, [1], enabled=False)
    with pytest.raises(CompletionError) as refused:
        await at.bmc.chassis.power_on()
    assert refused.value.code == Cc.SUBFUNCTION_DISABLED
    assert [one async for one in firewall.owners(0x2E)] == []
    seen = await firewall.map([here], netfns=[NetFn.APP])
    assert [one.name for one in seen.commands if one.who(seen.channels[0]) == "off"] == ["Cold Reset"]
    assert await firewall.reset() == 2
    assert (await firewall.commands(NetFn.APP)).enabled == before.enabled
    assert await firewall.reset(0xF) == 0
    await at.bmc.chassis.power_on()


async def test_the_doors_of_a_session_stay_open_and_that_is_noticed() -> None:
    with pytest.raises(NoEffect, match="60h"):
        await desk(channel=1).bmc.firewall.switch(
            NetFn.APP, [SET_COMMAND_ENABLES], enabled=False, channel=1, force=True
        )


@pytest.mark.parametrize("untold", [PARTS, PARTS_MAY, GET_PARTS])
async def test_reset_of_a_controller_that_does_not_tell_of_parts(untold: tuple[int, int]) -> None:
    at = desk({untold: b"\xc1"}, channel=1)
    await at.bmc.firewall.switch(NetFn.APP, [0x02], enabled=False)
    assert await at.bmc.firewall.reset() == 1
