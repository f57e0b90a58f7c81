"""What comes out of a guest's first serial port: the output of its script, and requests to the outside.

``harness/guest-init`` and ``harness/guest-host`` are the other end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

MARK = b"@@guest "


class Console:
    """Sorts lines, and answers those that ask for something.

    Attributes:
        boots: how often the guest came up.
        status: the script's exit status; None while it runs.
        output: the script's lines.
        others: all other lines, and what the guest asked for.
    """

    def __init__(self, hooks: Mapping[str, Callable[[], int]], reply: Callable[[bytes], None]) -> None:
        self._hooks, self._reply = hooks, reply
        self._line = b""
        self._inside = False
        self.boots = 0
        self.status: int | None = None
        self.output: list[str] = []
        self.others: list[str] = []

    def receive(self, data: bytes) -> None:
        """Take what the guest wrote."""
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            self._take(line.rstrip(b"\r"))

    def interrupted(self) -> None:
        """The machine was reset or ended: what comes next is not of the script."""
        if self._line:
            self._take(self._line)
            self._line = b""
        self._inside = False

    def _take(self, line: bytes) -> None:
        text, mark, rest = line.partition(MARK)
        if text or not mark:
            (self.output if self._inside else self.others).append(text.decode(errors="replace"))
        if mark:
            self._told(rest.decode(errors="replace").split())

    def _told(self, words: list[str]) -> None:
        self.others.append(f"[{' '.join(words)}]")
        match words:
            case ["boot"]:
                self.boots += 1
                self._inside = False
                self._reply(b"%d\n" % self.boots)
            case ["begin"]:
                self._inside = True
            case ["end", status]:
                self._inside, self.status = False, int(status)
            case ["host", name]:
                self._reply(b"%d\n" % self._hooks[name]())
            case _:
                raise AssertionError(words)
