"""``--dry-run``: an interface that sends nothing; every request is told, and a pure write is answered.

What a command does after a write does not depend on the write's answer, which holds no data: so all writes
up to the first read are told. What follows a read depends on what a real controller would say: there it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from baseboard.cli import annotated
from baseboard.client.interface import BMC, Target
from baseboard.codes import Privilege
from baseboard.commands import load_all, lookup
from baseboard.wire import fields

_ANY: Final = 0xFF


class AnswerNeeded(Exception):
    """What comes next depends on the answer to the last request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRequest:
    """A request that would be sent.

    Attributes:
        command: the specification's name.
        data: the bytes after the command; passwords and keys are stars.
        address: who would answer.
        meaning: the fields by name.
    """

    command: str
    netfn: int
    cmd: int
    lun: int
    data: str
    address: int
    meaning: dict[str, str]


class DryRun:
    """An interface that leads nowhere.

    Args:
        tell: called with each request, and its explanation as text.
    """

    def __init__(self, tell: Callable[[DryRequest, str], None]) -> None:
        self.name = "dry run"
        self.depth = 1
        self.largest_request = self.largest_response = _ANY
        self.privilege = int(Privilege.ADMINISTRATOR)
        self._tell = tell

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        """See `Interface.exchange`.

        Raises:
            AnswerNeeded: the answer would hold data.
        """
        del timeout, retry
        explained = annotated.request(netfn, cmd, data)
        shown = annotated.hexadecimal(explained.lines, data)
        meaning = {line.field: "***" if line.secret else line.value for line in explained.lines if line.field}
        request = DryRequest(
            command=explained.title.partition(" (")[0],
            netfn=int(netfn),
            cmd=cmd,
            lun=target.lun,
            data=shown,
            address=target.address,
            meaning=meaning,
        )
        sent = f"{netfn:02x} {cmd:02x} {shown}".rstrip()
        fields = annotated.text(explained.lines, indent="    ")
        self._tell(request, f"{explained.title}\n  bytes: {sent}\n{fields}")
        if not _writes(netfn, cmd):
            raise AnswerNeeded
        return b"\0"

    async def close(self) -> None:
        """See `Interface.close`."""


def _writes(netfn: int, cmd: int) -> bool:
    """Whether the command's response holds nothing but a completion code."""
    load_all()
    command = lookup(netfn, cmd)
    return command is not None and not fields(command.response)
