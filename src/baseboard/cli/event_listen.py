"""``baseboard event listen``: events as they come to the BMC's own host, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.cli.failures import DONE
from baseboard.cli.long_options import UsageError, number
from baseboard.cli.sel_follow import found, line
from baseboard.cli.watching import until_over
from baseboard.errors import LocalProtocolError

if TYPE_CHECKING:
    from baseboard.cli.native_call import NativeCall


async def run(call: NativeCall, words: list[str]) -> int:
    """Tell of events until interrupted, or until ``--count`` of them have come.

    Raises:
        LocalProtocolError: this is not the BMC's own host.
    """
    if words:
        raise UsageError("`event listen` takes options only")
    count = int(number(call.given, "count", 0))
    bmc = await call.bmc()
    try:
        events = bmc.events.listen()
    except LocalProtocolError as error:
        error.hint = "`sel follow` tells of events over any interface, `pet listen` of alerts over LAN"
        raise
    told = lost = 0
    try:
        await events.ready()
        call.note("listening")
        events.name(await bmc.sdr.records())
        async for entry in until_over(events, endless=not count):
            if events.lost > lost:
                call.note(f"{events.lost - lost} events came faster than they could be told")
                lost = events.lost
            call.out(line(entry))
            call.found(found(entry))
            told += 1
            if told == count:
                break
    finally:
        await events.close()
    return DONE
