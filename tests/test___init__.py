"""What stands at the top of the package, and that it costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import baseboard


@pytest.mark.parametrize("name", baseboard.__all__)
def test_everything_that_is_listed_is_there(name: str) -> None:
    assert getattr(baseboard, name) is not None
    assert name in dir(baseboard)


def test_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'ipmitool'"):
        _ = baseboard.ipmitool


def test_importing_it_imports_nothing_of_ours() -> None:
    code = "import sys, baseboard; print([name for name in sys.modules if name.startswith('baseboard.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_errors_come_without_the_client() -> None:
    code = "import sys, baseboard; baseboard.LoginError; print('asyncio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
