"""``baseboard pet listen``: Platform Event Traps as they come, in words."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE, FAILED, INTERRUPTED
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError, number
from baseboard.cli.prepare import prepare
from baseboard.cli.results.pef import ReceivedTrap
from baseboard.errors import BaseboardError, ConfigurationError

if TYPE_CHECKING:
    from baseboard.cli.long_options import Split
    from baseboard.cli.prepare import Setup
    from baseboard.cli.trap_names import TrapNames
    from baseboard.client.pet import Pet, PetListener
    from baseboard.client.sel_entry import SensorNames

EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - traps come from anywhere
PORT: Final = 162


def run(line: Split) -> int:
    """Print traps until interrupted, or until ``--count`` of them have come.

    Raises:
        UsageError: the words are no place to listen at.
    """
    words = line.words[1:]
    if words[:1] != ["listen"] or len(words) > 2:
        raise UsageError("`pet` has one verb: pet listen [ADDRESS:PORT]")
    host, port = place(words[1] if len(words) == 2 else "")
    acknowledge = reply_port(line.given.get("acknowledge"))
    # Without hosts to log in to nobody is asked for a password.
    setup = prepare(line, hosts="H" in line.letters or "hosts" in line.given)
    try:
        return asyncio.run(_listen(setup, host, port, acknowledge))
    except KeyboardInterrupt:
        return INTERRUPTED
    except ConfigurationError:
        raise
    except BaseboardError as error:
        print(f"baseboard: {error}", file=sys.stderr)
        return FAILED


def place(word: str) -> tuple[str, int]:
    """Where to listen: an address, a port after a colon, or both.

    Raises:
        UsageError: it is no such thing.
    """
    if not word:
        return EVERYWHERE, PORT
    host, colon, behind = word.rpartition(":")
    if word.startswith("[") and word.endswith("]"):
        return word[1:-1], PORT
    if not colon:
        return (EVERYWHERE, int(word)) if _is_port(word) else (word, PORT)
    if not _is_port(behind):
        raise UsageError(f"{word}: {behind} is no port")
    return host.strip("[]") or EVERYWHERE, int(behind)


def reply_port(word: str | None) -> int | None:
    """Where acknowledges go: None nowhere, 0 to where the trap came from, else a port.

    Raises:
        UsageError: it is neither a port nor ``source``.
    """
    if word is None or word == "source":
        return None if word is None else 0
    if not _is_port(word) or word == "0":
        raise UsageError(f"--acknowledge is a port, such as 623, or source, not {word}")
    return int(word)


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdigit() and int(word) <= 0xFFFF


async def _listen(setup: Setup, host: str, port: int, acknowledge: int | None) -> int:
    from baseboard.cli.trap_names import TrapNames
    from baseboard.client.pet import PetListener

    count = int(number(setup.given, "count", 0))
    seconds = number(setup.given, "timeout", 0.0) or None
    names = TrapNames(setup, _note)
    with PetListener(host, port, acknowledge_at=acknowledge) as listener:
        _note(f"listening at {listener.host} port {listener.port}")
        try:
            async with asyncio.timeout(seconds):
                await _tell(listener, names, count, as_json="json" in setup.given)
        except TimeoutError:
            return FAILED if count else DONE
    return DONE


async def _tell(listener: PetListener, names: TrapNames, count: int, *, as_json: bool) -> None:
    told = lost = 0
    async for pet in listener:
        if listener.lost > lost:
            _note(f"{listener.lost - lost} traps came faster than they could be told")
            lost = listener.lost
        known = await names.of(pet)
        sys.stdout.write(_json(pet, known) if as_json else line(pet, known) + "\n")
        sys.stdout.flush()
        told += 1
        if told == count:
            return


def line(pet: Pet, names: SensorNames | None) -> str:
    """A trap in a line: time, sender, severity, sensor, what happened, the alert string."""
    entry = pet.event(names)
    sign = " (ended)" if entry.asserted is False else ""
    details = "".join(f"; {detail}" for detail in (*entry.details, *([pet.text] if pet.text else ())))
    when = entry.time_text or "-"
    head = f"{when:19}  {pet.host:15}  {pet.severity:15}  {entry.sensor:20}"
    return printable(f"{head}  {entry.event}{sign}{details}")


def found(pet: Pet, names: SensorNames | None) -> ReceivedTrap:
    """A trap as data."""
    entry, time = pet.event(names), pet.time
    return ReceivedTrap(
        host=pet.host,
        port=pet.port,
        agent=str(pet.agent),
        guid=pet.trap.guid.hex(),
        sequence_number=pet.trap.sequence_number,
        time=None if time is None else time.isoformat(),
        severity=pet.severity,
        sensor=entry.sensor,
        sensor_type=entry.sensor_type,
        event=entry.event,
        details=entry.details,
        asserted=entry.asserted,
        reading=entry.reading,
        threshold=entry.threshold,
        unit=entry.unit,
        text=pet.text,
        raw=pet.raw,
    )


def _json(pet: Pet, names: SensorNames | None) -> str:
    from baseboard.cli import json_output

    made = json_output.document(pet.host, "pet listen", DONE, [found(pet, names)], [], many=False)
    return json_output.line(made)


def _note(text: str) -> None:
    sys.stdout.flush()
    print(f"baseboard: {text}", file=sys.stderr, flush=True)
