"""PPP between a console and the system, watched (§14.3)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

import pytest

from baseboard.bmc.serial_channel.ppp_watch import PppWatch, rmcp_ports
from baseboard.commands.parameters.serial import SerialParameter
from baseboard.links import ethernet_udp
from baseboard.links.ethernet_ipv4 import Packet
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.ppp_automaton import packet
from baseboard.links.ppp_frame import frame
from tests.serial_line import bench

OURS, THEIRS = IPv4Address("192.0.2.8"), IPv4Address("192.0.2.9")
IPMI = bytes.fromhex("0600ff07 00000000000000000000")


def ip(
    data: bytes = IPMI, *, port: int = 623, to: IPv4Address = OURS, protocol: int = 17, **more: Any
) -> bytes:
    body = ethernet_udp.encode(Datagram(5000, port, data), THEIRS, to)
    return Packet(THEIRS, to, protocol, body, **more).encode()


def watch(*parameters: tuple[int, str]) -> PppWatch:
    kept = bench().services.serial.parameters
    for selector, data in ((39, "01c0000208"), (35, "0000000000000000"), *parameters):
        kept.set(SerialParameter.parse(selector, bytes.fromhex(data), True))
    return PppWatch(kept)


def test_rmcp_for_the_bmc_is_seen_up_to_the_end_of_its_frame() -> None:
    line = b"text~" + frame(0x21, ip(), accm=0) + b"more"
    called = watch().receive(line)
    assert called is not None
    assert (called.data, called.ours, called.theirs) == (ip(), OURS, THEIRS)
    assert line[called.end :] == b"more"


def test_it_is_seen_in_pieces_too() -> None:
    seen = watch()
    line = frame(0x21, ip(), accm=0, acfc=True, pfc=True)
    assert [seen.receive(line[at : at + 1]) is not None for at in range(len(line))] == [False] * (
        len(line) - 1
    ) + [True]


@pytest.mark.parametrize(
    "data",
    [
        ip(b"\x06\x00\xff\x06" + bytes(8)), ip(b"\x06\x00"), ip(b"\x05" + IPMI[1:]), ip(port=5000),
        ip(protocol=6),
        ip(to=IPv4Address("192.0.2.7")), ip()[:-1], b"", ip()[:24] + b"\xff\xff" + ip()[26:],
    ],
)  # fmt: skip
def test_everything_else_goes_by(data: bytes) -> None:
    assert watch().receive(frame(0x21, data, accm=0)) is None


def test_without_an_address_of_its_own_any_will_do() -> None:
    seen = watch((39, "0100000000"))
    called = seen.receive(frame(0x21, ip(to=IPv4Address("192.0.2.7")), accm=0))
    assert called is not None
    assert called.ours == IPv4Address("192.0.2.7")


def test_ports_are_those_of_the_parameters() -> None:
    seen = watch((31, "7017"), (32, "7117"))
    assert rmcp_ports(seen._parameters) == (6000, 6001)
    assert seen.receive(frame(0x21, ip(), accm=0)) is None
    assert seen.receive(frame(0x21, ip(port=6001), accm=0)) is not None


@pytest.mark.parametrize(("snoop", "seen"), [("040407", True), ("000407", False)])
def test_30_what_console_and_system_agree_on_is_followed_if_wanted(snoop: str, seen: bool) -> None:
    made = watch((30, snoop), (35, "00000000ffffffff"))
    made.receive(frame(0xC021, packet(1, 1, bytes.fromhex("0206000a0000"))))
    made.receive(frame(0xC021, packet(2, 1, bytes.fromhex("020600000000"))))
    for broken in (b"", packet(1, 1, b"\x02"), packet(5, 1, b"")):
        made.receive(frame(0xC021, broken))
    assert (made.heard == ((2, bytes.fromhex("000a0000")),)) is seen
    assert (made.receive(frame(0x21, ip(), accm=0)) is not None) is seen
    made.forget()
    assert made.heard == ()


@pytest.mark.parametrize(("options", "seen"), [("010407", True), ("000407", False)])
def test_30_36_another_map_may_be_set_for_it(options: str, seen: bool) -> None:
    made = watch((30, options), (35, "00000000ffffffff"), (36, "00000000"))
    assert (made.receive(frame(0x21, ip(), accm=0)) is not None) is seen
