"""The program ``ipmi-sensors``: the sensors of one BMC or of many, as FreeIPMI prints them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.cli.freeipmi.config_file import read_into
from baseboard.cli.freeipmi.host_output import HostOutput, Style, consolidated
from baseboard.cli.freeipmi.options import COMMON, FAILED, USAGE_ERROR, Given, Leave, Shared, at_host, shared
from baseboard.cli.freeipmi.sensor_options import OWN, Wanted, on_command_line, wanted
from baseboard.cli.freeipmi.sensor_words import OEM_TYPE, SENSOR_TYPES
from baseboard.cli.hosts import HostListError, Place, places
from baseboard.codes import Privilege
from baseboard.errors import BaseboardError, DecodeError, NoResponse

if TYPE_CHECKING:
    from baseboard.cli.freeipmi.sensor_states import States
    from baseboard.client.bmc import Bmc
    from baseboard.client.sdr_entry import Records

NAME: Final = "ipmi-sensors"

LOCAL: Final = frozenset(
    {"localhost", "127.0.0.1", "ipv6-localhost", "::1", "ip6-localhost", "0:0:0:0:0:0:0:1"}
)
"""Hosts that mean this machine's own BMC, which needs no network."""

HELP: Final = """\
Usage: ipmi-sensors [OPTION...]
The sensors of this machine, or of the hosts of -h.

  which    -r/--record-ids IDS -R/--exclude-record-ids IDS -t/--sensor-types TYPES
           -T/--exclude-sensor-types TYPES -L/--list-sensor-types --ignore-not-available-sensors
           -b/--bridge-sensors --shared-sensors
  columns  -q/--quiet-readings --output-sensor-state --output-event-bitmask --output-sensor-thresholds
           --no-sensor-type-output --entity-sensor-names --non-abbreviated-units
           --ignore-unrecognized-events --sensor-state-config-file FILE
  form     --comma-separated-output --no-header-output -v/--verbose -i/--sdr-info --legacy-output
           --ipmimonitoring-legacy-output --interpret-oem-data
  records  -f/--flush-cache -Q/--quiet-cache --sdr-cache-recreate --sdr-cache-file FILE
           --sdr-cache-directory DIRECTORY
  BMC      -D/--driver-type LAN|LAN_2_0|OPENIPMI -h/--hostname LIST -u/--username NAME
           -p/--password PASSWORD -P/--password-prompt -k/--k-g KEY -K/--k-g-prompt
           -a/--authentication-type TYPE -I/--cipher-suite-id N -l/--privilege-level LEVEL
           -W/--workaround-flags FLAGS --session-timeout MS --retransmission-timeout MS
           --config-file FILE
  hosts    -B/--buffer-output -C/--consolidate-output -F/--fanout N -E/--eliminate --always-prefix
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Be ipmi-sensors.

    Args:
        arguments: without the program's name; None: the process's own.

    Returns: the exit code: 0, 1 if something failed, 64 if the options are wrong.
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
    if given.read(words):
        _complain(HELP)
        return USAGE_ERROR
    if given.has("help") or given.has("usage"):
        print(HELP, end="")
        return 0
    if given.has("version"):
        from baseboard import __version__

        print(f"{NAME} - 1.6.10 (Baseboard {__version__})")
        return 0
    read_into(given, options, NAME)
    common = shared(given, _ask, level=Privilege.OPERATOR)
    chosen = wanted(given)
    if given.has("list-sensor-types") or given.has("list-groups"):
        _write("".join(f"{on_command_line(one)}\n" for one in (*SENSOR_TYPES[1:], OEM_TYPE)))
        return 0
    folder = given.values.get("sdr-cache-directory", "")
    if folder and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        given.fail(f"insufficient permission on SDR cache directory '{folder}'")
    settings = replace(common.settings, cache=folder)
    common = replace(common, settings=settings)
    try:
        hosts = places(common.hosts) if common.hosts else [Place("localhost", "", None)]
    except HostListError as error:
        given.fail(str(error))
    return asyncio.run(act(common, chosen, hosts))


async def act(common: Shared, chosen: Wanted, hosts: Sequence[Place]) -> int:
    """Show the sensors of every host, several at a time.

    Returns: 0, or 1 if one failed.
    """
    style = _style(common, hosts)
    gate = asyncio.Semaphore(common.fanout)

    async def one(place: Place) -> tuple[HostOutput, bool]:
        output = HostOutput(place.name, style, _write, _complain)
        async with gate:
            good = await Host(common, chosen, place, output).show()
        output.finish()
        return output, good

    done = [await ended for ended in asyncio.as_completed([one(place) for place in hosts])]
    if style is Style.CONSOLIDATED:
        consolidated([output for output, _ in done], _write)
    return 0 if all(good for _, good in done) else FAILED


def _style(common: Shared, hosts: Sequence[Place]) -> Style:
    if len(hosts) == 1:
        return Style.PREFIXED if common.prefixed else Style.PLAIN
    if common.buffered:
        return Style.BUFFERED
    return Style.CONSOLIDATED if common.consolidated else Style.PREFIXED


class Host:
    """One host, from the login to its last sensor."""

    def __init__(self, common: Shared, chosen: Wanted, place: Place, output: HostOutput) -> None:
        self._common, self._chosen, self._place, self._output = common, chosen, place, output
        self._settings = at_host(common.settings, place.host, place.port)
        if place.name.lower() in LOCAL:
            self._settings = replace(self._settings, interface="open", host="")

    async def show(self) -> bool:
        """Show it.

        Returns: whether all went well.
        """
        if self._chosen.switches.flush_cache:
            self._flush()
            return True
        bmc = await self._logged_in()
        if bmc is None:
            return self._common.eliminate
        try:
            async with bmc:
                return await self._shown(bmc)
        except NoResponse:
            self._output.err(f"{NAME}: session timeout")
        except BaseboardError as error:
            self._output.err(f"{NAME}: {error}")
        return False

    async def _logged_in(self) -> Bmc | None:
        from baseboard.cli.freeipmi.outcomes import Outcome, outcome_of
        from baseboard.client.connect import Connection
        from baseboard.client.deadline import deadline
        from baseboard.errors import TransportError

        outcome = Outcome("connection timeout")
        try:
            with deadline(self._settings.deadline):
                return await Connection(self._settings)
        except NoResponse:
            pass
        except TransportError:
            outcome = Outcome("could not find inband device")
        except BaseboardError as error:
            outcome = outcome_of(error)
        if not (self._common.eliminate and outcome.absent):
            self._output.err(f"{NAME}: {outcome.text}")
        return None

    async def _shown(self, bmc: Bmc) -> bool:
        from baseboard.cli.freeipmi.sensor_reading import Broken
        from baseboard.cli.freeipmi.sensor_records import NotFound
        from baseboard.cli.freeipmi.sensor_show import Show

        if self._chosen.switches.sdr_info:
            from baseboard.cli.freeipmi.sdr_info import sdr_info

            return await sdr_info(bmc, self._chosen.clock, self._output)
        states, told = self._states()
        if told:
            self._output.err(told)
            return False
        records = await self._records(bmc)
        if records is None:
            return False
        try:
            await Show(bmc, self._chosen, states, self._output.out).all(records)
        except NotFound as missing:
            self._output.out(str(missing))
            return False
        except Broken as broken:
            self._output.err(str(broken) or f"{NAME}: the thresholds of a sensor cannot be read")
            return False
        return True

    def _states(self) -> tuple[States | None, str]:
        """The rules that hold, and why there are none."""
        if not self._chosen.switches.output_sensor_state:
            return None, ""
        from baseboard.cli.freeipmi.sensor_states import RulesError, States

        try:
            return States.read(self._chosen.state_file), ""
        except RulesError as error:
            return None, str(error)

    # ---- the records

    async def _records(self, bmc: Bmc) -> Records | None:
        file = Path(self._chosen.cache_file) if self._chosen.cache_file else None
        if file is not None and file.exists():
            kept = self._kept(file)
            if kept is not None or not self._chosen.switches.sdr_cache_recreate:
                return kept
        found = await bmc.sdr.records()
        if not found.complete:
            self._output.err("ipmi_sdr_cache_create: internal IPMI error")
            return None
        if not found:
            self._output.err("ipmi_sdr_cache_create: SDR record count invalid")
            return None
        if file is not None:
            from baseboard.client.sdr_entry import encode_dump

            file.write_bytes(encode_dump(found))
        return found

    def _kept(self, file: Path) -> Records | None:
        from baseboard.client.sdr_entry import decode_dump

        try:
            return decode_dump(file.read_bytes())
        except (DecodeError, OSError):
            if not self._chosen.switches.sdr_cache_recreate:
                self._output.err(f"SDR Cache '{file}' invalid: Please flush the cache and regenerate it")
            return None

    def _flush(self) -> None:
        """Forget the records that are kept of the host."""
        if self._chosen.cache_file:
            path = Path(self._chosen.cache_file)
            path.unlink(missing_ok=True)
            where = str(path)
        else:
            from baseboard.client.sdr import forget

            where = str(forget(self._settings))
        if not self._chosen.switches.quiet_cache:
            self._output.out(f"Flushing cache: {where}\n")


def _ask(prompt: str) -> str:
    import getpass

    return getpass.getpass(prompt, sys.stderr)


def _complain(text: str) -> None:
    sys.stderr.write(text)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
