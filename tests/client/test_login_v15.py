"""Logins of IPMI v1.5, and departures that need consent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from baseboard.errors import ConsentNeeded, LoginError, SuiteRefused, Unreachable
from baseboard.rmcp import lan_message, v15
from baseboard.testing.scripted import Script
from tests.client.lan_bench import V15, Bench, bench, kind, on_virtual_time

CAPABILITIES = (0x06, 0x38)
ACTIVATE_SESSION = 0x3A
# Where the command stands in a packet with an AuthCode: RMCP 4, session 26, five bytes of the message.
COMMAND = 35


async def failure(at: Bench, **options: Any) -> LoginError:
    with pytest.raises(LoginError) as caught:
        await at.login(**options)
    return caught.value


@pytest.mark.parametrize(("offered", "used"), [(0b010110, 2), (0b010010, 1), (0b010000, 4), (0b010111, 2)])
def test_v15_takes_the_best_type_that_is_offered(offered: int, used: int) -> None:
    async def main() -> None:
        async with bench(lan=replace(V15, auth_types=offered)) as at:
            bmc = await at.login(interface="lan")
            assert bmc.interface.name == "lan"
            assert {data[4] for data in at.relay.sent if kind(data) == -1} == {0, used}
            await bmc.close()

    on_virtual_time(main())


def test_v15_by_request() -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            bmc = await at.login(interface="lan", auth_type=1)
            assert CAPABILITIES not in at.asked()
            await bmc.close()

    on_virtual_time(main())


def test_v15_not_offered() -> None:
    async def main() -> None:
        async with bench() as at:
            error = await failure(at, interface="lan")
            assert type(error) is SuiteRefused
            assert "lanplus" in error.hint

    on_virtual_time(main())


def test_v15_without_an_answer_to_the_question() -> None:
    async def main() -> None:
        async with bench(Script({CAPABILITIES: b"\xc1"}), lan=V15) as at:
            bmc = await at.login(interface="lan")
            await bmc.close()
            at.relay.there = lambda _: None
            assert isinstance(await failure(at, interface="lan", timeout=0.3), Unreachable)

    on_virtual_time(main())


def test_v15_and_a_level_that_must_be_the_highest() -> None:
    async def main() -> None:
        for code in (b"\xd4", b"\x86"):
            async with bench(lan=V15) as at:

                def back(data: bytes, code: bytes = code) -> bytes | None:
                    asked = [
                        one for one in at.relay.sent if len(one) > 50 and one[COMMAND] == ACTIVATE_SESSION
                    ]
                    if kind(data) != -1 or len(data) < 40 or not asked or data[COMMAND] != ACTIVATE_SESSION:
                        return data
                    return refuse_v15(data, code) if asked[-1][COMMAND + 2] == 2 else data

                at.relay.back = back
                bmc = await at.login(interface="lan", privilege=2)
                assert bmc.interface.privilege == 2
                await bmc.close()

    on_virtual_time(main())


def refuse_v15(data: bytes, code: bytes) -> bytes:
    """Make an unsigned refusal of a v1.5 answer: errors may come without AuthCode."""
    packet = v15.unwrap(data)
    answer = lan_message.unwrap(packet.message)
    request = lan_message.LanMessage(
        answer.rs_addr, answer.netfn & ~1, answer.rs_lun, answer.rq_addr, answer.rq_seq, 0, answer.cmd, b""
    )
    return v15.wrap(0, 0, packet.session_id, lan_message.wrap_response(request, code))


def test_v15_and_a_bmc_that_ignores_a_challenge_asked_again_from_the_same_port() -> None:
    """Q-CHALLENGE-PORT."""

    async def main() -> None:
        async with bench(lan=V15) as at:
            at.relay.there = lambda data: None if at.relay.consoles < 2 and challenges(data) else data
            bmc = await at.login(interface="lan", auth_type=2, timeout=0.3, retries=1)
            assert at.relay.consoles == 2
            assert len([data for data in at.relay.sent if challenges(data)]) == 3
            await bmc.close()

    on_virtual_time(main())


def challenges(data: bytes) -> bool:
    """Whether this is a Get Session Challenge."""
    return kind(data) == -1 and not data[4] and data[19] == 0x39


def test_v15_and_a_bmc_that_wants_the_authcodes_that_it_says_it_does_not() -> None:
    """Q-FORCEPERMSG."""

    async def main() -> None:
        async with bench(lan=V15) as at:
            at.relay.there = lambda data: (
                None if kind(data) == -1 and data[9:13] != bytes(4) and not data[4] else data
            )
            # The answer to Activate Session says that further packets need no AuthCode.
            at.relay.back = without_codes
            bmc = await at.login(interface="lan", timeout=0.2, retries=1)
            assert bmc.interface.privilege == 4
            await bmc.close()

    on_virtual_time(main())


def without_codes(data: bytes) -> bytes:
    packet = v15.unwrap(data) if kind(data) == -1 else None
    message = None if packet is None else lan_message.unwrap(packet.message)
    if packet is None or message is None or message.cmd != 0x3A or message.data[0]:
        return data
    message.netfn &= ~1
    answer = lan_message.wrap_response(message, b"\0\0" + message.data[2:])
    return v15.wrap(packet.auth_type, packet.sequence, packet.session_id, answer, b"adminpw")


# ---- consent


def broken_codes(data: bytes) -> bytes:
    return data[:13] + bytes((data[13] ^ 1,)) + data[14:] if kind(data) == -1 and data[4] else data


def test_a_departure_that_needs_consent_is_named_and_borne_when_allowed() -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            at.relay.back = broken_codes
            error = await failure(at, interface="lan", timeout=0.3, retries=1)
            assert isinstance(error, ConsentNeeded)
            assert error.quirk == "Q-NOAUTHCODE"
            assert "Q-NOAUTHCODE" in str(error)
            assert "quirks={'Q-NOAUTHCODE'}" in error.hint
            bmc = await at.login(interface="lan", quirks={"Q-NOAUTHCODE"})
            await bmc.close()

    on_virtual_time(main())
