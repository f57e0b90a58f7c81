"""Who asks, over what, and the services that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.bmc.services.alert_lan import LanAlerts
from baseboard.bmc.services.alerts import Alerts
from baseboard.bmc.services.boot import BootOptions
from baseboard.bmc.services.channels import PRIMARY_IPMB, Channels
from baseboard.bmc.services.channels import SYSTEM_INTERFACE as SYSTEM_INTERFACE
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.dcmi import Dcmi
from baseboard.bmc.services.device import Device
from baseboard.bmc.services.events import Events
from baseboard.bmc.services.firewall import Firewall
from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.hpm import Hpm
from baseboard.bmc.services.lan import LanParameters
from baseboard.bmc.services.login import Login
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.payloads import Payloads
from baseboard.bmc.services.pef import Pef
from baseboard.bmc.services.picmg import Picmg
from baseboard.bmc.services.private_bus import PrivateBuses
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensor_initialization import InitializationAgent
from baseboard.bmc.services.sensors import Sensors
from baseboard.bmc.services.sol import Sol
from baseboard.bmc.services.system_info import SystemInfo
from baseboard.bmc.services.users import Users
from baseboard.bmc.services.vita import Vita
from baseboard.bmc.services.watchdog import Watchdog
from baseboard.bmc.subsystems import Services as Services
from baseboard.codes import Cc
from baseboard.errors import CompletionError

if TYPE_CHECKING:
    from baseboard.rmcp.session import RequestReceived, Session
    from baseboard.rmcp.table import SessionTable

LONGEST_ON_BUS = 25
"""Completion code and data of a response in an IPMB frame of 32 bytes (IPMB v1.0)."""


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
        if self.origin.session is not None:
            return 240
        if self.origin.channel == PRIMARY_IPMB:
            return LONGEST_ON_BUS
        interface = self.services.home.blueprint.interface
        return min(255 - 8, interface.output_size - interface.overhead)

    def channel(self, number: int) -> int:
        """The real number of the channel that a request names; Eh is the one it came in on."""
        return self.origin.channel if number == 0xE else number

    @property
    def alerts(self) -> Alerts:
        """Alerts on their way."""
        return self.services.alerts

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
    def dcmi(self) -> Dcmi:
        """Data Center Manageability.

        Raises:
            CompletionError: C1h, this BMC has none.
        """
        if self.services.dcmi is None:
            raise CompletionError(Cc.INVALID_COMMAND, "this controller has no DCMI")
        return self.services.dcmi

    @property
    def device(self) -> Device:
        """The controller itself."""
        return self.services.device

    @property
    def events(self) -> Events:
        """Where events go."""
        return self.services.events

    @property
    def firewall(self) -> Firewall:
        """Which commands are off on which channel."""
        return self.services.firewall

    @property
    def fru(self) -> FruInventory:
        """FRU inventory devices."""
        return self.services.fru

    @property
    def hpm(self) -> Hpm:
        """Firmware upgrades.

        Raises:
            CompletionError: C1h, this BMC has none.
        """
        if self.services.hpm is None:
            raise CompletionError(Cc.INVALID_COMMAND, "this controller has no HPM.1")
        return self.services.hpm

    @property
    def initialization(self) -> InitializationAgent:
        """What sets sensors up by their records."""
        return self.services.initialization

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
    def pef(self) -> Pef:
        """Platform event filtering."""
        return self.services.pef

    @property
    def pet(self) -> LanAlerts:
        """Platform Event Traps of the LAN channel."""
        return self.services.pet

    @property
    def picmg(self) -> Picmg:
        """The shelf.

        Raises:
            CompletionError: C1h, this BMC is in none.
        """
        if self.services.picmg is None:
            raise CompletionError(Cc.INVALID_COMMAND, "this controller has no PICMG extension")
        return self.services.picmg

    @property
    def private_buses(self) -> PrivateBuses:
        """I2C buses behind the controller."""
        return self.services.private_buses

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
    def vita(self) -> Vita:
        """The VPX chassis.

        Raises:
            CompletionError: C1h, this BMC is in none.
        """
        if self.services.vita is None:
            raise CompletionError(Cc.INVALID_COMMAND, "this controller has no VITA extension")
        return self.services.vita

    @property
    def watchdog(self) -> Watchdog:
        """The watchdog timer."""
        return self.services.watchdog
