"""What may be asked for in each phase of an upgrade."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.hpm_phases import REFUSED, TABLE, Outcome, Phase, Seen
from baseboard.codes import Cc


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("seen", Seen)
def test_every_pair(phase: Phase, seen: Seen) -> None:
    code = TABLE.get((phase, seen))
    if phase in (Phase.WORKING, Phase.ACTIVATING):
        assert code == (0x80 if seen is Seen.ABORT else Cc.NODE_BUSY)
    elif seen in (Seen.BLOCK, Seen.FINISH):
        assert code == (REFUSED if phase is Phase.IDLE else None)
    elif seen in (Seen.ACTIVATE, Seen.ROLL_BACK):
        assert code == (REFUSED if phase is Phase.UPLOADING else None)
    else:
        assert code is None


def test_an_outcome_is_kept_in_five_bytes_and_others_are_none() -> None:
    outcome = Outcome(bytes((0x57, 1, 2, 0x81, 3)))
    assert (outcome.test, outcome.details, outcome.rolled_back, outcome.code, outcome.upgraded) == (
        0x57, 1, 2, 0x81, 3,
    )  # fmt: skip
    assert outcome.encode() == bytes((0x57, 1, 2, 0x81, 3))
    for kept in (None, b"", bytes(6)):
        assert Outcome(kept).encode() == bytes(5)
