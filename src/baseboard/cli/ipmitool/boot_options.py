"""Boot options on the wire as ipmitool reads and writes them, and its words for refusals (§28.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import known
from baseboard.cli.ipmitool.text import COMPLETION
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call

NETFN, SET, GET = 0x00, 0x08, 0x09
PROGRESS, VALID_CLEARING, ACKNOWLEDGE, FLAGS, MAILBOX = 0, 3, 4, 5, 7

COMPLETE, IN_PROGRESS, COMMIT = 0, 1, 2
BIOS_POST, OS_LOADER = 0x01, 0x02

OUT_OF_RANGE: Final = 0xC9
_READ_REFUSED: Final = {0x80: "Unsupported parameter"}
_WRITE_REFUSED: Final = {
    0x80: "Unsupported parameter",
    0x81: "Attempt to set 'in progress' while not in 'complete' state",
    0x82: "Parameter is read-only",
}


async def read(call: Call, selector: int, block: int = 0, *, quiet: bool = False) -> bytes | None:
    """Read an option: its version, selector and data; None if it was told why not.

    Args:
        quiet: say nothing where there is no such block.
    """
    bmc = await call.bmc()
    try:
        answer = await bmc.exchange(NETFN, GET, bytes((selector, block, 0)))
    except NoResponse:
        call.err(f"Error Getting Chassis Boot Parameter {selector}")
        return None
    if answer[0]:
        if not quiet or answer[0] != OUT_OF_RANGE:
            text = known(answer[0], _READ_REFUSED, COMPLETION)
            call.err(f"Get Chassis Boot Parameter {selector} failed: {text}")
        return None
    return answer[1:]


class Writer:
    """Writes boot options between "set in progress" and "set complete", where the controller knows of that.

    Attributes:
        silent: a write was not answered.
    """

    def __init__(self, call: Call) -> None:
        self._call, self._marks = call, True
        self.silent = False

    async def mark(self, state: int) -> None:
        """Tell others that options are being changed; a controller that refuses it is not told again."""
        if self._marks and await self.write(PROGRESS, bytes((state,))) and state == IN_PROGRESS:
            self._marks = False

    async def clear_acknowledge(self, parties: int) -> int:
        """Say that these have yet to look at the options."""
        return await self.write(ACKNOWLEDGE, bytes((parties, parties)))

    async def write(self, selector: int, data: bytes) -> int:
        """Write an option.

        Returns: the completion code; -1 for no answer.
        """
        bmc = await self._call.bmc()
        try:
            answer = await bmc.exchange(NETFN, SET, bytes((selector,)) + data)
        except NoResponse:
            self._call.err(f"Error setting Chassis Boot Parameter {selector}")
            self.silent = True
            return -1
        if answer[0] and selector != PROGRESS:
            text = known(answer[0], _WRITE_REFUSED, COMPLETION)
            self._call.err(f"Set Chassis Boot Parameter {selector} failed: {text}")
        return answer[0]
