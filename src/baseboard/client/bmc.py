"""`Bmc`: a management controller that one has reached, and everything that can be asked of it."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self, TypeVar

from baseboard.client.deadline import deadline, remaining, time_left
from baseboard.client.declared import heard, spoken
from baseboard.codes import Cc, completion_text
from baseboard.errors import BaseboardError, LoginError, SessionClosed, completion_error
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.boot import Boot
    from baseboard.client.channels import Channels
    from baseboard.client.chassis import Chassis
    from baseboard.client.controller import Controller
    from baseboard.client.dcmi import Dcmi
    from baseboard.client.events import Events
    from baseboard.client.firewall import Firewall
    from baseboard.client.forwarding import Forwarding
    from baseboard.client.fru import Inventories
    from baseboard.client.hpm import Hpm
    from baseboard.client.icmb import Icmb
    from baseboard.client.interface import Interface, Target
    from baseboard.client.lan_settings import LanSettings
    from baseboard.client.learning import Learned
    from baseboard.client.messaging import Messaging
    from baseboard.client.payloads import Payloads
    from baseboard.client.pef import EventFiltering
    from baseboard.client.picmg import Picmg
    from baseboard.client.sdr import SdrRepository
    from baseboard.client.sel import EventLog
    from baseboard.client.sensors import Sensor, Sensors
    from baseboard.client.serial_settings import SerialSettings
    from baseboard.client.settings import Settings
    from baseboard.client.sol import SerialOverLan
    from baseboard.client.users import Users
    from baseboard.client.vita import Vita
    from baseboard.client.watchdog import Watchdog
    from baseboard.commands.app.device_id import GetDeviceIdResponse
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")

BUSY: Final = frozenset({Cc.NODE_BUSY, Cc.BMC_INITIALIZING, Cc.FIRMWARE_UPDATING, Cc.SDR_UPDATING})
"""Completion codes that ask for patience: the same request may succeed in a moment (Table 5-2)."""

_PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
_MOST_TIMEOUTS: Final = 2
_AS_BEFORE: Final = contextlib.nullcontext()


class Bmc:
    """A management controller behind an open interface.

    A session that was lost is opened again, once for each request that meets the loss, if that request never
    went out or may be sent twice (``retry``); then the request goes out in the new session.

    Attributes:
        interface: the way to it.
        settings: what it was reached with.
    """

    def __init__(
        self,
        interface: Interface,
        settings: Settings,
        *,
        reopen: Callable[[], Awaitable[Interface]] | None = None,
    ) -> None:
        """Take over an open interface.

        Args:
            reopen: opens it again after its session was lost; None = a lost session is an error.
        """
        self.interface = interface
        self.settings = settings
        self._reopen = reopen
        self._reopening = waiting.Lock()
        self._identity: GetDeviceIdResponse | None = None
        self._quirks_met: set[str] = set()

    def __repr__(self) -> str:
        return f"<Bmc {self.settings.host or self.settings.device} over {self.interface.name}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the session; harmless when it is closed already."""
        self._reopen = None
        await self.interface.close()

    # ---- what people do, by subject

    @cached_property
    def chassis(self) -> Chassis:
        """Power, the identify light, the power restore policy."""
        from baseboard.client.chassis import Chassis

        return Chassis(self)

    @cached_property
    def boot(self) -> Boot:
        """What the system boots next."""
        from baseboard.client.boot import Boot

        return Boot(self)

    @cached_property
    def controller(self) -> Controller:
        """The controller itself: self test, ACPI states, GUIDs, system interface."""
        from baseboard.client.controller import Controller

        return Controller(self)

    @cached_property
    def dcmi(self) -> Dcmi:
        """Data Center Manageability: power and its limit, temperatures, asset tag."""
        from baseboard.client.dcmi import Dcmi

        return Dcmi(self)

    @cached_property
    def watchdog(self) -> Watchdog:
        """The watchdog timer."""
        from baseboard.client.watchdog import Watchdog

        return Watchdog(self)

    @cached_property
    def sdr(self) -> SdrRepository:
        """The Sensor Data Records."""
        from baseboard.client.sdr import SdrRepository

        return SdrRepository(self)

    @cached_property
    def sensors(self) -> Sensors:
        """The sensors: ``async for sensor in bmc.sensors()``."""
        from baseboard.client.sensors import Sensors

        return Sensors(self)

    async def sensor(self, name: str) -> Sensor:
        """Read the sensor of that name, thresholds included.

        Raises:
            NotFound: there is none.
        """
        return await self.sensors.read(name)

    @cached_property
    def sel(self) -> EventLog:
        """The System Event Log."""
        from baseboard.client.sel import EventLog

        return EventLog(self)

    @cached_property
    def fru(self) -> Inventories:
        """The FRU inventories."""
        from baseboard.client.fru import Inventories

        return Inventories(self)

    @cached_property
    def users(self) -> Users:
        """The users, and what they may do."""
        from baseboard.client.users import Users

        return Users(self)

    @cached_property
    def channels(self) -> Channels:
        """The channels, and how they may be used."""
        from baseboard.client.channels import Channels

        return Channels(self)

    @cached_property
    def lan(self) -> LanSettings:
        """The LAN parameters."""
        from baseboard.client.lan_settings import LanSettings

        return LanSettings(self)

    @cached_property
    def pef(self) -> EventFiltering:
        """Platform event filtering and alerting."""
        from baseboard.client.pef import EventFiltering

        return EventFiltering(self)

    @cached_property
    def firewall(self) -> Firewall:
        """Which commands there are, and which are switched off."""
        from baseboard.client.firewall import Firewall

        return Firewall(self)

    @cached_property
    def hpm(self) -> Hpm:
        """Firmware upgrades."""
        from baseboard.client.hpm import Hpm

        return Hpm(self)

    @cached_property
    def picmg(self) -> Picmg:
        """The shelf that the board is in."""
        from baseboard.client.picmg import Picmg

        return Picmg(self)

    @cached_property
    def vita(self) -> Vita:
        """The VPX chassis that the module is in."""
        from baseboard.client.vita import Vita

        return Vita(self)

    @cached_property
    def messaging(self) -> Messaging:
        """The mailbox, and who is on the IPMB."""
        from baseboard.client.messaging import Messaging

        return Messaging(self)

    @cached_property
    def icmb(self) -> Icmb:
        """The bridge to other chassis."""
        from baseboard.client.icmb import Icmb

        return Icmb(self)

    @cached_property
    def forwarding(self) -> Forwarding:
        """Which commands another controller answers."""
        from baseboard.client.forwarding import Forwarding

        return Forwarding(self)

    @cached_property
    def events(self) -> Events:
        """Events: sending them, and where they go."""
        from baseboard.client.events import Events

        return Events(self)

    @cached_property
    def serial(self) -> SerialSettings:
        """Serial channels: parameters, mux, callback, paging."""
        from baseboard.client.serial_settings import SerialSettings

        return SerialSettings(self)

    @cached_property
    def sol(self) -> SerialOverLan:
        """The system's serial console."""
        from baseboard.client.sol import SerialOverLan

        return SerialOverLan(self)

    @cached_property
    def payloads(self) -> Payloads:
        """Payloads besides IPMI messages: who may use them, which are active; OEM payloads."""
        from baseboard.client.payloads import Payloads

        return Payloads(self)

    # ---- departures from the specification

    @property
    def quirks_met(self) -> frozenset[str]:
        """Ids of the known departures that the controller has shown so far, such as ``Q-SDRFULL``."""
        shown: frozenset[str] = getattr(self.interface, "symptoms", frozenset())
        return shown.union(self._quirks_met)

    def meet(self, *quirks: str) -> None:
        """Note departures that the controller has shown."""
        self._quirks_met.update(quirks)

    @cached_property
    def learned(self) -> Learned:
        """What is known of the controller from before, and is kept for the next time."""
        from baseboard.client.learning import Learned

        return Learned(self)

    async def reset(self, *, cold: bool = True, wait: float | None = None) -> None:
        """Restart the controller itself; the system goes on.

        Args:
            cold: as after power on; else a warm reset, which many do not have.
            wait: seconds within which it has to answer again, after which this object goes on in a new
                session; None: only until the command is accepted. Sensors may take another minute or two.

        Raises:
            CompletionError: refused.
            NoEffect: accepted, but the controller went on as before.
            NoResponse: it has not come back in that time.
        """
        from baseboard.client.restart import restart

        await restart(self, cold=cold, wait=wait)

    # ---- requests

    async def execute(
        self,
        request: Request[R],
        *,
        lun: int | None = None,
        target: Target | None = None,
        timeout: float | None = None,
        retry: bool = True,
    ) -> R:
        """Send a declared command and return its response.

        Args:
            lun: of the responder; left out: the target's.
            target: who is to answer; left out: whom the settings name.
            timeout: seconds for everything, waiting out a busy controller included.
            retry: whether an unanswered request may be sent again.

        Raises:
            CompletionError: the controller refused it.
            NoResponse: it did not answer in time.
            DecodeError: its answer does not follow the command's table.
        """
        netfn, cmd, body = spoken(request)
        data = await self.exchange(netfn, cmd, body, lun=lun, target=target, timeout=timeout, retry=retry)
        return heard(request, data)

    async def raw(
        self,
        netfn: int,
        cmd: int,
        data: bytes = b"",
        *,
        lun: int | None = None,
        target: Target | None = None,
        timeout: float | None = None,
        retry: bool = True,
    ) -> bytes:
        """Send any bytes and return the response's data, without the completion code.

        Raises:
            CompletionError: the completion code was not 00h.
            NoResponse: the controller did not answer in time.
        """
        answer = await self.exchange(netfn, cmd, data, lun=lun, target=target, timeout=timeout, retry=retry)
        if answer[0]:
            raise completion_error(answer[0], completion_text(answer[0]))
        return answer[1:]

    async def exchange(
        self,
        netfn: int,
        cmd: int,
        data: bytes = b"",
        *,
        lun: int | None = None,
        target: Target | None = None,
        timeout: float | None = None,
        retry: bool = True,
        patient: bool = True,
    ) -> bytes:
        """Send any bytes and return the completion code and what follows it.

        Args:
            patient: ask again while the controller says that it is busy (C0h, D0h, D1h, D2h), and, if
                ``retry``, where it ran out of time itself (C3h); a few times each.

        Raises:
            NoResponse: the controller did not answer in time.
            SessionClosed: the session was lost and could not be opened again.
        """
        target = self._target(lun, target)
        with _AS_BEFORE if timeout is None else deadline(timeout):
            answer = await self._ask(netfn, cmd, data, target, retry)
            if not answer[0]:
                return answer
            pauses = list(_PAUSES) if patient else []
            timeouts = _MOST_TIMEOUTS if patient and retry else 0
            while True:
                if answer[0] in BUSY and pauses:
                    pause = pauses.pop(0)
                elif answer[0] == Cc.TIMEOUT and timeouts:
                    pause, timeouts = _PAUSES[0], timeouts - 1
                else:
                    return answer
                left = time_left()
                if left is not None and left <= pause:
                    return answer  # the last word is better than none
                await waiting.sleep(pause)
                answer = await self._ask(netfn, cmd, data, target, retry)

    async def many(
        self,
        requests: Iterable[Request[R]],
        *,
        lun: int | None = None,
        target: Target | None = None,
        timeout: float | None = None,
        retry: bool = True,
    ) -> list[R | BaseboardError]:
        """Send declared commands, as many at a time as the controller bears; see `execute` for the arguments.

        How many it bears is found out by a harmless probe, once for each firmware.

        Args:
            timeout: seconds for all of them together.

        Returns: for each request, in order, its response, or the error that came of it: CompletionError,
            NoResponse, DecodeError.

        Raises:
            SessionClosed: the session was lost and could not be opened again.
        """
        from baseboard.client.pipelining import execute_all

        with deadline(timeout):
            return await execute_all(self, list(requests), self._target(lun, target), retry=retry)

    async def identity(self) -> GetDeviceIdResponse:
        """Which controller this is: Get Device ID of the one that the settings name, asked once.

        Raises:
            CompletionError: it was refused.
            NoResponse: it did not answer in time.
        """
        if self._identity is None:
            from baseboard.commands.app.device_id import GetDeviceId

            self._identity = await self.execute(GetDeviceId())
        return self._identity

    @property
    def known_identity(self) -> GetDeviceIdResponse | None:
        """Which controller this is, if it was asked already."""
        return self._identity

    def recognise(self, identity: GetDeviceIdResponse) -> None:
        """Take this for who the controller is: somebody has just asked it."""
        self._identity = identity

    def forget_identity(self) -> None:
        """Ask anew the next time: other firmware has another version."""
        self._identity = None

    async def _ask(self, netfn: int, cmd: int, data: bytes, target: Target, retry: bool) -> bytes:
        """Exchange once, and once more in a new session where the old one was lost."""
        interface = self.interface
        never_sent = bool(getattr(interface, "closed", False))
        try:
            patience = remaining(self.settings.patience)
            return await interface.exchange(netfn, cmd, data, target=target, timeout=patience, retry=retry)
        except SessionClosed as loss:
            if self._reopen is None or not (retry or never_sent):
                raise
            await self._open_again(interface, loss)
        patience = remaining(self.settings.patience)
        return await self.interface.exchange(netfn, cmd, data, target=target, timeout=patience, retry=retry)

    async def _open_again(self, lost: Interface, loss: SessionClosed) -> None:
        async with self._reopening:
            if self._reopen is None:
                raise loss
            if self.interface is not lost:
                return  # another request was quicker
            await lost.close()
            try:
                self.interface = await self._reopen()
            except LoginError as error:
                raise SessionClosed(f"{loss}; logging in again failed: {error}") from error
            self.interface.depth = lost.depth

    def _target(self, lun: int | None, target: Target | None) -> Target:
        target = self.settings.target if target is None else target
        if lun is None or lun == target.lun:
            return target
        return target.replace(lun=lun)
