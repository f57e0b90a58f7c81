"""Who may log in over a serial channel: the rules of LAN logins, with parameters of their own (§25.2)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.services.channels import DISABLED, Channels
from baseboard.bmc.services.lan import BadPasswordRule, LanParameters
from baseboard.bmc.services.login import Login, Policy
from baseboard.bmc.services.serial_parameters import SerialParameters
from baseboard.bmc.services.users import Users
from baseboard.codes import Privilege
from baseboard.commands.parameters.serial import BadPasswordThreshold
from baseboard.rmcp.session import Account

PRE_BOOT = 1
_TEN_SECONDS = 10


class SerialPolicy(Policy):
    """One serial channel's rules; RMCP+ comes over it only inside PPP, and then has the LAN's suites.

    Args:
        login: counts bad passwords.
        users: whose access is looked up.
        channels: access settings.
        lan: cipher suites.
        parameters: authentication types, bad password threshold.
        channel: its number.
        guid: gives the system's GUID.
        reveal: login errors are told.
        early: tells whether the system has not booted yet, for pre-boot access.
    """

    __slots__ = ("_early", "_parameters", "_users")

    def __init__(
        self,
        login: Login,
        users: Users,
        channels: Channels,
        lan: LanParameters,
        parameters: SerialParameters,
        channel: int,
        guid: Callable[[], bytes],
        *,
        reveal: bool,
        early: Callable[[], bool],
    ) -> None:
        super().__init__(login, channels, lan, channel, guid, reveal)
        self._users, self._parameters, self._early = users, parameters, early

    def channel_open(self) -> bool:
        """Whether IPMI messaging is on: with pre-boot access until the system has the line (Table 6-4)."""
        mode = self._channels.access(self.channel).mode
        return mode != DISABLED and (mode != PRE_BOOT or self._early())

    def auth_types(self, privilege: int) -> int:
        """Authentication types for sessions of that level (parameter 2)."""
        return self._parameters.auth_types(privilege)

    def v15_enabled(self) -> bool:
        """Whether any authentication type is on for any level."""
        return any(self._parameters.get(2))

    def restricted(self, account: Account) -> bool:
        """Whether the user may only have itself called back (§6.9)."""
        return self._users.access(self.channel, account.user_id).callback

    def limit(self, account: Account, *, called_back: bool) -> int:
        """The highest level that a user may have over this connection.

        Args:
            called_back: the BMC has called the user.
        """
        if self.restricted(account) and not called_back:
            return int(Privilege.CALLBACK)
        return min(account.limit, self.channel_limit())

    def login_failed(self, account: Account | None) -> None:
        """A wrong password; parameter 54 says how many are too many."""
        self._login.failed(self.channel, 0 if account is None else account.user_id, self._rule())

    def _rule(self) -> BadPasswordRule:
        rule = self._parameters.read(BadPasswordThreshold)
        return BadPasswordRule(
            rule.threshold,
            rule.reset_interval * _TEN_SECONDS,
            rule.lockout_interval * _TEN_SECONDS,
            rule.log_event,
        )
