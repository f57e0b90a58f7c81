"""The program ``baseboard``: its verbs, its exit codes, and nothing imported that the verb does not need.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple, Protocol, cast

from baseboard import __doc__ as about
from baseboard import __version__
from baseboard.errors import BaseboardError

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class VerbModule(Protocol):
    """What the module of a verb offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Give the verb's parser its arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it.

        Returns: the exit code.
        """
        ...


class Verb(NamedTuple):
    """One verb: the module that does it, and its line in ``--help``."""

    module: str
    summary: str

    def load(self) -> VerbModule:
        """Import the module, at first need."""
        return cast("VerbModule", importlib.import_module(self.module))


VERBS: dict[str, Verb] = {
    "lab": Verb("baseboard.cli.lab", "simulated servers with BMCs on loopback, until Ctrl-C"),
    "bmc": Verb("baseboard.cli.bmc", "write or run the description of a BMC"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        argv: the arguments without the program's name; None: the process's own.

    Returns: the exit code.
    """
    words = list(sys.argv[1:] if argv is None else argv)
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


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="baseboard", description=about, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"baseboard {__version__}")
    parsers = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    named = next((word for word in words if not word.startswith("-")), None)
    chosen: VerbModule | None = None
    for name, verb in VERBS.items():
        own = parsers.add_parser(name, help=verb.summary, description=verb.summary, allow_abbrev=False)
        if name == named:
            chosen = verb.load()
            chosen.configure(own)
    try:
        arguments = parser.parse_args(words)
    except SystemExit as leaving:
        # argparse leaves by itself: 0 after --help and --version, 2 after a mistake.
        return leaving.code if isinstance(leaving.code, int) else USAGE
    if chosen is None:
        parser.print_help(sys.stderr)
        return USAGE
    code = chosen.run(arguments)
    sys.stdout.flush()
    return code
