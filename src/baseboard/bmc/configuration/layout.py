"""What a file that describes BMCs may say: its tables and keys, each with its type, range and default.

This module needs msgspec and is imported when a file is read, not before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, field

from baseboard.bmc.configuration.bridging_layout import Icmb, SatelliteBase
from baseboard.bmc.configuration.dcmi_layout import Dcmi, Interface
from baseboard.bmc.configuration.firewall_layout import Firewall
from baseboard.bmc.configuration.hardware_layout import Hardware
from baseboard.bmc.configuration.hpm_layout import Hpm, Picmg, Vita
from baseboard.bmc.configuration.inventory_layout import (
    Chip,
    DcLoad,
    DcOutput,
    ManagementAccess,
    OemRecord,
    PowerSupply,
)
from baseboard.bmc.configuration.ipmb_layout import Ipmb
from baseboard.bmc.configuration.layout_types import (
    Byte,
    Guid,
    Hex,
    IdString,
    Instance,
    InterfaceName,
    Level,
    Line,
    Name,
    Offset,
    Port,
    Positive,
    Seconds,
    Table,
    Value,
    Variable,
    Word,
)
from baseboard.bmc.configuration.libvirt_layout import Libvirt
from baseboard.bmc.configuration.neighbors_layout import Neighbor
from baseboard.bmc.configuration.pef_layout import Pef
from baseboard.bmc.configuration.process_layout import Process
from baseboard.bmc.configuration.qemu_layout import Qemu
from baseboard.bmc.configuration.sensor_layout import Association, SdrRecord, SpecialSensor
from baseboard.bmc.configuration.serial_layout import Serial
from baseboard.bmc.configuration.sol_layout import Sol
from baseboard.bmc.configuration.vm_layout import Vm


class Identity(Table):
    """``[bmc.identity]``: what Get Device ID and the GUID commands say (§20.1, §20.8, §22.14)."""

    guid: Guid | None = None
    device_guid: Guid | None = None
    guid_encoding: Literal["ipmi", "smbios", "rfc4122"] = "ipmi"
    device_id: Byte | None = None
    device_revision: Annotated[int, Meta(ge=0, le=15)] | None = None
    firmware: Annotated[str, Meta(pattern=r"^([0-9]|[1-9][0-9]|1[01][0-9]|12[0-7])\.[0-9]{2}$")] | None = None
    manufacturer_id: Annotated[int, Meta(ge=0, le=0xFFFFF)] | None = None
    product_id: Word | None = None
    aux_firmware: Annotated[str, Meta(pattern="^[0-9A-Fa-f]{8}$")] | None = None


class Suite(Table):
    """An entry of ``suites`` with a privilege limit of its own (LAN parameter 24)."""

    suite: Annotated[int, Meta(ge=0, le=19)]
    privilege: Level = "administrator"


def _default_suites() -> list[int | Suite]:
    return [3, 17]


class Lan(Table):
    """``[bmc.lan]``: the LAN channel, its endpoint and its logins (§23)."""

    address: str = "127.0.0.1"
    port: Port = 623
    spread: Literal["ports", "addresses"] = "ports"
    channel: Annotated[int, Meta(ge=1, le=11)] = 1
    suites: Annotated[list[Annotated[int, Meta(ge=0, le=19)] | Suite], Meta(max_length=16)] = field(
        default_factory=_default_suites
    )
    v15: list[Literal["none", "md2", "md5", "password"]] = []
    kg: Annotated[Hex, Meta(max_length=40)] | None = None
    kg_env: Variable | None = None
    kg_file: str | None = None
    sessions: Annotated[int, Meta(ge=1, le=63)] | None = None
    bad_password_threshold: Byte = 0
    lockout_s: Annotated[int, Meta(ge=0, le=655_350, multiple_of=10)] = 0
    ip: str | None = None
    netmask: str | None = None
    gateway: str | None = None
    mac: Annotated[str, Meta(pattern="^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$")] | None = None
    ipv6: str | None = None
    interface: InterfaceName | None = None
    namespace: Annotated[str, Meta(min_length=1)] | None = None
    stack: Literal["kernel", "own"] = "kernel"
    tap: InterfaceName | None = None


class User(Table):
    """``[[bmc.user]]``: somebody who may log in (§6.9)."""

    id: Annotated[int, Meta(ge=1, le=63)] | None = None
    name: Annotated[str, Meta(max_length=16, pattern=r"^[^\x00]*$")] = ""
    password: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")] | None = None
    password_env: Variable | None = None
    password_file: str | None = None
    password_size: Literal[16, 20] | None = None
    privilege: Level = "administrator"
    enabled: bool = True


class Chassis(Table):
    """``[bmc.fru.chassis]``: the chassis info area (FRU §10)."""

    type: str | Byte = "rack_mount_chassis"
    part_number: Line = ""
    serial_number: Line = ""
    custom: list[Line] = []


class Board(Table):
    """``[bmc.fru.board]``: the board info area (FRU §11)."""

    manufactured: datetime | None = None
    manufacturer: Line = ""
    product_name: Line = ""
    serial_number: Line = ""
    part_number: Line = ""
    fru_file_id: Line = ""
    custom: list[Line] = []


class Product(Table):
    """``[bmc.fru.product]``: the product info area (FRU §12)."""

    manufacturer: Line = ""
    product_name: Line = ""
    part_number: Line = ""
    version: Line = ""
    serial_number: Line = ""
    asset_tag: Line = ""
    fru_file_id: Line = ""
    custom: list[Line] = []


class Fru(Table):
    """``[[bmc.fru]]``: a FRU inventory device, its contents from fields or from a file (§34)."""

    id: Annotated[int, Meta(ge=0, le=254)]
    name: IdString
    file: str | None = None
    size: Annotated[int, Meta(ge=8, le=0xFFFF)] | None = None
    writable: bool = True
    entity: str | Byte = "system_board"
    instance: Instance = 1
    chassis: Chassis | None = None
    board: Board | None = None
    product: Product | None = None
    words: bool = False
    logical: bool = True
    chip: Chip | None = None
    power_supply: PowerSupply | None = None
    dc_output: Annotated[list[DcOutput], Meta(max_length=16)] = []
    dc_load: Annotated[list[DcLoad], Meta(max_length=16)] = []
    management_access: Annotated[list[ManagementAccess], Meta(max_length=16)] = []
    oem: Annotated[list[OemRecord], Meta(max_length=16)] = []


class Limits(Table):
    """``lower`` or ``upper`` of a sensor: its thresholds on that side, in its unit."""

    non_critical: Value | None = None
    critical: Value | None = None
    non_recoverable: Value | None = None


class Sensor(SpecialSensor, kw_only=True):
    """``[[bmc.sensor]]``: one sensor, or with ``count`` several alike (§35, §43)."""

    name: Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[^\x00-\x1f]+$")]
    type: str | Byte
    count: Annotated[int, Meta(ge=1, le=762)] = 1
    number: Annotated[int, Meta(ge=0, le=254)] | None = None
    lun: Literal[0, 1, 3] | None = None
    entity: str | Byte | None = None
    instance: Instance = 1
    # with a value
    value: Value | None = None
    value_off: Value | None = None
    unit: str | Byte | None = None
    rate: Literal["none", "per_us", "per_ms", "per_s", "per_minute", "per_hour", "per_day"] | None = None
    percentage: bool | None = None
    minimum: Value | None = None
    maximum: Value | None = None
    signed: bool | None = None
    linearization: str | None = None
    lower: Limits | None = None
    upper: Limits | None = None
    hysteresis: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    physics: Literal["temperature", "fan", "voltage", "current", "power", "fixed"] | None = None
    settling_s: Seconds | None = None
    noise: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    unreadable_off: bool | None = None
    # with states
    states: list[Offset] | None = None
    reading: str | None = None
    events: list[Offset] | None = None
    holds: list[Offset] | None = None
    holds_off: list[Offset] | None = None
    rule: str | None = None
    record: Literal["full", "compact", "event_only"] | None = None
    auto_rearm: bool = True


class SatelliteSensor(Table):
    """``[[bmc.satellite.sensor]]``: a sensor of a satellite; its value stays until somebody writes it."""

    name: IdString
    type: str | Byte
    number: Annotated[int, Meta(ge=0, le=254)]
    entity: str | Byte | None = None
    instance: Instance = 1
    value: Value | None = None
    unit: str | Byte | None = None
    minimum: Value | None = None
    maximum: Value | None = None
    lower: Limits | None = None
    upper: Limits | None = None
    hysteresis: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    states: list[Offset] | None = None
    holds: list[Offset] | None = None


class SatelliteFru(Table):
    """``[[bmc.satellite.fru]]``: an inventory of a satellite, in memory of its own (§34)."""

    id: Annotated[int, Meta(ge=0, le=254)]
    name: IdString
    file: str | None = None
    size: Annotated[int, Meta(ge=8, le=0xFFFF)] | None = None
    writable: bool = True
    entity: str | Byte = "system_board"
    instance: Instance = 1
    chassis: Chassis | None = None
    board: Board | None = None
    product: Product | None = None
    words: bool = False


class Satellite(SatelliteBase):
    """``[[bmc.satellite]]``: a controller on the IPMB, with sensors and inventories of its own (§6.13)."""

    sensor: Annotated[list[SatelliteSensor], Meta(max_length=64)] = []
    fru: Annotated[list[SatelliteFru], Meta(max_length=16)] = []


class Account(Table):
    """Who may log in at the simulated host's console."""

    name: Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[!-~]+$")]
    password: Annotated[str, Meta(max_length=64)] = ""


class Host(Table):
    """``[bmc.host]``: what is behind the BMC."""

    backend: Literal["memory", "vm", "qemu", "libvirt", "process", "hardware"] = "memory"
    vm: Vm | None = None
    qemu: Qemu | None = None
    libvirt: Libvirt | None = None
    process: Process | None = None
    hardware: Hardware | None = None
    powered: bool = True
    boot_seconds: Annotated[float, Meta(ge=0.1, le=3600)] = 12.0
    seed: Annotated[int, Meta(ge=0, le=0x7FFF_FFFF_FFFF_FFFF)] | None = None
    model: Line | None = None
    firmware: Line | None = None
    efi: bool | None = None
    processor: Line | None = None
    sockets: Annotated[int, Meta(ge=1, le=64)] | None = None
    cores: Annotated[int, Meta(ge=1, le=4096)] | None = None
    mhz: Positive | None = None
    memory_mib: Annotated[int, Meta(ge=256, le=0x7FFF_FFFF)] | None = None
    disk: Line | None = None
    network: Line | None = None
    system: Line | None = None
    kernel: Line | None = None
    account: list[Account] | None = None


class Bmc(Table):
    """``[[bmc]]``: one BMC, or with ``count`` several alike."""

    name: Name
    count: Annotated[int, Meta(ge=1, le=65_536)] = 1
    makeup: Literal["rack", "blade", "veteran"] | None = None
    strict: bool = False
    reveal_login_errors: bool = False
    max_users: Annotated[int, Meta(ge=2, le=63)] | None = None
    sel_capacity: Annotated[int, Meta(ge=16, le=0xFFFE)] | None = None
    sdr_capacity: Annotated[int, Meta(ge=1024, le=0x10000)] | None = None
    identity: Identity = field(default_factory=Identity)
    lan: Lan = field(default_factory=Lan)
    host: Host = field(default_factory=Host)
    dcmi: Dcmi = field(default_factory=Dcmi)
    interface: Interface = field(default_factory=Interface)
    sol: Sol = field(default_factory=Sol)
    serial: Serial | None = None
    pef: Pef = field(default_factory=Pef)
    firewall: Firewall = field(default_factory=Firewall)
    user: list[User] = []
    fru: list[Fru] = []
    sensor: list[Sensor] = []
    ipmb: Ipmb = field(default_factory=Ipmb)
    neighbor: list[Neighbor] = []
    satellite: Annotated[list[Satellite], Meta(max_length=64)] = []
    icmb: Icmb | None = None
    hpm: Hpm = field(default_factory=Hpm)
    picmg: Picmg | None = None
    vita: Vita | None = None
    association: list[Association] = []
    record: list[SdrRecord] = []


class File(Table):
    """The whole file."""

    bmc: Annotated[list[Bmc], Meta(min_length=1)]
    store: Annotated[str, Meta(min_length=1)] | None = None
