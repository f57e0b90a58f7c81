"""One deadline for a whole operation."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.client.deadline import deadline, remaining, time_left
from baseboard.errors import DeadlinePassed, NoResponse
from tests.client.lan_bench import on_virtual_time, passes


def test_without_one_each_step_has_its_own_time() -> None:
    async def main() -> None:
        assert time_left() is None
        assert remaining(7.0) == 7.0
        with deadline(None):
            assert remaining(7.0) == 7.0

    on_virtual_time(main())


def test_it_shortens_the_steps_and_then_ends_them() -> None:
    async def main() -> None:
        with deadline(10.0):
            assert remaining(7.0) == 7.0
            await passes(5)
            assert remaining(7.0) == pytest.approx(5.0, abs=0.01)
            await passes(5.1)
            left = time_left()
            assert left is not None
            assert left < 0
            with pytest.raises(DeadlinePassed) as caught:
                remaining(7.0)
            assert isinstance(caught.value, NoResponse)
        assert time_left() is None

    on_virtual_time(main())


@pytest.mark.parametrize(("outer", "inner", "counts"), [(2.0, 9.0, 2.0), (9.0, 2.0, 2.0), (2.0, None, 2.0)])
def test_of_nested_ones_the_earliest_counts(outer: float, inner: float | None, counts: float) -> None:
    async def main() -> None:
        with deadline(outer), deadline(inner):
            assert remaining(100.0) == pytest.approx(counts, abs=0.01)

    on_virtual_time(main())


def test_tasks_inherit_it() -> None:
    async def main() -> None:
        async def step() -> float:
            return remaining(100.0)

        with deadline(3.0):
            assert await asyncio.create_task(step()) == pytest.approx(3.0, abs=0.01)

    on_virtual_time(main())
