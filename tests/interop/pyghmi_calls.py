"""Runs calls of pyghmi's Command in a process of their own, for it keeps sockets and threads of its own.

Standard input: a JSON object with ``login`` (keyword arguments) and ``calls`` (name, arguments, keyword
arguments). Standard output: a JSON array with each call's answer, or ``{"error": text}``. With ``console`` in
place of ``calls``: pairs of what to type, and what to wait for in what the host then prints.
"""

from __future__ import annotations

import json
import sys
import time
from types import GeneratorType
from typing import Any

from pyghmi.exceptions import IpmiException
from pyghmi.ipmi.command import Command
from pyghmi.ipmi.console import Console

PATIENCE = 30


def plain(value: Any) -> Any:
    """What JSON can carry: pyghmi's objects by their attributes."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return vars(value) if hasattr(value, "__dict__") else repr(value)


def answer(command: Any, name: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
    try:
        given = getattr(command, name)(*arguments, **keywords)
        return list(given) if isinstance(given, GeneratorType) or name.startswith("get_event") else given
    except IpmiException as error:
        return {"error": str(error)}


class Screen:
    """What the host prints over SOL."""

    def __init__(self, login: dict[str, Any]) -> None:
        self.seen = b""
        self.console = Console(iohandler=self.hear, force=True, **login)

    def hear(self, data: Any) -> None:
        if isinstance(data, (bytes, bytearray)):
            self.seen += data

    def converse(self, typed: str, awaited: str) -> str:
        """Type, then polls until the host has printed what is waited for."""
        self.seen = b""
        self.console.send_data(typed.encode())
        until = time.monotonic() + PATIENCE
        while awaited.encode() not in self.seen and time.monotonic() < until:
            self.console.wait_for_rsp(0.1)
        return self.seen.decode(errors="replace")


def main() -> None:
    asked = json.load(sys.stdin)
    if "kg" in asked["login"]:
        asked["login"]["kg"] = bytes.fromhex(asked["login"]["kg"])
    if "console" in asked:
        screen = Screen(asked["login"])
        answers: list[Any] = [screen.converse(*pair) for pair in asked["console"]]
        screen.console.close()
    else:
        command = Command(**asked["login"])
        answers = [answer(command, *call) for call in asked["calls"]]
        command.ipmi_session.logout()
    json.dump(answers, sys.stdout, default=plain)


if __name__ == "__main__":
    main()
