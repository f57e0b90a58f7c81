"""``baseboard sol watch``: the consoles of one or more hosts at once, read only, line by line."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from baseboard.cli import console
from baseboard.cli.console_lines import console_lines
from baseboard.cli.failures import DONE, together
from baseboard.cli.long_options import UsageError

if TYPE_CHECKING:
    from baseboard.cli.hosts import Place
    from baseboard.cli.native_call import NativeCall
    from baseboard.cli.prepare import Setup


async def run(call: NativeCall, words: list[str]) -> int:
    """Show a console until interrupted, or until it is ended from elsewhere.

    Raises:
        UsageError: there are words.
        CompletionError: the console cannot be had.
    """
    if words:
        raise UsageError("`sol watch` takes options only")
    bmc = await call.bmc()
    async with bmc.sol.open(take_over="take-over" in call.given, reconnect=True) as stream:
        async for line in console_lines(stream):
            call.out(f"{call.name}: {line.time:%H:%M:%S} {line.text}")
            sys.stdout.flush()
    return DONE


async def watch(setup: Setup) -> int:
    """Show the consoles of several hosts; one that cannot be had stops no other.

    Returns: the exit code of all together.
    """

    async def one(place: Place) -> int:
        call = console.make_call(setup, place, console.to_stdout, console.to_stderr)
        code, failure = await console.execute(setup, call)
        if failure is not None:
            print(failure.line(place.name), file=sys.stderr)
        return code

    return together(await asyncio.gather(*(one(place) for place in setup.places)))
