"""Set In Progress."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.parameters import IN_PROGRESS, Progress
from baseboard.codes import Cc
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError

COMPLETE, SETTING = SetInProgressState.SET_COMPLETE, SetInProgressState.SET_IN_PROGRESS


def test_a_claim_is_made_once_until_it_is_given_up() -> None:
    progress = Progress()
    assert progress.state == COMPLETE
    for _ in range(2):
        progress.set(COMPLETE)
        progress.set(SETTING)
        with pytest.raises(CompletionError) as refused:
            progress.set(SETTING)
        assert (refused.value.code, progress.state) == (IN_PROGRESS, SETTING)


def test_a_restart_of_the_system_ends_the_claim() -> None:
    progress = Progress()
    progress.set(SETTING)
    progress.settle()
    assert progress.state == COMPLETE
    progress.set(SETTING)


@pytest.mark.parametrize("state", [SetInProgressState.COMMIT_WRITE, SetInProgressState(3)])
def test_there_is_nothing_to_commit(state: SetInProgressState) -> None:
    progress = Progress()
    progress.set(SETTING)
    with pytest.raises(CompletionError) as refused:
        progress.set(state)
    assert (refused.value.code, progress.state) == (Cc.INVALID_DATA, SETTING)


def test_what_can_be_committed_is_while_somebody_is_at_it() -> None:
    """§23.1: the state goes back to "in progress" by itself."""
    committed: list[bool] = []
    progress = Progress(lambda: committed.append(progress.claimed))
    with pytest.raises(CompletionError) as refused:
        progress.set(SetInProgressState.COMMIT_WRITE)
    assert (refused.value.code, committed) == (Cc.NOT_SUPPORTED_IN_STATE, [])
    progress.set(SETTING)
    progress.set(SetInProgressState.COMMIT_WRITE)
    assert (committed, progress.state) == ([True], SETTING)
    with pytest.raises(CompletionError) as unknown:
        progress.set(SetInProgressState(3))
    assert unknown.value.code == Cc.INVALID_DATA
