"""SDR types 13h, 14h and C0h."""

from __future__ import annotations

from baseboard.records.sdr.controllers import (
    NO_INTERRUPT,
    NO_LUN,
    BmcMessageChannelInfoRecord,
    ManagementControllerConfirmationRecord,
    MessageChannel,
    MessageProtocol,
    OemRecord,
)
from tests.records.vectors import vector


def test_a_confirmed_controller() -> None:
    raw, decoded = vector("sdr", "mc_confirmation")
    record = ManagementControllerConfirmationRecord.decode(raw)
    assert record.slave_address == int(decoded["slave"], 16)
    assert (record.device_id, record.channel) == (decoded["device_id"], decoded["channel"])
    assert record.device_revision == decoded["revision"]
    assert f"{record.firmware_major}.{record.firmware_minor}" == decoded["fw"]
    assert f"{record.ipmi_version & 0xF}.{record.ipmi_version >> 4}" == decoded["ipmi"]
    assert record.manufacturer_id == decoded["manufacturer_20bit"]
    assert record.product_id == decoded["product"]
    # Bits 23-20 of the manufacturer are reserved; this device sets some.
    assert record.encode() == raw[:13] + bytes((raw[13] & 0x0F,)) + raw[14:]


def test_a_controller_of_which_little_is_known() -> None:
    record = ManagementControllerConfirmationRecord(slave_address=0x82, device_id=0x12)
    assert record.encode() == bytes.fromhex("0000 51 13 1B 82 12 00 00 00 02 FFFF0F FFFF") + bytes(16)


def test_message_channels() -> None:
    first = MessageChannel(transmit=True, receive_lun=2, protocol=MessageProtocol.IPMB)
    record = BmcMessageChannelInfoRecord(channels=(first, *(MessageChannel(),) * 7))
    assert record.encode() == bytes.fromhex("0000 01 14 0B A1 70707070707070 FF FF 00")
    assert BmcMessageChannelInfoRecord.decode(record.encode()) == record
    assert record.channels[1].receive_lun == NO_LUN
    assert record.messaging_interrupt == record.event_buffer_interrupt == NO_INTERRUPT


def test_a_makers_own() -> None:
    record = OemRecord(manufacturer_id=674, data=b"\x01\x02")
    assert record.encode() == bytes.fromhex("0000 51 C0 05 A20200 0102")
    assert OemRecord.decode(record.encode()) == record
