"""The program ``ipmipower``: the power of many hosts, a line each, and its prompt."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from baseboard.cli.freeipmi.config_file import read_into
from baseboard.cli.freeipmi.options import COMMON, FAILED, Given, Leave, Option, Shared, at_host, shared
from baseboard.cli.freeipmi.outcomes import OK, Outcome, outcome_of
from baseboard.cli.hosts import HostListError, Place, folded, places
from baseboard.client.bmc import Bmc
from baseboard.client.connect import Connection
from baseboard.client.deadline import deadline
from baseboard.codes import ChassisControl as Control
from baseboard.codes import Privilege
from baseboard.commands.chassis.control import ChassisControl, GetChassisStatus
from baseboard.errors import BaseboardError, NoResponse

NAME: Final = "ipmipower"
_AGAIN: Final = 0.5
_POLL: Final = 1.0

ACTIONS: Final = {
    "on": Control.POWER_UP,
    "off": Control.POWER_DOWN,
    "cycle": Control.POWER_CYCLE,
    "reset": Control.HARD_RESET,
    "pulse": Control.PULSE_DIAGNOSTIC_INTERRUPT,
    "soft": Control.SOFT_SHUTDOWN,
    "stat": None,
}
"""The actions, and what Chassis Control calls them (Table 28-4)."""

_UNTIL: Final = {Control.POWER_UP: "wait-until-on", Control.POWER_DOWN: "wait-until-off"}

_SPOKEN: Final = {
    "on": "on", "off": "off", "cycle": "cycle", "reset": "reset", "pulse": "diagnostic interrupt",
    "soft": "soft shutdown os", "stat": "status",
}  # fmt: skip

SWITCHES: Final = ("on-if-off", "wait-until-on", "wait-until-off")
"""Power on instead of cycling or resetting what is off; do not end before the power is on, or off."""

OWN: Final = (
    Option("n", "on"),
    Option("f", "off"),
    Option("c", "cycle"),
    Option("r", "reset"),
    Option("s", "stat"),
    Option("", "pulse"),
    Option("", "soft"),
    Option("", "on-if-off"),
    Option("", "wait-until-off"),
    Option("", "wait-until-on"),
    Option("", "oem-power-type", True),
    Option("", "retransmission-wait-timeout", True),
    Option("", "retransmission-backoff-count", True),
    Option("", "ping-interval", True),
    Option("", "ping-timeout", True),
    Option("", "ping-packet-count", True),
    Option("", "ping-percent", True),
    Option("", "ping-consec-count", True),
)
"""The options besides the shared ones."""

HELP: Final = """\
Usage: ipmipower [OPTION...]
Power control of the hosts of -h, a line each; without an action a prompt.

  actions   -n/--on -f/--off -c/--cycle -r/--reset -s/--stat --pulse --soft
  with them --on-if-off --wait-until-on --wait-until-off
  BMC       -D/--driver-type LAN|LAN_2_0|OPENIPMI -h/--hostname LIST -u/--username NAME
            -p/--password PASSWORD -P/--password-prompt -k/--k-g KEY -K/--k-g-prompt
            -a/--authentication-type TYPE -I/--cipher-suite-id N -l/--privilege-level LEVEL
            -W/--workaround-flags FLAGS --session-timeout MS --retransmission-timeout MS
            --config-file FILE
  output    -B/--buffer-output -C/--consolidate-output -F/--fanout N -E/--eliminate --always-prefix
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is done with each host.

    Attributes:
        action: one of `ACTIONS`.
        switches: of `SWITCHES`, those that are on.
    """

    action: str
    switches: frozenset[str] = frozenset()


def main(arguments: Sequence[str] | None = None) -> int:
    """Be ipmipower.

    Args:
        arguments: without the program's name; None: the process's own.

    Returns: the exit code: 0, or 1 if a host answered anything but ``on``, ``off`` or ``ok``.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        return _main(words)
    except Leave as leaving:
        return leaving.code
    except KeyboardInterrupt:
        return FAILED


def _main(words: Sequence[str]) -> int:
    options = (*COMMON, *OWN)
    given = Given(NAME, options, _complain)
    given.read(words)
    if given.has("help") or given.has("usage"):
        print(HELP, end="")
        return 0
    if given.has("version"):
        from baseboard import __version__

        print(f"ipmipower - 1.6.10 (Baseboard {__version__})")
        return 0
    read_into(given, options, NAME)
    common = shared(given, _ask, level=Privilege.OPERATOR, timeout=_AGAIN)
    chosen = [action for action in ACTIONS if given.has(action)]
    wanted = Wanted(chosen[-1] if chosen else "", frozenset(filter(given.has, SWITCHES)))
    if wanted.action and not common.hosts:
        given.fail("must specify target hostname(s) in non-interactive mode")
    if not given.has("driver-type"):
        common = replace(common, settings=replace(common.settings, interface="lan"))
    if not wanted.action:
        from baseboard.cli.freeipmi.power_prompt import prompt

        return asyncio.run(prompt(common, wanted, sys.stdin.readline, _write))
    told = unprivileged(common, wanted.action)
    if told:
        given.fail(told)
    try:
        hosts = places(common.hosts)
    except HostListError as error:
        given.fail(str(error))
    return asyncio.run(act(common, wanted, hosts, _write))


def unprivileged(common: Shared, action: str) -> str:
    """Why the level that was asked for is too low for an action; empty if it is not."""
    if ACTIONS[action] is not None and common.settings.privilege < Privilege.OPERATOR:
        return f"'{_SPOKEN[action]}' requires atleast operator privilege"
    return ""


async def act(common: Shared, wanted: Wanted, hosts: Iterable[Place], write: Callable[[str], None]) -> int:
    """Do it on every host, several at a time.

    Returns: 0, or 1 if one failed.
    """
    gate = asyncio.Semaphore(common.fanout)
    outcomes: dict[str, list[str]] = {}
    failed = False

    async def one(place: Place) -> tuple[Place, Outcome]:
        async with gate:
            return place, await _tried(common, wanted, place)

    tasks = [asyncio.ensure_future(one(place)) for place in hosts]
    for done in tasks if common.buffered else asyncio.as_completed(tasks):
        place, outcome = await done
        if common.eliminate and outcome.absent:
            continue
        failed = failed or not outcome.good
        if common.consolidated:
            outcomes.setdefault(outcome.text, []).append(place.host)
        else:
            write(f"{place.host}: {outcome.text}\n")
    line = "-" * 16
    for text, names in outcomes.items():
        write(f"{line}\n{folded(sorted(names))}\n{line}\n {text}\n")
    return int(failed)


async def _tried(common: Shared, wanted: Wanted, place: Place) -> Outcome:
    """Do it on one host, and say in FreeIPMI's words how that went."""
    settings = at_host(common.settings, place.host, place.port)
    try:
        with deadline(settings.deadline):
            bmc = await Connection(settings)
    except NoResponse:
        return Outcome("connection timeout")
    except BaseboardError as error:
        return outcome_of(error)
    try:
        async with bmc:
            return await _done(bmc, wanted, settings.deadline)
    except BaseboardError as error:
        return outcome_of(error)


async def _done(bmc: Bmc, wanted: Wanted, limit: float | None) -> Outcome:
    control = ACTIONS[wanted.action]
    with deadline(limit):
        is_on = await _powered(bmc)
        if control is None:
            return Outcome("on" if is_on else "off")
        if "on-if-off" in wanted.switches and wanted.action in ("cycle", "reset") and not is_on:
            control = Control.POWER_UP
        # An order may be carried out twice if its answer is lost, and twice is once too often.
        await bmc.execute(ChassisControl(control=control), retry=control in _UNTIL)
    while _UNTIL.get(control) in wanted.switches and (  # noqa: ASYNC110 - no BMC tells that the power changed
        await _powered(bmc) != (control == Control.POWER_UP)
    ):
        await asyncio.sleep(_POLL)
    return OK


async def _powered(bmc: Bmc) -> bool:
    return (await bmc.execute(GetChassisStatus())).power_on


def _ask(prompt: str) -> str:
    import getpass

    return getpass.getpass(prompt, sys.stderr)


def _complain(text: str) -> None:
    sys.stderr.write(text)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
