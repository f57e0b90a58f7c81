"""The bridge that a handler asks, and answers of other bridges that it waits for."""

from __future__ import annotations

import asyncio

from baseboard.bmc.context import Context
from baseboard.bmc.services.icmb import Icmb
from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.links.icmb import BROADCAST, NO_ADDRESS


def bridge(ctx: Context) -> Icmb:
    """The BMC's bridge.

    Raises:
        CompletionError: C1h, it has none.
    """
    icmb = ctx.services.icmb
    if icmb is None:
        raise CompletionError(Cc.INVALID_COMMAND)
    return icmb


def sending(ctx: Context) -> Icmb:
    """The bridge, to send something with.

    Raises:
        CompletionError: C1h, there is none; D5h, it does not work now, or the request came over the ICMB
            itself and would go on in circles.
    """
    icmb = bridge(ctx)
    if not icmb.usable or ctx.origin.channel == icmb.channel:
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
    return icmb


def reachable(ctx: Context, address: int) -> Icmb:
    """The bridge, to send something to another one with.

    Raises:
        CompletionError: as `sending`; CCh, the address is nobody's or everybody's.
    """
    icmb = sending(ctx)
    if address in (NO_ADDRESS, BROADCAST):
        raise CompletionError(Cc.INVALID_DATA)
    return icmb


async def answer_of(icmb: Icmb, address: int, cmd: int, data: bytes) -> bytes:
    """Completion code and data of another bridge.

    Raises:
        CompletionError: C3h, it did not answer.
    """
    answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def take(answer: bytes) -> None:
        if not answered.done():
            answered.set_result(answer)

    icmb.link.ask(address, cmd, data, take)
    answer = await answered
    if not answer:
        raise CompletionError(Cc.TIMEOUT)
    return answer
