"""What a BMC is made of, before it lives: shared by all BMCs of one make-up, never changed.

The lab's servers, ``bmc run FILE`` and tests all describe a BMC by a :class:`Blueprint`; what
changes at run time is state of the services and kept in the store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from baseboard.bmc.blueprint.bridging import IcmbSpec, IpmbSpec, SatelliteSpec
from baseboard.bmc.blueprint.buses import Eeprom
from baseboard.bmc.blueprint.dcmi import DcmiSpec as DcmiSpec
from baseboard.bmc.blueprint.firewall import NOTHING_OFF, FirewallSpec
from baseboard.bmc.blueprint.hpm import HpmComponentSpec as HpmComponentSpec
from baseboard.bmc.blueprint.hpm import HpmSpec as HpmSpec
from baseboard.bmc.blueprint.interfaces import InterfaceSpec as InterfaceSpec
from baseboard.bmc.blueprint.machines import Machine as Machine
from baseboard.bmc.blueprint.machines import VmSpec as VmSpec
from baseboard.bmc.blueprint.pef import DestinationSpec, PefSpec
from baseboard.bmc.blueprint.picmg import PicmgSpec as PicmgSpec
from baseboard.bmc.blueprint.picmg import VitaSpec as VitaSpec
from baseboard.bmc.blueprint.sensors import Traits, ordinary
from baseboard.bmc.blueprint.serial import SerialSpec
from baseboard.bmc.blueprint.sol import HOST_CONSOLE, SolSpec
from baseboard.bmc.blueprint.sources import SourceSpec

PhysicsKind = Literal["temperature", "fan", "voltage", "current", "power", "fixed", "state"]


@dataclass(frozen=True, slots=True)
class Physics:
    """How the simulated server makes a sensor's value.

    Attributes:
        kind: the rule; ``state`` is for discrete sensors.
        on: value the sensor tends to while the system is on, at ordinary load.
        off: value it tends to while the system is off (a temperature's is the ambient).
        tau: seconds until about 63 % of a change is done; 0 = at once.
        noise: amplitude of the jitter around the value.
        unreadable_off: no reading while the system is off.
        states: bits that hold while the system is on (``state``).
        states_off: bits that hold while it is off.
        rule: name of a state rule of the host for discrete sensors: ``acpi``, ``post``, ``boot``,
            ``os_boot``, ``os_stop``, ``nmi``, ``button``, ``power_unit``; of the controller itself:
            ``watchdog``, ``sel``; or empty for the fixed bits above.
    """

    kind: PhysicsKind = "fixed"
    on: float = 0.0
    off: float = 0.0
    tau: float = 0.0
    noise: float = 0.0
    unreadable_off: bool = False
    states: int = 0
    states_off: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Threshold values in the sensor's unit; None = the sensor has no such threshold."""

    lower_non_critical: float | None = None
    lower_critical: float | None = None
    lower_non_recoverable: float | None = None
    upper_non_critical: float | None = None
    upper_critical: float | None = None
    upper_non_recoverable: float | None = None


@dataclass(frozen=True, slots=True)
class SensorSpec:
    """One sensor: what its SDR says and where its value comes from.

    Attributes:
        number: sensor number, 0-254.
        name: ID string, at most 16 characters.
        sensor_type: Table 42-3.
        event_type: event/reading type code, 01h = threshold.
        entity_id: Table 43-13.
        entity_instance: 1-based.
        lun: owner LUN, 0 and 1-3.
        base_unit: Table 43-15 number of the unit.
        modifier_unit: 0 = none.
        modifier_use: 0 none, 1 base/modifier, 2 base*modifier.
        rate_unit: 0 none, 1 per us ... 6 per day.
        percentage: the reading is a percentage.
        minimum: least value the sensor can show; with ``maximum`` it fixes M, B and exponents.
        maximum: greatest value.
        nominal: nominal reading; None = not given.
        linearization: 0 = linear.
        signed: raw readings are 2's complement.
        thresholds: as shipped.
        hysteresis: in the sensor's unit, for both directions; 0 = none.
        states: bits of offsets that the discrete sensor may show and report.
        event_states: offsets of them that make events; None = all of ``states``.
        auto_rearm: events are re-armed by the sensor itself.
        record: SDR type, 1 full, 2 compact, 3 event-only.
        physics: the simulated source.
        source: where the value is read, whatever the backend is; None = that knows it, or simulates it.
        traits: what is special about it.
    """

    number: int
    name: str
    sensor_type: int
    event_type: int = 1
    entity_id: int = 7
    entity_instance: int = 1
    lun: int = 0
    base_unit: int = 0
    modifier_unit: int = 0
    modifier_use: int = 0
    rate_unit: int = 0
    percentage: bool = False
    minimum: float = 0.0
    maximum: float = 255.0
    nominal: float | None = None
    linearization: int = 0
    signed: bool = False
    thresholds: Thresholds = field(default_factory=Thresholds)
    hysteresis: float = 0.0
    states: int = 0
    event_states: int | None = None
    auto_rearm: bool = True
    record: int = 1
    physics: Physics = field(default_factory=Physics)
    source: SourceSpec | None = None
    traits: Traits = field(default_factory=ordinary)


@dataclass(frozen=True, slots=True)
class FruSpec:
    """One FRU inventory device: its number, its name for the locator SDR, its first contents.

    Attributes:
        device_id: FRU device ID, 0 = the BMC's own.
        name: ID string, at most 16 characters.
        image: first contents; the device's size is its length.
        entity_id: Table 43-13.
        entity_instance: 1-based.
        writable: Write FRU Data is allowed; of a chip, its write-protect pin is low.
        by_words: its offsets and counts are in words of two bytes (§34.1).
        eeprom: the chip on a private bus that keeps it; None = memory of the controller's own.
        logical: Read FRU Data reads it; False = only Master Write-Read does, from its chip.
    """

    device_id: int
    name: str
    image: bytes
    entity_id: int = 7
    entity_instance: int = 1
    writable: bool = True
    by_words: bool = False
    eeprom: Eeprom | None = None
    logical: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the BMC says it is.

    Attributes:
        name: the server's name, shown to people and as the system's name.
        device_id: Get Device ID byte 2.
        device_revision: 0-15.
        firmware_major: 0-127.
        firmware_minor: two BCD digits as text.
        manufacturer_id: IANA enterprise number.
        product_id: 0-65535.
        aux_firmware: four bytes or none.
        guid: system GUID in RFC 4122 order; 16 bytes.
        device_guid: the controller's own, the same order; empty = the system's.
        guid_encoding: how it goes on the wire: ``ipmi`` (reversed), ``smbios`` or ``rfc4122``.
    """

    name: str
    guid: bytes
    device_id: int = 0x20
    device_revision: int = 1
    firmware_major: int = 1
    firmware_minor: str = "00"
    manufacturer_id: int = 0
    product_id: int = 0
    aux_firmware: bytes | None = None
    device_guid: bytes = b""
    guid_encoding: Literal["ipmi", "smbios", "rfc4122"] = "ipmi"


@dataclass(frozen=True, slots=True)
class UserSpec:
    """A user as shipped.

    Attributes:
        user_id: 1-63.
        name: at most 16 bytes; empty = null user name.
        password: at most 16 or 20 bytes.
        size: 16 or 20, as which it is stored.
        privilege: limit on the session channels, 1-5, Fh = no access.
        enabled: may log in.
    """

    user_id: int
    name: bytes
    password: bytes = field(repr=False)
    size: int = 20
    privilege: int = 4
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class LanSpec:
    """The LAN channel as shipped; everything else is in the LAN parameters.

    Attributes:
        channel: 1 in every BMC of ours unless told otherwise.
        suites: cipher suite ID -> highest privilege that may use it (parameters 22-24).
        auth_types: v1.5 authentication types enabled, as the bit mask of parameter 1; 0 = no v1.5.
        ip: address shown by parameter 3.
        mask: parameter 6.
        gateway: parameter 12.
        mac: parameter 5.
        kg: two-key logins' key, up to 20 bytes; empty = one-key.
        port: parameter 8.
        session_slots: simultaneous sessions.
        bad_password_threshold: 0 = never locked out.
        lockout_s: how long a locked user stays locked, seconds; 0 = until an administrator enables it.
        dhcp: the address comes from others (parameter 4), such as a DHCP client of the system.
        ipv6: the first static IPv6 address, with its prefix length (parameter 56); empty = none.
        ipv6_enables: parameter 51: 0 IPv4 only, 1 IPv6 only, 2 both.
        community: of the traps that are sent (parameter 16), at most 18 bytes.
        destinations: where alerts go (parameters 18, 19, 25), from 1 on.
    """

    channel: int = 1
    suites: tuple[tuple[int, int], ...] = ((3, 4), (17, 4))
    auth_types: int = 0
    ip: str = "127.0.0.1"
    mask: str = "255.0.0.0"
    gateway: str = "0.0.0.0"  # noqa: S104 - "no gateway", not an address to bind
    mac: bytes = b"\x02\x00\x00\x00\x00\x01"
    kg: bytes = field(default=b"", repr=False)
    port: int = 623
    session_slots: int = 16
    bad_password_threshold: int = 0
    lockout_s: int = 0
    dhcp: bool = False
    ipv6: str = ""
    ipv6_enables: int = 0
    community: bytes = b"public"
    destinations: tuple[DestinationSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class HostSpec:
    """The simulated computer behind the BMC, as its firmware and operating system describe it.

    Attributes:
        model: printed by the firmware.
        firmware: version of the firmware.
        efi: the firmware's own way of booting; a boot option can ask for the other for one boot.
        processor: name of a processor.
        sockets: how many of them.
        cores: cores of each.
        mhz: their clock.
        memory_mib: main memory.
        disk: the boot disk.
        network: the network controller.
        system: name of the operating system.
        kernel: its kernel's version.
        accounts: who may log in on the serial console: name, password (empty = none asked for).
    """

    model: str = "Simulated server"
    firmware: str = "1.00"
    efi: bool = True
    processor: str = "Simulated x86-64 processor"
    sockets: int = 1
    cores: int = 8
    mhz: int = 2400
    memory_mib: int = 16384
    disk: str = "240 GB simulated disk"
    network: str = "simulated gigabit Ethernet"
    system: str = "Simulated Linux 6.1"
    kernel: str = "6.1.0-simulated"
    accounts: tuple[tuple[str, str], ...] = field(default=(("root", "demo"),), repr=False)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything a BMC starts from.

    Attributes:
        identity: who it says it is.
        users: as shipped; user IDs that are not listed are disabled and have no name.
        lan: its LAN channel.
        serial: its serial channel; None = it has none.
        sensors: in the order of their SDRs.
        frus: FRU inventory devices.
        host: the simulated computer behind it.
        pef: platform event filtering.
        sel_capacity: events that the log holds.
        sdr_capacity: bytes that the SDR Repository holds.
        max_users: highest user ID, 1-63.
        boot_seconds: how long the simulated firmware takes until the system boots.
        powered: the system is on when the BMC starts for the first time.
        seed: what the simulated sensors' jitter is drawn from.
        strict: reserved bits that are not 0 are refused with CCh.
        reveal_login_errors: a login that fails says why, as §13.20 has it; otherwise all fail alike.
        sol: what Serial over LAN is connected to.
        dcmi: Data Center Manageability; None = the BMC has none.
        interface: its system interface.
        firewall: the commands that are off.
        ipmb: its place on the IPMB.
        satellites: other controllers on its IPMB, those behind one of them after it.
        icmb: its bridge to other chassis; None = it has none.
        hpm: components whose firmware can be upgraded; None = there are none.
        machine: what is behind it; None = the simulated computer of ``host``.
        picmg: what it is in a shelf; None = it is in none.
        vita: what it is in a VPX chassis; None = it is in none.
        records: further SDRs, such as associations and locators; their IDs do not matter.
    """

    identity: Identity
    users: tuple[UserSpec, ...] = ()
    lan: LanSpec = field(default_factory=LanSpec)
    serial: SerialSpec | None = None
    sensors: tuple[SensorSpec, ...] = ()
    frus: tuple[FruSpec, ...] = ()
    host: HostSpec = field(default_factory=HostSpec)
    pef: PefSpec = field(default_factory=PefSpec)
    sel_capacity: int = 512
    sdr_capacity: int = 65536
    max_users: int = 15
    boot_seconds: float = 12.0
    powered: bool = False
    seed: int = 0
    strict: bool = False
    reveal_login_errors: bool = False
    sol: SolSpec = HOST_CONSOLE
    dcmi: DcmiSpec | None = None
    interface: InterfaceSpec = field(default_factory=InterfaceSpec)
    firewall: FirewallSpec = NOTHING_OFF
    ipmb: IpmbSpec = field(default_factory=IpmbSpec)
    satellites: tuple[SatelliteSpec, ...] = ()
    icmb: IcmbSpec | None = None
    hpm: HpmSpec | None = None
    machine: Machine | None = None
    picmg: PicmgSpec | None = None
    vita: VitaSpec | None = None
    records: tuple[bytes, ...] = ()

    def sensor_number(self, sensor_type: int) -> int:
        """Number of the first sensor of a type, which its events are about; 0 where there is none."""
        return next((one.number for one in self.sensors if one.sensor_type == sensor_type), 0)
