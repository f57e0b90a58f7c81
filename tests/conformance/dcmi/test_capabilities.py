"""Get DCMI Capabilities Info, who may use which command, and BMCs without DCMI (DCMI 1.5, 6.1.1, 5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import DcmiSpec
from baseboard.commands.declaration import commands
from baseboard.commands.groups.dcmi import GetDcmiCapabilitiesInfo
from baseboard.rmcp import asf
from tests.bmc.harness import make_bmc
from tests.conformance.bench import ELSEWHERE, WholeBmc, bench
from tests.conformance.dcmi.platform import (
    BLADE,
    DCMI,
    GROUP,
    RACK,
    VETERAN,
    platform,
)
from tests.conformance.marks import exercises

LEVELS = {
    "Get DCMI Capabilities Info": 0, "Get Power Reading": 2, "Get Power Limit": 2, "Set Power Limit": 3,
    "Activate/Deactivate Power Limit": 3, "Get Asset Tag": 2, "Get DCMI Sensor Info": 3, "Set Asset Tag": 3,
    "Get Management Controller Identifier String": 2, "Set Management Controller Identifier String": 4,
    "Set Thermal Limit": 3, "Get Thermal Limit": 2, "Get Temperature Readings": 2,
    "Set DCMI Configuration Parameters": 4, "Get DCMI Configuration Parameters": 2,
}  # fmt: skip
OURS = [one for one in commands() if one.group == DCMI[0]]


def test_5_all_fifteen_commands_are_there() -> None:
    assert {one.name for one in OURS} == set(LEVELS)


@exercises(GetDcmiCapabilitiesInfo)
@pytest.mark.parametrize("kind", [RACK, BLADE])
def test_6_1_1_what_the_platform_has(kind: int) -> None:
    bmc = platform(kind)
    version = b"\0\xdc\x01\x05\x02"
    # power management; in-band access, and neither a second LAN channel nor a serial one
    assert bmc.dcmi(0x01, "01") == version + bytes((0, 1, 1))
    # a log that refuses entries when it is full, and how many it takes; sampled each second
    entries = bmc.blueprint.sel_capacity.to_bytes(2, "little")
    assert bmc.dcmi(0x01, "02") == version + entries + bytes((0, 0, 1))
    # the BMC itself manages the power: 20h on channel 0, its own revision
    assert bmc.dcmi(0x01, "03") == version + bytes((0x20, bmc.blueprint.identity.device_revision))
    assert bmc.dcmi(0x01, "04") == version + b"\x01\xff\xff"
    assert bmc.dcmi(0x01, "05") == version + bytes.fromhex("09 05 0f 1e 41 43 47 4f 5e 81")


def test_6_1_1_there_are_five_parameters() -> None:
    bmc = platform()
    for selector in (0, 6, 0x80, 0xFF):
        assert bmc.dcmi(0x01, f"{selector:02x}") == b"\xc9"


@exercises(GetDcmiCapabilitiesInfo)
def test_6_1_1_without_a_meter_there_is_no_power_management() -> None:
    bmc = make_bmc(dcmi=DcmiSpec())
    assert bmc.raw(GROUP, 0x01, b"\xdc\x01")[5:] == bytes((0, 0, 1))
    assert bmc.raw(GROUP, 0x01, b"\xdc\x05") == b"\xcb"
    for cmd, size in ((0x02, 3), (0x03, 2), (0x04, 14), (0x05, 3)):
        assert bmc.raw(GROUP, cmd, DCMI + bytes(size)) == b"\xc1"
    assert bmc.raw(GROUP, 0x06, b"\xdc\0\0") == b"\0\xdc\0", "what needs no meter is there"


def whole(**changes: object) -> WholeBmc:
    bmc = bench()
    dcmi = replace(bmc.blueprint, dcmi=DcmiSpec(meter="any"), **changes)  # type: ignore[arg-type]  # named fields
    return WholeBmc(dcmi, bmc.store, bmc.clock)


@exercises(GetDcmiCapabilitiesInfo)
@pytest.mark.parametrize("version", [15, 20])
def test_6_1_1_anybody_may_ask_before_a_login(version: int) -> None:
    bmc = whole()
    console = bmc.v15() if version == 15 else bmc.v20()
    answer = console.ask_outside(GROUP, 0x01, b"\xdc\x01")
    assert answer == bytes.fromhex("00 dc 01 05 02 00 01 01")
    assert console.ask_outside(GROUP, 0x01, b"\x00\x01") is None, "of no other group"
    assert console.ask_outside(GROUP, 0x06, b"\xdc\0\0") is None


@pytest.mark.parametrize("one", OURS, ids=lambda one: one.name)
def test_table_5_1_levels(one: object) -> None:
    bmc = platform()
    name, cmd = one.name, one.cmd  # type: ignore[attr-defined]  # a command
    for level in range(1, 5):
        code = bmc.dcmi(cmd, "00" * 40, privilege=level)[0]
        assert (code == 0xD4) == (level < LEVELS[name]), f"level {level}"
    assert bmc.dcmi(cmd, "00" * 40)[0] != 0xD4, "the system interface needs none"


@pytest.mark.parametrize("one", OURS, ids=lambda one: one.name)
def test_5_a_controller_without_dcmi_knows_none_of_it(one: object) -> None:
    bmc = platform(VETERAN)
    for size in (0, 1, 3, 20):
        assert bmc.dcmi(one.cmd, "00" * size) == b"\xc1"  # type: ignore[attr-defined]  # a command
        assert bmc.dcmi(one.cmd, "00" * size, privilege=1) == b"\xc1"  # type: ignore[attr-defined]  # a command


@pytest.mark.parametrize("body", [0x00, 0x01, 0xDB, 0xDD, 0xFF])
def test_5_another_defining_body_is_another_command(body: int) -> None:
    bmc = platform()
    assert bmc.raw(GROUP, 0x01, bytes((body, 1))) == b"\xc1"
    assert bmc.raw(GROUP, 0x01, b"") == b"\xc1"


def test_3_a_presence_pong_names_dcmi() -> None:
    bmc = whole()
    (answer,) = bmc.carry(asf.Ping(7).encode(), ELSEWHERE)
    pong = asf.decode(answer)
    assert isinstance(pong, asf.Pong)
    assert (pong.iana, pong.oem_defined, pong.entities, pong.interactions) == (36465, bytes(4), 0x81, 0)
    (answer,) = bench().carry(asf.Ping(7).encode(), ELSEWHERE)
    pong = asf.decode(answer)
    assert isinstance(pong, asf.Pong)
    assert pong.iana == 4542, "without DCMI there are no OEM-defined bytes"


@pytest.mark.as_it_comes
def test_strict_controllers_refuse_what_is_reserved() -> None:
    bmc, strict = platform(), platform(strict=True)
    for cmd, data in (
        (0x03, "01 00"),
        (0x04, "01 00 00 00 c8 00 10 27 00 00 00 00 3c 00"),
        (0x05, "01 80 00"),
    ):
        assert strict.dcmi(cmd, data) == b"\xcc"
        assert bmc.dcmi(cmd, data)[0] in (0x00, 0x80)
