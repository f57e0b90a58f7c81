"""ipmipower's prompt: a command a line, for people and for programs that keep it running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from baseboard.cli.freeipmi import ipmipower
from baseboard.cli.freeipmi.options import DRIVERS as DRIVERS
from baseboard.cli.freeipmi.options import LEVELS, Shared
from baseboard.cli.hosts import HostListError, Place, places

PROMPT: Final = "ipmipower> "

HELP: Final = """\
driver-type IPMIDRIVER       - lan or lan_2_0.
hostname [IPMIHOST]          - the hosts; none without a word.
username [USERNAME]          - the user; the null user without a word.
password [PASSWORD]          - the password; none without a word.
k_g [K_G]                    - the BMC's key; none without a word.
privilege-level LEVEL        - callback, user, operator or admin.
cipher-suite-id N            - the cipher suite.
on|off|cycle|reset|stat|pulse|soft [IPMIHOST(s)] - do it, on all hosts or on these.
on-if-off|wait-until-on|wait-until-off [on|off]  - switch it.
fanout COUNT                 - most hosts at a time.
config                       - what is set.
help                         - this.
version                      - the version.
quit                         - the end.
"""


@dataclass(slots=True)
class _Prompt:
    """What has been set so far."""

    common: Shared
    wanted: ipmipower.Wanted
    write: Callable[[str], None]
    failed: bool = False

    async def line(self, words: Sequence[str]) -> bool:
        """Do a line.

        Returns: whether to go on.
        """
        match words:
            case ["quit"]:
                return False
            case [action, *hosts] if action in ipmipower.ACTIONS:
                await self._act(action, hosts)
            case [switch, *rest] if switch in ipmipower.SWITCHES:
                self._switch(switch, rest)
            case ["help" | "?"]:
                self.write(HELP)
            case ["version"]:
                self.write("ipmipower 1.6.10\n")
            case ["config"]:
                self.write(self._configuration())
            case [key, *rest] if key in _KEYS:
                self._set(key, rest[0] if rest else "")
            case []:
                return True
            case _:
                self.write('unknown command - type "help"\n')
        return True

    async def _act(self, action: str, names: Sequence[str]) -> None:
        told = ipmipower.unprivileged(self.common, action)
        if told:
            self.write(f"{told}\n")
            return
        if not self.common.hosts:
            self.write("no hostname(s) configured\n")
            return
        try:
            hosts = _among(places(self.common.hosts), names, self.write)
        except HostListError:
            self.write("invalid hostname(s) specified\n")
            return
        wanted = replace(self.wanted, action=action)
        self.failed = bool(await ipmipower.act(self.common, wanted, hosts, self.write)) or self.failed

    def _switch(self, switch: str, rest: Sequence[str]) -> None:
        switches = self.wanted.switches
        if not rest:
            state = switch not in switches
        elif rest[0].lower() in ("on", "off"):
            state = rest[0].lower() == "on"
        else:
            self.write("invalid parameter\n")
            return
        changed = switches | {switch} if state else switches - {switch}
        self.wanted = replace(self.wanted, switches=changed)
        self.write(f"{switch} is now {'on' if state else 'off'}\n")

    def _set(self, key: str, value: str) -> None:
        try:
            self.common, told = _KEYS[key](self.common, value)
        except (ValueError, KeyError, HostListError):
            told = f"{value} invalid {key.replace('-', '_')}"
        self.write(f"{told}\n")

    def _configuration(self) -> str:
        settings, wanted = self.common.settings, self.wanted
        rows = [
            ("Driver_Type", {"lan": "lan", "lanplus": "lan_2_0"}.get(settings.interface, settings.interface)),
            ("Hostname", self.common.hosts or "NONE"),
            ("Username", settings.username.decode(errors="replace") or "NULL"),
            ("Password", "*****"),
            ("K_g", "*****"),
            ("Session Timeout", f"{(settings.deadline or 0) * 1000:.0f} ms"),
            ("Retransmission Timeout", f"{settings.timeout * 1000:.0f} ms"),
            ("Cipher Suite Id", str(settings.cipher_suite)),
            ("Privilege_Level", next(word for word, level in LEVELS.items() if level == settings.privilege)),
            *(
                (switch.title(), "enabled" if switch in wanted.switches else "disabled")
                for switch in ipmipower.SWITCHES
            ),
            ("Fanout", str(self.common.fanout)),
        ]
        return "".join(f"{name + ':':<30}{value}\n" for name, value in rows)


def _among(hosts: Sequence[Place], names: Sequence[str], write: Callable[[str], None]) -> list[Place]:
    """The hosts that were named, of those that are configured."""
    if not names:
        return list(hosts)
    known = {place.host: place for place in hosts} | {place.name: place for place in hosts}
    chosen: list[Place] = []
    for place in places(" ".join(names)):
        if place.name in known:
            chosen.append(known[place.name])
        else:
            write(f"{place.host}: unconfigured hostname\n")
    return chosen


def _hosts(common: Shared, value: str) -> tuple[Shared, str]:
    places(value)
    return replace(common, hosts=value), f"hostname: {value}" if value else "hostname(s) unconfigured"


def _password(common: Shared, value: str) -> tuple[Shared, str]:
    return replace(common, settings=replace(common.settings, password=value.encode())), "password changed"


def _kg(common: Shared, value: str) -> tuple[Shared, str]:
    return replace(common, settings=replace(common.settings, kg=value.encode())), "k_g changed"


def _username(common: Shared, value: str) -> tuple[Shared, str]:
    settings = replace(common.settings, username=value.encode())
    return replace(common, settings=settings), f"username: {value or 'NULL'}"


def _level(common: Shared, value: str) -> tuple[Shared, str]:
    settings = replace(common.settings, privilege=int(LEVELS[value.lower()]))
    return replace(common, settings=settings), f"privilege_level type is now {value.lower()}"


def _driver(common: Shared, value: str) -> tuple[Shared, str]:
    settings = replace(common.settings, interface=DRIVERS[value.lower()])
    return replace(common, settings=settings), f"driver type is now {value.lower()}"


def _suite(common: Shared, value: str) -> tuple[Shared, str]:
    settings = replace(common.settings, cipher_suite=int(value))
    return replace(common, settings=settings), f"cipher suite id is now {int(value)}"


def _fanout(common: Shared, value: str) -> tuple[Shared, str]:
    if int(value) < 1:
        raise ValueError(value)
    return replace(common, fanout=int(value)), f"fanout is now {int(value)}"


_KEYS: Final[dict[str, Callable[[Shared, str], tuple[Shared, str]]]] = {
    "hostname": _hosts,
    "username": _username,
    "password": _password,
    "k_g": _kg,
    "privilege-level": _level,
    "driver-type": _driver,
    "cipher-suite-id": _suite,
    "fanout": _fanout,
}


async def prompt(
    common: Shared, wanted: ipmipower.Wanted, readline: Callable[[], str], write: Callable[[str], None]
) -> int:
    """Take commands until ``quit`` or the end of the input.

    Returns: 1 if the input ended without a ``quit`` or a host failed, as ipmipower does; else 0.
    """
    state = _Prompt(common, wanted, write)
    loop = asyncio.get_running_loop()
    while True:
        write(PROMPT)
        line = await loop.run_in_executor(None, readline)
        if not line:
            return 1
        if not await state.line(line.split()):
            return int(state.failed)
