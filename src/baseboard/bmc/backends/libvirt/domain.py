"""A domain of libvirt as the machine behind a BMC."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from baseboard.bmc.backends.libvirt.binding import Connection, Event, Heard, NoSuchDomain, connect
from baseboard.bmc.backends.libvirt.console import ConsolePort
from baseboard.bmc.backends.libvirt.starting import needs_restart, restarted, started
from baseboard.bmc.backends.libvirt.worker import Worker
from baseboard.bmc.backends.orders import Order, OrderedPower, Orders
from baseboard.bmc.blueprint.libvirt import LibvirtSpec
from baseboard.bmc.clock import Clock
from baseboard.bmc.ports import Board, IdentifyPort, PowerMeterPort, PowerPort, SensorPort, SerialPort
from baseboard.errors import TransportError

log = logging.getLogger(__name__)

FIRST_LOOK: Final = 5.0
"""Seconds that libvirt may take before the BMC begins: nothing else happens meanwhile."""

LOOK: Final = 30.0
"""Seconds between two looks at the domain, should an event be lost."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds until a lost connection is made again; each failure doubles them."""

OWN: Final = 2.0
"""Seconds in which a reboot that libvirt tells of is the one that we have ordered."""

_OFF: Final = -1

T = TypeVar("T")


class Domain(OrderedPower):
    """A domain: a :class:`~baseboard.bmc.ports.Backend`, and its power lines.

    Args:
        spec: which domain.
        clock: time.
        name: of the BMC, for the log.
        connector: connects to libvirt.
    """

    __slots__ = (
        "_board", "_clock", "_connection", "_connector", "_console", "_console_of", "_due", "_loop", "_mute",
        "_name", "_orders", "_own_until", "_pause", "_rebooted", "_run", "_spec", "_task", "_trouble",
        "_worker", "identify", "meter", "power", "sensors", "serial", "serials",
    )  # fmt: skip

    power: PowerPort | None
    sensors: SensorPort | None
    serial: SerialPort | None
    serials: tuple[SerialPort, ...]
    identify: IdentifyPort | None
    meter: PowerMeterPort | None
    _board: Board

    def __init__(
        self,
        spec: LibvirtSpec,
        clock: Clock,
        name: str,
        connector: Callable[[str, str, Heard], Connection] = connect,
    ) -> None:
        """Ask for the domain's state; a libvirt that is not there now may come later.

        Raises:
            TransportError: libvirt is there, and has no such domain; or its library is missing.
        """
        self._spec, self._clock, self._name, self._connector = spec, clock, name, connector
        self._loop = asyncio.get_running_loop()
        self._worker = Worker(f"libvirt of {name}")
        self._console = ConsolePort(clock, f"console of {name}")
        self._orders = Orders(clock)
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._run = self._console_of = _OFF
        self._rebooted = self._mute = False
        self._own_until = self._due = clock.now()
        self._pause = FIRST_PAUSE
        self._trouble = ""
        self.power = self
        self.serial = self._console
        self.serials = ()
        self.sensors = self.identify = self.meter = None
        self._first_look()

    def _first_look(self) -> None:
        try:
            self._connection, self._run = self._worker.call_now(
                self._connected, min(self._spec.timeout_s, FIRST_LOOK)
            )
        except NoSuchDomain:
            self._worker.stop()
            raise
        except TransportError as error:
            if isinstance(error.__cause__, ModuleNotFoundError):
                raise
            self._told(str(error))

    # ---- the backend

    def connect(self, board: Board) -> None:
        """Learn whom to report to; called once, before anything else."""
        self._board = board

    def start(self) -> None:
        """Begin; the power restore policy has been decided by then, and its order waits."""
        self._task = self._loop.create_task(self._work())

    def stop(self) -> None:
        """End; the domain stays as it is."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._console.stop()
        self._drop()
        self._worker.stop()

    # ---- its power lines

    def is_on(self) -> bool:
        """Whether it ran when it was last looked at."""
        return self._run != _OFF

    # ---- the work

    async def _work(self) -> None:
        """Orders first, then a reset of the domain's own, then its state."""
        while True:
            try:
                if (order := self._orders.take()) is not None:
                    await self._obey(order)
                elif self._rebooted:
                    self._rebooted = False
                    await self._has_rebooted()
                elif self._clock.now() >= self._due:
                    await self._look()
                else:
                    await self._orders.wait(self._due)
            except TransportError as error:
                self._told(str(error))
                await self._see_whether_lost()
            except Exception:  # a mistake of ours ends no BMC's control of its machine
                log.exception("%s: unexpected", self._name)
                self._due = self._clock.now() + LOOK

    async def _obey(self, order: Order) -> None:
        try:
            await self._carry_out(order, await self._there())
        except TransportError as error:
            log.warning("%s: %s failed: %s", self._name, order.value, error)
            self._board.control_failed()
            await self._see_whether_lost()

    async def _carry_out(self, order: Order, connection: Connection) -> None:
        domain = self._spec.domain
        match order:
            case Order.ON:
                await self._look()  # somebody else may have started it
                if self._run == _OFF:
                    choice = self._board.read_boot_choice()
                    self._remark(await self._call(partial(started, connection, domain, choice)))
                    await self._look()
            case Order.OFF:
                await self._look()
                if self._run != _OFF:
                    await self._call(partial(connection.destroy, domain))
                    await self._look()
            case Order.RESET:
                await self._reset(connection)
            case Order.NMI:
                await self._call(partial(connection.inject_nmi, domain))
            case _:
                await self._call(partial(connection.shutdown, domain))

    async def _reset(self, connection: Connection) -> None:
        domain, choice = self._spec.domain, self._board.read_boot_choice()
        self._own_until = self._clock.now() + OWN
        if await self._call(partial(needs_restart, connection, domain, choice)):
            await self._restart(connection, partial(restarted, connection, domain, choice))
        else:
            await self._call(partial(connection.reset, domain))
        self._own_until = self._clock.now() + OWN
        self._board.host_reset()

    async def _restart(self, connection: Connection, restart: Callable[[], str]) -> None:
        """Off and on as one: what it boots from takes effect, and it counts as a reset."""
        self._console.closed()
        self._console_of = _OFF
        try:
            self._remark(await self._call(restart))
        except TransportError:
            await self._look()
            raise
        self._run = await self._call(partial(connection.run_number, self._spec.domain))
        self._due = self._clock.now()

    async def _has_rebooted(self) -> None:
        """The domain reset itself: its firmware asks for its boot options, as after each reset."""
        if self._clock.now() < self._own_until:
            return
        self._board.host_reset()
        connection = await self._there()
        choice, domain = self._board.read_boot_choice(), self._spec.domain
        if await self._call(partial(needs_restart, connection, domain, choice)):
            self._own_until = self._clock.now() + OWN
            await self._restart(connection, partial(restarted, connection, domain, choice))

    async def _look(self) -> None:
        """See whether it runs; a new number says that it was off in between."""
        connection = await self._there()
        self._due = self._clock.now() + LOOK
        try:
            run = await self._call(partial(connection.run_number, self._spec.domain))
        except NoSuchDomain as error:  # it comes back when somebody defines it again
            self._told(str(error))
            run = _OFF
        else:
            self._told("")
        before, self._run = self._run, run
        if run != before and before != _OFF:
            self._console.closed()
            self._board.power_changed(False)
        if run != before and run != _OFF:
            self._board.power_changed(True)
        if run != _OFF and run != self._console_of:
            await self._open_console(connection, run)

    async def _open_console(self, connection: Connection, run: int) -> None:
        self._console_of = run
        loop, console = self._loop, self._console

        def received(data: bytes) -> None:
            _soon(loop, partial(console.received, data))

        def ended() -> None:
            _soon(loop, console.closed)

        opening = partial(connection.console, self._spec.domain, self._spec.console, received, ended)
        try:
            console.opened(await self._call(opening))
        except TransportError as error:
            if not self._mute:
                log.warning("%s: no console: %s", self._name, error)
            self._mute = True
        else:
            self._mute = False

    # ---- the connection

    def _connected(self) -> tuple[Connection, int]:
        """Connect and look, in the worker's thread."""
        connection = self._connector(self._spec.uri, self._spec.domain, self._heard)
        try:
            return connection, connection.run_number(self._spec.domain)
        except TransportError:
            connection.close()
            raise

    async def _there(self) -> Connection:
        """The connection; made anew if it was lost."""
        if self._connection is None:
            self._due = self._clock.now() + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            connecting = partial(self._connector, self._spec.uri, self._spec.domain, self._heard)
            self._connection = await self._call(connecting)
            self._pause = FIRST_PAUSE
            self._due = self._clock.now()
        return self._connection

    async def _call(self, call: Callable[[], T]) -> T:
        return await self._worker.call(call, self._spec.timeout_s)

    async def _see_whether_lost(self) -> None:
        """After a failure: is it the connection?"""
        connection = self._connection
        if connection is None:
            return
        try:
            alive = await self._call(connection.alive)
        except TransportError:
            alive = False
        if not alive:
            self._drop()
            self._due = self._clock.now() + self._pause

    def _drop(self) -> None:
        """Forget the connection; the domain counts as it was until it is seen again."""
        connection, self._connection = self._connection, None
        self._console.closed()
        self._console_of = _OFF
        if connection is not None:
            self._worker.submit(connection.close)

    def _heard(self, event: Event) -> None:
        """In libvirt's thread."""
        _soon(self._loop, partial(self._happened, event))

    def _happened(self, event: Event) -> None:
        if event is Event.CLOSED:
            self._told("the connection to libvirt is lost")
            self._drop()
        elif event is Event.REBOOTED:
            self._rebooted = True
        self._due = self._clock.now()
        self._orders.wake()

    def _remark(self, text: str) -> None:
        if text:
            log.warning("%s: its boot device is left as it is: %s", self._name, text)

    def _told(self, trouble: str) -> None:
        """One line when something goes wrong, and one when it is right again."""
        if trouble and not self._trouble:
            log.warning("%s: %s; trying again", self._name, trouble)
        elif self._trouble and not trouble:
            log.warning("%s: libvirt answers again", self._name)
        self._trouble = trouble


def _soon(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    """From another thread; a loop that has ended hears nothing more."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(action)
