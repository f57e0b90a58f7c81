"""The session table as a whole: classes of RMCP, both versions at once, strangers, and bad networks."""

from __future__ import annotations

import gc
import random
import weakref

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.codes import RakpStatus
from baseboard.crypto.confidentiality import Confidentiality
from baseboard.crypto.suites import SUITES
from baseboard.rmcp import asf, lan_message, v15, v20
from baseboard.rmcp.session import PayloadReceived, RequestReceived, SessionV20
from tests.rmcp.bmc import ACTIVATE, CAPABILITIES, CHALLENGE, CLOSE, HERE, OPS, THERE, Bmc, of
from tests.rmcp.consoles import Console15, Console20


def everything(**options: int) -> Bmc:
    made = Bmc(**options)
    made.rules.limits = dict.fromkeys(SUITES, 4)
    made.rules.types = dict.fromkeys(range(1, 6), 0b10111)
    return made


# RMCP and ASF


@pytest.mark.parametrize("tag", [0x00, 0x42, 0xFE, 0xFF])
def test_13_2_4_a_presence_ping_is_answered(tag: int) -> None:
    (answer,) = Bmc().ask(asf.Ping(tag).encode())
    pong = asf.decode(answer)
    assert pong == asf.Pong(tag)
    assert answer[:4] == bytes.fromhex("0600ff06")


def test_13_2_4_a_pong_may_be_somebody_elses() -> None:
    made = Bmc()
    made.table.maker = 36465
    (answer,) = made.ask(asf.Ping(3).encode())
    assert asf.decode(answer) == asf.Pong(3, iana=36465)


def test_13_2_4_anybody_may_ping_a_disabled_channel_too() -> None:
    made = Bmc()
    made.rules.open = False
    assert len(made.ask(asf.Ping(1).encode())) == 1


def test_13_2_1_a_message_that_wants_it_is_acknowledged() -> None:
    made = Bmc()
    acknowledgement, pong = made.ask(bytes.fromhex("06000506") + asf.Ping(1).encode()[4:])
    assert acknowledgement == bytes.fromhex("06000586")
    assert asf.decode(pong) == asf.Pong(1)
    assert made.ask(bytes.fromhex("06000506000011be8100") + bytes(2)) == [acknowledgement]


@pytest.mark.parametrize(
    "data",
    [
        "06000586",  # an acknowledgement is never acknowledged
        "0600ff06000011be81000000",  # another ASF message
        "0600ff06000011bf80000000",  # not ASF's enterprise number
        "0500ff06000011be80000000",  # another version of RMCP
        "06000008000011be80000000",  # class OEM
        "06000007000011be80000000",  # class IPMI, but no session header
        "0600ff87000011be80000000",  # an acknowledgement of class IPMI is not allowed
        "0600ff",
        "",
    ],
)
def test_13_2_anything_else_gets_silence(data: str) -> None:
    made = Bmc()
    assert made.sends(bytes.fromhex(data)) == []
    assert not made.seen


def test_13_1_the_rmcp_sequence_of_a_request_does_not_matter() -> None:
    made = everything()
    request = v20.wrap(0, 0, 0, lan_message.wrap_request(*CAPABILITIES, b"\x8e\x04", 1))
    assert len(made.ask(request[:2] + b"\x00" + request[3:])) == 1


def test_13_2_4_a_pong_is_not_answered() -> None:
    assert Bmc().sends(asf.Pong(1).encode()) == []


# both versions


def test_both_versions_share_the_slots_and_the_handles() -> None:
    made = everything(slots=3)
    assert Console15(made).login() == [0, 0]
    assert Console20(made).login() == [0, 0, 0]
    assert Console15(made).login() == [0, 0]
    assert Console20(made, seed=3).login() == [RakpStatus.INSUFFICIENT_RESOURCES]
    assert Console15(made).login() == [0, 0x81]
    handles = [session.handle for session in made.table.sessions.values()]
    assert len(set(handles)) == 3
    assert [session.version for session in made.table.sessions.values()] == [0, 1, 0]


def test_a_session_is_not_entered_in_the_other_format() -> None:
    made = everything()
    old, new = Console15(made, auth_type=0), Console20(made, suite=0)
    old.login()
    new.login()
    new_sidc, new.sidc = new.sidc, old.session_id
    assert new.answer() is None
    new.sidc, old.session_id = new_sidc, new_sidc
    assert made.ask(old.packet(old.asking())) == []
    assert new.answer() is not None


def test_unfinished_logins_never_take_the_place_of_sessions() -> None:
    made = everything(slots=2, pending_slots=8)
    first = Console20(made)
    first.login()
    for seed in range(200):
        stranger = Console20(made, seed=seed, address=("203.0.113.9", seed + 1), suite=12)
        stranger.open()
        stranger.rakp1()
        Console15(made, outbound=seed + 1, address=("203.0.113.9", seed + 1)).get_challenge()
    assert len(made.table.pending) == 8
    second = Console20(made, seed=999)
    assert second.login() == [0, 0, 0]
    assert first.answer() is not None
    assert second.answer() is not None


# answers


def test_an_answer_that_comes_after_the_end_of_its_session_is_not_sent() -> None:
    made = everything()
    console = Console20(made)
    console.login()
    table = made.table
    table.receive(console.request(), HERE, 0.0)
    (late,) = table.events()
    table.receive(console.request(CLOSE, bytes(4)), HERE, 0.0)
    (closing,) = table.events()
    assert isinstance(late, RequestReceived)
    assert isinstance(closing, RequestReceived)
    (session,) = table.sessions.values()
    table.close(session, last=closing)
    table.respond(late, b"\0")
    assert not table.outgoing()
    table.respond(closing, b"\0")
    assert len(table.outgoing()) == 1
    table.respond(closing, b"\0")
    assert not table.outgoing()


class Watched(Confidentiality):
    """One without slots, so that its end can be seen."""


def test_22_19_a_session_and_its_keys_are_gone_with_its_last_answer() -> None:
    """And not only when cycles are collected."""
    made = everything()
    table, console = made.table, Console20(made)
    console.login()
    made.seen.clear()
    table.receive(console.request(CLOSE, bytes(4)), HERE, 0.0)
    (closing,) = table.events()
    (session,) = table.sessions.values()
    assert isinstance(closing, RequestReceived)
    assert isinstance(session, SessionV20)
    session.confidentiality = Watched(session.confidentiality.algorithm)
    keys = weakref.ref(session.confidentiality)
    table.close(session, last=closing)
    table.events()
    gc.disable()
    try:
        table.respond(closing, b"\0")
        del session, closing
        assert keys() is None
    finally:
        gc.enable()


def test_nothing_is_sent_in_a_session_that_ended() -> None:
    made = everything()
    for console in (Console20(made), Console15(made)):
        console.login()
        (session,) = made.table.sessions.values()
        made.table.close(session)
        made.table.send_message(session, b"")
        if isinstance(session, SessionV20):
            made.table.send_payload(session, 1, b"", authenticated=True, encrypted=True)
        assert not made.table.outgoing()


def test_messages_and_payloads_of_the_bmc_go_to_their_session() -> None:
    made = everything()
    old, new = Console15(made), Console20(made)
    old.login()
    new.login()
    table = made.table
    first, second = table.sessions.values()
    assert isinstance(second, SessionV20)
    message = lan_message.wrap_request(0x0C, 0x20, b"", 1, rs_addr=0x81, rq_addr=0x20)
    table.send_message(first, message)
    table.send_message(second, message)
    table.send_payload(second, 1, b"sol", authenticated=True, encrypted=False)
    table.send_payload(second, 1, b"sol", authenticated=False, encrypted=True)
    table.send_payload(second, (7, 9), b"oem", authenticated=False, encrypted=False)
    (old_packet, _), *packets = table.outgoing()
    assert v15.unwrap(old_packet).message == message
    expected = [(0xC0, message), (0x41, b"sol"), (0xC1, b"sol"), (0x02, b"oem")]
    assert [new.unwrap(packet)[::2] for packet, _ in packets] == expected


def test_a_payload_may_go_to_another_address_than_where_the_console_was_heard() -> None:
    made = everything()
    console = Console20(made)
    console.login()
    (session,) = made.table.sessions.values()
    assert isinstance(session, SessionV20)
    elsewhere = ("192.0.2.9", 9)
    for payload in (1, (7, 9)):
        made.table.send_payload(session, payload, b"x", authenticated=True, encrypted=True, address=elsewhere)
    assert [address for _, address in made.table.outgoing()] == [elsewhere, elsewhere]


def test_a_payload_passes_while_it_is_admitted() -> None:
    made = everything()
    console = Console20(made)
    console.login()
    (session,) = made.table.sessions.values()
    assert isinstance(session, SessionV20)
    made.table.admit_payload(session, 1, authenticated=True, encrypted=True)
    assert session.payloads == {1: 0xC0}
    made.ask(console.packet(b"x", 1))
    made.table.refuse_payload(session, 1)
    made.ask(console.packet(b"x", 1))
    made.table.admit_payload(session, (7, 9), authenticated=False, encrypted=False)
    assert session.payloads == {(7, 9): 0}
    assert len(of(PayloadReceived, made.seen)) == 1


def test_events_and_datagrams_are_handed_over_once() -> None:
    made = everything()
    made.table.receive(asf.Ping(1).encode(), HERE, 0.0)
    assert len(made.table.outgoing()) == 1
    assert made.table.outgoing() == []
    made.table.receive(v20.wrap(0, 0, 0, lan_message.wrap_request(*CAPABILITIES, b"\x8e\x04", 1)), HERE, 0.0)
    assert len(made.table.events()) == 1
    assert made.table.events() == []


def test_the_answer_to_a_session_less_request_finds_its_way_after_a_session_was_opened() -> None:
    made = everything()
    made.table.receive(v20.wrap(0, 0, 0, lan_message.wrap_request(*CAPABILITIES, b"\x8e\x04", 1)), THERE, 0.0)
    (request,) = made.table.events()
    Console20(made).login()
    assert isinstance(request, RequestReceived)
    made.table.respond(request, bytes(9))
    ((_, address),) = made.table.outgoing()
    assert address == THERE


# strangers


def bounded(made: Bmc) -> bool:
    table = made.table
    return len(table.sessions) <= table.slots and len(table.pending) <= table.pending_slots


HEADERS = st.sampled_from(
    [
        b"",
        b"\x06\x00\xff\x07",
        b"\x06\x00\xff\x07\x06",
        b"\x06\x00\xff\x06",
        b"\x06\x00\xff\x07\x06\x10" + bytes(8),
    ]
)


@drawn(st.lists(st.tuples(HEADERS, st.binary(max_size=80)), max_size=30))
def test_random_datagrams_open_nothing_and_raise_nothing(datagrams: list[tuple[bytes, bytes]]) -> None:
    made = everything(slots=2, pending_slots=4)
    for head, rest in datagrams:
        made.sends(head + rest)
        assert bounded(made)
    assert not made.table.sessions
    assert Console20(made).login() == [0, 0, 0]


def script(made: Bmc, suite: int, seed: int) -> list[bytes]:
    """The packets of a whole session: login, requests, end."""
    console = Console20(made, suite=suite, seed=seed)
    packets = [v20.wrap(0x10, 0, 0, console.open_request())]
    console.open()
    packets.append(v20.wrap(0x12, 0, 0, console.rakp1_request()))
    console.rakp1()
    packets.append(v20.wrap(0x14, 0, 0, console.rakp3_request()))
    console.rakp3()
    packets += [console.request() for _ in range(2)]
    packets.append(console.request(CLOSE, console.sidc.to_bytes(4, "little")))
    return packets


@drawn(seed=st.integers(0, 2**32), suite=st.sampled_from([0, 3, 12, 17]), changes=st.integers(1, 4))
def test_changed_sessions_stay_bounded_and_leave_the_table_useful(
    seed: int, suite: int, changes: int
) -> None:
    chance = random.Random(seed)
    made = everything(slots=2, pending_slots=4)
    for round_ in range(6):
        for packet in script(made, suite, round_):
            changed = bytearray(packet)
            for _ in range(changes):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            made.sends(bytes(changed[: chance.randint(0, len(changed))]))
            made.sends(bytes(changed))
            assert bounded(made)
        made.table.close_all()
        assert Console20(made, suite=suite, seed=99).login() == [0, 0, 0]
        made.table.close_all()


@drawn(st.lists(st.tuples(st.sampled_from([CHALLENGE, ACTIVATE, CAPABILITIES]), st.binary(max_size=30))))
def test_session_commands_with_any_data_raise_nothing_but_what_is_answered(
    requests: list[tuple[tuple[int, int], bytes]],
) -> None:
    made = everything(pending_slots=4)
    console = Console20(made, suite=0)
    console.login()
    for command, data in requests:
        padded = data.ljust(22, b"\0")
        made.sends(console.request(command, padded))
        made.sends(v20.wrap(0, 0, 0, lan_message.wrap_request(*command, padded, 1)))
        assert bounded(made)


def test_a_session_is_small_and_so_is_an_idle_table() -> None:
    made = everything()
    assert not made.table.sessions
    assert not made.table.pending
    assert not hasattr(made.table, "__dict__")
    Console20(made).login()
    (session,) = made.table.sessions.values()
    assert not hasattr(session, "__dict__")


def test_secrets_are_not_shown() -> None:
    made = everything()
    console = Console20(made)
    console.login()
    for shown in (*made.table.sessions.values(), *made.seen):
        assert repr(OPS.password) not in repr(shown)
