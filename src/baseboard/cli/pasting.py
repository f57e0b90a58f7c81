"""Lines to paste into a shell: how other people's consoles log into a BMC that runs here."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

_BEST, _OLD = 17, 3


@dataclass(frozen=True, slots=True)
class Target:
    """A BMC and a login to it.

    Attributes:
        address: that a console can send to.
        port: UDP port.
        username: who logs in.
        password: of that user.
        kg: K_G as hexadecimal digits; None for one-key logins.
        suites: cipher suites on offer.
        v15: it takes sessions of IPMI v1.5, authenticated by MD5.
        console: its host's console can be reached through it.
    """

    address: str
    port: int
    username: str
    password: str = field(repr=False)
    kg: str | None = field(repr=False)
    suites: tuple[int, ...]
    v15: bool
    console: bool = True

    @property
    def suite(self) -> int | None:
        """The cipher suite to use: the best, but of a board of v1.5's years the one that it made known."""
        preferred = (_OLD, _BEST) if self.v15 else (_BEST, _OLD)
        return next((one for one in preferred if one in self.suites), max(self.suites, default=None))


def lines(target: Target) -> list[str]:
    """The lines, those to begin with first: sensors, the host's console, the event log."""
    made: list[str] = []
    if target.suite is not None:
        console = ("sol activate",) if target.console else ()
        made += [ipmitool(target, words) for words in ("sdr elist", *console, "sel elist")]
        made += [freeipmi(target, "ipmi-sensors"), pyghmi(target)]
    if target.v15:
        made += [ipmitool(target, "mc info", v15=True), freeipmi(target, "bmc-info", v15=True)]
    return made


def ipmitool(target: Target, words: str, *, v15: bool = False) -> str:
    """A line for ipmitool."""
    how = "-I lan -A MD5" if v15 else f"-I lanplus -C {target.suite}"
    login = f"-H {target.address} -p {target.port} -U {_word(target.username)} -P {_word(target.password)}"
    key = "" if v15 or target.kg is None else f" -y {target.kg}"
    return f"ipmitool {how} {login}{key} {words}"


def freeipmi(target: Target, tool: str, *, v15: bool = False) -> str:
    """A line for one of FreeIPMI's tools."""
    how = "-D LAN" if v15 else f"-D LAN_2_0 -I {target.suite}"
    host = f"[{target.address}]" if ":" in target.address else target.address
    login = f"-h {host}:{target.port} -u {_word(target.username)} -p {_word(target.password)} -l ADMIN"
    key = "" if v15 or target.kg is None else f" -k 0x{target.kg}"
    return f"{tool} {how} {login}{key}"


def pyghmi(target: Target) -> str:
    """A line for Python with pyghmi."""
    key = "" if target.kg is None else f", kg=bytes.fromhex({target.kg!r})"
    login = f"{target.address!r}, {target.username!r}, {target.password!r}, port={target.port}{key}"
    code = f"from pyghmi.ipmi.command import Command; print(Command({login}).get_power())"
    return f"python3 -c {_word(code)}"


def _word(text: str) -> str:
    """One word of a shell's command."""
    if "'" in text and not set(text) & set('"$`\\!'):
        return f'"{text}"'
    return shlex.quote(text)
