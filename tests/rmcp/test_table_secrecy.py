"""Who learns what from a login that fails (§13.20 to §13.24): strangers nothing, users the truth."""

from __future__ import annotations

import pytest

from baseboard.codes import RakpStatus
from baseboard.crypto.suites import SUITES
from baseboard.rmcp.session import Account
from tests.rmcp.bmc import OPS, THERE, VIEWER, Bmc
from tests.rmcp.consoles import Console20


def bmc(**options: int) -> Bmc:
    made = Bmc(**options)
    made.rules.limits = dict.fromkeys(SUITES, 4)
    return made


def test_an_unknown_user_and_a_wrong_password_cannot_be_told_apart() -> None:
    for suite in (3, 8, 17):
        traces = []
        for name in (b"ops", b"nil"):
            made = bmc()
            console = Console20(made, name=name, password=b"guess", suite=suite)
            statuses = console.login()
            assert not console.proved
            traces.append((statuses, len(console.code), made.rules.succeeded, len(made.table.pending)))
        assert traces[0] == traces[1]
        assert traces[0][0] == [0, 0, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE]


@pytest.mark.parametrize("role", range(0x11, 0x15))
def test_neither_can_they_at_any_level(role: int) -> None:
    outcomes = []
    for name in (b"viewer", b"nil"):
        console = Console20(bmc(), name=name, password=b"guess", role=role)
        outcomes.append(console.login())
    assert outcomes[0] == outcomes[1]


def test_neither_can_a_disabled_user_or_one_without_access() -> None:
    made = bmc()
    made.rules.names[b"locked"] = Account(9, b"right password", 15)
    console = Console20(made, name=b"locked", password=b"right password")
    assert console.login() == [0, 0, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE]
    assert made.rules.failed == [None]


def test_an_unknown_user_has_the_same_key_every_time() -> None:
    made = bmc()
    codes = []
    for _ in range(2):
        console = Console20(made, name=b"nil")
        console.open()
        console.rakp1()
        codes.append((console.sidc, console.rc, console.code))
    assert codes[0] != codes[1]
    assert len(made.table.nobody) == 16


def test_suite_zero_cannot_hide_who_exists_but_opens_nothing_for_strangers() -> None:
    made = bmc()
    assert Console20(made, suite=0, password=b"").login() == [0, 0, 0]
    refused = Console20(made, suite=0, name=b"nil", password=b"").login()
    assert refused == [0, 0, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE]


def test_13_20_a_level_above_the_users_is_told_to_those_who_know_the_password() -> None:
    made = bmc()
    console = Console20(made, name=b"viewer", password=VIEWER.password, role=0x13)
    assert console.login() == [0, 0, RakpStatus.UNAUTHORIZED_ROLE]
    assert not made.table.sessions
    assert not made.rules.failed
    lower = Console20(made, name=b"viewer", password=VIEWER.password, role=0x12)
    assert lower.login() == [0, 0, 0]


def test_22_26_so_is_the_users_session_limit() -> None:
    made = bmc()
    for expected in ([0, 0, 0], [0, 0, RakpStatus.INSUFFICIENT_RESOURCES]):
        console = Console20(made, name=b"viewer", password=VIEWER.password, role=0x12)
        assert console.login() == expected


def test_13_24_a_slot_taken_meanwhile_is_missed_at_the_end() -> None:
    made = bmc(slots=1)
    first, second = Console20(made), Console20(made, seed=8, address=THERE)
    first.open()
    second.open()
    first.rakp1()
    second.rakp1()
    assert first.rakp3() == 0
    assert second.rakp3() == RakpStatus.INSUFFICIENT_RESOURCES
    assert first.answer() is not None


def test_13_24_with_login_errors_revealed_rakp_2_says_what_is_wrong() -> None:
    made = bmc()
    made.rules.reveal_login_errors = True
    assert Console20(made, name=b"nil").login() == [0, RakpStatus.UNAUTHORIZED_NAME]
    assert Console20(made, name=b"viewer", role=0x14).login() == [0, RakpStatus.UNAUTHORIZED_ROLE]
    wrong = Console20(made, password=b"guess")
    assert wrong.login() == [0, 0, RakpStatus.INVALID_INTEGRITY_CHECK_VALUE]
    assert Console20(made).login() == [0, 0, 0]


def test_23_4_wrong_passwords_are_counted_once_each() -> None:
    made = bmc()
    for name, user in ((b"ops", 2), (b"nil", None)):
        console = Console20(made, name=name, password=b"guess")
        console.login()
        assert console.rakp3() == RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
        assert made.rules.failed == [user]
        made.rules.failed.clear()


def test_23_4_nobody_is_counted_for_a_login_that_was_only_begun() -> None:
    made = bmc()
    console = Console20(made)
    console.open()
    console.rakp1()
    made.table.expire(999.0)
    assert not made.rules.failed
    assert not made.table.pending


@pytest.mark.parametrize("after", [None, Account(2, b"new password", 4), Account(5, OPS.password, 4)])
def test_a_user_changed_or_locked_out_during_the_login_is_kept_out(after: Account | None) -> None:
    made = bmc()
    console = Console20(made)
    console.open()
    console.rakp1()
    if after is None:
        del made.rules.names[b"ops"]
    else:
        made.rules.names[b"ops"] = after
    assert console.rakp3() == RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
    assert not made.table.sessions
    assert not made.rules.failed


def test_limits_changed_during_the_login_hold() -> None:
    for change in ({"limit": 2}, {"limits": {3: 2}}, {"names": {b"ops": Account(2, OPS.password, 2)}}):
        made = bmc()
        console = Console20(made)
        console.open()
        console.rakp1()
        for name, value in change.items():
            setattr(made.rules, name, value)
        assert console.rakp3() == RakpStatus.UNAUTHORIZED_ROLE
