"""Runs the checks of this tree in parallel and sums them up; ./check prepares what they need and calls it.

A step that fails shows all it printed; of the test runs the closing line is always shown. The exit code is 0
when every step that ran did well.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-P"]
PYTEST = [*PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
CORES = str(len(os.sched_getaffinity(0)))
# Tests that need nothing but this tree.
OWN = [*PYTEST, "-n", CORES, "-m", "not interop and not vm and not packaging"]
# What a step may take before it is stopped, seconds: a hang, not a slow machine.
LIMIT = 4500
CLOSING = re.compile(
    r"^=* ?(?:\d+ (?:passed|failed|error|skipped|deselected).* in |no tests ran).*$", re.MULTILINE
)


@dataclass(frozen=True)
class Step:
    """One check: a command, and when it is run."""

    name: str
    command: list[str]
    about: str
    after: str = ""
    fast: bool = True


def mirrors() -> list[str]:
    """The tests that mirror the source, package by package: by them alone its coverage is measured.

    To measure makes a test two to three times as dear, whatever it runs.
    """
    sources = sorted((ROOT / "src" / "baseboard").iterdir())
    names = (path.name if path.is_dir() else f"test_{path.name}" for path in sources)
    return [f"tests/{name}" for name in names if name != "__pycache__" and (ROOT / "tests" / name).exists()]


# The long ones that wait a good deal first, what has no gaps last.
STEPS = [
    Step(
        "vm",
        [*PYTEST, "-n", CORES, "--dist", "loadfile", "tests/vm"],
        "a Linux kernel in QEMU, and what runs there against a BMC",
        fast=False,
    ),
    Step(
        "interop",
        [*PYTEST, "-n", CORES, "--dist", "loadfile", "tests/interop", "tests/golden"],
        "programs that others wrote, against ours",
        fast=False,
    ),
    Step(
        "unit",
        [*OWN, "--cov", "--cov-report=", *mirrors()],
        "unit and machine tests, module by module, with branch coverage",
    ),
    Step(
        "conformance",
        [*OWN, *(f"--ignore={path}" for path in mirrors()), "tests"],
        "conformance, property, hostile and fuzz tests; the documentation, the tools, the house's rules",
    ),
    Step("pyright", [*PYTHON, "-m", "pyright"], "types, strict, by pyright"),
    Step("mypy", [*PYTHON, "-m", "mypy"], "types, strict, by mypy"),
    Step("lint", [*PYTHON, "-m", "ruff", "check", "."], "ruff's rules"),
    Step(
        "format",
        [*PYTHON, "-m", "ruff", "format", "--check", "--diff", "."],
        "the formatter has nothing to do",
    ),
    Step(
        "layers", [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], "imports point one way"
    ),
    Step("spelling", [*PYTHON, "-m", "codespell_lib"], "no known misspelling"),
    Step("coverage", [*PYTHON, "tools/coverage_by_module.py"], "each module by its own tests", after="unit"),
    Step(
        "bench",
        # From the tree itself, which -P would leave out.
        [sys.executable, "-m", "bench", "--short"],
        "the short form of every benchmark: whether it works, never how fast",
        fast=False,
    ),
    Step(
        "packaging",
        [*PYTEST, "tests/test_packaging.py"],
        "what the wheel needs, what floors it bears",
        fast=False,
    ),
]


@dataclass
class Outcome:
    """How a step went."""

    name: str
    ok: bool
    seconds: float
    output: str

    @property
    def closing(self) -> str:
        """The last line of a test run, which counts; of any other step nothing."""
        lines = CLOSING.findall(self.output)
        return str(lines[-1]).strip("= ") if lines else ""

    @property
    def peers(self) -> list[str]:
        """The programs that its tests used, with versions."""
        found = re.findall(r"^peers used: (.+)$", self.output, re.MULTILINE)
        return [peer for line in found for peer in line.split(", ")]

    def count(self, *words: str) -> int:
        """How many tests ended so, by the closing line."""
        return sum(int(number) for number in re.findall(rf"(\d+) (?:{'|'.join(words)})", self.closing))


def surroundings(steps: list[Step], fast: bool, folder: str) -> dict[str, str]:
    """The environment of the steps; ``folder`` is there for this run alone."""
    environment = {**os.environ, "BASEBOARD_REQUIRE_PEERS": "1"}
    # Tests start the program hundreds of times, as users do: with its bytecode where Python keeps it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if fast:
        environment["HYPOTHESIS_PROFILE"] = "fast"
    if any(step.after for step in steps):
        # What one step measures and another judges: two runs in one tree must not mix it up.
        environment["COVERAGE_FILE"] = str(Path(folder) / "coverage")
    return environment


async def run(step: Step, fast: bool, environment: dict[str, str]) -> Outcome:
    """Run one step to its end."""
    command = [word for word in step.command if not (fast and word.startswith("--cov"))]
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    note = ""
    try:
        async with asyncio.timeout(LIMIT):
            raw, _ = await process.communicate()
    except TimeoutError:
        raw, note = b"", f"stopped: not done after {LIMIT} s\n"
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    output = raw.decode(errors="replace") + note
    return Outcome(step.name, process.returncode == 0, time.monotonic() - started, output)


def show(outcome: Outcome) -> None:
    """One line for a step that did well, everything for one that did not."""
    if outcome.ok:
        print(f"ok    {outcome.name:11} {outcome.seconds:6.1f} s  {outcome.closing}".rstrip(), flush=True)
        return
    rule = "-" * 110
    print(f"{rule}\nFAIL  {outcome.name}\n{rule}\n{outcome.output.rstrip()}\n{rule}", flush=True)


async def run_all(steps: list[Step], fast: bool) -> list[Outcome]:
    """Run the steps, one more at a time than there are cores: a test run waits a good deal."""
    slots = asyncio.Semaphore(int(CORES) + 1)
    done: dict[str, asyncio.Future[Outcome]] = {step.name: asyncio.Future() for step in steps}

    async def one(step: Step) -> Outcome:
        if step.after in done and not (await done[step.after]).ok:
            outcome = Outcome(step.name, False, 0.0, f"not run: {step.after} failed")
        else:
            async with slots:
                outcome = await run(step, fast, environment)
        show(outcome)
        done[step.name].set_result(outcome)
        return outcome

    with tempfile.TemporaryDirectory(prefix="baseboard-check-") as folder:
        environment = surroundings(steps, fast, folder)
        return list(await asyncio.gather(*(one(step) for step in steps)))


def summary(outcomes: list[Outcome], seconds: float) -> str:
    """The table at the end."""
    lines = ["", "step           time  result"]
    for outcome in outcomes:
        result = outcome.closing or ("ok" if outcome.ok else "")
        mark = "" if outcome.ok else "FAILED "
        lines.append(f"{outcome.name:11} {outcome.seconds:5.1f} s  {mark}{result}".rstrip())
    lines.append(f"{'all':11} {seconds:5.1f} s")
    peers = sorted({peer for outcome in outcomes for peer in outcome.peers})
    if peers:
        lines.append(f"peers used: {', '.join(peers)}")
    passed = sum(outcome.count("passed", "xfailed") for outcome in outcomes)
    failed = sum(outcome.count("failed", "errors?") for outcome in outcomes)
    if passed or failed:
        lines.append(f"tests: {passed} passed, {failed} failed")
    wrong = [outcome.name for outcome in outcomes if not outcome.ok]
    lines.append(f"not good: {', '.join(wrong)}" if wrong else "all good")
    return "\n".join(lines)


def chosen(arguments: argparse.Namespace) -> list[Step]:
    """The steps asked for: the named parts, or all; with --fast without the slow ones."""
    if arguments.part:
        return [step for step in STEPS if step.name in arguments.part]
    if arguments.fast:
        return [step for step in STEPS if step.fast and step.name != "coverage"]
    return STEPS


def main() -> int:
    """Parse, run, sum up."""
    parts = "\n".join(f"  {step.name:11} {step.about}" for step in STEPS)
    parser = argparse.ArgumentParser(
        prog="./check",
        description="Runs the checks of this tree in parallel.",
        epilog=f"parts:\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [step.name for step in STEPS]
    parser.add_argument(
        "-m", dest="part", action="append", choices=names, metavar="PART", help="only this part"
    )
    parser.add_argument(
        "--fast",
        action="store_true",
        help="fewer examples, no coverage, no interop, no vm, no bench, no packaging: while working",
    )
    arguments = parser.parse_args()
    started = time.monotonic()
    outcomes = asyncio.run(run_all(chosen(arguments), arguments.fast))
    print(summary(outcomes, time.monotonic() - started), flush=True)
    return 0 if outcomes and all(outcome.ok for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
