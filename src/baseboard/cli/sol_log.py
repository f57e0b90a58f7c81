"""``baseboard sol log FILE``: the host's console into a file, each line with its time; nothing is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.cli.console_lines import console_lines
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.long_options import UsageError

if TYPE_CHECKING:
    from baseboard.cli.native_call import NativeCall


async def run(call: NativeCall, words: list[str]) -> int:
    """Log until interrupted, or until the console is ended from elsewhere.

    Raises:
        UsageError: there is no file, or more than one.
        CompletionError: the console cannot be had.
    """
    if len(words) != 1:
        raise UsageError("`sol log` needs the name of a file")
    try:
        # A line at a time: who reads the file meanwhile sees whole lines.
        file = open(words[0], "a", encoding="utf-8", buffering=1)  # noqa: SIM115, ASYNC230 - open as long as the console
    except OSError as error:
        call.err(f"{words[0]}: {error.strerror or error}")
        return FAILED
    with file:
        bmc = await call.bmc()
        async with bmc.sol.open(take_over="take-over" in call.given, reconnect=True) as stream:
            call.note(f"the console goes to {words[0]}; Ctrl-C ends it")
            async for line in console_lines(stream):
                file.write(f"{line.time.isoformat(timespec='milliseconds')} {line.text}\n")
    return DONE
