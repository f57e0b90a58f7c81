"""Users: who may log in where, and what of it survives (§6.9, §22.26-22.30)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.services.users import SOL_PAYLOAD_BIT, Users
from baseboard.errors import CompletionError
from tests.bmc.services.homes import make_home

LAN = 1


def test_users_of_the_blueprint_may_log_in() -> None:
    users = Users(make_home())
    assert [(user.user_id, user.name) for user, _ in users.usable(LAN)] == [(2, b"admin"), (3, b"oper")]
    assert users.enabled_count(LAN) == 2
    assert users.access(LAN, 3).limit == 3
    assert users.access(LAN, 2).standard_payloads == SOL_PAYLOAD_BIT


def test_a_user_that_was_never_set_up_is_disabled_and_nameless() -> None:
    users = Users(make_home())
    user = users.get(7)
    assert (user.name, user.enabled) == (b"", False)
    assert (users.access(LAN, 7).limit, users.access(LAN, 7).messaging) == (0xF, False)


@pytest.mark.parametrize("user_id", [0, 16, 63])
def test_other_ids_do_not_exist(user_id: int) -> None:
    users = Users(make_home())
    with pytest.raises(CompletionError, match="^CCh"):
        users.get(user_id)
    with pytest.raises(CompletionError, match="^CCh"):
        users.access(LAN, user_id)


def test_a_name_ends_at_its_first_zero_and_user_one_has_none() -> None:
    users = Users(make_home())
    users.set_name(5, b"new\0rest".ljust(16, b"\0"))
    assert users.get(5).name == b"new"
    with pytest.raises(CompletionError, match="^CCh"):
        users.set_name(1, b"root".ljust(16, b"\0"))


def test_a_user_needs_enable_messaging_and_a_limit_to_log_in() -> None:
    users = Users(make_home(users=()))
    users.set_name(4, b"four")
    users.set_password(4, b"secret".ljust(16, b"\0"), 16)
    users.set_enabled(4, True)
    assert users.enabled_count(LAN) == 0
    access = users.access(LAN, 4)
    access.limit, access.messaging = 2, True
    users.set_access(LAN, 4, access)
    assert [user.user_id for user, _ in users.usable(LAN)] == [4]
    users.set_enabled(4, False)
    assert users.enabled_count(LAN) == 0
    users.set_enabled(4, True)
    access.limit = 0xF
    users.set_access(LAN, 4, access)
    assert users.enabled_count(LAN) == 0


def test_everything_survives_a_restart() -> None:
    home = make_home()
    users = Users(home)
    users.set_name(2, b"root")
    users.set_password(2, b"p" * 20, 20)
    users.set_enabled(3, False)
    access = users.access(LAN, 2)
    access.limit, access.callback, access.link_auth, access.session_limit = 3, True, True, 4
    access.standard_payloads, access.oem_payloads = 0, 0x81
    users.set_access(LAN, 2, access)
    again = Users(home.again())
    assert (again.get(2).name, again.get(2).password, again.get(2).size) == (b"root", b"p" * 20, 20)
    assert not again.get(3).enabled
    kept = again.access(LAN, 2)
    assert (kept.limit, kept.messaging, kept.callback, kept.link_auth) == (3, True, True, True)
    assert (kept.session_limit, kept.standard_payloads, kept.oem_payloads) == (4, 0, 0x81)


def test_the_blueprint_is_not_changed_by_what_users_do() -> None:
    spec = UserSpec(2, b"admin", b"pw")
    home = make_home(users=(spec,))
    Users(home).set_name(2, b"other")
    assert home.blueprint.users == (spec,)
    assert Users(make_home(users=(spec,))).get(2).name == b"admin"
