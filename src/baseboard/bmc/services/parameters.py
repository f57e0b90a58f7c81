"""What every set of configuration parameters has: its refusals, and Set In Progress (§22.14a to §28.12)."""

from __future__ import annotations

from baseboard.codes import Cc
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError

NOT_SUPPORTED, IN_PROGRESS, READ_ONLY = 0x80, 0x81, 0x82
"""No such parameter; another party is setting them; not to be written. Every such command has these codes."""


class Progress:
    """Set In Progress, parameter 0: a notice to others that somebody is setting parameters.

    There is no roll-back, so there is nothing to commit.

    Attributes:
        state: what the parameter reads as.
    """

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = SetInProgressState.SET_COMPLETE

    def set(self, state: SetInProgressState) -> None:
        """Write the parameter.

        Raises:
            CompletionError: 81h, another party is at it; CCh, no such state, or Commit Write.
        """
        if state not in (SetInProgressState.SET_COMPLETE, SetInProgressState.SET_IN_PROGRESS):
            raise CompletionError(Cc.INVALID_DATA)
        if state == self.state == SetInProgressState.SET_IN_PROGRESS:
            raise CompletionError(IN_PROGRESS)
        self.state = state

    def settle(self) -> None:
        """System reset or power-down: the claim ends (§23.1)."""
        self.state = SetInProgressState.SET_COMPLETE
