"""Several requests at a time, where the BMC bears it: a slow link then costs one round trip, not hundreds.

Many BMCs have one buffer: of two requests on the way they lose one, or answer the second with the first one's
data. So a console keeps one request under way until it has seen that this firmware bears more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from baseboard.client.bmc import BUSY
from baseboard.client.bridge import hops
from baseboard.client.declared import heard, spoken
from baseboard.client.profile import Profile, point, profile_path
from baseboard.codes import Cc, NetFn
from baseboard.errors import BaseboardError, SessionClosed
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.interface import Target
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")

T = TypeVar("T")
U = TypeVar("U")

DEPTHS: Final = (4, 16)
"""What the probe tries, the smaller first."""

WORTH_IT: Final = 8
"""Requests in one go from which on a probe pays."""

_APP: Final = int(NetFn.APP)
# Reads alone, whose answers do not change within a moment. Some are equal but for their data.
QUESTIONS: Final = (
    (_APP, 0x01, b""),  # Get Device ID
    (_APP, 0x42, b"\x0e"),  # Get Channel Info Command, of this channel
    (_APP, 0x41, b"\x0e\x80"),  # Get Channel Access, in force
    (_APP, 0x41, b"\x0e\x40"),  # the same, stored
    (_APP, 0x38, b"\x8e\x02"),  # Get Channel Authentication Capabilities of v2.0 for users
    (_APP, 0x38, b"\x0e\x04"),  # the same of v1.5 for administrators
    (_APP, 0x01, b""),
    (_APP, 0x42, b"\x0e"),
)
"""What the probe asks."""


async def at_depth(ask: Callable[[T], Awaitable[U]], what: Sequence[T], depth: int) -> list[U]:
    """Call a function for each thing, so many at a time.

    Returns: the results, in the order of the things. The first error ends it and is raised.
    """
    if depth <= 1 or len(what) <= 1:
        return [await ask(one) for one in what]
    results: dict[int, U] = {}
    left = iter(enumerate(what))

    async def work() -> None:
        for place, one in left:
            results[place] = await ask(one)

    await waiting.all_of([waiting.task(work()) for _ in range(min(depth, len(what)))])
    return [results[place] for place in range(len(what))]


async def each(bmc: Bmc, ask: Callable[[T], Awaitable[U]], requests: Sequence[T]) -> list[U | BaseboardError]:
    """Call a function for each request, so many at a time as the BMC bears.

    Returns: the results, in the order of the requests; in place of one the error that came of it.

    Raises:
        SessionClosed: the session was lost.
    """

    async def one(request: T) -> U | BaseboardError:
        try:
            return await ask(request)
        except SessionClosed:
            raise
        except BaseboardError as error:
            return error

    return await at_depth(one, requests, await learned_depth(bmc, len(requests)))


async def execute_all(
    bmc: Bmc, requests: Sequence[Request[R]], target: Target, *, retry: bool
) -> list[R | BaseboardError]:
    """Send declared commands, as many at a time as the controller bears; see `Bmc.many`."""
    from baseboard.client.lan import LanInterface

    done: list[R | BaseboardError | None] = [None] * len(requests)
    depth = await learned_depth(bmc, len(requests))
    interface = bmc.interface
    if depth > 1 and retry and isinstance(interface, LanInterface) and not hops(target):
        # 17 us a request, against 28 with a task for each that is under way.
        answers = await interface.exchange_all([spoken(request) for request in requests], target.lun)
        done = [_outcome(request, answer) for request, answer in zip(requests, answers, strict=True)]
    ask = partial(bmc.execute, target=target, retry=retry)
    left = [place for place, outcome in enumerate(done) if outcome is None]
    again = await each(bmc, ask, [requests[place] for place in left]) if left else []
    rest = iter(again)
    return [next(rest) if outcome is None else outcome for outcome in done]


def _outcome(request: Request[R], answer: bytes | BaseboardError | None) -> R | BaseboardError | None:
    """What came of a request; None where it is to be asked again, with patience."""
    if not isinstance(answer, bytes):
        return answer
    if answer[0] in BUSY or answer[0] == Cc.TIMEOUT:
        return None
    try:
        return heard(request, answer)
    except BaseboardError as error:
        return error


def may_bear(bmc: Bmc) -> bool:
    """Tell whether several requests at a time are possible at all, as far as that is known without asking."""
    from baseboard.client.lan import LanInterface

    return bmc.interface.depth > 1 or (isinstance(bmc.interface, LanInterface) and bmc.settings.learn)


async def learned_depth(bmc: Bmc, requests: int) -> int:
    """Tell how many requests may be under way at a time, from the profile of the firmware or by a probe.

    Args:
        requests: how many are to come; for a few no probe is made.
    """
    from baseboard.client.lan import LanInterface

    interface, settings = bmc.interface, bmc.settings
    if interface.depth > 1 or not isinstance(interface, LanInterface):
        return interface.depth
    if requests < WORTH_IT or not settings.learn:
        return interface.depth
    try:
        identity = await bmc.identity()
    except BaseboardError:
        return 1
    path = profile_path(identity, settings.cache)
    known = Profile.load(path)
    learned = known.replace(
        suite=known.suite if interface.suite is None else interface.suite,
        depth=known.depth or (0 if interface.repeats else await probe(bmc)),
        quirks=known.quirks | bmc.quirks_met,
    )
    if learned != known:
        learned.store(path)
    point(settings, path)
    # Another session may have been opened meanwhile.
    bmc.interface.depth = depth = max(learned.depth, 1)
    return depth


async def probe(bmc: Bmc) -> int:
    """Find out how many requests the BMC bears at a time.

    The same reads are made one after the other and then at once; whatever comes back otherwise, or does not
    come back at once, tells that the BMC does not bear it.

    Returns: the greatest number that it bore; 0 where the network loses packets, so that nothing can be told.
        The interface's depth is left as it was.
    """
    interface, patience = bmc.interface, bmc.settings.patience
    before, borne = interface.depth, 1

    async def ask(question: tuple[int, int, bytes], *, timeout: float, retry: bool) -> bytes:
        netfn, cmd, data = question
        return await interface.exchange(netfn, cmd, data, timeout=timeout, retry=retry)

    try:
        expected = [await ask(question, timeout=patience, retry=True) for question in QUESTIONS]
        if getattr(interface, "repeats", False):
            return 0
        for depth in DEPTHS:
            interface.depth = depth
            times = -(-depth // len(QUESTIONS))
            # Not sent twice: a BMC that drops one is one that does not bear it.
            asked = [
                waiting.task(ask(question, timeout=bmc.settings.timeout, retry=False))
                for question in QUESTIONS * times
            ]
            if await waiting.outcomes(asked) != expected * times:
                bmc.meet("Q-ONEBUF")
                break
            borne = depth
    except BaseboardError:
        return borne
    finally:
        interface.depth = before
    return borne
