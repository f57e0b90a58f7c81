"""Which loop drives what, and asyncio without TLS."""

from __future__ import annotations

import importlib
import subprocess
import sys
from types import ModuleType

import pytest

from baseboard.cli import event_loop
from baseboard.transports import waiting

CODE = """
import sys
{before}
from baseboard.cli.event_loop import load_without_tls
load_without_tls()
print("ssl" in sys.modules, "asyncio" in sys.modules)
{after}
"""


def run(before: str = "", after: str = "") -> str:
    code = CODE.format(before=before, after=after)
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_asyncio_is_there_and_tls_is_not_loaded() -> None:
    after = "import asyncio\nasync def one(): return 1\nprint(asyncio.run(one()))"
    assert run(after=after).split() == ["False", "True", "1"]


def test_who_wants_tls_later_has_it() -> None:
    assert run(after="import ssl; print(ssl.PROTOCOL_TLS_CLIENT.name)").split()[-1] == "PROTOCOL_TLS_CLIENT"


@pytest.mark.parametrize("before", ["import ssl", "import asyncio"])
def test_what_is_loaded_already_stays(before: str) -> None:
    assert run(before=before).split()[0] == "True"


def test_in_this_process_the_module_that_stands_in_is_gone_after(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[tuple[str, object]] = []

    def load(name: str) -> ModuleType:
        loaded.append((name, sys.modules["ssl"]))
        return ModuleType(name)

    monkeypatch.delitem(sys.modules, "asyncio")
    monkeypatch.delitem(sys.modules, "ssl", raising=False)
    monkeypatch.setattr(importlib, "import_module", load)
    event_loop.load_without_tls()
    assert loaded == [("asyncio", None)]
    assert "ssl" not in sys.modules


def test_in_this_process_what_is_loaded_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ssl", ModuleType("ssl"))
    before = sys.modules["ssl"]
    event_loop.load_without_tls()
    assert sys.modules["ssl"] is before


def test_a_failure_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.delitem(sys.modules, "asyncio")
    monkeypatch.delitem(sys.modules, "ssl", raising=False)
    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(ImportError):
        event_loop.load_without_tls()
    assert "ssl" not in sys.modules


MODULES = """
import importlib, sys
from baseboard.cli import console, verbs
from baseboard.cli.event_loop import small
from baseboard.cli.ipmitool.main import NOUNS
ours = {noun: module for noun, module in NOUNS.items() if module and small("lan", [noun])}
names = {f"baseboard.cli.ipmitool.{module}" for module in ours.values()}
names |= {module.partition(":")[0] for verb, module in console.OURS.items() if small("lan", verb.split())}
names |= {module for noun, module in verbs.OWN_NOUNS.items() if small("lan", [noun])}
for name in sorted(names):
    importlib.import_module(name)
print(len(names), "asyncio" in sys.modules)
"""


def test_no_verb_that_the_small_loop_drives_imports_asyncio() -> None:
    command = [sys.executable, "-c", MODULES]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.split()
    assert int(said[0]) > 20
    assert said[1] == "False"


@pytest.mark.parametrize(
    ("interface", "words", "wanted"),
    [
        ("lanplus", ["mc", "info"], True),
        ("lan", ["sel", "list"], True),
        ("open", ["sdr"], True),
        ("inband", ["mc", "info"], False),
        ("serial-basic", ["mc", "info"], False),
        ("lanplus", ["sol", "activate"], False),
        ("lanplus", ["sel", "follow"], False),
        ("lanplus", ["shell"], False),
        ("lanplus", [], True),
    ],
)
def test_one_thing_at_a_time_takes_the_small_loop(interface: str, words: list[str], wanted: bool) -> None:
    assert event_loop.small(interface, words) is wanted


@pytest.mark.parametrize("small", [True, False])
def test_either_loop_drives_it(small: bool) -> None:
    async def work() -> str:
        await waiting.sleep(0.001)
        return type(waiting.running()).__name__

    assert (event_loop.run(work(), small=small) == "SmallLoop") is small
