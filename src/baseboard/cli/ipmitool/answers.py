"""A question whose failure is told at once, as most of ipmitool's verbs do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from baseboard.cli.ipmitool.questions import Answer, ask

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")


async def answered(
    call: Call,
    request: Request[R],
    silent: str,
    refused: str | None = None,
    *,
    own: Mapping[int, str] | None = None,
) -> Answer[R] | None:
    """Ask, and say why there is no answer to go on with.

    Args:
        silent: what to say when nobody answers.
        refused: what to say before the completion code's text; left out: ``silent``.
        own: texts of completion codes that are the command's own.

    Returns: the answer; None if it was told on standard error.
    """
    answer = await ask(call, request)
    if answer is None:
        call.err(silent)
        return None
    if answer.code:
        call.err(f"{silent if refused is None else refused}: {answer.text(own or {})}")
        return None
    return answer


def hexadecimal(data: bytes, width: int = 16) -> str:
    """Bytes in rows as ``raw`` prints them: a blank before each, no line end after the last."""
    rows = [data[start : start + width] for start in range(0, len(data), width)]
    return "\n".join("".join(f" {value:02x}" for value in row) for row in rows)
