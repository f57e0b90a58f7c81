"""Holds branch coverage to its thresholds: the core by each module's own tests, the rest by package.

Reads what a run of the tests that mirror the source leaves with ``--cov``: $COVERAGE_FILE, or else .coverage;
tests/conftest.py notes there which test module ran what. A line of the core counts as covered when it ran at
import or in a test of the mirrored module: ``src/baseboard/wire/layout.py`` by
``tests/wire/test_layout.py`` alone.
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

import coverage

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "baseboard"
# Each module of these by its own test module, all of it.
CORE = ["errors", "wire", "codes", "records", "commands", "crypto", "rmcp", "links"]
# What the tests that mirror the source must cover of the others, percent.
PACKAGES = {"transports": 90.0, "bmc": 90.0, "client": 90.0, "sync": 90.0, "cli": 80.0, "testing": 80.0}


def own_test(module: Path) -> str:
    """The test module that mirrors a source module, as its path from the root."""
    relative = module.relative_to(SOURCE)
    return str(Path("tests") / relative.parent / f"test_{relative.name}")


def core_gaps(data: coverage.Coverage) -> list[str]:
    """What of the core its own tests do not run: a line per module."""
    gaps: list[str] = []
    for package in CORE:
        path = SOURCE / package
        modules = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        for module in modules:
            if module.name == "__init__.py":
                continue
            report = io.StringIO()
            contexts = ["^$", "^" + re.escape(own_test(module)) + "::"]
            try:
                percent = data.report([str(module)], contexts=contexts, show_missing=True, file=report)
            except coverage.exceptions.NoDataError:
                percent = 0.0
            if percent < 100.0:
                row = next(
                    (line for line in report.getvalue().splitlines() if str(module.name) in line), "never run"
                )
                gaps.append(f"{row}   by {own_test(module)}")
    return gaps


def package_gaps(data: coverage.Coverage) -> list[str]:
    """Packages below their threshold."""
    gaps: list[str] = []
    for package, threshold in PACKAGES.items():
        if not (SOURCE / package).is_dir():
            continue
        report = io.StringIO()
        percent = data.report(
            include=[f"{SOURCE}/{package}/*"], show_missing=True, skip_covered=True, file=report
        )
        print(f"{package:12} {percent:5.1f} %  (threshold {threshold} %)")
        if percent < threshold:
            gaps.append(report.getvalue())
    return gaps


def main() -> int:
    """Report and judge."""
    measured = os.environ.get("COVERAGE_FILE") or str(ROOT / ".coverage")
    data = coverage.Coverage(data_file=measured, config_file=str(ROOT / "pyproject.toml"))
    data.load()
    gaps = core_gaps(data) + package_gaps(data)
    if gaps:
        print("not covered:\n" + "\n".join(gaps))
        return 1
    print(f"every module of {', '.join(CORE)}: all lines and branches, by its own tests")
    return 0


if __name__ == "__main__":
    sys.exit(main())
