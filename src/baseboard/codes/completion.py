"""Completion codes: an int that knows what it says (§5.2, Table 5-2)."""

from __future__ import annotations

from typing import Any


class CompletionCode(int):
    """A completion code with the words the specification gives it.

    Attributes:
        text: what the code says.
        name: the class and attribute it is declared as, such as ``Cc.NODE_BUSY``.
    """

    text: str
    name: str

    def __new__(cls, code: int, text: str) -> CompletionCode:
        if not 0 <= code <= 0xFF:
            raise ValueError(f"completion code {code} is not a byte")
        self = super().__new__(cls, code)
        self.text, self.name = text, f"{code:02X}h"
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # An error goes with its code to another process, or into a copy.
        return type(self), (int(self), self.text), {"name": self.name}

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{owner.__name__}.{name}"

    def __repr__(self) -> str:
        return f"<{self.name} {int(self):02X}h: {self.text}>"

    def __str__(self) -> str:
        return f"{int(self):02X}h {self.text}"
