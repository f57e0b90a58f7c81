"""Runs BMCs until somebody ends them: what ``lab`` and ``bmc run`` have in common."""

from __future__ import annotations

import asyncio
import gc
import importlib
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from baseboard.bmc.configuration import Described
from baseboard.bmc.configuration.endpoints import parsed
from baseboard.bmc.hosts import host_of
from baseboard.bmc.server import RunningBmc, Server, raise_file_limit
from baseboard.bmc.store import StoreError
from baseboard.errors import TransportError

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_AT_ONCE = 16
"""BMCs that are started between two looks at whether the process is told to end."""


def serve(
    described: Sequence[Described],
    store: Path | None,
    ready: Callable[[Server], None],
    started: Callable[[RunningBmc], None] | None = None,
) -> None:
    """Run BMCs until SIGINT, SIGTERM or the end of the terminal.

    Args:
        described: the BMCs.
        store: directory of the store; None = a temporary one, gone at the end.
        ready: called once all of them answer and what was changed at their start is kept.
        started: called with each BMC as it starts.

    Raises:
        TransportError: an endpoint cannot be bound.
        StoreError: the store cannot be opened.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(described, store, ready, started))


async def _serve(
    described: Sequence[Described],
    store: Path | None,
    ready: Callable[[Server], None],
    started: Callable[[RunningBmc], None] | None,
) -> None:
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    # The terminal's end is ours too, unless somebody asked to outlive it (nohup).
    ends = [end for end in _ENDS if end is not signal.SIGHUP or signal.getsignal(end) is not signal.SIG_IGN]
    for end in ends:
        loop.add_signal_handler(end, ending.set)
    try:
        await _until(ending, described, store, ready, started)
    finally:
        for end in ends:
            loop.remove_signal_handler(end)


async def _until(
    ending: asyncio.Event,
    described: Sequence[Described],
    store: Path | None,
    ready: Callable[[Server], None],
    started: Callable[[RunningBmc], None] | None,
) -> None:
    _make_room(described)
    try:
        server = Server(store)
    except OSError as error:
        raise StoreError(f"{store or 'a temporary store'}: {error.strerror or error}") from error
    try:
        # What is made now stays to the end: nothing of it is garbage to look for, now or later.
        gc.disable()
        for number, one in enumerate(described):
            running = server.add(one.blueprint, host_of, one.place)
            if started is not None:
                started(running)
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            if ending.is_set():
                return
        await _kept(server)
        gc.freeze()
        gc.enable()
        ready(server)
        await ending.wait()
    finally:
        gc.enable()
        await server.close()


def reachable(host: str) -> str:
    """An address to which consoles of this machine can send what is bound to ``host``."""
    address = parsed(host)
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"


def _make_room(described: Sequence[Described]) -> None:
    """See to it that there can be a socket for each BMC that wants its own."""
    sockets = sum((not one.place.shared) + 2 * (one.blueprint.machine is not None) for one in described)
    possible = raise_file_limit(sockets)
    if possible < sockets:
        raise TransportError(
            f"{sockets} sockets are too many here: the limit of open files leaves room for {possible};"
            " spread over addresses, which takes one socket for all"
        )


async def _kept(server: Server) -> None:
    """Until everything so far is on the disk: what is told to the user next survives."""
    done = asyncio.get_running_loop().create_future()
    server.store.durable(done.set_result)
    if not await done:
        raise StoreError("the store cannot be written")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop, where the extra ``fast`` is installed."""
    try:
        return importlib.import_module("uvloop").new_event_loop  # type: ignore[no-any-return]  # untyped here
    except ModuleNotFoundError:
        return None
