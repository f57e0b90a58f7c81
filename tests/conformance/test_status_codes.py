"""Table 13-15: every status that a BMC can send, each brought about once, and in which message it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from baseboard.codes import RakpStatus
from baseboard.testing.raw_console import RawConsoleV20
from tests.conformance.bench import ADMIN, ELSEWHERE, VIEWER, WholeBmc, bench

S = RakpStatus
OPEN_SESSION_RESPONSE, RAKP_2, RAKP_4 = "Open Session Response", "RAKP 2", "RAKP 4"

# Only a console sends 0Eh. The others are said otherwise: a record of another type is 03h, a role that no
# user may have 0Ah, and no slots are kept for a role.
NEVER_SENT = {
    S.NO_MATCHING_AUTHENTICATION_PAYLOAD,
    S.NO_MATCHING_INTEGRITY_PAYLOAD,
    S.INSUFFICIENT_RESOURCES_AT_ROLE,
    S.UNAUTHORIZED_GUID,
}


def opening(**changes: int) -> Callable[[WholeBmc], int | None]:
    def ask(bmc: WholeBmc) -> int | None:
        console = bmc.v20(suite=3)
        return console.open(console.open_request(**changes))

    return ask


def full(bmc: WholeBmc) -> int | None:
    for number in range(bmc.table.slots):
        bmc.in_v20(seed=100 + number)
    return bmc.v20(address=ELSEWHERE).open()


def in_rakp_1(**changes: object) -> Callable[[WholeBmc], int | None]:
    def ask(bmc: WholeBmc) -> int | None:
        console = opened(bmc)
        return console.rakp1(console.rakp1_request(**changes))

    return ask


def in_rakp_3(**changes: object) -> Callable[[WholeBmc], int | None]:
    def ask(bmc: WholeBmc) -> int | None:
        console = opened(bmc)
        assert console.rakp1() == 0
        return console.rakp3(console.rakp3_request(**changes))

    return ask


def opened(bmc: WholeBmc) -> RawConsoleV20:
    console = bmc.v20()
    assert console.open() == 0
    return console


def long_name(bmc: WholeBmc) -> int | None:
    console = opened(bmc)
    return console.rakp1(console.rakp1_request(username=b"")[:-1] + b"\x11" + bytes(17))


def short_message(bmc: WholeBmc) -> int | None:
    console = opened(bmc)
    return console.rakp1(console.rakp1_request()[:20])


def out_of_turn(bmc: WholeBmc) -> int | None:
    return opened(bmc).rakp3()


def second_rakp_1(bmc: WholeBmc) -> int | None:
    console = opened(bmc)
    assert console.rakp1() == 0
    return console.rakp1(console.rakp1_request(rm=bytes(16)))


def above_the_suite(bmc: WholeBmc) -> int | None:
    console = opened(bmc)
    return console.rakp1(console.rakp1_request(role=0x15))


def viewer_as_administrator(bmc: WholeBmc) -> int | None:
    return bmc.v20(VIEWER, role=0x14).login()[2]


def no_slot_left(bmc: WholeBmc) -> int | None:
    slow = opened(bmc)
    assert slow.rakp1() == 0
    for number in range(bmc.table.slots):
        bmc.in_v20(seed=100 + number)
    return slow.rakp3()


SENT: list[tuple[str, int, Callable[[WholeBmc], int | None]]] = [
    (OPEN_SESSION_RESPONSE, S.NO_ERRORS, opening()),
    (OPEN_SESSION_RESPONSE, S.INSUFFICIENT_RESOURCES, full),
    (OPEN_SESSION_RESPONSE, S.INVALID_SESSION_ID, opening(console_session_id=0)),
    (OPEN_SESSION_RESPONSE, S.INVALID_PAYLOAD_TYPE, opening(integrity_type=2)),
    (OPEN_SESSION_RESPONSE, S.INVALID_AUTHENTICATION_ALGORITHM, opening(authentication=4)),
    (OPEN_SESSION_RESPONSE, S.INVALID_INTEGRITY_ALGORITHM, opening(integrity=5)),
    (OPEN_SESSION_RESPONSE, S.INVALID_CONFIDENTIALITY_ALGORITHM, opening(confidentiality=4)),
    (OPEN_SESSION_RESPONSE, S.INVALID_ROLE, opening(max_privilege=6)),
    (OPEN_SESSION_RESPONSE, S.UNAUTHORIZED_ROLE, opening(max_privilege=5)),
    (OPEN_SESSION_RESPONSE, S.NO_CIPHER_SUITE_MATCH, opening(confidentiality=2)),
    (OPEN_SESSION_RESPONSE, S.ILLEGAL_PARAMETER, opening(integrity_size=7)),
    (RAKP_2, S.NO_ERRORS, in_rakp_1()),
    (RAKP_2, S.INVALID_SESSION_ID, in_rakp_1(bmc_session_id=1)),
    (RAKP_2, S.INACTIVE_SESSION_ID, second_rakp_1),
    (RAKP_2, S.INVALID_ROLE, in_rakp_1(role=0x10)),
    (RAKP_2, S.UNAUTHORIZED_ROLE, above_the_suite),
    (RAKP_2, S.INVALID_NAME_LENGTH, long_name),
    (RAKP_2, S.ILLEGAL_PARAMETER, short_message),
    (RAKP_4, S.NO_ERRORS, in_rakp_3()),
    (RAKP_4, S.INSUFFICIENT_RESOURCES, no_slot_left),
    (RAKP_4, S.INVALID_SESSION_ID, in_rakp_3(bmc_session_id=1)),
    (RAKP_4, S.INACTIVE_SESSION_ID, out_of_turn),
    (RAKP_4, S.UNAUTHORIZED_ROLE, viewer_as_administrator),
    (RAKP_4, S.INVALID_INTEGRITY_CHECK_VALUE, in_rakp_3(code=bytes(32))),
]


@pytest.mark.parametrize(
    ("message", "status", "ask"), SENT, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_13_24_status_codes(message: str, status: int, ask: Callable[[WholeBmc], int | None]) -> None:
    assert ask(bench()) == status


def test_13_24_an_unauthorized_name_is_told_where_login_errors_are_revealed() -> None:
    assert bench(reveal=True).v20(replace(ADMIN, name=b"nobody")).login() == [0, S.UNAUTHORIZED_NAME]


def test_13_24_that_is_the_whole_table() -> None:
    sent = {int(status) for _, status, _ in SENT} | {int(S.UNAUTHORIZED_NAME)}
    assert sent | {int(status) for status in NEVER_SENT} == set(range(0x13))
    assert not sent & {int(status) for status in NEVER_SENT}
