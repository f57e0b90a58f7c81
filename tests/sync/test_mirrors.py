"""Every method of every synchronous class hands its arguments on as they came, and so what comes back."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import baseboard.sync
from baseboard.sync.portal import Mirror

FOLDER = Path(baseboard.sync.__file__).parent
CLASSES = [
    pytest.param(kind, id=name)
    for path in sorted(FOLDER.glob("*.py"))
    if path.stem not in ("__init__", "portal")
    for name, kind in vars(importlib.import_module(f"baseboard.sync.{path.stem}")).items()
    if isinstance(kind, type) and issubclass(kind, Mirror) and kind.__module__.endswith(f".{path.stem}")
]


class Recorder:
    """Answers every call with itself, and remembers the last one."""

    def __init__(self) -> None:
        self.call: tuple[str, tuple[Any, ...], dict[str, Any]] = "", (), {}

    def __getattr__(self, name: str) -> Any:
        def called(*args: Any, **named: Any) -> Recorder:
            self.call = name, args, named
            return self

        return called

    def __call__(self, *args: Any, **named: Any) -> Recorder:
        self.call = "__call__", args, named
        return self

    def __aiter__(self) -> Recorder:
        self.call = "__aiter__", (), {}
        return self

    async def __anext__(self) -> None:
        raise StopAsyncIteration


class Here:
    """A portal without a loop: what would run there is returned."""

    closed_ones = 0

    def run(self, awaitable: Any) -> Any:
        return awaitable

    def call(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return function(*args, **named)

    def iterate(self, items: Any) -> Iterator[Any]:
        return iter([items])

    def opened(self, thing: Any) -> Any:
        return thing

    def closed(self, thing: Any) -> None:
        self.closed_ones += 1


def given(function: Callable[..., Any]) -> tuple[list[Any], dict[str, Any]]:
    """Some argument for each parameter."""
    args: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values()):
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = object()
        elif parameter.kind is parameter.VAR_KEYWORD:
            named["something_else"] = object()
        else:
            args.append(object())
    return args, named


@pytest.mark.parametrize("kind", CLASSES)
def test_everything_is_handed_on(kind: type[Mirror]) -> None:
    portal, other = Here(), Recorder()
    mirror: Any = kind(portal, other)  # type: ignore[arg-type]  # a stand-in
    for name, member in inspect.getmembers(kind):
        if (name.startswith("_") and name not in ("__call__", "__iter__")) or not callable(member):
            continue
        args, named = given(getattr(mirror, name))
        result = getattr(mirror, name)(*args, **named)
        wanted = "__aiter__" if name == "__iter__" else name
        assert other.call == (wanted, tuple(args), named)
        if isinstance(result, Mirror):
            assert result is mirror or result._mirrored is other
        elif isinstance(result, Iterator):
            assert list(result) == [other]
        else:
            assert result in (other, None)


@pytest.mark.parametrize("kind", [one for one in CLASSES if hasattr(one.values[0], "__enter__")])
def test_a_block_closes(kind: type[Mirror]) -> None:
    portal = Here()
    mirror: Any = kind(portal, Recorder())  # type: ignore[arg-type]  # a stand-in
    with mirror as same:
        assert same is mirror
    assert portal.closed_ones == 1


@pytest.mark.parametrize("kind", CLASSES)
def test_attributes_are_those_of_the_other(kind: type[Mirror]) -> None:
    class Bare:
        def __getattr__(self, name: str) -> str:
            return name

    mirror: Any = kind(Here(), Bare())  # type: ignore[arg-type]  # a stand-in
    for name, member in inspect.getmembers(kind):
        if isinstance(member, property):
            assert getattr(mirror, name) == name
        elif type(member).__name__ == "cached_property":
            assert getattr(mirror, name)._mirrored == name
