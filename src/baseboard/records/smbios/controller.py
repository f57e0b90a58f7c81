"""What SMBIOS tells of management: types 38 and 42, the BMC and its interface, and 39, power supplies.

Type 38 is the specification's own, Table C1-1; the others are DSP0134 §7.40 and §7.43.
"""

from __future__ import annotations

from typing import Final, Literal

from baseboard.errors import DecodeError, EncodeError
from baseboard.records.smbios.machine import NO_HANDLE
from baseboard.records.smbios.structure import Body
from baseboard.wire import BCD, OpenEnum, Record, at

InterfaceKind = Literal["kcs", "smic", "bt", "ssif"]

NOT_THERE: Final = 0xFF
UNKNOWN_CAPACITY: Final = 0x8000
SPACINGS: Final = {1: 0, 4: 1, 16: 2}
"""Bytes from one register to the next, and the code for it (Table C1-1)."""

USUAL_ADDRESSES: Final[dict[InterfaceKind, int]] = {"kcs": 0xCA2, "smic": 0xCA9, "bt": 0xE4, "ssif": 0x10}
"""Where software looks when nothing tells it (§9.3, §10.2, §11.2, §12.2): I/O ports; SSIF 7 bits."""


class IpmiInterface(OpenEnum):
    """System interfaces (Table C1-1)."""

    UNKNOWN = 0
    KCS = 1
    SMIC = 2
    BT = 3
    SSIF = 4


@Body.of(38)
class IpmiDevice(Body):
    """Where the BMC is (type 38, Table C1-1)."""

    interface_type: IpmiInterface = at("4")
    specification: str = at("5", 'two digits: "20" is 2.0', codec=BCD, default="20")
    slave_address: int = at("6", "of the BMC, 8 bits", default=0x20)
    nv_storage_address: int = at("7", "FFh = none", default=NOT_THERE)
    base_address: int = at("8:15", "bit 0: in I/O space; SSIF: slave address in 8 bits")
    register_spacing: int | None = at("16[7:6]", "0 bytes, 1 32 bits, 2 16 bytes", default=0)
    reserved_5: bool | None = at("16[5]", default=False)
    low_bit: bool | None = at("16[4]", "bit 0 of the base address", default=False)
    interrupt_specified: bool | None = at("16[3]", default=False)
    reserved_2: bool | None = at("16[2]", default=False)
    active_high: bool | None = at("16[1]", default=False)
    level: bool | None = at("16[0]", "the interrupt is level triggered, not by edges", default=False)
    interrupt: int | None = at("17", "0 = unspecified", default=0)
    rest: bytes = at("18:", default=b"")

    @classmethod
    def at_place(
        cls,
        kind: InterfaceKind,
        address: int | None = None,
        *,
        io: bool = True,
        spacing: int = 1,
        interrupt: int = 0,
        active_high: bool = True,
        level: bool = False,
        slave_address: int = 0x20,
        nv_storage_address: int = NOT_THERE,
    ) -> IpmiDevice:
        """Describe a BMC.

        Args:
            kind: of interface.
            address: of the first register; of SSIF the slave address, 7 bits; None = the usual one.
            io: the registers are in I/O space, not memory; of no meaning with SSIF.
            spacing: bytes from one register to the next: 1, 4 or 16.
            interrupt: its number; 0 = none.

        Raises:
            EncodeError: there is no such interface or spacing, or the address does not fit.
        """
        if kind not in USUAL_ADDRESSES or spacing not in SPACINGS:
            raise EncodeError(
                f"{kind} with registers {spacing} bytes apart; there are 1, 4 and 16 (Table C1-1)"
            )
        place = USUAL_ADDRESSES[kind] if address is None else address
        low_bit = kind != "ssif" and bool(place & 1)
        base = place << 1 if kind == "ssif" else place & ~1 | io
        if place < 0 or (kind == "ssif" and place > 0x7F):
            raise EncodeError(f"address {place:#x}: {kind} has none such (Table C1-1)")
        return cls(
            interface_type=IpmiInterface[kind.upper()],
            slave_address=slave_address,
            nv_storage_address=nv_storage_address,
            base_address=base,
            register_spacing=SPACINGS[spacing],
            low_bit=low_bit,
            interrupt_specified=bool(interrupt),
            active_high=bool(interrupt) and active_high,
            level=bool(interrupt) and level,
            interrupt=interrupt,
        )

    @property
    def kind(self) -> InterfaceKind | None:
        """The interface in a word; None for one that nobody knows."""
        kinds: dict[int, InterfaceKind] = {1: "kcs", 2: "smic", 3: "bt", 4: "ssif"}
        return kinds.get(self.interface_type)

    @property
    def io(self) -> bool:
        """The registers are in I/O space."""
        return self.interface_type != IpmiInterface.SSIF and bool(self.base_address & 1)

    @property
    def address(self) -> int:
        """Of the first register; of SSIF the slave address, 7 bits."""
        if self.interface_type == IpmiInterface.SSIF:
            return self.base_address >> 1 & 0x7F
        return self.base_address & ~1 | bool(self.low_bit)

    @property
    def spacing(self) -> int:
        """Bytes from one register to the next; 1 where that is not told."""
        return {0: 1, 1: 4, 2: 16}.get(self.register_spacing or 0, 1)

    @property
    def irq(self) -> int | None:
        """Number of the interrupt; None where there is none.

        QUIRK QEMU: writes a number and does not set bit 3, which says that there is one.
        """
        return self.interrupt or None


class SupplyType(OpenEnum):
    """Kinds of power supplies (DSP0134)."""

    OTHER = 1
    UNKNOWN = 2
    LINEAR = 3
    SWITCHING = 4
    BATTERY = 5
    UPS = 6
    CONVERTER = 7
    REGULATOR = 8


class SupplyStatus(OpenEnum):
    """How a power supply is (DSP0134)."""

    OTHER = 1
    UNKNOWN = 2
    OK = 3
    NON_CRITICAL = 4
    CRITICAL = 5


class RangeSwitching(OpenEnum):
    """How a power supply takes to another input voltage (DSP0134)."""

    OTHER = 1
    UNKNOWN = 2
    MANUAL = 3
    AUTOMATIC = 4
    WIDE_RANGE = 5
    NOT_APPLICABLE = 6


@Body.of(39)
class SystemPowerSupply(Body):
    """A power supply (type 39)."""

    TEXTS = (
        "location", "device_name", "manufacturer", "serial_number", "asset_tag", "part_number", "revision",
    )  # fmt: skip

    unit_group: int = at("4", "supplies of one number are redundant; 0 = in no group", default=0)
    location: int = at("5", "string", default=0)
    device_name: int = at("6", "string", default=0)
    manufacturer: int = at("7", "string", default=0)
    serial_number: int = at("8", "string", default=0)
    asset_tag: int = at("9", "string", default=0)
    part_number: int = at("10", "string", default=0)
    revision: int = at("11", "string", default=0)
    capacity: int = at("12:13", "watts; 8000h = unknown", default=UNKNOWN_CAPACITY)
    reserved: int = at("14:15[15:14]", default=0)
    supply_type: SupplyType = at("14:15[13:10]", default=SupplyType.UNKNOWN)
    status: SupplyStatus = at("14:15[9:7]", default=SupplyStatus.UNKNOWN)
    range_switching: RangeSwitching = at("14:15[6:3]", default=RangeSwitching.UNKNOWN)
    unplugged: bool = at("14:15[2]", "from the wall", default=False)
    present: bool = at("14:15[1]", default=True)
    hot_replaceable: bool = at("14:15[0]", default=False)
    voltage_probe: int | None = at("16:17", "handle of type 26", default=NO_HANDLE)
    cooling_device: int | None = at("18:19", "handle of type 27", default=NO_HANDLE)
    current_probe: int | None = at("20:21", "handle of type 29", default=NO_HANDLE)
    rest: bytes = at("22:", default=b"")


class HostInterfaceType(OpenEnum):
    """Ways from the host to a management controller (DSP0134, DSP0239)."""

    KCS = 0x02
    UART_8250 = 0x03
    UART_16450 = 0x04
    UART_16550 = 0x05
    UART_16650 = 0x06
    UART_16750 = 0x07
    UART_16850 = 0x08
    NETWORK = 0x40
    OEM = 0xF0


class HostProtocolType(OpenEnum):
    """What is spoken over them (DSP0134)."""

    IPMI = 0x02
    MCTP = 0x03
    REDFISH = 0x04
    OEM = 0xF0


class HostProtocol(Record):
    """One protocol of a host interface."""

    protocol: HostProtocolType = at("1")
    length: int = at("2", default=0)
    data: bytes = at("3:", "the protocol's own", count="length", default=b"")


class DeviceType(OpenEnum):
    """What a network host interface is on (DSP0270)."""

    USB = 2
    PCI = 3
    USB_V2 = 4
    PCI_V2 = 5


@Body.of(42)
class HostInterface(Body):
    """A host interface of a management controller, as SMBIOS 3.2 and later have it (type 42)."""

    interface: HostInterfaceType = at("4")
    length: int = at("5", default=0)
    data: bytes = at("6:", "the interface's own; a network: its device type first", count="length")
    protocols: bytes = at("+1:", "their number, then each", default=b"\0")

    @classmethod
    def of_ipmi(cls, device: IpmiDevice) -> HostInterface | None:
        """What type 42 can say of a BMC: a KCS, and that IPMI is spoken; None for other interfaces.

        DSP0134 leaves what stands in the data of a KCS to others. It is given the bytes of Table C1-1 from
        the base address on, which tell the same.
        """
        if device.interface_type != IpmiInterface.KCS:
            return None
        data = device.encode()[4:14]
        spoken = HostProtocol(protocol=HostProtocolType.IPMI).encode()
        return cls(interface=HostInterfaceType.KCS, length=len(data), data=data, protocols=b"\x01" + spoken)

    @property
    def spoken(self) -> tuple[HostProtocol, ...]:
        """The protocols, as far as they are whole."""
        found: list[HostProtocol] = []
        left = self.protocols[1:]
        for _ in range(self.protocols[0] if self.protocols else 0):
            try:
                one = HostProtocol.decode(left, exact=False)
            except DecodeError:
                break
            found.append(one)
            left = left[2 + one.length :]
        return tuple(found)

    @property
    def device(self) -> DeviceType | None:
        """What a network is on; None for other interfaces, and where it is not told."""
        if self.interface != HostInterfaceType.NETWORK or not self.data:
            return None
        return DeviceType(self.data[0])
