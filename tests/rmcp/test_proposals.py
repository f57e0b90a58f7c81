"""What a BMC makes of the proposals in Open Session (§13.17)."""

from __future__ import annotations

import pytest

from baseboard.codes import RakpStatus
from baseboard.crypto.suites import SUITES
from baseboard.rmcp import proposals
from baseboard.rmcp.proposals import Grant, judge
from baseboard.rmcp.setup import OpenSessionRequest
from tests.rmcp.bmc import Rules


@pytest.fixture(autouse=True)
def nothing_judged_before() -> None:
    """Each test sees how a proposal is judged for the first time."""
    proposals._matching.cache_clear()


def rules(**limits: int) -> Rules:
    made = Rules()
    made.limits = {int(name[1:]): limit for name, limit in limits.items()} or {3: 4, 17: 4}
    return made


def request(suite: int = 3, **fields: int) -> OpenSessionRequest:
    _, authentication, integrity, confidentiality = SUITES[suite]
    values = {
        "tag": 1, "console_session_id": 7, "authentication": authentication, "integrity": integrity,
        "confidentiality": confidentiality,
    }  # fmt: skip
    return OpenSessionRequest(**{**values, **fields})


@pytest.mark.parametrize("suite", SUITES)
def test_22_15_every_standard_suite_can_be_had(suite: int) -> None:
    policy = rules(**{f"s{suite}": 3})
    assert judge(policy, request(suite, max_privilege=3)) == Grant(SUITES[suite], 3)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"console_session_id": 0}, RakpStatus.INVALID_SESSION_ID),
        ({"authentication_type": 1}, RakpStatus.INVALID_PAYLOAD_TYPE),
        ({"integrity_type": 0}, RakpStatus.INVALID_PAYLOAD_TYPE),
        ({"confidentiality_type": 3}, RakpStatus.INVALID_PAYLOAD_TYPE),
        ({"authentication_size": 4}, RakpStatus.ILLEGAL_PARAMETER),
        ({"confidentiality_size": 9}, RakpStatus.ILLEGAL_PARAMETER),
        ({"authentication": 4}, RakpStatus.INVALID_AUTHENTICATION_ALGORITHM),
        ({"integrity": 5}, RakpStatus.INVALID_INTEGRITY_ALGORITHM),
        ({"confidentiality": 4}, RakpStatus.INVALID_CONFIDENTIALITY_ALGORITHM),
        ({"integrity": 4}, RakpStatus.NO_CIPHER_SUITE_MATCH),
        ({"max_privilege": 6}, RakpStatus.INVALID_ROLE),
        ({"max_privilege": 5}, RakpStatus.UNAUTHORIZED_ROLE),
    ],
)
def test_13_17_each_mistake_has_its_status(fields: dict[str, int], status: RakpStatus) -> None:
    assert judge(rules(), request(**fields)) is status


def test_13_17_the_first_mistake_counts() -> None:
    wrong = request(console_session_id=0, authentication=9, integrity=9, max_privilege=9)
    assert judge(rules(), wrong) is RakpStatus.INVALID_SESSION_ID
    wrong = request(authentication=9, integrity=9, confidentiality=9)
    assert judge(rules(), wrong) is RakpStatus.INVALID_AUTHENTICATION_ALGORITHM


def test_23_4_a_suite_without_privilege_is_off() -> None:
    assert judge(rules(s3=0, s17=4), request(3)) is RakpStatus.NO_CIPHER_SUITE_MATCH


def test_23_4_a_suite_that_is_not_listed_is_not_there() -> None:
    assert judge(rules(s17=4), request(3)) is RakpStatus.NO_CIPHER_SUITE_MATCH


def test_23_4_the_limit_of_a_suite_is_checked_before_the_user_is_known() -> None:
    policy = rules(s3=3, s17=4)
    assert judge(policy, request(3, max_privilege=4)) is RakpStatus.UNAUTHORIZED_ROLE
    assert judge(policy, request(3, max_privilege=3)) == Grant(SUITES[3], 3)
    assert judge(policy, request(17, max_privilege=4)) == Grant(SUITES[17], 4)


@pytest.mark.parametrize(("suite", "channel", "granted"), [(4, 4, 4), (3, 4, 3), (4, 2, 2), (5, 5, 5)])
def test_13_17_privilege_zero_asks_for_the_highest_and_is_told_it(
    suite: int, channel: int, granted: int
) -> None:
    policy = rules(s3=suite)
    policy.limit = channel
    assert judge(policy, request(max_privilege=0)) == Grant(SUITES[3], granted)


NULL = {"authentication_size": 0, "integrity_size": 0, "confidentiality_size": 0}


@pytest.mark.parametrize(
    ("fields", "limits", "chosen"),
    [
        (NULL, {"s3": 4, "s17": 4, "s8": 4}, Grant(SUITES[17], 4)),
        (NULL, {"s3": 4, "s17": 3}, Grant(SUITES[3], 4)),
        ({**NULL, "max_privilege": 3}, {"s3": 4, "s17": 3}, Grant(SUITES[17], 3)),
        ({"confidentiality_size": 0}, {"s2": 4, "s3": 4}, Grant(SUITES[3], 4)),
        ({"integrity_size": 0, "confidentiality": 0}, {"s1": 4, "s2": 4, "s3": 4}, Grant(SUITES[2], 4)),
        ({"authentication_size": 0}, {"s3": 4, "s8": 4}, Grant(SUITES[3], 4)),
        ({**NULL, "authentication": 63, "integrity": 63}, {"s3": 4}, Grant(SUITES[3], 4)),
    ],
)
def test_13_17_a_null_proposal_leaves_the_choice_to_the_bmc(
    fields: dict[str, int], limits: dict[str, int], chosen: Grant
) -> None:
    assert judge(rules(**limits), request(**fields)) == chosen


def test_a_null_proposal_never_means_no_authentication() -> None:
    assert judge(rules(s0=4), request(**NULL)) is RakpStatus.NO_CIPHER_SUITE_MATCH
    assert judge(rules(s0=4), request(0)) == Grant(SUITES[0], 4)
