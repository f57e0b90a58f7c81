"""What the host's system interface carries (§22.9, §22.10)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint import InterfaceSpec
from baseboard.commands.app.channels import GetChannelInfo
from baseboard.commands.app.messaging import GetBtInterfaceCapabilities, GetSystemInterfaceCapabilities
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.dcmi.platform import platform
from tests.conformance.marks import exercises

APP, CAPABILITIES, BT, CHANNEL_INFO = 0x06, 0x57, 0x36, 0x42
SSIF_TYPE, KCS_TYPE, SMIC_TYPE = range(3)
PROTOCOLS = {"kcs": 5, "smic": 6, "bt": 8, "ssif": 4}


def bmc_with(kind: str, **more: Any) -> Bench:
    return make_bmc(interface=InterfaceSpec(kind, **more))  # type: ignore[arg-type]  # one of four


def host(bmc: Bench, netfn: int, cmd: int, data: bytes = b"") -> bytes:
    """A request of the host's software, through the interface itself."""
    answers: list[bytes] = []
    bmc.backend.board.request(netfn, 0, cmd, data, answers.append)
    return answers[0]


@exercises(GetSystemInterfaceCapabilities)
@pytest.mark.parametrize(("kind", "number"), [("kcs", KCS_TYPE), ("smic", SMIC_TYPE)])
def test_22_9_kcs_and_smic_tell_the_longest_request(kind: str, number: int) -> None:
    assert bmc_with(kind).raw(APP, CAPABILITIES, bytes((number,))) == bytes((0, 0, 0, 255))
    assert bmc_with(kind, input_size=40).raw(APP, CAPABILITIES, bytes((number,))) == bytes((0, 0, 0, 40))


@exercises(GetSystemInterfaceCapabilities)
@pytest.mark.parametrize(
    ("sizes", "pec", "byte"),
    [((255, 255), True, 0x88), ((255, 255), False, 0x80), ((64, 64), True, 0x48), ((40, 38), False, 0x40)],
)
def test_22_9_ssif_tells_its_parts_packet_error_codes_and_both_sizes(
    sizes: tuple[int, int], pec: bool, byte: int
) -> None:
    bmc = bmc_with("ssif", input_size=sizes[0], output_size=sizes[1], pec=pec)
    assert bmc.raw(APP, CAPABILITIES, bytes((SSIF_TYPE,))) == bytes((0, 0, byte, *sizes))


@exercises(GetSystemInterfaceCapabilities)
def test_22_9_only_the_interface_that_there_is_has_capabilities() -> None:
    for kind, has in (("ssif", 0), ("kcs", 1), ("smic", 2), ("bt", None)):
        bmc = bmc_with(kind)
        for number in range(16):
            code = bmc.raw(APP, CAPABILITIES, bytes((number,)))[0]
            assert code == (0 if number == has else 0xCC)


@exercises(GetBtInterfaceCapabilities)
def test_22_10_bt_tells_its_sizes_and_patience() -> None:
    bmc = bmc_with("bt", outstanding=4, input_size=64, output_size=72, response_s=9, retries=3)
    assert bmc.raw(APP, BT) == bytes((0, 4, 64, 72, 9, 3))
    for kind in ("kcs", "smic", "ssif"):
        assert bmc_with(kind).raw(APP, BT) == b"\xc1"


@pytest.mark.parametrize(("kind", "number"), [("kcs", 1), ("smic", 2), ("ssif", 0), ("bt", None)])
def test_22_9_a_longer_request_is_refused(kind: str, number: int | None) -> None:
    bmc = bmc_with(kind, input_size=48)
    told = bmc.raw(APP, BT)[2] if number is None else bmc.raw(APP, CAPABILITIES, bytes((number,)))[3]
    room = told - (3 if kind == "bt" else 2)
    fits, longer = b"\x02\0" + bytes(room - 2), b"\x02\0" + bytes(room - 1)
    assert host(bmc, 0x0A, 0x12, fits) == b"\xcb", "no such FRU, but understood"
    assert host(bmc, 0x0A, 0x12, longer) == b"\xc8"


@exercises(GetSystemInterfaceCapabilities)
def test_22_9_a_longer_answer_is_never_given() -> None:
    bmc = platform(interface=InterfaceSpec("ssif", output_size=60))
    size = bmc.raw(APP, CAPABILITIES, b"\0")[4]
    assert size == 60
    # NetFn, command, completion code and the next record's ID go with the record
    assert len(bmc.raw(0x0A, 0x23, b"\0\0\x01\0\0\x37")) + 2 == size
    assert bmc.raw(0x0A, 0x23, b"\0\0\x01\0\0\x38") == b"\xca"


@exercises(GetChannelInfo)
@pytest.mark.parametrize("kind", PROTOCOLS)
def test_22_24_the_system_interface_channel_tells_its_protocol(kind: str) -> None:
    answer = bmc_with(kind).raw(APP, CHANNEL_INFO, b"\x0f")
    assert answer[1:4] == bytes((0x0F, 0x0C, PROTOCOLS[kind]))


def test_g_1_levels_and_lengths() -> None:
    bmc = bmc_with("bt")
    for cmd, data in ((CAPABILITIES, b"\1"), (BT, b"")):
        assert bmc.raw(APP, cmd, data, origin=bmc.origin(1, 1)) == b"\xd4"
        assert bmc.raw(APP, cmd, data, origin=bmc.origin(1, 2)) != b"\xd4"
        assert bmc.raw(APP, cmd, data + b"\0") == b"\xc7"
    assert bmc.raw(APP, CAPABILITIES) == b"\xc7"
