"""What an installed wheel brings, needs and does, in virtual environments of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import baseboard
from tests.interop.lab import first_line

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parent.parent
# Nothing of this tree may be found by accident.
ELSEWHERE = Path(os.sep)
# cryptography, and what it stands on itself.
CORE = {"baseboard", "cryptography", "cffi", "pycparser", "typing-extensions"}

# One module touches each of the libraries for machines; what uses it is imported with it.
MACHINES = {
    "gpiod": {"baseboard.bmc.backends.gpiod_pins"},
    "qemu": {"baseboard.bmc.backends.qemu"},
}


def run(*command: str | Path, cwd: Path = ELSEWHERE) -> str:
    """Run a command to its good end; returns what it printed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


def uv(*words: str | Path) -> str:
    return run(sys.executable, "-m", "uv", *words)


def packages(python: Path) -> dict[str, str]:
    """Name and version of all that an environment has."""
    listed = json.loads(uv("pip", "list", "--python", python, "--format", "json"))
    return {one["name"]: one["version"] for one in listed}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def plain(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel and what it asks for, no extra."""
    folder = tmp_path_factory.mktemp("plain")
    uv("venv", "--python", sys.executable, folder)
    python = folder / "bin" / "python"
    uv("pip", "install", "--python", python, wheel)
    return python


def test_the_wheel_needs_cryptography_alone(plain: Path) -> None:
    assert set(packages(plain)) <= CORE


def test_only_what_an_extra_is_for_needs_it(plain: Path) -> None:
    """Everything imports, but for the modules of `bmc run FILE`, of machines, and of the testing kit."""
    code = """
import importlib, pkgutil, baseboard
for module in pkgutil.walk_packages(baseboard.__path__, "baseboard."):
    if module.name == "baseboard.__main__":
        continue
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        print(module.name, error.name)
    else:
        print(module.name, "-")
"""
    needs = dict(line.split() for line in run(plain, "-P", "-c", code).splitlines())
    assert needs["baseboard.wire.message"] == needs["baseboard.cli.program"] == "-"
    assert {need for name, need in needs.items() if name.startswith("baseboard.testing.")} <= {
        "-",
        "hypothesis",
        "pytest",
    }
    others = {need for name, need in needs.items() if not name.startswith("baseboard.testing.")}
    assert others <= {"-", "msgspec", *MACHINES}
    for need, users in MACHINES.items():
        assert {name for name in needs if needs[name] == need} == users, need


def test_the_program_is_installed(plain: Path) -> None:
    assert run(plain.parent / "baseboard", "--version").startswith("baseboard ")


@pytest.fixture
def lab(plain: Path) -> Iterator[subprocess.Popen[str]]:
    command = [str(plain.parent / "baseboard"), "lab", "--json", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ELSEWHERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    yield process
    process.terminate()
    process.communicate(timeout=30)


def test_the_lab_runs_without_an_extra(lab: subprocess.Popen[str]) -> None:
    bmcs: list[dict[str, Any]] = json.loads(first_line(lab))
    assert len(bmcs) == 3
    assert len({bmc["port"] for bmc in bmcs}) == 3
    assert all(bmc["password"] for bmc in bmcs)


def promised() -> list[str]:
    """Every dependency that pyproject.toml names, with its floor."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]


def test_the_floors_bear_us(wheel: Path, tmp_path: Path) -> None:
    """Our own tests of what uses a library pass on the lowest version that pyproject.toml names."""
    uv("venv", "--python", sys.executable, tmp_path / "floors")
    python = tmp_path / "floors" / "bin" / "python"
    # What runs the tests is of no interest here: as it is locked.
    runners = ("coverage", "pytest", "pytest-asyncio", "pytest-timeout", "pytest-xdist", "hypothesis")
    tests = [f"{name}=={packages(Path(sys.executable))[name]}" for name in runners]
    uv("pip", "install", "--python", python, "--resolution", "lowest-direct", wheel, *promised(), *tests)
    found = packages(python)
    for requirement in promised():
        name, _, floor = requirement.partition(";")[0].partition(">=")
        assert f"{found[name.replace('.', '-')]}.".startswith(f"{floor.partition(',')[0].strip()}."), name
    # cryptography and pysnmp, then msgspec and tomlkit, then those for machines, then rich and uvloop
    users = (
        "crypto", "rmcp/test_both_ends.py", "rmcp/test_snmp_trap.py", "bmc/configuration",
        "bmc/test_server.py", "bmc/backends/qemu", "bmc/backends/libvirt",
        "bmc/backends/test_gpiod_pins.py", "transports/test_i2c_access.py",
    )  # fmt: skip
    shown = ("lab", "lab_text", "serving", "tables", "progress", "sensor_watch", "bmc")
    where = [f"tests/{name}" for name in users]
    where += [f"tests/cli/test_{name}.py" for name in shown]
    out = run(python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *where, cwd=ROOT)
    assert " passed" in out


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A copy of what running needs, in a folder with a blank in its name."""
    folder = tmp_path / "fresh tree"
    folder.mkdir()
    for name in ("baseboard", "pyproject.toml", "requirements.lock", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, folder)
    for name in ("src", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_a_fresh_tree_sets_itself_up_even_by_two_calls_at_once(fresh: Path) -> None:
    command = [str(fresh / "baseboard"), "--version"]
    pipe = subprocess.PIPE
    calls = [subprocess.Popen(command, cwd=ELSEWHERE, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    outputs = [call.communicate(timeout=600) for call in calls]
    assert [call.returncode for call in calls] == [0, 0], outputs
    assert {out for out, _ in outputs} == {f"baseboard {baseboard.__version__}\n"}
    assert sum("making .venv" in err for _, err in outputs) == 1
    later = subprocess.run(command, cwd=ELSEWHERE, capture_output=True, text=True, timeout=60, check=True)
    assert later.stderr == ""
