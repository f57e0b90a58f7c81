"""Requests through bridges, and what comes back."""

from __future__ import annotations

import pytest

from baseboard.errors import ChecksumError, EncodeError, RemoteProtocolError
from baseboard.rmcp import bridging, lan_message
from baseboard.rmcp.bridging import Hop, answer, wrap
from baseboard.rmcp.lan_message import LanMessage

MODULE = (Hop(0, 0x82), Hop(7, 0x72))


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


def response(netfn: int, cmd: int, data: bytes) -> LanMessage:
    return LanMessage(0x20, netfn, 0, 0x81, 9, 0, cmd, data)


def read(message: LanMessage, netfn: int = 6, cmd: int = 1, *, acknowledged: bool = False) -> bytes | None:
    return answer(message, netfn, cmd, acknowledged=acknowledged, tolerate=False)


def test_6_13_1_a_single_bridging() -> None:
    """Get Device ID to 24h on channel 0, tracked, byte for byte."""
    assert wrap((Hop(0, 0x24),), 6, 1, b"", 9) == octets("40 24 18 C4 20 24 01 BB")


def test_6_13_1_a_double_bridging() -> None:
    """To 72h on channel 7 behind 82h: each level is a whole message, from the one that sends it."""
    inner = "47 72 18 76 82 24 01 59"
    outer = lan_message.wrap_request(6, 0x34, octets(inner), 9, rs_addr=0x82, rq_addr=0x20)
    assert wrap(MODULE, 6, 1, b"", 9) == b"\x40" + outer
    assert outer.startswith(octets("82 18 66 20 24 34") + octets(inner))


def test_the_lun_is_that_of_the_last_controller() -> None:
    frame = wrap(MODULE, 4, 0x2D, b"\x11", 5, rs_lun=3)[1:]
    outer = lan_message.unwrap(frame)
    inner = lan_message.unwrap(outer.data[1:])
    assert (outer.rs_lun, inner.rs_lun) == (0, 3)
    assert (inner.netfn, inner.cmd, inner.data) == (4, 0x2D, b"\x11")


def test_the_first_bridge_may_be_another_than_the_bmc() -> None:
    frame = lan_message.unwrap(wrap((Hop(7, 0x72),), 6, 1, b"", 9, 0, 0x82)[1:])
    assert frame.rq_addr == 0x82


def test_what_does_not_fit() -> None:
    with pytest.raises(EncodeError):
        wrap((Hop(0, 0x124),), 6, 1, b"", 9)


def test_the_bridge_tells_that_it_sent_the_message_on() -> None:
    assert read(response(7, 0x34, b"\0")) is None


def test_the_bridge_refuses() -> None:
    assert read(response(7, 0x34, b"\x83")) == b"\x83"
    assert read(response(7, 0x34, b"\xc0\x01")) == b"\xc0\x01"


@pytest.mark.parametrize("address", [0x20, 0x24, 0x81])
def test_the_answer_comes_as_its_own_message_from_whatever_address(address: int) -> None:
    """Q-ALTBRIDGE."""
    message = response(7, 1, b"\0\x24")
    message.rs_addr = address
    assert read(message) == b"\0\x24"


def test_an_answer_within_an_answer_within_an_answer() -> None:
    """Q-ALTBRIDGE: As a MicroTCA carrier sends it; the last checksum is that of the session's own message."""
    captured = octets("81 1C 63 20 14 34 00 20 1C C4 82 14 34 00 20 14 CC 74 14 22 00 ED FF 6A 36")
    message = LanMessage(0x20, 7, 0, 0x81, 5, 0, 0x34, captured[6:])
    assert read(message, 4, 0x22) == octets("00 ED FF")


def test_a_transit_controller_refuses_within_the_answer() -> None:
    inner = octets("20 1C C4 82 14 34 83")
    message = response(7, 0x34, b"\0" + inner + bytes((lan_message.checksum(inner[3:]),)))
    assert read(message) == b"\x83"


def test_broken_answers_within_answers() -> None:
    broken = response(7, 0x34, octets("00 20 14 CC 74 14 22 00 ED FF 6B"))
    with pytest.raises(ChecksumError):
        read(broken, 4, 0x22)
    assert answer(broken, 4, 0x22, acknowledged=False, tolerate=True) == octets("00 ED FF")


@pytest.mark.parametrize(("netfn", "cmd"), [(7, 2), (5, 1), (0x2D, 0x34)])
def test_answers_to_something_else(netfn: int, cmd: int) -> None:
    """34h of another network function is no Send Message."""
    with pytest.raises(RemoteProtocolError):
        read(response(netfn, cmd, b"\0"))


def test_34h_of_another_network_function_is_an_answer_like_others() -> None:
    """Q-HPM-CMD."""
    assert read(response(0x2D, 0x34, b"\0\1"), 0x2C, 0x34) == b"\0\1"


def test_send_message_as_the_bridged_command() -> None:
    """The bridge's own answer comes first, the one to the command behind it second."""
    first, second = response(7, 0x34, b"\0"), response(7, 0x34, b"\xc1")
    assert read(first, 6, 0x34) is None
    assert read(second, 6, 0x34, acknowledged=True) == b"\xc1"


def test_the_room_that_a_hop_takes() -> None:
    data = bytes(20)
    single, double = (wrap(MODULE[:count], 6, 1, data, 1) for count in (1, 2))
    assert len(single) == len(data) + bridging.OVERHEAD
    assert len(double) == len(data) + 2 * bridging.OVERHEAD
