"""The SDRs that a controller keeps of its own sensors (§35.2-35.4)."""

from __future__ import annotations

from baseboard.commands import Interfaces
from baseboard.commands.sensor.device_sdr import (
    GetDeviceSdr,
    GetDeviceSdrInfo,
    GetDeviceSdrInfoResponse,
    ReserveDeviceSdrRepository,
)


def test_device_sdr_info_with_and_without_the_indicator() -> None:
    assert GetDeviceSdrInfo.decode(b"").count_sdrs is None
    assert GetDeviceSdrInfo.decode(b"\x01").count_sdrs
    assert GetDeviceSdrInfoResponse.decode(b"\x03\x05").population_change_indicator is None
    response = GetDeviceSdrInfoResponse.decode(bytes.fromhex("1281AABBCCDD"))
    assert response.dynamic_population
    assert response.population_change_indicator == 0xDDCCBBAA


def test_device_sdrs_are_for_local_interfaces() -> None:
    for request in (GetDeviceSdrInfo, GetDeviceSdr, ReserveDeviceSdrRepository):
        assert request.command.interfaces is Interfaces.LOCAL_INTERFACE_ONLY


def test_a_whole_device_sdr_is_read_by_default() -> None:
    assert GetDeviceSdr(record_id=2).encode() == bytes.fromhex("0000020000FF")
