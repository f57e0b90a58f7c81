"""The synchronous classes are what the generator writes, and have all that the asynchronous ones have."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_sync", ROOT / "tools" / "generate_sync.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_sync"] = module
    spec.loader.exec_module(module)
    return module


def test_regeneration_equals_what_is_committed(generator: ModuleType) -> None:
    made = generator.modules()
    package = ROOT / "src" / "baseboard" / "sync"
    committed = {
        path.name: text
        for path in package.glob("*.py")
        if "tools/generate_sync" in (text := path.read_text(encoding="utf-8"))[:400]
    }
    assert committed == made


def test_every_mirrored_class_has_every_public_method(generator: ModuleType) -> None:
    source = generator.Generator()
    assert {"Bmc", "Chassis", "Boot", "Watchdog", "SdrRepository", "Sensors"} <= source.mirrored.keys()
    for name, module in source.mirrored.items():
        text = (ROOT / "src" / "baseboard" / "sync" / f"{module}.py").read_text(encoding="utf-8")
        (mirror,) = (
            node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == name
        )
        there = {node.name for node in mirror.body if isinstance(node, ast.FunctionDef)}
        plain = {"__aenter__": "__enter__", "__anext__": "__iter__"}
        wanted = {one.name for one in generator.methods(source.modules[module].classes[name])}
        assert {plain.get(one, one) for one in wanted} <= there
        assert not [node for node in ast.walk(mirror) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]


def test_words_about_loops_are_left_out(generator: ModuleType) -> None:
    text = (
        "    >>> import asyncio, baseboard\n    >>> async with baseboard.connect() as bmc:\n"
        "    ...     await bmc.close()\n    >>> asyncio.run(main(1))\n"
    )
    assert generator.plain(text) == (
        "    >>> import baseboard.sync\n    >>> with baseboard.sync.connect() as bmc:\n"
        "    ...     bmc.close()\n    >>> main(1)\n"
    )


def written(generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> str:
    (tmp_path / "made.py").write_text(f'"""Made."""\n{text}', encoding="utf-8")
    monkeypatch.setattr(generator, "SOURCE", tmp_path)
    monkeypatch.setattr(generator, "MODULES", ("made",))
    return str(generator.modules().get("made.py", ""))


def test_a_class_with_all_there_is(
    generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = written(
        generator,
        tmp_path,
        monkeypatch,
        "from there import Thing\n"
        "class Opening:\n"
        "    def __await__(self) -> Generator[Any, None, Inner]: ...\n"
        "class Inner:\n"
        "    def __init__(self) -> None:\n"
        "        self.number = 7\n"
        "        self.thing: Thing = 0\n"
        "        self._hidden = 1\n"
        "    async def close(self) -> None: ...\n"
        "    async def __aenter__(self) -> Self: ...\n"
        "    def __aiter__(self) -> Self: ...\n"
        "    async def __anext__(self) -> Thing: ...\n"
        "    def more(self) -> Self: ...\n"
        "    def open(self, *names: Thing, way: int = 1, **rest: int) -> Opening: ...\n"
        "    async def other(self, thing: Thing) -> Inner | None: ...\n"
        "    async def items(self) -> AsyncIterator[Thing]: ...\n"
        "    @property\n"
        "    def size(self) -> int: ...\n"
        "class Plain:\n"
        "    def nothing(self) -> None: ...\n",
    )
    for line in (
        "class Inner(Mirror):",
        "    def number(self) -> int:",
        "    def thing(self) -> Thing:",
        "        self._portal.closed(self._inner)",
        "    def __enter__(self) -> Self:",
        "    def __iter__(self) -> Iterator[Thing]:",
        "        self._portal.call(self._inner.more)\n        return self",
        "    def open(self, *names: Thing, way: int = 1, **rest: int) -> Inner:",
        "self._portal.opened(self._portal.run(self._inner.open(*names, way=way, **rest)))",
        "        found = self._portal.run(self._inner.other(thing))",
        "        return None if found is None else Inner(self._portal, found)",
        "        return self._portal.iterate(self._inner.items())",
        "        return self._inner.size",
    ):
        assert line in text
    assert "_hidden" not in text
    assert "Plain" not in text


@pytest.mark.parametrize(
    "method",
    [
        "    async def take(self, other: Made) -> None: ...\n",
        "    async def give(self) -> dict[int, Made]: ...\n",
        "    @asynccontextmanager\n    async def hold(self) -> AsyncIterator[int]: ...\n",
    ],
)
def test_what_has_no_mirror_is_said(
    generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    with pytest.raises(generator.NoMirrorError):
        written(generator, tmp_path, monkeypatch, f"class Made:\n{method}")
