"""Who a name and a role in RAKP 1 stand for, and which level the session may have (§13.20, §6.9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.rmcp.setup import NAME_ONLY
from tests.conformance.bench import (
    ADMIN,
    ANONYMOUS,
    APP,
    CALLER,
    ELSEWHERE,
    KG,
    LAN,
    NULL,
    OPERATOR,
    VIEWER,
    WholeBmc,
    alive,
    bench,
    set_level,
)

# Table 13-15.
UNAUTHORIZED_ROLE, UNAUTHORIZED_NAME, INVALID_ICV = 0x0A, 0x0D, 0x0F

TWINS = (
    UserSpec(2, b"twin", b"viewer's", privilege=2),
    UserSpec(3, b"twin", b"admin's", privilege=4),
    UserSpec(4, b"twin", b"operator's", privilege=3),
)


def entered(bmc: WholeBmc, name: bytes, password: bytes, role: int) -> int | None:
    """Log in; return the user ID of the session, None where there is none."""
    user = replace(ADMIN, name=name, password=password)
    if bmc.v20(user, role=role).login() != [0, 0, 0]:
        return None
    session = bmc.sessions[-1]
    bmc.table.close(session)
    return session.user_id


def test_13_20_with_the_name_only_bit_the_first_of_that_name_is_meant() -> None:
    bmc = bench(users=TWINS)
    assert entered(bmc, b"twin", b"viewer's", NAME_ONLY | 2) == 2
    assert entered(bmc, b"twin", b"admin's", NAME_ONLY | 4) is None
    assert entered(bmc, b"twin", b"viewer's", NAME_ONLY | 4) is None, "limited afterwards"
    assert entered(bmc, b"twin", b"viewer's", NAME_ONLY | 1) == 2


def test_13_20_without_it_name_and_level_are_looked_up() -> None:
    bmc = bench(users=TWINS)
    assert entered(bmc, b"twin", b"viewer's", 2) == 2
    assert entered(bmc, b"twin", b"admin's", 4) == 3
    assert entered(bmc, b"twin", b"operator's", 3) == 4
    assert entered(bmc, b"twin", b"admin's", 3) is None
    assert entered(bmc, b"twin", b"admin's", 1) is None, "equal, not at least"


ROLES = (
    UserSpec(1, b"", b"operator's", privilege=3),
    UserSpec(2, b"", b"admin's", privilege=4),
    UserSpec(3, b"admin", b"named", privilege=4),
)


def test_13_20_a_role_only_login_has_no_name_and_no_bit() -> None:
    bmc = bench(users=ROLES)
    assert entered(bmc, b"", b"operator's", 3) == 1
    assert entered(bmc, b"", b"admin's", 4) == 2
    assert entered(bmc, b"", b"named", 4) is None
    assert entered(bmc, b"", b"operator's", 2) is None


def test_13_20_no_name_with_the_bit_is_the_first_null_user() -> None:
    bmc = bench(users=ROLES)
    assert entered(bmc, b"", b"operator's", NAME_ONLY | 3) == 1
    assert entered(bmc, b"", b"operator's", NAME_ONLY | 2) == 1
    assert entered(bmc, b"", b"admin's", NAME_ONLY | 4) is None


def test_9_1_null_and_anonymous_users_log_in_if_there_are_some() -> None:
    for user in (NULL, ANONYMOUS):
        console = bench(users=(ADMIN, user)).in_v20(user)
        assert alive(console)
    assert bench().v20(NULL).login() == [0, 0, INVALID_ICV]
    assert bench().v20(ANONYMOUS).login() == [0, 0, INVALID_ICV]
    switched_off = replace(ANONYMOUS, enabled=False)
    assert bench(users=(ADMIN, switched_off)).v20(ANONYMOUS).login() == [0, 0, INVALID_ICV]


def test_9_1_for_an_anonymous_user_kg_is_a_password() -> None:
    bmc = bench(users=(ADMIN, ANONYMOUS), kg=KG)
    stranger = bmc.v20(ANONYMOUS)
    assert stranger.login() == [0, 0, 0]
    assert not stranger.keyed
    assert stranger.ask(APP, 0x01) is None
    assert alive(bmc.in_v20(ANONYMOUS, kg=KG, address=ELSEWHERE))


def test_13_20_names_are_compared_exactly() -> None:
    bmc = bench()
    for name in (b"Admin", b"admin ", b"adm", b"admin\0", b"\0", b"\0admin"):
        assert bmc.v20(replace(ADMIN, name=name)).login() == [0, 0, INVALID_ICV], name


@pytest.mark.parametrize("change", [{"enabled": False}, {"privilege": 15}], ids=["disabled", "no access"])
def test_13_20_a_user_that_may_not_log_in_is_as_if_absent(change: dict[str, int]) -> None:
    other = replace(ADMIN, **change)  # type: ignore[arg-type]  # of the right types for their fields
    bmc = bench(users=(other,))
    assert bmc.v20(ADMIN).login() == [0, 0, INVALID_ICV]
    revealing = bench(users=(other,), reveal=True)
    assert revealing.v20(ADMIN).login() == [0, UNAUTHORIZED_NAME]


def test_22_26_a_user_needs_messaging_on_the_channel() -> None:
    bmc = bench()
    # Set User Access: change bits, messaging off.
    assert bmc.system(0x43, bytes((0x80 | LAN, ADMIN.user_id, 4))) == b"\0"
    assert bmc.v20().login() == [0, 0, INVALID_ICV]
    assert bmc.v15().login() == [0, None]
    assert bmc.system(0x43, bytes((0x90 | LAN, ADMIN.user_id, 4))) == b"\0"
    assert bmc.v20().login() == [0, 0, 0]


def test_13_20_a_role_above_the_users_is_refused_to_who_knows_the_password() -> None:
    bmc = bench()
    for user, role in ((OPERATOR, 4), (VIEWER, 3), (VIEWER, 5), (CALLER, 2)):
        status = bmc.v20(user, role=NAME_ONLY | role).login()
        assert status[-1] == UNAUTHORIZED_ROLE, user.name
    assert not bmc.sessions


def test_13_20_a_role_above_the_channels_is_refused() -> None:
    bmc = bench()
    bmc.system(0x40, bytes((LAN, 0, 0x80 | 3)))
    assert bmc.v20().login() == [0, UNAUTHORIZED_ROLE]
    assert bmc.v20(role=NAME_ONLY | 3, seed=8).login() == [0, 0, 0]


def test_13_20_a_role_above_the_suites_is_refused() -> None:
    bmc = bench(suites=((3, 3), (17, 4)))
    assert bmc.v20(suite=3).login() == [0, UNAUTHORIZED_ROLE]
    assert bmc.v20(suite=3, role=NAME_ONLY | 3, seed=8).login() == [0, 0, 0]
    assert bmc.v20(suite=17).login() == [0, 0, 0]


def test_9_the_session_has_the_least_of_all_limits() -> None:
    """Open Session asks for User, RAKP 1 for Administrator: the session ends at User."""
    bmc = bench()
    console = bmc.in_v20(privilege=2)
    assert set_level(console, 3) == b"\x81"
    assert set_level(console, 2) == b"\0\x02"


@pytest.mark.parametrize(("user", "level"), [(ADMIN, 2), (OPERATOR, 2), (VIEWER, 2), (CALLER, 1)], ids=str)
def test_9_a_session_starts_at_user_or_stays_at_callback(user: UserSpec, level: int) -> None:
    bmc = bench()
    console = bmc.in_v20(user)
    (session,) = bmc.sessions
    assert session.privilege == level
    if level == 1:
        assert set_level(console, 2) == b"\xd4"
