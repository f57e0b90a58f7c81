"""What a management controller is, how it is, and its resets (§20)."""

from __future__ import annotations

from enum import IntFlag

from baseboard.codes import NetFn, Privilege
from baseboard.commands.app.device_id import DeviceSupport as DeviceSupport
from baseboard.commands.app.device_id import GetDeviceId as GetDeviceId
from baseboard.commands.app.device_id import GetDeviceIdResponse as GetDeviceIdResponse
from baseboard.commands.app.system_guid import GetSystemGuid as GetSystemGuid
from baseboard.commands.app.system_guid import GetSystemGuidResponse as GetSystemGuidResponse
from baseboard.commands.declaration import Request, Response, command
from baseboard.wire import OpenEnum, at


class SelfTestResult(OpenEnum):
    """How the self test ended (Table 20-3, byte 2); other codes are the device's own."""

    PASSED = 0x55
    NOT_IMPLEMENTED = 0x56
    CORRUPTED = 0x57
    FATAL_HARDWARE_ERROR = 0x58
    RESERVED = 0xFF


class SelfTestFailure(IntFlag):
    """What is corrupted or inaccessible, for :attr:`SelfTestResult.CORRUPTED` (Table 20-3, byte 3)."""

    OPERATIONAL_FIRMWARE_CORRUPT = 0x01
    BOOT_BLOCK_CORRUPT = 0x02
    INTERNAL_USE_AREA_CORRUPT = 0x04
    SDR_REPOSITORY_EMPTY = 0x08
    IPMB_LINES_DEAD = 0x10
    BMC_FRU_INACCESSIBLE = 0x20
    SDR_REPOSITORY_INACCESSIBLE = 0x40
    SEL_INACCESSIBLE = 0x80


class AcpiSystemState(OpenEnum):
    """ACPI power state of the system (Table 20-6)."""

    S0_G0 = 0x00
    S1 = 0x01
    S2 = 0x02
    S3 = 0x03
    S4 = 0x04
    S5_G2 = 0x05
    S4_S5 = 0x06
    G3 = 0x07
    SLEEPING = 0x08
    G1_SLEEPING = 0x09
    OVERRIDE_S5 = 0x0A
    LEGACY_ON = 0x20
    LEGACY_OFF = 0x21
    UNKNOWN = 0x2A
    NO_CHANGE = 0x7F


class AcpiDeviceState(OpenEnum):
    """ACPI power state of the management controller (Table 20-6)."""

    D0 = 0x00
    D1 = 0x01
    D2 = 0x02
    D3 = 0x03
    UNKNOWN = 0x2A
    NO_CHANGE = 0x7F


class ColdResetResponse(Response):
    """The reset was begun; a controller need not say so (§20.2)."""


@command(NetFn.APP, 0x02, section="20.2", privilege=Privilege.ADMINISTRATOR)
class ColdReset(Request[ColdResetResponse]):
    """Start the management controller anew: defaults, self test, watchdog stopped."""


class WarmResetResponse(Response):
    """Communication starts anew (§20.3)."""


@command(NetFn.APP, 0x03, section="20.3", privilege=Privilege.ADMINISTRATOR)
class WarmReset(Request[WarmResetResponse]):
    """Reset a hung management controller's communication; its configuration stays."""


class GetSelfTestResultsResponse(Response):
    """How the last self test ended (Table 20-3)."""

    result: SelfTestResult = at("2")
    failures: SelfTestFailure = at("3", "bits for CORRUPTED; for a code of the device's own its detail")


@command(NetFn.APP, 0x04, section="20.4", privilege=Privilege.USER)
class GetSelfTestResults(Request[GetSelfTestResultsResponse]):
    """Ask how the last self test ended; this starts none."""


class ManufacturingTestOnResponse(Response):
    """The controller is in its manufacturing test mode (§20.5)."""


@command(NetFn.APP, 0x05, section="20.5", privilege=Privilege.ADMINISTRATOR)
class ManufacturingTestOn(Request[ManufacturingTestOnResponse]):
    """Enter the manufacturing test mode, which a reset leaves."""

    data: bytes = at("1:", "the device's own, such as a password for the mode", default=b"")


class SetAcpiPowerStateResponse(Response):
    """The states are noted (Table 20-6)."""


@command(NetFn.APP, 0x06, section="20.6", privilege=Privilege.ADMINISTRATOR)
class SetAcpiPowerState(Request[SetAcpiPowerStateResponse]):
    """Tell the controller in which ACPI state the system is; this changes no power."""

    set_system_state: bool = at("1[7]", "0 = leave the system state", default=False)
    system_state: AcpiSystemState = at("1[6:0]", default=AcpiSystemState.NO_CHANGE)
    set_device_state: bool = at("2[7]", "0 = leave the device state", default=False)
    device_state: AcpiDeviceState = at("2[6:0]", default=AcpiDeviceState.NO_CHANGE)


class GetAcpiPowerStateResponse(Response):
    """The ACPI states last told (Table 20-7)."""

    system_state: AcpiSystemState = at("2[6:0]")
    device_state: AcpiDeviceState = at("3[6:0]")


@command(NetFn.APP, 0x07, section="20.7", privilege=Privilege.USER)
class GetAcpiPowerState(Request[GetAcpiPowerStateResponse]):
    """Ask which ACPI states the controller was told."""


class GetDeviceGuidResponse(Response):
    """The controller's GUID (Table 20-10)."""

    guid: bytes = at("2:17", "as sent: node first, every field least significant byte first")


@command(NetFn.APP, 0x08, section="20.8", privilege=Privilege.USER)
class GetDeviceGuid(Request[GetDeviceGuidResponse]):
    """Ask the management controller for its own GUID."""
