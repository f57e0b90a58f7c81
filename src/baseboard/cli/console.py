"""A verb on one BMC or many: connects, runs it, prints or folds what it says, and always logs out."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Protocol, cast

from baseboard.cli import event_loop, verbs
from baseboard.cli.failures import DONE, INTERRUPTED, SILENT, Failure, describe
from baseboard.cli.long_options import UsageError, number
from baseboard.cli.native_call import NativeCall
from baseboard.cli.prepare import prepare
from baseboard.errors import BaseboardError
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.cli.hosts import Place
    from baseboard.cli.long_options import Split
    from baseboard.cli.prepare import Setup
    from baseboard.client.bmc import Bmc
    from baseboard.client.settings import Settings

    class OurVerb(Protocol):
        """What the module of such a verb offers."""

        async def run(self, call: NativeCall, words: list[str]) -> int:
            """Do it.

            Returns: 0 done, 1 failed.
            """
            ...


OURS: Final[dict[str, str]] = {
    "sel follow": "baseboard.cli.sel_follow",
    "sensor watch": "baseboard.cli.sensor_watch",
    "sensor plot": "baseboard.cli.sensor_plot",
    "sol log": "baseboard.cli.sol_log",
    "sol watch": "baseboard.cli.sol_watch",
    "doctor": "baseboard.cli.doctor",
    "sensor set-reading": "baseboard.cli.sensor_changes:set_reading",
    "sensor events": "baseboard.cli.sensor_changes:events",
    "sensor rearm": "baseboard.cli.sensor_changes:rearm",
    "sensor hysteresis": "baseboard.cli.sensor_changes:hysteresis",
    "sensor type": "baseboard.cli.sensor_changes:kind",
    "sensor factors": "baseboard.cli.sensor_changes:factors",
    "sdr device": "baseboard.cli.sdr_changes:device",
    "sdr add": "baseboard.cli.sdr_changes:add",
    "sdr delete": "baseboard.cli.sdr_changes:delete",
    "sdr clear": "baseboard.cli.sdr_changes:clear",
    "sdr space": "baseboard.cli.sdr_changes:space",
    "sdr update-mode": "baseboard.cli.sdr_changes:update_mode",
    "sdr time": "baseboard.cli.sdr_changes:time",
    "sdr init-agent": "baseboard.cli.sdr_changes:init_agent",
    "event receiver": "baseboard.cli.sdr_changes:receiver",
    "event listen": "baseboard.cli.event_listen",
    "mc deviceguid": "baseboard.cli.controller_states:device_guid",
    "mc acpi": "baseboard.cli.controller_states:acpi",
    "mc acpi set": "baseboard.cli.controller_states:set_acpi",
    "mc interface": "baseboard.cli.controller_states:interface",
    "mc manufacturing": "baseboard.cli.controller_states:manufacturing",
    "channel access": "baseboard.cli.controller_states:channel_access",
    "channel setkg": "baseboard.cli.controller_states:set_kg",
    "channel lockkg": "baseboard.cli.controller_states:lock_kg",
    "user authcode": "baseboard.cli.controller_states:auth_code",
    "chassis capabilities": "baseboard.cli.chassis_settings:capabilities",
    "chassis capabilities set": "baseboard.cli.chassis_settings:set_capabilities",
    "chassis reset": "baseboard.cli.chassis_settings:reset",
    "chassis buttons": "baseboard.cli.chassis_settings:buttons",
    "chassis interval": "baseboard.cli.chassis_settings:interval",
    "dcmi capabilities": "baseboard.cli.dcmi_own:capabilities",
    "dcmi power limit": "baseboard.cli.dcmi_own:power_limit",
    "lan arp suspend": "baseboard.cli.lan_changes:suspend",
    "lan arp resume": "baseboard.cli.lan_changes:resume",
    "lan alert vlan": "baseboard.cli.lan_changes:alert_vlan",
    "firewall map": "baseboard.cli.firewall_map",
    "firewall owners": "baseboard.cli.firewall_owners",
    "sel utc-offset": "baseboard.cli.sel_status:utc_offset",
    "sel auxiliary": "baseboard.cli.sel_status:auxiliary",
    "sel add-parts": "baseboard.cli.sel_status:add_parts",
}
"""Verbs that ipmitool has not: a module, and its function if not ``run``, which gets the words behind."""

_FOR_ONE: Final = ("shell", "sol activate", "sensor watch", "sensor plot", "sol log")
_PATIENCE: Final = 1.0
TRACED: Final = 2
"""How many ``-v`` make a trace."""


RunVerb = Callable[["NativeCall", list[str]], Awaitable[int]]


def run(line: Split) -> int:
    """Run a line.

    Returns: the exit code, see `baseboard.cli.failures`.
    """
    setup = prepare(line)
    check(setup)
    _local_times()
    try:
        if len(setup.places) > 1:
            event_loop.load_without_tls()
            from baseboard.cli import many

            return event_loop.run(many.run(setup), small=False)
        alone = event_loop.small(setup.options.settings.interface, setup.words)
        return event_loop.run(_one(setup), small=alone)
    except KeyboardInterrupt:
        return INTERRUPTED


def _local_times() -> None:
    """Dates in the user's language, which at the start of a program are in nobody's."""
    import os

    names = {os.environ.get(name, "C") for name in ("LANG", "LC_ALL", "LC_TIME")}
    if names <= {"", "C", "POSIX", "C.UTF-8"}:
        return
    import contextlib
    import locale

    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "")


def check(setup: Setup) -> None:
    """See whether the line can be meant for these hosts.

    Raises:
        UsageError: it cannot, or it loses something on several hosts and nobody agreed.
    """
    if "wait" in setup.given:
        from baseboard.cli import power_wait

        power_wait.action(setup.words)
    if "dry-run" in setup.given and setup.words[0] == "doctor":
        raise UsageError("`doctor` changes nothing; --dry-run has no meaning with it")
    if len(setup.places) < 2:
        return
    verb = verbs.find(setup.words)
    if verb is not None and verb.words in _FOR_ONE:
        instead = "; `sol watch` shows several" if verb.words == "sol activate" else ""
        raise UsageError(f"`{verb.words}` is for one host, not {len(setup.places)}{instead}")
    if verb is None or not verb.loses or "yes" in setup.given or "dry-run" in setup.given:
        return
    from baseboard.cli.hosts import folded

    names = folded(place.name for place in setup.places)
    what = f"{verb.words} on {len(setup.places)} hosts ({names}): {verb.loses}"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{what}; --yes does it")
    print(f"{what}. Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("nothing was done")


async def _one(setup: Setup) -> int:
    """One BMC: what it says is printed as it comes."""
    (place,) = setup.places
    as_json = "json" in setup.given
    call = make_call(setup, place, _nowhere if as_json else _printer(setup), to_stderr)
    if as_json:
        call.stream = lambda value: _streamed(document(setup, call, DONE, [value], listed=False))
    code, failure = await execute(setup, call)
    if failure is not None:
        to_stderr(_painted_error(setup, failure.line(place.name if place.host else "")) + "\n")
    if as_json and not (call.streamed and code == DONE):
        to_stdout(document(setup, call, code, call.results))
    return code


def _printer(setup: Setup) -> Callable[[str], None]:
    return (lambda text: to_stdout(painted(setup, text))) if _coloured(setup) else to_stdout


def painted(setup: Setup, text: str) -> str:
    """Text for standard output, in colours where they are wanted."""
    if not _coloured(setup):
        return text
    from baseboard.cli.color import paint

    return paint(text)


def _coloured(setup: Setup) -> bool:
    wanted = setup.given.get("color", "auto")
    if wanted == "auto":
        import os

        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
        return sys.stdout.isatty() and not plain
    return wanted == "always"


def _painted_error(setup: Setup, text: str) -> str:
    if not _coloured(setup) or not (sys.stderr.isatty() or setup.given.get("color") == "always"):
        return text
    from baseboard.cli.color import error

    return error(text)


def make_call(
    setup: Setup, place: Place, out: Callable[[str], None], err: Callable[[str], None]
) -> NativeCall:
    """A call on one of the BMCs."""
    options = setup.of(place)

    async def reach() -> Bmc:
        if "dry-run" in setup.given:
            return _dry(options.settings, call)
        from baseboard.client.connect import Connection

        if options.verbose < TRACED:
            return await Connection(options.settings)
        from baseboard.cli import trace

        with trace.login(err):
            bmc = await Connection(options.settings)
        trace.attach(bmc.interface, err)
        return bmc

    call = NativeCall(place.name, options, reach, setup.given, out, err)
    return call


def _dry(settings: Settings, call: NativeCall) -> Bmc:
    from baseboard.cli.dry_run import DryRequest, DryRun
    from baseboard.client.bmc import Bmc

    def tell(request: DryRequest, text: str) -> None:
        call.results.append(request)
        call.show(text)

    return Bmc(DryRun(tell), settings)


async def execute(setup: Setup, call: NativeCall) -> tuple[int, Failure | None]:
    """Run the words on one BMC, within the time given, and log out.

    Returns: the exit code, and what the BMC could not be reached for or did not say in time.
    """
    from baseboard.client.deadline import deadline

    seconds = number(setup.given, "timeout", 0.0) or None
    try:
        # What heeds the deadline tells what it has so far; what does not is ended a moment later.
        async with waiting.timeout(None if seconds is None else seconds + _PATIENCE):
            with deadline(seconds):
                return await _verb(setup, call), None
    except TimeoutError:
        failure = Failure(
            SILENT, "NoResponse", f"not done within {seconds:g} s", "", "--timeout gives more time"
        )
    except BaseboardError as error:
        failure = describe(error)
    finally:
        await call.close()
    call.failures.append(failure)
    return failure.code, failure


async def _verb(setup: Setup, call: NativeCall) -> int:
    if "dry-run" not in setup.given:
        return await real_verb(call, list(setup.words))
    from baseboard.cli.dry_run import AnswerNeeded

    # The verb's own words would tell of what did not happen.
    call.muted = True
    try:
        return await real_verb(call, list(setup.words))
    except AnswerNeeded:
        call.note("what would be sent next depends on the answer")
        return DONE


async def real_verb(call: NativeCall, words: list[str]) -> int:
    """Do what the words say, whoever's verb they are.

    Returns: 0 done, 1 failed.
    """
    name = next((name for name in verbs.names(words) if name in OURS), "")
    if name:
        module, _, function = OURS[name].partition(":")
        run: RunVerb = getattr(importlib.import_module(module), function or "run")
        return await run(call, words[len(name.split()) :])
    if words[0] in verbs.OWN_NOUNS:
        return await cast("OurVerb", importlib.import_module(verbs.OWN_NOUNS[words[0]])).run(call, words[1:])
    if "wait" in call.given:
        from baseboard.cli import power_wait

        return await power_wait.run(call, words)
    if "take-over" in call.given and words[:2] == ["sol", "activate"]:
        await (await call.bmc()).sol.deactivate(_instance(words))
    from baseboard.cli.ipmitool.main import dispatch

    return await dispatch(call, words)


def _instance(words: list[str]) -> int:
    named = [word.partition("=")[2] for word in words if word.startswith("instance=")]
    return int(named[0]) if named and named[0].isdigit() else 1


def document(setup: Setup, call: NativeCall, code: int, results: list[object], *, listed: bool = True) -> str:
    """The JSON of one BMC.

    Args:
        listed: the whole of what was found; False for one thing of a verb that goes on.
    """
    from baseboard.cli import json_output

    verb = verbs.find(setup.words)
    many = listed and ((verb is not None and verb.many) or "dry-run" in setup.given)
    errors = call.failures if code else []
    made = json_output.document(call.name, verbs.name_of(setup.words), code, results, errors, many=many)
    return json_output.line(made)


def _streamed(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def to_stdout(text: str) -> None:
    """Print text, line ends included; whoever watches a terminal sees it at once."""
    sys.stdout.write(text)
    if "\n" in text and sys.stdout.isatty():
        sys.stdout.flush()


def to_stderr(text: str) -> None:
    """Print text on standard error, after all that was printed before."""
    sys.stdout.flush()
    sys.stderr.write(text)


def _nowhere(text: str) -> None:
    del text
