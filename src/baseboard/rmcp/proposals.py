"""What a BMC makes of the proposals in Open Session: a cipher suite and a level, or a status (§13.17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.codes import RakpStatus
from baseboard.crypto.suites import SUITES, CipherSuite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baseboard.rmcp.session import Policy
    from baseboard.rmcp.setup import OpenSessionRequest

_PREFERENCE: Final = (17, 3, 8, 12, 18, 4, 9, 13, 19, 5, 10, 14, 16, 2, 7, 11, 15, 1, 6, 0)
"""Suites for a console that leaves the choice to the BMC, the best first."""

_HIGHEST_LEVEL: Final = 5
_LARGEST_AUTHENTICATION: Final = 3
_LARGEST_INTEGRITY: Final = 4
_LARGEST_CONFIDENTIALITY: Final = 3
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
    malformed = _malformed(request)
    if malformed is not None:
        return malformed
    offered = policy.suites()
    limits = {suite: policy.suite_limit(suite.id) for suite in _matching(request) if suite.id in offered}
    limits = {suite: limit for suite, limit in limits.items() if limit}
    if not limits:
        return RakpStatus.NO_CIPHER_SUITE_MATCH
    wanted = request.max_privilege
    if wanted > _HIGHEST_LEVEL:
        return RakpStatus.INVALID_ROLE
    highest = max(limits.values())
    if wanted > highest:
        return RakpStatus.UNAUTHORIZED_ROLE
    # Privilege 0 asks for the highest level there is, and is told it: consoles take a 0 for 'none'.
    suite = next(suite for suite, limit in limits.items() if limit >= (wanted or highest))
    return Grant(suite, wanted or min(highest, policy.channel_limit()))


def _malformed(request: OpenSessionRequest) -> RakpStatus | None:
    """What is wrong with the message itself, whatever the BMC allows."""
    types = (request.authentication_type, request.integrity_type, request.confidentiality_type)
    sizes = (request.authentication_size, request.integrity_size, request.confidentiality_size)
    status: RakpStatus | None = None
    if not request.console_session_id:
        status = RakpStatus.INVALID_SESSION_ID
    elif types != (0, 1, 2):
        status = RakpStatus.INVALID_PAYLOAD_TYPE
    elif any(size not in _SIZES for size in sizes):
        status = RakpStatus.ILLEGAL_PARAMETER
    elif sizes[0] and request.authentication > _LARGEST_AUTHENTICATION:
        status = RakpStatus.INVALID_AUTHENTICATION_ALGORITHM
    elif sizes[1] and request.integrity > _LARGEST_INTEGRITY:
        status = RakpStatus.INVALID_INTEGRITY_ALGORITHM
    elif sizes[2] and request.confidentiality > _LARGEST_CONFIDENTIALITY:
        status = RakpStatus.INVALID_CONFIDENTIALITY_ALGORITHM
    return status


def _matching(request: OpenSessionRequest) -> Iterator[CipherSuite]:
    """Suites that agree with every proposal that is not null, the best first."""
    for number in _PREFERENCE:
        suite = SUITES[number]
        if request.authentication_size:
            fits = request.authentication == suite.authentication
        else:
            # A null proposal never means 'no authentication': suite 0 must be asked for by name.
            fits = suite.authentication != 0
        fits = fits and (not request.integrity_size or request.integrity == suite.integrity)
        if fits and (not request.confidentiality_size or request.confidentiality == suite.confidentiality):
            yield suite
