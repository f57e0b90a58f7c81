"""Every command as data: its numbers, its privilege, its request and its response."""

from __future__ import annotations

from baseboard.commands.declaration import (
    Command,
    CompletionCode,
    Interfaces,
    Request,
    Response,
    command,
    commands,
    load_all,
    lookup,
)

__all__ = [
    "Command",
    "CompletionCode",
    "Interfaces",
    "Request",
    "Response",
    "command",
    "commands",
    "load_all",
    "lookup",
]
