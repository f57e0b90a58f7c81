"""Several requests at a time, and how it is found out whether a BMC bears them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from baseboard.client.pipelining import DEPTHS, QUESTIONS, at_depth, learned_depth, probe
from baseboard.client.profile import Profile, profile_path
from baseboard.testing.scripted import Script
from tests.client.harness import desk
from tests.client.lan_bench import bench, kind, on_virtual_time, passes


@pytest.mark.parametrize("depth", [1, 3, 100])
def test_so_many_at_a_time_in_order(depth: int) -> None:
    running = most = 0

    async def work(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await passes(0.1 * (number % 3))
        running -= 1
        return number * number

    async def main() -> list[int]:
        return await at_depth(work, range(10), depth)

    assert on_virtual_time(main()) == [number * number for number in range(10)]
    assert most == min(depth, 10)


def test_the_first_error_ends_it() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await passes(number)
        if number == 2:
            raise KeyError(number)
        done.append(number)

    async def main() -> None:
        with pytest.raises(KeyError):
            await at_depth(work, [1, 2, 3, 4], 4)
        await passes(10)

    on_virtual_time(main())
    assert done == [1]


def test_ours_bears_the_greatest_depth_and_the_profile_remembers(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(cache=str(tmp_path)) as at:
            bmc = await at.login()
            assert await learned_depth(bmc, 3) == 1, "not worth a probe"
            assert await learned_depth(bmc, 100) == bmc.interface.depth == DEPTHS[-1]
            asked = len(at.script.asked)
            assert await learned_depth(bmc, 100) == DEPTHS[-1]
            await bmc.close()
            again = await at.login()
            assert await learned_depth(again, 100) == DEPTHS[-1]
            # One Get Device ID to know the firmware, besides login and logout.
            assert [one for one in at.asked()[asked:] if one == (0x06, 0x01)] == [(0x06, 0x01)]
            assert Profile.load(profile_path(await again.identity(), str(tmp_path))).depth == DEPTHS[-1]
            await again.close()

    on_virtual_time(main())


def test_a_bmc_with_one_buffer_loses_one_of_two_and_is_spared() -> None:
    """Q-ONEBUF: What comes while an answer is being made is lost."""

    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(timeout=0.5)
            busy = False

            def there(data: bytes) -> bytes | None:
                nonlocal busy
                if kind(data) != 0 or busy:
                    return None if busy else data
                busy = True

                def free() -> None:
                    nonlocal busy
                    busy = False

                asyncio.get_running_loop().call_later(0.02, free)
                return data

            at.relay.there, at.relay.delay = there, (0.03, 0.03)
            assert await probe(bmc) == 1
            assert bmc.interface.depth == 1
            at.relay.there = bytes
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_swaps_answers_is_spared() -> None:
    """Q-ONEBUF: It answers the second of two like requests with the first one's data."""
    seen: list[bytes] = []

    def mixed(data: bytes) -> bytes:
        seen.append(data)
        return (
            b"\0\x01\x96\x04\x03\0\0\0\0"
            if len(seen) <= 2 or len(seen) % 2
            else b"\0\x01\x00\x04\x03\0\0\0\0"
        )

    async def main() -> None:
        async with bench(Script({(0x06, 0x38): mixed})) as at:
            bmc = await at.login()
            assert await probe(bmc) == 1
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_answers_nothing_more_in_the_probe() -> None:
    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(timeout=0.2, retries=0)
            at.relay.there = lambda data: None
            assert await probe(bmc) == 1
            assert await learned_depth(bmc, 100) == 1
            at.relay.there = bytes
            await bmc.close()

    on_virtual_time(main())


def test_nothing_is_learned_where_there_is_no_network_or_no_wish() -> None:
    async def main() -> None:
        at = desk()
        assert await learned_depth(at.bmc, 100) == 1
        assert at.script.asked == []
        async with bench() as over_lan:
            bmc = await over_lan.login(learn=False)
            asked = len(over_lan.script.asked)
            assert await learned_depth(bmc, 100) == 1
            assert len(over_lan.script.asked) == asked
            await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_does_not_say_who_it_is(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(Script({(0x06, 0x01): b"\xc1"}), cache=str(tmp_path)) as at:
            bmc = await at.login()
            assert await learned_depth(bmc, 100) == 1
            await bmc.close()

    on_virtual_time(main())


def test_the_probe_only_reads() -> None:
    """Get Device ID, Get Channel Info, Get Channel Access, Get Channel Authentication Capabilities."""
    assert {(netfn, cmd) for netfn, cmd, _ in QUESTIONS} == {(6, 1), (6, 0x42), (6, 0x41), (6, 0x38)}
