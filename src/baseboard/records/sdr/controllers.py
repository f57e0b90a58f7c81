"""SDR types 13h, 14h and C0h: controllers found, message channels, makers' own (Tables 43-9 to 43-11)."""

from __future__ import annotations

from baseboard.codes import SdrType
from baseboard.records.sdr.record import Sdr
from baseboard.wire import BCD, OpenEnum, Record, at

NO_LUN = 7
"""Receive LUN of a channel whose messages cannot be received."""

NO_INTERRUPT = 0xFF


@Sdr.of(SdrType.MANAGEMENT_CONTROLLER_CONFIRMATION)
class ManagementControllerConfirmationRecord(Sdr):
    """A controller as it was when the system was last looked over (Table 43-9)."""

    length: int = at("5", default=0x1B)
    slave_address: int = at("6")
    device_id: int = at("7")
    channel: int = at("8[7:4]", default=0)
    device_revision: int = at("8[3:0]", default=0)
    firmware_major: int = at("9[6:0]", default=0)
    firmware_minor: str = at("10", codec=BCD, default="00")
    ipmi_version: int = at("11", "51h = 1.5, 02h = 2.0", default=0x02)
    manufacturer_id: int = at("12:14[19:0]", "FFFFFh = not to be compared", default=0xFFFFF)
    product_id: int = at("15:16", "FFFFh = not to be compared", default=0xFFFF)
    device_guid: bytes = at("17:32", "as Get Device GUID gives it; zeros if it has none", default=bytes(16))


class MessageProtocol(OpenEnum):
    """What a channel of this record speaks; these are not the numbers of Get Channel Info (Table 43-10)."""

    ABSENT = 0
    IPMB = 1
    ICMB_1_0 = 2
    ICMB_0_9 = 3
    SMBUS = 4
    SYSTEM_FORMAT = 5


class MessageChannel(Record):
    """One channel of the BMC as IPMI 1.0 described them (Table 43-10)."""

    transmit: bool = at("1[7]", "Send Message works", default=False)
    receive_lun: int = at("1[6:4]", "7 = none", default=NO_LUN)
    protocol: MessageProtocol = at("1[3:0]", default=MessageProtocol.ABSENT)


@Sdr.of(SdrType.BMC_MESSAGE_CHANNEL_INFO)
class BmcMessageChannelInfoRecord(Sdr):
    """The BMC's channels 0 to 7 (Table 43-10); Get Channel Info has taken its place."""

    sdr_version: int = at("3", "stays at 01h", default=0x01)
    length: int = at("5", default=0x0B)
    channels: tuple[MessageChannel, ...] = at("6:13", "0 to 7", default=(MessageChannel(),) * 8)
    messaging_interrupt: int = at(
        "14", "00h-0Fh IRQ, 10h-13h PCI, 14h SMI, 15h SCI; FFh = none", default=NO_INTERRUPT
    )
    event_buffer_interrupt: int = at("15", "likewise", default=NO_INTERRUPT)

    _last = 16


@Sdr.of(SdrType.OEM)
class OemRecord(Sdr):
    """A maker's own (Table 43-11); 64 bytes at most with the header."""

    manufacturer_id: int = at("6:8", "IANA enterprise number")
    data: bytes = at("9:", count="length-3", default=b"")
