"""The controller itself: GUID encodings, self test, resets (§20, Table 20-10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.services.device import COLD_RESET_S, Device
from tests.bmc.fakes import BLUEPRINT
from tests.bmc.services.homes import make_home

# File 22's example: 00112233-4455-6677-8899-AABBCCDDEEFF in the three encodings that are met.
ENCODINGS = [
    ("ipmi", "ff ee dd cc bb aa 99 88 77 66 55 44 33 22 11 00"),
    ("smbios", "33 22 11 00 55 44 77 66 88 99 aa bb cc dd ee ff"),
    ("rfc4122", "00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff"),
]


@pytest.mark.parametrize(("encoding", "wire"), ENCODINGS)
def test_the_guid_goes_out_in_the_encoding_asked_for(encoding: str, wire: str) -> None:
    identity = replace(BLUEPRINT.identity, guid_encoding=encoding)  # type: ignore[arg-type]  # parametrized
    device = Device(make_home(identity=identity))
    assert device.guid() == device.device_guid() == bytes.fromhex(wire)


def test_the_controller_may_have_a_guid_of_its_own() -> None:
    device = Device(make_home(identity=replace(BLUEPRINT.identity, device_guid=bytes(range(16)))))
    assert device.device_guid() == bytes(range(16))[::-1]
    assert device.device_guid() != device.guid()


def test_a_reset_comes_after_its_answer_and_a_cold_one_brings_defaults_back() -> None:
    home = make_home()
    device = Device(home)
    resets: list[bool] = []
    device.on_reset.append(resets.append)
    device.manufacturing = True
    device.reset(cold=False)
    assert resets == []
    home.clock.advance(0.1)
    assert resets == [False]
    assert device.manufacturing
    device.reset(cold=True)
    home.clock.advance(0.1)
    assert resets == [False, True]
    assert (device.manufacturing, device.initializing) == (False, True)
    home.clock.advance(COLD_RESET_S)
    assert not device.initializing


def test_the_last_of_several_resets_counts_and_initialization_ends_all_the_same() -> None:
    home = make_home()
    device = Device(home)
    resets: list[bool] = []
    device.on_reset.append(resets.append)
    device.reset(cold=False)
    device.reset(cold=True)
    home.clock.advance(COLD_RESET_S / 2)
    assert resets == [True]
    device.reset(cold=True)
    home.clock.advance(COLD_RESET_S / 2)
    device.reset(cold=False)
    home.clock.advance(COLD_RESET_S / 4)
    assert resets == [True, True, False]
    assert device.initializing
    home.clock.advance(COLD_RESET_S)
    assert not device.initializing


def test_a_stopped_controller_does_not_reset() -> None:
    home = make_home()
    device = Device(home)
    resets: list[bool] = []
    device.on_reset.append(resets.append)
    device.reset(cold=True)
    device.stop()
    home.clock.advance(5)
    assert resets == []
