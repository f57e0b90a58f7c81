"""The LAN channel of one BMC, in memory (§7.2, §13, §15, §22.6, §23.4)."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface

import pytest

from baseboard.bmc.lan_endpoint import LanEndpoint
from baseboard.bmc.store import MemoryStore
from baseboard.commands.app.messaging import SendMessage
from baseboard.commands.app.users import SetUserName
from baseboard.crypto.suites import SUITES
from baseboard.rmcp import asf, lan_message
from baseboard.rmcp.console_events import Answered, RequestArrived
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.login import Login
from baseboard.testing.clock import VirtualClock
from tests.bmc.consoles import ADMIN, EVERYBODY, LAN, OPEN_LAN, LanBench, make_lan_bmc
from tests.bmc.fakes import BLUEPRINT
from tests.bmc.harness import Bench
from tests.bmc.held_store import HeldStore
from tests.bmc.services.test_lan import Port

HERE = ("192.0.2.9", 9999)
PING = asf.Ping(tag=0x55).encode()
PONG = asf.Pong(0x55).encode()
APP, TRANSPORT = 0x06, 0x0C


def test_13_2_a_presence_ping_is_answered_and_counted() -> None:
    bmc = make_lan_bmc()
    bmc.endpoint.receive(PING, HERE)
    bmc.endpoint.receive(b"no RMCP", HERE)
    bmc.endpoint.receive(b"", HERE)
    assert bmc.stray == [(PONG, HERE)]
    counted = bmc.services.lan.statistics
    assert (counted.received, counted.valid, counted.sent) == (3, 1, 1)


def test_7_2_lun_10b_is_the_hosts_software_which_gets_the_message_and_answers_itself() -> None:
    bmc = make_lan_bmc()
    console = bmc.login(ADMIN)
    token = console.console.request(APP, 0x01, b"\x55", bmc.clock.now(), rs_lun=2)
    bmc.settle()
    # Get Message: Administrator level and channel 1, session handle, the whole message (Tables 22-7, 22-8)
    answer = bmc.raw(APP, 0x33)
    assert answer[:3] == bytes((0, 0x41, console.session.handle))
    message = lan_message.unwrap(answer[3:])
    assert (message.rs_addr, message.rs_lun, message.netfn, message.cmd) == (0x20, 2, APP, 0x01)
    assert message.data == b"\x55"
    reply = bytes((0x41, console.session.handle)) + lan_message.wrap_response(message, b"\0hello")
    assert bmc.raw(APP, 0x34, reply) == b"\0"
    bmc.settle()
    (heard,) = [event for event in console.events if isinstance(event, Answered) and event.token == token]
    assert heard.data == b"\0hello"


def test_7_2_software_that_takes_no_messages_is_no_destination() -> None:
    bmc = make_lan_bmc()
    console = bmc.login(ADMIN)
    bmc.raw(APP, 0x32, b"\x01\x00")
    assert console.ask(APP, 0x01, lun=2) == b"\xd3"


def test_an_endpoint_that_is_not_bound_answers_nobody() -> None:
    bench = Bench(replace(BLUEPRINT, lan=OPEN_LAN), MemoryStore(), VirtualClock())
    endpoint = LanEndpoint(bench.controller, bytes, bench.clock)
    endpoint.receive(PING, HERE)
    endpoint.bind(lambda data, address: sent.append((data, address)))
    sent: list[tuple[bytes, object]] = []
    endpoint.receive(PING, HERE)
    assert sent == [(PONG, HERE)]


def test_6_12_15_a_silent_session_ends_after_60_s_and_one_in_use_does_not() -> None:
    bmc = make_lan_bmc()
    silent = bmc.login()
    bmc.advance(30)
    used = bmc.login()
    bmc.advance(29.9)
    assert silent.alive
    bmc.advance(0.2)
    assert not silent.alive
    assert used.ask(APP, 0x01) is not None
    bmc.advance(59.9)
    assert used.alive
    bmc.advance(0.2)
    assert not used.alive
    assert bmc.endpoint.table.deadline() is None


def test_an_earlier_deadline_takes_the_place_of_a_later_one() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    bmc.advance(29)
    console.ask(APP, 0x01)
    bmc.advance(2)
    # The session may be silent until 89 s, a login that begins now takes until 61 s at most.
    half_open = ConsoleV20(Login(username=b"admin"), SUITES[3], bmc.drawn.randbytes)
    half_open.open(0.0)
    (open_session,) = half_open.outgoing()
    bmc.endpoint.receive(open_session, HERE)
    assert len(bmc.endpoint.table.pending) == 1
    bmc.advance(31)
    assert len(bmc.endpoint.table.pending) == 0
    assert console.alive
    bmc.advance(28)
    assert not console.alive


def test_15_9_payloads_go_to_the_service_that_has_them() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    console = bmc.login()
    console.activate_sol()
    console.type(b"x")
    assert bmc.serial.typed == b"x"


def test_a_channel_that_closes_ends_its_sessions_and_its_timer() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    bmc.endpoint.close()
    assert not console.alive
    bmc.controller.stop()
    assert bmc.clock.next_due() is None
    LanEndpoint(make_lan_bmc().controller, bytes, bmc.clock).close()


def test_22_6_a_consoles_answer_to_system_software_waits_in_the_queue() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    handle = console.session.handle
    asked = lan_message.wrap_request(APP, 0x01, b"", 5, rs_addr=0x81, rq_addr=0x20, rq_lun=2)
    bmc.execute(SendMessage(channel=LAN, message=bytes((handle,)) + asked))
    bmc.settle()
    (arrived,) = [event.message for event in console.events if isinstance(event, RequestArrived)]
    assert (arrived.netfn, arrived.cmd, arrived.rq_seq, arrived.rq_lun) == (APP, 0x01, 5, 2)
    answer = lan_message.wrap_response(arrived, b"\xc1")
    assert isinstance(console.console, ConsoleV20)
    console.console.send_payload(0, answer, bmc.clock.now())
    bmc.settle()
    # privilege 4, channel 1; then the session handle and the message as it came (Table 22-8)
    assert bmc.raw(APP, 0x33) == bytes((0, 0x41, handle)) + answer


def held_bmc() -> tuple[LanBench, HeldStore]:
    store = HeldStore()
    return LanBench(replace(BLUEPRINT, users=EVERYBODY, lan=OPEN_LAN), store, VirtualClock()), store


@pytest.mark.parametrize(("written", "code"), [(True, 0x00), (False, 0xFF)])
def test_a_change_is_answered_when_it_is_durable_and_others_before(written: bool, code: int) -> None:
    bmc, store = held_bmc()
    console, other = bmc.login(), bmc.login()
    rename = SetUserName(user_id=5, user_name=b"new".ljust(16, b"\0")).encode()
    token = console.console.request(APP, 0x45, rename, bmc.clock.now())
    bmc.settle()
    assert len(store.waiting) == 1
    assert other.ask(APP, 0x01) is not None
    assert not [event for event in console.events if isinstance(event, Answered)]
    store.report(written)
    bmc.settle()
    assert [(event.token, event.data) for event in console.events if isinstance(event, Answered)] == [
        (token, bytes((code,)))
    ]


def test_an_answer_held_beyond_its_session_goes_nowhere() -> None:
    bmc, store = held_bmc()
    console = bmc.login()
    rename = SetUserName(user_id=5, user_name=bytes(16)).encode()
    console.console.request(APP, 0x45, rename, bmc.clock.now())
    bmc.settle()
    bmc.endpoint.table.close_all()
    sent = bmc.services.lan.statistics.sent
    store.report(True)
    bmc.settle()
    assert bmc.services.lan.statistics.sent == sent


def test_23_2_a_network_is_set_up_by_the_parameters_and_closed_with_the_channel() -> None:
    bmc = make_lan_bmc()
    port = Port()
    bmc.endpoint.attach(port)
    assert [one.ipv4 for one in port.applied] == [IPv4Interface("127.0.0.1/8")]
    bmc.endpoint.receive(PING, HERE)
    bmc.services.send_datagram(b"trap", ("192.0.2.1", 162))
    assert port.sent == [(PONG, HERE, None), (b"trap", ("192.0.2.1", 162), None)]
    bmc.endpoint.close()
    assert port.applied == []
