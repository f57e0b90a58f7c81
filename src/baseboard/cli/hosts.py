"""Which BMCs are meant: ``node[001-100],other``, ``@group``, lists in files; and ranges back from names.

Groups are lines ``name: hosts`` in ``baseboard/groups`` under ``$XDG_CONFIG_HOME`` (``~/.config``); what
stands behind the colon is a list as after ``-H``, other groups included. ``#`` begins a comment.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from baseboard.errors import BaseboardError
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST: Final = 100_000
"""More hosts than one call may have: a slip of the finger in a range is told, not tried."""

_PIECE: Final = r"\[([^\]:]*)\]"
_NUMBERED: Final = r"^(.*?)(\d+)(\D*)$"
_WITH_PORT: Final = r"^([^:]+|\[[^]]*\]):(\d+)$"
_SPAN: Final = r"\d+-\d+"
_ADDRESSES: Final = r"(\d+\.\d+\.\d+\.)(\d+-\d+)"


class HostListError(BaseboardError):
    """A list of hosts, or a group of them, cannot be read."""


class Place(Value):
    """One BMC of a list: its name as it is shown, its host, and its port if the list named one."""

    name: str
    host: str
    port: int | None


def places(text: str, groups: Mapping[str, str] | None = None) -> list[Place]:
    """Expand a list of hosts; every one of them once, in the list's order.

    Args:
        text: names with ranges in brackets, groups and ports, separated by commas or blanks.
        groups: lists by name; None reads the user's file when a group is named.

    Raises:
        HostListError: it cannot be read, or names a group that is not there.
    """
    return [_place(name) for name in dict.fromkeys(_expanded(text, groups, ()))]


def _expanded(text: str, groups: Mapping[str, str] | None, inside: tuple[str, ...]) -> Iterable[str]:
    count = 0
    for word in _words(text):
        if not word.startswith("@"):
            for name in ranges(word):
                count += 1
                if count > MOST:
                    raise HostListError(f"{word}: more than {MOST} hosts")
                yield name
            continue
        known = user_groups() if groups is None else groups
        group = word[1:]
        if group not in known:
            there = ", ".join(sorted(known)) or "none"
            raise HostListError(f"@{group}: no such group in {groups_file()} (there: {there})")
        if group in inside:
            raise HostListError(f"@{group}: the group contains itself")
        yield from _expanded(known[group], known, (*inside, group))


def _words(text: str) -> list[str]:
    """Split at commas and blanks outside of brackets."""
    words: list[str] = []
    depth, word = 0, ""
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        if depth == 0 and (sign == "," or sign.isspace()):
            words.append(word)
            word = ""
        else:
            word += sign
    if depth:
        raise HostListError(f"{text}: a bracket has no partner")
    return [word for word in (*words, word) if word]


def ranges(word: str) -> list[str]:
    """Expand the brackets of one word: ``node[08-10,20]``; an IPv6 address in brackets stays as it is."""
    found = re.search(_PIECE, word) if "[" in word else None
    if found is None:
        return [word]
    head, tail = word[: found.start()], ranges(word[found.end() :])
    numbers: list[str] = []
    for part in found[1].split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        last = last if dash else first
        if not (first.isdigit() and last.isdigit()) or int(last) < int(first):
            raise HostListError(f"{word}: [{found[1]}] is no list of numbers such as [1-3,7]")
        if (int(last) - int(first)) * len(tail) > MOST:
            raise HostListError(f"{word}: more than {MOST} hosts")
        numbers += [str(number).zfill(len(first)) for number in range(int(first), int(last) + 1)]
    return [f"{head}{number}{end}" for number in numbers for end in tail]


def _place(name: str) -> Place:
    """Tell host and port apart: ``host``, ``host:port``, ``[v6]:port``, ``v6``."""
    if name.startswith("["):
        host, bracket, rest = name[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise HostListError(f"{name}: an IPv6 address with a port is written [address]:port")
        return Place(name, host, _port(name, rest[1:]) if rest else None)
    if name.count(":") == 1:
        host, _, port = name.partition(":")
        return Place(name, host, _port(name, port))
    span = re.fullmatch(_ADDRESSES, name) if "-" in name else None
    if span is not None:
        raise HostListError(f"{name}: a range is written in brackets, such as {span[1]}[{span[2]}]")
    return Place(name, name, None)


def _port(name: str, text: str) -> int:
    if re.fullmatch(_SPAN, text):
        raise HostListError(f"{name}: a range is written in brackets, {name.removesuffix(text)}[{text}]")
    if not text.isdigit() or not 0 < int(text) <= 0xFFFF:
        raise HostListError(f"{name}: {text or 'nothing'} is no port (1-65535)")
    return int(text)


def groups_file() -> str:
    """Where the user's groups are."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(home, "baseboard", "groups")


def user_groups() -> dict[str, str]:
    """The user's groups; none if there is no file.

    Raises:
        HostListError: the file cannot be read, or a line of it is no group.
    """
    path = groups_file()
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise HostListError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    groups: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        name, colon, hosts = line.partition(":")
        if line and (not colon or not name.strip()):
            raise HostListError(f"{path}:{number}: a group is a line `name: hosts`")
        if line:
            groups[name.strip().removeprefix("@")] = hosts.strip()
    return groups


def listed(text: str) -> str:
    """The hosts of a file: a list a line, ``#`` begins a comment."""
    return ",".join(line.partition("#")[0].strip() for line in text.splitlines())


def folded(names: Iterable[str]) -> str:
    """Write names as ranges: ``node[001-003],other``; the other way round from `ranges`."""
    once = list(dict.fromkeys(names))
    hosts = Counter(match[1] for match in (re.match(_WITH_PORT, name) for name in once) if match)
    split = [(name, _split(name, hosts)) for name in once]
    # 100 after 001-099 is written as wide as they are; 10 after 1-9 is not.
    padded = {(found[0], found[2], len(found[1])) for _, found in split if found and found[1].startswith("0")}
    runs: dict[tuple[str, str, int] | str, list[int]] = {}
    for name, found in split:
        if found is None:
            runs[name] = []
            continue
        head, digits, tail = found
        wide = (head, tail, len(digits))
        runs.setdefault(wide if wide in padded else (head, tail, 0), []).append(int(digits))
    return ",".join(key if isinstance(key, str) else _run(key, numbers) for key, numbers in runs.items())


def _split(name: str, hosts: Mapping[str, int]) -> tuple[str, str, str] | None:
    """A name around the number by which it is one of several; None if it has none.

    Args:
        hosts: how many ports of each host there are.
    """
    with_port = re.match(_WITH_PORT, name)
    if with_port is not None and (hosts[with_port[1]] > 1 or name.startswith("[")):
        return f"{with_port[1]}:", with_port[2], ""
    host, port = (with_port[1], f":{with_port[2]}") if with_port is not None else (name, "")
    # The last number of an IPv6 address is hexadecimal.
    found = None if ":" in host else re.match(_NUMBERED, host)
    return None if found is None else (found[1], found[2], found[3] + port)


def _run(key: tuple[str, str, int], numbers: list[int]) -> str:
    head, tail, width = key
    numbers = sorted(set(numbers))
    if len(numbers) == 1:
        return f"{head}{numbers[0]:0{width}d}{tail}"
    parts: list[str] = []
    start = previous = numbers[0]
    for number in [*numbers[1:], -1]:
        if number == previous + 1:
            previous = number
            continue
        first = f"{start:0{width}d}"
        parts.append(first if start == previous else f"{first}-{previous:0{width}d}")
        start = previous = number
    return f"{head}[{','.join(parts)}]{tail}"
