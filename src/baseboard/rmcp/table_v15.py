"""The IPMI v1.5 half of a BMC's session table (§6.12, §22.16, §22.17).

Get Session Challenge and Activate Session are commands like others: they reach their handlers as requests,
and the handlers call `challenge` and `activate`. Who may send which packet is decided here, before that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.rmcp import header, v15
from baseboard.rmcp.incoming import ACTIVATE_SESSION, answer, read, session_less
from baseboard.rmcp.pending import Activation, Challenge
from baseboard.rmcp.session import RequestReceived, SessionV15, Unauthenticated

if TYPE_CHECKING:
    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.registry import Registry
    from baseboard.rmcp.session import Account, Policy

# §22.16 and §22.17: the completion codes of the two commands.
INVALID_USER_NAME: Final = 0x81
NULL_USER_NAME_NOT_ENABLED: Final = 0x82
NO_SLOT: Final = 0x81
NO_SLOT_FOR_USER: Final = 0x82
SEQUENCE_OUT_OF_RANGE: Final = 0x84
INVALID_SESSION_ID: Final = 0x85
PRIVILEGE_EXCEEDS_LIMIT: Final = 0x86

_LEVELS: Final = range(1, 6)
_TYPES: Final = (0, 1, 2, 4)
_LONGEST_ANSWER: Final = header.LARGEST_MESSAGE - 7
_CANNOT_RETURN_SO_MANY: Final = bytes((Cc.CANNOT_RETURN_SO_MANY,))


def receive(table: Registry, data: bytes, address: Address, now: float) -> None:
    """Admit a packet or drop it.

    Raises:
        DecodeError: it is no v1.5 packet; drop it.
    """
    packet = v15.unwrap(data)
    if not packet.session_id:
        _outside(table, packet, address)
        return
    session = table.sessions.get(packet.session_id)
    if isinstance(session, SessionV15):
        _inside(table, packet, session, address, now)
        return
    pending = table.pending.get(packet.session_id)
    if isinstance(pending, Challenge):
        _activating(table, packet, pending, address)


def _outside(table: Registry, packet: v15.Packet, address: Address) -> None:
    """Session ID 0: the session-less commands, in clear."""
    if packet.auth_type or not table.policy.channel_open():
        return
    request = read(packet.message, None, address, 0)
    if isinstance(request, RequestReceived) and session_less(request):
        table.happened.append(request)


def _inside(table: Registry, packet: v15.Packet, session: SessionV15, address: Address, now: float) -> None:
    """A packet of an active session: authentication type, AuthCode, window, in this order."""
    received = read(packet.message, session, address, packet.auth_type)
    if received is None or not _authentic(table.policy, packet, session, received):
        return
    if session.inbound.judge(packet.sequence):
        return
    # §6.12: the temporary ID dies with the first packet in the session.
    if session.temporary_id:
        table.pending.pop(session.temporary_id, None)
        session.temporary_id = 0
    session.last_active, session.address = now, address
    table.happened.append(received)


def _authentic(policy: Policy, packet: v15.Packet, session: SessionV15, received: object) -> bool:
    if packet.auth_type == session.auth_type:
        return packet.verify(session.password)
    if packet.auth_type or not session.unauthenticated:
        return False
    if session.unauthenticated == Unauthenticated.EVERYTHING:
        return True
    return isinstance(received, RequestReceived) and policy.at_user_level(
        received.netfn, received.cmd, received.data
    )


def _activating(table: Registry, packet: v15.Packet, pending: Challenge, address: Address) -> None:
    """A temporary session ID: Activate Session with sequence number 0 and nothing else."""
    policy = table.policy
    if packet.sequence or packet.auth_type != pending.auth_type or address != pending.address:
        return
    if not policy.channel_open():
        return
    request = read(packet.message, None, address, packet.auth_type)
    if not isinstance(request, RequestReceived) or request.netfn << 8 | request.cmd != ACTIVATE_SESSION:
        return
    if not packet.verify(pending.password) or pending.account is None:
        policy.login_failed(pending.account)
        return
    # Looked up again: the user may have been disabled or locked out since the challenge.
    account = policy.find_v15(pending.name)
    if account is None or not pending.account.same_as(account):
        return
    if pending.session is not None and request.data != pending.data:
        return
    pending.account, request.challenge = account, pending
    table.happened.append(request)


def challenge(
    table: Registry, request: RequestReceived, auth_type: int, name: bytes, now: float
) -> tuple[int, bytes]:
    """Carry out Get Session Challenge (§22.16).

    Args:
        name: the 16 bytes of the request.

    Returns: temporary session ID and challenge string.

    Raises:
        CompletionError: the type is not enabled; if login errors are revealed, there is no such user.
    """
    policy, name = table.policy, name.rstrip(b"\0")
    enabled = policy.v15_enabled() and any(policy.auth_types(level) >> auth_type & 1 for level in _LEVELS)
    if auth_type not in _TYPES or not enabled:
        raise CompletionError(Cc.INVALID_DATA)
    account = policy.find_v15(name)
    if account is None and policy.reveal_login_errors:
        raise CompletionError(INVALID_USER_NAME if name else NULL_USER_NAME_NOT_ENABLED)
    # A stranger's login goes the same way as a user's, under a password that nobody knows.
    password = table.nobody if account is None else account.password
    pending = Challenge(
        table.new_id(), request.address, now, auth_type, name, account, password, table.random(16)
    )
    table.begin(pending)
    return pending.id, pending.challenge


def activate(
    table: Registry,
    request: RequestReceived,
    auth_type: int,
    privilege: int,
    challenge: bytes,
    outbound: int,
    now: float,
) -> Activation:
    """Carry out Activate Session (§22.17), whose packet has been verified already.

    Args:
        privilege: requested maximum privilege.
        challenge: 16 bytes, as received from Get Session Challenge.
        outbound: initial outbound sequence number.

    Raises:
        CompletionError: with the codes of §22.17.
    """
    pending = request.challenge
    if pending is None:
        return _again(request, auth_type, outbound)
    if pending.activation is not None:
        return pending.activation
    pending.reply_number = outbound
    if auth_type != pending.auth_type or challenge != pending.challenge:
        raise CompletionError(Cc.INVALID_DATA)
    if not outbound:
        raise CompletionError(SEQUENCE_OUT_OF_RANGE)
    account = pending.account
    if account is None:
        raise CompletionError(INVALID_SESSION_ID)
    _check_level(table.policy, account, auth_type, privilege)
    if not table.has_slot():
        raise CompletionError(NO_SLOT)
    if not table.within_limit(account):
        raise CompletionError(NO_SLOT_FOR_USER)
    pending.data = request.data
    return _open(table, pending, account, privilege, now)


def _check_level(policy: Policy, account: Account, auth_type: int, privilege: int) -> None:
    """§22.17: the level is not negotiated downwards; 'no access' (Fh) as a limit allows none."""
    if privilege not in _LEVELS or not policy.auth_types(privilege) >> auth_type & 1:
        raise CompletionError(Cc.INVALID_DATA)
    if account.limit not in _LEVELS or privilege > min(account.limit, policy.channel_limit()):
        raise CompletionError(PRIVILEGE_EXCEEDS_LIMIT)


def _open(table: Registry, pending: Challenge, account: Account, privilege: int, now: float) -> Activation:
    policy = table.policy
    if not policy.per_message_auth():
        unauthenticated = Unauthenticated.EVERYTHING
    else:
        unauthenticated = Unauthenticated.NOTHING if policy.user_level_auth() else Unauthenticated.USER_LEVEL
    inbound = int.from_bytes(table.random(4), "little") or 1
    session = SessionV15(
        table.new_id(), table.new_handle(), account, privilege, policy.channel, pending.auth_type,
        unauthenticated, inbound, pending.reply_number, pending.id,
    )  # fmt: skip
    # The answer itself carries the initial outbound number.
    session.next_number()
    table.open(session, pending.address, now)
    if pending.auth_type:
        policy.login_succeeded(account)
    told = 0 if unauthenticated == Unauthenticated.EVERYTHING else pending.auth_type
    pending.session, pending.activation = session, Activation(told, session.id, inbound, privilege)
    return pending.activation


def _again(request: RequestReceived, auth_type: int, outbound: int) -> Activation:
    """Activate Session inside its own session: it gives a new outbound number (§22.17) and keeps alive."""
    session = request.session
    if not isinstance(session, SessionV15):
        raise CompletionError(INVALID_SESSION_ID)
    told = 0 if session.unauthenticated == Unauthenticated.EVERYTHING else session.auth_type
    if auth_type != session.auth_type:
        raise CompletionError(Cc.INVALID_DATA)
    if not outbound:
        raise CompletionError(SEQUENCE_OUT_OF_RANGE)
    session.outbound = outbound
    expected = session.inbound.highest + 1 & 0xFFFFFFFF or 1
    return Activation(told, session.id, expected, session.max_privilege)


def respond(table: Registry, request: RequestReceived, data: bytes) -> None:
    """Answer a request of this format under the ID, number and authentication type that are its due."""
    if len(data) > _LONGEST_ANSWER:
        data = _CANNOT_RETURN_SO_MANY
    message, session, pending = answer(request, data), request.session, request.challenge
    if pending is not None:
        # §22.17.1: the answer to Activate Session goes out under the temporary ID.
        packet = v15.wrap(request.form, pending.reply_number, pending.id, message, pending.password)
    elif isinstance(session, SessionV15):
        packet = v15.wrap(request.form, session.next_number(), session.id, message, session.password)
    else:
        packet = v15.wrap(0, 0, 0, message)
    table.outbox.append((packet, request.address))


def send(table: Registry, session: SessionV15, message: bytes) -> None:
    """Send a message that answers nothing, such as a request of the BMC."""
    packet = v15.wrap(session.auth_type, session.next_number(), session.id, message, session.password)
    table.outbox.append((packet, session.address))
