"""Open Session Request and Response: which suites and levels a BMC agrees to (§13.17, §13.18)."""

from __future__ import annotations

import pytest

from baseboard.rmcp.setup import OpenSessionResponse
from baseboard.testing.raw_console import OPEN_SESSION, RawConsoleV20
from tests.conformance.bench import LAN, WholeBmc, bench

# Table 13-15.
NO_RESOURCES, INVALID_SESSION_ID, INVALID_PAYLOAD_TYPE = 0x01, 0x02, 0x03
INVALID_AUTHENTICATION, INVALID_INTEGRITY, INVALID_CONFIDENTIALITY = 0x04, 0x05, 0x10
INVALID_ROLE, UNAUTHORIZED_ROLE, NO_SUITE, ILLEGAL_PARAMETER = 0x09, 0x0A, 0x11, 0x12
STANDARD = range(20)


def asked(bmc: WholeBmc, **changes: object) -> tuple[int | None, RawConsoleV20]:
    console = bmc.v20(suite=3)
    return console.open(console.open_request(**changes)), console


def response(bmc: WholeBmc, **changes: object) -> OpenSessionResponse:
    console = bmc.v20(suite=3)
    answer = console.exchange(OPEN_SESSION, console.open_request(**changes))
    assert answer is not None
    assert len(answer) == 36
    return OpenSessionResponse.decode(answer)


@pytest.mark.parametrize("suite", STANDARD)
def test_table_22_19_every_suite_that_is_offered_opens_a_session(suite: int) -> None:
    bmc = bench(suites=(suite,))
    console = bmc.in_v20(suite=suite, level=4)
    (session,) = bmc.sessions
    assert (session.version, session.user_id) == (1, 2)
    answer = console.ask(0x06, 0x01)
    assert answer is not None
    assert answer[0] == 0


@pytest.mark.parametrize("suite", STANDARD)
def test_13_18_a_suite_that_is_not_offered_is_refused(suite: int) -> None:
    others = (17,) if suite == 3 else (3,)
    assert bench(suites=others).v20(suite=suite).login() == [NO_SUITE]


@pytest.mark.parametrize("suite", STANDARD)
def test_22_15_2_a_suite_of_level_zero_is_switched_off(suite: int) -> None:
    assert bench(suites=((suite, 0), (3 if suite != 3 else 17, 4))).v20(suite=suite).login() == [NO_SUITE]


def test_23_24_a_suite_is_switched_off_and_on_by_lan_parameter_24() -> None:
    bmc = bench(suites=(3, 17))
    levels = bmc.system(0x02, bytes((LAN, 24, 0, 0)), netfn=0x0C)[2:]
    assert bmc.v20(suite=3).login() == [0, 0, 0]
    # Entry n has nibble n, and entry 3 is suite 3.
    off = levels[:2] + bytes((levels[2] & 0x0F,)) + levels[3:]
    assert bmc.system(0x01, bytes((LAN, 24)) + off, netfn=0x0C) == b"\0"
    assert bmc.v20(suite=3).login() == [NO_SUITE]
    assert bmc.v20(suite=17).login() == [0, 0, 0]
    operators = levels[:2] + bytes((levels[2] & 0x0F | 0x30,)) + levels[3:]
    assert bmc.system(0x01, bytes((LAN, 24)) + operators, netfn=0x0C) == b"\0"
    assert bmc.v20(suite=3, privilege=4).login() == [UNAUTHORIZED_ROLE]
    assert bmc.v20(suite=3, privilege=3, role=0x13).login() == [0, 0, 0]


def test_13_18_the_response_repeats_tag_and_console_id_and_names_the_choice() -> None:
    answer = response(bench(), tag=0x5A, console_session_id=0xA4A3A2A0, max_privilege=3)
    assert (answer.tag, answer.status, answer.max_privilege) == (0x5A, 0, 3)
    assert answer.console_session_id == 0xA4A3A2A0
    assert answer.bmc_session_id != 0
    types = (answer.authentication_type, answer.integrity_type, answer.confidentiality_type)
    sizes = (answer.authentication_size, answer.integrity_size, answer.confidentiality_size)
    assert types == (0, 1, 2)
    assert sizes == (8, 8, 8)
    assert (answer.authentication, answer.integrity, answer.confidentiality) == (1, 1, 1)


def test_13_18_an_error_has_eight_bytes_with_tag_status_and_console_id() -> None:
    console = bench().v20()
    answer = console.exchange(OPEN_SESSION, console.open_request(tag=7, authentication=9))
    assert answer is not None
    assert answer[:2] == bytes((7, INVALID_AUTHENTICATION))
    assert answer[4:] == console.sidm.to_bytes(4, "little")


def test_13_17_session_ids_of_the_bmc_differ_and_are_not_zero() -> None:
    bmc = bench()
    given = [response(bmc, console_session_id=number).bmc_session_id for number in range(1, 40)]
    assert len(set(given)) == 39
    assert 0 not in given


def test_13_17_privilege_zero_gets_the_highest_level_there_is() -> None:
    assert response(bench(suites=((3, 3),)), max_privilege=0).max_privilege == 3
    bmc = bench()
    assert response(bmc, max_privilege=0).max_privilege == 4
    bmc.system(0x40, bytes((LAN, 0, 0x80 | 2)))
    assert response(bmc, max_privilege=0, tag=1).max_privilege == 2


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_13_17_a_level_asked_for_is_given(level: int) -> None:
    assert response(bench(), max_privilege=level).max_privilege == level


def test_13_17_a_level_above_the_suites_limit_is_refused() -> None:
    bmc = bench(suites=((3, 2), (17, 4)))
    assert asked(bmc, max_privilege=3)[0] == UNAUTHORIZED_ROLE
    assert asked(bmc, max_privilege=2)[0] == 0
    assert asked(bmc, max_privilege=5)[0] == UNAUTHORIZED_ROLE


@pytest.mark.parametrize("level", [6, 7, 8, 15])
def test_13_17_a_reserved_level_is_an_invalid_role(level: int) -> None:
    assert asked(bench(), max_privilege=level)[0] == INVALID_ROLE


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("authentication", INVALID_AUTHENTICATION),
        ("integrity", INVALID_INTEGRITY),
        ("confidentiality", INVALID_CONFIDENTIALITY),
    ],
)
@pytest.mark.parametrize("number", [5, 0x0F, 0x30, 0x3F])
def test_13_28_an_unknown_algorithm_is_named(field: str, status: int, number: int) -> None:
    assert asked(bench(), **{field: number})[0] == status


def test_13_28_the_last_known_algorithms_are_known() -> None:
    bmc = bench()
    # 3, 4 and 3 exist; 4 and 5 and 4 do not.
    assert asked(bmc, authentication=4)[0] == INVALID_AUTHENTICATION
    assert asked(bmc, authentication=3)[0] == NO_SUITE
    assert asked(bmc, integrity=4)[0] == NO_SUITE
    assert asked(bmc, confidentiality=4)[0] == INVALID_CONFIDENTIALITY
    assert asked(bmc, confidentiality=3)[0] == NO_SUITE


def test_13_17_algorithms_of_no_suite_match_nothing() -> None:
    bmc = bench()
    for triple in ((0, 1, 1), (1, 0, 1), (1, 2, 1), (3, 1, 1), (2, 4, 0)):
        fields = dict(zip(("authentication", "integrity", "confidentiality"), triple, strict=True))
        assert asked(bmc, **fields)[0] == NO_SUITE, triple


def test_13_17_a_console_session_id_of_zero_is_invalid() -> None:
    assert asked(bench(), console_session_id=0)[0] == INVALID_SESSION_ID


@pytest.mark.parametrize("field", ["authentication_type", "integrity_type", "confidentiality_type"])
def test_13_17_a_record_of_another_type_is_invalid(field: str) -> None:
    assert asked(bench(), **{field: 7})[0] == INVALID_PAYLOAD_TYPE


@pytest.mark.parametrize("field", ["authentication_size", "integrity_size", "confidentiality_size"])
@pytest.mark.parametrize("size", [1, 4, 7, 9, 255])
def test_13_17_a_record_of_another_length_is_illegal(field: str, size: int) -> None:
    assert asked(bench(), **{field: size})[0] == ILLEGAL_PARAMETER


@pytest.mark.parametrize("size", range(8, 32))
def test_13_17_a_request_cut_short_is_illegal(size: int) -> None:
    console = bench().v20()
    assert console.open(console.open_request()[:size]) == ILLEGAL_PARAMETER


@pytest.mark.parametrize("size", range(8))
def test_13_17_a_stump_without_a_session_id_gets_silence(size: int) -> None:
    console = bench().v20()
    assert console.open(console.open_request()[:size]) is None


def test_13_17_bytes_behind_the_request_are_ignored() -> None:
    console = bench().v20()
    assert console.open(console.open_request() + bytes(7)) == 0


def null(*which: str) -> dict[str, int]:
    return {**dict.fromkeys(which, 0), **{f"{name}_size": 0 for name in which}}


def chosen(bmc: WholeBmc, **changes: object) -> int | None:
    status, console = asked(bmc, **changes)
    return console.suite.id if status == 0 else None


def test_13_17_null_proposals_leave_the_choice_to_the_bmc() -> None:
    bmc = bench(suites=(2, 3, 8, 17))
    everything = null("authentication", "integrity", "confidentiality")
    assert chosen(bmc, **everything) == 17, "the strongest there is"
    assert chosen(bmc, **null("integrity", "confidentiality")) == 3, "with HMAC-SHA1"
    assert chosen(bmc, **null("confidentiality")) == 3
    assert chosen(bmc, **null("authentication", "integrity"), confidentiality=0) == 2
    assert chosen(bmc, **null("authentication", "confidentiality"), integrity=2) == 8
    assert chosen(bmc, **null("authentication", "confidentiality"), integrity=3) is None


def test_13_17_null_proposals_look_for_the_level_wanted() -> None:
    bmc = bench(suites=((3, 4), (17, 2)))
    everything = null("authentication", "integrity", "confidentiality")
    assert chosen(bmc, **everything, max_privilege=2) == 17
    assert chosen(bmc, **everything, max_privilege=4) == 3
    assert chosen(bmc, **everything, max_privilege=0) == 3, "the highest level comes first"
    status, _ = asked(bmc, **everything, max_privilege=5)
    assert status == UNAUTHORIZED_ROLE


def test_13_17_null_proposals_never_mean_no_authentication() -> None:
    bmc = bench(suites=((0, 4), (3, 2)))
    everything = null("authentication", "integrity", "confidentiality")
    assert chosen(bmc, **everything, max_privilege=0) == 3
    assert asked(bench(suites=(0,)), **everything)[0] == NO_SUITE
    assert asked(bench(suites=(0,)), authentication=0, integrity=0, confidentiality=0)[0] == 0


def test_13_18_without_a_free_slot_there_are_no_resources() -> None:
    bmc = bench(session_slots=1)
    console = bmc.in_v20()
    other = bmc.v20(address=("192.0.2.2", 2))
    assert other.login() == [NO_RESOURCES]
    assert console.ask(0x06, 0x3C, console.sidc.to_bytes(4, "little")) == b"\0"
    assert other.login() == [0, 0, 0]


def test_4_1_a_request_sent_again_gets_the_same_answer() -> None:
    bmc = bench()
    console = bmc.v20()
    request = console.open_request()
    answers = {console.exchange(OPEN_SESSION, request) for _ in range(5)}
    assert len(answers) == 1
    assert len(bmc.table.pending) == 1


def test_4_1_the_same_request_from_another_source_is_another_login() -> None:
    bmc = bench()
    first, second = bmc.v20(), bmc.v20(address=("192.0.2.2", 2))
    assert [first.open(), second.open()] == [0, 0]
    assert first.sidc != second.sidc
    assert [first.rakp1(), first.rakp3(), second.rakp1(), second.rakp3()] == [0, 0, 0, 0]
    assert len(bmc.sessions) == 2


def test_13_17_one_console_session_id_may_serve_several_sessions() -> None:
    """A client uses the same constant for all of its sessions: answers go by address and port."""
    bmc = bench()
    consoles = [bmc.in_v20(address=("192.0.2.9", 1000 + n), suite=3 if n else 17) for n in range(3)]
    assert len({console.sidm for console in consoles}) == 1
    assert len({console.sidc for console in consoles}) == 3
    assert all(console.ask(0x06, 0x01) is not None for console in consoles)


@pytest.mark.parametrize("flags", [0x40, 0x80, 0xC0])
def test_13_16_setup_messages_travel_in_clear(flags: int) -> None:
    console = bench().v20()
    packet = bytearray(console.packet(console.open_request(), OPEN_SESSION, session_id=0, sequence=0))
    packet[5] |= flags
    assert console.carry(bytes(packet), console.address) == []


@pytest.mark.parametrize("kind", [0x11, 0x13, 0x15, 0x16, 0x1F, 0x03, 0x0F, 0x20, 0x27, 0x28, 0x3F, 0x01])
def test_table_13_16_payloads_that_no_console_opens_a_session_with_get_silence(kind: int) -> None:
    console = bench().v20()
    packet = console.packet(console.open_request(), kind, session_id=0, sequence=0)
    assert console.carry(packet, console.address) == []


def test_13_17_without_suites_there_are_no_v20_logins() -> None:
    bmc = bench(suites=())
    assert bmc.v20().login() == [None]
    assert bmc.v15().login() == [0, 0]
