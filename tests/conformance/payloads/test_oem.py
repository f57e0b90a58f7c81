"""§13.27.3, §24.1, §24.2: OEM payloads are activated, carry datagrams both ways, and end."""

from __future__ import annotations

from typing import ClassVar

import pytest

from baseboard.bmc.services.payloads import OemService, PayloadLink
from baseboard.codes import Cc
from baseboard.commands.app.payload import (
    ActivatePayload,
    DeactivatePayload,
    GetPayloadActivationStatus,
    GetPayloadInstanceInfo,
)
from baseboard.errors import CompletionError, LocalProtocolError
from baseboard.rmcp.console_events import PayloadArrived
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.payloads import OemPayload
from tests.bmc.consoles import ADMIN, OPERATOR, VIEWER, LanBench, Terminal, make_lan_bmc
from tests.conformance.marks import exercises
from tests.conformance.sol.bench import ACTIVATE, APP, DEACTIVATE, INSTANCE, STATUS, told

IANA = 7154


class Echo(OemService):
    """Says what it hears, from behind."""

    payload = OemPayload(IANA, 1, handle=0x20)
    capacity = 2
    largest = 64

    def __init__(self) -> None:
        self.links: list[PayloadLink] = []
        self.ended: list[PayloadLink] = []

    def activated(self, link: PayloadLink) -> bytes:
        if link.auxiliary[1] == 0xEE:
            raise CompletionError(Cc.NODE_BUSY)
        self.links.append(link)
        return b"\x05" + link.auxiliary[1:2]

    def received(self, link: PayloadLink, data: bytes) -> None:
        link.send(data[::-1])

    def deactivated(self, link: PayloadLink) -> None:
        self.ended.append(link)


class Explicit(Echo):
    payload = OemPayload(IANA, 2)
    capacity = 1


class Other(Echo):
    payload = OemPayload(IANA, 3)
    capacity = 1
    privilege: ClassVar[int] = 4


class Free(Echo):
    payload = OemPayload(IANA, 4, handle=0x27)
    force_encryption = False
    force_authentication = False


def offering(*services: OemService) -> LanBench:
    """A BMC with these payloads, which everybody may use."""
    bmc = make_lan_bmc()
    for service in services:
        bmc.services.payloads.register(service)
    for user in (ADMIN, OPERATOR, VIEWER):
        assert bmc.raw(APP, 0x4C, bytes((1, user.user_id, 4, 0, 0xFF, 0))) == b"\0"
    return bmc


def heard(console: Terminal, kind: int | tuple[int, int] = 0x20) -> list[bytes]:
    """Open the console's ears, and give the list that fills with what comes."""
    machine = console.console
    assert isinstance(machine, ConsoleV20)
    machine.accept_payload(kind, authenticated=False, encrypted=False)
    got: list[bytes] = []
    receive = console.receive

    def listen(data: bytes) -> None:
        machine.receive(data, console.bench.clock.now())
        for event in machine.events():
            if isinstance(event, PayloadArrived):
                got.append(event.data)
                console.sealed.append(bool(data[5] & 0x80))
            else:
                console.events.append(event)

    del receive
    console.receive = listen  # type: ignore[method-assign]  # what is no SOL is not the terminal's
    return got


def say(console: Terminal, data: bytes, kind: int = 0x20, **how: object) -> None:
    machine = console.console
    assert isinstance(machine, ConsoleV20)
    machine.send_payload(kind, data, console.bench.clock.now(), **how)  # type: ignore[arg-type]  # flags
    console.bench.settle()


@exercises(ActivatePayload, GetPayloadActivationStatus, GetPayloadInstanceInfo, DeactivatePayload)
def test_24_1_a_handle_carries_datagrams_both_ways_until_it_is_deactivated() -> None:
    echo = Echo()
    bmc = offering(echo)
    console = bmc.login(VIEWER)
    got = heard(console)
    say(console, b"too early")
    assert got == []
    # sizes 64, port 623, no VLAN; the first auxiliary byte is the payload's answer
    assert told(console, APP, ACTIVATE, "20 01 c0 07 00 00") == bytes.fromhex(
        "00 05070000 4000 4000 6f02 ffff"
    )
    assert told(console, APP, STATUS, "20") == bytes.fromhex("00 02 01 00")
    owner = console.console.bmc_session_id.to_bytes(4, "little")
    assert told(console, APP, INSTANCE, "20 01") == b"\0" + owner + bytes.fromhex("f21b00 0100 000000")
    say(console, b"hello")
    assert got == [b"olleh"]
    say(console, bytes(65))  # larger than what was agreed on
    assert got == [b"olleh"]
    assert told(console, APP, DEACTIVATE, "20 01 00 00 00 00") == b"\0"
    say(console, b"too late")
    assert (got, echo.ended) == ([b"olleh"], echo.links)
    assert told(console, APP, DEACTIVATE, "20 01 00 00 00 00") == b"\x80"
    with pytest.raises(LocalProtocolError, match="deactivated"):
        echo.links[0].send(b"late")


@exercises(ActivatePayload)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("21 01 c0 00 00 00", 0xCC),  # nobody's
        ("00 01 c0 00 00 00", 0xCC),  # IPMI messages
        ("10 01 c0 00 00 00", 0xCC),  # Open Session Request
        ("20 00 c0 00 00 00", 0xC9),
        ("20 03 c0 00 00 00", 0x82),
        ("20 01 40 00 00 00", 0x84),
        ("20 01 80 00 00 00", 0x83),
        ("20 01 c0 ee 00 00", 0xC0),  # the payload's own refusal
        ("02 02 c0 00 00 00", 0xD4),  # Administrator, as it asks for
        ("02 03 c0 00 00 00", 0x82),
    ],
)
def test_24_1_what_cannot_be_activated(data: str, code: int) -> None:
    bmc = offering(Echo(), Explicit(), Other())
    viewer = bmc.login(VIEWER)
    assert told(viewer, APP, ACTIVATE, data) == bytes((code,))
    assert told(viewer, APP, STATUS, "20") == bytes.fromhex("00 02 00 00")


@exercises(ActivatePayload, GetPayloadInstanceInfo)
def test_24_1_explicit_payloads_share_a_type_and_are_told_apart_by_their_instances() -> None:
    first, second = Explicit(), Other()
    bmc = offering(first, second)
    console = bmc.login(ADMIN)
    assert told(console, APP, INSTANCE, "02 01")[5:10] == bytes.fromhex("f21b00 0200")
    assert told(console, APP, INSTANCE, "02 02")[5:10] == bytes.fromhex("f21b00 0300")
    got = heard(console, (IANA, 3))
    assert told(console, APP, ACTIVATE, "02 02 c0 00 00 00")[0] == 0
    say(console, b"abc", 2, oem=(IANA, 3))
    say(console, b"not active", 2, oem=(IANA, 2))
    say(console, b"nobody's", 2, oem=(IANA, 9))
    assert got == [b"cba"]
    assert (len(first.links), len(second.links)) == (0, 1)


@exercises(ActivatePayload, DeactivatePayload)
def test_24_2_instances_are_several_sessions_and_one_is_taken_away() -> None:
    echo = Echo()
    bmc = offering(echo)
    one, two, admin = bmc.login(VIEWER), bmc.login(OPERATOR), bmc.login(ADMIN)
    assert told(one, APP, ACTIVATE, "20 01 c0 00 00 00")[0] == 0
    assert told(one, APP, ACTIVATE, "20 02 c0 00 00 00") == b"\x82"
    assert told(two, APP, ACTIVATE, "20 01 c0 00 00 00") == b"\x80"
    assert told(two, APP, ACTIVATE, "20 02 c0 00 00 00")[0] == 0
    assert told(two, APP, DEACTIVATE, "20 01 00 00 00 00") == b"\xd4"
    assert told(admin, APP, DEACTIVATE, "20 01 00 00 00 00") == b"\0"
    assert [link.closed for link in echo.links] == [True, False]
    got = heard(two)
    say(two, b"on")
    assert got == [b"no"]


def test_24_2_with_the_session_the_payload_ends_and_the_service_may_end_it() -> None:
    echo = Echo()
    bmc = offering(echo)
    one, two = bmc.login(VIEWER), bmc.login(OPERATOR)
    for console, number in ((one, 1), (two, 2)):
        assert told(console, APP, ACTIVATE, f"20 0{number} c0 00 00 00")[0] == 0
    one.console.close(bmc.clock.now())
    bmc.settle()
    assert [link.closed for link in echo.links] == [True, False]
    echo.links[1].close()
    assert [link.closed for link in echo.links] == [True, True]
    assert told(two, APP, STATUS, "20") == bytes.fromhex("00 02 00 00")
    assert two.alive


@pytest.mark.parametrize(
    ("auxiliary", "flags", "sealed"), [("c0", (True, True), True), ("40", (False, True), False)]
)
@exercises(ActivatePayload)
def test_24_1_protection_is_chosen_for_each_activation(
    auxiliary: str, flags: tuple[bool, bool], sealed: bool
) -> None:
    bmc = offering(Free())
    console = bmc.login(ADMIN)
    got = heard(console, 0x27)
    assert told(console, APP, ACTIVATE, f"27 01 {auxiliary} 00 00 00")[0] == 0
    say(console, b"ab", 0x27, encrypted=flags[0], authenticated=flags[1])
    assert (got, console.sealed) == ([b"ba"], [sealed])


@exercises(ActivatePayload)
def test_24_1_what_is_forced_is_dropped_where_it_is_missing() -> None:
    bmc = offering(Echo())
    console = bmc.login(ADMIN)
    got = heard(console)
    assert told(console, APP, ACTIVATE, "20 01 c0 00 00 00")[0] == 0
    say(console, b"in clear", encrypted=False)
    say(console, b"unsigned", encrypted=False, authenticated=False)
    assert got == []


def test_3_5_datagrams_keep_the_session_alive() -> None:
    bmc = offering(Echo())
    console = bmc.login(ADMIN)
    got = heard(console)
    assert told(console, APP, ACTIVATE, "20 01 c0 00 00 00")[0] == 0
    for _ in range(4):
        bmc.advance(50)
        say(console, b"x")
    assert console.alive
    assert len(got) == 4
