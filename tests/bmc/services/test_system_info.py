"""System Info strings: blocks of 16 bytes, volatile ones gone when the system restarts (§22.14a)."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.system_info import SystemInfo
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError
from tests.bmc.services.homes import make_home

FIRST = bytes.fromhex("000f6578616d706c652d686f73742d30")  # "example-host-01"
SECOND = b"1"


def test_the_system_name_is_the_blueprints_until_it_is_set() -> None:
    info = SystemInfo(make_home())
    assert info.block(2, 0) == b"\x00\x05bench".ljust(16, b"\0")
    assert info.block(2, 1) == bytes(16)
    assert info.block(1, 0) == bytes(16)


def test_blocks_read_back_padded_and_survive_a_restart() -> None:
    home = make_home()
    info = SystemInfo(home)
    info.set_block(2, 0, FIRST)
    info.set_block(2, 1, SECOND)
    again = SystemInfo(home.again())
    assert (again.block(2, 0), again.block(2, 1)) == (FIRST, b"1".ljust(16, b"\0"))


@pytest.mark.parametrize(
    ("number", "block", "code"), [(17, FIRST, "C9"), (0, b"", "C7"), (0, bytes(17), "C7")]
)
def test_what_is_no_block_is_refused(number: int, block: bytes, code: str) -> None:
    with pytest.raises(CompletionError, match=f"^{code}h"):
        SystemInfo(make_home()).set_block(1, number, block)


def test_there_is_no_block_beyond_the_longest_string() -> None:
    info = SystemInfo(make_home())
    assert info.block(1, 16) == bytes(16)
    with pytest.raises(CompletionError, match="^C9h"):
        info.block(1, 17)


def test_what_runs_is_forgotten_when_the_system_restarts() -> None:
    home = make_home()
    info = SystemInfo(home)
    for selector in (3, 4, 5):
        info.set_block(selector, 0, FIRST)
    assert SystemInfo(home.again()).block(4, 0) == bytes(16)
    info.progress.set(SetInProgressState.SET_IN_PROGRESS)
    info.system_restarted()
    assert [info.block(selector, 0) for selector in (3, 4, 5)] == [FIRST, bytes(16), bytes(16)]
    assert info.progress.state == SetInProgressState.SET_COMPLETE


def test_a_claim_can_be_made_once_and_nothing_can_be_committed() -> None:
    info = SystemInfo(make_home())
    info.progress.set(SetInProgressState.SET_IN_PROGRESS)
    with pytest.raises(CompletionError, match="^81h"):
        info.progress.set(SetInProgressState.SET_IN_PROGRESS)
    with pytest.raises(CompletionError, match="^CCh"):
        info.progress.set(SetInProgressState.COMMIT_WRITE)
    info.progress.set(SetInProgressState.SET_COMPLETE)
