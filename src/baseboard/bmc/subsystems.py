"""Every service of one BMC, built in the order in which they lean on each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from baseboard.bmc.services.alert_lan import LanAlerts
from baseboard.bmc.services.alerts import Alerts
from baseboard.bmc.services.boot import BootOptions
from baseboard.bmc.services.bridging import Bridging
from baseboard.bmc.services.channels import DISABLED, Channel, Channels
from baseboard.bmc.services.channels import SYSTEM_INTERFACE as SYSTEM_INTERFACE
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.dcmi import Dcmi
from baseboard.bmc.services.device import Device
from baseboard.bmc.services.events import Event, Events
from baseboard.bmc.services.firewall import Firewall
from baseboard.bmc.services.forwarding import Forwarding
from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.hpm import Hpm
from baseboard.bmc.services.icmb import Icmb
from baseboard.bmc.services.lan import LanParameters
from baseboard.bmc.services.login import Login
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.payloads import Payloads
from baseboard.bmc.services.pef import Pef
from baseboard.bmc.services.picmg import Picmg
from baseboard.bmc.services.private_bus import PrivateBuses
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.self_test import SelfTest
from baseboard.bmc.services.sensor_initialization import InitializationAgent
from baseboard.bmc.services.sensors import Sensors
from baseboard.bmc.services.serial import Serial
from baseboard.bmc.services.sol import Sol
from baseboard.bmc.services.system_info import SystemInfo
from baseboard.bmc.services.users import Users
from baseboard.bmc.services.vita import Vita
from baseboard.bmc.services.watchdog import Watchdog
from baseboard.codes import ChannelProtocol, EventReadingType, RestartCause, SensorType
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
        "alerts", "boot", "bridging", "channels", "chassis", "dcmi", "device", "events", "firewall",
        "flush", "forwarding", "fru", "home", "hpm", "icmb", "initialization", "lan", "login", "messaging",
        "payloads", "pef", "pet", "picmg", "private_buses", "sdr", "sel", "self_test", "send_datagram",
        "sensors", "serial", "sol", "system_info", "tables", "users", "vita", "watchdog",
    )  # fmt: skip

    def __init__(self, home: Home) -> None:
        self.home = home
        self.tables: dict[int, SessionTable] = {}
        self.flush: Callable[[], None] = _nothing_to_send
        self.send_datagram: Callable[[bytes, Address], None] = _nowhere
        self.device = Device(home)
        self.users = Users(home)
        self.channels = Channels(home)
        self.firewall = Firewall(home, self.channels)
        self.lan = LanParameters(home)
        self.login = Login(home, self.users, self.channels, self.lan)
        self.messaging = Messaging(home)
        self.bridging = Bridging(home, self.messaging)
        self.icmb = None if home.blueprint.icmb is None else Icmb(home, self.bridging)
        self.forwarding = Forwarding(home, self.channels, self.firewall, self.bridging)
        self.sel = Sel(home)
        self.events = Events(home, self.sel, self.messaging)
        self.events.send_out = self.bridging.send_event
        self.boot = BootOptions(home)
        self.chassis = Chassis(home, self.events, self.boot)
        self.sensors = Sensors(home, self.events, self.sel)
        self.sdr = SdrRepository(home, self.sensors)
        self.initialization = InitializationAgent(home, self.sdr, self.sensors, self.events)
        self.fru = FruInventory(home)
        self.self_test = SelfTest(home, self.sdr, self.fru)
        self.private_buses = PrivateBuses(home, self.fru)
        self.watchdog = Watchdog(home, self.events, self.chassis, self.messaging)
        self.system_info = SystemInfo(home)
        self.sol = Sol(home, self._flush_now)
        self.payloads = Payloads(self.sol)
        line = home.blueprint.serial
        self.serial = None if line is None else Serial(home, line, self.channels)
        if self.serial is not None:
            self.serial.share_with(self.sol)
            self.messaging.channels.add(self.serial.spec.channel)
        self.alerts = Alerts(home, self.channels)
        self.pef = Pef(home, self.events, self.chassis, self.sel, self.alerts, (self.device, self.sdr))
        self.pef.group_action = None if self.icmb is None else self.icmb.control_groups
        self.pet = LanAlerts(home, self.lan, self.sel, self._alert_guid)
        self.alerts.senders[home.blueprint.lan.channel] = self.pet
        self.dcmi = None if home.blueprint.dcmi is None else Dcmi(self)
        self.hpm, self.picmg, self.vita = self._of_other_documents(home)
        self.chassis.on_power.append(self._power_changed)
        self.chassis.on_host_reset.append(self._system_restarted)
        self.chassis.on_power.append(self._sensors_at_power)
        self.chassis.on_host_reset.append(self._sensors_at_start)
        self.watchdog.on_change.append(self.lan.network.watchdog_changed)
        self.device.on_reset.append(self._controller_reset)
        self.login.on_lockout.append(self._locked_out)

    def _of_other_documents(self, home: Home) -> tuple[Hpm | None, Picmg | None, Vita | None]:
        """What PICMG's and VITA's documents have, as far as the blueprint does."""
        shipped = home.blueprint
        return (
            None if shipped.hpm is None else Hpm(home, shipped.hpm, self.device, self.chassis),
            None if shipped.picmg is None else Picmg(home, shipped.picmg, self.chassis),
            None if shipped.vita is None else Vita(home, shipped.vita, self.chassis),
        )

    def _flush_now(self) -> None:
        self.flush()

    def _alert_guid(self) -> bytes:
        return self.pef.settings.guid(self.device.guid())

    def start(self) -> None:
        """Decide the system's power, begin to scan the sensors, open SOL's own port if it has one."""
        self.sol.start()
        self.pef.start()  # before the restore policy decides: a power-off that is due keeps the system off
        self.chassis.start()
        if self.serial is not None:
            self.serial.start()
        self.sensors.start()
        self.self_test.look()
        self.initialization.start()
        if self.dcmi is not None:
            self.dcmi.start()

    def stop(self) -> None:
        """End every timer."""
        if self.dcmi is not None:
            self.dcmi.stop()
        if self.hpm is not None:
            self.hpm.stop()
        for service in (
            self.boot,
            self.chassis,
            self.device,
            self.initialization,
            self.lan,
            self.pef,
            self.pet,
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
        elif self.hpm is not None:
            self.hpm.host_started()
        self.sol.power_changed(on)

    def _system_restarted(self) -> None:
        self._settle()
        self.system_info.system_restarted()
        if self.hpm is not None:
            self.hpm.host_started()
        if self.serial is not None:
            chassis = self.chassis
            by_command = chassis.restart_cause == RestartCause.CHASSIS_CONTROL
            self.serial.restarted(by_command=by_command if chassis.is_on() else chassis.ordered_down)

    def _sensors_at_power(self, on: bool) -> None:
        """What power does to sensors is seen at once: it may be back before the next scan."""
        if on:
            self._sensors_at_start()
        else:
            self.sensors.notice()

    def _sensors_at_start(self) -> None:
        """§33.6: as the system starts, its sensors are set up by their records."""
        self.initialization.run()
        self.sensors.notice()

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
        if self.hpm is not None:
            self.hpm.controller_reset()
        for table in self.tables.values():
            table.close_all()
        self.sel.reservation.cancel()
        self.sdr.reset()
        if cold:
            self._settle()
            self.messaging.reset()
            self.watchdog.reset()
            self.sensors.reset_defaults()
            self.self_test.run()
            self.initialization.run()
            self.sol.parameters.reload_rate()
        self.flush()

    def _locked_out(self, channel: int, user_id: int) -> None:
        """LAN parameter 26: a Session Audit event tells which user was disabled where (Table 42-3)."""
        number = self.home.blueprint.sensor_number(SensorType.SESSION_AUDIT)
        data = bytes((_SPECIFIC_DATA | _INVALID_PASSWORD_DISABLE, user_id, channel))
        self.events.publish(Event(SensorType.SESSION_AUDIT, number, EventReadingType.SENSOR_SPECIFIC, data))

    def auth_types(self, channel: int, privilege: int) -> int:
        """v1.5 authentication types for sessions of that level on a channel, as a bit mask."""
        if self.serial is not None and channel == self.serial.spec.channel:
            return self.serial.parameters.auth_types(privilege)
        return self.lan.auth_types(privilege)

    def protocol(self, channel: int) -> ChannelProtocol | None:
        """What is spoken on a channel now, where that changes; None = what it is made for."""
        if self.serial is not None and channel == self.serial.spec.channel:
            return self.serial.protocol
        return None

    def has_packets(self, channel: int) -> bool:
        """Whether sessions on a channel are those of RMCP now: on a serial one only inside PPP."""
        serial = self.serial
        return serial is None or channel != serial.spec.channel or serial.packets

    def session_support(self, channel: Channel) -> int:
        """How many sessions a channel may have (Table 22-30)."""
        serial = self.serial
        if serial is None or channel.number != serial.spec.channel:
            return channel.session_support
        return serial.session_support

    def end_session(self, session: Session, reason: Reason = Reason.ENDED) -> None:
        """End a session that did not ask for it; if it has SOL its console is told (Table 15-2)."""
        self.sol.deactivate_session(session)
        self.tables[session.channel].close(session, reason)

    def hold_to_access(self, channel: int, asking: RequestReceived | None = None) -> None:
        """A disabled channel has no sessions; a lowered limit holds for those that go on (§22.22).

        Args:
            asking: the request that changed the access; its answer still goes out.
        """
        table, access = self.tables.get(channel), self.channels.access(channel)
        if self.serial is not None and channel == self.serial.spec.channel:
            self.serial.mux.settings_changed()
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
        """A session ended, for whatever reason; its payloads and its bridged requests end with it."""
        self.bridging.forget(session)
        self.payloads.session_closed(session)
        self.sdr.gone((session.channel, session.handle))


def _nothing_to_send() -> None:
    """Without an endpoint there is no table that could hold anything to send."""


def _nowhere(data: bytes, address: Address) -> None:
    """Without an endpoint nothing leaves."""
