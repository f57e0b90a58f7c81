"""Configuration parameters of one kind (LAN, SOL, PEF): read, and written under Set In Progress (§23.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from baseboard.client.deadline import remaining
from baseboard.client.together import together
from baseboard.codes import Cc
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError, DecodeError, NoEffect
from baseboard.transports import waiting
from baseboard.wire import Family, Unknown

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

P = TypeVar("P", bound=Family)

NOT_SUPPORTED: Final = 0x80
IN_PROGRESS: Final = 0x81
READ_ONLY: Final = 0x82

PROGRESS: Final = 0
"""Selector of Set In Progress in every kind of parameters."""

ABSENT: Final = frozenset(
    {
        NOT_SUPPORTED,
        READ_ONLY,
        0x83,
        Cc.INVALID_COMMAND,
        Cc.INVALID_LENGTH,
        Cc.PARAMETER_OUT_OF_RANGE,
        Cc.NOT_PRESENT,
        Cc.INVALID_DATA,
        Cc.INSUFFICIENT_PRIVILEGE,
        Cc.NOT_SUPPORTED_IN_STATE,
        Cc.SUBFUNCTION_DISABLED,
        Cc.UNSPECIFIED,
    }
)
"""What controllers answer for a parameter, or an entry of its table, that they do not have."""

STALE: Final = 30.0
"""Seconds after which a lock that nobody lifts is one that somebody forgot."""

_PAUSES: Final = (0.1, 1.0)
_ASK_AGAIN: Final = 0.5


@dataclass(slots=True)
class Reading(Generic[P]):
    """Parameters that were read.

    Attributes:
        parameters: by selector and set selector (0 where there is none).
        missing: those that could not be read, with the reason.
    """

    parameters: dict[tuple[int, int], P | Unknown] = field(default_factory=dict[tuple[int, int], P | Unknown])
    missing: dict[tuple[int, int], Exception] = field(default_factory=dict[tuple[int, int], Exception])

    def get(self, kind: type[K], set_selector: int = 0) -> K | None:
        """Give a parameter by its class; None if it was not read."""
        found = self.parameters.get((kind.selector, set_selector))
        return found if isinstance(found, kind) else None

    def all(self, kind: type[K]) -> list[K]:
        """Give all entries of a table by their class."""
        return [found for found in self.parameters.values() if isinstance(found, kind)]


K = TypeVar("K", bound=Family)


class Parameters(Generic[P]):
    """Reads and writes parameters of one kind.

    Args:
        bmc: that has them.
        family: the kind.
        fetch: gets the data of a parameter by selector, set selector and block selector.
        store: writes a parameter.
        progress: makes the parameter Set In Progress.
    """

    def __init__(
        self,
        bmc: Bmc,
        family: type[P],
        fetch: Callable[[int, int, int], Awaitable[bytes]],
        store: Callable[[P | Unknown], Awaitable[object]],
        progress: Callable[[SetInProgressState], P],
    ) -> None:
        self._bmc = bmc
        self._family, self._fetch, self._store, self._progress = family, fetch, store, progress

    async def get(self, kind: type[K], set_selector: int = 0, block_selector: int = 0) -> K:
        """Read one parameter.

        Raises:
            CompletionError: the controller does not have it (80h), or refused.
            DecodeError: its data are not the parameter's.
        """
        data = await self._fetch(kind.selector, set_selector, block_selector)
        return kind.decode(data)

    async def find(self, kind: type[K], set_selector: int = 0, block_selector: int = 0) -> K | None:
        """Read one parameter; None if the controller does not have it."""
        try:
            return await self.get(kind, set_selector, block_selector)
        except CompletionError as error:
            if error.code not in ABSENT:
                raise
            return None

    async def raw(self, selector: int, set_selector: int = 0, block_selector: int = 0) -> bytes:
        """Read the bytes of any parameter, declared or not."""
        return await self._fetch(selector, set_selector, block_selector)

    async def read(self, wanted: Iterable[tuple[int, int]], into: Reading[P] | None = None) -> Reading[P]:
        """Read many parameters; those that the controller does not have are named, not raised.

        Args:
            wanted: selectors, each with its set selector (0 = none).
            into: a reading that is added to.
        """
        reading: Reading[P] = Reading() if into is None else into

        async def ask(which: tuple[int, int]) -> P | Unknown | Exception:
            selector, set_selector = which
            try:
                return self._family.parse(selector, await self._fetch(selector, set_selector, 0))
            except CompletionError as error:
                if error.code not in ABSENT:
                    raise
                return error
            except DecodeError as error:
                return error

        keys = list(wanted)
        for key, found in zip(keys, await together(self._bmc, ask, keys), strict=True):
            if isinstance(found, Exception):
                reading.missing[key] = found
            else:
                reading.parameters[key] = found
        return reading

    async def set(
        self,
        parameters: Iterable[P | Unknown],
        *,
        lock: bool = True,
        verify: bool = True,
        break_lock: bool = False,
        selectors: Mapping[int, int] | None = None,
    ) -> None:
        """Write parameters, in the order given, between Set In Progress and Set Complete.

        Args:
            lock: tell others by Set In Progress; controllers that do not have it are written all the same.
            verify: read each back.
            break_lock: lift a lock that somebody else holds for 30 s and longer.
            selectors: of a parameter with a set selector, its value, by the parameter's selector.

        Raises:
            CompletionError: refused; 81h: somebody else is writing.
            NoEffect: acknowledged, and not what one reads back.
        """
        locked = lock and await self._lock(break_lock=break_lock)
        try:
            for parameter in parameters:
                await self._write(parameter, verify=verify, where=selectors or {})
            if locked:
                # Without rollback there is nothing to commit, and the answer is some error (§23.1).
                await self._say(SetInProgressState.COMMIT_WRITE)
        finally:
            if locked:
                await self._say(SetInProgressState.SET_COMPLETE)

    async def _say(self, state: SetInProgressState) -> None:
        try:
            await self._store(self._progress(state))
        except CompletionError:
            return

    async def _lock(self, *, break_lock: bool) -> bool:
        waited = 0.0
        while True:
            try:
                await self._store(self._progress(SetInProgressState.SET_IN_PROGRESS))
            except CompletionError as error:
                # QUIRK Q-SETINPROGRESS, Q-SOLPARAM OpenBMC and others: there is no such parameter.
                if error.code != IN_PROGRESS:
                    return False
                if not break_lock:
                    raise
            else:
                return True
            if waited >= STALE:
                await self._say(SetInProgressState.SET_COMPLETE)
                waited = 0.0
                break_lock = False
                continue
            await waiting.sleep(remaining(_ASK_AGAIN))
            waited += _ASK_AGAIN

    async def _write(self, parameter: P | Unknown, *, verify: bool, where: Mapping[int, int]) -> None:
        selector = parameter.selector
        await self._store(parameter)
        if not verify or selector == PROGRESS:
            return
        wanted = parameter.raw if isinstance(parameter, Unknown) else parameter.encode()
        back = b""
        for pause in (None, *_PAUSES):
            if pause is not None:
                # QUIRK Q-SLOWCOMMIT H8QME, Quanta S99Q, Dell T320: what is written fast is lost.
                await waiting.sleep(remaining(pause))
                back = await self._back(parameter, where)
                if back == wanted:
                    return
                await self._store(parameter)
                await waiting.sleep(remaining(pause))
            back = await self._back(parameter, where)
            if back == wanted:
                return
        name = type(parameter).__name__
        error = NoEffect(f"{name} ({selector}) was written, but one reads back something else")
        # QUIRK Q-REBOOTAPPLY Dell R610, Inventec: it counts after the next reset.
        error.hint = "some controllers apply it at their next reset, or the system's"
        raise error

    async def _back(self, parameter: P | Unknown, where: Mapping[int, int]) -> bytes:
        """Read a parameter back as the bytes that were to be written, without what only reading shows."""
        selector = parameter.selector
        set_selector = where.get(selector, _set_selector(parameter))
        data = await self._fetch(selector, set_selector, 0)
        if isinstance(parameter, Unknown):
            return data
        found = self._family.parse(selector, data)
        return data if isinstance(found, Unknown) else found.encode()


def _set_selector(parameter: Family | Unknown) -> int:
    """Give the set selector of a table's entry, which is its first byte; 0 for what is no table."""
    if isinstance(parameter, Unknown):
        return 0
    first = next(iter(type(parameter).__match_args__), "")
    return int(getattr(parameter, first)) if first in _SET_SELECTORS else 0


_SET_SELECTORS: Final = frozenset(
    {"set_selector", "destination", "filter_number", "entry_number", "string_selector"}
)
