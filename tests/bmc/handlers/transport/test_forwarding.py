"""Answers about command forwarding, byte for byte (§35b)."""

from __future__ import annotations

import pytest

from baseboard.bmc.context import Origin
from baseboard.bmc.services.bridging import received
from baseboard.rmcp import lan_message
from tests.bmc.bridges import NEAR, OTHER, SATELLITE, answer, chassis
from tests.bmc.handlers.checks import ADMINISTRATOR, at_least, check_lengths, check_level
from tests.bmc.harness import Bench, make_bmc

TRANSPORT = 0x0C
FORWARDED, SET, GET, ENABLE = 0x30, 0x31, 0x32, 0x33
GET_DEVICE_ID = "02" + "00" * 15
LAN = 1


def bench() -> Bench:
    return make_bmc(satellites=(SATELLITE,))


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(TRANSPORT, cmd, bytes.fromhex(data))


@pytest.mark.parametrize(("cmd", "lengths"), [(SET, at_least(19)), (GET, at_least(3)), (ENABLE, (2, 3, 4))])
def test_levels_and_lengths(cmd: int, lengths: range | tuple[int, ...]) -> None:
    check_level(bench(), TRANSPORT, cmd, ADMINISTRATOR)
    check_lengths(bench(), TRANSPORT, cmd, lengths, LAN)


def test_what_is_chosen_reads_back() -> None:
    bmc = bench()
    assert ask(bmc, GET, "01 06 00") == bytes(17)
    assert ask(bmc, SET, f"01 06 00 {GET_DEVICE_ID}") == b"\0"
    assert ask(bmc, GET, "01 06 00") == b"\0" + bytes.fromhex(GET_DEVICE_ID)
    assert ask(bmc, GET, "01 46 00") == bytes(17)
    assert ask(bmc, GET, "0f 06 00") == bytes(17)
    assert ask(bmc, SET, f"0e 6c 00 {'00' * 15}80 dc") == b"\0", "FFh of DCMI, on the channel itself"
    assert ask(bmc, GET, "0f 6c 00 dc")[-1] == 0x80


@pytest.mark.parametrize(
    ("cmd", "data"),
    [
        (GET, "00 06 00"),  # the IPMB
        (GET, "05 06 00"),  # no channel
        (GET, "01 07 00"),  # a network function of responses
        (GET, "01 86 00"),  # no such half
        (GET, "01 2c 00"),  # whose group extension?
        (GET, "01 06 00 dc"),  # nobody's in particular
        (SET, f"01 06 00 {'00' * 6}10{'00' * 9}"),  # Send Message
        (ENABLE, "01 01"),  # to whom?
        (ENABLE, "01 03 82"),
        (ENABLE, "01 01 20 00"),
        (ENABLE, "00 01 82 00"),
    ],
)
def test_what_makes_no_sense(cmd: int, data: str) -> None:
    assert ask(bench(), cmd, data) == b"\xcc"


def test_a_channel_forwards_or_not() -> None:
    bmc = bench()
    assert ask(bmc, ENABLE, "01 02") == bytes.fromhex("00 01 00 00 00")
    assert ask(bmc, ENABLE, "01 01 82 00") == bytes.fromhex("00 01 01 82 00")
    assert ask(bmc, ENABLE, "01 00") == bytes.fromhex("00 01 00 82 00"), "the controller is kept"
    assert ask(bmc, ENABLE, "01 01") == bytes.fromhex("00 01 01 82 00")
    assert ask(bmc, ENABLE, "01 01 84") == bytes.fromhex("00 01 01 84 00")


def from_bus(data: str) -> Origin:
    frame = lan_message.wrap_request(TRANSPORT, FORWARDED, bytes.fromhex(data), 5, rq_addr=0x82)
    return Origin(0, request=received(lan_message.unwrap(frame)), local=True)


async def handed(bmc: Bench, data: str) -> bytes:
    return await answer(bmc, TRANSPORT, FORWARDED, bytes.fromhex(data), origin=from_bus(data))


async def test_what_another_bmc_hands_over_is_carried_out() -> None:
    bmc = bench()
    assert (await handed(bmc, "41 18 01"))[:3] == bytes.fromhex("00 00 20")
    assert await handed(bmc, "21 00 02 01") == bytes.fromhex("00 d4"), "User is told, Operator is wanted"
    assert await handed(bmc, "01 18 ee") == bytes.fromhex("00 c1")
    assert await handed(bmc, "41 18 2e 08") == bytes.fromhex("00 d4"), "what is the host's stays the host's"


async def test_an_answer_may_take_its_time() -> None:
    near, _ = chassis(NEAR, OTHER)
    # GetAddresses, which listens for a while
    assert await handed(near, "41 08 11") == bytes.fromhex("00 00 02 02")


@pytest.mark.parametrize("data", ["41 30 30 41 18 01", "41 1c 01"])
async def test_what_would_be_handed_on_is_refused(data: str) -> None:
    assert await handed(bench(), data) == b"\xcc"


def test_only_controllers_hand_over() -> None:
    bmc = bench()
    assert ask(bmc, FORWARDED, "41 18 01") == b"\xd5"
    assert bmc.raw(TRANSPORT, FORWARDED, b"\x41\x18\x01", origin=bmc.origin(LAN)) == b"\xd4"
