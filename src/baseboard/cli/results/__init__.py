"""What each verb finds, as data: the shapes that ``--json`` prints, a module per noun.

A shape is a `Value` under `shape("noun verb")`; ``tools/json_schema.py`` makes the committed JSON
Schema of them all. Names are lower case with underscores, units are in the names where they are not plain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_shapes: dict[str, type] = {}


def shape(*verbs: str) -> Callable[[type[T]], type[T]]:
    """Say of which verbs' output a dataclass is an element.

    Args:
        verbs: ``"chassis status"`` and the like, ipmitool's words without aliases.
    """

    def register(cls: type[T]) -> type[T]:
        for verb in verbs:
            if _shapes.setdefault(verb, cls) is not cls:
                raise ValueError(f"{verb} has a shape already")
        return cls

    return register


def shapes() -> dict[str, type]:
    """Every verb that finds something, and the shape of one thing found."""
    import importlib
    import pkgutil
    from pathlib import Path

    for module in pkgutil.iter_modules([str(Path(__file__).parent)], "baseboard.cli.results."):
        importlib.import_module(module.name)
    return dict(sorted(_shapes.items()))


__all__ = ["shape", "shapes"]
