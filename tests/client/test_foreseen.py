"""Answers that are fetched in one go, and taken one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from baseboard.client.foreseen import Foreseen
from baseboard.client.interface import BMC, Target
from baseboard.client.pipelining import learned_depth
from baseboard.codes import Cc
from baseboard.errors import NoResponse
from baseboard.testing.scripted import Script
from tests.client.harness import desk
from tests.client.lan_bench import bench, on_virtual_time

SENSOR, READING = 0x04, 0x2D
FAR = Target(address=0x82)


def wanted(numbers: Sequence[int], target: Target = BMC) -> list[tuple[Target, int, int, bytes]]:
    return [(target, SENSOR, READING, bytes((number,))) for number in numbers]


def reading(data: bytes) -> bytes | None:
    """Sensor 5 keeps silent, 6 is busy, all others say their number."""
    if data[0] == 5:
        return None
    return bytes((Cc.NODE_BUSY,)) if data[0] == 6 else bytes((0, data[0], 0xC0))


def test_what_was_fetched_is_taken_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(Script({(SENSOR, READING): reading}), cache=str(tmp_path)) as at:
            bmc = await at.login(timeout=0.1, retries=1)
            await learned_depth(bmc, 100)
            foreseen = Foreseen(bmc)
            await foreseen.fetch([*wanted(range(1, 40)), *wanted([3], FAR)])
            asked = len(at.script.asked)
            assert foreseen.take(BMC, SENSOR, READING, b"\x07") == b"\0\x07\xc0"
            assert foreseen.take(BMC, SENSOR, READING, b"\x07") is None, "a second time it is asked anew"
            assert foreseen.take(BMC, SENSOR, READING, b"\x06") is None, "who is busy is asked with patience"
            assert foreseen.take(FAR, SENSOR, READING, b"\x03") is None, "what is behind the BMC is not"
            with pytest.raises(NoResponse):
                foreseen.take(BMC, SENSOR, READING, b"\x05")
            assert len(at.script.asked) == asked
            await foreseen.fetch([])
            assert foreseen.take(BMC, SENSOR, READING, b"\x08") is None, "what is old is not kept"
            await bmc.close()

    on_virtual_time(main())


def test_each_lun_has_its_own(tmp_path: Path) -> None:
    async def main() -> None:
        async with bench(Script({(SENSOR, READING): reading}), cache=str(tmp_path)) as at:
            bmc = await at.login()
            await learned_depth(bmc, 100)
            foreseen = Foreseen(bmc)
            await foreseen.fetch([*wanted([1]), *wanted([2], Target(lun=1))])
            assert foreseen.take(Target(lun=1), SENSOR, READING, b"\x01") is None
            assert foreseen.take(Target(lun=1), SENSOR, READING, b"\x02") == b"\0\x02\xc0"
            assert foreseen.take(BMC, SENSOR, READING, b"\x01") == b"\0\x01\xc0"
            await bmc.close()

    on_virtual_time(main())


def test_of_a_bmc_that_bears_one_request_nothing_is_fetched() -> None:
    async def main() -> None:
        async with bench() as at:
            bmc = await at.login()
            before = len(at.script.asked)
            foreseen = Foreseen(bmc)
            await foreseen.fetch(wanted(range(10)))
            assert len(at.script.asked) == before
            await bmc.close()

    on_virtual_time(main())


async def test_a_controller_in_the_same_process_is_asked_directly() -> None:
    bmc = desk().bmc
    bmc.interface.depth = 4
    foreseen = Foreseen(bmc)
    await foreseen.fetch(wanted([1]))
    assert foreseen.take(BMC, SENSOR, READING, b"\x01") is None
