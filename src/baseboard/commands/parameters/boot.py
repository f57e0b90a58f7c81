"""System boot options (§28.12, §28.13, Table 28-14)."""

from __future__ import annotations

from enum import IntFlag

from baseboard.codes import BootDevice
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.wire import Family, OpenEnum, at


class BootHandler(IntFlag):
    """Who looks at the boot info (parameter 4); a bit that is 0 has handled it."""

    BIOS_POST = 0x01
    OS_LOADER = 0x02
    SERVICE_PARTITION = 0x04
    SMS = 0x08
    OEM = 0x10


class BiosVerbosity(OpenEnum):
    """What the firmware shows while it boots (parameter 5)."""

    DEFAULT = 0
    QUIET = 1
    VERBOSE = 2


class ConsoleRedirection(OpenEnum):
    """What the firmware does with its console (parameter 5)."""

    BIOS_SETTING = 0
    SUPPRESS = 1
    REQUEST_ENABLE = 2


class BiosMuxControl(OpenEnum):
    """Where the serial mux stands after POST (parameter 5)."""

    RECOMMENDED = 0
    FORCE_TO_BMC = 1
    FORCE_TO_SYSTEM = 2


class BootParameter(Family):
    """A system boot option (Table 28-14), by selector."""


@BootParameter.of(0)
class SetInProgress(BootParameter):
    """Tells others that a party is changing parameters; no lock. A reset ends it."""

    state: SetInProgressState = at("1[1:0]")


@BootParameter.of(1)
class ServicePartitionSelector(BootParameter):
    """Which service partition to boot, for parameter 5 or for a scan."""

    service_partition: int = at("1", "00h = unspecified")


@BootParameter.of(2)
class ServicePartitionScan(BootParameter):
    """Ask the firmware to look for the service partition, and whether it found it."""

    scan_requested: bool = at("1[1]", default=False)
    discovered: bool = at("1[0]", default=False)


@BootParameter.of(3)
class BootFlagValidBitClearing(BootParameter):
    """When the BMC shall leave the boot flags valid (semi-volatile, 0 at first)."""

    keep_on_pef: bool = at("1[4]", "reset or power cycle caused by PEF", default=False)
    keep_on_timeout: bool = at("1[3]", "no Chassis Control command within 60 seconds", default=False)
    keep_on_watchdog: bool = at("1[2]", "reset or power cycle caused by the watchdog", default=False)
    keep_on_reset: bool = at("1[1]", "pushbutton reset or soft reset", default=False)
    keep_on_power_up: bool = at("1[0]", "power up by pushbutton or wake event", default=False)


@BootParameter.of(4)
class BootInfoAcknowledge(BootParameter):
    """Who has yet to handle the boot info; its initiator sets all bits, each party clears its own."""

    write_mask: BootHandler = at("1", "which bits this write changes; reads as 00h")
    pending: BootHandler = at("2", "0 = has handled the boot info; bits 7 to 5 written as 1, ignored")


@BootParameter.of(5)
class BootFlags(BootParameter):
    """What the next boot, or every boot, shall do."""

    valid: bool = at("1[7]", "the flags that follow hold", default=False)
    persistent: bool = at("1[6]", "for all future boots; 0 = next boot only", default=False)
    efi: bool = at("1[5]", "EFI boot; 0 = PC-compatible", default=False)
    clear_cmos: bool = at("2[7]", default=False)
    lock_keyboard: bool = at("2[6]", default=False)
    device: BootDevice = at("2[5:2]", default=BootDevice.NO_OVERRIDE)
    screen_blank: bool = at("2[1]", default=False)
    lock_out_reset_buttons: bool = at("2[0]", default=False)
    lock_out_power_button: bool = at("3[7]", default=False)
    verbosity: BiosVerbosity = at("3[6:5]", default=BiosVerbosity.DEFAULT)
    force_progress_event_traps: bool = at("3[4]", default=False)
    user_password_bypass: bool = at("3[3]", "settable by an Administrator only", default=False)
    lock_out_sleep_button: bool = at("3[2]", default=False)
    console_redirection: ConsoleRedirection = at("3[1:0]", default=ConsoleRedirection.BIOS_SETTING)
    bios_shared_mode_override: bool = at("4[3]", "shared mode for now instead of the set one", default=False)
    bios_mux_control: BiosMuxControl = at("4[2:0]", default=BiosMuxControl.RECOMMENDED)
    device_instance: int = at("5[4:0]", "0 = any; bit 4: 0 external, 1 internal, of number [3:0]", default=0)


@BootParameter.of(6)
class BootInitiatorInfo(BootParameter):
    """Who asked for the boot; may be used to tell whether the boot info is theirs."""

    channel: int = at("1[3:0]", "that will deliver the boot command")
    session_id: int = at("2:5", "of the party that will deliver the boot command")
    timestamp: int = at("6:9", "of the boot info, from Get SEL Time")


@BootParameter.of(7)
class BootInitiatorMailbox(BootParameter):
    """Words of the boot's initiator for the software that it boots, 16 bytes a block."""

    block: int = at("1", "from 0; block 0 begins with a three byte IANA enterprise number")
    data: bytes = at("2:", "up to 16 bytes; a shorter write leaves the block's rest as it is")
