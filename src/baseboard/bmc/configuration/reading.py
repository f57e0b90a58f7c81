"""A file read and held against the layout: its first mistake becomes an error with file, line and key."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from baseboard.bmc.configuration.lines import Step
from baseboard.bmc.configuration.spots import Spot
from baseboard.errors import BaseboardError, ConfigurationError

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import File

_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_PLACE = re.compile(r"^(.*?)(?: - at `\$(.*)`)?$", re.DOTALL)
_KEY = re.compile(r"^Object (contains unknown|missing required) field `(.*)`$", re.DOTALL)
_SYNTAX = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)


def read(path: Path) -> tuple[File, Spot]:
    """Read a file that describes BMCs.

    Returns: what it says, and the spot of the file as a whole.

    Raises:
        ConfigurationError: it cannot be read, is no TOML, or its tables and keys are not those of the layout.
        BaseboardError: msgspec is not installed.
    """
    try:
        from msgspec import ValidationError, convert

        from baseboard.bmc.configuration.layout import File
    except ModuleNotFoundError as error:
        raise BaseboardError(f"{error.name} is missing: pip install 'baseboard[bmc]' brings it") from error
    spot = Spot(path, _text(path))
    content = _parsed(spot)
    for place in _not_finite(content, ()):
        raise Spot(path, spot.text, place).wrong("a number that is finite is wanted")
    try:
        return convert(content, File), spot
    except ValidationError as error:
        raise _explained(str(error), content, spot) from None  # its text may hold a password


def _text(path: Path) -> str:
    try:
        # UTF-8 whatever the locale says, as TOML wants it
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(str(path), None, "", f"not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise ConfigurationError(str(path), None, "", f"cannot be read: {error.strerror or error}") from error


def _parsed(spot: Spot) -> dict[str, Any]:
    try:
        return tomllib.loads(spot.text)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX.match(str(error))
        text = found[1] if found else str(error)
        line = int(found[2]) if found and found[2] else max(len(spot.text.splitlines()), 1)
        raise ConfigurationError(str(spot.file), line, "", f"no TOML: {text}") from error


def _not_finite(content: Any, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Numbers that TOML allows and no key does: ``inf`` and ``nan``, which are within no range."""
    if isinstance(content, float) and not math.isfinite(content):
        yield path
    elif isinstance(content, dict | list):
        inner = cast("Any", content)
        for step in inner if isinstance(content, dict) else range(len(inner)):
            yield from _not_finite(inner[step], (*path, step))


def _explained(text: str, content: Any, spot: Spot) -> ConfigurationError:
    """Say in our words what msgspec found, and where."""
    from baseboard.bmc.configuration import allowed
    from baseboard.bmc.configuration.layout import File

    place = _PLACE.match(text)
    assert place is not None
    path: tuple[Step, ...] = tuple(
        int(number) if number else name for name, number in _STEP.findall(place[2] or "")
    )
    about_key = _KEY.match(place[1])
    if about_key is None:
        for step in path:
            content = content[step]
        wanted = allowed.allowed(allowed.kind_at(File, path))
        return Spot(spot.file, spot.text, path).wrong(
            f"found {allowed.found(content, path)}; allowed is {wanted}"
        )
    name = about_key[2]
    there = Spot(spot.file, spot.text, (*path, name))
    if about_key[1] == "contains unknown":
        return there.wrong(allowed.known_keys(name, allowed.keys(File, path)))
    wanted = allowed.allowed(allowed.kind_at(File, (*path, name)))
    return there.wrong(f"missing; wanted is {wanted}")
