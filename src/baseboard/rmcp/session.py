"""A BMC's sessions: who may have one, what one remembers, what one reports (§6.12, §13)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from baseboard.rmcp.window import WindowV15, WindowV20

if TYPE_CHECKING:
    from baseboard.crypto.confidentiality import Confidentiality
    from baseboard.crypto.integrity import Integrity
    from baseboard.crypto.suites import CipherSuite
    from baseboard.rmcp.lan_message import LanMessage
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.pending import Challenge

LAST_NUMBER = 0xFFFFFFFF
_USER = 2


class Account:
    """A user as one channel sees it at one moment; never changed.

    Attributes:
        user_id: 1-63.
        password: at most 20 bytes; for v1.5 at most 16.
        limit: the user's privilege limit on this channel, 1-5.
        session_limit: sessions that the user may have at a time; 0 = as many as there are.
    """

    __slots__ = ("limit", "password", "session_limit", "user_id")

    def __init__(self, user_id: int, password: bytes, limit: int, session_limit: int = 0) -> None:
        self.user_id, self.password = user_id, password
        self.limit, self.session_limit = limit, session_limit

    def same_as(self, later: Account) -> bool:
        """Tell whether a later look-up found the same user with the same password."""
        return self.user_id == later.user_id and self.password == later.password

    def __repr__(self) -> str:
        return f"<account of user {self.user_id}, limit {self.limit}>"


class Policy(Protocol):
    """What a session table asks its BMC: all of it may change between two packets.

    A locked-out, disabled or never-enabled user is not found. When the channel is disabled the BMC also ends
    its sessions (`SessionTable.close_all`): packets inside sessions are not asked about again.
    """

    @property
    def channel(self) -> int:
        """Number of the channel, 1-11."""
        ...

    @property
    def reveal_login_errors(self) -> bool:
        """Tell a stranger what was wrong with a login, as the specification's codes do."""
        ...

    def guid(self) -> bytes:
        """System GUID, 16 bytes as they travel."""
        ...

    def kg(self) -> bytes:
        """K_G, 20 bytes; all zero = one-key logins."""
        ...

    def suite_limit(self, suite_id: int) -> int:
        """Highest privilege under this suite (LAN parameter 24); 0 = it is off or not there."""
        ...

    def channel_open(self) -> bool:
        """Tell whether the access mode allows IPMI messaging now."""
        ...

    def channel_limit(self) -> int:
        """Channel privilege limit, 1-5."""
        ...

    def v15_enabled(self) -> bool:
        """Tell whether IPMI v1.5 logins are on."""
        ...

    def v20_enabled(self) -> bool:
        """Tell whether IPMI v2.0 logins are on."""
        ...

    def auth_types(self, privilege: int) -> int:
        """v1.5 authentication types enabled for a level, bit n = type n (LAN parameter 2)."""
        ...

    def per_message_auth(self) -> bool:
        """Tell whether per-message authentication is enabled (v1.5)."""
        ...

    def user_level_auth(self) -> bool:
        """Tell whether user-level authentication is enabled (v1.5)."""
        ...

    def at_user_level(self, netfn: int, cmd: int, data: bytes) -> bool:
        """Tell whether a command can be executed at User level or below (asked for v1.5 only)."""
        ...

    def find(self, name: bytes, privilege: int, name_only: bool) -> Account | None:
        """Look a user up as RAKP 1 asks: by name, or by name and exact privilege limit."""
        ...

    def find_v15(self, name: bytes) -> Account | None:
        """Look a user up as Get Session Challenge asks; without users of 20-byte passwords."""
        ...

    def login_failed(self, account: Account | None) -> None:
        """Count a wrong password; None when there is no such user."""
        ...

    def login_succeeded(self, account: Account) -> None:
        """Forget the wrong passwords counted for this user."""
        ...


class Reason(enum.Enum):
    """Why a session ended."""

    CLOSED = "Close Session"
    ENDED = "the BMC ended it"
    TIMED_OUT = "inactivity time-out"
    OUT_OF_NUMBERS = "no session sequence number left"


class Session:
    """An active session of the BMC, v1.5 or v2.0.

    Attributes:
        id: the BMC's session ID, by which packets from the console name it.
        handle: 1-254, unique among the BMC's active sessions.
        user_id: whose session it is, 1-63.
        privilege: present operating level; written by Set Session Privilege Level.
        max_privilege: ceiling set when the session was opened.
        channel: number of the channel it came over.
        address: where the latest valid packet came from.
        last_active: when that was.
        closed: it is no longer in the table.
        farewell: the request that closed it, until its answer, the last packet, is sent.
    """

    __slots__ = (
        "address", "channel", "closed", "farewell", "handle", "id", "last_active", "max_privilege",
        "privilege", "user_id",
    )  # fmt: skip

    version: int
    """Get Session Info's session protocol: 0 = IPMI v1.5, 1 = IPMI v2.0/RMCP+."""

    def __init__(self, session_id: int, handle: int, account: Account, level: int, channel: int) -> None:
        self.id, self.handle, self.user_id = session_id, handle, account.user_id
        # §6.12: a session starts at User, unless Callback is all that it may be.
        self.privilege, self.max_privilege = min(level, 2), level
        self.channel = channel
        self.address: Address = ("", 0)
        self.last_active = 0.0
        self.closed = False
        self.farewell: RequestReceived | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} handle {self.handle} of user {self.user_id} at {self.privilege}>"


class Unauthenticated(enum.IntEnum):
    """For which commands a v1.5 session accepts packets of type none besides its own type (§6.12.4)."""

    NOTHING = 0
    USER_LEVEL = 1
    EVERYTHING = 2


class SessionV15(Session):
    """A session of IPMI v1.5.

    Attributes:
        auth_type: negotiated; 0 none, 1 MD2, 2 MD5, 4 straight password.
        unauthenticated: what may come with type none instead.
        password: the key as it was at activation.
        inbound: window of the console's sequence numbers.
        outbound: number of the next packet to the console.
        temporary_id: under which Activate Session may be repeated until the session is first used; then 0.
    """

    __slots__ = ("auth_type", "inbound", "outbound", "password", "temporary_id", "unauthenticated")
    version = 0

    def __init__(
        self, session_id: int, handle: int, account: Account, level: int, channel: int,
        auth_type: int, unauthenticated: Unauthenticated, inbound: int, outbound: int, temporary_id: int,
    ) -> None:  # fmt: skip
        super().__init__(session_id, handle, account, level, channel)
        self.auth_type, self.unauthenticated, self.password = auth_type, unauthenticated, account.password
        self.inbound, self.outbound, self.temporary_id = WindowV15(inbound), outbound, temporary_id

    def next_number(self) -> int:
        """Use up an outbound sequence number; zero is left out when they wrap (§6.12.9)."""
        number = self.outbound
        self.outbound = number + 1 if number < LAST_NUMBER else 1
        return number


class SessionV20(Session):
    """A session of IPMI v2.0 (RMCP+).

    Attributes:
        console_session_id: by which packets to the console name it.
        suite: its cipher suite.
        integrity: signs and verifies.
        confidentiality: encrypts and decrypts.
        inbound: window of authenticated packets from the console.
        inbound_plain: window of unauthenticated ones.
        outbound: number of the last authenticated packet to the console.
        outbound_plain: of the last unauthenticated one.
        ipmi_flags: the payload type byte that IPMI messages must carry: type 0 and the strongest flags.
        payloads: accepted payload types, or IANA and ID of OEM-explicit ones; and the flags they must carry.
        final: RAKP 3 and the RAKP 4 that answered it, until the session is first used.
    """

    __slots__ = (
        "confidentiality", "console_session_id", "final", "inbound", "inbound_plain", "integrity",
        "ipmi_flags", "outbound", "outbound_plain", "payloads", "suite",
    )  # fmt: skip
    version = 1

    def __init__(
        self, session_id: int, handle: int, account: Account, level: int, channel: int,
        console_session_id: int, suite: CipherSuite, integrity: Integrity, confidentiality: Confidentiality,
    ) -> None:  # fmt: skip
        super().__init__(session_id, handle, account, level, channel)
        self.console_session_id, self.suite = console_session_id, suite
        self.integrity, self.confidentiality = integrity, confidentiality
        self.inbound, self.inbound_plain = WindowV20(), WindowV20()
        self.outbound = self.outbound_plain = 0
        self.ipmi_flags = (0x40 if integrity.size else 0) | (0x80 if confidentiality.algorithm else 0)
        self.payloads: dict[int | tuple[int, int], int] = {}
        self.final: tuple[bytes, bytes] | None = None


AnySession: TypeAlias = SessionV15 | SessionV20


class RequestReceived:
    """A console's request, and all that its answer needs to find the way back.

    Attributes:
        session: None outside any session.
        netfn: network function, even.
        lun: of the BMC, 0-3.
        cmd: command number.
        data: request data.
        rq_addr: the requester's address or software ID.
        rq_seq: its sequence number, 0-63.
        rq_lun: its logical unit, 0-3.
        address: where the packet came from.
        form: v1.5 authentication type of the packet, or 6 for RMCP+; the answer goes out in the same.
        challenge: the pending v1.5 login that an Activate Session completes.
    """

    __slots__ = (
        "address", "challenge", "cmd", "data", "form", "lun", "netfn", "rq_addr", "rq_lun", "rq_seq",
        "session",
    )  # fmt: skip

    def __init__(
        self, session: AnySession | None, address: Address, form: int, netfn: int, lun: int, cmd: int,
        data: bytes, rq_addr: int, rq_seq: int, rq_lun: int,
    ) -> None:  # fmt: skip
        self.session, self.address, self.form = session, address, form
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data
        self.rq_addr, self.rq_seq, self.rq_lun = rq_addr, rq_seq, rq_lun
        self.challenge: Challenge | None = None

    @property
    def privilege(self) -> int:
        """The level at which it may be carried out: the session's, but 0 outside of one.

        At most User if it came unauthenticated because User level authentication is disabled (§6.12.4):
        nothing proves then who raised the session.
        """
        session = self.session
        if session is None:
            return 0
        if self.form or not isinstance(session, SessionV15) or not session.auth_type:
            return session.privilege
        everything = session.unauthenticated == Unauthenticated.EVERYTHING
        return session.privilege if everything else min(session.privilege, _USER)

    def __repr__(self) -> str:
        return f"<request {self.netfn:02X}h/{self.cmd:02X}h, {len(self.data)} bytes, in {self.session!r}>"


class ResponseReceived:
    """A console's answer to a request that the BMC sent it."""

    __slots__ = ("message", "session")

    def __init__(self, session: AnySession, message: LanMessage) -> None:
        self.session, self.message = session, message


class PayloadReceived:
    """What came in another payload than IPMI messages.

    Attributes:
        payload_type: 1 = SOL, 2 = OEM explicit, 20h-27h = OEM0 to OEM7.
        oem: IANA enterprise number and payload ID of an OEM-explicit payload, else None.
        data: the payload, decrypted.
    """

    __slots__ = ("data", "oem", "payload_type", "session")

    def __init__(
        self, session: SessionV20, payload_type: int, data: bytes, oem: tuple[int, int] | None
    ) -> None:
        self.session, self.payload_type, self.data, self.oem = session, payload_type, data, oem


class SessionOpened:
    """A console logged in."""

    __slots__ = ("session",)

    def __init__(self, session: AnySession) -> None:
        self.session = session


class SessionClosed:
    """A session ended; payloads activated under it end with it."""

    __slots__ = ("reason", "session")

    def __init__(self, session: Session, reason: Reason) -> None:
        self.session, self.reason = session, reason


Event: TypeAlias = RequestReceived | ResponseReceived | PayloadReceived | SessionOpened | SessionClosed
