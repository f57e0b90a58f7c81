"""The login on the simulated host's serial console, and the session behind it."""

from __future__ import annotations

import enum

from baseboard.bmc.backends.memory.files import motd
from baseboard.bmc.backends.memory.keys import END_OF_INPUT, KeyDecoder, LineEditor
from baseboard.bmc.backends.memory.machine import Machine
from baseboard.bmc.backends.memory.shell import Shell
from baseboard.bmc.backends.memory.system import host_name, issue

PENALTY = 2.0  # seconds that a wrong password costs


class Asking(enum.Enum):
    """What the next line is."""

    NAME = "name"
    PASSWORD = "password"  # noqa: S105 - the name of a state
    COMMAND = "command"
    NOTHING = "nothing: a command runs, or a wrong password is being punished"


class Session:
    """Whoever sits at the console: asks for a name and a password, then runs a shell.

    It begins where the operating system's start has printed the login prompt.

    Args:
        machine: the host.
    """

    __slots__ = ("_asking", "_editor", "_keys", "_machine", "_name", "_shell")

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._keys = KeyDecoder()
        self._shell: Shell | None = None
        self._name = ""
        self._asking = Asking.NAME
        self._editor = LineEditor(machine.say, f"{host_name(machine.blueprint)} login: ")

    @property
    def user(self) -> str | None:
        """Who is logged in; None = nobody."""
        return None if self._shell is None else self._shell.user

    def typed(self, character: int) -> None:
        """Take one character."""
        key = self._keys.key(character)
        if not key:
            return
        if self._asking is Asking.NOTHING:
            if key == "^C" and self._shell is not None:
                self._shell.abandon()
                self._machine.say("^C\n")
                self._ran()
            return
        line = self._editor.key(key)
        if line is None:
            return
        if self._asking is Asking.NAME:
            self._named(line)
        elif self._asking is Asking.PASSWORD:
            self._tried("" if line == END_OF_INPUT else line)
        else:
            assert self._shell is not None
            self._run(self._shell, line)

    def _refuse(self) -> None:
        """The penalty for a wrong password is over."""
        self._machine.say("\nLogin incorrect\n")
        self._ask_name()

    def _ask_name(self) -> None:
        self._asking, self._shell, self._name = Asking.NAME, None, ""
        self._editor = LineEditor(self._machine.say, f"{host_name(self._machine.blueprint)} login: ")
        self._editor.begin()

    def _named(self, line: str) -> None:
        name = "" if line == END_OF_INPUT else line.strip()
        if not name:  # as a getty does: the whole invitation once more
            self._asking = Asking.NAME
            self._machine.say(issue(self._machine.blueprint, self._machine.boot))
            return
        self._name = name
        if self._password() == "":
            self._welcome()
            return
        self._asking = Asking.PASSWORD
        self._editor = LineEditor(self._machine.say, "Password: ", echo=False)
        self._editor.begin()

    def _password(self) -> str | None:
        return dict(self._machine.blueprint.host.accounts).get(self._name)

    def _tried(self, line: str) -> None:
        if line == self._password():
            self._welcome()
            return
        self._asking = Asking.NOTHING
        self._machine.later(PENALTY, self._refuse)

    def _welcome(self) -> None:
        self._asking = Asking.COMMAND
        self._shell = Shell(self._machine, self._name, self._ran)
        self._editor = LineEditor(self._machine.say, self._shell.prompt(), history=self._shell.history)
        self._machine.say("\n" + motd(self._machine) + "\n")
        self._editor.begin()

    def _run(self, shell: Shell, line: str) -> None:
        self._asking = Asking.NOTHING
        shell.run("exit" if line == END_OF_INPUT else line)

    def _ran(self) -> None:
        """A line has been run."""
        shell = self._shell
        if shell is None or not self._machine.running():
            return
        if shell.left:
            self._ask_name()
            return
        self._asking = Asking.COMMAND
        self._editor.begin(shell.prompt())
