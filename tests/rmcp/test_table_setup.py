"""The BMC's half of a v2.0 login (§13.17 to §13.24)."""

from __future__ import annotations

import itertools

import pytest

from baseboard.codes import RakpStatus
from baseboard.crypto.suites import SUITES
from baseboard.rmcp.pending import HalfOpen, Stage
from baseboard.rmcp.session import Account, SessionOpened, SessionV20
from baseboard.rmcp.setup import Rakp1, Rakp3, Refusal
from baseboard.rmcp.table_setup import TABLE
from tests.rmcp.bmc import GUID, HERE, OPS, THERE, VIEWER, Bmc, of
from tests.rmcp.consoles import OPEN, RAKP_1, RAKP_3, Console15, Console20, setup_packet

KG = bytes(range(1, 21))
EVERY_SUITE = dict.fromkeys(SUITES, 4)


def bmc(**options: int) -> Bmc:
    made = Bmc(**options)
    made.rules.limits = dict(EVERY_SUITE)
    return made


def status(answer: bytes | None) -> int:
    assert answer is not None
    return Refusal.decode(answer[:8]).status


@pytest.mark.parametrize("suite", SUITES)
def test_13_16_a_login_succeeds_under_every_suite(suite: int) -> None:
    made = bmc()
    console = Console20(made, suite=suite)
    assert console.login() == [0, 0, 0]
    assert console.proved
    assert console.keyed
    assert console.guid == GUID
    assert console.granted == 4
    (session,) = made.table.sessions.values()
    assert isinstance(session, SessionV20)
    assert (session.id, session.console_session_id) == (console.sidc, console.sidm)
    assert (session.suite.id, session.user_id, session.channel) == (suite, 2, 1)
    assert (session.privilege, session.max_privilege) == (2, 4)
    assert not made.table.pending
    assert made.rules.succeeded == ([2] if suite else [])
    assert len(of(SessionOpened, made.seen)) == 1


@pytest.mark.parametrize("suite", [3, 8, 17])
def test_13_31_two_key_login(suite: int) -> None:
    made = bmc()
    made.rules.key = KG
    console = Console20(made, suite=suite, kg=KG)
    assert console.login() == [0, 0, 0]
    assert console.keyed
    assert console.answer() is not None


def test_13_31_every_byte_of_kg_counts_the_last_one_too() -> None:
    made = bmc()
    made.rules.key = KG
    console = Console20(made, kg=KG[:19])
    assert console.login() == [0, 0, 0]
    assert not console.keyed
    assert console.answer() is None


def test_13_31_a_kg_that_begins_with_zero_is_not_null() -> None:
    made = bmc()
    made.rules.key = bytes(19) + b"\x01"
    console = Console20(made, kg=bytes(19) + b"\x01")
    assert console.login() == [0, 0, 0]
    assert console.keyed
    stranger = Console20(made)
    stranger.login()
    assert not stranger.keyed


@pytest.mark.parametrize("suite", [2, 3, 8, 11, 12, 17])
@pytest.mark.parametrize("password", [b"", b"x", b"16 bytes exactly", b"and twenty bytes too"])
def test_13_31_passwords_of_any_size_up_to_twenty(suite: int, password: bytes) -> None:
    made = bmc()
    made.rules.names = {b"ops": Account(2, password, 4)}
    console = Console20(made, password=password, suite=suite)
    assert console.login() == [0, 0, 0]
    assert console.answer() is not None


def test_13_17_privilege_zero_is_answered_with_the_level_there_is() -> None:
    made = bmc()
    made.rules.limits = {3: 3}
    console = Console20(made, role=0x13, privilege=0)
    assert console.open() == 0
    assert console.granted == 3


def test_13_17_the_session_has_the_least_of_all_limits() -> None:
    made = bmc()
    console = Console20(made, privilege=3, role=0x14)
    assert console.login() == [0, 0, 0]
    (session,) = made.table.sessions.values()
    assert session.max_privilege == 3


def test_9_a_callback_session_starts_and_stays_at_callback() -> None:
    made = bmc()
    assert Console20(made, role=0x11).login() == [0, 0, 0]
    (session,) = made.table.sessions.values()
    assert (session.privilege, session.max_privilege) == (1, 1)


# Open Session


def test_13_17_a_short_request_is_refused_and_a_stump_gets_silence() -> None:
    made = bmc()
    console = Console20(made)
    request = console.open_request()
    assert status(console.exchange(OPEN, request[:31])) == RakpStatus.ILLEGAL_PARAMETER
    assert status(console.exchange(OPEN, request[:8])) == RakpStatus.ILLEGAL_PARAMETER
    assert console.exchange(OPEN, request[:7]) is None
    assert not made.table.pending


def test_13_18_a_refusal_has_eight_bytes_with_tag_and_console_id() -> None:
    made = bmc()
    made.rules.limits = {17: 4}
    console = Console20(made, suite=3)
    console.tag = 0x5A
    answer = console.exchange(OPEN, console.open_request())
    assert answer == bytes((0x5A, 0x11, 0, 0)) + console.sidm.to_bytes(4, "little")


def test_13_17_a_long_request_is_read_to_where_it_ends() -> None:
    made = bmc()
    console = Console20(made)
    assert console.exchange(OPEN, console.open_request() + bytes(9)) is not None
    assert len(made.table.pending) == 1


def test_a_message_that_is_much_too_long_is_not_kept() -> None:
    made = bmc()
    console = Console20(made)
    assert console.exchange(OPEN, console.open_request().ljust(129, b"\0")) is None
    assert not made.table.pending
    assert console.exchange(OPEN, console.open_request().ljust(128, b"\0")) is not None


def test_13_18_without_a_slot_there_is_no_session() -> None:
    made = bmc(slots=1)
    assert Console20(made).login() == [0, 0, 0]
    other = Console20(made, seed=8, address=THERE)
    assert other.open() == RakpStatus.INSUFFICIENT_RESOURCES
    assert not made.table.pending


def test_4_1_an_open_session_request_sent_again_gets_the_same_answer() -> None:
    made = bmc()
    console = Console20(made)
    first = console.exchange(OPEN, console.open_request())
    assert console.exchange(OPEN, console.open_request()) == first
    assert len(made.table.pending) == 1
    stranger = made.ask(setup_packet(OPEN, console.open_request()), THERE)
    assert stranger
    assert len(made.table.pending) == 2


def test_4_1_after_rakp_1_the_same_open_session_request_is_a_new_login() -> None:
    # Several consoles use one SIDm and one tag for all of their logins.
    made = bmc()
    console = Console20(made)
    console.open()
    first = console.sidc
    console.rakp1()
    console.open()
    assert console.sidc != first
    assert console.rakp1() == 0
    assert console.rakp3() == 0


def test_half_open_sessions_are_bounded_and_the_oldest_goes_first() -> None:
    made = bmc(pending_slots=4)
    owner = Console20(made)
    owner.login()
    early, late = Console20(made, seed=8), Console20(made, seed=9)
    early.open()
    late.open()
    for seed in range(10, 13):
        Console20(made, seed=seed).open()
    assert len(made.table.pending) == 4
    assert early.rakp1() == RakpStatus.INVALID_SESSION_ID
    assert late.rakp1() == 0
    assert late.rakp3() == 0
    for seed in range(100, 400):
        Console20(made, seed=seed, address=THERE).open()
    assert len(made.table.pending) == 4
    assert owner.answer() is not None


# RAKP 1


def changed_rakp1(console: Console20, **fields: object) -> bytes:
    values = {
        "tag": 0, "bmc_session_id": console.sidc, "rm": console.rm, "role": console.role,
        "username": console.name, **fields,
    }  # fmt: skip
    return Rakp1(**values).encode()  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("role", [0x10, 0x00, 0x16, 0x1F])
def test_13_20_a_reserved_role_is_invalid(role: int) -> None:
    assert Console20(bmc(), role=role).login() == [0, RakpStatus.INVALID_ROLE]


def test_13_20_a_name_of_more_than_sixteen_bytes_is_too_long() -> None:
    console = Console20(bmc())
    console.open()
    head = changed_rakp1(console, username=b"")[:-1]
    for packet in (head + b"\x11" + b"n" * 17, head + b"\xff"):
        assert status(console.exchange(RAKP_1, packet)) == RakpStatus.INVALID_NAME_LENGTH


@pytest.mark.parametrize("size", [8, 24, 27, 28, 30])
def test_13_20_a_message_that_ends_early_is_illegal(size: int) -> None:
    console = Console20(bmc())
    console.open()
    assert status(console.exchange(RAKP_1, console.rakp1_request()[:size])) == RakpStatus.ILLEGAL_PARAMETER
    assert console.rakp1() == 0


def test_13_20_a_name_padded_to_sixteen_bytes_is_read_by_its_length() -> None:
    made = bmc()
    console = Console20(made)
    console.open()
    padded = console.rakp1_request() + bytes(13)
    assert len(padded) == 44
    assert status(console.exchange(RAKP_1, padded)) == 0


@pytest.mark.parametrize(("channel", "suite"), [(3, 4), (4, 3)])
def test_9_a_role_above_channel_or_suite_is_refused_to_anybody(channel: int, suite: int) -> None:
    for name in (b"ops", b"nobody"):
        made = bmc()
        made.rules.limit, made.rules.limits = channel, {3: suite}
        assert Console20(made, name=name).login() == [0, RakpStatus.UNAUTHORIZED_ROLE]
        assert Console20(made, name=name, role=0x13).login()[:2] == [0, 0]


def test_13_20_after_a_refusal_another_rakp_1_may_come() -> None:
    console = Console20(bmc(), role=0x1F)
    console.open()
    assert console.rakp1() == RakpStatus.INVALID_ROLE
    console.role = 0x14
    assert console.rakp1() == 0
    assert console.rakp3() == 0


ALIASES = {b"ops": Account(2, b"as admin", 4), b"ops ": Account(3, b"as operator", 3)}


class TwoOfAName:
    """Two users of one name: each level has its own password."""

    def find(self, name: bytes, privilege: int, name_only: bool) -> Account | None:
        users = list(ALIASES.values())
        return next((user for user in users if name_only or user.limit == privilege), None)


@pytest.mark.parametrize(
    ("role", "password"), [(0x14, b"as admin"), (0x04, b"as admin"), (0x03, b"as operator")]
)
def test_13_20_the_lookup_bit_chooses_between_users(role: int, password: bytes) -> None:
    made = bmc()
    made.rules.find = TwoOfAName().find  # type: ignore[method-assign]  # another look-up
    console = Console20(made, role=role, password=password)
    assert console.login() == [0, 0, 0]
    assert console.keyed


@pytest.mark.parametrize(("role", "found"), [(0x04, True), (0x03, False), (0x14, True), (0x13, True)])
def test_13_20_role_only_logins_have_no_name(role: int, found: bool) -> None:
    made = bmc()
    made.rules.names = {b"": Account(1, b"shared", 4)}
    console = Console20(made, name=b"", password=b"shared", role=role)
    assert console.login() == ([0, 0, 0] if found else [0, 0, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE])


def test_9_1_an_anonymous_login_has_neither_name_nor_password() -> None:
    made = bmc()
    made.rules.names = {b"": Account(1, b"", 4)}
    console = Console20(made, name=b"", password=b"")
    assert console.login() == [0, 0, 0]
    assert console.answer() is not None


def test_a_name_with_a_zero_byte_is_nobodys() -> None:
    made = bmc()
    console = Console20(made, name=b"ops\0")
    made.rules.names[b"ops\0"] = OPS
    assert console.login() == [0, 0, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE]


@pytest.mark.parametrize("revealed", [False, True])
def test_13_24_what_is_wrong_is_told_at_once_only_if_it_is_revealed(revealed: bool) -> None:
    made = bmc()
    made.rules.reveal_login_errors = revealed
    late = [0, 0, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE]
    assert Console20(made, name=b"nil").login() == ([0, RakpStatus.UNAUTHORIZED_NAME] if revealed else late)
    higher = Console20(made, name=b"viewer", password=VIEWER.password, role=0x13).login()
    assert higher == [0, *([] if revealed else [0]), RakpStatus.UNAUTHORIZED_ROLE]
    lower = Console20(made, name=b"viewer", password=VIEWER.password, role=0x12)
    assert lower.login() == [0, 0, 0]
    again = Console20(made, name=b"viewer", password=VIEWER.password, role=0x12)
    assert again.login() == [0, 0, RakpStatus.INSUFFICIENT_RESOURCES]


def test_a_user_removed_during_the_login_is_kept_out() -> None:
    made = bmc()
    console = Console20(made)
    console.open()
    console.rakp1()
    made.rules.names.clear()
    assert console.rakp3() == RakpStatus.INVALID_INTEGRITY_CHECK_VALUE


# RAKP 3, order and repeats


def test_13_22_a_console_that_gives_up_ends_the_login() -> None:
    made = bmc()
    console = Console20(made)
    console.open()
    console.rakp1()
    assert console.exchange(RAKP_3, console.rakp3_request(status=0x0F)) is None
    assert not made.table.pending
    assert console.rakp3() == RakpStatus.INVALID_SESSION_ID


@pytest.mark.parametrize("suite", [1, 3, 8, 17])
def test_13_22_a_code_cut_short_is_wrong(suite: int) -> None:
    made = bmc()
    console = Console20(made, suite=suite)
    console.open()
    console.rakp1()
    whole = console.rakp3_request()
    assert status(console.exchange(RAKP_3, whole[:-1])) == RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
    assert console.rakp3() == RakpStatus.INVALID_SESSION_ID
    assert not made.table.sessions


def reach(stage: Stage) -> tuple[Bmc, Console20]:
    made = bmc()
    console = Console20(made)
    console.open()
    if stage is not Stage.OPENED:
        console.rakp1()
    if stage is Stage.REFUSED:
        console.exchange(RAKP_3, console.rakp3_request()[:-1])
    (pending,) = made.table.pending.values()
    assert isinstance(pending, HalfOpen)
    assert pending.stage is stage
    return made, console


@pytest.mark.parametrize(("stage", "kind"), list(itertools.product(Stage, (RAKP_1, RAKP_3))))
def test_every_stage_answers_every_message(stage: Stage, kind: int) -> None:
    made, console = reach(stage)
    console.rm = bytes(16)
    request = console.rakp1_request() if kind == RAKP_1 else console.rakp3_request()
    answer = console.exchange(kind, request)
    if (stage, kind) in TABLE:
        assert status(answer) == 0
    else:
        gone = stage is Stage.REFUSED
        expected = RakpStatus.INVALID_SESSION_ID if gone else RakpStatus.INACTIVE_SESSION_ID
        assert status(answer) == expected
        assert not made.table.sessions


def test_4_1_rakp_1_sent_again_gets_the_same_random_number() -> None:
    made, console = reach(Stage.CHALLENGED)
    request = console.rakp1_request()
    first, second = console.exchange(RAKP_1, request), console.exchange(RAKP_1, request)
    assert first == second
    assert console.rakp3() == 0
    assert made.table.sessions


@pytest.mark.parametrize("suite", [0, 3, 17])
def test_4_1_what_is_sent_again_under_another_tag_is_answered_under_it(suite: int) -> None:
    """FreeIPMI gives each attempt a tag of its own; no code covers it."""
    made = bmc()
    console = Console20(made, suite=suite)
    console.open()
    for kind, request in ((RAKP_1, console.rakp1_request), (RAKP_3, console.rakp3_request)):
        first = console.exchange(kind, request())
        assert status(first) == 0
        assert first is not None
        console.tag += 1
        again = console.exchange(kind, request())
        assert again == bytes((console.tag,)) + first[1:]
        if kind == RAKP_1:
            assert console.rakp1() == 0
    assert len(made.table.sessions) == 1
    assert console.rakp3() == 0
    assert console.keyed
    assert console.answer() is not None


def test_4_1_rakp_3_sent_again_gets_the_same_answer_until_the_session_is_used() -> None:
    made = bmc()
    console = Console20(made)
    console.login()
    request = console.rakp3_request()
    first = console.exchange(RAKP_3, request)
    assert status(first) == 0
    assert console.exchange(RAKP_3, request) == first
    other = Rakp3(tag=9, bmc_session_id=console.sidc, code=bytes(20)).encode()
    assert status(console.exchange(RAKP_3, other)) == RakpStatus.INVALID_SESSION_ID
    assert len(made.table.sessions) == 1
    assert made.rules.succeeded == [2]
    assert console.answer() is not None
    assert status(console.exchange(RAKP_3, request)) == RakpStatus.INVALID_SESSION_ID


def test_4_1_a_refused_rakp_3_sent_again_is_refused_the_same() -> None:
    made, console = reach(Stage.REFUSED)
    request = console.rakp3_request()[:-1]
    assert status(console.exchange(RAKP_3, request)) == RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
    assert len(made.rules.failed) == 1


def test_13_20_an_unknown_session_id_is_refused() -> None:
    console = Console20(bmc())
    console.sidc = 0x12345678
    answer = console.exchange(RAKP_1, console.rakp1_request())
    assert answer == bytes((0, RakpStatus.INVALID_SESSION_ID)) + bytes(6)


def test_the_id_of_a_v15_challenge_is_no_half_open_session() -> None:
    made = bmc()
    made.rules.types = dict.fromkeys(range(1, 6), 0b111)
    challenged = Console15(made)
    challenged.get_challenge()
    console = Console20(made)
    console.sidc = challenged.temporary
    assert status(console.exchange(RAKP_1, console.rakp1_request())) == RakpStatus.INVALID_SESSION_ID


@pytest.mark.parametrize("kind", [0x11, 0x13, 0x15, 0x16, 0x1F, 0x20, 0x3F, 0x01, 0x02])
def test_13_16_what_only_a_bmc_says_gets_silence(kind: int) -> None:
    made = bmc()
    console = Console20(made)
    console.open()
    assert console.exchange(kind, console.rakp1_request()) is None


def test_a_session_answers_where_its_login_came_from_last() -> None:
    made = bmc()
    console = Console20(made)
    console.open()
    console.rakp1()
    console.address = THERE
    assert console.rakp3() == 0
    (session,) = made.table.sessions.values()
    assert session.address == THERE != HERE
