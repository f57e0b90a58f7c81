"""Data Center Manageability of one BMC, and what it tells of itself (DCMI 1.5)."""

from __future__ import annotations

from typing import Protocol

from baseboard.bmc.services.channels import Channels
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.dcmi_discovery import Discovery
from baseboard.bmc.services.dcmi_exceptions import Exceptions
from baseboard.bmc.services.dcmi_texts import texts
from baseboard.bmc.services.events import Events
from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.lan import LanParameters
from baseboard.bmc.services.power_limit import PowerLimit
from baseboard.bmc.services.power_meter import PowerMeter
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sel import Sel
from baseboard.bmc.services.sensors import Sensors
from baseboard.bmc.services.temperatures import Temperatures
from baseboard.bmc.services.thermal_limits import SAMPLING_S, ThermalLimits
from baseboard.codes import Cc, ChannelMedium
from baseboard.commands.parameters.dcmi import (
    DcmiCapability,
    ManageabilityAccess,
    MandatoryAttributes,
    OptionalAttributes,
    PowerStatistics,
    RollingPeriod,
    SupportedCapabilities,
)
from baseboard.commands.parameters.lan import AddressSource, IpAddressSource
from baseboard.errors import CompletionError

NONE = 0xFF
"""In place of a channel's number."""

MOST_ENTRIES = 0xFFF
_UNIT_S = (1, 60, 3600, 86400)


class Power:
    """What a BMC with a power meter has.

    Attributes:
        meter: what is measured.
        limit: what is kept.
    """

    __slots__ = ("limit", "meter")

    def __init__(self, meter: PowerMeter, limit: PowerLimit) -> None:
        self.meter, self.limit = meter, limit


class Neighbours(Protocol):
    """The services that DCMI looks at; the BMC's own have more."""

    @property
    def home(self) -> Home:
        """What all stand on."""
        ...

    @property
    def channels(self) -> Channels:
        """Channels that can be used for management."""
        ...

    @property
    def chassis(self) -> Chassis:
        """The power that limits act on."""
        ...

    @property
    def events(self) -> Events:
        """Where exceptions are told."""
        ...

    @property
    def fru(self) -> FruInventory:
        """Where the asset tag is."""
        ...

    @property
    def lan(self) -> LanParameters:
        """Whether the address is by DHCP."""
        ...

    @property
    def sdr(self) -> SdrRepository:
        """Records of the sensors."""
        ...

    @property
    def sel(self) -> Sel:
        """How large the log is."""
        ...

    @property
    def sensors(self) -> Sensors:
        """Temperatures."""
        ...


class Dcmi:
    """Everything that the commands of DCMI are about.

    Attributes:
        tag: the asset tag.
        identifier: the controller's own name.
        discovery: how it makes itself known by DHCP.
        temperatures: of inlet, processors and baseboard.
        thermal: their limits.
    """

    __slots__ = ("_power", "_services", "discovery", "identifier", "tag", "temperatures", "thermal")

    def __init__(self, services: Neighbours) -> None:
        self._services = services
        home = services.home
        self.tag, self.identifier = texts(home, services.fru)
        self.discovery = Discovery(home, self._by_dhcp, self.identifier.get)
        self.identifier.on_named.append(self.discovery.restart)
        exceptions = Exceptions(home, services.events, services.chassis)
        self.temperatures = Temperatures(home, services.sensors, services.sdr)
        self.thermal = ThermalLimits(home, self.temperatures, exceptions)
        self._power: Power | None = None
        port = home.backend.meter
        assert home.blueprint.dcmi is not None
        if port is not None and home.blueprint.dcmi.meter:
            meter = PowerMeter(home, port)
            self._power = Power(meter, PowerLimit(home, port, meter, exceptions))

    def start(self) -> None:
        """Begin to measure, and keep the limits that are active."""
        if self._power is not None:
            self._power.meter.start()
            self._power.limit.start()
        self.thermal.start()

    def stop(self) -> None:
        """End every timer."""
        self.thermal.stop()
        self.discovery.stop()
        if self._power is not None:
            self._power.limit.stop()
            self._power.meter.stop()

    @property
    def power(self) -> Power:
        """Meter and limit.

        Raises:
            CompletionError: C1h, nothing measures the power of this system.
        """
        if self._power is None:
            raise CompletionError(Cc.INVALID_COMMAND, "no power management")
        return self._power

    def periods(self) -> tuple[int, ...]:
        """The periods of the rolling averages, as capability parameter 5 has them."""
        spec = self._services.home.blueprint.dcmi
        assert spec is not None
        return spec.periods

    def capability(self, selector: int) -> DcmiCapability:
        """A capability parameter.

        Raises:
            CompletionError: C9h, there is no such parameter; CBh, it is about what this system has not.
        """
        match selector:
            case SupportedCapabilities.selector:
                return self._supported()
            case MandatoryAttributes.selector:
                # A full log refuses entries; it does not roll over.
                entries = min(self._services.sel.capacity, MOST_ENTRIES)
                return MandatoryAttributes(
                    auto_rollover=False, flush_on_rollover=False, flush_by_record=False, sel_entries=entries,
                    sampling_period=SAMPLING_S,
                )  # fmt: skip
            case OptionalAttributes.selector:
                address = self._services.home.address
                revision = self._services.home.blueprint.identity.device_revision
                return OptionalAttributes(slave_address=address >> 1, channel=0, device_revision=revision)
            case ManageabilityAccess.selector:
                primary, secondary = (*self._lans(), NONE, NONE)[:2]
                return ManageabilityAccess(
                    primary_lan=primary, secondary_lan=secondary, serial=self._serial()
                )
            case PowerStatistics.selector:
                if self._power is None:
                    raise CompletionError(Cc.NOT_PRESENT)
                periods = tuple(RollingPeriod.decode(bytes((one,))) for one in self.periods())
                return PowerStatistics(count=len(periods), periods=periods)
            case _:
                raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)

    def _supported(self) -> SupportedCapabilities:
        return SupportedCapabilities(
            power_management=self._power is not None,
            secondary_lan=len(self._lans()) > 1,
            serial_terminal_mode=self._serial() != NONE,
            system_interface=True,
        )

    def _lans(self) -> tuple[int, ...]:
        channels = self._services.channels
        return tuple(n for n in channels.numbers() if channels.get(n).medium == ChannelMedium.LAN)

    def _serial(self) -> int:
        """The serial channel that has Terminal Mode."""
        channels = self._services.channels
        for number in channels.numbers():
            if channels.get(number).medium == ChannelMedium.SERIAL:
                return number
        return NONE

    def _by_dhcp(self) -> bool:
        """Whether the LAN channel's address comes from DHCP."""
        return self._services.lan.get(IpAddressSource.selector, 0)[0] == AddressSource.DHCP


def period_seconds(period: int) -> int:
    """How long a period of a rolling average is; 0 = now."""
    return (period & 0x3F) * _UNIT_S[period >> 6]
