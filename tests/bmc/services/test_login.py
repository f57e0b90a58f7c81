"""Who is found for a login, and who is locked out after bad passwords (§13.20, §6.9, LAN parameter 26)."""

from __future__ import annotations

from baseboard.bmc.blueprint import LanSpec, UserSpec
from baseboard.bmc.services.channels import Channels
from baseboard.bmc.services.lan import LanParameters
from baseboard.bmc.services.login import Login, Policy
from baseboard.bmc.services.users import Users
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.declaration import load_all
from baseboard.commands.parameters.lan import BadPasswordThreshold
from tests.bmc.services.homes import FakeHome, make_home

LAN = 1
TWICE = (
    UserSpec(2, b"ops", b"first", privilege=2),
    UserSpec(3, b"ops", b"second", size=16, privilege=4),
    UserSpec(4, b"", b"role", privilege=3),
    UserSpec(5, b"gone", b"pw", enabled=False),
    UserSpec(6, b"none", b"pw", privilege=0xF),
)


class Made:
    """The services that logging in needs."""

    def __init__(self, home: FakeHome) -> None:
        self.home = home
        self.users, self.channels, self.lan = Users(home), Channels(home), LanParameters(home)
        self.login = Login(home, self.users, self.channels, self.lan)
        self.policy: Policy = self.login.policy(LAN, lambda: bytes(16))


def found(policy: Policy, name: bytes, privilege: int, *, name_only: bool) -> int | None:
    account = policy.find(name, privilege, name_only)
    return None if account is None else account.user_id


def test_the_look_up_is_by_name_or_by_name_and_privilege() -> None:
    policy = Made(make_home(users=TWICE)).policy
    assert found(policy, b"ops", 4, name_only=True) == 2
    assert found(policy, b"ops", 4, name_only=False) == 3
    assert found(policy, b"ops", 3, name_only=False) is None
    assert found(policy, b"OPS", 4, name_only=True) is None


def test_a_role_alone_finds_the_user_without_a_name() -> None:
    policy = Made(make_home(users=TWICE)).policy
    assert found(policy, b"", 3, name_only=False) == 4
    assert found(policy, b"", 4, name_only=False) is None
    assert found(policy, b"", 4, name_only=True) == 4


def test_disabled_users_and_those_without_access_are_not_found() -> None:
    policy = Made(make_home(users=TWICE)).policy
    assert found(policy, b"gone", 4, name_only=True) is None
    assert found(policy, b"none", 4, name_only=True) is None


def test_a_v15_login_needs_a_password_set_as_16_bytes() -> None:
    policy = Made(make_home(users=TWICE)).policy
    account = policy.find_v15(b"ops")
    assert account is not None
    assert (account.user_id, account.password) == (3, b"second")
    assert policy.find_v15(b"") is None


def test_the_policy_is_what_the_parameters_say() -> None:
    made = Made(make_home(lan=LanSpec(suites=((3, 2), (17, 4)), auth_types=int(AuthTypes.MD5), kg=b"k")))
    policy = made.policy
    assert (policy.channel, policy.guid(), policy.reveal_login_errors) == (LAN, bytes(16), False)
    assert policy.kg() == b"k" + bytes(19)
    assert (policy.suite_limit(3), policy.suite_limit(17), policy.suite_limit(0)) == (2, 4, 0)
    assert (policy.v15_enabled(), policy.v20_enabled(), policy.auth_types(4)) == (True, True, 4)
    assert (policy.channel_open(), policy.channel_limit()) == (True, 4)
    assert (policy.per_message_auth(), policy.user_level_auth()) == (True, True)
    made.channels.set_access(
        LAN, stored=False, mode=0, limit=2, per_message_disabled=True, user_level_disabled=True
    )
    assert (policy.channel_open(), policy.channel_limit()) == (False, 2)
    assert (policy.per_message_auth(), policy.user_level_auth()) == (False, False)


def test_user_level_commands_are_known_by_their_number() -> None:
    load_all()
    policy = Made(make_home()).policy
    assert policy.at_user_level(0x06, 0x01, b"")  # Get Device ID
    assert not policy.at_user_level(0x00, 0x02, b"\x01")  # Chassis Control
    assert not policy.at_user_level(0x2C, 0x01, b"\x7f")
    assert not policy.at_user_level(0x3E, 0x99, b"")


def threshold(made: Made, bad: int, *, reset: int = 0, lockout: int = 0, log: bool = False) -> None:
    made.lan.set(
        BadPasswordThreshold(threshold=bad, reset_interval=reset, lockout_interval=lockout, log_event=log)
    )


def fail(made: Made, times: int) -> None:
    account = made.policy.find(b"admin", 4, True)
    for _ in range(times):
        made.policy.login_failed(account)


def test_without_a_threshold_nobody_is_locked_out() -> None:
    made = Made(make_home())
    fail(made, 100)
    made.policy.login_failed(None)
    assert found(made.policy, b"admin", 4, name_only=True) == 2


def test_bad_passwords_in_a_row_lock_the_user_out_for_the_interval() -> None:
    made = Made(make_home())
    told: list[tuple[int, int]] = []
    made.login.on_lockout.append(lambda channel, user_id: told.append((channel, user_id)))
    threshold(made, 3, lockout=6, log=True)
    fail(made, 2)
    assert found(made.policy, b"admin", 4, name_only=True) == 2
    fail(made, 5)
    assert told == [(LAN, 2)]
    assert found(made.policy, b"admin", 4, name_only=True) is None
    assert found(made.policy, b"oper", 3, name_only=True) == 3
    made.home.clock.advance(59.9)
    assert made.login.locked_out(2)
    made.home.clock.advance(0.1)
    assert found(made.policy, b"admin", 4, name_only=True) == 2


def test_without_an_interval_only_an_administrator_lets_the_user_in_again() -> None:
    made = Made(make_home())
    threshold(made, 1)
    fail(made, 1)
    made.home.clock.advance(1e6)
    assert made.login.locked_out(2)
    made.login.forgive(2)
    assert not made.login.locked_out(2)


def test_a_good_login_or_a_quiet_interval_starts_the_count_again() -> None:
    made = Made(make_home())
    threshold(made, 2, reset=1)
    fail(made, 1)
    made.home.clock.advance(10.1)
    fail(made, 1)
    assert not made.login.locked_out(2)
    account = made.policy.find(b"admin", 4, True)
    assert account is not None
    made.policy.login_succeeded(account)
    fail(made, 1)
    assert not made.login.locked_out(2)
    fail(made, 1)
    assert made.login.locked_out(2)
