"""The host's table of phases, walked pair by pair."""

from __future__ import annotations

import itertools

import pytest

from baseboard.bmc.backends.memory.phases import FIRMWARE, LOADS, POSTING, SHARES, TABLE, Event, Phase
from tests.bmc.backends.memory.bench import Bench

PAIRS = list(itertools.product(Phase, Event))


@pytest.mark.parametrize(("phase", "event"), PAIRS, ids=lambda value: value.name)
def test_every_pair_leads_where_the_table_says_or_changes_nothing(phase: Phase, event: Event) -> None:
    bench = Bench()
    host = bench.server.host
    host.phase = phase
    host.happen(event)
    assert host.phase is TABLE.get((phase, event), phase)
    told = {"on", "off", "reset"} & set(bench.board.calls)
    moved = (phase, event) in TABLE
    if moved and host.phase is Phase.OFF:
        assert told == {"off"}
    elif moved and host.phase is Phase.RESET:
        assert told == ({"on"} if phase is Phase.OFF else {"reset"})
    else:
        assert not told


def test_power_and_reset_reach_every_phase_that_is_on() -> None:
    for phase in set(Phase) - {Phase.OFF}:
        assert TABLE[phase, Event.POWER_OFF] is Phase.OFF
        assert TABLE[phase, Event.RESET] is Phase.RESET
    assert {event for phase, event in TABLE if phase is Phase.OFF} == {Event.POWER_ON}


def test_every_phase_can_be_reached_and_left() -> None:
    assert set(TABLE.values()) == set(Phase)
    assert {phase for phase, _ in TABLE} == set(Phase)


def test_phases_that_end_by_themselves_have_somewhere_to_go() -> None:
    for phase in SHARES:
        ends = (
            {Event.DONE} if phase is not Phase.POST else {Event.TO_LOADER, Event.TO_SETUP, Event.TO_NETWORK}
        )
        assert all((phase, event) in TABLE for event in ends)


def test_an_ordinary_boot_takes_the_boot_time() -> None:
    assert sum(SHARES[phase] for phase in (Phase.RESET, Phase.POST, Phase.LOADER, Phase.KERNEL)) == 1.0


def test_the_sets_of_phases() -> None:
    assert POSTING < FIRMWARE < set(Phase)
    assert set(LOADS) <= set(Phase)
    assert Phase.OFF not in FIRMWARE
