"""Send Message to the ICMB channel (§8.2, Tables 8-1 to 8-5)."""

from __future__ import annotations

import pytest

from baseboard.rmcp import lan_message
from tests.bmc.bridges import NEAR, OTHER, chassis
from tests.bmc.harness import Bench

APP = 0x06
GET_MESSAGE, SEND = 0x33, 0x34
GET_DEVICE_ID = "02 02 20 20 18 01"


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(APP, cmd, bytes.fromhex(data))


def enabled() -> Bench:
    """A BMC that takes messages from its ICMB channel."""
    near, _ = chassis(NEAR, OTHER)
    assert ask(near, 0x32, "07 01") == bytes.fromhex("00 07 01")
    return near


def test_the_host_gets_both_completion_codes_by_get_message() -> None:
    near = enabled()
    assert ask(near, SEND, f"07 14 {GET_DEVICE_ID}") == b"\0"
    near.advance(1)
    assert ask(near, GET_MESSAGE)[:6] == bytes.fromhex("00 07 14 00 00 41")
    assert ask(near, SEND, "07 18 09 09 20 20 18 01") == b"\0"
    near.advance(5)
    assert ask(near, GET_MESSAGE) == bytes.fromhex("00 07 18 c3"), "nobody answered"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("07 14 02 02 20 20 18", 0xC7),
        ("07 14 02 02 21 20 18 01", 0xCC),
        ("07 14 ff ff 20 20 18 01", 0xCC),
        ("47 14 02 02 20 20 18 01", 0xCC),
    ],
)
def test_what_cannot_be_sent(data: str, code: int) -> None:
    assert ask(enabled(), SEND, data) == bytes((code,))


class _Ear:
    def __init__(self, bmc: Bench) -> None:
        self.heard: list[lan_message.LanMessage] = []
        bmc.services.bridging.bus.attach(0x24, self)

    def receive(self, frame: bytes) -> None:
        self.heard.append(lan_message.unwrap(frame))


def from_ipmb(bmc: Bench, data: str) -> list[tuple[int, bytes]]:
    ear = _Ear(bmc)
    bmc.services.bridging.bus.write(
        lan_message.wrap_request(APP, SEND, bytes.fromhex(data), 12, rs_addr=0x20, rq_addr=0x24)
    )
    bmc.advance(5)
    return [(one.cmd, one.data) for one in ear.heard]


def test_a_controller_gets_an_answer_as_though_the_bmc_had_given_it() -> None:
    first, second = from_ipmb(enabled(), f"47 {GET_DEVICE_ID}")
    assert first == (SEND, b"\0")
    assert (second[0], second[1][:2]) == (0x01, b"\0\x41")


def test_the_other_bridges_refusal_stands_for_the_answer() -> None:
    assert from_ipmb(enabled(), "47 02 02 20 84 18 01") == [(SEND, b"\0"), (0x01, b"\x83")]


@pytest.mark.parametrize("data", ["47 09 09 20 20 18 01", f"07 {GET_DEVICE_ID}"])
def test_silence_and_what_is_not_tracked_have_no_second_answer(data: str) -> None:
    assert from_ipmb(enabled(), data) == [(SEND, b"\0")]
