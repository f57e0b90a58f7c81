"""The BMC's half of a v2.0 login: Open Session and RAKP 1 to 4 (§13.15 to §13.24).

A repeat of the last message is answered as before, never with a new random number. A console that
does not know the password learns nothing about users: an unknown name goes the way of a wrong password, with
the same work, and fails where that fails, at RAKP 4. What else is wrong is told only to those who proved the
password. `Policy.reveal_login_errors` gives the specification's codes at RAKP 2 instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.codes import PayloadType, RakpStatus
from baseboard.crypto import rakp
from baseboard.crypto.confidentiality import confidentiality
from baseboard.crypto.constant_time import compare_digest
from baseboard.crypto.integrity import integrity
from baseboard.errors import DecodeError
from baseboard.rmcp.pending import HalfOpen, Stage
from baseboard.rmcp.proposals import judge
from baseboard.rmcp.session import SessionV20
from baseboard.rmcp.setup import (
    LONGEST_NAME,
    NAME_ONLY,
    OpenSessionRequest,
    OpenSessionResponse,
    Rakp1,
    Rakp2,
    Rakp3,
    Rakp4,
    Refusal,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from baseboard.rmcp.machine import Address
    from baseboard.rmcp.registry import Registry
    from baseboard.rmcp.session import Account

    Step: TypeAlias = Callable[[Registry, HalfOpen, bytes, Address, float], "bytes | RakpStatus | None"]

_OPEN_SESSION: Final = int(PayloadType.OPEN_SESSION_REQUEST)
_RAKP_1: Final = int(PayloadType.RAKP_MESSAGE_1)
_RAKP_3: Final = int(PayloadType.RAKP_MESSAGE_3)
_HEAD: Final = 8
# Twice what any of the messages has: a stranger's message is kept for its repeat.
_LONGEST: Final = 128
_OPEN_SESSION_SIZE: Final = 32
_NAME_LENGTH: Final = 27
_LEVELS: Final = range(1, 6)


def setup(table: Registry, payload_type: int, payload: bytes, address: Address, now: float) -> bytes | None:
    """Answer a message that opens a session.

    Returns: the answer, whose payload type is the next number; None where there is none.
    """
    if not _HEAD <= len(payload) <= _LONGEST:
        return None
    request = bytes((payload_type,)) + payload
    if payload_type == _OPEN_SESSION:
        return _open_session(table, payload, request, address, now)
    if payload_type not in (_RAKP_1, _RAKP_3):
        return None
    session_id = int.from_bytes(payload[4:8], "little")
    pending = table.pending.get(session_id)
    if not isinstance(pending, HalfOpen):
        session = table.sessions.get(session_id)
        if isinstance(session, SessionV20) and session.final is not None and _same(session.final[0], request):
            return payload[:1] + session.final[1][1:]
        return _refusal(payload, RakpStatus.INVALID_SESSION_ID, 0)
    if _same(pending.request, request):
        return payload[:1] + pending.answer[1:]
    step = TABLE.get((pending.stage, payload_type))
    if step is None:
        gone = pending.stage is Stage.REFUSED
        status = RakpStatus.INVALID_SESSION_ID if gone else RakpStatus.INACTIVE_SESSION_ID
        return _refusal(payload, status, pending.console_session_id)
    answer = step(table, pending, payload, address, now)
    if isinstance(answer, RakpStatus):
        answer = _refusal(payload, answer, pending.console_session_id)
    if answer is not None:
        pending.request, pending.answer = request, answer
    return answer


def _same(before: bytes, request: bytes) -> bool:
    """Whether a message is the last one again; FreeIPMI counts its tag up each time, which no code covers."""
    return before[0] == request[0] and before[2:] == request[2:]


def _refusal(payload: bytes, status: RakpStatus, console_session_id: int) -> bytes:
    return Refusal(tag=payload[0], status=status, console_session_id=console_session_id).encode()


def _open_session(table: Registry, payload: bytes, repeatable: bytes, address: Address, now: float) -> bytes:
    """§13.17: choose the algorithms; nothing is known of the user yet."""
    if len(payload) < _OPEN_SESSION_SIZE:
        console_session_id = int.from_bytes(payload[4:8], "little")
        return _refusal(payload, RakpStatus.ILLEGAL_PARAMETER, console_session_id)
    for pending in table.pending.values():
        # Once RAKP 1 has come, the same message is another login of a console that uses one SIDm for all.
        if pending.address == address and isinstance(pending, HalfOpen) and pending.request == repeatable:
            return pending.answer
    request = OpenSessionRequest.decode(payload[:_OPEN_SESSION_SIZE])
    console_session_id = request.console_session_id
    grant = judge(table.policy, request)
    if isinstance(grant, RakpStatus):
        return _refusal(payload, grant, console_session_id)
    if not table.has_slot():
        return _refusal(payload, RakpStatus.INSUFFICIENT_RESOURCES, console_session_id)
    suite, level = grant
    pending = HalfOpen(table.new_id(), address, now, console_session_id, suite, level, repeatable)
    pending.answer = OpenSessionResponse(
        tag=request.tag,
        max_privilege=level,
        console_session_id=console_session_id,
        bmc_session_id=pending.id,
        authentication=suite.authentication,
        integrity=suite.integrity,
        confidentiality=suite.confidentiality,
    ).encode()
    table.begin(pending)
    return pending.answer


def _rakp1(
    table: Registry, pending: HalfOpen, payload: bytes, address: Address, now: float
) -> bytes | RakpStatus:
    """§13.20: look the user up and prove that the password is known."""
    if len(payload) > _NAME_LENGTH and payload[_NAME_LENGTH] > LONGEST_NAME:
        return RakpStatus.INVALID_NAME_LENGTH
    try:
        message = Rakp1.decode(payload)
    except DecodeError:
        return RakpStatus.ILLEGAL_PARAMETER
    policy, level = table.policy, message.role & 0x0F
    if level not in _LEVELS:
        return RakpStatus.INVALID_ROLE
    # The limits of channel and suite hold for everybody, so they give no user away.
    if level > min(policy.channel_limit(), policy.suite_limit(pending.suite.id)):
        return RakpStatus.UNAUTHORIZED_ROLE
    account = _look_up(table, message)
    if policy.reveal_login_errors:
        if account is None:
            return RakpStatus.UNAUTHORIZED_NAME
        if level > account.limit:
            return RakpStatus.UNAUTHORIZED_ROLE
    pending.account, pending.rakp1 = account, message
    pending.password = table.nobody if account is None else account.password
    pending.rc, guid = table.random(16), policy.guid()
    code = rakp.keac2(
        pending.suite.authentication, rakp.kuid(pending.password), pending.console_session_id, pending.id,
        message.rm, pending.rc, guid, message.role, message.username,
    )  # fmt: skip
    pending.stage = Stage.CHALLENGED
    return Rakp2(
        tag=message.tag, console_session_id=pending.console_session_id, rc=pending.rc, guid=guid, code=code
    ).encode()


def _look_up(table: Registry, message: Rakp1) -> Account | None:
    """Find the user that RAKP 1 names; one without access is no user."""
    name, role = message.username, message.role
    if b"\0" in name:
        return None
    account = table.policy.find(name, role & 0x0F, bool(role & NAME_ONLY))
    return account if account is not None and account.limit in _LEVELS else None


def _rakp3(
    table: Registry, pending: HalfOpen, payload: bytes, address: Address, now: float
) -> bytes | RakpStatus | None:
    """§13.22: check that the console knows the password; then, and only then, tell it the truth."""
    message, first = Rakp3.decode(payload), pending.rakp1
    if message.status or first is None:
        del table.pending[pending.id]
        return None
    pending.stage = Stage.REFUSED
    algorithm = pending.suite.authentication
    kuid, sidm = rakp.kuid(pending.password), pending.console_session_id
    expected = rakp.keac3(algorithm, kuid, pending.rc, sidm, first.role, first.username)
    if not compare_digest(message.code[: len(expected)], expected) or pending.account is None:
        table.policy.login_failed(pending.account)
        return RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
    # Looked up again: the user may have been disabled or locked out since RAKP 1.
    account = _look_up(table, first)
    if account is None or not pending.account.same_as(account):
        return RakpStatus.INVALID_INTEGRITY_CHECK_VALUE
    policy = table.policy
    limit = min(account.limit, policy.channel_limit(), policy.suite_limit(pending.suite.id))
    if first.role & 0x0F > limit:
        return RakpStatus.UNAUTHORIZED_ROLE
    if not (table.has_slot() and table.within_limit(account)):
        return RakpStatus.INSUFFICIENT_RESOURCES
    session, code = _session(table, pending, account, first)
    answer = Rakp4(tag=message.tag, console_session_id=sidm, code=code).encode()
    session.final = (bytes((_RAKP_3,)) + payload, answer)
    del table.pending[pending.id]
    table.open(session, address, now)
    # RAKP-none proved nothing.
    if algorithm:
        policy.login_succeeded(account)
    return answer


def _session(table: Registry, pending: HalfOpen, account: Account, first: Rakp1) -> tuple[SessionV20, bytes]:
    """§13.31: make the keys and the session, and the code of RAKP 4 that proves the keys."""
    policy, suite, password = table.policy, pending.suite, account.password
    algorithm, kg = suite.authentication, policy.kg()
    key = kg if any(kg) else rakp.kuid(password)
    sik = rakp.sik(algorithm, key, first.rm, pending.rc, first.role, first.username)
    session = SessionV20(
        pending.id, table.new_handle(), account, min(first.role & 0x0F, pending.granted), policy.channel,
        pending.console_session_id, suite,
        integrity(suite.integrity, rakp.k1(algorithm, sik), password),
        confidentiality(suite.confidentiality, rakp.k2(algorithm, sik), table.random),
    )  # fmt: skip
    return session, rakp.icv(algorithm, sik, first.rm, pending.id, policy.guid())


# How far the login is, what came -> what is done; a pair without a row is answered 'inactive session ID'.
TABLE: Final[dict[tuple[Stage, int], Step]] = {
    (Stage.OPENED, _RAKP_1): _rakp1,
    (Stage.CHALLENGED, _RAKP_3): _rakp3,
}
