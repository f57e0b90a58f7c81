"""Our program in a guest, from this machine's file system: started afresh, or from one that is loaded."""

from __future__ import annotations

import compileall
import shlex
import sys
from pathlib import Path

PYTHON = f"{shlex.quote(sys.executable)} -P -S -B"
# The guest has neither this tree's editable install nor time to look for it.
WAYS = shlex.quote(":".join(path for path in sys.path if path))
FRESH = f"inroot PYTHONPATH={WAYS} {PYTHON} -m baseboard"
"""Words of the shell that start it afresh."""

_SOURCE = Path(__file__).resolve().parents[2] / "src"
_FORKING = shlex.quote(str(Path(__file__).with_name("forking_in_guest.py")))
# The pipes are made outside of the other root, with its name.
_RUN = "/hostroot/run"

LOADED = f"""
inroot true
mkfifo {_RUN}/ours-call {_RUN}/ours-status
inroot PYTHONPATH={WAYS} {PYTHON} {_FORKING} >/tmp/forking 2>&1 &
# ours WORDS: what it prints, and its exit status
ours() {{
    echo "$1" >{_RUN}/ours-call
    read -r status <{_RUN}/ours-status
    cat {_RUN}/ours-said
    return $status
}}
"""
"""Makes the word ``ours``: a call of it takes a tenth of the processor time of a fresh start."""


def ours(words: str) -> str:
    """Words of the shell for a call, after ``LOADED``."""
    return f"ours {shlex.quote(words)}"


def compile_all() -> None:
    """Have bytecode of our modules here: a guest that lacks it compiles them, slowly, at each start."""
    assert compileall.compile_dir(_SOURCE, quiet=1)
