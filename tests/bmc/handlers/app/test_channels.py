"""Channel commands (§22.13-22.15, §22.22-22.25), byte for byte as consoles see them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import LanSpec, UserSpec
from baseboard.rmcp.console_events import LoginFailed, SessionOpened
from baseboard.rmcp.login import Login
from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import ADMIN, OPEN_LAN, OPERATOR, make_lan_bmc
from tests.bmc.handlers.checks import ADMINISTRATOR, ANYBODY, LAN, USER, at_least, check
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
CAPABILITIES, CIPHER_SUITES = 0x38, 0x54
SET_ACCESS, GET_ACCESS, GET_INFO, KEYS = 0x40, 0x41, 0x42, 0x56
EVERY_TYPE = 0x17  # none, MD2, MD5, straight password
NAMED = UserSpec(2, b"ops", b"secret", size=16)
NULL = UserSpec(3, b"", b"null's", size=16)
ANONYMOUS = UserSpec(4, b"", b"", size=16)
KG = bytes(range(1, 21))


def ask(bmc: Bench, cmd: int, data: str | bytes = "") -> bytes:
    """A request of an administrator over LAN."""
    sent = data if isinstance(data, bytes) else bytes.fromhex(data)
    return bmc.raw(APP, cmd, sent, origin=bmc.origin(LAN))


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (CAPABILITIES, ANYBODY, (2,)),
        (CIPHER_SUITES, ANYBODY, (3,)),
        (SET_ACCESS, ADMINISTRATOR, (3,)),
        (GET_ACCESS, USER, (2,)),
        (GET_INFO, USER, (1,)),
        (KEYS, ADMINISTRATOR, at_least(3)),
    ],
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...] | range) -> None:
    check(make_bmc(), APP, cmd, level, lengths)


# Get Channel Authentication Capabilities


def test_22_13_the_answer_to_consoles_of_either_version() -> None:
    bmc = make_bmc(users=(NAMED, ANONYMOUS), lan=replace(OPEN_LAN, auth_types=EVERY_TYPE))
    # as an example has it: straight password, MD5, MD2, none; names and anonymous; both versions
    assert ask(bmc, CAPABILITIES, "8e 04") == bytes.fromhex("00 01 97 05 03 00 00 00 00")
    assert ask(bmc, CAPABILITIES, "81 04") == bytes.fromhex("00 01 97 05 03 00 00 00 00")
    assert ask(bmc, CAPABILITIES, "0e 04") == bytes.fromhex("00 01 17 05 00 00 00 00 00")


def test_22_13_a_key_shows_to_v20_consoles_only() -> None:
    bmc = make_bmc(users=(NAMED,), lan=replace(OPEN_LAN, kg=KG))
    assert ask(bmc, CAPABILITIES, "8e 04")[3] == 0x24
    assert ask(bmc, CAPABILITIES, "0e 04")[3] == 0x04


@pytest.mark.parametrize(
    ("users", "bits"),
    [
        ((), 0),
        ((NAMED,), 4),
        ((NULL,), 2),
        ((ANONYMOUS,), 1),
        ((NAMED, NULL, ANONYMOUS), 7),
        ((replace(NULL, enabled=False), replace(NAMED, privilege=0xF)), 0),
    ],
)
def test_22_13_which_users_there_are(users: tuple[UserSpec, ...], bits: int) -> None:
    assert ask(make_bmc(users=users), CAPABILITIES, "8e 04")[3] == bits


def test_22_13_switched_off_authentication_shows() -> None:
    bmc = make_bmc(users=(NAMED,))
    ask(bmc, SET_ACCESS, "01 92 00")
    assert ask(bmc, CAPABILITIES, "8e 04")[3] == 0x14
    ask(bmc, SET_ACCESS, "01 8a 00")
    assert ask(bmc, CAPABILITIES, "8e 04")[3] == 0x0C


def test_22_13_the_types_are_those_of_the_level() -> None:
    bmc = make_bmc(lan=replace(OPEN_LAN, auth_types=EVERY_TYPE))
    # LAN parameter 2: callback nothing, user MD2, operator MD5, administrator straight password
    assert bmc.raw(0x0C, 0x01, bytes.fromhex("01 02 00 02 04 10 00")) == b"\0"
    found = [ask(bmc, CAPABILITIES, f"0e {level:02x}")[2] for level in range(1, 6)]
    assert found == [0x00, 0x02, 0x04, 0x10, 0x00]


@pytest.mark.parametrize(
    ("lan", "types", "versions"),
    [(LanSpec(), 0x80, 2), (LanSpec(suites=(), auth_types=0x04), 0x84, 1)],
    ids=["v2.0 only", "v1.5 only"],
)
def test_22_13_versions_that_are_off(lan: LanSpec, types: int, versions: int) -> None:
    answer = ask(make_bmc(lan=lan), CAPABILITIES, "8e 04")
    assert (answer[2], answer[4]) == (types, versions)


@pytest.mark.parametrize("data", ["80 04", "85 04", "8f 04", "8e 00", "8e 06", "8e 0f"])
def test_22_13_channels_without_sessions_and_levels_that_there_are_not(data: str) -> None:
    assert ask(make_bmc(), CAPABILITIES, data) == b"\xcc"


def test_22_13_the_present_channel_of_the_host_has_no_sessions() -> None:
    bmc = make_bmc()
    assert bmc.raw(APP, CAPABILITIES, b"\x8e\x04") == b"\xcc"
    assert bmc.raw(APP, CAPABILITIES, b"\x81\x04")[0] == 0


# Get Channel Cipher Suites

LISTED = (0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17)
# a captured list, in the blocks that it came in
BLOCKS = [
    "c0 00 00 40 80 c0 01 01 40 80 c0 02 01 41 80 c0",
    "03 01 41 81 c0 06 02 40 80 c0 07 02 42 80 c0 08",
    "02 42 81 c0 0b 02 43 80 c0 0c 02 43 81 c0 0f 03",
    "40 80 c0 10 03 44 80 c0 11 03 44 81",
]


def suites_bmc() -> Bench:
    return make_bmc(lan=LanSpec(suites=tuple((suite, 4) for suite in LISTED)))


@pytest.mark.parametrize("payload", [0, 1])
def test_22_15_suites_are_listed_in_blocks_of_16_bytes(payload: int) -> None:
    bmc = suites_bmc()
    for index, block in enumerate([*BLOCKS, "", ""]):
        answer = ask(bmc, CIPHER_SUITES, bytes((0x0E, payload, 0x80 | index)))
        assert answer == b"\0\x01" + bytes.fromhex(block)
    assert ask(bmc, CIPHER_SUITES, "0e 00 bf") == b"\0\x01"


def test_22_15_algorithms_are_listed_once_each() -> None:
    answer = ask(suites_bmc(), CIPHER_SUITES, "01 00 00")
    assert answer[:2] == b"\0\x01"
    assert sorted(answer[2:]) == [0, 1, 2, 3, 0x40, 0x41, 0x42, 0x43, 0x44, 0x80, 0x81]
    assert ask(suites_bmc(), CIPHER_SUITES, "01 00 01") == b"\0\x01"


def test_22_15_a_suite_that_is_switched_off_is_not_listed() -> None:
    bmc = make_bmc(lan=LanSpec(suites=((3, 4), (17, 4))))
    # LAN parameter 23: which entry is suite 3; parameter 24: a nibble for each entry, low one first
    entry = bmc.raw(0x0C, 0x02, bytes.fromhex("01 17 00 00"))[3:].index(3)
    levels = bytearray(bmc.raw(0x0C, 0x02, bytes.fromhex("01 18 00 00"))[2:])
    levels[1 + entry // 2] &= 0x0F if entry % 2 else 0xF0
    assert bmc.raw(0x0C, 0x01, b"\x01\x18" + levels) == b"\0"
    assert ask(bmc, CIPHER_SUITES, "0e 00 80") == b"\0\x01" + bytes.fromhex("c0 11 03 44 81")


@pytest.mark.parametrize("data", ["00 00 80", "0f 00 80", "06 00 80", "01 02 80", "01 10 80", "01 3f 80"])
def test_22_15_other_channels_and_payloads_have_no_suites(data: str) -> None:
    assert ask(make_bmc(), CIPHER_SUITES, data) == b"\xcc"


# Set and Get Channel Access


def test_22_22_the_present_and_the_stored_settings_are_set_apart() -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_ACCESS, "01 80") == bytes.fromhex("00 02 04")
    # present: alerting off, limit Operator
    assert ask(bmc, SET_ACCESS, "01 a2 83") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 80") == bytes.fromhex("00 22 03")
    assert ask(bmc, GET_ACCESS, "0e 80") == bytes.fromhex("00 22 03")
    assert ask(bmc, GET_ACCESS, "01 40") == bytes.fromhex("00 02 04")
    # stored: no authentication of each message and of User level, limit User
    assert ask(bmc, SET_ACCESS, "0e 5a 42") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 80") == bytes.fromhex("00 22 03")
    assert ask(bmc, GET_ACCESS, "01 40") == bytes.fromhex("00 1a 02")
    assert ask(bmc.reopen(), GET_ACCESS, "01 80") == bytes.fromhex("00 1a 02")


def test_22_22_access_and_limit_change_each_by_itself() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACCESS, "01 3f 3f") == b"\0"  # neither counts, whatever they say
    assert ask(bmc, GET_ACCESS, "01 80") == bytes.fromhex("00 02 04")
    assert ask(bmc, SET_ACCESS, "01 00 82") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 80") == bytes.fromhex("00 02 02")
    assert ask(bmc, SET_ACCESS, "01 a0 00") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 80") == bytes.fromhex("00 20 02")


def test_22_22_a_reset_of_the_system_brings_the_stored_settings_back() -> None:
    bmc = make_bmc()
    assert bmc.backend.power is not None
    bmc.backend.power.turn_on()
    ask(bmc, SET_ACCESS, "01 a2 83")
    bmc.backend.power.reset()
    assert ask(bmc, GET_ACCESS, "01 80") == bytes.fromhex("00 02 04")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("00 82 84", 0x82),  # session-less channels
        ("0f 82 84", 0x82),
        ("05 82 84", 0xCC),  # no such channel
        ("01 81 84", 0x83),  # pre-boot only
        ("01 43 84", 0x83),  # shared
        ("01 87 84", 0x83),
        ("01 c2 84", 0xCC),  # 11b is reserved
        ("01 82 c4", 0xCC),
        ("01 82 80", 0xCC),  # no such limit
        ("01 82 46", 0xCC),
        ("01 82 8f", 0xCC),
    ],
)
def test_22_22_what_cannot_be_set_is_refused_and_nothing_changes(data: str, code: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACCESS, data) == bytes((code,))
    for which in ("80", "40"):
        assert ask(bmc, GET_ACCESS, f"01 {which}") == bytes.fromhex("00 02 04")


@pytest.mark.parametrize(
    ("data", "code"), [("00 80", 0x82), ("0f 80", 0x82), ("05 80", 0xCC), ("01 00", 0xCC), ("01 c0", 0xCC)]
)
def test_22_23_what_cannot_be_asked_is_refused(data: str, code: int) -> None:
    assert ask(make_bmc(), GET_ACCESS, data) == bytes((code,))


def test_22_22_a_lower_limit_holds_for_sessions_that_go_on() -> None:
    bmc = make_lan_bmc()
    admin, operator = bmc.login(ADMIN), bmc.login(OPERATOR)
    assert admin.ask(APP, SET_ACCESS, bytes.fromhex("0e 00 82")) == b"\0"
    for console in (admin, operator):
        assert (console.session.privilege, console.session.max_privilege) == (2, 2)
    assert admin.ask(APP, SET_ACCESS, bytes.fromhex("0e 00 84")) == b"\xd4"


def test_22_22_a_disabled_channel_ends_its_sessions_after_the_answer() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    admin, other = bmc.login(ADMIN), bmc.login(OPERATOR)
    other.activate_sol()
    assert admin.ask(APP, SET_ACCESS, bytes.fromhex("0e 80 00")) == b"\0"
    assert (admin.alive, other.alive) == (False, False)
    assert other.notices == [ConsoleNotice.DEACTIVATED]
    login = Login(username=ADMIN.name, password=ADMIN.password)
    assert isinstance(bmc.attempt(login).events[-1], LoginFailed)
    # Only the host can open the channel again.
    assert bmc.raw(APP, SET_ACCESS, bytes.fromhex("01 82 00")) == b"\0"
    assert bmc.login(ADMIN).alive


# Get Channel Info


@pytest.mark.parametrize(
    ("channel", "info"),
    [
        ("00", "00 00 01 01 00 f2 1b 00 00 00"),
        ("01", "00 01 04 01 80 f2 1b 00 00 00"),
        ("0e", "00 01 04 01 80 f2 1b 00 00 00"),
        ("0f", "00 0f 0c 05 00 f2 1b 00 ff ff"),
    ],
)
def test_22_24_what_the_channels_are(channel: str, info: str) -> None:
    assert ask(make_bmc(), GET_INFO, channel) == bytes.fromhex(info)


@pytest.mark.parametrize("channel", range(2, 14))
def test_22_24_there_are_no_others(channel: int) -> None:
    assert ask(make_bmc(), GET_INFO, bytes((channel,))) == b"\xcc"


def test_22_24_active_sessions_are_counted() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    bmc.login()
    # as an example has it: LAN on channel 1 with two sessions
    assert console.ask(APP, GET_INFO, b"\x0e") == bytes.fromhex("00 01 04 01 82 f2 1b 00 00 00")
    assert bmc.raw(APP, GET_INFO, b"\x0e") == bytes.fromhex("00 0f 0c 05 00 f2 1b 00 ff ff")


# Set Channel Security Keys


def test_22_25_a_key_is_read_and_set_and_survives() -> None:
    bmc = make_bmc()
    assert ask(bmc, KEYS, "01 00 01") == b"\0\x02" + bytes(20)
    assert ask(bmc, KEYS, b"\x0e\x01\x01" + KG) == b"\0\x02"
    assert ask(bmc, KEYS, "01 00 01") == b"\0\x02" + KG
    assert ask(bmc.reopen(), KEYS, "01 00 01") == b"\0\x02" + KG


@pytest.mark.parametrize(("size", "code"), [(0, 0x81), (1, 0x81), (19, 0x81), (21, 0x82), (40, 0x82)])
def test_22_25_a_key_has_20_bytes(size: int, code: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, KEYS, b"\x01\x01\x01" + b"k" * size) == bytes((code,))
    assert ask(bmc, KEYS, "01 00 01") == b"\0\x02" + bytes(20)


def test_22_25_a_locked_key_is_neither_set_nor_read() -> None:
    bmc = make_bmc()
    ask(bmc, KEYS, b"\x01\x01\x01" + KG)
    assert ask(bmc, KEYS, "01 02 01") == b"\0\x01"
    for reached in (bmc, bmc.reopen()):
        assert ask(reached, KEYS, "01 00 01") == b"\x80"
        assert ask(reached, KEYS, b"\x01\x01\x01" + bytes(20)) == b"\x80"
        assert ask(reached, KEYS, "01 02 01") == b"\0\x01"
        assert reached.services.channels.kg(LAN) == KG


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("01 00 00", 0x84),  # K_R
        ("01 01 00", 0x84),
        ("01 02 00", 0x84),
        ("01 00 02", 0xCC),  # no such key
        ("01 03 01", 0xCC),  # operation reserved
        ("00 00 01", 0xCC),  # no sessions
        ("0f 00 01", 0xCC),
        ("07 00 01", 0xCC),
    ],
)
def test_22_25_other_keys_operations_and_channels(data: str, code: int) -> None:
    assert ask(make_bmc(), KEYS, data) == bytes((code,))


def test_22_25_a_key_holds_for_the_next_login() -> None:
    bmc = make_lan_bmc()
    admin = bmc.login(ADMIN)
    assert admin.ask(APP, KEYS, b"\x0e\x01\x01" + KG) == b"\0\x02"
    assert admin.ask(APP, 0x01) is not None
    login = Login(username=ADMIN.name, password=ADMIN.password, privilege=4)
    assert isinstance(bmc.attempt(login).events[-1], LoginFailed)
    assert isinstance(bmc.attempt(replace(login, kg=KG)).events[-1], SessionOpened)
