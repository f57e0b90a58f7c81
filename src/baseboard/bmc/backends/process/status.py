"""What a status command says: whether the machine is on."""

from __future__ import annotations

from typing import Final

from baseboard.bmc.backends.commands import Outcome

_WORDS: Final = {"on": True, "off": False}
_CODES: Final = {0: True, 1: False}


def state_of(outcome: Outcome) -> bool | None:
    """Read the state from what a command printed, or else from its exit code.

    The last word of its output counts if it is ``on`` or ``off`` and the command succeeded. An exit code of 1
    means off only if there was no complaint: many a program that fails ends with 1 as well.

    Returns: whether the machine is on; None = the command failed.
    """
    words = outcome.output.split()
    said = _WORDS.get(words[-1].lower().strip("\"'.,;:!")) if words else None
    if outcome.code == 0 and said is not None:
        return said
    if outcome.code == 1 and outcome.remark:
        return None
    return None if outcome.code is None else _CODES.get(outcome.code)
