"""DCMI's capability parameters and configuration parameters (DCMI 1.5, 6.1)."""

from __future__ import annotations

from typing import ClassVar

from baseboard.wire import Family, OpenEnum, Record, at


class PeriodUnit(OpenEnum):
    """Of a rolling average's period (DCMI 1.5, Table 6-3)."""

    SECONDS = 0
    MINUTES = 1
    HOURS = 2
    DAYS = 3


class RollingPeriod(Record):
    """A period over which the power is averaged; 0 = now."""

    unit: PeriodUnit = at("1[7:6]")
    duration: int = at("1[5:0]")


class DcmiCapability(Family):
    """A capability parameter, by selector (DCMI 1.5, Table 6-3)."""


@DcmiCapability.of(1)
class SupportedCapabilities(DcmiCapability):
    """What the platform has besides what every platform has.

    DCMI 1.0 and 1.1 (parameter revision 01h) name what is mandatory in byte 1.
    """

    mandatory: int = at("1", "DCMI 1.0 and 1.1 only", default=0)
    power_management: bool = at("2[0]")
    secondary_lan: bool = at("3[2]", "a second LAN channel for out-of-band access")
    serial_terminal_mode: bool = at("3[1]")
    system_interface: bool = at("3[0]", "in-band access")


@DcmiCapability.of(2)
class MandatoryAttributes(DcmiCapability):
    """The size of the SEL, and how often temperatures are sampled."""

    _last = 4

    auto_rollover: bool = at("1:2[15]", "a full SEL goes on at its start")
    flush_on_rollover: bool = at("1:2[14]", "the whole SEL is erased then")
    flush_by_record: bool = at("1:2[13]", "record by record")
    sel_entries: int = at("1:2[11:0]")
    sampling_period: int | None = at("5", "seconds", default=None)


@DcmiCapability.of(3)
class OptionalAttributes(DcmiCapability):
    """Where the power management controller sits."""

    slave_address: int = at("1[7:1]", "7 bits; 10h = the BMC")
    channel: int = at("2[7:4]", "0 = primary BMC")
    device_revision: int = at("2[3:0]")


@DcmiCapability.of(4)
class ManageabilityAccess(DcmiCapability):
    """The channels for out-of-band access; FFh = there is none."""

    primary_lan: int = at("1")
    secondary_lan: int = at("2")
    serial: int = at("3", "terminal mode")


@DcmiCapability.of(5)
class PowerStatistics(DcmiCapability):
    """The periods of the rolling averages of power."""

    count: int = at("1")
    periods: tuple[RollingPeriod, ...] = at("2:", default=())


class DcmiParameter(Family):
    """A configuration parameter, by selector (DCMI 1.5, 6.1.2)."""

    write_only: ClassVar[bool] = False


@DcmiParameter.of(1)
class ActivateDhcp(DcmiParameter):
    """Write a 1 to have DHCP begin; reads as 0."""

    write_only = True

    activate: bool = at("1[0]")


@DcmiParameter.of(2)
class DiscoveryConfiguration(DcmiParameter):
    """What the BMC says of itself by DHCP."""

    random_back_off: bool = at("1[7]")
    vendor_class: bool = at("1[1]", "options 60 and 43")
    identifier: bool = at("1[0]", "option 12: the identifier string")


@DcmiParameter.of(3)
class InitialTimeout(DcmiParameter):
    """How long DHCP is waited for first."""

    seconds: int = at("1", default=4)


@DcmiParameter.of(4)
class ContactTimeout(DcmiParameter):
    """How long a DHCP server is tried."""

    seconds: int = at("1:2", default=120)


@DcmiParameter.of(5)
class RetryInterval(DcmiParameter):
    """How long until a DHCP server is tried again."""

    seconds: int = at("1:2", default=64)
