"""Which lengths of data a message takes."""

from __future__ import annotations

import pytest

from baseboard.errors import DecodeError
from baseboard.wire import Message


def takes(message: type[Message], *sizes: int) -> None:
    """Every size listed decodes and comes out whole; every other one up to 24 is refused."""
    for size in range(25):
        if size in sizes:
            assert len(message.decode(bytes(size)).encode()) == size
        else:
            with pytest.raises(DecodeError):
                message.decode(bytes(size))
