"""What a LAN channel and PPP have in common: packets to a table, requests to the controller."""

from __future__ import annotations

import random

import pytest

from baseboard.bmc.packet_endpoint import PacketEndpoint
from baseboard.codes import PayloadType
from baseboard.crypto.confidentiality import AesCbc128
from baseboard.crypto.suites import SUITES
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.login import Login
from baseboard.rmcp.machine import Address
from tests.bmc.consoles import ADMIN, make_lan_bmc

HERE: Address = ("192.0.2.3", 4000)
PING = bytes.fromhex("0600ff06000011be80050000")


class Wire(PacketEndpoint):
    """An endpoint over nothing but a list."""

    __slots__ = ("sent",)

    def _transmit(self) -> None:
        self.sent = [*getattr(self, "sent", []), *self.table.outgoing()]


def wire(handles: range = range(0x70, 0x72)) -> Wire:
    bmc = make_lan_bmc()
    policy = bmc.services.login.policy(1, bmc.services.device.guid)
    made = Wire(bmc.controller, policy, random.Random(1).randbytes, bmc.clock, slots=9, handles=handles)
    bmc.services.tables[1] = made.table
    made.sent = []
    return made


def login(made: Wire) -> ConsoleV20:
    console = ConsoleV20(
        Login(username=b"admin", password=ADMIN.password), SUITES[3], random.Random(2).randbytes
    )
    console.open(0.0)
    carry(made, console)
    return console


def carry(made: Wire, console: ConsoleV20) -> None:
    while out := console.outgoing():
        for data in out:
            made.receive(data, HERE)
        sent, made.sent = made.sent, []
        for data, address in sent:
            assert address == HERE
            console.receive(data, 0.0)


def test_13_23_the_last_message_of_a_login_does_not_wait_for_the_ciphers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, before = wire(), list[list[int]]()
    prepare = AesCbc128.prepare

    def watched(ciphers: AesCbc128) -> None:
        before.append([data[5] for data, _ in made.sent])
        prepare(ciphers)

    monkeypatch.setattr(AesCbc128, "prepare", watched)
    login(made)
    assert before[0] == [PayloadType.RAKP_MESSAGE_4]


def test_datagrams_are_answered_where_they_came_from() -> None:
    made = wire()
    made.receive(PING, HERE)
    ((data, address),) = made.sent
    assert (data[:4], address) == (b"\x06\x00\xff\x06", HERE)


def test_handles_are_those_that_the_channel_was_given() -> None:
    made = wire()
    login(made)
    login(made)
    assert [session.handle for session in made.table.sessions.values()] == [0x70, 0x71]
    assert made.table.slots == 2


def test_22_6_a_request_to_lun_2_waits_for_system_software() -> None:
    made = wire()
    console = login(made)
    console.request(6, 1, b"", 0.0, rs_lun=2)
    carry(made, console)
    taken = made._controller.services.messaging.take_message()
    assert taken is not None
    assert taken[2][:1] == b"\x70"


def test_sessions_end_with_their_time_and_with_the_channel() -> None:
    made = wire()
    login(made)
    assert made.table.deadline() is not None
    made.close()
    made.close()
    assert made.table.sessions == {}
    login(made)
    made._clock.advance(61.0)  # type: ignore[attr-defined]  # the time of a test
    assert made.table.sessions == {}
