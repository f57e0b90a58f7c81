"""The users of a described BMC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.configuration.credentials import secret
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.services.users import NULL_USER
from baseboard.codes import Privilege

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import User

_FIRST_NAMED = 2
V15_SIZE, V20_SIZE = 16, 20
"""Bytes of a password in IPMI v1.5, and in v2.0 (§22.30)."""


def user_specs(
    users: Sequence[User], spot: Spot, maximum: int, restricted: str = "", *, v15: bool = False
) -> tuple[UserSpec, ...]:
    """The users as the BMC is shipped with them.

    Args:
        users: as described.
        spot: of the list.
        maximum: user IDs that the BMC has.
        restricted: why nobody may do without a name or a password; empty = somebody may.
        v15: sessions of IPMI v1.5 are offered, for which passwords of 16 bytes are kept as such.
    """
    specs: dict[int, UserSpec] = {}
    asked = {user.id for user in users if user.id is not None}
    for number, user in enumerate(users):
        here = spot / number
        user_id = user.id
        if user_id is None:
            taken = asked | specs.keys()
            user_id = next(one for one in range(_FIRST_NAMED, len(taken) + 3) if one not in taken)
        if user_id in specs:
            raise (here / "id").wrong(f"user {user_id} is described twice")
        if user_id > maximum:
            raise (here / "id").wrong(f"found {user_id}; allowed is at most max_users, which is {maximum}")
        _check_name(user, user_id, here, specs)
        if restricted and not user.name:
            raise (here / "id").wrong(f"an anonymous login {restricted}")
        specs[user_id] = _spec(user, user_id, here, restricted, v15)
    return tuple(specs[user_id] for user_id in sorted(specs))


def _check_name(user: User, user_id: int, here: Spot, others: dict[int, UserSpec]) -> None:
    name = user.name.encode()
    if user_id == NULL_USER and name:
        raise (here / "name").wrong("user 1 always has the null name; leave the name out, or take another ID")
    if user_id != NULL_USER and not name:
        raise (here / "name").wrong("missing; only user 1, the anonymous one, has no name")
    if len(name) > V15_SIZE:
        raise (here / "name").wrong(f"found {len(name)} bytes; allowed are at most {V15_SIZE}")
    level = int(Privilege[user.privilege.upper()])
    if any(one.name == name and one.privilege == level for one in others.values()):
        raise (here / "name").wrong("another user has the same name and the same privilege")


def _spec(user: User, user_id: int, here: Spot, restricted: str, v15: bool) -> UserSpec:
    found = secret(here, "password", user.password, user.password_env, user.password_file)
    if found is None:
        raise (here / "password").wrong("missing; wanted is one of password, password_env, password_file")
    text, there = found
    password = text.encode()
    if restricted and not password:
        raise there.wrong(f"an empty password {restricted}")
    if b"\0" in password:
        raise there.wrong("holds a NUL, with which passwords end")
    size = user.password_size or (V15_SIZE if v15 and len(password) <= V15_SIZE else V20_SIZE)
    if len(password) > size:
        raise there.wrong(f"found {len(password)} bytes; allowed are at most {size}")
    level = int(Privilege[user.privilege.upper()])
    return UserSpec(user_id, user.name.encode(), password, size, level, user.enabled)
