"""Which logins are tried, in which order, and when it is enough."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.client.login import check
from baseboard.client.settings import Settings
from baseboard.errors import (
    CredentialTooLong,
    HostUnknown,
    KeyRefused,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    RoleRefused,
    SuiteRefused,
    Unreachable,
)
from baseboard.rmcp import setup
from baseboard.testing.scripted import Script
from tests.client.lan_bench import USERS, Bench, bench, kind, on_virtual_time, suite_of

OPEN_SESSION, RAKP_1, RAKP_3 = 0x10, 0x12, 0x14
SHA1, SHA256 = 1, 3
SET_PRIVILEGE = (0x06, 0x3B)
CAPABILITIES = (0x06, 0x38)


def suites_tried(at: Bench) -> list[int]:
    """Authentication algorithms of the Open Session Requests, in order."""
    return [suite_of(data) for data in at.relay.sent if kind(data) == OPEN_SESSION]


def refused(at: Bench, status: int, algorithm: int | None = None) -> None:
    """Let the BMC refuse Open Session with a status, for one authentication algorithm or for all."""

    def back(data: bytes) -> bytes | None:
        if kind(data) != 0x11 or (algorithm is not None and at.relay.sent and last_suite(at) != algorithm):
            return data
        refusal = data[16:17] + bytes((status, 0, 0)) + data[20:24]
        return data[:14] + len(refusal).to_bytes(2, "little") + refusal

    at.relay.back = back


def last_suite(at: Bench) -> int:
    return suites_tried(at)[-1]


async def failure(at: Bench, **options: Any) -> LoginError:
    with pytest.raises(LoginError) as caught:
        await at.login(**options)
    return caught.value


def test_suite_17_comes_first_and_costs_three_round_trips_and_the_privilege() -> None:
    """Q-17ONLY, Q-NO15."""

    async def main() -> None:
        async with bench() as at:
            bmc = await at.login()
            assert [kind(data) for data in at.relay.sent] == [OPEN_SESSION, RAKP_1, RAKP_3, 0]
            assert suites_tried(at) == [SHA256]
            await bmc.close()

    on_virtual_time(main())


@pytest.mark.parametrize("status", [0x01, 0x04, 0x05, 0x0A, 0x10, 0x11, 0x12, 0xC1])
def test_whatever_refuses_open_session_the_next_suite_is_tried(status: int) -> None:
    """Q-3ONLY, Q-CIPHERERR."""

    async def main() -> None:
        async with bench() as at:
            refused(at, status, SHA256)
            bmc = await at.login()
            assert suites_tried(at) == [SHA256, SHA1]
            await bmc.close()

    on_virtual_time(main())


def test_never_a_weaker_one_by_itself() -> None:
    async def main() -> None:
        async with bench(lan=LanSpec(suites=((1, 4), (2, 4), (7, 4)))) as at:
            error = await failure(at)
            assert type(error) is SuiteRefused
            assert suites_tried(at) == [SHA256, SHA1]
            assert "1, 2, 7" in error.hint
            bmc = await at.login(cipher_suite=2)
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_ignores_open_session_of_one_suite() -> None:
    """Silence means "the next one" as soon as anything else is answered."""

    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda data: (
                None if kind(data) == OPEN_SESSION and suite_of(data) == SHA256 else data
            )
            start = asyncio.get_running_loop().time()
            bmc = await at.login()
            assert asyncio.get_running_loop().time() - start < 7
            assert last_suite(at) == SHA1
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_ignores_the_questions_costs_no_stall() -> None:
    """Q-CIPHERSTALL, Q-CIPHERLIE, Q-AUTHCAP: neither list nor capabilities are waited for, or believed."""

    async def main() -> None:
        async with bench(lan=LanSpec(suites=((3, 4),))) as at:
            at.script.lines |= {(0x06, 0x54): None, CAPABILITIES: None}
            start = asyncio.get_running_loop().time()
            bmc = await at.login()
            assert asyncio.get_running_loop().time() - start < 0.1
            await bmc.close()
        lie = Script({(0x06, 0x54): b"\0\1" + bytes((0xC0, 17, 3, 0x44, 0x81)) * 3 + b"\xc0"})
        async with bench(lie, lan=LanSpec(suites=((3, 4),))) as at:
            bmc = await at.login()
            assert suites_tried(at) == [SHA256, SHA1]
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_answers_but_not_to_open_session() -> None:
    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda data: None if kind(data) == OPEN_SESSION else data
            error = await failure(at, timeout=0.5, retries=2)
            assert type(error) is SuiteRefused
            assert "not to RMCP+" in str(error)

    on_virtual_time(main())


def test_a_bmc_of_v15_alone_says_so() -> None:
    async def main() -> None:
        v15_alone = b"\0\x01\x16\x04\x00\0\0\0\0"
        async with bench(Script({CAPABILITIES: v15_alone})) as at:
            at.relay.there = lambda data: None if kind(data) == OPEN_SESSION else data
            error = await failure(at, timeout=0.5, retries=2)
            assert "interface='lan'" in error.hint

    on_virtual_time(main())


def test_nobody_there() -> None:
    """Q-DISABLED-LAN."""

    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda _: None
            start = asyncio.get_running_loop().time()
            error = await failure(at, timeout=1.0, retries=3)
            assert type(error) is Unreachable
            assert asyncio.get_running_loop().time() - start < 20
            assert "switched on" in error.hint

    on_virtual_time(main())


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody"}])
def test_a_refused_password_is_tried_once(wrong: dict[str, str]) -> None:
    """Q-LOGINBURST."""

    async def main() -> None:
        async with bench() as at:
            assert isinstance(await failure(at, **wrong), LoginRefused)
            sent = [kind(data) for data in at.relay.sent]
            # The refusal of what RAKP 2 says (§13.22) is on its way, and may be there by now.
            assert sent[:2] == [OPEN_SESSION, RAKP_1]
            assert sent[2:] in ([], [RAKP_3])

    on_virtual_time(main())


def test_a_wrong_key() -> None:
    async def main() -> None:
        async with bench(lan=LanSpec(kg=b"the key")) as at:
            assert isinstance(await failure(at), KeyRefused)
            bmc = await at.login(kg="the key")
            await bmc.close()

    on_virtual_time(main())


def test_open_session_and_rakp_1_name_the_same_level() -> None:
    """Q-OPENPRIV, Q-HIGHEST-BAD."""

    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(privilege=3)
            first = setup.OpenSessionRequest.decode(at.relay.sent[0][16:])
            second = setup.Rakp1.decode(at.relay.sent[1][16:])
            assert (first.max_privilege, second.role) == (3, 3 | setup.NAME_ONLY)
            assert bmc.interface.privilege == 3
            await bmc.close()

    on_virtual_time(main())


def test_a_role_only_login() -> None:
    nameless = replace(USERS[0], name=b"")

    async def main() -> None:
        async with bench(users=(nameless,)) as at:
            bmc = await at.login(username="", name_only=False)
            assert setup.Rakp1.decode(at.relay.sent[1][16:]).role == 4
            await bmc.close()

    on_virtual_time(main())


def test_a_user_who_may_less() -> None:
    async def main() -> None:
        async with bench() as at:
            error = await failure(at, username="oper", password="operpw")
            assert isinstance(error, LoginError)
            assert suites_tried(at) == [SHA256]
            bmc = await at.login(username="oper", password="operpw", privilege=3)
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_takes_no_level_but_the_highest_limit() -> None:
    """Q-EXACTPRIV: the login asks for Administrator, and the session is at the level that was wanted."""

    async def main() -> None:
        async with bench() as at:
            honest = bytes

            def back(data: bytes) -> bytes | None:
                if kind(data) != 0x13:
                    return data
                role = setup.Rakp1.decode([one for one in at.relay.sent if kind(one) == RAKP_1][-1][16:]).role
                if role & 0xF == 4:
                    return honest(data)
                refusal = data[16:17] + b"\x0a\0\0" + data[20:24]
                return data[:14] + len(refusal).to_bytes(2, "little") + refusal

            at.relay.back = back
            bmc = await at.login(privilege=2)
            assert bmc.interface.privilege == 2
            await bmc.close()

    on_virtual_time(main())


def test_a_suite_that_is_bound_to_one_level() -> None:
    """Q-SUITE-EXACTPRIV: With one suite by request, "the highest" is asked for last."""

    async def main() -> None:
        async with bench() as at:

            def back(data: bytes) -> bytes | None:
                last = [one for one in at.relay.sent if kind(one) == OPEN_SESSION][-1]
                if kind(data) != 0x11 or setup.OpenSessionRequest.decode(last[16:]).max_privilege == 0:
                    return data
                refusal = data[16:17] + b"\x0a\0\0" + data[20:24]
                return data[:14] + len(refusal).to_bytes(2, "little") + refusal

            at.relay.back = back
            bmc = await at.login(privilege=3, cipher_suite=17)
            levels = [
                setup.OpenSessionRequest.decode(one[16:]).max_privilege
                for one in at.relay.sent
                if kind(one) == OPEN_SESSION
            ]
            assert levels == [3, 4, 0]
            assert bmc.interface.privilege == 3
            await bmc.close()

    on_virtual_time(main())


def test_a_level_that_is_refused_after_the_login_is_borne() -> None:
    async def main() -> None:
        async with bench(Script({SET_PRIVILEGE: b"\x81"})) as at:
            bmc = await at.login()
            assert bmc.interface.privilege == 2
            await bmc.close()

    on_virtual_time(main())


def test_no_level_is_ever_granted() -> None:
    async def main() -> None:
        async with bench() as at:
            refused(at, 0x09)
            assert isinstance(await failure(at, privilege=3, cipher_suite=3), RoleRefused)
            assert isinstance(await failure(at, privilege=3), RoleRefused)

    on_virtual_time(main())


def test_without_a_slot_it_waits_a_moment_and_tries_again() -> None:
    """Q-SLOTS."""

    async def main() -> None:
        async with bench() as at:
            refused(at, 0x01)
            loop = asyncio.get_running_loop()
            loop.call_later(0.5, lambda: setattr(at.relay, "back", bytes))
            bmc = await at.login()
            await bmc.close()
            refused(at, 0x01)
            assert isinstance(await failure(at), NoSessionSlot)

    on_virtual_time(main())


def test_the_first_encrypted_packet_may_be_lost() -> None:
    """Q-FIRSTENC: A BMC that is not yet ready after RAKP 4 is asked again after a quarter of the time-out."""

    async def main() -> None:
        async with bench() as at:
            lost: list[bytes] = []

            def there(data: bytes) -> bytes | None:
                if kind(data) == 0 and not lost:
                    lost.append(data)
                    return None
                return data

            at.relay.there = there
            start = asyncio.get_running_loop().time()
            bmc = await at.login(timeout=1.0)
            assert asyncio.get_running_loop().time() - start < 0.5
            await bmc.close()

    on_virtual_time(main())


# ---- before anything is sent


@pytest.mark.parametrize(
    ("fields", "error", "text"),
    [
        ({"username": bytes(17)}, CredentialTooLong, "user name has at most 16 bytes"),
        ({"password": bytes(21)}, CredentialTooLong, "password has at most 20 bytes"),
        ({"password": bytes(17), "interface": "lan"}, CredentialTooLong, "at most 16 bytes over lan"),
        ({"kg": bytes(21)}, CredentialTooLong, "K_G has at most 20"),
        ({"cipher_suite": 20}, SuiteRefused, "no cipher suite 20"),
        ({"auth_type": 3}, SuiteRefused, "authentication type 3"),
        ({"privilege": 0}, RoleRefused, "level 0"),
    ],
)
def test_what_cannot_log_in(fields: dict[str, Any], error: type[LoginError], text: str) -> None:
    with pytest.raises(error, match=text):
        check(Settings(**fields))


def test_what_just_fits() -> None:
    check(Settings(username=bytes(16), password=bytes(20), kg=bytes(20), cipher_suite=0))
    check(Settings(username=bytes(16), password=bytes(16), interface="lan", auth_type=0))


def test_a_name_without_address() -> None:
    async def main() -> None:
        async with bench() as at:
            connection = at.connection()
            connection.settings = replace(connection.settings, host="not..a name")
            with pytest.raises(HostUnknown):
                await connection

    asyncio.run(main())
