"""RMCP, its ACK and presence pings, against a whole BMC (§13.1, §13.2)."""

from __future__ import annotations

import pytest

from baseboard.rmcp import v15
from baseboard.rmcp.machine import Address
from baseboard.testing.raw_console import CONSOLE
from tests.conformance.bench import APP, ELSEWHERE, LAN, bench

PING = bytes.fromhex("06 00 ff 06 00 00 11 be 80 42 00 00")
PONG = bytes.fromhex("06 00 ff 06 00 00 11 be 40 42 00 10 00 00 11 be 00 00 00 00 81 00 00 00 00 00 00 00")


def capabilities() -> bytes:
    """Get Channel Authentication Capabilities, which a BMC answers to anybody."""
    return v15.wrap(0, 0, 0, bench().v15().message(APP, 0x38, b"\x8e\x04"))


def test_13_1_answers_go_to_the_address_and_port_that_asked() -> None:
    bmc = bench()
    for address in (CONSOLE, ELSEWHERE, (CONSOLE[0], 1)):
        bmc.endpoint.receive(capabilities(), address)
    assert [to for _, to in bmc.sent] == [CONSOLE, ELSEWHERE, (CONSOLE[0], 1)]


@pytest.mark.parametrize("version", [0, 5, 7, 0x86, 0xFF])
def test_13_1_another_version_of_rmcp_is_dropped(version: int) -> None:
    bmc = bench()
    for datagram in (capabilities(), PING):
        assert bmc.carry(bytes((version,)) + datagram[1:]) == []


@pytest.mark.parametrize("sequence", [0, 1, 254, 255])
def test_13_1_any_rmcp_sequence_is_tolerated_and_ffh_is_sent(sequence: int) -> None:
    datagram = capabilities()
    (answer,) = bench().carry(datagram[:2] + bytes((sequence,)) + datagram[3:])
    assert answer[:4] == bytes.fromhex("06 00 ff 07")


def test_13_1_a_reserved_byte_is_ignored() -> None:
    datagram = capabilities()
    assert len(bench().carry(datagram[:1] + b"\xa5" + datagram[2:])) == 1


@pytest.mark.parametrize("message_class", [0, 1, 5, 8, 9, 0x1F, 0x87, 0x88])
def test_13_1_other_message_classes_get_silence(message_class: int) -> None:
    datagram = capabilities()
    assert bench().carry(datagram[:3] + bytes((message_class,)) + datagram[4:]) == []


def test_13_2_1_a_message_of_class_asf_is_acknowledged_if_it_wants_it() -> None:
    bmc = bench()
    for sequence in (0, 5, 254):
        acknowledgement, pong = bmc.carry(PING[:2] + bytes((sequence,)) + PING[3:])
        assert acknowledgement == bytes((6, 0, sequence, 0x86))
        assert pong == PONG
    assert bmc.carry(PING) == [PONG], "FFh wants none"


@pytest.mark.parametrize("acknowledgement", ["06 00 05 86", "06 00 00 87", "06 00 fe 88", "06 00 ff 86"])
def test_13_2_1_an_acknowledgement_is_never_acknowledged(acknowledgement: str) -> None:
    assert bench().carry(bytes.fromhex(acknowledgement)) == []


def test_13_2_1_only_class_asf_has_acknowledgements() -> None:
    for message_class in (7, 8, 1):
        assert bench().carry(bytes((6, 0, 5, message_class)) + bytes(12)) == []


def test_13_2_3_a_ping_is_answered_with_these_bytes() -> None:
    assert bench().carry(PING) == [PONG]


@pytest.mark.parametrize("tag", [0, 1, 0xFE, 0xFF])
def test_13_2_4_the_pong_copies_the_tag(tag: int) -> None:
    (pong,) = bench().carry(PING[:9] + bytes((tag,)) + PING[10:])
    assert pong == PONG[:9] + bytes((tag,)) + PONG[10:]


def test_13_2_4_anybody_may_ping_at_any_time() -> None:
    bmc = bench(session_slots=1)
    bmc.in_v20(level=4)
    bmc.system(0x40, bytes((LAN, 0x80, 0)))
    addresses: list[Address] = [CONSOLE, ELSEWHERE, ("2001:db8::1", 9, 0, 0)]
    assert [bmc.carry(PING, address) for address in addresses] == [[PONG]] * 3


@pytest.mark.parametrize(
    "datagram",
    [PING[:11], PING[:4], PING[:7] + b"\xbf" + PING[8:], PING[:4] + b"\xbe\x11\0\0" + PING[8:]]
    + [PING[:8] + bytes((kind,)) + PING[9:] for kind in (0x10, 0x11, 0x12, 0x40, 0x81, 0x82, 0xC0)],
    ids=lambda datagram: datagram.hex(),
)
def test_13_2_3_other_asf_messages_get_silence(datagram: bytes) -> None:
    assert bench().carry(datagram) == []
