"""The line in front of a session: who goes when, and what becomes of those that give up."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.client.deadline import deadline
from baseboard.client.lan import LanInterface
from baseboard.errors import DeadlinePassed, EncodeError, SessionClosed
from baseboard.testing.scripted import Script
from tests.client.lan_bench import Bench, bench, on_virtual_time, passes

NAME = (0x06, 0x46)


def named(data: bytes) -> bytes:
    return b"\0" + data.ljust(16, b"\0")


class Kept:
    """A session of one request at a time, whose first request is not answered before `go_on`."""

    def __init__(self, at: Bench, interface: LanInterface) -> None:
        self.at, self.interface = at, interface

    @classmethod
    async def begun(cls, at: Bench) -> Kept:
        bmc = await at.login()
        assert isinstance(bmc.interface, LanInterface)
        at.relay.delay = (0.02, 0.02)
        kept = cls(at, bmc.interface)
        kept.first = kept.ask(1)
        await passes(0.01)
        return kept

    first: asyncio.Task[bytes]

    def ask(self, number: int, **options: float | bool) -> asyncio.Task[bytes]:
        given = {"timeout": 100.0} | options
        return asyncio.create_task(
            self.interface.exchange(*NAME, bytes((number,)), **given)  # type: ignore[arg-type]  # as told
        )

    def numbers(self) -> list[int]:
        """What the BMC was asked, in order."""
        return [data[0] for netfn, cmd, data in self.at.script.asked if (netfn, cmd) == NAME]


@pytest.mark.parametrize("retry", [True, False])
def test_they_go_in_the_order_in_which_they_came(retry: bool) -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            kept = await Kept.begun(at)
            asked = [kept.ask(number, retry=retry) for number in range(2, 8)]
            answers = await asyncio.gather(kept.first, *asked)
            assert answers == [named(bytes((number,))) for number in range(1, 8)]
            assert kept.numbers() == [*range(1, 8)]
            await kept.interface.close()

    on_virtual_time(main())


def test_who_leaves_the_line_is_never_sent() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            kept = await Kept.begun(at)
            gives_up, waits = kept.ask(2), kept.ask(3)
            await passes(0.01)
            gives_up.cancel()
            assert await waits == named(b"\x03")
            assert gives_up.cancelled()
            assert kept.numbers() == [1, 3]
            await kept.interface.close()

    on_virtual_time(main())


def test_who_gives_up_after_it_was_sent_makes_room() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            kept = await Kept.begun(at)
            gives_up, waits = kept.ask(2), kept.ask(3)
            await kept.first
            await passes(0.01)
            gives_up.cancel()
            assert await waits == named(b"\x03")
            assert gives_up.cancelled()
            await kept.interface.close()

    on_virtual_time(main())


def test_a_turn_that_is_not_taken_is_the_next_one_s() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            interface = (await at.login()).interface
            assert isinstance(interface, LanInterface)
            line = interface._line
            gives_up, waits = (asyncio.create_task(line.wait(None)) for _ in range(2))
            await passes(0.01)
            line.let_in()
            gives_up.cancel()
            assert await waits is None
            assert gives_up.cancelled()
            assert not line.places
            await interface.close()

    on_virtual_time(main())


def test_what_cannot_be_sent_does_not_hold_the_others_up() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            kept = await Kept.begun(at)
            long = asyncio.create_task(kept.interface.exchange(*NAME, bytes(0xFFFF), timeout=100))
            waits = kept.ask(3)
            with pytest.raises(EncodeError):
                await long
            assert await waits == named(b"\x03")
            await kept.interface.close()

    on_virtual_time(main())


def test_the_deadline_of_the_whole_ends_the_waiting() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            kept = await Kept.begun(at)
            with pytest.raises(DeadlinePassed), deadline(0.02):
                await kept.interface.exchange(*NAME, b"\x02", timeout=100)
            with deadline(60):
                assert await kept.interface.exchange(*NAME, b"\x03", timeout=100) == named(b"\x03")
            assert kept.numbers() == [1, 3]
            await kept.interface.close()

    on_virtual_time(main())


def test_a_bmc_that_is_spared_gets_one_after_the_other_with_a_distance() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            kept = await Kept.begun(at)
            kept.interface._pacing.trouble()
            before = asyncio.get_running_loop().time()
            asked = [kept.ask(number) for number in range(2, 5)]
            assert await asyncio.gather(*asked) == [named(bytes((number,))) for number in range(2, 5)]
            assert asyncio.get_running_loop().time() - before >= 2 * kept.interface._pacing.distance
            assert kept.interface.spared
            await kept.interface.close()

    on_virtual_time(main())


def test_the_end_of_the_session_is_told_to_all_in_line() -> None:
    async def main() -> None:
        async with bench(Script({NAME: named})) as at:
            kept = await Kept.begun(at)
            waits = [kept.ask(number) for number in (2, 3)]
            await passes(0.01)
            await kept.interface.close()
            for one in (kept.first, *waits):
                with pytest.raises(SessionClosed):
                    await one
            assert kept.numbers() == [1]

    on_virtual_time(main())
