"""The output of several hosts: equal texts once under a header of ranges, or each line with its host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from baseboard.cli.hosts import folded


def fold(outputs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Print equal outputs once: ``node[001-003]:`` and the text.

    Args:
        outputs: host and its text, in the order of the hosts.
    """
    groups: dict[str, list[str]] = {}
    for host, text in outputs:
        groups.setdefault(text, []).append(host)
    for number, (text, hosts) in enumerate(groups.items()):
        count = f" ({len(hosts)})" if len(hosts) > 1 else ""
        between = "\n" if number else ""
        yield f"{between}{folded(hosts)}:{count}\n{ended(text)}"


def prefixed(host: str, text: str) -> str:
    """Put the host in front of each line."""
    return "".join(f"{host}: {line}\n" for line in ended(text).splitlines())


def ended(text: str) -> str:
    """Text that ends its last line."""
    return text if not text or text.endswith("\n") else text + "\n"
