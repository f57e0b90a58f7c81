"""An operator's round to BMCs with one departure, with two, with none, and to one that is met again."""

from __future__ import annotations

import functools
import random
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pytest

from baseboard.client.quirks import EVERY
from tests.client.lan_bench import on_virtual_time
from tests.client.quirks.oddities import ODD, Round, go_round, odd_bmc

PAIRS: Final = 200
GROUPS: Final = 8
LONGEST: Final = 300.0
"""Seconds of virtual time for a round to the worst pair."""


async def a_round(*ids: str, cache: str = "", rounds: int = 1, **options: Any) -> Round:
    async with odd_bmc(ids, cache=cache) as at:
        for _ in range(rounds - 1):
            await go_round(at, **options)
        return await go_round(at, **options)


@functools.cache
def strict() -> Round:
    """A round to a BMC without any departure."""
    return on_virtual_time(a_round())


def test_a_strict_bmc_is_asked_no_more_than_it_takes() -> None:
    assert strict().failed == {}
    assert strict().met == frozenset()
    assert len(strict().found["sel"].entries) == 3
    assert len(strict().found["sensors"]) == 3
    records, users = 5, strict().found["users"].max_users
    login, close, fru = 4, 1, 2
    sdr, sel, power, thresholds = 1 + records, 4, 1, 2
    assert strict().packets <= login + power + sdr + 3 + thresholds + sel + fru + 2 * users + close


@pytest.mark.parametrize("quirk", ODD)
def test_with_one_departure_everything_is_had(quirk: str) -> None:
    odd = ODD[quirk]
    got = on_virtual_time(a_round(quirk, learn=False))
    assert set(got.failed) <= odd.lacks
    assert set(got.found) == {"power", "sensors", "sel", "fru", "users"} - odd.lacks
    assert got.packets <= 1.5 * strict().packets + odd.extra
    assert (quirk in got.met) == odd.shows
    if "sel" not in odd.lacks:
        assert len(got.found["sel"].entries) >= 2
    if quirk not in {"Q-SDRLASTC3"}:
        assert len(got.found["sensors"]) == 3


def test_every_departure_has_an_id() -> None:
    assert ODD.keys() <= EVERY


@pytest.mark.parametrize("group", range(GROUPS))
def test_random_pairs_neither_hang_nor_crash(group: int) -> None:
    """A round ends in its time; what cannot be had is one of the library's own errors."""
    drawn = random.Random().sample(list(combinations(ODD, 2)), PAIRS // GROUPS)
    for pair in drawn:
        got = on_virtual_time(a_round(*pair, learn=False))
        lacks = ODD[pair[0]].lacks | ODD[pair[1]].lacks
        assert got.seconds < LONGEST, pair
        assert set(got.failed) <= lacks, (pair, got.failed)


@pytest.mark.parametrize("quirk", ["Q-SDRFULL", "Q-SDRSIZE", "Q-SDRRESV", "Q-FRUSIZE", "Q-SELRESV"])
def test_what_was_learned_spares_the_next_run_the_trouble(quirk: str, tmp_path: Path) -> None:
    """No request of the next run is refused for its size; it asks for no more than a strict BMC's would."""

    async def main() -> tuple[Round, Round]:
        async with odd_bmc([quirk], cache=str(tmp_path)) as at:
            first = await go_round(at)
            # Records that are kept are not read at all; here they are to be read in pieces.
            for kept in (tmp_path / "sdr").glob("*"):
                kept.unlink()
            return first, await go_round(at)

    first, again = on_virtual_time(main())
    assert set(first.failed) == set(again.failed) == set()
    assert again.found["fru"].fru == first.found["fru"].fru
    assert list(again.found["sensors"]) == list(first.found["sensors"])
    assert again.packets < first.packets
    refused = {"Q-SDRFULL": (5, 0x20), "Q-SDRSIZE": (5, 16), "Q-SDRRESV": (5, 0x20)}
    if quirk in refused:
        place, most = refused[quirk]
        assert all(data[place] <= most for netfn, cmd, data in again.asked if (netfn, cmd) == (0x0A, 0x23))
    if quirk == "Q-FRUSIZE":
        assert all(data[3] <= 16 for netfn, cmd, data in again.asked if (netfn, cmd) == (0x0A, 0x11))
    if quirk == "Q-SELRESV":
        assert all(data[5] <= 16 for netfn, cmd, data in again.asked if (netfn, cmd) == (0x0A, 0x43))


def test_what_was_kept_makes_the_next_run_as_short_as_with_a_strict_bmc(tmp_path: Path) -> None:
    """Records and sizes are known: what is left is what a strict BMC is asked, and an inventory in pieces."""
    strict = on_virtual_time(a_round(cache=str(tmp_path / "strict"), rounds=2))
    odd = on_virtual_time(a_round("Q-SDRSIZE", "Q-SDRCOUNT", cache=str(tmp_path / "odd"), rounds=2))
    assert odd.packets <= strict.packets
    assert [one[:2] for one in odd.asked] == [one[:2] for one in strict.asked]


def test_a_strict_bmc_is_asked_the_same_whatever_is_allowed() -> None:
    """Departures that are allowed, or known from before, change no request to a BMC that has none of them."""
    allowed = on_virtual_time(a_round(quirks=EVERY - {"Q-FORCEPERMSG", "Q-NAMEPAD"}))
    # The last one, Close Session, names the session's number.
    assert allowed.asked[:-1] == strict().asked[:-1]
    assert allowed.packets == strict().packets
    assert allowed.met == frozenset()
