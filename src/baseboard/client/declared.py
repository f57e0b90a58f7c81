"""A declared command as bytes, and the bytes of its answer as what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from baseboard.codes import completion_text
from baseboard.errors import completion_error

if TYPE_CHECKING:
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")


def spoken(request: Request[R]) -> tuple[int, int, bytes]:
    """Network function, command and data of a declared request."""
    command = request.command
    body = request.encode()
    if command.group is not None:
        body = bytes((command.group,)) + body
    return command.netfn, command.cmd, body


def heard(request: Request[R], data: bytes) -> R:
    """Read the answer to a declared request.

    Raises:
        CompletionError: the controller refused it.
        DecodeError: the answer does not follow the command's table.
    """
    command = request.command
    if data[0]:
        raise completion_error(data[0], _meaning(command.codes, data[0]))
    # A group extension's response begins with its defining body, as the request does (Table 5-1).
    response: Any = command.response.decode(data[1 if command.group is None else 2 :])
    return response  # type: ignore[no-any-return]  # the registry pairs each request with its response


def _meaning(codes: tuple[int, ...], code: int) -> str:
    own = (str(getattr(known, "text", "")) for known in codes if known == code)
    return next(own, completion_text(code))
