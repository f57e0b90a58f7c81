"""``baseboard discover``: which BMCs answer in a range of addresses, without logging in."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE, FAILED, INTERRUPTED
from baseboard.cli.hosts import MOST, HostListError, Place, places
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError, number
from baseboard.cli.prepare import prepare
from baseboard.cli.results.native import Discovered

if TYPE_CHECKING:
    from baseboard.cli.long_options import Split
    from baseboard.client.discover import Found
    from baseboard.client.settings import Settings

_AT_ONCE: Final = 256
_HEADS: Final = ("host", "port", "versions", "v1.5 logins", "pong", "notes")


def run(line: Split) -> int:
    """Ask every address, and list those that answer.

    Raises:
        UsageError: the range cannot be read.
    """
    setup = prepare(line, hosts=False)
    wanted = targets(setup.words[1:])
    at_once = int(number(line.given, "parallel", _AT_ONCE, least=1))
    seconds = number(line.given, "timeout", 0.0) or None
    as_json = "json" in line.given
    try:
        found, whole = asyncio.run(_ask(wanted, setup.options.settings, at_once, seconds, as_json=as_json))
    except KeyboardInterrupt:
        return INTERRUPTED
    if not as_json:
        _show(found, len(wanted))
    if not whole:
        print(f"baseboard: not done within {seconds:g} s; what answered so far is listed", file=sys.stderr)
    return DONE if found and whole else FAILED


def targets(words: list[str]) -> list[Place]:
    """The addresses of networks (``192.0.2.0/24``), spans (``192.0.2.1-192.0.2.9``) and lists of hosts.

    Raises:
        UsageError: they cannot be read, or are too many.
    """
    if not words:
        raise UsageError("`discover` needs a range: 192.0.2.0/24, 192.0.2.1-192.0.2.9, node[1-9] or a host")
    found: list[Place] = []
    for word in words:
        try:
            found += _network(word) or _span(word) or places(word)
        except HostListError as error:
            raise UsageError(str(error)) from error
        if len(found) > MOST:
            raise UsageError(f"{word}: more than {MOST} addresses")
    return list({(place.host, place.port): place for place in found}.values())


def _network(word: str) -> list[Place]:
    if "/" not in word:
        return []
    try:
        network = ipaddress.ip_network(word, strict=False)
    except ValueError as error:
        raise UsageError(f"{word}: {error}") from error
    if network.num_addresses > MOST:
        raise UsageError(f"{word}: more than {MOST} addresses")
    return [Place(str(address), str(address), None) for address in network.hosts()]


def _span(word: str) -> list[Place]:
    first, dash, last = word.partition("-")
    if not dash or "[" in word:
        return []
    try:
        low = ipaddress.ip_address(first)
    except ValueError:
        return []  # a name with a dash in it
    if last.isdigit():
        last = f"{first.rpartition('.')[0]}.{last}"
    try:
        high = ipaddress.ip_address(last)
    except ValueError as error:
        raise UsageError(f"{word}: {error}") from error
    if low.version != high.version or int(high) < int(low):
        raise UsageError(f"{word}: the span ends before it begins")
    if int(high) - int(low) >= MOST:
        raise UsageError(f"{word}: more than {MOST} addresses")
    kind = type(low)
    return [Place(str(kind(value)), str(kind(value)), None) for value in range(int(low), int(high) + 1)]


async def _ask(
    wanted: list[Place], settings: Settings, at_once: int, seconds: float | None, *, as_json: bool
) -> tuple[list[Found], bool]:
    """Those that answer, in the order of the range, and whether all were asked."""
    from baseboard.client.discover import discover

    by_port: dict[int, list[str]] = {}
    for place in wanted:
        by_port.setdefault(place.port or settings.port, []).append(place.host)
    found: list[Found] = []
    whole = True
    try:
        async with asyncio.timeout(seconds):
            for port, hosts in by_port.items():
                asked = discover(hosts, port=port, timeout=settings.timeout, retries=1, at_once=at_once)
                async for one in asked:
                    found.append(one)
                    if as_json:
                        _print(one)
    except TimeoutError:
        whole = False
    order = {(place.host, place.port or settings.port): index for index, place in enumerate(wanted)}
    found.sort(key=lambda one: order.get((one.host, one.port), len(order)))
    return found, whole


def _print(one: Found) -> None:
    from baseboard.cli.json_output import document, line

    sys.stdout.write(line(document(one.host, "discover", DONE, [data(one)], [], many=False)))
    sys.stdout.flush()


def data(one: Found) -> Discovered:
    """What answers, as data."""
    return Discovered(
        host=one.host,
        address=one.address,
        port=one.port,
        pong=one.pong,
        ipmi=one.ipmi,
        versions=one.versions,
        auth_types=one.auth_types,
        kg_set=one.kg_set,
        anonymous=one.anonymous,
        null_users=one.null_users,
        manufacturer=one.manufacturer,
    )


def _show(found: list[Found], asked: int) -> None:
    from baseboard.cli import tables

    if found:
        tables.show(_HEADS, [_row(one) for one in found])
    sys.stdout.flush()
    print(f"baseboard: {len(found)} of {asked} addresses answer", file=sys.stderr)


def _row(one: Found) -> tuple[str, ...]:
    from baseboard.codes import Manufacturer

    notes = [
        text
        for text, holds in (
            ("K_G needed", one.kg_set),
            ("anonymous login", one.anonymous),
            ("null user", one.null_users),
            ("not IPMI", not one.ipmi),
        )
        if holds
    ]
    if one.manufacturer:
        maker = Manufacturer(one.manufacturer)
        notes.append(maker.text or f"manufacturer {one.manufacturer}")
    return (
        printable(one.host),
        str(one.port),
        " ".join(one.versions) or "-",
        " ".join(one.auth_types) or "-",
        "yes" if one.pong else "-",
        ", ".join(notes),
    )
