"""How ``ipmitool lan`` reads and writes LAN parameters: with Set In Progress, reading back what it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import ask
from baseboard.codes import Cc
from baseboard.commands.parameters.lan import LanParameter
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.commands.transport.lan import (
    GetLanConfigurationParameters,
    SetLanConfigurationParameters,
    SetLanConfigurationParametersResponse,
)
from baseboard.transports import waiting
from baseboard.wire import Unknown

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.questions import Answer

SET_IN_PROGRESS = 0

PAUSE: Final = 3.0
"""Seconds until ipmitool tries or looks again."""

TRIES, LOCK_TRIES = 10, 3

ABSENT: Final = frozenset({0x80, Cc.PARAMETER_OUT_OF_RANGE, Cc.INVALID_DATA})
"""Completion codes by which controllers say that they have no such parameter."""


async def get(call: Call, channel: int, selector: int, set_selector: int = 0) -> bytes | None:
    """A parameter's data; empty when the controller has no such parameter, None when it does not say."""
    answer = await ask(
        call,
        GetLanConfigurationParameters(
            channel=channel & 0xF, selector=selector, set_selector=set_selector, block_selector=0
        ),
    )
    if answer is None:
        return None
    if answer.code in ABSENT:
        return b""
    return None if answer.code else answer.data[1:]


async def put(call: Call, channel: int, selector: int, data: bytes, *, read_back: bool = True) -> bool:
    """Write a parameter between Set In Progress and Set Complete.

    Args:
        read_back: wait until it can be read as written; False: take the answer for granted.

    Returns: whether it is as it should be.
    """
    await _lock(call, channel)
    done = await _write(call, channel, selector, data, read_back=read_back)
    for state in (SetInProgressState.COMMIT_WRITE, SetInProgressState.SET_COMPLETE):
        await _write(call, channel, SET_IN_PROGRESS, bytes((state,)), read_back=False)
    return done


async def _lock(call: Call, channel: int) -> None:
    """Say that parameters are being changed; not every controller has that."""
    wanted = SetInProgressState.SET_IN_PROGRESS
    for left in range(LOCK_TRIES, -1, -1):
        now = await get(call, channel, SET_IN_PROGRESS)
        if not now or now[0] & 3 == wanted or not left:
            return
        await _write(call, channel, SET_IN_PROGRESS, bytes((wanted,)), read_back=False)


async def _write(call: Call, channel: int, selector: int, data: bytes, *, read_back: bool) -> bool:
    answer = await _send(call, channel, selector, data)
    if answer is None:
        call.err("Set LAN Parameter failed")
        return False
    if not read_back:
        return True
    if answer.code == Cc.INVALID_DATA:
        for _ in range(TRIES):
            await waiting.sleep(PAUSE)
            answer = await _send(call, channel, selector, data)
            if answer is not None and not answer.code:
                break
    elif answer.code not in {Cc.OK, Cc.UNSPECIFIED}:
        return False
    return await _settled(call, channel, selector, data)


async def _send(
    call: Call, channel: int, selector: int, data: bytes
) -> Answer[SetLanConfigurationParametersResponse] | None:
    parameter: LanParameter | Unknown = Unknown(selector=selector, raw=data)
    return await ask(call, SetLanConfigurationParameters(channel=channel & 0xF, parameter=parameter))


async def _settled(call: Call, channel: int, selector: int, data: bytes) -> bool:
    """Wait until the parameter reads as it was written; some controllers take their time."""
    problem = ""
    for left in range(TRIES, -1, -1):
        now = await get(call, channel, selector)
        if now is None:
            problem = ""
        elif len(now) != len(data):
            problem = f"Mismatched data lengths: {len(now)} != {len(data)}"
        elif now != data:
            problem = "LAN Parameter Data does not match!  Write may have failed."
        else:
            return True
        if left or now is None:
            await waiting.sleep(PAUSE)
    if problem:
        call.err(problem)
    return False
