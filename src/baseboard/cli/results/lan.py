"""What the verbs of ``lan`` and ``lan6`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value, told


@shape("lan print")
class LanSettings(Value, kw_only=True):
    """The configuration of a LAN channel; null is what the controller does not have.

    Attributes:
        auth_types: IPMI v1.5 authentication types that the channel can do.
        auth_enables: those that may be used, by level: callback, user, operator, admin, oem.
        gratuitous_arp_seconds: how often the controller tells its address unasked.
        vlan_id: null = no VLAN tag.
        cipher_suites: IDs of the cipher suites.
        cipher_privileges: the highest level under suites 0-14: ``X`` unused, ``c u o a O``.
        bad_password_event: a Session Audit event tells of a lock-out.
        attempt_reset_seconds: without an attempt until the count is 0.
        lockout_seconds: how long a user stays locked out.
    """

    channel: int
    set_in_progress: str | None = None
    auth_types: list[str] | None = None
    auth_enables: dict[str, list[str]] | None = None
    address_source: str | None = None
    address: str | None = None
    netmask: str | None = None
    mac: str | None = None
    community: str | None = None
    arp_responses: bool | None = None
    gratuitous_arps: bool | None = None
    gratuitous_arp_seconds: float | None = None
    gateway: str | None = None
    gateway_mac: str | None = None
    backup_gateway: str | None = None
    backup_gateway_mac: str | None = None
    vlan_id: int | None = None
    vlan_priority: int | None = None
    cipher_suites: list[int] | None = None
    cipher_privileges: str | None = None
    bad_password_threshold: int | None = None
    bad_password_event: bool | None = None
    attempt_reset_seconds: int | None = None
    lockout_seconds: int | None = None


@shape("lan set", "lan alert set")
class LanChange(Value, kw_only=True):
    """What was changed.

    Attributes:
        destination: of an alert; null where it is the channel's own.
        parameter: ipmitool's word for it, such as ``ipaddr`` or ``vlan id``.
        value: its new value; null for a password.
    """

    channel: int
    destination: int | None = None
    parameter: str
    value: str | None = None


@shape("lan alert print")
class AlertDestination(Value, kw_only=True):
    """Where alerts go.

    Attributes:
        type: ``PET Trap``, ``OEM 1``, ``OEM 2`` or ``Unknown``.
        seconds: until an acknowledgement must be there, or until the next attempt.
        gateway: ``Default`` or ``Backup``; null with the two below for an address that is not IPv4.
    """

    channel: int
    destination: int
    acknowledged: bool
    type: str
    seconds: int
    retries: int
    gateway: str | None = None
    address: str | None = None
    mac: str | None = None


@shape("lan stats get")
class LanStatistics(Value, kw_only=True):
    """Counters of a LAN channel; they stop at 65535.

    These are the numbers as IPMI sends them, least significant byte first; ipmitool's text has the bytes
    exchanged.
    """

    channel: int
    ip_packets_received: int
    ip_header_errors: int
    ip_address_errors: int
    ip_fragments_received: int
    ip_packets_transmitted: int
    udp_packets_received: int
    rmcp_packets_received: int
    proxy_packets_received: int
    proxy_packets_dropped: int


@shape("lan arp suspend", "lan arp resume")
class ArpsOccurring(Value, kw_only=True):
    """Which ARPs of the controller occur now."""

    arp_responses: bool
    gratuitous_arps: bool


@shape("lan alert vlan")
class AlertVlan(Value, kw_only=True):
    """The 802.1q tag of what is sent to an alert destination.

    Attributes:
        vlan_id: null = no tag of its own.
    """

    channel: int
    destination: int
    vlan_id: int | None
    vlan_priority: int


@shape("lan6 print", "lan6 set")
class Lan6Setting(Value, kw_only=True):
    """An IPv6 parameter.

    Attributes:
        parameter: ipmitool's word for it, such as ``static_addr``.
        set: set selector.
        block: block selector.
        values: what it says, in the words of the text.
    """

    channel: int
    parameter: str
    set: int
    block: int
    values: dict[str, str] = told(default_factory=dict[str, str])
