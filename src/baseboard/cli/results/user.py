"""What the verbs of ``user`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("user list")
class User(Value, kw_only=True):
    """A user, and what it may do on a channel.

    Attributes:
        channel: the channel asked about; 14 = the one that the session uses.
        callin: sessions may be opened by calling in; False = the BMC calls back.
        link_authentication: the name serves to authenticate a PPP link.
        messaging: IPMI messaging is allowed.
        privilege: the highest level, in ipmitool's words.
    """

    id: int
    name: str
    channel: int
    callin: bool
    link_authentication: bool
    messaging: bool
    privilege: str


@shape("user summary")
class UserSummary(Value, kw_only=True):
    """How many users a channel has.

    Attributes:
        maximum_ids: the highest user ID.
        enabled: how many users are enabled.
        fixed_names: how many have names that cannot be set.
    """

    channel: int
    maximum_ids: int
    enabled: int
    fixed_names: int


@shape("user test")
class PasswordTest(Value, kw_only=True):
    """Whether a password is the user's.

    Attributes:
        outcome: ``success``, ``incorrect``, ``wrong size`` or ``unknown``.
    """

    id: int
    outcome: str


@shape("user set name", "user set password", "user enable", "user disable", "user priv")
class UserChange(Value, kw_only=True):
    """What of a user was changed.

    Attributes:
        what: ``name``, ``password``, ``enabled`` or ``privilege``.
        value: its new value; null for a password.
    """

    id: int
    what: str
    value: str | bool | None = None
