"""What the verbs of ``channel`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("channel authcap")
class Authentication(Value, kw_only=True):
    """How a channel may be logged in to.

    Attributes:
        auth_types: IPMI v1.5 authentication types, in ipmitool's words.
        kg_set: two-key logins; null when the controller did not tell.
        v15: IPMI v1.5 sessions are possible; null when the controller did not tell.
        v20: the same for IPMI v2.0.
        oem_id: enterprise number of the OEM authentication type, if there is one.
    """

    channel: int
    auth_types: list[str]
    kg_set: bool | None
    per_message_authentication: bool
    user_level_authentication: bool
    non_null_users: bool
    null_users: bool
    anonymous_login: bool
    v15: bool | None
    v20: bool | None
    oem_id: int | None
    oem_auxiliary: int | None


@shape("channel getaccess")
class Access(Value, kw_only=True):
    """What a user may do on a channel.

    Attributes:
        maximum_ids: the highest user ID.
        enabled_ids: how many users are enabled.
        callback_only: the BMC calls back.
        privilege: the highest level, in ipmitool's words.
        status: ``enabled``, ``disabled``, ``unknown`` or ``reserved``.
    """

    channel: int
    maximum_ids: int
    enabled_ids: int
    user_id: int
    name: str
    fixed_name: bool
    callback_only: bool
    link_authentication: bool
    messaging: bool
    privilege: str
    status: str


@shape("channel setaccess")
class AccessChange(Value, kw_only=True):
    """Whose access was set."""

    channel: int
    user_id: int


class ChannelSettings(Value, kw_only=True):
    """When a channel takes messages, and what it asks of them.

    Attributes:
        access_mode: ``disabled``, ``pre-boot only``, ``always available`` or ``shared``.
    """

    alerting: bool
    per_message_authentication: bool
    user_level_authentication: bool
    access_mode: str


@shape("channel info")
class ChannelInfo(Value, kw_only=True):
    """What a channel is.

    Attributes:
        volatile: the settings in force; null for a channel that is no LAN.
        non_volatile: the settings stored.
    """

    channel: int
    medium: str
    protocol: str
    session_support: str
    active_sessions: int
    vendor_id: int
    volatile: ChannelSettings | None
    non_volatile: ChannelSettings | None


@shape("channel getciphers")
class CipherSuite(Value, kw_only=True):
    """A cipher suite that a channel offers.

    Attributes:
        iana: enterprise number of an OEM suite's author; null for a standard suite.
    """

    id: int
    iana: int | None
    authentication: str
    integrity: str
    confidentiality: str
