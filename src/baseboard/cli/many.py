"""A verb on many BMCs: so many at a time, one that fails stops no other, equal outputs are printed once."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, NamedTuple

from baseboard.cli import console, verbs
from baseboard.cli.failures import DONE, Failure, together
from baseboard.cli.fold import fold, prefixed
from baseboard.cli.hosts import folded
from baseboard.cli.long_options import number
from baseboard.cli.prepare import PARALLEL
from baseboard.cli.progress import Progress

if TYPE_CHECKING:
    from baseboard.cli.hosts import Place
    from baseboard.cli.native_call import NativeCall
    from baseboard.cli.prepare import Setup


class Outcome(NamedTuple):
    """What became of one BMC.

    Attributes:
        host: as it was named.
        code: exit code.
        out: what the verb printed.
    """

    host: str
    code: int
    out: str


async def run(setup: Setup) -> int:
    """Run the words on all BMCs.

    Returns: the exit code of all together.
    """
    verb = verbs.find(setup.words)
    if verb is not None and verb.words == "sol watch":
        from baseboard.cli import sol_watch

        return await sol_watch.watch(setup)
    room = asyncio.Semaphore(int(number(setup.given, "parallel", PARALLEL, least=1)))
    kept: list[Outcome | None] = [None] * len(setup.places)
    with Progress(len(setup.places), shown="json" not in setup.given) as progress:

        async def one(index: int, place: Place) -> None:
            async with room:
                kept[index] = await _host(setup, place, progress)

        async with asyncio.TaskGroup() as group:
            for index, place in enumerate(setup.places):
                group.create_task(one(index, place))
    outcomes = [outcome for outcome in kept if outcome is not None]
    if "json" not in setup.given and "no-fold" not in setup.given:
        for text in fold((outcome.host, outcome.out) for outcome in outcomes if outcome.out):
            sys.stdout.write(console.painted(setup, text))
    _summary(outcomes)
    return together(outcome.code for outcome in outcomes)


async def _host(setup: Setup, place: Place, progress: Progress) -> Outcome:
    out: list[str] = []
    told: list[str] = []
    call: NativeCall = console.make_call(setup, place, out.append, told.append)
    if "json" in setup.given:
        call.stream = lambda value: progress.write(console.document(setup, call, DONE, [value], listed=False))
    code, failure = await console.execute(setup, call)
    _tell(place.name, told, failure, progress)
    if "json" in setup.given:
        if not (call.streamed and code == DONE):
            progress.write(console.document(setup, call, code, call.results))
    elif "no-fold" in setup.given:
        progress.write(prefixed(place.name, "".join(out)))
    progress.advance(failed=code != DONE)
    return Outcome(place.name, code, "".join(out))


def _tell(host: str, told: list[str], failure: Failure | None, progress: Progress) -> None:
    """What a host has to say on standard error, each line with its name."""
    text = prefixed(host, "".join(told)) if told else ""
    if failure is not None:
        text += failure.line(host) + "\n"
    if text:
        progress.write(text, error=True)


def _summary(outcomes: list[Outcome]) -> None:
    failed = [outcome.host for outcome in outcomes if outcome.code != DONE]
    sys.stdout.flush()
    if failed:
        print(f"baseboard: {len(failed)} of {len(outcomes)} hosts failed: {folded(failed)}", file=sys.stderr)
    elif sys.stderr.isatty():
        print(f"baseboard: {len(outcomes)} hosts done", file=sys.stderr)
