"""Entries as a controller gives them, one by one or ahead, and where a chain of them ends."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool import sel_reading
from tests.cli.ipmitool.scenes import Stage, utc
from tests.cli.ipmitool.shelf import Shelf, event, full

SHELF = Shelf(records=[full(1, b"CPU1 Temp")], log=[event(number) for number in range(1, 6)])
KNOWN = {"06/01": "0020010100029f570100010000000000", "0a/44": "000500"}


def stage(given: dict[str, str | None] | None = None, **options: str) -> Stage:
    return Stage({**SHELF.given(), **KNOWN, **(given or {})}, **options)


@pytest.mark.parametrize(
    ("count", "wanted"), [(0, [1, 2, 3, 4, 5]), (2, [1, 2]), (-2, [4, 5]), (9, [1, 2, 3, 4, 5])]
)
async def test_the_first_the_last_or_all(count: int, wanted: list[int]) -> None:
    assert [entry.record_id async for entry in sel_reading.entries(stage().call, count)] == wanted


async def test_an_entry_is_given_with_the_id_of_the_next() -> None:
    found = await sel_reading.read_entry(stage().call, 2)
    assert found is not None
    assert (found[0], found[1].record_id, found[1].raw) == (3, 2, SHELF.log[1])


@pytest.mark.parametrize(
    ("answer", "complaint"), [("cb", ": Requested sensor, data, or record not found\n"), (None, "\n")]
)
async def test_an_entry_that_cannot_be_read_is_told(answer: str | None, complaint: str) -> None:
    told = stage({"0a/43": answer})
    assert await sel_reading.read_entry(told.call, 7) is None
    assert told.err == f"Get SEL Entry 7 command failed{complaint}"


@pytest.mark.parametrize(
    ("answer", "some", "complaint"),
    [
        ("00510000" + "00" * 11, False, "SEL has no entries\n"),
        ("00510100" + "00" * 11, True, ""),
        ("c3", None, "Get SEL Info command failed: Timeout\n"),
        (None, None, "Get SEL Info command failed\n"),
    ],
)
async def test_whether_there_are_entries(answer: str | None, some: bool | None, complaint: str) -> None:
    told = stage({"0a/40": answer})
    assert await sel_reading.any_entries(told.call) is some
    assert told.err == complaint


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["middle", "2"], "Unknown sel list option\n"),
        (["many"], "Numeric argument required; got 'many'\n"),
    ],
)
async def test_a_wrong_line_lists_nothing(words: list[str], complaint: str) -> None:
    told = stage()
    assert await sel_reading.listing(told.call, words, extended=False) == 1
    assert (told.out, told.err) == ("", complaint)


async def test_the_last_so_many_are_listed_with_their_sensors_names() -> None:
    told = stage()
    with utc():
        assert await sel_reading.listing(told.call, ["last", "2"], extended=True) == 0
    assert [line.split("|")[3].strip() for line in told.out.splitlines()] == ["Temperature CPU1 Temp"] * 2


async def test_get_goes_on_after_an_id_that_is_none() -> None:
    told = stage()
    with utc():
        assert await sel_reading.get(told.call, ["x", "3"]) == 1
    assert told.err == "Given SEL ID 'x' is invalid.\n"
    assert told.out.startswith("SEL Record ID          : 0003\n")
