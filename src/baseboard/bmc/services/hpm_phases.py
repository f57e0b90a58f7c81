"""Where an upgrade is, what may be asked for there, and what is known of the last one (HPM.1)."""

from __future__ import annotations

import enum
from typing import Final

from baseboard.codes import Cc
from baseboard.commands.groups.hpm import AbortFirmwareUpgrade

_FACTS: Final = 5


class Phase(enum.Enum):
    """Where an upgrade is."""

    IDLE = "nothing is under way; something may wait to be activated"
    UPLOADING = "blocks are expected"
    WORKING = "a command that takes long goes on"
    ACTIVATING = "the firmware changes"


class Seen(enum.Enum):
    """What a console asks for that depends on where the upgrade is."""

    ACTION = "back up, prepare"
    UPLOAD = "an upload begins"
    BLOCK = "a block of it"
    FINISH = "its end"
    ABORT = "give up"
    ACTIVATE = "go over to what was uploaded"
    ROLL_BACK = "go back to the backup"


REFUSED: Final = Cc.NOT_SUPPORTED_IN_STATE
# where the upgrade is, what is asked for -> refused with; what is not here is done
TABLE: Final[dict[tuple[Phase, Seen], int]] = {
    (Phase.IDLE, Seen.BLOCK): REFUSED,
    (Phase.IDLE, Seen.FINISH): REFUSED,
    (Phase.UPLOADING, Seen.ACTIVATE): REFUSED,
    (Phase.UPLOADING, Seen.ROLL_BACK): REFUSED,
    **{(Phase.WORKING, seen): Cc.NODE_BUSY for seen in Seen if seen is not Seen.ABORT},
    (Phase.WORKING, Seen.ABORT): AbortFirmwareUpgrade.CANNOT_ABORT,
    **{(Phase.ACTIVATING, seen): Cc.NODE_BUSY for seen in Seen if seen is not Seen.ABORT},
    (Phase.ACTIVATING, Seen.ABORT): AbortFirmwareUpgrade.CANNOT_ABORT,
}


class Outcome:
    """How the last activation or rollback ended.

    Attributes:
        test: the self test's result; 0 = there was none.
        details: its second byte.
        rolled_back: the components that were.
        code: of Query Rollback Status.
        upgraded: the components that were activated.
    """

    __slots__ = ("code", "details", "rolled_back", "test", "upgraded")

    def __init__(self, kept: bytes | None) -> None:
        values = bytes(_FACTS) if kept is None or len(kept) != _FACTS else kept
        self.test, self.details, self.rolled_back, self.code, self.upgraded = values

    def encode(self) -> bytes:
        """As it is kept."""
        return bytes((self.test, self.details, self.rolled_back, self.code, self.upgraded))
