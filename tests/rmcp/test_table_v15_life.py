"""How a v1.5 session lives and ends (§6.12)."""

from __future__ import annotations

from baseboard.rmcp import v15
from baseboard.rmcp.session import Account, Reason, SessionClosed
from tests.rmcp.bmc import CLOSE, THERE, Bmc
from tests.rmcp.consoles import Console15

MD5 = 2


def logged_in() -> Console15:
    made = Bmc()
    made.rules.types = dict.fromkeys(range(1, 6), 0b10111)
    console = Console15(made)
    assert console.login() == [0, 0]
    return console


def test_table_6_7_only_valid_packets_keep_a_session_alive() -> None:
    console = logged_in()
    made = console.bmc
    packet = console.wrap(console.message())
    assert made.ask(packet, now=50.0)
    made.ask(packet, now=80.0)
    made.ask(v15.wrap(MD5, console.inbound, console.session_id, console.message(), b"guess"), now=90.0)
    made.table.expire(109.0)
    assert made.table.sessions
    made.table.expire(110.0)
    assert not made.table.sessions
    (closed,) = [event for event in made.table.events() if isinstance(event, SessionClosed)]
    assert closed.reason is Reason.TIMED_OUT
    assert console.ask() is None


def test_9_answers_go_to_where_the_request_came_from() -> None:
    console = logged_in()
    made = console.bmc
    console.address = THERE
    assert console.ask() is not None
    assert made.table.sessions[console.session_id].address == THERE


def test_22_19_the_answer_to_close_session_is_the_last_word() -> None:
    console = logged_in()
    made = console.bmc
    assert (
        console.ask(console.wrap(console.message(CLOSE, console.session_id.to_bytes(4, "little")))) == b"\0"
    )
    assert not made.table.sessions
    assert console.ask() is None


def test_the_key_is_that_of_the_activation() -> None:
    console = logged_in()
    made = console.bmc
    made.rules.names[b"ops"] = Account(2, b"changed", 4)
    assert console.ask() is not None
