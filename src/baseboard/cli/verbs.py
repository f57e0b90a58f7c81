"""The table of verbs: what can be typed, what it takes, and a line about each.

Help, completion and man pages are made of it; `--json` asks it whether a verb lists, and a call with several
hosts what a verb loses.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from baseboard.cli.long_options import (
    BOOKMARK,
    FOLLOW_COUNT,
    FOLLOW_INTERVAL,
    FORCE,
    KIND,
    OUT,
    PLOT_COUNT,
    PLOT_INTERVAL,
    RESPONSE,
    WATCH_COUNT,
    WATCH_INTERVAL,
    LongOption,
)


class Verb(NamedTuple):
    """One verb.

    Attributes:
        words: noun and verb, without aliases.
        arguments: what follows them, as help shows it.
        summary: one line.
        many: it lists: its JSON result is an array.
        loses: what is gone or stopped afterwards; several hosts want ``--yes`` then; empty for none.
        options: long options of its own.
    """

    words: str
    arguments: str
    summary: str
    many: bool = False
    loses: str = ""
    options: tuple[LongOption, ...] = ()


NOUNS: Final[dict[str, str]] = {
    "mc": "management controller: identity, reset, enables, watchdog, system information",
    "chassis": "power, boot device, identify light, restart policy",
    "power": "short for chassis power",
    "sdr": "sensor data records and their readings",
    "sensor": "sensors with thresholds; live table and chart",
    "sel": "system event log: list, follow, clear, time",
    "fru": "inventories: boards, chassis, products",
    "user": "users and passwords",
    "channel": "channels: access, medium, cipher suites",
    "lan": "LAN parameters, alert destinations, statistics",
    "lan6": "IPv6 parameters of a LAN channel",
    "sol": "serial console over LAN: parameters, console, log, watch",
    "session": "who is logged in",
    "event": "send events to the controller",
    "pef": "platform event filters, alert policies",
    "dcmi": "data center management interface: power, temperatures, asset tag",
    "firewall": "firmware firewall: which commands the controller takes",
    "raw": "any request, byte by byte",
    "i2c": "master write-read on a private bus",
    "exec": "run lines of verbs from a file, over one session",
    "shell": "type verbs at a prompt, over one session",
    "set": "change an option for the lines that follow, in exec and shell",
}  # fmt: skip
"""ipmitool's nouns in the order in which help tells of them."""

ALIASES: Final[dict[str, str]] = {"bmc": "mc"}

_OFF: Final = "the host loses its power at once, and what it had not saved"
_RESET: Final = "the host starts anew, and loses what it had not saved"

VERBS: Final[tuple[Verb, ...]] = (
    Verb("mc info", "", "device ID, versions, manufacturer, what it supports"),
    Verb("mc guid", "[auto|smbios|ipmi|rfc4122|dump]", "the controller's GUID"),
    Verb(
        "mc reset", "warm|cold", "restart the controller", loses="sessions end while the controller restarts"
    ),
    Verb("mc selftest", "", "result of the controller's self test"),
    Verb("mc getenables", "", "message and event log enables", many=True),
    Verb("mc setenables", "OPTION=on|off ...", "change them"),
    Verb("mc getsysinfo", "NAME", "system information, such as os_name"),
    Verb("mc setsysinfo", "NAME TEXT", "write it"),
    Verb("mc watchdog get", "", "the watchdog timer"),
    Verb("mc watchdog set", "OPTION[=VALUE] ...", "set the watchdog timer"),
    Verb("mc watchdog reset", "", "start it (again)"),
    Verb("mc watchdog off", "", "stop it"),
    Verb("chassis status", "", "power, faults, last event, front panel"),
    Verb("chassis power status", "", "on or off"),
    Verb("chassis power on", "", "switch on"),
    Verb("chassis power off", "", "switch off at once", loses=_OFF),
    Verb("chassis power cycle", "", "off, and on after a moment", loses=_OFF),
    Verb("chassis power reset", "", "hard reset", loses=_RESET),
    Verb(
        "chassis power diag", "", "diagnostic interrupt (NMI)", loses="the host may stop and dump its memory"
    ),
    Verb("chassis power soft", "", "ask the operating system to shut down", loses="the host shuts down"),
    Verb("chassis identify", "[SECONDS|force]", "switch the identify light on"),
    Verb("chassis policy", "list|always-on|previous|always-off", "what happens when mains power returns"),
    Verb("chassis restart_cause", "", "why the host started last"),
    Verb("chassis poh", "", "power-on hours"),
    Verb("chassis bootdev", "DEVICE [clear-cmos=yes|no] [options=...]", "what the host boots from next"),
    Verb("chassis bootparam get", "N", "a boot parameter"),
    Verb("chassis bootparam set", "bootflag DEVICE [options=...]", "set the boot flags"),
    Verb("chassis bootmbox get", "[text] [block N]", "the boot initiator mailbox"),
    Verb("chassis bootmbox set", "[text] [block N] BYTES", "write it"),
    Verb("chassis selftest", "", "result of the controller's self test"),
    Verb("power status", "", "on or off"),
    Verb("power on", "", "switch on"),
    Verb("power off", "", "switch off at once", loses=_OFF),
    Verb("power cycle", "", "off, and on after a moment", loses=_OFF),
    Verb("power reset", "", "hard reset", loses=_RESET),
    Verb("power diag", "", "diagnostic interrupt (NMI)", loses="the host may stop and dump its memory"),
    Verb("power soft", "", "ask the operating system to shut down", loses="the host shuts down"),
    Verb("sdr list", "[all|full|compact|event|mcloc|fru|generic]", "records with their readings", many=True),
    Verb("sdr elist", "[all|full|compact|event|mcloc|fru|generic]", "with number, entity, states", many=True),
    Verb("sdr type", "TYPE|list", "the sensors of a type, or all types", many=True),
    Verb("sdr entity", "ID[.INSTANCE]", "the sensors of an entity", many=True),
    Verb("sdr get", "NAME ...", "everything about a record", many=True),
    Verb("sdr info", "", "the repository itself"),
    Verb("sdr dump", "FILE", "save the records"),
    Verb(
        "sdr fill", "sensors|nosat|file|range ...", "write the repository", loses="the records there are now"
    ),
    Verb("sensor list", "", "all sensors with their thresholds", many=True),
    Verb("sensor get", "NAME ...", "everything about sensors", many=True),
    Verb("sensor reading", "NAME ...", "their values alone", many=True),
    Verb("sensor thresh", "NAME upper|lower|unr|ucr|unc|lnc|lcr|lnr VALUE ...", "set thresholds"),
    Verb(
        "sensor watch",
        "[NAME ...]",
        "a live table of readings; elsewhere than on a terminal, a line for each that changed",
        many=True,
        options=(WATCH_INTERVAL, WATCH_COUNT),
    ),
    Verb(
        "sensor plot",
        "NAME ...",
        "a chart of readings over time",
        many=True,
        options=(PLOT_INTERVAL, PLOT_COUNT),
    ),
    Verb("sel info", "", "size, free space, times, what it supports"),
    Verb("sel list", "[N|first N|last N]", "events, a line each", many=True),
    Verb("sel elist", "[N|first N|last N]", "with the sensors' names", many=True),
    Verb("sel get", "ID ...", "everything about an event", many=True),
    Verb("sel follow", "", "events as they come", True, options=(BOOKMARK, FOLLOW_INTERVAL, FOLLOW_COUNT)),
    Verb("sel clear", "", "erase all events", loses="all events of the log"),
    Verb("sel delete", "ID ...|all", "erase events", loses="those events of the log"),
    Verb("sel add", "FILE", "add the events of a file"),
    Verb("sel save", "FILE", "save as a file that `event file` reads"),
    Verb("sel writeraw", "FILE", "save the records as they are"),
    Verb("sel readraw", "FILE", "show the records of such a file", many=True),
    Verb("sel interpret", "IANA FILE FORMAT", "show the records of a file", many=True),
    Verb("sel time get", "", "the log's clock"),
    Verb("sel time set", "TIME|now", "set it"),
    Verb("fru print", "[ID]", "inventories as text", many=True),
    Verb("fru read", "ID FILE", "save an inventory as it is"),
    Verb("fru write", "ID FILE", "write an inventory", loses="the inventory there is now"),
    Verb("fru edit", "ID field SECTION INDEX TEXT | ID oem iana ...", "change a field"),
    Verb("fru upgEkey", "ID FILE", "replace the E-keying records", loses="the records there are now"),
    Verb("fru internaluse", "ID [info|print|read FILE|write FILE]", "the internal use area"),
    Verb("fru get", "ID oem iana RECORD FORMAT", "a multirecord"),
    Verb("user list", "[CHANNEL]", "users and what they may do", many=True),
    Verb("user summary", "[CHANNEL]", "how many there are"),
    Verb("user set name", "ID NAME", "name a user"),
    Verb("user set password", "ID [PASSWORD [16|20]]", "set a password; asked for if not given"),
    Verb("user enable", "ID", "let a user in"),
    Verb("user disable", "ID", "let a user no longer in", loses="that user's way in"),
    Verb("user priv", "ID LEVEL [CHANNEL]", "the highest privilege level"),
    Verb("user test", "ID 16|20 [PASSWORD]", "is this the password?"),
    Verb("channel info", "[CHANNEL]", "medium, protocol, access"),
    Verb("channel authcap", "CHANNEL LEVEL", "which logins it takes"),
    Verb("channel getaccess", "CHANNEL [USER]", "what users may do", many=True),
    Verb("channel setaccess", "CHANNEL USER [OPTION=VALUE ...]", "change it"),
    Verb("channel getciphers", "ipmi|sol [CHANNEL]", "cipher suites", many=True),
    Verb("lan print", "[CHANNEL]", "the LAN parameters"),
    Verb("lan set", "CHANNEL PARAMETER VALUE ...", "change one"),
    Verb("lan alert print", "[CHANNEL [DESTINATION]]", "alert destinations", many=True),
    Verb("lan alert set", "CHANNEL DESTINATION PARAMETER VALUE", "change one"),
    Verb("lan stats get", "[CHANNEL]", "packets counted"),
    Verb("lan stats clear", "[CHANNEL]", "count from 0", loses="the counts"),
    Verb("lan6 print", "CHANNEL [PARAMETER [SET [BLOCK]]]", "IPv6 parameters", many=True),
    Verb("lan6 set", "CHANNEL [nolock] PARAMETER [SET [BLOCK]] VALUE ...", "change one"),
    Verb("lan6 save", "CHANNEL [PARAMETER [SET [BLOCK]]]", "as lines that set them", many=True),
    Verb("lan6 lock", "CHANNEL", "begin a change of several parameters"),
    Verb("lan6 commit", "CHANNEL", "make the change good"),
    Verb("lan6 discard", "CHANNEL", "give the change up"),
    Verb("sol info", "[CHANNEL]", "parameters of serial over LAN"),
    Verb("sol set", "PARAMETER VALUE [CHANNEL]", "change one"),
    Verb("sol payload", "enable|disable|status [CHANNEL] [USER]", "who may use it"),
    Verb("sol activate", "[usesolkeepalive|nokeepalive] [instance=N]", "the host's console; ~. leaves it"),
    Verb("sol deactivate", "[instance=N]", "end somebody's console", loses="the console that is open now"),
    Verb("sol looptest", "[TIMES [INTERVAL [INSTANCE]]]", "open and close it, again and again"),
    Verb("sol log", "FILE", "write the console to a file, with times; nothing is typed"),
    Verb("sol watch", "", "several consoles at once, read only"),
    Verb("session info", "active|all|id ID|handle HANDLE", "sessions", many=True),
    Verb("event", "N | file FILE | NAME STATE [DIRECTION]", "send an event"),
    Verb("pef info", "", "what event filtering can do"),
    Verb("pef status", "", "what it did last"),
    Verb("pef capabilities", "", "what it can do"),
    Verb("pef filter list", "", "event filters", many=True),
    Verb("pef filter enable", "N", "switch a filter on"),
    Verb("pef filter disable", "N", "switch it off"),
    Verb("pef filter create", "N PARAMETERS", "make one"),
    Verb("pef filter delete", "N", "remove one", loses="that filter"),
    Verb("pef policy list", "", "alert policies", many=True),
    Verb("pef policy enable", "N", "switch a policy on"),
    Verb("pef policy disable", "N", "switch it off"),
    Verb("pef policy create", "N PARAMETERS", "make one"),
    Verb("pef policy delete", "N", "remove one", loses="that policy"),
    Verb("pef pet ack", "PARAMETERS", "acknowledge a trap"),
    Verb("pef event", "PARAMETERS", "filter an event as if it had come"),
    Verb("pef timer get", "", "the postpone timer"),
    Verb("pef timer set", "SECONDS", "set it"),
    Verb("dcmi discover", "", "what it supports"),
    Verb("dcmi power reading", "[PERIOD]", "power used"),
    Verb("dcmi power get_limit", "", "the power limit"),
    Verb("dcmi power set_limit", "NAME VALUE", "change it"),
    Verb("dcmi power activate", "", "put the limit in force"),
    Verb("dcmi power deactivate", "", "lift it"),
    Verb("dcmi sensors", "", "its sensors", many=True),
    Verb("dcmi asset_tag", "", "the asset tag"),
    Verb("dcmi set_asset_tag", "TEXT", "write it"),
    Verb("dcmi get_mc_id_string", "", "the controller's name"),
    Verb("dcmi set_mc_id_string", "TEXT", "write it"),
    Verb("dcmi thermalpolicy get", "ENTITY INSTANCE", "what happens when it is too hot"),
    Verb("dcmi thermalpolicy set", "VOLATILE POWER-OFF LOG LIMIT TIME", "change it"),
    Verb("dcmi get_temp_reading", "", "temperatures", many=True),
    Verb("dcmi get_conf_param", "", "configuration parameters"),
    Verb("dcmi set_conf_param", "NAME VALUE", "change one"),
    Verb("dcmi oob_discover", "", "presence ping"),
    Verb("firewall info", "[channel H] [lun L [netfn N [command C [subfn S]]]]", "what it takes", many=True),
    Verb("firewall enable", "[channel H] [lun L [netfn N [command C [subfn S]]]]", "let commands in"),
    Verb("firewall disable", "[channel H] [lun L [netfn N [command C [subfn S]]]] [force]", "keep them out"),
    Verb("firewall reset", "[channel H]", "as it was delivered"),
    Verb("raw", "NETFN COMMAND [BYTE ...]", "send a request, print the response"),
    Verb("i2c", "[bus=public|N [chan=N]] ADDRESS COUNT [BYTE ...]", "write and read"),
    Verb("exec", "FILE", "run the lines of a file", many=True),
    Verb("shell", "", "a prompt", many=True),
    Verb("set", "OPTION VALUE", "change an option; in exec and shell", many=True),
)

OWN: Final[tuple[Verb, ...]] = (
    Verb("lab", "", "simulated servers with BMCs on loopback, until Ctrl-C"),
    Verb("bmc init", "FILE", "write an annotated description of a BMC", options=(FORCE,)),
    Verb("bmc run", "FILE ...", "run the BMCs that files describe"),
    Verb("discover", "RANGE", "who answers there: versions, logins offered", many=True),
    Verb("doctor", "", "why a login fails, stage by stage", many=True),
    Verb("commands", "[WORD ...]", "every command of the specification, and who has it", many=True),
    Verb("explain", "BYTES ...|FILE", "what bytes are, field by field", True, options=(RESPONSE, KIND)),
    Verb("completion", "bash|zsh|fish", "a shell's completion, to be sourced", options=(OUT,)),
    Verb("ipmitool", "...", "exactly ipmitool: options, output, exit codes"),
    Verb("ipmipower", "...", "FreeIPMI's ipmipower"),
    Verb("ipmi-sensors", "...", "FreeIPMI's ipmi-sensors"),
    Verb("ipmimonitoring", "...", "FreeIPMI's ipmimonitoring"),
    Verb("help", "[NOUN]", "all verbs, or those of a noun"),
)  # fmt: skip
"""Verbs that ipmitool has not, in front of a noun."""

_LONGEST: Final = 3


def find(words: list[str]) -> Verb | None:
    """The verb that a line begins with; nouns are looked up by their alias too."""
    if not words:
        return None
    known = [ALIASES.get(words[0], words[0]), *words[1:_LONGEST]]
    for length in range(len(known), 0, -1):
        name = " ".join(known[:length])
        for verb in VERBS:
            if verb.words == name:
                return verb
    return None


def name_of(words: list[str]) -> str:
    """The name of a line's verb, for ``--json``; its first words where the table has no such verb."""
    verb = find(words)
    return verb.words if verb is not None else " ".join([ALIASES.get(words[0], words[0]), *words[1:2]])


def of(noun: str) -> list[Verb]:
    """The verbs of a noun, or of one of ours."""
    noun = ALIASES.get(noun, noun)
    return [verb for verb in VERBS if verb.words.split()[0] == noun]
