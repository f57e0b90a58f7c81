"""DCMI 1.5: power, its limit, and the limits of temperatures. Bytes are counted as in :mod:`.dcmi`."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, command
from baseboard.commands.groups.dcmi import DCMI, DcmiRequest, DcmiResponse
from baseboard.wire import OpenEnum, at


class StatisticsMode(OpenEnum):
    """Which statistics a power reading has (DCMI 1.5, Table 6-16)."""

    SYSTEM = 1
    ENHANCED = 2


class ExceptionAction(OpenEnum):
    """What happens when the power limit cannot be kept (DCMI 1.5, Table 6-18); 02h-10h are OEM."""

    NONE = 0x00
    POWER_OFF = 0x01
    LOG_ONLY = 0x11


class GetPowerReadingResponse(DcmiResponse):
    """The platform's power, in watts (DCMI 1.5, 6.6.1)."""

    current: int = at("3:4")
    minimum: int = at("5:6", "over the period")
    maximum: int = at("7:8", "over the period")
    average: int = at("9:10", "over the period")
    timestamp: int = at("11:14")
    period: int = at("15:18", "milliseconds; of enhanced statistics, in units of their own")
    active: bool = at("19[6]", "power is being measured")


@command(NetFn.GROUP_EXTENSION, 0x02, group=DCMI, section="DCMI 6.6.1", privilege=Privilege.USER)
class GetPowerReading(DcmiRequest[GetPowerReadingResponse]):
    """Ask for the platform's power."""

    _last = 4

    mode: StatisticsMode = at("2", default=StatisticsMode.SYSTEM)
    period: int = at("3", "enhanced statistics: a RollingPeriod of capability parameter 5", default=0)


class GetPowerLimitResponse(DcmiResponse):
    """The power limit (DCMI 1.5, 6.6.2)."""

    action: ExceptionAction = at("5")
    limit: int = at("6:7", "watts")
    correction_time: int = at("8:11", "milliseconds in which the power has to be below the limit again")
    period: int = at("14:15", "seconds of the statistics")


@command(NetFn.GROUP_EXTENSION, 0x03, group=DCMI, section="DCMI 6.6.2", privilege=Privilege.USER)
class GetPowerLimit(DcmiRequest[GetPowerLimitResponse]):
    """Ask for the power limit; 80h, no limit is active, comes with the data as 00h does."""

    _last = 3

    NOT_ACTIVE = CompletionCode(0x80, "no active set power limit")


class SetPowerLimitResponse(DcmiResponse):
    """The power limit is set, active or not (DCMI 1.5, 6.6.3)."""


@command(NetFn.GROUP_EXTENSION, 0x04, group=DCMI, section="DCMI 6.6.3", privilege=Privilege.OPERATOR)
class SetPowerLimit(DcmiRequest[SetPowerLimitResponse]):
    """Set the power limit; it takes `ActivateDeactivatePowerLimit` to have it kept."""

    LIMIT_OUT_OF_RANGE = CompletionCode(0x84, "power limit out of range")
    TIME_OUT_OF_RANGE = CompletionCode(0x85, "correction time out of range")
    PERIOD_OUT_OF_RANGE = CompletionCode(0x89, "statistics reporting period out of range")

    action: ExceptionAction = at("5", default=ExceptionAction.NONE)
    limit: int = at("6:7", "watts")
    correction_time: int = at("8:11", "milliseconds")
    period: int = at("14:15", "seconds of the statistics")


class ActivateDeactivatePowerLimitResponse(DcmiResponse):
    """The power limit is kept, or not any more (DCMI 1.5, 6.6.4)."""


@command(
    NetFn.GROUP_EXTENSION, 0x05, group=DCMI, section="DCMI 6.6.4", privilege=Privilege.OPERATOR,
    name="Activate/Deactivate Power Limit",
)  # fmt: skip
class ActivateDeactivatePowerLimit(DcmiRequest[ActivateDeactivatePowerLimitResponse]):
    """Have the power limit kept, or not."""

    _last = 4

    activate: bool = at("2[0]")


class SetThermalLimitResponse(DcmiResponse):
    """The limit is set (DCMI 1.5, 6.7.2)."""


@command(NetFn.GROUP_EXTENSION, 0x0B, group=DCMI, section="DCMI 6.7.2", privilege=Privilege.OPERATOR)
class SetThermalLimit(DcmiRequest[SetThermalLimitResponse]):
    """Say what happens when an inlet temperature is too high for too long."""

    LIMIT_OUT_OF_RANGE = CompletionCode(0x84, "thermal limit out of range")
    TIME_OUT_OF_RANGE = CompletionCode(0x85, "exception time out of range")

    entity_id: int = at("2", "37h or 40h: air inlet")
    instance: int = at("3")
    persistent: bool = at("4[7]", "kept over power cycles; DCMI 1.0, reserved since", default=False)
    power_off: bool = at("4[6]", "and a SEL entry", default=False)
    log_only: bool = at("4[5]", default=False)
    limit: int = at("5", "in the units of the sensor's SDR")
    exception_time: int = at("6:7", "seconds")


class GetThermalLimitResponse(DcmiResponse):
    """What happens when an inlet temperature is too high for too long (DCMI 1.5, 6.7.1)."""

    persistent: bool = at("3[7]", "DCMI 1.0, reserved since", default=False)
    power_off: bool = at("3[6]")
    log_only: bool = at("3[5]")
    limit: int = at("4", "in the units of the sensor's SDR")
    exception_time: int = at("5:6", "seconds")


@command(NetFn.GROUP_EXTENSION, 0x0C, group=DCMI, section="DCMI 6.7.1", privilege=Privilege.USER)
class GetThermalLimit(DcmiRequest[GetThermalLimitResponse]):
    """Ask what happens when an inlet temperature is too high for too long."""

    entity_id: int = at("2", "37h or 40h: air inlet")
    instance: int = at("3")
