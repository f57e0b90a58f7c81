"""``mc watchdog``: the watchdog timer (§27)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.answers import answered
from baseboard.cli.ipmitool.questions import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call

# ipmitool cuts what it prints at 1023 bytes: a line of three blanks is left of what comes after them.
USAGE: Final = """\
usage: watchdog <command>:

   set <option[=value]> [<option[=value]> ...]
     Set Watchdog settings
     Options: (* = mandatory)
       timeout=<1-6553>                    - [0] Initial countdown value, sec
       pretimeout=<1-255>                  - [0] Pre-timeout interval, sec
       int=<smi|nmi|msg>                   - [-] Pre-timeout interrupt type
       use=<frb2|post|osload|sms|oem>      - [-] Timer use
       clear=<frb2|post|osload|sms|oem>    - [-] Clear timer use expiration
                                                 flag, can be specified
                                                 multiple times
       action=<reset|poweroff|cycle|none>  - [none] Timer action
       nolog                               - [-] Don't log the timer use
       dontstop                            - [-] Don't stop the timer
                                                 while applying settings

   get
     Get Current settings

   reset
     Restart Watchdog timer based on the most recent settings

\x20\x20\x20
   off
     Shut off a running Watchdog timer"""

_USES: Final = ("Reserved", "BIOS FRB2", "BIOS/POST", "OS Load", "SMS/OS", "OEM", "Reserved", "Reserved")
_INTERRUPTS: Final = ("None", "SMI", "NMI/Diagnostic", "Messaging", *("Reserved",) * 4)
_ACTIONS: Final = ("No action", "Hard Reset", "Power Down", "Power Cycle", *("Reserved",) * 4)

_USE_WORDS: Final = ("none", "frb2", "post", "osload", "sms", "oem")
_INTERRUPT_WORDS: Final = ("none", "smi", "nmi", "msg")
_ACTION_WORDS: Final = ("none", "reset", "poweroff", "cycle")

_LONGEST: Final = 6553
_LONGEST_PRETIMEOUT: Final = 255
_UNINITIALIZED: Final = {0x80: "Attempt to reset uninitialized watchdog"}
# SMS/OS, no action, its flag cleared, five minutes: what ipmitool leaves behind.
_OFF: Final = bytes((0x04, 0x00, 0x00, 0x10, 0xB8, 0x0B))


async def watchdog(call: Call, words: list[str]) -> int:
    """Do a verb of ``mc watchdog``."""
    if not words:
        call.err("Not enough parameters given.")
        call.err(USAGE)
        return 1
    match words[0]:
        case "help":
            call.err(USAGE)
            return 0
        case "get":
            return await _get(call)
        case "reset":
            return await _reset(call)
        case "off":
            return await _off(call)
        case "set" if words[1:]:
            return await _set(call, words[1:])
        case "set":
            call.err("Not enough parameters given.")
        case _:
            call.err(f"Invalid mc/bmc watchdog command: {words[0]}")
    call.err(USAGE)
    return 1


async def _get(call: Call) -> int:
    from baseboard.cli.results.mc import Watchdog
    from baseboard.commands.app.watchdog import GetWatchdogTimer

    answer = await answered(call, GetWatchdogTimer(), "Get Watchdog Timer command failed")
    if answer is None:
        return 1
    data = answer.data.ljust(8, b"\0")
    use, actions, pretimeout, expired = data[:4]
    found = Watchdog(
        use=_USES[use & 7],
        running=bool(use & 0x40),
        logging=not use & 0x80,
        action=_ACTIONS[actions & 7],
        pretimeout_interrupt=_INTERRUPTS[actions >> 4 & 7],
        pretimeout=pretimeout,
        expired=tuple(name for bit, name in enumerate(_USES) if expired >> bit & 1),
        initial_countdown=int.from_bytes(data[4:6], "little") / 10,
        present_countdown=int.from_bytes(data[6:8], "little") / 10,
    )
    call.out(f"Watchdog Timer Use:     {found.use} (0x{use:02x})")
    call.out(f"Watchdog Timer Is:      {'Started/Running' if found.running else 'Stopped'}")
    call.out(f"Watchdog Timer Logging: {'On' if found.logging else 'Off'}")
    call.out(f"Watchdog Timer Action:  {found.action} (0x{actions:02x})")
    call.out(f"Pre-timeout interrupt:  {found.pretimeout_interrupt}")
    call.out(f"Pre-timeout interval:   {pretimeout} seconds")
    call.out(f"Timer Expiration Flags: {'' if expired else 'None '}(0x{expired:02x})")
    for name in found.expired:
        call.out(f"                        * {name}")
    call.out(f"Initial Countdown:      {found.initial_countdown:0.1f} sec")
    call.out(f"Present Countdown:      {found.present_countdown:0.1f} sec")
    call.result(found)
    return 0


async def _reset(call: Call) -> int:
    from baseboard.cli.results.mc import WatchdogChange
    from baseboard.commands.app.watchdog import ResetWatchdogTimer

    what = "Reset Watchdog Timer command failed"
    answer = await answered(call, ResetWatchdogTimer(), f"{what}!", what, own=_UNINITIALIZED)
    if answer is None:
        return 1
    call.out("IPMI Watchdog Timer Reset -  countdown restarted!")
    call.result(WatchdogChange(done="reset"))
    return 0


async def _off(call: Call) -> int:
    from baseboard.cli.results.mc import WatchdogChange
    from baseboard.commands.app.watchdog import SetWatchdogTimer

    answer = await ask(call, SetWatchdogTimer.decode(_OFF))
    if answer is None or answer.code:
        call.err("Watchdog Timer Shutoff command failed!" + ("" if answer is None else f" {answer.text()}"))
        return 1
    call.out("Watchdog Timer Shutoff successful -- timer stopped")
    call.result(WatchdogChange(done="off"))
    return 0


# ---- set


@dataclass(slots=True)
class _Wanted:
    """What ``set`` is to write."""

    timeout: int = 0
    pretimeout: int = 0
    interrupt: int = 0
    use: int = 0
    clear: int = 0
    action: int = 0
    no_log: bool = False
    dont_stop: bool = False

    def data(self) -> bytes:
        """The request's bytes (Table 27-3)."""
        use = self.no_log << 7 | self.dont_stop << 6 | self.use
        head = bytes((use, self.interrupt << 4 | self.action, self.pretimeout, self.clear))
        return head + (10 * self.timeout).to_bytes(2, "little")


async def _set(call: Call, words: Sequence[str]) -> int:
    from baseboard.cli.results.mc import WatchdogChange
    from baseboard.commands.app.watchdog import SetWatchdogTimer

    wanted = None if words[0] == "help" else _wanted(call, words)
    if wanted is None:
        # ipmitool sends what it has understood so far; nothing is sent for words that are wrong.
        call.err(USAGE)
        return 1
    answer = await ask(call, SetWatchdogTimer.decode(wanted.data()))
    if answer is None or answer.code:
        call.err("Set Watchdog Timer command failed" + ("" if answer is None else f": {answer.text()}"))
        # A refusal is a positive number inside ipmitool, and so its exit code is 0.
        return 1 if answer is None else 0
    call.err("Watchdog Timer was successfully configured")
    call.result(WatchdogChange(done="set"))
    return 0


def _wanted(call: Call, words: Sequence[str]) -> _Wanted | None:
    """Read the options; the first letter is enough, as it is for ipmitool."""
    wanted = _Wanted()
    for word in words:
        _, _, value = word.partition("=")
        match word[:1]:
            case "t" | "p":
                if not _take_time(call, wanted, word[:1], value):
                    return None
            case "i" | "u" | "a" | "c":
                if not _take_word(call, wanted, word[:1], value):
                    return None
            case "n":
                wanted.no_log = True
            case "d":
                wanted.dont_stop = True
            case _:
                call.err(f"Invalid option '{word}'")
                return None
    return wanted


def _take_time(call: Call, wanted: _Wanted, letter: str, value: str) -> bool:
    digits = re.match(r"\s*[+-]?\d+", value)
    seconds = int(digits[0]) if digits else 0
    name, limit = ("Timeout", _LONGEST) if letter == "t" else ("Pretimeout", _LONGEST_PRETIMEOUT)
    if not 1 <= seconds <= limit:
        call.err(f"{name} value {seconds & 0xFFFFFFFFFFFFFFFF} is out of range (1-{limit})\n")
        return False
    if letter == "t":
        wanted.timeout = seconds
    else:
        wanted.pretimeout = seconds
    return True


def _take_word(call: Call, wanted: _Wanted, letter: str, value: str) -> bool:
    known = {"i": _INTERRUPT_WORDS, "a": _ACTION_WORDS}.get(letter, _USE_WORDS)
    if value not in known:
        call.err(f"{'Interrupt type' if letter == 'i' else 'Use'} '{value}' is not valid\n")
        return False
    number = known.index(value)
    match letter:
        case "i":
            wanted.interrupt = number
        case "a":
            wanted.action = number
        case "u":
            wanted.use = number
        case _:
            wanted.clear |= 1 << number
    return True
