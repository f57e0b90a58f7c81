"""Who may log in over a serial channel (§6.9, §6.12, Table 25-4)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.serial_login import SerialPolicy
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters.serial import AuthenticationTypeEnables, BadPasswordThreshold
from baseboard.rmcp.session import Account
from tests.bmc.harness import Bench
from tests.serial_line import bench


def policy(made: Bench, *, early: bool = True) -> SerialPolicy:
    services = made.services
    return SerialPolicy(
        services.login, services.users, services.channels, services.lan, services.serial.parameters, 2,
        services.device.guid, reveal=False, early=lambda: early,
    )  # fmt: skip


def admin(rules: SerialPolicy) -> Account:
    account = rules.find_v15(b"admin")
    assert account is not None
    return account


def test_users_have_rights_of_their_own_on_each_channel() -> None:
    made = bench()
    access = made.services.users.access(2, 2)
    access.limit = 2
    made.services.users.set_access(2, 2, access)
    assert admin(policy(made)).limit == 2
    assert made.services.users.access(1, 2).limit == 4


def test_25_4_types_are_those_of_parameter_2() -> None:
    made = bench(auth_types=0x14)
    rules = policy(made)
    assert (rules.auth_types(4), rules.v15_enabled()) == (0x14, True)
    none = AuthTypes(0)
    made.services.serial.parameters.set(
        AuthenticationTypeEnables(callback=none, user=none, operator=none, administrator=none, oem=none)
    )
    assert (rules.auth_types(4), rules.v15_enabled()) == (0, False)


@pytest.mark.parametrize(
    ("mode", "early", "open_"), [(0, True, False), (1, True, True), (1, False, False), (2, False, True)]
)
def test_6_4_when_the_channel_takes_messages(mode: int, early: bool, open_: bool) -> None:
    made = bench()
    made.services.channels.set_access(2, stored=False, mode=mode)
    assert policy(made, early=early).channel_open() is open_


def test_6_9_who_is_restricted_to_callback_has_that_level_until_called() -> None:
    made = bench()
    rules = policy(made)
    assert rules.limit(admin(rules), called_back=False) == 4
    access = made.services.users.access(2, 2)
    access.callback = True
    made.services.users.set_access(2, 2, access)
    assert rules.limit(admin(rules), called_back=False) == 1
    assert rules.limit(admin(rules), called_back=True) == 4
    made.services.channels.set_access(2, stored=False, limit=3)
    assert rules.limit(admin(rules), called_back=True) == 3


def test_25_4_bad_passwords_lock_out_by_the_channels_own_rule() -> None:
    made = bench()
    rules = policy(made)
    for _ in range(9):
        rules.login_failed(admin(rules))
    made.services.serial.parameters.set(
        BadPasswordThreshold(threshold=2, reset_interval=0, lockout_interval=1)
    )
    made.services.login.forgive(2)
    rules.login_failed(None)
    rules.login_failed(admin(rules))
    rules.login_failed(admin(rules))
    assert rules.find_v15(b"admin") is None
    made.advance(10.0)
    rules.login_succeeded(admin(rules))
