"""What a BMC makes of the proposals in Open Session: a cipher suite and a level, or a status (§13.17)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.codes import RakpStatus
from baseboard.crypto.suites import SUITES, CipherSuite

if TYPE_CHECKING:
    from typing import TypeAlias

    from baseboard.rmcp.session import Policy
    from baseboard.rmcp.setup import OpenSessionRequest

    _Three: TypeAlias = tuple[int, int, int]

_PREFERENCE: Final = (17, 3, 8, 12, 18, 4, 9, 13, 19, 5, 10, 14, 16, 2, 7, 11, 15, 1, 6, 0)
"""Suites for a console that leaves the choice to the BMC, the best first."""

_HIGHEST_LEVEL: Final = 5
# Of authentication, integrity and confidentiality: the highest number, and the status of a higher one.
_LARGEST: Final = (3, 4, 3)
_UNKNOWN: Final = (
    RakpStatus.INVALID_AUTHENTICATION_ALGORITHM,
    RakpStatus.INVALID_INTEGRITY_ALGORITHM,
    RakpStatus.INVALID_CONFIDENTIALITY_ALGORITHM,
)
_SIZES: Final = (0, 8)


class Grant(NamedTuple):
    """What Open Session allows.

    Attributes:
        suite: the cipher suite.
        level: the highest privilege that a session under it may have; never 0.
    """

    suite: CipherSuite
    level: int


def judge(policy: Policy, request: OpenSessionRequest) -> Grant | RakpStatus:
    """Decide about a request, check by check in the specification's order; free slots are not asked about.

    Returns: what is granted, or the status that refuses it.
    """
    if not request.console_session_id:
        return RakpStatus.INVALID_SESSION_ID
    matching = _matching(
        (request.authentication_type, request.integrity_type, request.confidentiality_type),
        (request.authentication_size, request.integrity_size, request.confidentiality_size),
        (request.authentication, request.integrity, request.confidentiality),
    )
    if isinstance(matching, RakpStatus):
        return matching
    limits = [(limit, suite) for suite in matching if (limit := policy.suite_limit(suite.id))]
    if not limits:
        return RakpStatus.NO_CIPHER_SUITE_MATCH
    wanted = request.max_privilege
    if wanted > _HIGHEST_LEVEL:
        return RakpStatus.INVALID_ROLE
    highest = max(limits)[0]
    if wanted > highest:
        return RakpStatus.UNAUTHORIZED_ROLE
    # Privilege 0 asks for the highest level there is, and is told it: consoles take a 0 for 'none'.
    suite = next(suite for limit, suite in limits if limit >= (wanted or highest))
    return Grant(suite, wanted or min(highest, policy.channel_limit()))


# Consoles propose the same again and again; to find the suites anew took 3 us of a login.
@lru_cache(maxsize=64)
def _matching(types: _Three, sizes: _Three, algorithms: _Three) -> tuple[CipherSuite, ...] | RakpStatus:
    """Suites that agree with every proposal that is not null, the best first; whatever the BMC allows.

    Args:
        types, sizes, algorithms: of the payloads of authentication, integrity and confidentiality.

    Returns: the suites, or what is wrong with the proposals themselves.
    """
    if types != (0, 1, 2):
        return RakpStatus.INVALID_PAYLOAD_TYPE
    if any(size not in _SIZES for size in sizes):
        return RakpStatus.ILLEGAL_PARAMETER
    for size, algorithm, largest, status in zip(sizes, algorithms, _LARGEST, _UNKNOWN, strict=True):
        if size and algorithm > largest:
            return status
    # A null proposal never means 'no authentication': suite 0 must be asked for by name.
    return tuple(
        SUITES[number]
        for number in _PREFERENCE
        if (sizes[0] or SUITES[number].authentication)
        and all(
            not size or algorithm == of_suite
            for size, algorithm, of_suite in zip(sizes, algorithms, SUITES[number][1:], strict=True)
        )
    )
