"""Runs the benchmarks, one after another, each in a process of its own: ``.venv/bin/python -m bench``.

In full, each writes its figures into ``bench/results/NAME.json``, which docs/performance.md is made of
(``tools/make_performance.py``). ``--short`` keeps nothing, and sees only whether the scripts work. One that
fails does not keep the others from running; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
# What a script may take before it is stopped, seconds: a hang, not a slow machine.
LIMIT = {True: 300.0, False: 3600.0}


def scripts() -> list[str]:
    """The names of all benchmarks: the modules here that have a ``measure``."""
    return sorted(
        file.stem for file in HERE.glob("*.py") if "\ndef measure(" in file.read_text(encoding="utf-8")
    )


def run(name: str, options: list[str], limit: float) -> tuple[bool, str]:
    """Run one script to its end; whether it did well, and what it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"bench.{name}", *options],
        cwd=HERE.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        told, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        # With all that it started: its peers are in its session.
        os.killpg(process.pid, signal.SIGKILL)
        told, _ = process.communicate()
        return False, f"{told}stopped: not done after {limit:g} s"
    return process.returncode == 0, told


def main() -> int:
    """Parse, run, sum up."""
    names = scripts()
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="seconds each, nothing kept: do they work?")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds in which the contenders take turns")
    parser.add_argument("script", nargs="*", help=f"only these: {', '.join(names)}")
    asked = parser.parse_args()
    if unknown := set(asked.script) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if not asked.short:
        RESULTS.mkdir(exist_ok=True)
    failed: list[str] = []

    def one(name: str) -> None:
        options = ["--short"] if asked.short else ["--json", str(RESULTS / f"{name}.json")]
        options += ["--rounds", str(asked.rounds)] if asked.rounds else []
        started = time.monotonic()
        good, told = run(name, options, LIMIT[asked.short])
        if not good:
            failed.append(name)
        line = f"{'ok  ' if good else 'FAIL'}  {name:16} {time.monotonic() - started:6.1f} s\n"
        sys.stdout.write(line if good and asked.short else f"{line}\n{told.rstrip()}\n\n")
        sys.stdout.flush()

    # What is measured has the machine for itself; what only has to work mostly waits, so several do at once.
    with ThreadPoolExecutor(len(os.sched_getaffinity(0)) if asked.short else 1) as workers:
        list(workers.map(one, asked.script or names))
    print(f"failed: {', '.join(sorted(failed))}" if failed else "all scripts work")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
