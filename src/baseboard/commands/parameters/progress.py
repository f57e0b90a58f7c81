"""Set In Progress: parameter 0 of every configuration (§23.1, §25.1, §26.2, §28.12, §30.3)."""

from __future__ import annotations

from baseboard.wire import OpenEnum


class SetInProgressState(OpenEnum):
    """How far a party is with its changes to a configuration."""

    SET_COMPLETE = 0
    SET_IN_PROGRESS = 1
    COMMIT_WRITE = 2
