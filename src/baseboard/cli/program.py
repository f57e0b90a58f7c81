"""The program ``baseboard``: who is called, and nothing imported that it does not need.

Called as ``ipmitool`` or by a name of FreeIPMI, or with such a word in front, it is that program. Else the
verbs that run simulated BMCs have parsers of their own, and all others ipmitool's grammar with our long
options (`baseboard.cli.native`). Exit codes: see `baseboard.cli.failures`.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol, cast

from baseboard import __version__
from baseboard.errors import BaseboardError

if TYPE_CHECKING:
    import argparse

    class VerbModule(Protocol):
        """What the module of a verb offers."""

        def configure(self, parser: argparse.ArgumentParser) -> None:
            """Give the verb's parser its arguments."""

        def run(self, arguments: argparse.Namespace) -> int:
            """Do it.

            Returns: the exit code.
            """
            ...

    class Personality(Protocol):
        """What the module of another program's face offers."""

        def main(self, argv: Sequence[str] | None = None) -> int:
            """Be that program.

            Returns: its exit code.
            """
            ...


DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

_MANY_OBJECTS: Final = 100_000


class Verb:
    """One verb: the module that does it, and its line in ``--help``."""

    def __init__(self, module: str, summary: str) -> None:
        self.module, self.summary = module, summary

    def load(self) -> VerbModule:
        """Import the module, at first need."""
        return cast("VerbModule", importlib.import_module(self.module))


VERBS: dict[str, Verb] = {
    "lab": Verb("baseboard.cli.lab", "simulated servers with BMCs on loopback, until Ctrl-C"),
    "bmc": Verb("baseboard.cli.bmc", "write or run the description of a BMC"),
}
"""The verbs with a parser of their own."""

# `bmc` is ipmitool's other word for `mc` too: these words after it are ours.
_OURS = {"bmc": {"init", "run", "smbios", "--help", "-h"}}

PERSONALITIES: dict[str, str] = {
    "ipmitool": "baseboard.cli.ipmitool.main",
    "ipmipower": "baseboard.cli.freeipmi.ipmipower",
    "ipmi-sensors": "baseboard.cli.freeipmi.ipmi_sensors",
    "ipmimonitoring": "baseboard.cli.freeipmi.ipmimonitoring",
}
"""The programs whose place this one takes, and the module that does."""


def main(argv: Sequence[str] | None = None, called: str | None = None) -> int:
    """Run the program.

    Args:
        argv: the arguments without the program's name; None: the process's own.
        called: the name it was called by; None: the process's own.

    Returns: the exit code.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    called = (os.path.basename(sys.argv[0]) if argv is None else "baseboard") if called is None else called
    if argv is not None or words[:1] in (["lab"], ["bmc"]):
        return _be(called, words)
    # A short command leaves little garbage: to look for it seldom, and at the end not at all, takes 12 ms of
    # 75 off a whole `mc info`.
    gc.set_threshold(_MANY_OBJECTS)
    try:
        return _be(called, words)
    finally:
        gc.freeze()


def _be(called: str, words: list[str]) -> int:
    if called in PERSONALITIES:
        return _personality(called).main(words)
    try:
        return _run(words)
    except BaseboardError as error:
        print(f"baseboard: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`baseboard ... | head`): nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _personality(name: str) -> Personality:
    return cast("Personality", importlib.import_module(PERSONALITIES[name]))


def _run(words: list[str]) -> int:
    if words[:1] and words[0] in ("--version", "-V"):
        print(f"baseboard {__version__}")
        return DONE
    first = words[0] if words else ""
    if first in PERSONALITIES:
        return _personality(first).main(words[1:])
    if first in VERBS and (first not in _OURS or (words[1:2] and words[1] in _OURS[first])):
        return _parsed(first, words[1:])
    from baseboard.cli import native

    code = native.run(words)
    sys.stdout.flush()
    return code


def _parsed(name: str, words: list[str]) -> int:
    """Run a verb with a parser of its own."""
    import argparse

    verb = VERBS[name]
    parser = argparse.ArgumentParser(prog=f"baseboard {name}", description=verb.summary, allow_abbrev=False)
    module = verb.load()
    module.configure(parser)
    try:
        arguments = parser.parse_args(words)
    except SystemExit as leaving:
        # argparse leaves by itself: 0 after --help, 2 after a mistake.
        return leaving.code if isinstance(leaving.code, int) else USAGE
    code = module.run(arguments)
    sys.stdout.flush()
    return code
