"""The thresholds of coverage: whose tests ran a line decides."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import coverage
import pytest

from tools import coverage_by_module

MODULE = "def sign(number):\n    if number < 0:\n        return -1\n    return 1\n"
# Import, then one call as if by each of two test modules.
CALLS = """
import coverage, sys
sys.path.insert(0, {source!r})
data = coverage.Coverage(data_file={data!r}, branch=True, source=[{source!r}], config_file=False)
data.start()
from wire import a, b
data.switch_context("tests/wire/test_a.py::test_it|run")
a.sign(1), a.sign(-1), b.sign(1)
data.switch_context("tests/wire/test_b.py::test_it|run")
b.sign(1)
data.stop()
data.save()
"""


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> coverage.Coverage:
    source, data = tmp_path / "src" / "baseboard", tmp_path / "data"
    (source / "wire").mkdir(parents=True)
    for name in ("__init__", "a", "b", "never"):
        (source / "wire" / f"{name}.py").write_text("" if name == "__init__" else MODULE)
    code = CALLS.format(source=str(source), data=str(data))
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=tmp_path)
    monkeypatch.setattr(coverage_by_module, "SOURCE", source)
    monkeypatch.setattr(coverage_by_module, "CORE", ["wire"])
    found = coverage.Coverage(data_file=str(data), config_file=False)
    found.load()
    return found


def test_a_module_of_the_core_counts_by_its_own_tests(measured: coverage.Coverage) -> None:
    gaps = coverage_by_module.core_gaps(measured)
    assert [gap.split()[-1] for gap in gaps] == ["tests/wire/test_b.py", "tests/wire/test_never.py"]
    assert "3" in gaps[0]


@pytest.mark.parametrize(("threshold", "good"), [(50.0, True), (99.0, False)])
def test_a_package_counts_by_all_tests(
    threshold: float, good: bool, measured: coverage.Coverage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_by_module, "PACKAGES", {"wire": threshold, "not_there_yet": 100.0})
    assert (coverage_by_module.package_gaps(measured) == []) is good


def test_the_real_thresholds_name_what_exists() -> None:
    folders = [*coverage_by_module.CORE, *coverage_by_module.PACKAGES]
    present = {path.stem for path in coverage_by_module.SOURCE.iterdir() if not path.stem.startswith("_")}
    assert present - {"py"} <= set(folders)
