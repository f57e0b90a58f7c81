"""How FreeIPMI's programs print of many hosts: each line with its host, or each host's lines together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final

from baseboard.cli.hosts import folded

_RULE: Final = "-" * 16


class Style(Enum):
    """How hosts are told apart."""

    PLAIN = "not at all"
    PREFIXED = "each line has its host"
    BUFFERED = "a host's lines under its name, when it is done"
    CONSOLIDATED = "equal outputs once, under the names of their hosts"


class HostOutput:
    """What is printed of one host; a line is printed when it is whole, and one that never is is not.

    Attributes:
        host: as it was named.
        text: what waits to be printed.
    """

    def __init__(
        self, host: str, style: Style, write: Callable[[str], None], complain: Callable[[str], None]
    ) -> None:
        self.host, self.text = host, ""
        self._style, self._write, self._complain = style, write, complain
        self._begun = ""

    def out(self, text: str) -> None:
        """Print to standard output."""
        *lines, self._begun = (self._begun + text).split("\n")
        if not lines:
            return
        prefix = f"{self.host}: " if self._style is Style.PREFIXED else ""
        whole = "".join(f"{prefix}{line}\n" for line in lines)
        if self._style in (Style.PLAIN, Style.PREFIXED):
            self._write(whole)
        else:
            self.text += whole

    def err(self, line: str) -> None:
        """Say on standard error what went wrong."""
        self._complain(f"{line}\n" if self._style is Style.PLAIN else f"{self.host}: {line}\n")

    def finish(self) -> None:
        """All was said."""
        if self._style is Style.BUFFERED and self.text:
            self._write(f"{_RULE}\n{self.host}\n{_RULE}\n{self.text}")


def consolidated(hosts: Iterable[HostOutput], write: Callable[[str], None]) -> None:
    """Print equal outputs once; what came first comes first."""
    groups: dict[str, list[str]] = {}
    for host in hosts:
        if host.text:
            groups.setdefault(host.text, []).append(host.host)
    for text, names in groups.items():
        write(f"{_RULE}\n{folded(sorted(names))}\n{_RULE}\n{text}")
