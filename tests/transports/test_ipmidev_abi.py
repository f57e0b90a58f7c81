"""The numbers and structures of Linux's IPMI device, against those of ``linux/ipmi.h``."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from baseboard.errors import EncodeError, TruncatedError
from baseboard.transports import ipmidev_abi
from baseboard.transports.ipmidev_abi import (
    NATIVE,
    Abi,
    AddressType,
    DeviceAddress,
    Received,
    ReceiveType,
    pack_address,
    pack_channel_value,
    pack_command,
    pack_switch,
    unpack_address,
    unpack_channel_value,
    unpack_command,
)
from tests.records.vectors import entry

VALUES: dict[str, Any] = entry("linux", "ioctl_values")["decoded"]
WORDS = [pytest.param(8, VALUES["lp64"], id="lp64"), pytest.param(4, VALUES["ilp32"], id="ilp32")]


@pytest.mark.parametrize(("word", "known"), WORDS)
def test_the_numbers_are_those_of_the_header(word: int, known: dict[str, Any]) -> None:
    assert Abi(word).numbers == {name: int(value, 16) for name, value in known["ioctls"].items()}


@pytest.mark.parametrize(("word", "known"), WORDS)
def test_the_structures_have_the_headers_sizes_and_offsets(word: int, known: dict[str, Any]) -> None:
    abi, sizes = Abi(word), known["sizeof"]
    assert abi.message.size == sizes["ipmi_msg"]
    assert abi.request.size == sizes["ipmi_req"]
    assert abi.timed_request.size == sizes["ipmi_req_settime"]
    assert abi.received.size == sizes["ipmi_recv"]
    assert len(pack_channel_value(0, 0)) == sizes["ipmi_channel_lun_address_set"]
    raw = abi.pack_request(0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99)
    offsets = {
        field: raw.index(value) for field, value in [("addr", 0x11), ("addr_len", 0x22), ("msgid", 0x33)]
    }
    assert {**offsets, "msg": raw.index(0x44)} == known["offsets"]["ipmi_req"]
    message = {"netfn": 0x44, "cmd": 0x55, "data": 0x66, "data_len": 0x77}
    start = raw.index(0x44)
    assert {name: raw.index(value) - start for name, value in message.items()} == known["offsets"]["ipmi_msg"]
    timed = known["offsets"]["ipmi_req_settime"]
    assert timed == {"req": 0, "retries": raw.index(0x88), "retry_time_ms": raw.index(0x99)}
    into = abi.pack_receive(0x11, 0x22, 0x66, 0x77)
    where = known["offsets"]["ipmi_recv"]
    assert (into.index(0x11), into.index(0x22)) == (where["addr"], where["addr_len"])
    assert into.index(0x66) == where["msg"] + known["offsets"]["ipmi_msg"]["data"]


def test_the_native_interface_is_that_of_this_program() -> None:
    assert NATIVE.received.size == 24 + 3 * ctypes.sizeof(ctypes.c_void_p) * (
        ctypes.sizeof(ctypes.c_void_p) == 8
    )


@pytest.mark.parametrize("word", [4, 8])
def test_what_the_driver_wrote_is_read(word: int) -> None:
    abi = Abi(word)
    raw = abi.received.pack(ReceiveType.RESPONSE, 0x1000, 8, 77, 7, 1, 16, 0x2000)
    assert abi.unpack_receive(raw) == Received(1, 8, 77, 7, 1, 16)
    assert abi.unpack_receive(abi.pack_receive(1, 40, 2, 1024)) == Received(0, 40, 0, 0, 0, 1024)


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(EncodeError, match="ipmi_req_settime"):
        NATIVE.pack_request(0, 0, 0, 0x100, 0, 0, 0, 0, 0)
    with pytest.raises(EncodeError, match="address of type 01h"):
        pack_address(DeviceAddress(AddressType.IPMB, 0, 0, 0x100))


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (DeviceAddress(AddressType.SYSTEM_INTERFACE, 0xF, 2), (0x0C, 0xF, 2, 0)),
        (DeviceAddress(AddressType.IPMB, 7, 1, 0x82), (0x01, 7, 0x82, 1)),
        (DeviceAddress(AddressType.IPMB_BROADCAST, 0, 0, 0x32), (0x41, 0, 0x32, 0)),
    ],
)
def test_addresses_go_and_come_back(address: DeviceAddress, fields: tuple[int, ...]) -> None:
    assert pack_address(address) == struct.pack("=ihBB", *fields)
    assert unpack_address(pack_address(address)) == address


def test_an_address_of_another_kind_is_only_named() -> None:
    lan = DeviceAddress(AddressType.LAN, 1, 0)
    with pytest.raises(EncodeError, match="type 04h"):
        pack_address(lan)
    assert unpack_address(struct.pack("=ihBBBBB", 4, 1, 4, 1, 0x81, 0x20, 3)) == lan
    with pytest.raises(TruncatedError, match="7 bytes"):
        unpack_address(bytes(7))


def test_a_channels_value_goes_and_comes_back() -> None:
    assert pack_channel_value(7, 0x82) == struct.pack("=HBB", 7, 0x82, 0)
    assert unpack_channel_value(pack_channel_value(7, 0x82)) == (7, 0x82)


def test_the_types_of_messages_are_the_headers() -> None:
    assert [kind.name for kind in ReceiveType] == [
        "RESPONSE",
        "ASYNC_EVENT",
        "COMMAND",
        "RESPONSE_RESPONSE",
        "OEM",
    ]
    assert ipmidev_abi.BMC_CHANNEL == 0xF


def test_commands_that_are_registered_for_go_and_come_back() -> None:
    assert pack_command(0x30, 1) == bytes((0x30, 1))
    assert pack_command(0x30, 1, 0b110) == struct.pack("=III", 0x30, 1, 0b110)
    assert unpack_command(pack_command(0x30, 1)) == (0x30, 1, None)
    assert unpack_command(pack_command(0x30, 1, 0b110)) == (0x30, 1, 0b110)
    with pytest.raises(EncodeError, match="ipmi_cmdspec"):
        pack_command(0x100, 1)


def test_a_switch_is_an_int() -> None:
    assert (pack_switch(True), pack_switch(False)) == (struct.pack("=i", 1), struct.pack("=i", 0))
