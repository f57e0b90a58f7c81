"""Who asks, over what, and the services that answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from baseboard.bmc.services.boot import BootOptions
from baseboard.bmc.services.channels import DISABLED, Channels
from baseboard.bmc.services.channels import SYSTEM_INTERFACE as SYSTEM_INTERFACE
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.device import Device
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.lan import LanParameters
from baseboard.bmc.services.login import Login
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.payloads import Payloads
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensors import Sensors
from baseboard.bmc.services.sol import Sol
from baseboard.bmc.services.system_info import SystemInfo
from baseboard.bmc.services.users import Users
from baseboard.bmc.services.watchdog import Watchdog
from baseboard.codes import EventReadingType, SensorType
from baseboard.rmcp.session import Reason

if TYPE_CHECKING:
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.session import RequestReceived, Session
    from baseboard.rmcp.table import SessionTable

_SPECIFIC_DATA = 0xF0
"""Event data bytes 2 and 3 are the sensor type's own (Table 29-6)."""

_INVALID_PASSWORD_DISABLE = 3


class Services:
    """The state of one BMC: every service, by name.

    Built in the order in which they lean on each other; ``tables`` are the session tables of
    the session channels, put there by the server as it opens the endpoints; ``flush`` sends what
    services gave to a table on their own account, such as characters of the host's serial line;
    ``send_datagram`` sends from the LAN channel's own socket, such as an alert.
    """

    __slots__ = (
        "boot", "channels", "chassis", "device", "events", "flush", "fru", "home", "lan", "login",
        "messaging", "payloads", "sdr", "sel", "send_datagram", "sensors", "sol", "system_info", "tables",
        "users", "watchdog",
    )  # fmt: skip

    def __init__(self, home: Home) -> None:
        self.home = home
        self.tables: dict[int, SessionTable] = {}
        self.flush: Callable[[], None] = _nothing_to_send
        self.send_datagram: Callable[[bytes, Address], None] = _nowhere
        self.device = Device(home)
        self.users = Users(home)
        self.channels = Channels(home)
        self.lan = LanParameters(home)
        self.login = Login(home, self.users, self.channels, self.lan)
        self.messaging = Messaging(home)
        self.sel = Sel(home)
        self.events = Events(home, self.sel, self.messaging)
        self.boot = BootOptions(home)
        self.chassis = Chassis(home, self.events, self.boot)
        self.sensors = Sensors(home, self.events, self.sel)
        self.sdr = SdrRepository(home, self.sensors)
        self.fru = FruInventory(home)
        self.watchdog = Watchdog(home, self.events, self.chassis, self.messaging)
        self.system_info = SystemInfo(home)
        self.sol = Sol(home, lambda: self.flush())
        self.payloads = Payloads(self.sol)
        self.chassis.on_power.append(self._power_changed)
        self.chassis.on_host_reset.append(self._system_restarted)
        self.device.on_reset.append(self._controller_reset)
        self.login.on_lockout.append(self._locked_out)

    def start(self) -> None:
        """Decide the system's power, begin to scan the sensors."""
        self.chassis.start()
        self.sensors.start()

    def stop(self) -> None:
        """End every timer."""
        for service in (
            self.boot,
            self.chassis,
            self.device,
            self.sel,
            self.sensors,
            self.sol,
            self.watchdog,
        ):
            service.stop()

    def _power_changed(self, on: bool) -> None:
        """§22.22, §23.1: when power goes, so do claims, volatile settings and what ran there."""
        if not on:
            self._system_restarted()
        self.sol.power_changed(on)

    def _system_restarted(self) -> None:
        self._settle()
        self.system_info.system_restarted()

    def _settle(self) -> None:
        """The stored settings hold again, and nobody is setting any."""
        self.channels.reload()
        for channel in self.tables:
            self.hold_to_access(channel)
        self.lan.settle()
        self.sol.parameters.settle()

    def _controller_reset(self, cold: bool) -> None:
        """§20.2, §20.3: communication starts anew; a cold reset also brings defaults back."""
        self.sol.deactivate()
        for table in self.tables.values():
            table.close_all()
        self.sel.reservation.cancel()
        self.sdr.reset()
        if cold:
            self._settle()
            self.messaging.reset()
            self.watchdog.reset()
            self.sensors.reset_defaults()
            self.sol.parameters.reload_rate()
        self.flush()

    def _locked_out(self, channel: int, user_id: int) -> None:
        """LAN parameter 26: a Session Audit event tells which user was disabled where (Table 42-3)."""
        number = self.home.blueprint.sensor_number(SensorType.SESSION_AUDIT)
        data = bytes((_SPECIFIC_DATA | _INVALID_PASSWORD_DISABLE, user_id, channel))
        self.events.publish(Event(SensorType.SESSION_AUDIT, number, EventReadingType.SENSOR_SPECIFIC, data))

    def end_session(self, session: Session, reason: Reason = Reason.ENDED) -> None:
        """End a session that did not ask for it; if it has SOL its console is told (Table 15-2)."""
        if self.sol.owner is session:
            self.sol.deactivate()
        self.tables[session.channel].close(session, reason)

    def hold_to_access(self, channel: int, asking: RequestReceived | None = None) -> None:
        """A disabled channel has no sessions; a lowered limit holds for those that go on (§22.22).

        Args:
            asking: the request that changed the access; its answer still goes out.
        """
        table, access = self.tables.get(channel), self.channels.access(channel)
        if table is None:
            return
        for session in tuple(table.sessions.values()):
            session.max_privilege = min(session.max_privilege, access.limit)
            session.privilege = min(session.privilege, access.limit)
            if access.mode != DISABLED:
                continue
            if asking is not None and session is asking.session:
                table.close(session, last=asking)
            else:
                self.end_session(session)

    def session_closed(self, session: Session) -> None:
        """A session ended, for whatever reason; its payloads end with it."""
        self.payloads.session_closed(session)


def _nothing_to_send() -> None:
    """Without an endpoint there is no table that could hold anything to send."""


def _nowhere(data: bytes, address: Address) -> None:
    """Without an endpoint nothing leaves."""


class Origin:
    """Where a request came from.

    Attributes:
        channel: number of the channel, never Eh.
        session: the session it came in, None for session-less requests.
        request: the request as the session table reported it, None on other channels.
        local: it came over a session-less local interface, where privilege does not count.
    """

    __slots__ = ("channel", "local", "request", "session")

    def __init__(
        self,
        channel: int,
        session: Session | None = None,
        request: RequestReceived | None = None,
        *,
        local: bool = False,
    ) -> None:
        self.channel = channel
        self.session = session
        self.request = request
        self.local = local

    @property
    def privilege(self) -> int:
        """The level the requester works at now; 0 outside sessions."""
        if self.request is not None:
            return self.request.privilege
        return 0 if self.session is None else self.session.privilege


class Context:
    """What a handler gets beside its request: the origin and the services of the BMC."""

    __slots__ = ("lun", "origin", "services")

    def __init__(self, services: Services, origin: Origin, lun: int) -> None:
        self.services = services
        self.origin = origin
        self.lun = lun

    @property
    def now(self) -> float:
        """Monotonic seconds."""
        return self.services.home.clock.now()

    @property
    def max_response(self) -> int:
        """Most response bytes, completion code included, that the requester's channel carries."""
        return 255 - 8 if self.origin.session is None else 240

    def channel(self, number: int) -> int:
        """The real number of the channel that a request names; Eh is the one it came in on."""
        return self.origin.channel if number == 0xE else number

    @property
    def boot(self) -> BootOptions:
        """System boot options."""
        return self.services.boot

    @property
    def channels(self) -> Channels:
        """Channel settings."""
        return self.services.channels

    @property
    def chassis(self) -> Chassis:
        """Power, identify, restore policy."""
        return self.services.chassis

    @property
    def device(self) -> Device:
        """The controller itself."""
        return self.services.device

    @property
    def events(self) -> Events:
        """Where events go."""
        return self.services.events

    @property
    def fru(self) -> FruInventory:
        """FRU inventory devices."""
        return self.services.fru

    @property
    def lan(self) -> LanParameters:
        """LAN configuration parameters."""
        return self.services.lan

    @property
    def login(self) -> Login:
        """Who may log in, and how."""
        return self.services.login

    @property
    def messaging(self) -> Messaging:
        """Message flags, event buffer, receive queue."""
        return self.services.messaging

    @property
    def payloads(self) -> Payloads:
        """Payload activation and access."""
        return self.services.payloads

    @property
    def sdr(self) -> SdrRepository:
        """The SDR repository."""
        return self.services.sdr

    @property
    def sel(self) -> Sel:
        """The System Event Log."""
        return self.services.sel

    @property
    def sensors(self) -> Sensors:
        """Sensors and their state."""
        return self.services.sensors

    @property
    def sol(self) -> Sol:
        """Serial over LAN."""
        return self.services.sol

    @property
    def system_info(self) -> SystemInfo:
        """System info parameters."""
        return self.services.system_info

    @property
    def tables(self) -> dict[int, SessionTable]:
        """Session tables by channel."""
        return self.services.tables

    @property
    def users(self) -> Users:
        """User IDs, names, passwords, access."""
        return self.services.users

    @property
    def watchdog(self) -> Watchdog:
        """The watchdog timer."""
        return self.services.watchdog
