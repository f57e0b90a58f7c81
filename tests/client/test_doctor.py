"""The stages of a login, walked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.client.doctor import Finding, Stage, Verdict, examine
from baseboard.client.profile import Profile
from baseboard.client.settings import Settings
from baseboard.testing.scripted import Script
from tests.client.lan_bench import HOST, V15, Bench, bench, kind, on_virtual_time, suite_of

CAPABILITIES, SESSION_INFO, SUITES = (0x06, 0x38), (0x06, 0x3D), (0x06, 0x54)


async def findings(at: Bench, **options: Any) -> list[Finding]:
    given: dict[str, Any] = {
        "username": b"admin",
        "password": b"adminpw",
        "timeout": 0.2,
        "retries": 1,
        "learn": False,
    }
    return await examine(Settings(host=HOST, port=at.port, **(given | options)))


def of(found: list[Finding], stage: Stage) -> Finding:
    (one,) = (one for one in found if one.stage is stage)
    return one


def bad(found: list[Finding]) -> list[Stage]:
    return [one.stage for one in found if one.verdict is Verdict.BAD]


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_a_login_that_works(interface: str) -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            found = await findings(at, interface=interface)
            assert bad(found) == []
            assert of(found, Stage.NAME).text == f"{HOST} is {HOST}"
            assert of(found, Stage.IPMI).text == "it answers in the wrapper of v1.5 and RMCP+"
            assert of(found, Stage.SUITES).text == "3, 17"
            assert of(found, Stage.PRIVILEGE).text == "ADMINISTRATOR"
            assert of(found, Stage.SLOTS).text == "1 of 16 sessions are in use, this one included"
            assert not at.table.sessions
            if interface == "lanplus":
                assert of(found, Stage.SUITE).text == "suite 17"

    on_virtual_time(main())


def test_what_is_learned_is_kept(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench() as at:
            at.script.lines[0x06, 0x3B] = b"\x81"
            found = await findings(at, learn=True, cache=str(tmp_path))
            assert of(found, Stage.DEPTH).text == "16 at a time"
            assert not at.table.sessions
            (path,) = (tmp_path / "profiles").glob("*.txt")
            assert Profile.load(path) == Profile(suite=17, depth=16, quirks=frozenset({"Q-PRIVREQ-UCS"}))

    on_virtual_time(main())


def test_the_suite_that_is_refused_and_the_one_that_works() -> None:
    async def main() -> None:
        async with bench(lan=LanSpec(suites=((1, 4), (3, 4)))) as at:
            found = await findings(at)
            assert bad(found) == []
            refused, used = (one for one in found if one.stage is Stage.SUITE)
            assert refused.text.startswith("suite 17: Open Session: 11h")
            assert used.text == "suite 3"
            assert of(found, Stage.SUITES).advice == "switch off those that do not encrypt: 1"
            found = await findings(at, cipher_suite=17)
            assert bad(found) == [Stage.SUITE]

    on_virtual_time(main())


@pytest.mark.parametrize("wrong", [{"password": b"wrong"}, {"username": b"nobody"}])
def test_a_refused_password_is_tried_once(wrong: dict[str, bytes]) -> None:
    async def main() -> None:
        async with bench() as at:
            found = await findings(at, **wrong)
            assert bad(found) == [Stage.USER]
            assert "does not tell which" in found[-1].text
            assert "lock" in found[-1].advice
            assert [suite_of(data) for data in at.relay.sent if kind(data) == 0x10] == [3]

    on_virtual_time(main())


def test_keys() -> None:
    async def main() -> None:
        async with bench(lan=LanSpec(kg=b"key")) as at:
            found = await findings(at)
            assert bad(found) == [Stage.KEY]
            assert of(found, Stage.USER).text == "the BMC knows the user and the password"
            assert next(one.advice for one in found if one.stage is Stage.KEY) == "give it: kg="
            found = await findings(at, kg=b"key")
            assert of(found, Stage.KEY).text == "K_G is right"

    on_virtual_time(main())


def test_roles_and_levels() -> None:
    async def main() -> None:
        async with bench() as at:
            found = await findings(at, username=b"oper", password=b"operpw")
            assert bad(found) == [Stage.ROLE]
            at.script.lines[0x06, 0x3B] = b"\x81"
            found = await findings(at)
            level = of(found, Stage.PRIVILEGE)
            assert (level.verdict, level.text) == (Verdict.NOTE, "USER instead of ADMINISTRATOR")
            assert of(found, Stage.QUIRKS).text == "Q-PRIVREQ-UCS was borne"

    on_virtual_time(main())


def test_a_bmc_that_says_who_is_wrong() -> None:
    """With the specification's status codes: 0Dh, unauthorized name."""

    async def main() -> None:
        async with bench() as at:

            def back(data: bytes) -> bytes | None:
                if kind(data) != 0x13:
                    return data
                refusal = data[16:17] + b"\x0d\0\0" + data[20:24]
                return data[:14] + len(refusal).to_bytes(2, "little") + refusal

            at.relay.back = back
            found = await findings(at)
            assert bad(found) == [Stage.USER]
            assert "user list" in found[-1].advice

    on_virtual_time(main())


def test_nobody_there() -> None:
    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda _: None
            found = await findings(at)
            assert bad(found) == [Stage.IPMI]
            assert of(found, Stage.PING).verdict is Verdict.NOTE
            assert "switched on" in found[-1].advice

    on_virtual_time(main())


def test_each_finding_is_told_as_it_comes() -> None:
    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda _: None
            clock = asyncio.get_running_loop()
            began, told = clock.time(), dict[Stage, float]()
            given = Settings(host=HOST, port=at.port, username=b"admin", password=b"adminpw", learn=False)
            found = await examine(given, lambda one: told.update({one.stage: clock.time() - began}))
            assert list(told) == [one.stage for one in found[:-1]]
            # Questions that nobody answers are asked together, and each suite is tried once.
            assert told[Stage.NAME] == 0
            assert told[Stage.PING] == pytest.approx(1)
            assert told[Stage.IPMI] == pytest.approx(4)

    on_virtual_time(main())


def test_a_bmc_that_keeps_one_of_several_packets_is_asked_again() -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            lost: list[bytes] = []

            def there(data: bytes) -> bytes | None:
                # Both packets of the first question in RMCP+; kind 0 is an IPMI message.
                if kind(data) or len(lost) == 2:
                    return data
                lost.append(data)
                return None

            at.relay.there = there
            found = await findings(at)
            assert of(found, Stage.IPMI).text == "it answers in the wrapper of v1.5 and RMCP+"
            assert len(lost) == 2

    on_virtual_time(main())


def test_versions_that_are_not_offered() -> None:
    async def main() -> None:
        async with bench() as at:
            found = await findings(at, interface="lan")
            assert of(found, Stage.V15).advice == "if the login fails, use interface='lanplus'"
            assert bad(found) == [Stage.SUITE]
        async with bench(Script({CAPABILITIES: b"\0\x01\x16\x05\0\0\0\0\0"})) as at:
            found = await findings(at)
            assert of(found, Stage.V20).advice == "if the login fails, use interface='lan'"
            assert bad(found) == []
            assert next(one.advice for one in found if one.stage is Stage.USER).startswith("switch")

    on_virtual_time(main())


def test_questions_that_are_ignored() -> None:
    async def main() -> None:
        async with bench(Script({CAPABILITIES: None, SESSION_INFO: b"\xc1"})) as at:
            found = await findings(at)
            assert of(found, Stage.IPMI).verdict is Verdict.NOTE
            assert of(found, Stage.SLOTS).text == "Get Session Info is answered by C1h"
            assert bad(found) == []
            at.script.lines = {SUITES: b"\xc1", SESSION_INFO: None}
            found = await findings(at)
            assert of(found, Stage.SUITES).text == "the BMC does not list its cipher suites"
            assert "no answer" in of(found, Stage.SLOTS).text

    on_virtual_time(main())


def test_full() -> None:
    async def main() -> None:
        async with bench(lan=LanSpec(session_slots=1)) as at:
            found = await findings(at)
            assert of(found, Stage.SLOTS).verdict is Verdict.NOTE
            held = await at.login()
            found = await findings(at)
            assert bad(found) == [Stage.SLOTS]
            await held.close()

    on_virtual_time(main())


def test_what_cannot_be_sent_or_found() -> None:
    async def main() -> None:
        (only,) = await examine(Settings(host=HOST, username=bytes(17)))
        assert (only.stage, only.verdict) == (Stage.CREDENTIALS, Verdict.BAD)
        _, name = await examine(Settings(host="no..name"))
        assert (name.stage, name.verdict) == (Stage.NAME, Verdict.BAD)

    asyncio.run(main())
