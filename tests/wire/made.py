"""Messages whose rows are drawn or wrong, so that no class statement can declare them."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

from baseboard.wire import Message


def made(name: str, hints: Mapping[str, object], rows: Mapping[str, Any]) -> type[Message]:
    """The message of that name with these annotations and rows, as if declared in this module."""
    namespace = {"__annotations__": dict(hints), "__module__": __name__, **rows}
    kind = types.new_class(name, (Message,), exec_body=lambda body: body.update(namespace))
    assert issubclass(kind, Message)
    return kind
