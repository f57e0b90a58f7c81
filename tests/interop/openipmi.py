"""OpenIPMI's openipmish at a terminal: a domain is opened, commands are given one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests import peers
from tests.interop.lab import Bmc
from tests.interop.terminal import Terminal, terminal

# How OpenIPMI marks what it logs, and what its shell calls an error that nobody asked for.
COMPLAINT = re.compile(r"^.*\b(?:WARN|SEVR|FATL|EINF|ERR[A-Z]*): .*$|^.*\bglobal error:.*$", re.MULTILINE)


class Shell:
    """An openipmish that is told one command at a time.

    Attributes:
        opened: what it said when it had connected.
    """

    def __init__(self, screen: Terminal, bmc: Bmc) -> None:
        self.screen = screen
        screen.type("redisp_cmd off\n")
        screen.wait_for("redisp set")
        login = f"lan -U {bmc.username} -P {bmc.password} -p {bmc.port} {bmc.address}"
        self.opened = self.ask(f"domain open lab -wait_til_up {login}", "Domain Created: lab")

    def ask(self, command: str, until: str) -> str:
        """What is said after a command, up to a text."""
        self.screen.type(f"{command}\n")
        # the terminal shows what was typed first, broken where its lines end
        self.screen.wait_for(command.split()[0])
        return self.screen.wait_for(until).replace("\r", "")

    @property
    def complaints(self) -> list[str]:
        """Every line of a log so far that is a warning or worse, without the prompt before it."""
        shown = self.screen.shown.replace("\r", "")
        return [found[0].removeprefix("> ").strip() for found in COMPLAINT.finditer(shown)]


@contextmanager
def connected(bmc: Bmc, *options: str) -> Iterator[Shell]:
    """A shell whose domain is up, while the block lasts."""
    with terminal([peers.require("OpenIPMI", "openipmish"), *options]) as screen:
        yield Shell(screen, bmc)
        screen.type("exit\n")
        screen.ended()
