"""What a verb is given: it connects when it must, once, and what it prints goes where it is told."""

from __future__ import annotations

import asyncio

from baseboard.cli.call import Call
from baseboard.cli.options import Options
from baseboard.client.bmc import Bmc
from tests.client.harness import desk


class Reach:
    """Connects to a BMC in memory, and counts."""

    def __init__(self) -> None:
        self.count = 0
        self.bmc = desk().bmc

    async def __call__(self) -> Bmc:
        self.count += 1
        return self.bmc


def test_it_connects_once_and_at_need() -> None:
    async def main() -> None:
        reach = Reach()
        call = Call(Options(), reach, lambda text: None, lambda text: None)
        assert not call.connected
        assert await call.bmc() is reach.bmc
        assert await call.bmc() is reach.bmc
        assert (reach.count, call.connected) == (1, True)
        await call.close()
        await call.close()
        assert not call.connected

    asyncio.run(main())


def test_what_it_prints_and_finds() -> None:
    out: list[str] = []
    err: list[str] = []
    call = Call(Options(csv=True, verbose=2), Reach(), out.append, err.append)
    call.out("a")
    call.out("b", end="")
    call.err()
    call.result({"found": 1})
    assert (out, err) == (["a\n", "b"], ["\n"])
    assert (call.csv, call.verbose, call.exact, call.results) == (True, 2, True, [{"found": 1}])
