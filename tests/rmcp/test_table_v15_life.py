"""How a v1.5 session lives and ends (§6.12)."""

from __future__ import annotations

from baseboard.rmcp import v15
from baseboard.rmcp.session import Account, Reason, SessionClosed
from tests.rmcp.bmc import CHALLENGE, CLOSE, THERE, Bmc
from tests.rmcp.consoles import Console15

MD5 = 2


def logged_in(*, per_message: bool = True) -> Console15:
    made = Bmc()
    made.rules.types = dict.fromkeys(range(1, 6), 0b10111)
    made.rules.per_message = per_message
    console = Console15(made)
    assert console.login() == [0, 0]
    return console


def test_table_6_7_only_valid_packets_keep_a_session_alive() -> None:
    console = logged_in()
    made = console.bmc
    packet = console.packet(console.asking())
    assert made.ask(packet, now=50.0)
    made.ask(packet, now=80.0)
    made.ask(v15.wrap(MD5, console.inbound, console.session_id, console.asking(), b"guess"), now=90.0)
    made.table.expire(109.0)
    assert made.table.sessions
    made.table.expire(110.0)
    assert not made.table.sessions
    (closed,) = [event for event in made.table.events() if isinstance(event, SessionClosed)]
    assert closed.reason is Reason.TIMED_OUT
    assert console.answer() is None


def test_9_answers_go_to_where_the_request_came_from() -> None:
    console = logged_in()
    made = console.bmc
    console.address = THERE
    assert console.answer() is not None
    assert made.table.sessions[console.session_id].address == THERE


def test_22_19_the_answer_to_close_session_is_the_last_word() -> None:
    console = logged_in()
    made = console.bmc
    assert console.ask(*CLOSE, console.session_id.to_bytes(4, "little")) == b"\0"
    assert not made.table.sessions
    assert console.answer() is None


def test_the_key_is_that_of_the_activation() -> None:
    console = logged_in()
    made = console.bmc
    made.rules.names[b"ops"] = Account(2, b"changed", 4)
    assert console.answer() is not None


def test_22_16_get_session_challenge_may_come_inside_a_session() -> None:
    console = logged_in()
    answer = console.ask(*CHALLENGE, bytes((MD5,)) + b"ops".ljust(16, b"\0"))
    assert answer is not None
    assert len(answer) == 21


def test_6_12_4_the_settings_at_activation_hold_for_the_session() -> None:
    console = logged_in(per_message=False)
    console.bmc.rules.per_message = True
    assert console.answer(console.packet(console.asking(), auth_type=0)) is not None
