"""Who may log in over a session channel, and how: what the session table asks (§13.16-13.24, §6.9-6.12)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.services.channels import DISABLED, Channels
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.lan import BadPasswordRule, LanParameters
from baseboard.bmc.services.users import User, UserAccess, Users
from baseboard.bmc.shared import Sparse
from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import lookup
from baseboard.rmcp.session import Account

_NOBODY = 0
"""No user has this ID; under it the logins of users that do not exist are counted."""


class _Failures:
    """Bad passwords of one user in a row.

    Attributes:
        count: how many.
        last: when the last one came, monotonic seconds.
        until: locked out until then; None = until an administrator enables the user again.
    """

    __slots__ = ("count", "last", "locked", "until")

    def __init__(self) -> None:
        self.count = 0
        self.last = 0.0
        self.locked = False
        self.until: float | None = None


class Login(Sparse):
    """The rules of logging in, for all session channels of a BMC."""

    __slots__ = ("_channels", "_failures", "_home", "_lan", "_users", "on_lockout")
    PARTS = (("_failures", dict),)

    _failures: dict[int, _Failures]

    def __init__(self, home: Home, users: Users, channels: Channels, lan: LanParameters) -> None:
        self._home = home
        self._users = users
        self._channels = channels
        self._lan = lan
        self.on_lockout: list[Callable[[int, int], None]] = []
        """Called with channel and user ID when the bad password threshold disables a user."""

    def policy(self, channel: int, guid: Callable[[], bytes]) -> Policy:
        """The rules of one channel, for its session table."""
        return Policy(
            self, self._channels, self._lan, channel, guid, self._home.blueprint.reveal_login_errors
        )

    def candidates(self, channel: int, name: bytes) -> list[tuple[User, UserAccess]]:
        """Users of that name who may log in on the channel now, by ascending ID."""
        return [
            (user, access)
            for user, access in self._users.usable(channel)
            if user.name == name and not self.locked_out(user.user_id)
        ]

    def locked_out(self, user_id: int) -> bool:
        """Whether the bad password threshold keeps the user out now."""
        failures = self._failures.get(user_id)
        if failures is None or not failures.locked:
            return False
        if failures.until is not None and self._home.clock.now() >= failures.until:
            del self._failures[user_id]
            return False
        return True

    def forgive(self, user_id: int) -> None:
        """An administrator enabled the user, or a login succeeded: the count starts again."""
        self._failures.pop(user_id, None)

    def failed(self, channel: int, user_id: int, rule: BadPasswordRule | None = None) -> None:
        """A login with a wrong password.

        Args:
            rule: the channel's own; left out: LAN parameter 26.
        """
        rule = rule or self._lan.bad_password_rule()
        if rule.threshold == 0:
            return
        now = self._home.clock.now()
        failures = self._failures.setdefault(user_id, _Failures())
        if rule.reset_interval_s and now - failures.last > rule.reset_interval_s:
            failures.count = 0
        failures.count += 1
        failures.last = now
        if failures.count < rule.threshold or failures.locked:
            return
        failures.locked = True
        failures.until = now + rule.lockout_s if rule.lockout_s else None
        if rule.log_event and user_id != _NOBODY:
            for listener in self.on_lockout:
                listener(channel, user_id)


class Policy:
    """One channel's rules, as :class:`baseboard.rmcp.session.Policy` asks for them."""

    __slots__ = ("_channels", "_guid", "_lan", "_login", "channel", "reveal_login_errors")

    def __init__(
        self,
        login: Login,
        channels: Channels,
        lan: LanParameters,
        channel: int,
        guid: Callable[[], bytes],
        reveal: bool,
    ) -> None:
        self._login = login
        self._channels = channels
        self._lan = lan
        self.channel = channel
        self._guid = guid
        self.reveal_login_errors = reveal

    def guid(self) -> bytes:
        """System GUID as it travels."""
        return self._guid()

    def kg(self) -> bytes:
        """K_G of the channel."""
        return self._channels.kg(self.channel)

    def suite_limit(self, suite_id: int) -> int:
        """Highest privilege of a session with that suite; 0 = not offered."""
        return self._lan.suite_limit(suite_id)

    def channel_open(self) -> bool:
        """Whether IPMI messaging is on."""
        return self._channels.access(self.channel).mode != DISABLED

    def channel_limit(self) -> int:
        """Highest privilege on the channel."""
        return self._channels.access(self.channel).limit

    def v15_enabled(self) -> bool:
        """Whether IPMI v1.5 sessions are offered at all."""
        return self._lan.v15_enabled()

    def v20_enabled(self) -> bool:
        """Whether RMCP+ sessions are offered at all."""
        return self._lan.v20_enabled()

    def auth_types(self, privilege: int) -> int:
        """v1.5 authentication types for sessions of that level, as a bit mask."""
        return self._lan.auth_types(privilege)

    def per_message_auth(self) -> bool:
        """Whether each v1.5 packet must be authenticated."""
        return not self._channels.access(self.channel).per_message_disabled

    def user_level_auth(self) -> bool:
        """Whether v1.5 packets of User level commands must be authenticated."""
        return not self._channels.access(self.channel).user_level_disabled

    def at_user_level(self, netfn: int, cmd: int, data: bytes) -> bool:
        """Whether the command can be executed at User level or below."""
        group = data[0] if netfn == NetFn.GROUP_EXTENSION and data else None
        command = lookup(netfn, cmd, group)
        return command is not None and command.privilege <= Privilege.USER

    def find(self, name: bytes, privilege: int, name_only: bool) -> Account | None:
        """The RMCP+ look-up of RAKP message 1: by name, or by name and privilege limit."""
        for user, access in self._login.candidates(self.channel, name):
            if name_only or access.limit == privilege:
                return _account(user, access)
        return None

    def find_v15(self, name: bytes) -> Account | None:
        """The v1.5 look-up; a password set as 20 bytes cannot serve there."""
        for user, access in self._login.candidates(self.channel, name):
            if user.size == 16:
                return _account(user, access)
        return None

    def login_failed(self, account: Account | None) -> None:
        """A wrong password was given for that user; None = there is no such user."""
        # The same work for a user that does not exist, so that time tells a stranger nothing.
        self._login.failed(self.channel, _NOBODY if account is None else account.user_id)

    def login_succeeded(self, account: Account) -> None:
        """A right one."""
        self._login.forgive(account.user_id)


def _account(user: User, access: UserAccess) -> Account:
    limit = min(access.limit, Privilege.OEM)
    return Account(user.user_id, user.password, limit, access.session_limit)
