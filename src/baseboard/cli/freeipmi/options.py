"""The options that FreeIPMI's programs share: their table, their values checked as FreeIPMI checks them."""

from __future__ import annotations

import getopt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, NamedTuple, NoReturn

from baseboard.client.settings import PORT, Settings
from baseboard.codes import Privilege
from baseboard.crypto.suites import SUITES

USAGE_ERROR: Final = 64
FAILED: Final = 1
KG_SIZE: Final = 20
_LONGEST_NAME, _LONGEST_PASSWORD, _LONGEST_V15 = 16, 20, 16
_SESSION_TIMEOUT, _RETRANSMISSION_TIMEOUT, _FANOUT = 20_000, 1_000, 64
_MOST_FANOUT = 1024


class Leave(Exception):
    """The program ends here, with this exit code; all that is to be said was said."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Option(NamedTuple):
    """One option: its letter if it has one, its long name, whether it takes a value."""

    letter: str
    word: str
    takes: bool = False


COMMON: Final = (
    Option("D", "driver-type", True),
    Option("", "disable-auto-probe"),
    Option("", "driver-address", True),
    Option("", "driver-device", True),
    Option("", "register-spacing", True),
    Option("", "target-channel-number", True),
    Option("", "target-slave-address", True),
    Option("h", "hostname", True),
    Option("u", "username", True),
    Option("p", "password", True),
    Option("P", "password-prompt"),
    Option("k", "k-g", True),
    Option("K", "k-g-prompt"),
    Option("", "session-timeout", True),
    Option("", "retransmission-timeout", True),
    Option("a", "authentication-type", True),
    Option("I", "cipher-suite-id", True),
    Option("l", "privilege-level", True),
    Option("", "config-file", True),
    Option("W", "workaround-flags", True),
    Option("B", "buffer-output"),
    Option("C", "consolidate-output"),
    Option("F", "fanout", True),
    Option("E", "eliminate"),
    Option("", "always-prefix"),
    Option("", "debug"),
    Option("?", "help"),
    Option("", "usage"),
    Option("V", "version"),
)
"""What every one of the programs takes."""

DRIVERS: Final = MappingProxyType(
    {"lan": "lan", "lan_2_0": "lanplus", "lan20": "lanplus", "openipmi": "open"}
)
"""FreeIPMI's drivers and our interfaces; its own in-band drivers (KCS, SSIF ...) go by the kernel's."""

_IN_BAND = frozenset({"kcs", "smic", "bt", "ssif", "sunbmc", "inteldcmi"})
_AUTH_TYPES = MappingProxyType({"none": 0, "md2": 1, "md5": 2, "straight_password_key": 4})
LEVELS: Final = MappingProxyType(
    {
        "callback": Privilege.CALLBACK,
        "user": Privilege.USER,
        "operator": Privilege.OPERATOR,
        "admin": Privilege.ADMINISTRATOR,
        "administrator": Privilege.ADMINISTRATOR,
    }
)
"""The levels by FreeIPMI's words."""

# Workarounds by FreeIPMI's name; those without an id concern what our console does anyway, or never does.
WORKAROUNDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "authcap": "",
        "idzero": "Q-IDZERO",
        "unexpectedauth": "",
        "forcepermsg": "Q-FORCEPERMSG",
        "endianseq": "Q-SEQENDIAN",
        "noauthcodecheck": "Q-NOAUTHCODE",
        "nochecksumcheck": "Q-CHKSUM",
        "intel20": "Q-NAMEPAD",
        "supermicro20": "Q-RAKP2LEN",
        "sun20": "Q-RAKP2LEN",
        "opensesspriv": "",
        "integritycheckvalue": "Q-SUITE0-ICV",
        "ipmiping": "",
        "assumeio": "Q-KCSMMIO",
        "spinpoll": "Q-SPINPOLL",
        "solpayloadsize": "",
        "solport": "",
        "solstatus": "",
        "solchannelsupport": "",
        "skipsolactivatestatus": "",
        "skipchecks": "Q-FRUSUM",
        "assumesystemevent": "Q-SELTYPE",
        "discretereading": "Q-DISCRETEVAL",
        "ignorescanningdisabled": "Q-SCANLIE",
        "assumebmcowner": "Q-OWNER",
        "ignoreauthcode": "Q-BRIDGE-AUTH",
        "assumemaxsdrrecordcount": "Q-SDRCOUNT",
        "serialalertsdeferred": "",
        "slowcommit": "Q-SLOWCOMMIT",
        "veryslowcommit": "Q-SLOWCOMMIT",
        "ignorestateflag": "Q-WDTFLAG",
        "malformedack": "Q-PETSHORT",
        "guidformat": "Q-GUIDFORMAT",
        "altbridging": "Q-ALTBRIDGE",
        "solpacketseq": "Q-SOLSEQJUMP",
        "solchannelassumelanchannel": "Q-SOLCHAN",
        "none": "",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the shared options say.

    Attributes:
        settings: how a BMC is reached, but for its address.
        hosts: the list as it was given; empty for in-band.
        fanout: most hosts at a time; 0 = all.
        buffered: print in the order of the list.
        consolidated: print equal outputs once, under the hosts that gave it.
        eliminate: leave out hosts that do not answer a ping.
        prefixed: prefix every line with the host, even of a single one.
    """

    settings: Settings = field(default_factory=Settings)
    hosts: str = ""
    fanout: int = _FANOUT
    buffered: bool = False
    consolidated: bool = False
    eliminate: bool = False
    prefixed: bool = False


class Given:
    """The options of one call, by long name, and the words that are left."""

    def __init__(self, program: str, options: Sequence[Option], err: Callable[[str], None]) -> None:
        self.program, self.values = program, dict[str, str]()
        self.counts: dict[str, int] = {}
        self.pairs: list[tuple[str, str]] = []
        self._options, self._err = options, err

    def read(self, arguments: Sequence[str]) -> list[str]:
        """Take the options out of a command line; they may stand among the words.

        Raises:
            Leave: an option is wrong.
        """
        letters = "".join(one.letter + ":" * one.takes for one in self._options if one.letter)
        words = [one.word + "=" * one.takes for one in self._options]
        try:
            pairs, rest = getopt.gnu_getopt(list(arguments), letters, words)
        except getopt.GetoptError as error:
            self._complain(error)
        by_name = {f"-{one.letter}": one for one in self._options if one.letter}
        by_name |= {f"--{one.word}": one for one in self._options}
        for name, value in pairs:
            key = by_name[name].word
            self.values[key] = value
            self.pairs.append((key, value))
            self.counts[key] = self.counts.get(key, 0) + 1
        return rest

    def has(self, word: str) -> bool:
        """Whether the option was given, here or in the configuration file."""
        return word in self.values

    def fail(self, text: str) -> NoReturn:
        """Say why, and end with FreeIPMI's exit code for a wrong value."""
        self._err(f"{text}\n")
        raise Leave(FAILED)

    def _complain(self, error: getopt.GetoptError) -> NoReturn:
        option = error.opt
        if "requires argument" in error.msg:
            what = f"option requires an argument -- '{option}'"
            if len(option) > 1:
                what = f"option '--{option}' requires an argument"
        elif len(option) == 1:
            what = f"invalid option -- '{option}'"
        else:
            what = f"unrecognized option '--{option}'"
        hint = f"Try `{self.program} --help' or `{self.program} --usage' for more information."
        self._err(f"{self.program}: {what}\n{hint}\n")
        raise Leave(USAGE_ERROR)


def shared(
    given: Given, ask: Callable[[str], str], *, level: Privilege, timeout: float | None = None
) -> Shared:
    """Check the shared options and make `Shared` of them.

    Args:
        ask: asks the user for a secret.
        level: the program's own default.
        timeout: the program's own time until a packet is sent again, seconds.

    Raises:
        Leave: a value is wrong.
    """
    if given.has("buffer-output") and given.has("consolidate-output"):
        given.fail("cannot buffer and consolidate hostrange output, please select only one")
    values = given.values
    hosts = values.get("hostname", "")
    interface = _interface(given, hosts)
    session, again = _patience(given)
    if timeout is not None and not given.has("retransmission-timeout"):
        again = timeout
    settings = Settings(
        interface=interface,
        username=_limited(given, values.get("username", ""), _LONGEST_NAME, "username too long"),
        password=_password(given, ask, interface),
        kg=_kg(given, ask),
        privilege=_level(given, level),
        cipher_suite=_suite(given),
        auth_type=_auth_type(given),
        timeout=again,
        retries=max(0, int(session / again) - 1),
        deadline=session,
        keep_alive=None,
        device=values.get("driver-device", ""),
        quirks=workarounds(given),
    )
    return Shared(
        settings=settings,
        hosts=hosts,
        fanout=_number(given, "fanout", _FANOUT, 1, _MOST_FANOUT),
        buffered=given.has("buffer-output"),
        consolidated=given.has("consolidate-output"),
        eliminate=given.has("eliminate"),
        prefixed=given.has("always-prefix"),
    )


def _interface(given: Given, hosts: str) -> str:
    driver = given.values.get("driver-type", "").lower()
    if not driver:
        return "lan" if hosts else "open"
    if driver not in DRIVERS and driver not in _IN_BAND:
        given.fail("invalid driver type")
    return DRIVERS.get(driver, "open")


def _level(given: Given, default: Privilege) -> int:
    word = given.values.get("privilege-level", "").lower()
    if word and word not in LEVELS:
        given.fail("invalid privilege level")
    return int(LEVELS.get(word, default))


def at_host(settings: Settings, host: str, port: int | None) -> Settings:
    """The settings for one host of the list."""
    return replace(settings, host=host, port=port or PORT)


def workarounds(given: Given) -> frozenset[str]:
    """Our ids of the workarounds that ``-W`` asks for."""
    names = [name for name in values_of(given.values.get("workaround-flags", "")) if name]
    if any(name.lower() not in WORKAROUNDS for name in names):
        given.fail("invalid workaround flags")
    return frozenset(WORKAROUNDS[name.lower()] for name in names) - {""}


def values_of(text: str) -> list[str]:
    """The parts of a list with commas."""
    return [part.strip() for part in text.split(",")] if text else []


def _limited(given: Given, text: str, limit: int, complaint: str) -> bytes:
    data = text.encode()
    if len(data) > limit:
        given.fail(complaint)
    return data


def _password(given: Given, ask: Callable[[str], str], interface: str) -> bytes:
    text = ask("Password: ") if given.has("password-prompt") else given.values.get("password", "")
    limit = _LONGEST_V15 if interface == "lan" else _LONGEST_PASSWORD
    return _limited(given, text, limit, "password too long")


def _kg(given: Given, ask: Callable[[str], str]) -> bytes:
    text = ask("K_g: ") if given.has("k-g-prompt") else given.values.get("k-g", "")
    if text[:2].lower() != "0x":
        return _limited(given, text, KG_SIZE, "k_g too long")
    digits = text[2:]
    if len(digits) > 2 * KG_SIZE:
        given.fail("k_g too long")
    if not re.fullmatch("[0-9A-Fa-f]*", digits):
        given.fail("k_g input formatted incorrectly")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def _suite(given: Given) -> int | None:
    text = given.values.get("cipher-suite-id")
    if text is None:
        # FreeIPMI's default; ours would begin with 17, but its callers count on what is refused.
        return 3
    if not text.isdigit() or int(text) > max(SUITES):
        given.fail("invalid cipher suite id")
    if int(text) not in SUITES or int(text) in _UNSUPPORTED:
        given.fail("unsupported cipher suite id")
    return int(text)


_UNSUPPORTED = frozenset({4, 5, 9, 10, 13, 14})
"""The suites with xRC4, which FreeIPMI has not."""


def _auth_type(given: Given) -> int | None:
    word = given.values.get("authentication-type", "").lower()
    if word and word not in _AUTH_TYPES:
        given.fail("invalid authentication type")
    return _AUTH_TYPES[word] if word else None


def _number(given: Given, word: str, default: int, low: int, high: int, complaint: str = "") -> int:
    text = given.values.get(word)
    if text is None:
        return default
    if not text.isdigit() or not low <= int(text) <= high:
        given.fail(complaint or f"invalid {word.replace('-', ' ')}")
    return int(text)


def _patience(given: Given) -> tuple[float, float]:
    """The session's and the packet's time-out, in seconds."""
    most = 10**9
    session = _number(given, "session-timeout", _SESSION_TIMEOUT, 1, most)
    again = _number(given, "retransmission-timeout", _RETRANSMISSION_TIMEOUT, 1, most)
    if given.has("retransmission-timeout") and again > session:
        given.fail("retransmission timeout larger than session timeout")
    return session / 1000, min(again, session) / 1000
