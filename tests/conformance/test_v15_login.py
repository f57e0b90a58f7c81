"""Get Session Challenge and Activate Session: how a v1.5 session comes about (§6.12.7, §22.16, §22.17)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.commands.app.sessions import ActivateSession, GetSessionChallenge
from baseboard.crypto.authcode import authcode
from baseboard.rmcp import lan_message, v15
from baseboard.testing.raw_console import RawConsoleV15
from tests.conformance.bench import (
    ADMIN,
    ANONYMOUS,
    APP,
    CALLER,
    ELSEWHERE,
    EVERY_TYPE,
    LAN,
    LONG,
    MD2,
    MD5,
    NONE,
    NULL,
    OPERATOR,
    PASSWORD,
    VIEWER,
    WholeBmc,
    alive,
    bench,
    set_level,
)
from tests.conformance.marks import exercises

TYPES = pytest.mark.parametrize("auth_type", [NONE, MD2, MD5, PASSWORD])


@exercises(GetSessionChallenge, ActivateSession)
@TYPES
def test_22_17_a_login_by_every_type(auth_type: int) -> None:
    bmc = bench()
    console = bmc.in_v15(auth_type=auth_type)
    assert (console.told, console.granted) == (auth_type, 4)
    assert console.session_id not in (0, console.temporary)
    assert console.inbound != 0
    assert alive(console)
    (session,) = bmc.sessions
    assert (session.user_id, session.version) == (ADMIN.user_id, 0)


@TYPES
def test_22_17_1_the_activation_is_answered_under_the_temporary_id(auth_type: int) -> None:
    console = bench().v15(auth_type=auth_type, outbound=0xFEDCBA98)
    assert console.get_challenge() == 0
    answer = console.send(console.activate_packet())
    assert answer is not None
    packet = v15.unwrap(answer)
    assert (packet.auth_type, packet.session_id) == (auth_type, console.temporary)
    assert packet.sequence == 0xFEDCBA98, "the answer is the first packet of its direction"
    expected = authcode(auth_type, ADMIN.password, console.temporary, packet.message, 0xFEDCBA98)
    assert packet.code == expected


@exercises(GetSessionChallenge)
def test_22_16_a_challenge_is_fresh_and_its_id_is_not_zero() -> None:
    bmc, seen = bench(), set()
    for _ in range(20):
        console = bmc.v15()
        assert console.get_challenge() == 0
        seen.add((console.temporary, console.challenge))
    assert len({number for number, _ in seen}) == len({text for _, text in seen}) == 20
    assert 0 not in {number for number, _ in seen}
    assert all(any(text) for _, text in seen)


@pytest.mark.parametrize("auth_type", [MD2, PASSWORD, NONE])
def test_22_16_a_type_that_is_not_enabled_is_refused(auth_type: int) -> None:
    assert bench(auth_types=1 << MD5).v15(auth_type=auth_type).get_challenge() == 0xCC


@pytest.mark.parametrize("auth_type", [3, 5, 6, 7, 15])
def test_22_16_a_type_that_does_not_exist_is_refused(auth_type: int) -> None:
    assert bench().v15(auth_type=auth_type).get_challenge() == 0xCC


def test_22_16_without_enabled_types_there_are_no_v15_logins() -> None:
    bmc = bench(auth_types=0)
    assert [bmc.v15(auth_type=kind).get_challenge() for kind in (NONE, MD2, MD5, PASSWORD)] == [0xCC] * 4
    assert bmc.v20().login() == [0, 0, 0]


@exercises(ActivateSession)
@pytest.mark.parametrize("user", [OPERATOR, VIEWER, CALLER], ids=lambda user: user.name.decode())
def test_22_17_a_level_above_the_users_is_refused_not_lowered(user: UserSpec) -> None:
    console = bench().v15(user, privilege=user.privilege + 1)
    assert console.login() == [0, 0x86]


def test_22_17_a_level_above_the_channels_is_refused() -> None:
    bmc = bench()
    bmc.system(0x40, bytes((LAN, 0, 0x80 | 2)))
    assert bmc.v15(privilege=3).login() == [0, 0x86]
    assert bmc.v15(privilege=2).login() == [0, 0]


@pytest.mark.parametrize("privilege", [0, 6, 7, 15])
def test_22_17_a_reserved_level_is_invalid(privilege: int) -> None:
    assert bench().v15(privilege=privilege).login() == [0, 0xCC]


def test_22_17_a_user_without_access_does_not_log_in() -> None:
    nobody = replace(VIEWER, privilege=15)
    bmc = bench(users=(ADMIN, nobody))
    assert bmc.v15(nobody, privilege=1).login() == [0, None]
    assert not bmc.sessions


def test_22_17_a_type_that_the_level_does_not_allow_is_refused() -> None:
    bmc = bench()
    # LAN parameter 2: MD5 for Callback to Operator, MD2 for administrators.
    assert bmc.system(0x01, bytes((LAN, 2, 4, 4, 4, 2, 0)), netfn=0x0C) == b"\0"
    assert bmc.v15(auth_type=MD5).login() == [0, 0xCC]
    assert bmc.v15(auth_type=MD5, privilege=3).login() == [0, 0]
    assert bmc.v15(auth_type=MD2).login() == [0, 0]


def activated(console: RawConsoleV15, **changes: object) -> int | None:
    for name, value in changes.items():
        setattr(console, name, value)
    return console.activate()


def test_22_17_the_challenge_must_be_the_one_that_was_given() -> None:
    console = bench().v15()
    console.get_challenge()
    assert activated(console, challenge=bytes(16)) == 0xCC


def test_22_17_an_outbound_number_of_zero_is_out_of_range() -> None:
    console = bench().v15(outbound=0)
    assert console.login() == [0, 0x84]
    assert activated(console, outbound=1) == 0


def test_22_17_the_type_inside_is_the_type_outside() -> None:
    console = bench().v15()
    console.get_challenge()
    data = bytes((MD2,)) + console.activation()[1:]
    assert console.activate(console.activate_packet(data)) == 0xCC
    assert console.activate() == 0


@TYPES
def test_22_17_another_type_than_the_challenges_gets_silence(auth_type: int) -> None:
    console = bench().v15(auth_type=MD5 if auth_type != MD5 else MD2)
    console.get_challenge()
    assert activated(console, auth_type=auth_type) is None


@pytest.mark.parametrize("auth_type", [MD2, MD5, PASSWORD])
def test_22_17_a_wrong_password_gets_silence(auth_type: int) -> None:
    bmc = bench()
    console = bmc.v15(replace(ADMIN, password=b"adminpW"), auth_type=auth_type)
    assert console.login() == [0, None]
    assert not bmc.sessions
    assert activated(console, password=ADMIN.password) == 0, "the challenge is still good"


def test_22_17_a_forged_authcode_gets_silence() -> None:
    console = bench().v15()
    console.get_challenge()
    packet = console.activate_packet()
    for place in range(13, 29):
        assert console.activate(packet[:place] + bytes((packet[place] ^ 0x80,)) + packet[place + 1 :]) is None
    assert console.activate(packet) == 0


def test_22_17_another_source_gets_silence() -> None:
    console = bench().v15()
    console.get_challenge()
    here, console.address = console.address, ELSEWHERE
    assert console.activate() is None
    console.address = here
    assert console.activate() == 0


def test_6_12_7_a_temporary_id_serves_activate_session_with_sequence_zero_only() -> None:
    bmc = bench()
    console = bmc.v15()
    console.get_challenge()
    console.session_id, console.inbound = console.temporary, 1
    assert console.activate(console.activate_packet(sequence=1)) is None
    for cmd, data in ((0x01, b""), (0x38, b"\x8e\x04"), (0x37, b""), (0x3C, bytes(4))):
        for sequence in (0, 1):
            packet = console.packet(console.message(APP, cmd, data), sequence=sequence)
            assert console.send(packet) is None
    assert console.activate() == 0


@pytest.mark.parametrize("number", [1, 0x1234, 0xFFFFFFFF])
def test_6_12_7_a_temporary_id_that_was_not_given_gets_silence(number: int) -> None:
    console = bench().v15()
    console.get_challenge()
    assert number != console.temporary
    assert activated(console, temporary=number) is None


def test_6_12_7_an_activation_sent_again_gets_the_same_answer() -> None:
    bmc = bench()
    console = bmc.v15()
    console.get_challenge()
    packet = console.activate_packet()
    first = console.send(packet)
    assert first is not None
    assert [console.send(packet) for _ in range(3)] == [first] * 3
    # A console that retries counts its rqSeq as it likes; the session stays the same one.
    assert console.activate() == 0
    assert [session.id for session in bmc.sessions] == [console.session_id]
    assert alive(console)


def test_6_12_7_the_temporary_id_ends_with_the_first_packet_of_the_session() -> None:
    console = bench().in_v15()
    again = console.activate_packet()
    assert console.send(again) is not None
    assert alive(console)
    assert console.send(again) is None
    assert console.send(console.activate_packet()) is None
    assert alive(console)


def test_6_12_7_an_unauthenticated_packet_does_not_end_it() -> None:
    console = bench().in_v15()
    forged = console.packet(console.message(APP, 1), password=b"wrong", sequence=console.inbound)
    assert console.send(forged) is None
    assert console.activate() == 0


def test_22_17_activate_session_inside_its_session_sets_a_new_outbound_number() -> None:
    bmc = bench()
    console = bmc.in_v15()
    assert alive(console)
    assert console.sequence == 0x1001
    answer = console.ask(APP, 0x3A, console.activation()[:18] + (0x7000).to_bytes(4, "little"))
    assert answer is not None
    assert answer[0] == 0
    assert int.from_bytes(answer[2:6], "little") == console.session_id
    assert int.from_bytes(answer[6:10], "little") == console.inbound, "the console goes on counting"
    assert console.sequence == 0x7000
    assert alive(console)
    assert console.sequence == 0x7001
    assert len(bmc.sessions) == 1


@pytest.mark.parametrize(
    ("user", "level"),
    [(ADMIN, 2), (OPERATOR, 2), (VIEWER, 2), (CALLER, 1)],
    ids=str,
)
def test_6_12_7_a_session_starts_at_user_or_stays_at_callback(user: UserSpec, level: int) -> None:
    bmc = bench()
    console = bmc.in_v15(user)
    (session,) = bmc.sessions
    assert session.privilege == level
    if level == 1:
        assert set_level(console, 2) == b"\xd4"
        assert session.privilege == 1


def test_22_30_a_password_of_20_bytes_cannot_log_in_by_v15() -> None:
    bmc = bench()
    # The name is known, the password is right: it is the size under which it was set that counts.
    assert bmc.v15(replace(LONG, password=LONG.password[:16])).login() == [0, None]
    bmc.system(0x47, bytes((0x80 | ADMIN.user_id, 2)) + ADMIN.password.ljust(20, b"\0"))
    assert bmc.v15(ADMIN).login() == [0, None]
    assert bmc.v20(ADMIN).login() == [0, 0, 0]
    bmc.system(0x47, bytes((ADMIN.user_id, 2)) + ADMIN.password.ljust(16, b"\0"))
    assert bmc.v15(ADMIN).login() == [0, 0]


def test_22_30_a_password_of_16_bytes_logs_in_by_either_version() -> None:
    whole = replace(ADMIN, password=bytes(range(0xF0, 0x100)))
    bmc = bench(users=(whole,))
    assert alive(bmc.in_v15(whole))
    assert alive(bmc.in_v20(whole))


def nameless(user: UserSpec) -> WholeBmc:
    return bench(users=(ADMIN, user))


def test_22_16_null_and_anonymous_users_log_in_if_there_are_some() -> None:
    for user in (NULL, ANONYMOUS):
        assert alive(nameless(user).in_v15(user))
    assert bench().v15(NULL).login() == [0, None]
    assert nameless(NULL).v15(ANONYMOUS).login() == [0, None]


def test_22_16_the_name_is_compared_exactly() -> None:
    bmc = bench()
    for name in (b"Admin", b"admin ", b"adm", b"admin\0x", b"adminadminadmin!"):
        assert bmc.v15(replace(ADMIN, name=name)).login() == [0, None], name


def test_6_9_the_first_enabled_user_of_that_name_is_meant() -> None:
    twins = (
        replace(ADMIN, user_id=3, password=b"third", enabled=False),
        replace(ADMIN, user_id=5, password=b"fifth"),
        replace(ADMIN, user_id=7, password=b"seventh"),
    )
    bmc = bench(users=twins)
    assert [bmc.v15(twin).login()[-1] for twin in twins] == [None, 0, None]
    assert bmc.sessions[0].user_id == 5


def test_22_17_two_logins_at_a_time_do_not_disturb_each_other() -> None:
    bmc = bench(auth_types=EVERY_TYPE)
    first, second = bmc.v15(), bmc.v15(OPERATOR, auth_type=MD2)
    assert [first.get_challenge(), second.get_challenge()] == [0, 0]
    assert [second.activate(), first.activate()] == [0, 0]
    assert alive(first)
    assert alive(second)
    assert first.session_id != second.session_id


def test_22_17_a_login_may_take_a_challenge_for_another_user_of_the_same_password_nowhere() -> None:
    """The challenge is bound to the user who asked for it."""
    bmc = bench(users=(ADMIN, replace(OPERATOR, password=ADMIN.password)))
    console = bmc.v15(OPERATOR, privilege=4)
    console.password = ADMIN.password
    assert console.login() == [0, 0x86]


def test_22_17_an_answer_never_shows_the_password_to_a_stranger() -> None:
    """Straight passwords travel in answers too, but only to those who sent the right one."""
    bmc = bench()
    console = bmc.v15(replace(ADMIN, password=b"guess"), auth_type=PASSWORD)
    assert console.login() == [0, None]
    message = lan_message.wrap_request(APP, 0x39, bytes((PASSWORD,)) + b"admin".ljust(16, b"\0"), 1)
    (answer,) = bmc.carry(v15.wrap(0, 0, 0, message))
    assert ADMIN.password not in answer
