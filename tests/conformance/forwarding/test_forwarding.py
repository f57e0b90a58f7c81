"""Command forwarding: chosen commands are answered by another controller (§35b).

No source gives the layouts of this section; what is tested is what Baseboard takes them to be.
"""

from __future__ import annotations

import pytest

from baseboard.bmc.context import Origin
from baseboard.bmc.services.bridging import received
from baseboard.codes import NetFn, Privilege
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.firewall import CommandRange
from baseboard.commands.transport.forwarding import (
    EnableForwardedCommands,
    ForwardedCommand,
    ForwardingState,
    GetForwardedCommands,
    SetForwardedCommands,
)
from baseboard.errors import CompletionError
from baseboard.rmcp import lan_message
from tests.bmc.bridges import SATELLITE, answer
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.marks import exercises

APP, CHASSIS, OEM, TRANSPORT = 0x06, 0x00, 0x30, 0x0C
LAN, SYSTEM = 1, 15


def bench() -> Bench:
    return make_bmc(satellites=(SATELLITE,))


def choose(bmc: Bench, netfn: int, *commands: int, channel: int = LAN) -> None:
    mask = sum(1 << command for command in commands).to_bytes(16, "little")
    bmc.execute(
        SetForwardedCommands(
            channel=channel, commands=CommandRange.FROM_00H, netfn=NetFn(netfn), lun=0, forwarded=mask
        )
    )


def switch(bmc: Bench, state: ForwardingState, slave: int | None = 0x82, channel: int = LAN) -> None:
    named = slave is not None
    bmc.execute(
        EnableForwardedCommands(
            channel=channel,
            state=state,
            slave_address=slave,
            target_channel=0 if named else None,
            lun=0 if named else None,
        )
    )


async def device(bmc: Bench, channel: int = LAN, privilege: int = 2) -> int:
    """Who answers Get Device ID on a channel."""
    command = GetDeviceId.command
    got = await answer(bmc, command.netfn, command.cmd, origin=bmc.origin(channel, privilege))
    assert got[0] == 0
    return got[1]


@exercises(SetForwardedCommands, GetForwardedCommands, EnableForwardedCommands)
async def test_35b_a_chosen_command_is_answered_by_the_controller_that_is_named() -> None:
    bmc = bench()
    assert await device(bmc) == 0x20
    choose(bmc, APP, 0x01)
    told = bmc.execute(GetForwardedCommands(channel=LAN, netfn=NetFn.APP))
    assert told.forwarded == b"\x02" + bytes(15)
    assert await device(bmc) == 0x20, "not before it is enabled"
    switch(bmc, ForwardingState.ENABLE)
    assert await device(bmc) == 0x34
    assert await device(bmc, SYSTEM) == 0x20, "other channels are left alone"
    switch(bmc, ForwardingState.DISABLE)
    assert await device(bmc) == 0x20


@exercises(EnableForwardedCommands)
async def test_35b_each_channel_has_a_controller_of_its_own() -> None:
    bmc = bench()
    choose(bmc, APP, 0x01, channel=SYSTEM)
    switch(bmc, ForwardingState.ENABLE, channel=SYSTEM)
    assert await device(bmc, SYSTEM) == 0x34
    assert await device(bmc, LAN) == 0x20
    asked = EnableForwardedCommands(channel=SYSTEM, state=ForwardingState.GET_STATE)
    told = bmc.execute(asked)
    assert (told.channel, told.enabled, told.slave_address) == (SYSTEM, True, 0x82)
    switch(bmc, ForwardingState.DISABLE, None, SYSTEM)
    told = bmc.execute(asked)
    assert (told.enabled, told.slave_address) == (False, 0x82), "the controller is kept"


@exercises(SetForwardedCommands, EnableForwardedCommands)
async def test_35b_what_is_set_survives_a_restart() -> None:
    bmc = bench()
    choose(bmc, APP, 0x01)
    switch(bmc, ForwardingState.ENABLE)
    assert await device(bmc.reopen()) == 0x34


@exercises(SetForwardedCommands)
async def test_35b_levels_hold_as_they_do_here() -> None:
    bmc = bench()
    choose(bmc, CHASSIS, 0x02)
    choose(bmc, OEM, 0x10)
    switch(bmc, ForwardingState.ENABLE)

    async def code(netfn: int, cmd: int, privilege: int, data: bytes = b"") -> int:
        return (await answer(bmc, netfn, cmd, data, origin=bmc.origin(LAN, privilege)))[0]

    assert await code(CHASSIS, 0x02, 2, b"\x01") == 0xD4
    assert await code(CHASSIS, 0x02, 3, b"\x01") == 0xC1, "the satellite's own answer"
    assert await code(OEM, 0x10, 2) == 0xD4, "what the BMC does not know wants Operator"
    assert await code(OEM, 0x10, 3) == 0xC1
    outside: list[bytes] = []
    bmc.controller.handle(Asked(), Origin(LAN), outside.append)
    assert outside == [b"\xd4"], "outside of a session nothing is forwarded"


class Asked:
    netfn, lun, cmd, data = CHASSIS, 0, 0x02, b"\x01"


@exercises(EnableForwardedCommands)
async def test_35b_a_controller_that_is_not_there_is_no_destination() -> None:
    bmc = bench()
    choose(bmc, APP, 0x01)
    switch(bmc, ForwardingState.ENABLE, 0x84)
    command = GetDeviceId.command
    assert await answer(bmc, command.netfn, command.cmd, origin=bmc.origin(LAN, 4)) == b"\xd3"


@exercises(SetForwardedCommands, EnableForwardedCommands)
def test_35b_nothing_goes_in_circles() -> None:
    bmc = bench()

    def refusal(ask: object, *given: object) -> int:
        with pytest.raises(CompletionError) as caught:
            ask(*given)  # type: ignore[operator]  # one of the functions here
        return caught.value.code

    for netfn, cmd in ((APP, 0x34), (APP, 0x33), (APP, 0x3C), (TRANSPORT, 0x30), (TRANSPORT, 0x33)):
        assert refusal(choose, bmc, netfn, cmd) == 0xCC
    assert refusal(switch, bmc, ForwardingState.ENABLE, 0x20) == 0xCC, "the BMC itself"
    assert refusal(switch, bmc, ForwardingState.ENABLE, None) == 0xCC, "nobody"
    asked = EnableForwardedCommands(channel=0, state=ForwardingState.GET_STATE)
    assert refusal(bmc.execute, asked) == 0xCC, "controllers' requests are not forwarded"


@exercises(ForwardedCommand)
async def test_35b_what_another_bmc_hands_over_is_carried_out_within_its_level() -> None:
    bmc = bench()

    async def handed(request: ForwardedCommand) -> bytes:
        known = request.command
        frame = lan_message.wrap_request(known.netfn, known.cmd, request.encode(), 5, rq_addr=0x82)
        origin = Origin(0, request=received(lan_message.unwrap(frame)), local=True)
        return await answer(bmc, known.netfn, known.cmd, request.encode(), origin=origin)

    def forwarded(netfn: int, cmd: int, level: Privilege, data: bytes = b"") -> ForwardedCommand:
        return ForwardedCommand(privilege=level, channel=LAN, netfn=NetFn(netfn), lun=0, cmd=cmd, data=data)

    assert (await handed(forwarded(APP, 0x01, Privilege.USER)))[:3] == bytes.fromhex("00 00 20")
    power = forwarded(CHASSIS, 0x02, Privilege.USER, b"\x01")
    assert await handed(power) == bytes.fromhex("00 d4")
    assert bmc.backend.power is not None
    assert not bmc.backend.power.on
    assert await handed(forwarded(CHASSIS, 0x02, Privilege.OPERATOR, b"\x01")) == bytes.fromhex("00 00")
    bmc.advance(1)
    assert bmc.backend.power.on
    assert await handed(forwarded(TRANSPORT, 0x30, Privilege.ADMINISTRATOR)) == b"\xcc"


@pytest.mark.parametrize("privilege", [1, 2, 3])
def test_35b_forwarding_is_an_administrators(privilege: int) -> None:
    bmc = bench()
    for request in (
        SetForwardedCommands(channel=LAN, netfn=NetFn.APP, forwarded=bytes(16)),
        GetForwardedCommands(channel=LAN, netfn=NetFn.APP),
        EnableForwardedCommands(channel=LAN, state=ForwardingState.GET_STATE),
    ):
        with pytest.raises(CompletionError) as caught:
            bmc.execute(request, channel=LAN, privilege=privilege)
        assert caught.value.code == 0xD4
