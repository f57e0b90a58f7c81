"""Serial/modem parameters as shipped (Table 25-4)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL, CallbackSpec, SerialSpec
from baseboard.bmc.services.serial_defaults import BLOCK, BLOCKS, ROOM, SETS, default_parameter
from baseboard.commands.parameters.serial import SerialParameter

SPEC = SerialSpec(
    phone="5550100", callbacks=(CallbackSpec(2, "5550142"), CallbackSpec(0, "5550143", ppp=True))
)


def shipped(selector: int, set_selector: int = 0, block: int = 1) -> bytes:
    parameter = default_parameter(selector, set_selector, block, SPEC)
    assert parameter is not None
    return parameter.encode()


@pytest.mark.parametrize("selector", sorted(set(SerialParameter.members()) - {0, 29}))
def test_every_parameter_has_a_default_that_reads_back(selector: int) -> None:
    """But for Set In Progress, which is not kept."""
    data = shipped(selector, 1)
    member = SerialParameter.members()[selector]
    assert member.decode(data, True).encode() == data
    head = (selector in SETS) + (selector in BLOCKS)
    if selector in ROOM:
        assert len(data) == head + ROOM[selector]


def test_there_is_no_other_parameter() -> None:
    for selector in (55, 191, 192, 255):
        assert default_parameter(selector, 0, 1, SPEC) is None


@pytest.mark.parametrize(
    ("selector", "set_selector", "data"),
    [
        (1, 0, "17"),
        (2, 0, "1414141414"),
        (3, 0, "85"),
        (4, 0, "02"),
        (6, 0, "03"),
        (7, 0, "0007"),
        (8, 0, "1e00"),
        (11, 0, "2b2b2b0000"),
        (12, 0, "4154480000000000"),
        (13, 0, "4154440000000000"),
        (15, 0, "7075626c6963000000000000000000000000"),
        (28, 1, "0100504731ffffffff1134133333"),
        (31, 0, "6f02"),
        (32, 0, "9802"),
        (50, 0, "1f"),
    ],
)
def test_25_4_defaults_that_the_table_gives(selector: int, set_selector: int, data: str) -> None:
    assert shipped(selector, set_selector).hex() == data


def test_destinations_begin_with_whom_the_bmc_calls_back() -> None:
    assert shipped(17, 1) == bytes.fromhex("01 03 04 00 10")
    assert shipped(17, 2) == bytes.fromhex("02 04 04 00 02")
    assert shipped(17, 3) == bytes.fromhex("03 00 04 00 00")
    assert shipped(21, 1) == b"\x01\x01" + b"5550142".ljust(BLOCK, b"\0")
    assert shipped(21, 1, 2) == b"\x01\x02" + bytes(BLOCK)
    assert shipped(21, 3) == b"\x03\x01" + bytes(BLOCK)
    # The one that is nobody's in particular is the channel's.
    assert shipped(5) == bytes.fromhex("01 00 02 ff ff")
    assert shipped(49) == b"\x01" + b"5550100".ljust(BLOCK, b"\0")


def test_modes_sharing_and_speed_are_as_the_blueprint_says() -> None:
    spec = SerialSpec(modes=BASIC | PPP | TERMINAL, direct=False, sharing=True, bit_rate=10)
    found = [default_parameter(number, 1, 1, spec) for number in (3, 8, 7, 19)]
    assert [one.encode().hex() for one in found if one] == ["07", "1e08", "000a", "01000a"]


def test_51_one_way_leads_by_the_bmc_and_one_past_it() -> None:
    assert shipped(51, 0) == bytes.fromhex("00 21 c1")
    assert shipped(51, 1) == bytes.fromhex("01 01 01")
    assert shipped(52, 1)[1:] == b"Serial A".ljust(16, b"\0")
    assert shipped(53, 1)[1:] == b"COM1".ljust(16, b"\0")
    assert shipped(52, 0)[1:] == shipped(53, 0)[1:] == bytes(16)
