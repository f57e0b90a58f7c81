"""Authentication capabilities and cipher suites of a channel: what a console sees first (§22.13, §22.15)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.commands.app.channels import GetChannelAuthenticationCapabilities, GetChannelCipherSuites
from baseboard.commands.app.device import GetSystemGuid
from baseboard.crypto.suites import SUITES
from tests.conformance.bench import ADMIN, ANONYMOUS, KG, LAN, MD2, MD5, NULL, VIEWER, WholeBmc, bench
from tests.conformance.marks import exercises


def capabilities(bmc: WholeBmc, first: int = 0x8E, level: int = 4) -> bytes:
    answer = bmc.v15().ask_outside(0x06, 0x38, bytes((first, level)))
    assert answer is not None
    return answer


@exercises(GetChannelAuthenticationCapabilities)
def test_22_13_the_answer_to_a_v20_console() -> None:
    # Real channel; v2.0 data, straight, MD5, MD2, none; K_G null, a named user; both versions; no OEM.
    expected = bytes((0, LAN, 0x80 | 0x17, 0x04, 0x03, 0, 0, 0, 0))
    assert capabilities(bench()) == expected
    assert capabilities(bench(), 0x80 | LAN) == expected


def test_22_13_a_v15_console_sees_no_bit_that_it_does_not_know() -> None:
    bmc = bench(kg=KG)
    assert capabilities(bmc, 0x0E) == bytes((0, LAN, 0x17, 0x04, 0, 0, 0, 0, 0))
    assert capabilities(bmc, 0x8E)[3] == 0x24, "to others K_G is told"


@exercises(GetChannelAuthenticationCapabilities)
def test_22_13_byte_5_tells_which_versions_log_in() -> None:
    assert capabilities(bench())[4] == 3
    without_v15 = capabilities(bench(auth_types=0))
    assert (without_v15[2], without_v15[4]) == (0x80, 2)
    assert capabilities(bench(suites=()))[4] == 1


@exercises(GetChannelAuthenticationCapabilities)
def test_22_13_kg_is_told_as_soon_as_it_is_set() -> None:
    bmc = bench()
    for key, bit in ((KG, 0x20), (bytes(20), 0), (bytes(19) + b"\1", 0x20)):
        assert bmc.system(0x56, bytes((LAN, 1, 1)) + key)[0] == 0
        assert capabilities(bmc)[3] & 0x20 == bit


@pytest.mark.parametrize(
    ("users", "bits"),
    [
        ((), 0),
        ((ADMIN,), 4),
        ((NULL,), 2),
        ((ANONYMOUS,), 1),
        ((ADMIN, NULL), 6),
        ((ANONYMOUS, ADMIN), 5),
        ((NULL, replace(ANONYMOUS, user_id=2)), 3),
        ((replace(ADMIN, enabled=False), NULL), 2),
        ((ADMIN, replace(NULL, enabled=False)), 4),
        ((ADMIN, replace(ANONYMOUS, privilege=15)), 4),
    ],
)
def test_22_13_byte_4_tells_of_users_that_may_log_in(users: tuple[UserSpec, ...], bits: int) -> None:
    assert capabilities(bench(users=users))[3] == bits


def test_22_13_users_without_messaging_on_the_channel_do_not_count() -> None:
    bmc = bench(users=(ADMIN, NULL))
    bmc.system(0x43, bytes((0x80 | LAN, 1, 3)))
    assert capabilities(bmc)[3] == 4


def test_22_13_byte_4_tells_what_authentication_is_disabled() -> None:
    bmc = bench()
    for byte, bits in ((0x92, 0x10), (0x8A, 0x08), (0x9A, 0x18), (0x82, 0)):
        assert bmc.system(0x40, bytes((LAN, byte, 0))) == b"\0"
        assert capabilities(bmc)[3] & 0x18 == bits


def test_22_13_the_types_are_those_of_the_level_asked_for() -> None:
    bmc = bench()
    # LAN parameter 2: a byte for each level from Callback on.
    bmc.system(0x01, bytes((LAN, 2, 1, 0x02, 0x04, 0x10, 0)), netfn=0x0C)
    assert [capabilities(bmc, level=level)[2] & 0x3F for level in range(1, 6)] == [1, 2, 4, 0x10, 0]
    assert bmc.v15(VIEWER, auth_type=MD2, privilege=2).login() == [0, 0]
    assert bmc.v15(VIEWER, auth_type=MD5, privilege=2).login() == [0, 0xCC]


def test_22_13_it_is_answered_for_levels_above_the_channels() -> None:
    bmc = bench()
    bmc.system(0x40, bytes((LAN, 0, 0x82)))
    assert capabilities(bmc, level=4) == capabilities(bench(), level=4)


@pytest.mark.parametrize("channel", [0, 2, 7, 0xB, 0xC, 0xD, 0xF])
def test_22_13_a_channel_that_does_not_exist_or_has_no_sessions_is_invalid(channel: int) -> None:
    assert capabilities(bench(), 0x80 | channel) == b"\xcc"


@pytest.mark.parametrize("level", [0, 6, 15])
def test_22_13_a_reserved_level_is_invalid(level: int) -> None:
    assert capabilities(bench(), level=level) == b"\xcc"


@pytest.mark.as_it_comes
def test_22_13_reserved_bits_are_ignored() -> None:
    bmc = bench()
    assert capabilities(bmc, 0xFE, 0xF4) == capabilities(bmc)


@pytest.mark.parametrize("data", [b"", b"\x8e", b"\x8e\x04\x00"], ids=len)
def test_22_13_a_wrong_length_is_told(data: bytes) -> None:
    assert bench().v15().ask_outside(0x06, 0x38, data) == b"\xc7"


def listed(bmc: WholeBmc, *, by_suite: bool = True, payload: int = 0) -> bytes:
    """Read the list as consoles do: 16 bytes at a time, until fewer come."""
    found, console = b"", bmc.v20()
    for index in range(64):
        answer = console.ask_outside(0x06, 0x54, bytes((0xE, payload, by_suite << 7 | index)))
        assert answer is not None
        assert answer[:2] == bytes((0, LAN))
        assert len(answer) <= 18
        found += answer[2:]
        if len(answer) < 18:
            return found
    raise AssertionError("the list does not end")


def records(*suites: int) -> bytes:
    """Table 22-18: start of record, ID, then an algorithm of each kind under its tag."""
    rows = [
        (0xC0, number, SUITES[number][1], 0x40 | SUITES[number][2], 0x80 | SUITES[number][3])
        for number in suites
    ]
    return b"".join(bytes(map(int, row)) for row in rows)


@exercises(GetChannelCipherSuites)
@pytest.mark.parametrize(
    "suites", [(3,), (17,), (3, 17), (0, 1, 2), tuple(range(16)), (0, 1, 2, 3, 6, 7, 8, 11, 12, 15)], ids=str
)
def test_22_15_the_suites_on_offer_are_listed(suites: tuple[int, ...]) -> None:
    bmc = bench(suites=suites)
    assert listed(bmc) == records(*suites)
    assert listed(bmc, payload=1) == records(*suites), "for SOL the same"


def test_22_15_a_captured_list() -> None:
    """Suites 0, 1, 2, 3, 6, 7, 8, 11, 12 of a controller, as it was recorded."""
    captured = (
        "c0 00 00 40 80 c0 01 01 40 80 c0 02 01 41 80 c0 03 01 41 81 c0 06 02 40 80 c0 07 02 42 80 "
        "c0 08 02 42 81 c0 0b 02 43 80 c0 0c 02 43 81"
    )
    assert listed(bench(suites=(0, 1, 2, 3, 6, 7, 8, 11, 12))) == bytes.fromhex(captured)


@exercises(GetChannelCipherSuites)
def test_22_15_every_suite_in_the_list_can_be_used_and_no_other() -> None:
    bmc = bench(suites=((0, 0), (1, 4), (3, 4), (17, 4), (8, 0)))
    assert listed(bmc) == records(1, 3, 17)
    usable = [suite for suite in range(20) if bmc.v20(suite=suite, seed=suite).open() == 0]
    assert usable == [1, 3, 17]


def test_22_15_algorithms_alone_are_listed_once_each() -> None:
    assert listed(bench(suites=(2, 3, 8, 17)), by_suite=False) == bytes.fromhex("01 02 03 41 42 44 80 81")


def test_22_15_a_list_of_whole_blocks_ends_with_an_empty_one() -> None:
    suites = tuple(range(16))
    assert len(records(*suites)) == 80
    bmc = bench(suites=suites)
    answer = bmc.v20().ask_outside(0x06, 0x54, b"\x0e\x00\x85")
    assert answer == bytes((0, LAN))
    assert bmc.v20().ask_outside(0x06, 0x54, b"\x0e\x00\xbf") == bytes((0, LAN))


@pytest.mark.parametrize(
    "data", [b"\x00\x00\x80", b"\x02\x00\x80", b"\x0f\x00\x80", b"\x0e\x02\x80", b"\x0e\x3f\x80"]
)
def test_22_15_another_channel_or_payload_is_invalid(data: bytes) -> None:
    assert bench().v20().ask_outside(0x06, 0x54, data) == b"\xcc"


@exercises(GetSystemGuid)
def test_22_14_the_system_guid_is_the_one_of_rakp_2() -> None:
    bmc = bench()
    console = bmc.in_v20()
    for answer in (bmc.v15().ask_outside(0x06, 0x37), console.ask(0x06, 0x37), bmc.system(0x37)):
        assert answer == b"\0" + console.guid
