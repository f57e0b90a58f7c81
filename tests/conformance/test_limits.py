"""How many sessions and logins there may be, and for how long (§6.12, Table 6-7, §22.17, §22.26)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.rmcp.machine import Address
from baseboard.rmcp.registry import HALF_OPEN
from tests.conformance.bench import ADMIN, APP, ELSEWHERE, LAN, VIEWER, WholeBmc, alive, bench

NO_RESOURCES = 0x01
PENDING = 64


def address(number: int) -> Address:
    return (f"198.51.100.{number & 0xFF}", 1024 + number)


def begin(bmc: WholeBmc, number: int, *, old: bool = False) -> None:
    """Begin a login that nobody finishes."""
    if old:
        assert bmc.v15(address=address(number)).get_challenge() == 0
    else:
        assert bmc.v20(address=address(number), seed=number).open() == 0


@pytest.mark.parametrize("slots", [1, 4, 5])
def test_22_17_without_a_free_slot_there_is_no_session(slots: int) -> None:
    bmc = bench(session_slots=slots)
    consoles = [bmc.in_v15(address=address(n)) if n & 1 else bmc.in_v20(seed=n) for n in range(slots)]
    assert bmc.v15(address=ELSEWHERE).login() == [0, 0x81]
    assert bmc.v20(address=ELSEWHERE).login() == [NO_RESOURCES]
    assert all(alive(console) for console in consoles)
    bmc.table.close(bmc.sessions[0])
    assert bmc.v20(address=ELSEWHERE).login() == [0, 0, 0]


def test_13_24_a_slot_taken_during_the_login_is_missed_at_its_end() -> None:
    bmc = bench(session_slots=1)
    slow, quick = bmc.v20(), bmc.v20(address=ELSEWHERE, seed=8)
    assert [slow.open(), slow.rakp1()] == [0, 0]
    assert quick.login() == [0, 0, 0]
    assert slow.rakp3() == NO_RESOURCES
    assert alive(quick)


def test_22_26_a_users_session_limit() -> None:
    bmc = bench()
    assert bmc.system(0x43, bytes((LAN, ADMIN.user_id, 4, 2))) == b"\0"
    first, second = bmc.in_v15(), bmc.in_v20()
    assert bmc.v15(address=ELSEWHERE).login() == [0, 0x82], "no slot for this user"
    assert bmc.v20(address=ELSEWHERE, seed=8).login() == [0, 0, NO_RESOURCES]
    assert bmc.v20(VIEWER, address=ELSEWHERE, seed=9).login() == [0, 0, 0], "others are not concerned"
    assert alive(first)
    assert alive(second)
    assert second.ask(APP, 0x3C, second.sidc.to_bytes(4, "little")) == b"\0"
    assert bmc.v15(address=ELSEWHERE).login() == [0, 0]


def test_22_26_a_limit_of_zero_is_none_and_without_byte_4_it_stays() -> None:
    bmc = bench()
    bmc.system(0x43, bytes((LAN, ADMIN.user_id, 4, 1)))
    assert bmc.v20().login() == [0, 0, 0]
    bmc.system(0x43, bytes((LAN, ADMIN.user_id, 4)))
    assert bmc.v20(seed=8).login() == [0, 0, NO_RESOURCES]
    bmc.system(0x43, bytes((LAN, ADMIN.user_id, 4, 0)))
    assert bmc.v20(seed=9).login() == [0, 0, 0]


def test_22_26_the_limit_is_told_only_to_who_knows_the_password() -> None:
    bmc = bench()
    bmc.system(0x43, bytes((LAN, ADMIN.user_id, 4, 1)))
    bmc.in_v20()
    guess = replace(ADMIN, password=b"guess")
    assert bmc.v20(guess, seed=8).login() == [0, 0, 0x0F]
    assert bmc.v15(guess).login() == [0, None]


@pytest.mark.parametrize("old", [False, True])
def test_6_2_logins_under_way_are_bounded(old: bool) -> None:
    bmc = bench()
    for number in range(20 * PENDING):
        begin(bmc, number, old=old)
        assert len(bmc.table.pending) <= PENDING
    assert len(bmc.table.pending) == PENDING
    assert bmc.v20().login() == [0, 0, 0]
    assert bmc.v15().login() == [0, 0]


@pytest.mark.parametrize("old", [False, True])
def test_6_2_the_oldest_login_goes_first_and_the_latest_stay(old: bool) -> None:
    bmc = bench()
    first = bmc.v20(address=ELSEWHERE)
    assert [first.open(), first.rakp1()] == [0, 0]
    for number in range(PENDING - 1):
        begin(bmc, number, old=old)
    last = bmc.v20(address=ELSEWHERE, seed=8)
    assert [last.open(), last.rakp1()] == [0, 0]
    assert first.rakp3() == 0x02, "it made room"
    assert last.rakp3() == 0


@pytest.mark.parametrize("old", [False, True])
def test_6_2_unfinished_logins_never_evict_an_active_session(old: bool) -> None:
    bmc = bench(session_slots=2)
    new, other = bmc.in_v20(), bmc.in_v15(address=ELSEWHERE)
    for number in range(3 * PENDING):
        if old:
            begin(bmc, number, old=True)
        else:
            # Without a free slot a v2.0 login does not even begin.
            assert bmc.v20(address=address(number), seed=number).open() == NO_RESOURCES
    assert alive(new)
    assert alive(other)
    assert len(bmc.sessions) == 2


def test_6_2_unfinished_logins_take_no_slots() -> None:
    bmc = bench(session_slots=1)
    for number in range(PENDING):
        begin(bmc, number, old=bool(number & 1))
    assert not bmc.sessions
    assert bmc.v20().login() == [0, 0, 0]


def test_6_2_logins_of_one_version_do_not_starve_the_other() -> None:
    bmc = bench()
    for number in range(3 * PENDING):
        begin(bmc, number, old=True)
    assert bmc.v20().login() == [0, 0, 0]
    for number in range(3 * PENDING):
        begin(bmc, number)
    assert bmc.v15().login() == [0, 0]


def test_6_2_a_login_that_is_not_finished_is_forgotten() -> None:
    bmc = bench()
    new, old = bmc.v20(), bmc.v15(address=ELSEWHERE)
    assert [new.open(), new.rakp1(), old.get_challenge()] == [0, 0, 0]
    bmc.advance(HALF_OPEN - 1)
    assert len(bmc.table.pending) == 2
    bmc.advance(1)
    assert not bmc.table.pending
    assert bmc.sent == [], "nobody is told"
    assert new.rakp3() == 0x02
    assert old.activate() is None


def test_6_2_a_slow_login_is_in_time() -> None:
    """Consoles give up after about 20 seconds; a BMC that forgets after 3 would lose slow ones."""
    bmc = bench()
    new, old = bmc.v20(), bmc.v15(address=ELSEWHERE)
    assert [new.open(), old.get_challenge()] == [0, 0]
    bmc.advance(10)
    assert new.rakp1() == 0
    bmc.advance(10)
    assert [new.rakp3(), old.activate()] == [0, 0]
    assert alive(new)


def test_6_2_repeats_do_not_keep_a_login() -> None:
    bmc = bench()
    console = bmc.v20()
    request = console.open_request()
    assert console.open(request) == 0
    for _ in range(3):
        bmc.advance(9)
        assert console.open(request) == 0
    bmc.advance(9)
    assert not bmc.table.pending


def test_table_6_7_each_session_has_its_own_minute() -> None:
    bmc = bench()
    first = bmc.in_v20()
    bmc.advance(30)
    second = bmc.in_v15(address=ELSEWHERE)
    bmc.advance(29)
    assert alive(second)
    bmc.advance(1)
    assert [session.id for session in bmc.sessions] == [second.session_id]
    assert first.ask(APP, 0x01) is None
    bmc.advance(60)
    assert not bmc.sessions


def test_table_6_7_a_session_that_is_used_lasts_for_hours() -> None:
    bmc = bench()
    console = bmc.in_v20()
    for _ in range(240):
        bmc.advance(30)
        assert alive(console)
    bmc.advance(60)
    assert not bmc.sessions
    assert bmc.v20(seed=9).login() == [0, 0, 0]


def test_22_30_a_disabled_users_sessions_end() -> None:
    bmc = bench()
    console, old, other = bmc.in_v20(VIEWER), bmc.in_v15(VIEWER), bmc.in_v20(address=ELSEWHERE, level=4)
    answer = other.ask(APP, 0x47, bytes((VIEWER.user_id, 0)))
    assert answer == b"\0"
    assert console.ask(APP, 0x01) is None
    assert old.ask(APP, 0x01) is None
    assert alive(other)


def test_22_30_a_new_password_holds_for_new_logins() -> None:
    """The key of a session is the one of its activation."""
    bmc = bench()
    new, old = bmc.in_v20(suite=12), bmc.in_v15(address=ELSEWHERE)
    bmc.system(0x47, bytes((ADMIN.user_id, 2)) + b"changed".ljust(16, b"\0"))
    assert alive(new)
    assert alive(old)
    assert bmc.v20(seed=8).login() == [0, 0, 0x0F]
    changed = replace(ADMIN, password=b"changed")
    assert bmc.v20(changed, seed=9).login() == [0, 0, 0]
    assert bmc.v15(changed).login() == [0, 0]


def test_22_30_a_password_changed_during_a_login_ends_it() -> None:
    bmc = bench()
    new, old = bmc.v20(), bmc.v15(address=ELSEWHERE)
    assert [new.open(), new.rakp1(), old.get_challenge()] == [0, 0, 0]
    bmc.system(0x47, bytes((ADMIN.user_id, 2)) + b"changed".ljust(16, b"\0"))
    assert new.rakp3() == 0x0F
    assert old.activate() is None


def test_20_2_a_reset_of_the_controller_ends_every_session_and_login() -> None:
    for cmd in (0x02, 0x03):
        bmc = bench()
        console, pending = bmc.in_v20(level=4), bmc.v20(seed=8)
        assert pending.open() == 0
        assert console.ask(APP, cmd) == b"\0", "answered first"
        bmc.advance(30)
        assert not bmc.sessions
        assert pending.rakp1() == 0x02
        assert console.ask(APP, 0x01) is None
        assert bmc.v20(seed=9).login() == [0, 0, 0]
