"""What the verbs of ``mc`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("mc info")
class McInfo(Value, kw_only=True):
    """Who a management controller is.

    Attributes:
        auxiliary_firmware: the vendor's own bytes as hexadecimal digits; empty where there are none.
    """

    device_id: int
    device_revision: int
    firmware_revision: str
    ipmi_version: str
    manufacturer_id: int
    manufacturer_name: str
    product_id: int
    device_available: bool
    provides_device_sdrs: bool
    device_support: tuple[str, ...]
    auxiliary_firmware: str


@shape("mc guid")
class McGuid(Value, kw_only=True):
    """The controller's GUID.

    Attributes:
        guid: as the encoding reads the bytes; all bytes as hexadecimal digits for ``dump``.
        encoding: ``rfc4122``, ``ipmi``, ``smbios`` or ``dump``.
        version: of the UUID, 1-5; 0 = none of them.
        created: ISO 8601, of version 1; null for the others.
    """

    guid: str
    encoding: str
    version: int
    created: str | None


@shape("mc reset")
class McReset(Value, kw_only=True):
    """A reset that was asked for: ``cold`` or ``warm``."""

    kind: str


@shape("mc selftest", "chassis selftest")
class SelfTest(Value, kw_only=True):
    """How the self test ended.

    Attributes:
        result: 55h passed, 56h not implemented, 57h corrupted, 58h fatal error, others the device's own.
        detail: the byte after it.
        faults: what is corrupted or cannot be reached.
    """

    result: int
    detail: int
    faults: tuple[str, ...]


@shape("mc getenables", "mc setenables")
class GlobalEnables(Value, kw_only=True):
    """What the controller does with messages and events."""

    recv_msg_intr: bool
    event_msg_intr: bool
    event_msg: bool
    system_event_log: bool
    oem0: bool
    oem1: bool
    oem2: bool


@shape("mc watchdog get")
class Watchdog(Value, kw_only=True):
    """The watchdog timer.

    Attributes:
        use: what the timer guards.
        logging: whether its running out is logged.
        expired: uses whose time ran out.
        pretimeout: seconds before the end at which the interrupt comes.
        initial_countdown: seconds.
        present_countdown: seconds.
    """

    use: str
    running: bool
    logging: bool
    action: str
    pretimeout_interrupt: str
    pretimeout: int
    expired: tuple[str, ...]
    initial_countdown: float
    present_countdown: float


@shape("mc watchdog set", "mc watchdog reset", "mc watchdog off")
class WatchdogChange(Value, kw_only=True):
    """What was done to the watchdog timer: ``set``, ``reset`` or ``off``."""

    done: str


@shape("mc getsysinfo", "mc setsysinfo")
class SystemInfo(Value, kw_only=True):
    """A string about the system's software."""

    name: str
    value: str
