"""Get Device ID: with and without the maker's own bytes (§20.1)."""

from __future__ import annotations

from baseboard.commands.app import device
from baseboard.commands.app.device_id import DeviceSupport, GetDeviceId, GetDeviceIdResponse
from tests.commands.lengths import takes


def test_device_id_comes_with_or_without_auxiliary_firmware() -> None:
    short = GetDeviceIdResponse.decode(bytes(11))
    assert short.aux_firmware is None
    assert len(short.encode()) == 11
    assert GetDeviceIdResponse.decode(bytes(15)).aux_firmware == bytes(4)


def test_what_it_supports_is_a_set_of_devices() -> None:
    data = bytes.fromhex("20 01 02 10 02 81 a27c2a 0102")
    answer = GetDeviceIdResponse.decode(data)
    assert answer.support == DeviceSupport.SENSOR | DeviceSupport.CHASSIS
    assert (answer.firmware_major, answer.firmware_minor) == (2, "10")
    assert answer.encode() == data


def test_the_request_is_empty_and_one_of_the_device_commands() -> None:
    takes(GetDeviceId, 0)
    assert device.GetDeviceId is GetDeviceId
