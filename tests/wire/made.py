"""Messages whose rows are drawn or wrong, so that no class statement can declare them."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

from baseboard.wire import Message


def make_message(
    name: str, hints: Mapping[str, object], rows: Mapping[str, Any], module: str = __name__
) -> type[Message]:
    """A message of that name with these annotations and rows, as if declared in that module."""
    namespace = {"__annotations__": dict(hints), "__module__": module, **rows}
    kind = types.new_class(name, (Message,), exec_body=lambda body: body.update(namespace))
    assert issubclass(kind, Message)
    return kind
