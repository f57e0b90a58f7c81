"""Restarting a controller, and waiting until it is back."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.errors import CompletionError, NoEffect, NoResponse
from tests.client.harness import desk
from tests.client.lan_bench import Bench, bench, on_virtual_time, passes

COLD, WARM, DEVICE_ID = (6, 2), (6, 3), (6, 1)


def goes_away(at: Bench, seconds: float, *, answers: bool) -> None:
    """From its reset on it hears nothing for a while, and has forgotten its sessions."""

    def reset(data: bytes) -> bytes | None:
        del data
        at.relay.there = lambda _: None

        def back() -> None:
            at.table.close_all()
            at.relay.there = bytes

        asyncio.get_running_loop().call_later(seconds, back)
        return b"\0" if answers else None

    at.script.lines[COLD] = reset


@pytest.mark.parametrize("answers", [True, False])
def test_a_controller_that_is_off_the_network_for_half_a_minute(answers: bool) -> None:
    """Q-SLOWRESET: afterwards the same object goes on, in a new session."""

    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(timeout=0.5, retries=1)
            before = bmc.interface
            goes_away(at, 30, answers=answers)
            start = asyncio.get_running_loop().time()
            await bmc.reset(wait=120)
            assert 30 <= asyncio.get_running_loop().time() - start < 60
            assert bmc.interface is not before
            assert (await bmc.identity()).device_id
            await bmc.close()

    on_virtual_time(main())


def test_one_that_comes_back_too_late() -> None:
    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(timeout=0.5, retries=1)
            goes_away(at, 100, answers=True)
            start = asyncio.get_running_loop().time()
            with pytest.raises(Exception, match="no answer|reachable|in time") as caught:
                await bmc.reset(wait=20)
            assert type(caught.value).__name__ in {"Unreachable", "NoResponse"}
            assert asyncio.get_running_loop().time() - start < 40
            await bmc.close()
            await passes(100)

    on_virtual_time(main())


def test_a_controller_that_only_says_that_it_resets() -> None:
    """Q-LOCKDOWN: accepted, and the session goes on as if nothing had been asked."""

    async def main() -> None:
        async with bench() as at:
            at.script.lines[COLD] = b"\0"
            bmc = await at.login()
            with pytest.raises(NoEffect, match="went on in the same session") as caught:
                await bmc.reset(wait=60)
            assert "locked" in caught.value.hint
            assert "Q-LOCKDOWN" in bmc.quirks_met
            await bmc.close()

    on_virtual_time(main())


def test_without_waiting_one_request_is_sent() -> None:
    async def main() -> None:
        at = desk({COLD: b"\0", WARM: None})
        await at.bmc.reset()
        await at.bmc.reset(cold=False)
        assert [one[:2] for one in at.script.asked] == [COLD, WARM]
        refused = desk({COLD: b"\xd4"})
        with pytest.raises(CompletionError):
            await refused.bmc.reset(wait=10)

    on_virtual_time(main())


def test_answers_of_a_controller_that_starts() -> None:
    """Q-SLOWRESET: C0h, D2h and D5h mean that it is coming; so does the bit of an update."""
    right = bytes.fromhex("00 20 01 01 00 02 9f 00 00 00 00 00")
    answers = [b"\xc0", None, b"\xd2", b"\xd5", right[:3] + b"\x81" + right[4:], right]

    async def main() -> None:
        at = desk({COLD: b"\0", DEVICE_ID: lambda _: answers.pop(0)})
        await at.bmc.reset(wait=60)
        assert answers == []
        assert "Q-SLOWRESET" in at.bmc.quirks_met
        never = desk({WARM: b"\0", DEVICE_ID: b"\xc0"})
        with pytest.raises(NoResponse, match="not come back"):
            await never.bmc.reset(cold=False, wait=5)
        refused = desk({COLD: b"\0", DEVICE_ID: b"\xd4"})
        with pytest.raises(CompletionError):
            await refused.bmc.reset(wait=5)

    on_virtual_time(main())


def test_a_warm_reset_may_keep_the_session() -> None:
    async def main() -> None:
        async with bench() as at:
            at.script.lines[WARM] = b"\0"
            bmc = await at.login()
            before = bmc.interface
            await bmc.reset(cold=False, wait=60)
            assert bmc.interface is before
            await bmc.close()

    on_virtual_time(main())
