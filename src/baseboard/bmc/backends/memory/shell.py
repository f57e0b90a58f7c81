"""The tiny shell on the simulated host's serial console."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable

from baseboard.bmc.backends.memory import inband
from baseboard.bmc.backends.memory.files import FILES, entries, is_directory, memory, resolve
from baseboard.bmc.backends.memory.machine import Machine
from baseboard.bmc.backends.memory.system import host_name
from baseboard.codes import RateUnit, SensorUnit
from baseboard.records.units import unit_text


class Shell:
    """One logged-in user's shell.

    Args:
        machine: the host.
        user: who logged in.
        finished: called when a line has been run.

    Attributes:
        left: the user wants to leave.
    """

    __slots__ = ("_finished", "_queue", "_ticket", "directory", "history", "left", "machine", "user")

    def __init__(self, machine: Machine, user: str, finished: Callable[[], None]) -> None:
        self.machine = machine
        self.user = user
        self.directory = "/root"
        self.history: list[str] = []
        self.left = False
        self._finished = finished
        self._queue: list[list[str]] = []
        self._ticket = 0

    def prompt(self) -> str:
        """Who, where, and the sign of root."""
        where = "~" if self.directory == "/root" else self.directory
        return f"{self.user}@{host_name(self.machine.blueprint)}:{where}# "

    def run(self, line: str) -> None:
        """Run one line; commands are parted by semicolons."""
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";")
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError as error:
            self.machine.say(f"sh: {str(error).lower()}\n")
            words = []
        self._queue = [[]]
        for word in words:
            if word.strip(";"):
                self._queue[-1].append(word)
            else:
                self._queue.append([])
        self._next()

    def waiter(self) -> Callable[[str], None]:
        """For a command that answers later: what shows its answer, and lets the line go on."""
        self._ticket += 1
        ticket = self._ticket

        def resume(text: str) -> None:
            if ticket == self._ticket and self.machine.running():
                self.machine.say(text)
                self._next()

        return resume

    def abandon(self) -> None:
        """Wait no longer, and run nothing more of the line."""
        self._ticket += 1
        self._queue = []

    def _next(self) -> None:
        while self._queue and self.machine.running() and not self.left:
            words = self._queue.pop(0)
            output = self._command(words) if words else ""
            if output is None:
                return
            self.machine.say(output)
        self._finished()

    def _command(self, words: list[str]) -> str | None:
        handler = COMMANDS.get(words[0])
        if handler is None:
            return f"sh: {words[0]}: not found (help lists what there is)\n"
        return handler(self, words[1:])


Handler = Callable[[Shell, list[str]], "str | None"]
"""Gets the words after its name; returns what is printed, or None when a waiter will."""
COMMANDS: dict[str, Handler] = {}


def command(*names: str) -> Callable[[Handler], Handler]:
    """Register a command of the shell; its docstring is its help."""

    def register(handler: Handler) -> Handler:
        for name in names:
            COMMANDS[name] = handler
        return handler

    return register


@command("help")
def show_help(shell: Shell, words: list[str]) -> str:
    """what there is"""
    names: dict[Handler, list[str]] = {}
    for name, handler in COMMANDS.items():
        names.setdefault(handler, []).append(name)
    return "".join(f"  {', '.join(known):<26} {handler.__doc__}\n" for handler, known in names.items())


@command("uname")
def uname(shell: Shell, words: list[str]) -> str:
    """the system's name; -a all of it, -r its kernel"""
    host = shell.machine.blueprint.host
    if "-a" in words:
        return f"Linux {host_name(shell.machine.blueprint)} {host.kernel} #1 SMP x86_64 simulated\n"
    return f"{host.kernel}\n" if "-r" in words else "Linux\n"


@command("uptime")
def uptime(shell: Shell, words: list[str]) -> str:
    """how long the system is up, and how busy"""
    minutes = int(shell.machine.uptime() // 60)
    days, hours = divmod(minutes // 60, 24)
    span = f"{days} days, {hours}:{minutes % 60:02}" if days else f"{hours}:{minutes % 60:02}"
    clock = time.strftime("%H:%M:%S", time.gmtime(shell.machine.wall()))
    busy = shell.machine.load * 0.1
    return f" {clock} up {span},  1 user,  load average: {busy:.2f}, {busy * 0.9:.2f}, {busy * 0.8:.2f}\n"


@command("free")
def free(shell: Shell, words: list[str]) -> str:
    """memory, in KiB"""
    total, used = memory(shell.machine)
    head = f"{'':8}{'total':>12}{'used':>12}{'free':>12}\n"
    return f"{head}{'Mem:':8}{total:>12}{used:>12}{total - used:>12}\n{'Swap:':8}{0:>12}{0:>12}{0:>12}\n"


@command("ls")
def ls(shell: Shell, words: list[str]) -> str:
    """what a directory holds"""
    paths = [word for word in words if not word.startswith("-")] or ["."]
    output = ""
    for path in paths:
        full = resolve(path, shell.directory)
        if full in FILES:
            output += f"{path}\n"
        elif is_directory(full):
            output += "  ".join(entries(full)) + "\n"
        else:
            output += f"ls: {path}: no such file or directory\n"
    return output


@command("cd")
def cd(shell: Shell, words: list[str]) -> str:
    """go to a directory"""
    path = resolve(words[0] if words else "/root", shell.directory)
    if not is_directory(path):
        return f"cd: {words[0]}: no such directory\n"
    shell.directory = path
    return ""


@command("pwd")
def pwd(shell: Shell, words: list[str]) -> str:
    """where you are"""
    return f"{shell.directory}\n"


@command("cat")
def cat(shell: Shell, words: list[str]) -> str:
    """print files"""
    output = ""
    for path in words:
        reader = FILES.get(resolve(path, shell.directory))
        output += reader(shell.machine) if reader else f"cat: {path}: no such file\n"
    return output or "usage: cat FILE...\n"


@command("dmesg")
def dmesg(shell: Shell, words: list[str]) -> str:
    """the kernel's log"""
    return "".join(f"{line}\n" for line in shell.machine.messages())


@command("sensors")
def sensors(shell: Shell, words: list[str]) -> str:
    """the server's sensors"""
    rows: list[str] = []
    for spec in shell.machine.blueprint.sensors:
        if spec.physics.kind == "state":
            states = shell.machine.states(spec.name)
            rows.append(f"{spec.name:<18}{'-' if states is None else f'states {states:04x}h':>12}\n")
            continue
        value = shell.machine.reading(spec.name)
        unit = unit_text(
            SensorUnit(spec.base_unit), rate=RateUnit(spec.rate_unit), percentage=spec.percentage
        )
        rows.append(f"{spec.name:<18}{'no reading' if value is None else f'{value:.3f}':>12} {unit}\n")
    return "".join(rows) or "no sensors\n"


@command("ipmi")
def ipmi(shell: Shell, words: list[str]) -> str | None:
    """ask the BMC who it is; ipmi raw NETFN CMD DATA... sends any command"""
    if not words:
        inband.ask_device_id(shell.machine.request, shell.waiter())
        return None
    if words[0] != "raw" or len(words) < 3:
        return "usage: ipmi [raw NETFN CMD DATA...]\n"
    try:
        netfn, cmd, *data = bytes(int(word, 0) for word in words[1:])
    except ValueError:
        return "ipmi: bytes are numbers from 0 to 255 or 0x00 to 0xff\n"
    if netfn > 0x3F or netfn & 1:
        return "ipmi: network functions of requests are even, from 0 to 0x3e\n"
    show = shell.waiter()
    shell.machine.request(netfn, 0, cmd, bytes(data), lambda answer: show(inband.raw_text(answer)))
    return None


@command("load")
def load(shell: Shell, words: list[str]) -> str:
    """make the host busier or idler: load 0 to load 3, 1 is ordinary; watch the sensors"""
    if words:
        try:
            wanted = float(words[0])
        except ValueError:
            wanted = -1.0
        if not 0.0 <= wanted <= 3.0:
            return "usage: load [0...3]\n"
        shell.machine.set_load(wanted)
    return f"load {shell.machine.load:.2f}\n"


@command("reboot")
def reboot(shell: Shell, words: list[str]) -> str:
    """shut down and start again"""
    shell.machine.reboot()
    return ""


@command("poweroff", "halt", "shutdown")
def poweroff(shell: Shell, words: list[str]) -> str:
    """shut down and switch the power off"""
    shell.machine.shut_down()
    return ""


@command("panic")
def panic(shell: Shell, words: list[str]) -> str:
    """crash the kernel; only the BMC helps then"""
    shell.machine.panic(" ".join(words) or "asked for on the console")
    return ""


@command("echo")
def echo(shell: Shell, words: list[str]) -> str:
    """print words"""
    return " ".join(words) + "\n"


@command("date")
def date(shell: Shell, words: list[str]) -> str:
    """what time it is"""
    return time.strftime("%a %b %d %H:%M:%S UTC %Y\n", time.gmtime(shell.machine.wall()))


@command("hostname")
def hostname(shell: Shell, words: list[str]) -> str:
    """the server's name"""
    return host_name(shell.machine.blueprint) + "\n"


@command("whoami")
def whoami(shell: Shell, words: list[str]) -> str:
    """who you are"""
    return f"{shell.user}\n"


@command("clear")
def clear(shell: Shell, words: list[str]) -> str:
    """wipe the screen"""
    return "\x1b[2J\x1b[H"


@command("exit", "logout")
def leave(shell: Shell, words: list[str]) -> str:
    """log out"""
    shell.left = True
    return "logout\n\n"
