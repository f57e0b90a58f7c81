"""On which line of a TOML file a key stands: asked only when there is a mistake to report.

A sentinel is put at the key, the file is rendered again as it was written, and the lines before the
sentinel are counted: so no TOML is read by hand. Where tables of one array are apart from each other, tomlkit
puts them together as it renders; then the key is in the first part of the file that has it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Any, cast

Step = str | int
_SENTINEL = "baseboard sentinel 7d1f0c"
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


def line_of(text: str, path: Sequence[Step]) -> int | None:
    """Find where a key or an element is written.

    Args:
        text: the file, which is valid TOML.
        path: names of keys and numbers of elements, from the top.

    Returns:
        Its line, counted from 1; that of the innermost table on the way if it is not there itself; None for
        the file as a whole.
    """
    import tomlkit  # an extra, and slow to import: for mistakes only

    ours = text.replace("\r\n", "\n")
    content = tomllib.loads(ours)
    there = next((length for length in range(len(path), 0, -1) if _has(content, path[:length])), 0)
    if not there:
        return None
    document = tomlkit.parse(ours)
    if document.as_string() != ours:
        return _first_part(ours, path[:there])
    _mark(document, path[:there])
    return document.as_string().partition(_SENTINEL)[0].count("\n") + 1


def _has(content: Any, path: Sequence[Step]) -> bool:
    for step in path:
        if isinstance(content, dict) if isinstance(step, str) else isinstance(content, list):
            try:
                content = content[step]
            except LookupError:
                return False
        else:
            return False
    return True


def _mark(document: Any, path: Sequence[Step]) -> None:
    """Put the sentinel at a place that is there: into a table's header, or in place of a value."""
    from tomlkit.items import AoT, InlineTable, Table

    holder: Any = None
    node: Any = document
    for step in path:
        holder, node = node, node[step]
    if isinstance(node, AoT):
        node = node[0]
    if isinstance(node, Table) and not node.is_super_table() and node.display_name is not None:
        node.comment(_SENTINEL)
    elif isinstance(node, dict) and not isinstance(node, InlineTable) and node:
        # Dotted keys, or a table that only other headers name: it begins with its first key.
        _mark(document, [*path, next(iter(cast("Any", node)))])
    else:
        holder[path[-1]] = _SENTINEL


def _first_part(text: str, path: Sequence[Step]) -> int:
    """The line after the longest beginning of the file that is valid and does not have the key yet."""
    headers = [text.count("\n", 0, found.start()) for found in _HEADER.finditer(text)]
    lines = text.splitlines(keepends=True)
    low, high = 0, len(headers)
    while low < high:  # the last header before which the key is not there
        middle = (low + high) // 2
        if _begins_with(lines[: headers[middle]], path) is False:
            low = middle + 1
        else:
            high = middle
    start = headers[low - 1] if low else 0
    before = start
    for end in range(start + 1, len(lines) + 1):
        found = _begins_with(lines[:end], path)
        if found:
            break
        before = end if found is False else before
    return before + 1


def _begins_with(lines: list[str], path: Sequence[Step]) -> bool | None:
    """Whether the key is in these lines; None if they end in the middle of something."""
    try:
        return _has(tomllib.loads("".join(lines)), path)
    except tomllib.TOMLDecodeError:
        return None
