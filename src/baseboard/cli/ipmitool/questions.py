"""Questions as ipmitool asks them: it looks at the completion code and the length before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from baseboard.cli.ipmitool.text import COMPLETION
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.interface import Target
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")


class Answer(Generic[R]):
    """What came back for a request.

    Attributes:
        code: completion code.
        data: the bytes after it; of a group extension command, after the group.
        group: of such a command, the byte that came for the group; None if there was none.
    """

    __slots__ = ("_response", "code", "data", "group")

    def __init__(self, code: int, data: bytes, response: type[R], group: int | None = None) -> None:
        self.code, self.data, self.group = code, data, group
        self._response = response

    def decode(self, *, size: int = 0) -> R:
        """What the bytes say, by the command's table.

        Args:
            size: fill a shorter answer up with 00h to this many bytes, where ipmitool reads on regardless.

        Raises:
            DecodeError: they do not follow the table.
        """
        message: Any = self._response.decode(self.data.ljust(size, b"\0"))
        return message  # type: ignore[no-any-return]  # the registry pairs each request with its response

    def text(self, *own: Mapping[int, str]) -> str:
        """The completion code in ipmitool's words; the command's own first."""
        return known(self.code, *own, COMPLETION)


async def ask(
    call: Call, request: Request[R], target: Target | None = None, timeout: float | None = None
) -> Answer[R] | None:
    """Send a request; None when nobody answers.

    Args:
        target: who is to answer, if not whom the options name.
        timeout: seconds for all attempts together, if less than what the options say.
    """
    command = request.command
    body = request.encode()
    if command.group is not None:
        body = bytes((command.group,)) + body
    bmc = await call.bmc()
    try:
        answer = await bmc.exchange(command.netfn, command.cmd, body, target=target, timeout=timeout)
    except NoResponse:
        return None
    response: Any = command.response
    if command.group is None:
        return Answer(answer[0], answer[1:], response)
    return Answer(answer[0], answer[2:], response, answer[1] if len(answer) > 1 else None)


async def ask_bytes(call: Call, netfn: int, cmd: int, data: bytes) -> tuple[int, bytes] | None:
    """Send a request that is not declared; completion code and data, None when nobody answers."""
    bmc = await call.bmc()
    try:
        answer = await bmc.exchange(netfn, cmd, data)
    except NoResponse:
        return None
    return answer[0], answer[1:]


def known(value: int, *tables: Mapping[int, str]) -> str:
    """The text of a number in the first table that has it."""
    return next((table[value] for table in tables if value in table), f"Unknown (0x{value:02X})")


def refused(call: Call, answer: Answer[Any] | None, size: int | None = None) -> bool:
    """Say why nothing can be made of an answer, if so.

    Args:
        size: how many bytes it must have; None = any number.

    Returns: True if it is of no use; standard error says why.
    """
    if answer is None:
        call.err("IPMI response is NULL.")
    elif answer.code:
        call.err(f"IPMI command failed: {answer.text()}")
    elif size is not None and len(answer.data) != size:
        call.err("Unexpected data length received.")
    else:
        return False
    return True
