"""Sessions inside a link: their addresses, what they are told, their end."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.bmc.serial_channel.ppp_sessions import PppAddress, is_ipmi
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.lan_message import wrap_request, wrap_response
from baseboard.rmcp.session import Reason
from tests.ppp_console import OURS, PppLine

PEER = PppAddress(OURS, 623, 623)


def test_an_address_knows_the_port_that_it_talks_to() -> None:
    assert PEER == ("192.0.2.9", 623)
    assert (PEER.host, PEER.local) == (IPv4Address("192.0.2.9"), 623)


def test_who_is_there_and_each_session_are_told() -> None:
    line = PppLine().up()
    first, second = line.dialer.console(), line.dialer.console(15)
    sessions = line.endpoint.ppp.sessions
    assert sessions is not None
    message = wrap_request(0x0C, 0x18, b"\x01\x02", 1, rs_addr=0x81, rq_addr=0x20)
    sessions.tell(message, PEER)
    line.dialer.settle()
    assert [[one.message.cmd for one in console.requests] for console in (first, second)] == [[0x18], [0x18]]
    ((_, datagram),) = line.dialer.strays
    assert (datagram.destination, datagram.data[-len(message) :]) == (623, message)


def test_a_session_of_which_the_bmc_asks_something_answers() -> None:
    line = PppLine().up()
    console = line.dialer.console()
    sessions = line.endpoint.ppp.sessions
    assert sessions is not None
    (session,) = sessions.table.sessions.values()
    for cmd, lun in ((0x18, 0), (0x20, 0), (0x01, 2)):
        asked = wrap_request(0x0C, cmd, b"", 1, rs_addr=0x81, rq_addr=0x20, rq_lun=lun)
        sessions.table.send_message(session, asked)
        sessions.flush()
        line.dialer.settle()
        (asked_of,) = console.requests[-1:]
        assert isinstance(console.console, ConsoleV20)
        console.console.send_payload(0, wrap_response(asked_of.message, b"\0"), line.dialer.now)
        line.dialer.settle()
    # What is no note goes to system software, which asked by Send Message.
    assert line.bench.raw(6, 0x33)[:1] == b"\0"
    assert line.bench.raw(6, 0x33)[:1] == b"\x80"


def test_the_end_of_a_link_is_that_of_its_sessions() -> None:
    line = PppLine().up()
    line.dialer.console()
    sessions = line.endpoint.ppp.sessions
    assert sessions is not None
    (session,) = line.sessions
    sessions.end()
    assert session.closed
    assert not line.mux.messaging


def test_silence_may_be_limited_later() -> None:
    line = PppLine().up()
    line.dialer.console()
    sessions = line.endpoint.ppp.sessions
    assert sessions is not None
    sessions.limit_silence(5.0)
    line.bench.advance(5.1)
    assert line.sessions == []


def test_a_controller_that_starts_anew_has_no_sessions() -> None:
    line = PppLine().up()
    line.dialer.console()
    line.bench.services.tables[2].close_all(Reason.ENDED)
    line.bench.services.flush()
    assert not line.mux.messaging


@pytest.mark.parametrize(
    ("data", "ours"),
    [("0600ff07", True), ("0600ff87", True), ("0600ff06", False), ("0500ff07", False), ("06", False)],
)
def test_table_14_3_class_ipmi(data: str, ours: bool) -> None:
    assert is_ipmi(bytes.fromhex(data)) is ours
