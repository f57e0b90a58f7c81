"""User IDs: names, passwords, access per channel (§6.9, §22.26-22.30, §24.6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from baseboard.bmc.services.home import Home
from baseboard.codes import Cc, Privilege
from baseboard.errors import CompletionError

_USER = struct.Struct("<BB16s20s")
_ACCESS = struct.Struct("<BBBBHH")
_NO_ACCESS = int(Privilege.NO_ACCESS)
NULL_USER = 1
"""User ID 1 always has the null name."""

SOL_PAYLOAD_BIT = 1 << 1
"""Bit of payload type 1 in the standard payload enables (Table 24-8)."""


class User:
    """One user ID.

    Attributes:
        user_id: 1-63.
        name: without the trailing zeros; empty = null name.
        password: without the trailing zeros; RAKP needs it as it is.
        size: 16 or 20, as which the password was set.
        enabled: Set User Password's switch.
    """

    __slots__ = ("enabled", "name", "password", "size", "user_id")

    def __init__(self, user_id: int, name: bytes, password: bytes, size: int, enabled: bool) -> None:
        self.user_id, self.name, self.password, self.size, self.enabled = (
            user_id,
            name,
            password,
            size,
            enabled,
        )


class UserAccess:
    """What one user may do on one channel (Table 22-31).

    Attributes:
        limit: highest privilege level, Fh = no access.
        messaging: IPMI messaging allowed.
        link_auth: link authentication (PPP) allowed.
        callback: restricted to callback.
        session_limit: simultaneous sessions, 0 = only the channel's limit.
        standard_payloads: bit n = payload type n may be activated.
        oem_payloads: bit n = OEM payload type 20h+n may be activated.
    """

    __slots__ = (
        "callback", "limit", "link_auth", "messaging", "oem_payloads", "session_limit", "standard_payloads",
    )  # fmt: skip

    def __init__(self, limit: int = _NO_ACCESS, *, messaging: bool = False) -> None:
        self.limit = limit
        self.messaging = messaging
        self.link_auth = False
        self.callback = False
        self.session_limit = 0
        self.standard_payloads = SOL_PAYLOAD_BIT
        self.oem_payloads = 0


class Users:
    """All user IDs of a BMC; IDs that were never set up exist as disabled users without a name."""

    __slots__ = ("_access", "_home", "_users", "maximum")

    def __init__(self, home: Home) -> None:
        self._home = home
        self.maximum = home.blueprint.max_users
        self._users: dict[int, User] = {}
        self._access: dict[int, UserAccess] = {}
        channel = home.blueprint.lan.channel
        for spec in home.blueprint.users:
            self._users[spec.user_id] = User(spec.user_id, spec.name, spec.password, spec.size, spec.enabled)
            self._access[channel << 8 | spec.user_id] = UserAccess(spec.privilege, messaging=True)
            if home.blueprint.serial is not None:
                line = home.blueprint.serial.channel
                self._access[line << 8 | spec.user_id] = UserAccess(spec.privilege, messaging=True)
        for user_id, row in home.journal.saved("user").items():
            enabled, size, name, password = _USER.unpack(row)
            self._users[user_id] = User(
                user_id, name.rstrip(b"\0"), password.rstrip(b"\0"), size, bool(enabled)
            )
        self._users = dict(sorted(self._users.items()))
        for key, row in home.journal.saved("user access").items():
            self._access[key] = _unpacked(row)

    def __iter__(self) -> Iterator[User]:
        """Users that were ever set up, by ascending ID."""
        return iter(self._users.values())

    def get(self, user_id: int) -> User:
        """One user.

        Raises:
            CompletionError: CCh, there is no such ID.
        """
        user = self._users.get(user_id)
        if user is None:
            self._check(user_id)
            user = User(user_id, b"", b"", 16, enabled=False)
        return user

    def access(self, channel: int, user_id: int) -> UserAccess:
        """What the user may do on the channel; none by default.

        Raises:
            CompletionError: CCh, there is no such ID.
        """
        access = self._access.get(channel << 8 | user_id)
        if access is None:
            self._check(user_id)
            access = UserAccess()
        return access

    def usable(self, channel: int) -> Iterator[tuple[User, UserAccess]]:
        """Users that may log in on the channel, by ascending ID (§6.9)."""
        for user in self._users.values():
            access = self._access.get(channel << 8 | user.user_id)
            if user.enabled and access is not None and access.messaging and access.limit != _NO_ACCESS:
                yield user, access

    def enabled_count(self, channel: int) -> int:
        """How many user IDs are enabled on the channel (Table 22-32, byte 3)."""
        return sum(1 for _ in self.usable(channel))

    def set_name(self, user_id: int, name: bytes) -> None:
        """Name a user; an all-zero name frees the ID of it.

        Raises:
            CompletionError: CCh, there is no such ID or its name is fixed.
        """
        user = self.get(user_id)
        if user_id == NULL_USER:
            raise CompletionError(Cc.INVALID_DATA, "the name of user 1 is fixed")
        user.name = name.partition(b"\0")[0]
        self._keep(user)

    def set_password(self, user_id: int, password: bytes, size: int) -> None:
        """Set a password of 16 or 20 bytes; trailing zeros do not count."""
        user = self.get(user_id)
        user.password, user.size = password.rstrip(b"\0"), size
        self._keep(user)

    def set_enabled(self, user_id: int, enabled: bool) -> None:
        """Let the user log in, or not."""
        user = self.get(user_id)
        user.enabled = enabled
        self._keep(user)

    def set_access(self, channel: int, user_id: int, access: UserAccess) -> None:
        """Keep changed access; the caller took it from :meth:`access`."""
        self._check(user_id)
        key = channel << 8 | user_id
        self._access[key] = access
        flags = access.messaging << 2 | access.link_auth << 1 | access.callback
        row = _ACCESS.pack(
            1, access.limit, flags, access.session_limit, access.standard_payloads, access.oem_payloads
        )
        self._home.journal.put("user access", key, row)

    def _check(self, user_id: int) -> None:
        if not 1 <= user_id <= self.maximum:
            raise CompletionError(Cc.INVALID_DATA, "no such user ID")

    def _keep(self, user: User) -> None:
        if user.user_id not in self._users:
            self._users = dict(sorted({**self._users, user.user_id: user}.items()))
        row = _USER.pack(user.enabled, user.size, user.name, user.password)
        self._home.journal.put("user", user.user_id, row)


def _unpacked(row: bytes) -> UserAccess:
    _layout, limit, flags, session_limit, standard, oem = _ACCESS.unpack(row)
    access = UserAccess(limit, messaging=bool(flags & 4))
    access.link_auth, access.callback = bool(flags & 2), bool(flags & 1)
    access.session_limit, access.standard_payloads, access.oem_payloads = session_limit, standard, oem
    return access
