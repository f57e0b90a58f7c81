"""The bad password threshold: who is locked out, how long, and the event that tells (§23, parameter 26)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import SensorSpec, UserSpec
from baseboard.codes import SensorType
from tests.conformance.bench import ADMIN, LAN, OPERATOR, WholeBmc, alive, bench

INVALID_ICV, UNAUTHORIZED_NAME = 0x0F, 0x0D
AUDIT = SensorSpec(0x2A, "Sessions", int(SensorType.SESSION_AUDIT), event_type=0x6F, record=2, states=0xF)
VERSIONS = pytest.mark.parametrize("version", [15, 20])


def locking(threshold: int = 3, *, reset_s: int = 0, lockout_s: int = 0, log: bool = False) -> WholeBmc:
    bmc = bench(sensors=(AUDIT,))
    numbers = (reset_s // 10).to_bytes(2, "little") + (lockout_s // 10).to_bytes(2, "little")
    assert bmc.system(0x01, bytes((LAN, 26, log, threshold)) + numbers, netfn=0x0C) == b"\0"
    return bmc


def attempt(bmc: WholeBmc, version: int, user: UserSpec = ADMIN) -> bool:
    """Try to log in; a session that comes of it is closed again."""
    if version == 15:
        good = bmc.v15(user).login() == [0, 0]
    else:
        good = bmc.v20(user, seed=int(bmc.clock.now() * 1000)).login() == [0, 0, 0]
    bmc.clock.advance(0.001)
    bmc.table.close_all()
    return good


def fail(bmc: WholeBmc, version: int, times: int, user: UserSpec = ADMIN) -> None:
    for _ in range(times):
        assert not attempt(bmc, version, replace(user, password=b"guess"))


@VERSIONS
def test_23_26_bad_passwords_in_a_row_lock_the_user_out(version: int) -> None:
    bmc = locking(3)
    fail(bmc, version, 2)
    assert attempt(bmc, version), "not yet"
    fail(bmc, version, 3)
    assert not attempt(bmc, version), "the right password does not help any more"
    assert not attempt(bmc, 35 - version), "in neither version"
    assert attempt(bmc, version, OPERATOR), "others are not concerned"


@VERSIONS
def test_23_26_both_versions_count_together(version: int) -> None:
    bmc = locking(3)
    fail(bmc, version, 1)
    fail(bmc, 35 - version, 2)
    assert not attempt(bmc, version)


@VERSIONS
def test_23_26_a_good_login_starts_the_count_again(version: int) -> None:
    bmc = locking(3)
    for _ in range(3):
        fail(bmc, version, 2)
        assert attempt(bmc, version)


@VERSIONS
def test_23_26_a_threshold_of_zero_locks_nobody_out(version: int) -> None:
    bmc = locking(0)
    fail(bmc, version, 50)
    assert attempt(bmc, version)


@VERSIONS
def test_23_26_a_user_stays_out_for_the_interval(version: int) -> None:
    bmc = locking(2, lockout_s=60)
    fail(bmc, version, 2)
    bmc.advance(50)
    assert not attempt(bmc, version)
    bmc.advance(10)
    assert attempt(bmc, version)


@VERSIONS
def test_23_26_an_interval_of_zero_lasts_until_the_user_is_enabled_by_command(version: int) -> None:
    bmc = locking(2)
    fail(bmc, version, 2)
    bmc.advance(100_000)
    assert not attempt(bmc, version)
    assert bmc.system(0x47, bytes((ADMIN.user_id, 1))) == b"\0"
    assert attempt(bmc, version)


@VERSIONS
def test_23_26_an_administrator_may_end_an_interval(version: int) -> None:
    bmc = locking(2, lockout_s=3600)
    fail(bmc, version, 2)
    console = bmc.in_v20(replace(OPERATOR, privilege=3), level=3)
    assert console.ask(0x06, 0x47, bytes((ADMIN.user_id, 1))) == b"\xd4"
    assert bmc.system(0x47, bytes((ADMIN.user_id, 1))) == b"\0"
    assert attempt(bmc, version)


@VERSIONS
def test_23_26_attempts_while_locked_out_do_not_prolong_it(version: int) -> None:
    bmc = locking(2, lockout_s=60)
    fail(bmc, version, 2)
    for _ in range(5):
        bmc.advance(11)
        fail(bmc, version, 2)
    bmc.advance(5)
    assert attempt(bmc, version)


@VERSIONS
def test_23_26_the_count_starts_again_after_a_quiet_interval(version: int) -> None:
    bmc = locking(3, reset_s=20)
    fail(bmc, version, 2)
    bmc.advance(21)
    fail(bmc, version, 2)
    assert attempt(bmc, version)
    fail(bmc, version, 2)
    bmc.advance(10)
    fail(bmc, version, 1)
    assert not attempt(bmc, version)


@VERSIONS
def test_23_26_a_session_that_is_open_goes_on(version: int) -> None:
    bmc = locking(2)
    console = bmc.in_v20(seed=999)
    for _ in range(2):
        if version == 15:
            assert bmc.v15(replace(ADMIN, password=b"?")).login() == [0, None]
        else:
            assert bmc.v20(replace(ADMIN, password=b"?")).login() == [0, 0, INVALID_ICV]
        bmc.advance(1)
    assert alive(console)


def test_23_26_only_a_wrong_code_counts() -> None:
    """RAKP 1 and Get Session Challenge cost nothing to spoof, so they lock nobody out."""
    bmc = locking(1)
    for number in range(20):
        begun = bmc.v20(seed=number)
        assert [begun.open(), begun.rakp1()] == [0, 0]
        assert bmc.v15().get_challenge() == 0
        given_up = bmc.v20(seed=100 + number)
        assert [given_up.open(), given_up.rakp1()] == [0, 0]
        assert given_up.rakp3(given_up.rakp3_request(status=0x0F, code=b"")) is None
    assert attempt(bmc, 20)
    assert attempt(bmc, 15)


def test_23_26_a_wrong_code_counts_once_however_often_it_is_repeated() -> None:
    bmc = locking(2)
    console = bmc.v20()
    assert [console.open(), console.rakp1()] == [0, 0]
    wrong = console.rakp3_request(code=bytes(32))
    assert [console.rakp3(wrong) for _ in range(10)] == [INVALID_ICV] * 10
    assert attempt(bmc, 20)


def test_23_26_suite_0_proves_nothing_and_forgives_nothing() -> None:
    bmc = locking(3)
    fail(bmc, 20, 2)
    assert bmc.v20(suite=0).login() == [0, 0, 0]
    assert bmc.v15(auth_type=0).login() == [0, 0]
    fail(bmc, 20, 1)
    assert not attempt(bmc, 20)


def test_23_26_a_user_who_is_locked_out_is_like_one_who_does_not_exist() -> None:
    bmc = locking(1)
    fail(bmc, 20, 1)
    assert bmc.v20().login() == [0, 0, INVALID_ICV]
    assert bmc.v15().login() == [0, None]
    assert bmc.v15().ask_outside(0x06, 0x38, b"\x8e\x04") is not None


@VERSIONS
def test_42_a_lock_out_is_a_session_audit_event(version: int) -> None:
    bmc = locking(2, log=True)
    fail(bmc, version, 1)
    assert entries(bmc) == []
    fail(bmc, version, 4)
    (record,) = entries(bmc)
    assert record[2] == 0x02, "a system event record"
    assert record[7:9] == b"\x20\x00", "of the BMC"
    assert (record[10], record[11]) == (0x2A, AUDIT.number)
    assert record[12] == 0x6F
    # Offset 3, invalid password disable, then the user and the channel (Table 42-3).
    assert record[13] & 0x0F == 3
    assert (record[14] & 0x3F, record[15] & 0x0F) == (ADMIN.user_id, LAN)


@VERSIONS
def test_42_without_the_bit_there_is_no_event_and_for_strangers_never(version: int) -> None:
    bmc = locking(2)
    fail(bmc, version, 5)
    assert entries(bmc) == []
    telling = locking(2, log=True)
    fail(telling, version, 10, replace(ADMIN, name=b"nobody"))
    assert entries(telling) == []
    assert attempt(telling, version)


def entries(bmc: WholeBmc) -> list[bytes]:
    """The SEL's records."""
    found, number = [], 0
    while number != 0xFFFF:
        answer = bmc.system(0x43, bytes((0, 0)) + number.to_bytes(2, "little") + b"\x00\xff", netfn=0x0A)
        if answer[0]:
            break
        number = int.from_bytes(answer[1:3], "little")
        found.append(answer[3:])
    return found
