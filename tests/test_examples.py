"""The Python that documentation and docstrings show is run, against simulated servers on loopback."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

import baseboard
import baseboard.sync
from baseboard.codes import BootDevice, TimeoutAction
from tests.interop.lab import Bmc, Lab, lab

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in sorted((ROOT / "docs").rglob("*.md"))
    for number, text in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
    if "HOST" in text
]
DOCSTRINGS = [
    ("chassis", "Chassis"),
    ("boot", "Boot"),
    ("watchdog", "Watchdog"),
    ("sdr", "SdrRepository"),
    ("sensors", "Sensors"),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[Lab]:
    with lab() as running:
        yield running


@pytest.fixture
def server(servers: Lab) -> Bmc:
    return servers[0]


def login(server: Bmc) -> dict[str, Any]:
    return {"port": server.port, "username": server.username, "password": server.password}


def test_there_is_something_to_run() -> None:
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_the_documentation_runs(text: str, server: Bmc) -> None:
    names = {
        "__name__": "example",
        "HOST": server.address,
        "PORT": server.port,
        "USERNAME": server.username,
        "PASSWORD": server.password,
    }
    exec(compile(text, "example", "exec"), names)  # noqa: S102  # it is our own text, and this is its test


def examples(face: str, module: str, name: str) -> list[doctest.Example]:
    shown = getattr(importlib.import_module(f"baseboard.{face}.{module}"), name)
    return doctest.DocTestParser().get_examples(inspect.getdoc(shown) or "")


def prepared(example: doctest.Example) -> CodeType:
    code = compile(example.source, "example", "single", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(code, CodeType)
    return code


NAMES = {"BootDevice": BootDevice, "TimeoutAction": TimeoutAction}


@pytest.mark.parametrize(("module", "name"), DOCSTRINGS)
async def test_examples_of_docstrings_run(
    module: str, name: str, server: Bmc, capsys: pytest.CaptureFixture[str]
) -> None:
    found = examples("client", module, name)
    assert found
    async with baseboard.connect(server.address, **login(server)) as bmc:
        await bmc.chassis.power_on(wait=30)
        names = {**NAMES, "bmc": bmc}
        for example in found:
            capsys.readouterr()
            result = eval(prepared(example), names)  # noqa: S307  # our own docstring
            if inspect.isawaitable(result):
                await result
            assert bool(capsys.readouterr().out) == bool(example.want)


@pytest.mark.parametrize(("module", "name"), DOCSTRINGS)
def test_examples_of_the_synchronous_docstrings_run(
    module: str, name: str, server: Bmc, capsys: pytest.CaptureFixture[str]
) -> None:
    found = examples("sync", module, name)
    assert found
    assert not [example for example in found if re.search(r"\b(await|async)\b", example.source)]
    with baseboard.sync.connect(server.address, **login(server)) as bmc:
        bmc.chassis.power_on(wait=30)
        names = {**NAMES, "bmc": bmc}
        for example in found:
            capsys.readouterr()
            eval(prepared(example), names)  # noqa: S307  # our own docstring
            assert bool(capsys.readouterr().out) == bool(example.want)
