"""What every set of configuration parameters has: its refusals, and Set In Progress (§22.14a to §28.12)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.codes import Cc
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError

NOT_SUPPORTED, IN_PROGRESS, READ_ONLY = 0x80, 0x81, 0x82
"""No such parameter; another party is setting them; not to be written. Every such command has these codes."""


class Progress:
    """Set In Progress, parameter 0: a notice to others that somebody is setting parameters.

    There is no roll-back: what is written stays. Parameters that count together, when the setting is
    complete, can be committed; with others there is nothing to commit.

    Args:
        committed: called at Commit Write; None = there is no such thing (CCh).

    Attributes:
        state: what the parameter reads as.
    """

    __slots__ = ("_committed", "state")

    def __init__(self, committed: Callable[[], None] | None = None) -> None:
        self._committed = committed
        self.state = SetInProgressState.SET_COMPLETE

    @property
    def claimed(self) -> bool:
        """Whether somebody says that parameters are being set."""
        return self.state == SetInProgressState.SET_IN_PROGRESS

    def set(self, state: SetInProgressState) -> None:
        """Write the parameter.

        Raises:
            CompletionError: 81h, another party is at it; CCh, no such state, or nothing to commit;
                D5h, Commit Write while nobody is setting anything.
        """
        if state == SetInProgressState.COMMIT_WRITE and self._committed is not None:
            if not self.claimed:
                raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
            # The state goes back to "in progress" by itself, and is never seen as anything else.
            self._committed()
            return
        if state not in (SetInProgressState.SET_COMPLETE, SetInProgressState.SET_IN_PROGRESS):
            raise CompletionError(Cc.INVALID_DATA)
        if state == self.state == SetInProgressState.SET_IN_PROGRESS:
            raise CompletionError(IN_PROGRESS)
        self.state = state

    def settle(self) -> None:
        """System reset or power-down: the claim ends (§23.1)."""
        self.state = SetInProgressState.SET_COMPLETE
