"""A completion code other than 00h that is no refusal: the response's data come with it all the same."""

from __future__ import annotations

from baseboard.commands.declaration import Response
from baseboard.errors import CompletionError


class Qualified(CompletionError):
    """What a handler raises to answer with a code and its response, as Get Power Limit does with 80h.

    Attributes:
        response: what follows the code.
    """

    def __init__(self, code: int, response: Response) -> None:
        super().__init__(code)
        self.response = response
