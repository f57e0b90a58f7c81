"""The one path of every request: the checks, always in the same order, then the handler.

``unknown -> C1h, LUN -> C2h, privilege -> D4h, firewall -> D4h, length -> C7h, its sub-functions -> D6h,
content -> CCh, handler`` (§5.2, §18, Appendix G).
A handler's coroutine is driven here; only one that truly waits becomes a task.
"""

from __future__ import annotations

import asyncio
import logging
import types
from collections.abc import Awaitable, Callable, Generator
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from baseboard.bmc.context import SYSTEM_INTERFACE, Context, Origin, Services
from baseboard.bmc.qualified import Qualified
from baseboard.bmc.services.command_keys import BODY_SIZES, key_of_command, luns, split
from baseboard.bmc.services.command_keys import SMS_LUN as SMS_LUN
from baseboard.bmc.shared import Sparse
from baseboard.codes import Cc, NetFn
from baseboard.commands.app.messaging import GetBtInterfaceCapabilities
from baseboard.commands.declaration import Command, Interfaces, Request, Response
from baseboard.commands.groups.dcmi import DCMI
from baseboard.commands.groups.hpm import GetTargetUpgradeCapabilities
from baseboard.commands.groups.picmg import PICMG
from baseboard.commands.groups.vita import VITA
from baseboard.errors import CompletionError, DecodeError
from baseboard.wire import reserved

log = logging.getLogger(__name__)

_INVALID_COMMAND = bytes((Cc.INVALID_COMMAND,))
_INVALID_LUN = bytes((Cc.INVALID_LUN,))
_INVALID_LENGTH = bytes((Cc.INVALID_LENGTH,))
_INVALID_DATA = bytes((Cc.INVALID_DATA,))
_INSUFFICIENT_PRIVILEGE = bytes((Cc.INSUFFICIENT_PRIVILEGE,))
_SUBFUNCTION_DISABLED = bytes((Cc.SUBFUNCTION_DISABLED,))
_UNSPECIFIED = bytes((Cc.UNSPECIFIED,))
_FIRST_HPM = GetTargetUpgradeCapabilities.command.cmd

Q = TypeVar("Q", bound=Request[Any])
Q_co = TypeVar("Q_co", bound=Request[Any], covariant=True)
R = TypeVar("R", bound=Response)

Reply = Callable[[bytes], None]
"""Takes completion code and response data, once."""


class _Registrar(Generic[Q_co]):
    def __init__(self, table: dict[int, Entry], request: type[Q_co]) -> None:
        self._table, self._request = table, request

    def __call__(
        self: _Registrar[Request[R]], handler: Callable[[Context, Q_co], Awaitable[R]]
    ) -> Callable[[Context, Q_co], Awaitable[R]]:
        command = self._request.command
        key = key_of_command(command)
        if key in self._table:
            raise ValueError(f"{self._request.__name__} has a handler already")
        self._table[key] = Entry(command, handler)
        return handler


class Incoming(Protocol):
    """A request as any channel delivers it."""

    @property
    def netfn(self) -> int:
        """Even network function."""
        ...

    @property
    def lun(self) -> int:
        """Responder's LUN."""
        ...

    @property
    def cmd(self) -> int:
        """Command number."""
        ...

    @property
    def data(self) -> bytes:
        """Request data, without checksums."""
        ...


class Entry:
    """A command and its handler, with what the checks need taken out beforehand."""

    __slots__ = (
        "command", "done", "handler", "last", "local_only", "over_system_interface", "privilege", "request",
        "session_less", "system_interface_only",
    )  # fmt: skip

    def __init__(self, command: Command, handler: Callable[[Context, Any], Awaitable[Response]]) -> None:
        self.command = command
        self.handler = handler
        self.request = command.request
        self.over_system_interface = command.request.system_interface_form or command.request
        # A group extension's response begins with its defining body, as the request does.
        body = b"" if command.group is None else command.group.to_bytes(BODY_SIZES[command.netfn], "little")
        self.done = bytes((Cc.OK,)) + body
        self.last: tuple[object, bytes] = self, b""
        self.privilege = int(command.privilege)
        self.session_less = command.session_less
        self.system_interface_only = command.interfaces is Interfaces.SYSTEM_INTERFACE_ONLY
        self.local_only = self.system_interface_only or command.interfaces is Interfaces.LOCAL_INTERFACE_ONLY


class Handlers:
    """Which function answers which command; filled by the modules of ``bmc/handlers``."""

    def __init__(self) -> None:
        self.table: dict[int, Entry] = {}

    def handles(self, request: type[Q]) -> _Registrar[Q]:
        """Register the function below as the one that answers ``request``."""
        return _Registrar(self.table, request)


handlers = Handlers()


def absent(services: Services) -> frozenset[int]:
    """What this BMC has not, though there are handlers for it: the same frozen set for all such BMCs."""
    kind = services.home.blueprint.interface.kind
    return _absent(
        dcmi=services.dcmi is not None, icmb=services.icmb is not None, bt=kind == "bt",
        hpm=services.hpm is not None, picmg=services.picmg is not None, vita=services.vita is not None,
    )  # fmt: skip


@cache
def _absent(*, dcmi: bool, icmb: bool, bt: bool, hpm: bool, picmg: bool, vita: bool) -> frozenset[int]:
    return frozenset(
        key
        for key, entry in handlers.table.items()
        if (entry.command.group == DCMI and not dcmi)
        or (entry.command.netfn == NetFn.BRIDGE and not icmb)
        or (entry.command.group == PICMG and not (hpm if entry.command.cmd >= _FIRST_HPM else picmg))
        or (entry.command.group == VITA and not vita)
        or (entry.request is GetBtInterfaceCapabilities and not bt)
    )


class Dispatcher(Sparse):
    """Answers requests for one BMC.

    Args:
        services: the BMC.
        strict: refuse reserved bits that are set (CCh).
    """

    __slots__ = ("_absent", "_firewall", "_services", "_store", "_strict", "_tasks")
    PARTS = (("_tasks", set),)

    _tasks: set[asyncio.Task[None]]

    def __init__(self, services: Services, *, strict: bool) -> None:
        self._services = services
        self._firewall = services.firewall
        self._strict = strict
        self._absent = absent(services)
        # Three objects nearer than it is: with many BMCs each of them is one more that no cache holds.
        self._store = services.home.journal.store

    def handle(self, request: Incoming, origin: Origin, reply: Reply) -> None:
        """Answer one request; ``reply`` is called now or, if a change must reach the disk first, later."""
        store = self._store
        before = store.sequence
        answer = self._answer(request, origin, reply)
        if answer is None:
            return
        if store.sequence == before:
            reply(answer)
        else:
            store.durable(lambda written: reply(answer if written else _UNSPECIFIED))

    def stop(self) -> None:
        """Give up what handlers still wait for; nobody is answered any more."""
        for task in tuple(self._tasks):
            task.cancel()

    def _answer(self, request: Incoming, origin: Origin, reply: Reply) -> bytes | None:
        """The checks, then the handler; None when a task will reply."""
        netfn, lun, data = request.netfn, request.lun, request.data
        key = netfn << 8 | request.cmd
        if netfn in BODY_SIZES:
            key, data = split(netfn, request.cmd, data)
        entry = handlers.table.get(key)
        if entry is None or key in self._absent:
            return _INVALID_COMMAND
        if lun and lun not in luns(netfn):
            return _INVALID_LUN
        channel = origin.channel
        if origin.local:
            if entry.system_interface_only and channel != SYSTEM_INTERFACE:
                return _INSUFFICIENT_PRIVILEGE
        elif entry.local_only or not (entry.session_less or origin.privilege >= entry.privilege):
            return _INSUFFICIENT_PRIVILEGE
        guarded = self._firewall.active
        if guarded and self._firewall.blocks(channel, lun, key):
            return _INSUFFICIENT_PRIVILEGE
        form = entry.over_system_interface if channel == SYSTEM_INTERFACE else entry.request
        try:
            message = form.decode(data)
        except DecodeError as error:
            return _INVALID_LENGTH if error.wrong_length else _INVALID_DATA
        if guarded and self._firewall.blocks_part(channel, lun, key, message):
            return _SUBFUNCTION_DISABLED
        if self._strict and reserved(form, data):
            return _INVALID_DATA
        return self._run(entry, Context(self._services, origin, lun), message, reply)

    def _run(self, entry: Entry, ctx: Context, message: Request[Any], reply: Reply) -> bytes | None:
        """Drive the handler's coroutine to its end, or to its first wait."""
        coroutine: Any = entry.handler(ctx, message)
        try:
            try:
                first = coroutine.send(None)
            except StopIteration as stop:
                response: Response = stop.value
                # An answer that is told again is the same object, and need not be encoded again.
                last, encoded = entry.last
                if response is not last:
                    encoded = entry.done + response.encode()
                    entry.last = response, encoded
                return encoded
        except Qualified as answer:
            return bytes((answer.code,)) + entry.done[1:] + answer.response.encode()
        except CompletionError as error:
            return bytes((error.code,))
        except Exception:
            log.exception("%s failed", entry.command.name)
            return _UNSPECIFIED
        task = asyncio.get_running_loop().create_task(self._wait(entry, _resumed(coroutine, first), reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return None

    async def _wait(self, entry: Entry, rest: Awaitable[Response], reply: Reply) -> None:
        """The rest of a handler that waits; its changes are held to the same rule."""
        try:
            answer = entry.done + (await rest).encode()
        except CompletionError as error:
            answer = bytes((error.code,))
        except Exception:
            log.exception("%s failed", entry.command.name)
            answer = _UNSPECIFIED
        self._store.durable(lambda written: reply(answer if written else _UNSPECIFIED))


@types.coroutine
def _resumed(coroutine: Any, waited_for: Any) -> Generator[Any, Any, Any]:
    """Go on with a coroutine that has already been driven to its first wait."""
    while True:
        try:
            value = yield waited_for
        except BaseException as error:  # noqa: BLE001 - the task's cancellation belongs to the handler
            step, argument = coroutine.throw, error
        else:
            step, argument = coroutine.send, value
        try:
            waited_for = step(argument)
        except StopIteration as stop:
            return stop.value
