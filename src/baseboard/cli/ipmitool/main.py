"""The program `ipmitool`, as ours: the same words, the same output, the same exit codes."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Awaitable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, cast

from baseboard.cli.ipmitool import usage
from baseboard.cli.ipmitool.arguments import Leave, parse
from baseboard.errors import BaseboardError, CompletionError

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.options import Options
    from baseboard.client.bmc import Bmc

    class Noun(Protocol):
        """What the module of a noun offers."""

        def run(self, call: Call, words: list[str]) -> Awaitable[int]:
            """Do what the words after the noun say.

            Returns: 0 done, 1 failed.
            """
            ...


DONE: Final = 0
FAILED: Final = 1
INTERRUPTED: Final = 255

_PACKAGE: Final = "baseboard.cli.ipmitool"

NOUNS: Final = MappingProxyType(
    {
        "raw": "raw", "i2c": "i2c", "spd": "", "lan": "lan", "chassis": "chassis", "power": "power",
        "event": "event", "mc": "mc", "bmc": "mc", "sdr": "sdr", "sensor": "sensor", "fru": "fru",
        "gendev": "", "sel": "sel", "pef": "pef", "sol": "sol", "tsol": "", "isol": "", "user": "user",
        "channel": "channel", "session": "session", "dcmi": "dcmi", "nm": "", "sunoem": "",
        "kontronoem": "", "picmg": "picmg", "fwum": "", "firewall": "firewall", "delloem": "",
        "shell": "shell", "exec": "shell_script", "set": "shell_options", "echo": "shell_echo", "hpm": "hpm",
        "ekanalyzer": "", "ime": "", "vita": "vita", "lan6": "lan6",
    }
)  # fmt: skip
"""Each noun that ipmitool takes, and the module of this package that does it; none for vendors' commands."""

_DESCRIPTIONS: Final = MappingProxyType(
    {
        "lan": "IPMI v1.5 LAN Interface",
        "lanplus": "IPMI v2.0 RMCP+ LAN Interface",
        "open": "Linux OpenIPMI Interface",
        "serial-terminal": "Serial Interface, Terminal Mode",
        "serial-basic": "Serial Interface, Basic Mode",
    }
)

_NOT_HERE: Final = MappingProxyType(
    {
        "imb": ("Error: no IMB driver found at /dev/imb!", ""),
        "usb": (
            "",
            "Error in USB session setup \n\nUnable to setup interface usb\nError loading interface usb",
        ),
        "free": ("", "ipmi_open_inband(): device not found"),
        "dummy": ("", "dummy failed on connect(): : No such file or directory"),
    }
)
"""Interfaces of ipmitool that reach nothing here: what it prints, on standard output and standard error."""


async def dispatch(call: Call, words: Sequence[str]) -> int:
    """Do one command: find its noun, and tell of errors as ipmitool does.

    Args:
        words: noun, verb, arguments; the options are in ``call``.

    Returns: 0 done, 1 failed.

    Raises:
        LoginError: the BMC could not be reached.
        TransportError: its device or address cannot be opened.
    """
    if not words:
        call.err("No command provided!")
        call.err(usage.COMMANDS, end="")
        return FAILED
    if words[0] == "help":
        call.err(usage.COMMANDS, end="")
        return DONE
    if words[0] not in NOUNS:
        call.err(f"Invalid command: {words[0]}")
        call.err(usage.COMMANDS, end="")
        return FAILED
    try:
        if not NOUNS[words[0]]:
            from baseboard.cli.ipmitool import absent

            return await absent.run(call, words[0], list(words[1:]))
        return await _noun(words[0]).run(call, list(words[1:]))
    except BaseboardError as error:
        if not call.connected:
            raise
        call.err(f"{words[0]}: {_told(error)}")
        return FAILED


def _told(error: BaseboardError) -> str:
    """An error that a noun did not expect, in one line."""
    from baseboard.cli.ipmitool.text import completion, printable

    if isinstance(error, CompletionError):
        return completion(error.code)
    return printable(str(error))


def _noun(name: str) -> Noun:
    return cast("Noun", importlib.import_module(f"{_PACKAGE}.{NOUNS[name]}"))


def main(argv: Sequence[str] | None = None) -> int:
    """Be ipmitool.

    Args:
        argv: the arguments without the program's name; None: the process's own.

    Returns: the exit code: 0 or 1, as ipmitool's; 255 when the user interrupts it.
    """
    _prepare()
    try:
        code = _main(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away (`sel list | head`): nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _prepare() -> None:
    """Dates in the user's language, and no character that a terminal's encoding lacks stops a listing."""
    import locale

    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _main(arguments: list[str]) -> int:
    try:
        options, words = parse(
            arguments,
            os.environ,
            out=print,
            err=_print_error,
            ask=_ask,
            interactive=sys.stdin is not None and sys.stdin.isatty(),
        )
    except Leave as leaving:
        return leaving.code
    if options.settings.interface in _NOT_HERE:
        out, err = _NOT_HERE[options.settings.interface]
        print(out, end="\n" if out else "")
        print(err, end="\n" if err else "", file=sys.stderr)
        return FAILED
    return _run(options, words)


def _run(options: Options, words: list[str]) -> int:
    from baseboard.cli import event_loop

    try:
        return event_loop.run(
            _command(options, words), small=event_loop.small(options.settings.interface, words)
        )
    except KeyboardInterrupt:
        print(f"\nSIGN INT: Close Interface {_DESCRIPTIONS[options.settings.interface]}")
        return INTERRUPTED


async def _command(options: Options, words: list[str]) -> int:
    from baseboard.cli.call import Call
    from baseboard.client.connect import Connection

    async def reach() -> Bmc:
        connection = Connection(options.settings)
        if options.settings.interface == "lan" and options.settings.auth_type is not None:
            from baseboard.cli.ipmitool.beforehand import see_type

            await see_type(options.settings)
        return await connection

    call = Call(options, reach, _write, _write_error)
    try:
        # ipmitool logs in before it looks at the words, so that is the first thing to go wrong.
        await call.bmc()
        if options.sdr_file or options.sel_file or options.packet_size:
            from baseboard.cli.ipmitool.beforehand import prepare

            prepare(call)
        return await dispatch(call, words)
    except BaseboardError as error:
        from baseboard.cli.ipmitool.failures import unreached

        for line in unreached(error, options.settings, options.verbose):
            call.err(line)
        return FAILED
    finally:
        await call.close()


def _write(text: str) -> None:
    sys.stdout.write(text)


def _write_error(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(text)


def _print_error(line: str) -> None:
    print(line, file=sys.stderr)


def _ask(prompt: str) -> str | None:
    """Ask for a secret: on the terminal, or the next line of what is piped in."""
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(prompt, sys.stderr)
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
