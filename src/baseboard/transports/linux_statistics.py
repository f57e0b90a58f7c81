"""What Linux counts of IP and UDP in a network namespace (proc(5), ``/proc/net/snmp`` and ``snmp6``)."""

from __future__ import annotations

from typing import Final, TextIO

from baseboard.links.network import Counters

_IPV4: Final = (
    "Ip.InReceives",
    "Ip.InHdrErrors",
    "Ip.InAddrErrors",
    "Ip.ReasmReqds",
    "Ip.OutRequests",
    "Udp.InDatagrams",
)
_IPV6: Final = (
    "Ip6InReceives", "Ip6InHdrErrors", "Ip6InAddrErrors", "Ip6ReasmReqds", "Ip6OutRequests",
    "Udp6InDatagrams",
)  # fmt: skip


class Statistics:
    """The counters of the namespace that it was made in, from then on."""

    def __init__(self, folder: str = "/proc/thread-self/net") -> None:
        # An open file stays with the namespace that it was opened in.
        self._ipv4: TextIO = open(f"{folder}/snmp", encoding="ascii")  # noqa: SIM115 - open as long as this is
        try:
            self._ipv6: TextIO | None = open(f"{folder}/snmp6", encoding="ascii")  # noqa: SIM115 - the same
        except OSError:  # a kernel without IPv6
            self._ipv6 = None
        self._before = self._read()

    def counters(self) -> Counters:
        """What was counted since this was made."""
        return Counters(*(now - before for now, before in zip(self._read(), self._before, strict=True)))

    def close(self) -> None:
        """Have the files no more."""
        self._ipv4.close()
        if self._ipv6 is not None:
            self._ipv6.close()

    def _read(self) -> Counters:
        self._ipv4.seek(0)
        four = paired(self._ipv4.read())
        six: dict[str, int] = {}
        if self._ipv6 is not None:
            self._ipv6.seek(0)
            six = named(self._ipv6.read())
        return Counters(*(four.get(of4, 0) + six.get(of6, 0) for of4, of6 in zip(_IPV4, _IPV6, strict=True)))


def paired(text: str) -> dict[str, int]:
    """``/proc/net/snmp``: a line of names, then a line of numbers, for each protocol."""
    found: dict[str, int] = {}
    lines = text.splitlines()
    for names, numbers in zip(lines[::2], lines[1::2], strict=False):
        protocol, _, keys = names.partition(":")
        values = numbers.partition(":")[2].split()
        for key, value in zip(keys.split(), values, strict=False):
            found[f"{protocol}.{key}"] = _number(value)
    return found


def named(text: str) -> dict[str, int]:
    """``/proc/net/snmp6``: a name and a number on each line."""
    rows = (line.split() for line in text.splitlines())
    return {row[0]: _number(row[1]) for row in rows if len(row) == 2}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
