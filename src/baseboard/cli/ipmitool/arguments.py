"""ipmitool's options: found anywhere among the words, checked as ipmitool checks them, and made `Options`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NoReturn

from baseboard.cli.ipmitool import usage
from baseboard.cli.ipmitool.text import AUTH_TYPES, PRIVILEGES, number, str2val
from baseboard.cli.options import Options
from baseboard.client.interface import BMC, Target
from baseboard.client.settings import PORT, Settings
from baseboard.codes import Privilege

_LETTERS: Final = "I:46hVvcgsEKYao:H:d:P:f:U:p:C:L:A:t:T:m:z:S:l:b:B:e:k:y:O:R:N:D:Z"
_TAKES_VALUE: Final = frozenset(letter for letter, after in pairwise(_LETTERS) if after == ":")
_PLAIN: Final = frozenset(_LETTERS) - _TAKES_VALUE - {":"}

INTERFACES: Final = (
    "open", "imb", "lan", "lanplus", "free", "serial-terminal", "serial-basic", "dummy", "usb",
)  # fmt: skip
INBAND: Final = "inband"
"""The interface that ipmitool has not: `baseboard` alone takes it, and -d that says where it is."""
RELEASES: Final = ("1.8.18", "1.8.19")
"""The releases whose output can be had."""

_INT_MAX: Final = 2**31 - 1
_UINT_MAX: Final = 2**32 - 1
_NO_LIST: Final = 0xFF
_LONGEST_NAME: Final = 16
_KG_SIZE: Final = 20
_LONGEST: Final = {"lan": 16, "lanplus": 20}
_ATTEMPTS: Final = 4
_PORT_MAX: Final = 65535
_SERIAL_BAUD: Final = 9600

_NUMBERS: Final[Mapping[str, tuple[str, int, int]]] = {
    "d": ("device_number", -_INT_MAX - 1, _INT_MAX),
    "p": ("port", -_INT_MAX - 1, _INT_MAX),
    "C": ("suite", 0, 0xFF),
    "t": ("address", 0, 0xFF),
    "b": ("channel", 0, 0xFF),
    "T": ("transit_address", 0, 0xFF),
    "B": ("transit_channel", 0, 0xFF),
    "l": ("lun", 0, 0xFF),
    "m": ("my_address", 0, 0xFF),
    "z": ("packet_size", 0, 0xFFFF),
    "R": ("attempts", 0, _INT_MAX),
    "N": ("timeout", 0, _UINT_MAX),
}
"""Options that take a number: where it goes, and its range."""

QUIRKS: Final[Mapping[str, frozenset[str]]] = {
    "supermicro": frozenset({"Q-SUPERMICRO-OEM15"}),
    "quanta": frozenset({"Q-SUPERMICRO-OEM15"}),
    "intelwv2": frozenset({"Q-INTEL-THUMP"}),
    "intelplus": frozenset({"Q-NAMEPAD", "Q-OPENPRIV", "Q-SOLCTS"}),
    "icts": frozenset({"Q-ICTS-PAD"}),
    "i82571spt": frozenset({"Q-82571"}),
    "kontron": frozenset(),
    "ibm": frozenset(),
}
"""What the words of ``-o`` stand for."""

Say = Callable[[str], None]
Ask = Callable[[str], "str | None"]


class Leave(Exception):
    """The program ends here, with this exit code; all that is to be said was said."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Given:
    """What the options have said so far; what they have not is as the class says."""

    interface: str = ""
    host: str | None = None
    port: int = 0
    family: int = 0
    username: str = ""
    password: str | None = None
    kg: bytes = b""
    level: int = 0
    name_only: bool = True
    suite: int | None = None
    auth_type: int | None = None
    timeout: int = 0
    attempts: int = 0
    device_number: int = 0
    device: str = ""
    line: str = ""
    my_address: int = 0
    address: int = 0
    channel: int = 0
    transit_address: int = 0
    transit_channel: int = 0
    lun: int = 0
    csv: bool = False
    verbose: int = 0
    utc: bool = False
    escape: str = "~"
    sdr_file: str = ""
    sel_file: str = ""
    oem: str = ""
    packet_size: int = 0
    compat: str = "1.8.19"


def encoded(text: str) -> bytes:
    """The bytes of a word as the user typed it, whatever the locale."""
    return os.fsencode(text)


def parse(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    out: Say,
    err: Say,
    ask: Ask,
    interactive: bool = False,
    program: str = "ipmitool",
) -> tuple[Options, list[str]]:
    """Take the options out of a command line.

    Args:
        arguments: without the program's name.
        environment: for ``-E``, ``-K`` and the release to imitate.
        out: prints a line on standard output; ``err`` on standard error.
        ask: asks the user for a secret; None when there was none to be had.
        interactive: whether a password may be asked for that no option mentions.
        program: its name in messages.

    Returns: the options, and the words that are left.

    Raises:
        Leave: help was printed, or an option is wrong.
    """
    reading = _Reading(environment, out, err, ask, program)
    words = reading.all(arguments)
    if words[:1] == ["help"]:
        err(usage.COMMANDS[:-1])
        raise Leave(0)
    return reading.options(interactive=interactive), words


class _Reading:
    def __init__(self, environment: Mapping[str, str], out: Say, err: Say, ask: Ask, program: str) -> None:
        self.given = _Given()
        self.given.compat = environment.get("BASEBOARD_COMPAT", self.given.compat)
        self._environment, self._out, self._err = environment, out, err
        self._ask, self._program = ask, program

    # ---- the words, one by one

    def all(self, arguments: Sequence[str]) -> list[str]:
        """Take every option; words and options may be mixed, as GNU getopt lets them."""
        words: list[str] = []
        rest = iter(arguments)
        for word in rest:
            if word == "--":
                words.extend(rest)
            elif word.startswith("--compat") and "=" in word:
                self._compat(word.split("=", 1)[1])
            elif word.startswith("-") and len(word) > 1:
                self._bundle(word[1:], rest)
            else:
                words.append(word)
                if "POSIXLY_CORRECT" in self._environment:
                    words.extend(rest)
        return words

    def _bundle(self, letters: str, rest: Iterator[str]) -> None:
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in _PLAIN:
                self._plain(letter)
                continue
            if letter not in _TAKES_VALUE:
                self._wrong(f"invalid option -- '{letter}'")
            value = letters or next(rest, None)
            if value is None:
                self._wrong(f"option requires an argument -- '{letter}'")
            self._valued(letter, value)
            return

    def _wrong(self, what: str) -> NoReturn:
        self._err(f"{self._program}: {what}")
        self._err(usage.usage(self._program)[:-1])
        raise Leave(1)

    def _fail(self, text: str, code: int = 1) -> NoReturn:
        self._err(text)
        raise Leave(code)

    def _compat(self, release: str) -> None:
        if release not in RELEASES:
            self._fail(f"--compat takes {' or '.join(RELEASES)}, not {release}")
        self.given.compat = release

    # ---- options without a value

    def _plain(self, letter: str) -> None:
        given = self.given
        match letter:
            case "h":
                self._err(usage.usage(self._program)[:-1])
                raise Leave(0)
            case "V":
                self._out(f"{self._program} version {usage.VERSION}")
                raise Leave(0)
            case "v":
                given.verbose += 1
                if given.verbose == 2:
                    self._err(f"{self._program} version {usage.VERSION}\n")
            case "c":
                given.csv = True
            case "Z":
                given.utc = True
            case "g":
                given.oem = "intelwv2"
            case "s":
                given.oem = "supermicro"
            case "4" | "6":
                self._family(int(letter))
            case _:
                self._secret(letter)

    def _family(self, family: int) -> None:
        if self.given.family == family:
            self._fail(f"Multiple -{family} parameters given.")
        if self.given.family:
            self._fail(f"Parameter is mutually exclusive with -{self.given.family}.")
        self.given.family = family

    def _secret(self, letter: str) -> None:
        """The password or K_G from elsewhere: ``-a -Y`` ask, ``-E -K`` look into the environment."""
        given, environment = self.given, self._environment
        match letter:
            case "a":
                answer = self._ask("Password: ")
                given.password = given.password if answer is None else answer
            case "Y":
                answer = self._ask("Key: ")
                given.kg = given.kg if answer is None else encoded(answer)[:_KG_SIZE]
            case "E":
                found = environment.get("IPMITOOL_PASSWORD", environment.get("IPMI_PASSWORD"))
                if found is None:
                    self._err("Unable to read password from environment")
                else:
                    given.password = found
            case _:
                key = environment.get("IPMI_KGKEY")
                if key is None:
                    self._err("Unable to read kgkey from environment")
                else:
                    given.kg = encoded(key)[:_KG_SIZE]

    # ---- options with a value

    def _valued(self, letter: str, value: str) -> None:
        given = self.given
        match letter:
            case "I":
                given.interface = value
            case "H":
                given.host = value
            case "P":
                given.password = value
            case "f":
                given.password = self._password_file(value)
            case "U":
                if len(encoded(value)) > _LONGEST_NAME:
                    self._fail(f"Username is too long (> {_LONGEST_NAME} bytes)")
                given.username = value
            case "S":
                given.sdr_file = value
            case "O":
                given.sel_file = value
            case "D":
                given.line = value
            case "d" if self._ours() and not value.lstrip("-")[:1].isdecimal():
                given.device = value
            case "e":
                given.escape = value[:1] or "\0"
            case "o":
                self._oem(value)
            case "k":
                given.kg = encoded(value)[:_KG_SIZE]
            case "y":
                given.kg = self._hexadecimal(value)
            case "L":
                self._level(value)
            case "A":
                given.auth_type = str2val(value, AUTH_TYPES)
            case _:
                self._number(letter, value)

    def _oem(self, value: str) -> None:
        if value in ("list", "help"):
            self._err(usage.OEM_TYPES[:-1])
            raise Leave(0)
        self.given.oem = value

    def _level(self, value: str) -> None:
        if value.endswith("+"):
            self.given.name_only, value = False, value[:-1]
        self.given.level = str2val(value, PRIVILEGES)
        if self.given.level == _NO_LIST:
            self._err(f"Invalid privilege level {value}")

    def _hexadecimal(self, value: str) -> bytes:
        digits = value[2:] if value[:2] in ("0x", "0X") else value
        if len(digits) % 2:
            self._fail("Number of Kg key characters is not even")
        if not re.fullmatch("[0-9a-fA-F]*", digits):
            self._fail("Kg key is not hexadecimal number")
        if len(digits) > 2 * _KG_SIZE:
            # Inside ipmitool the length is what is returned, and a positive number is exit code 0.
            self._fail("Kg key is too long", code=0)
        return bytes.fromhex(digits)

    def _password_file(self, path: str) -> str | None:
        try:
            with open(path, "rb") as file:
                # One more than a password can have: it is refused later, by its length.
                line = file.readline(_KG_SIZE + 3)
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            self._err(
                f"File {path} does not exist" if missing else f"Unable to open file {path}: {error.strerror}"
            )
            self._err(f"Unable to open password file {path}")
            self._err(f"Unable to read password from file {path}")
            return None
        if not line:
            self._err(f"Unable to read password from file {path}")
            self._err(f"Unable to read password from file {path}")
            return None
        return os.fsdecode(re.split(rb"[\r\n\t]", line, maxsplit=1)[0])

    def _number(self, letter: str, value: str) -> None:
        name, low, high = _NUMBERS[letter]
        found = number(value, low, high)
        if found is None:
            what = "out of range [0-255]" if letter == "C" else "out of range"
            # ipmitool leaves by +1 after a wrong LUN, which is its exit code 0.
            code = 0 if letter == "l" else 1
            self._fail(f"Invalid parameter given or {what} for '-{letter}'.", code)
        if letter == "p" and not 0 <= found <= _PORT_MAX:
            self._fail(f"Port number {found} is out of range.")
        if letter == "d" and found < 0:
            self._fail(f"Device number {found} is out of range.")
        setattr(self.given, name, found)

    # ---- all together

    def options(self, *, interactive: bool) -> Options:
        """Check what belongs together, ask for what is missing."""
        given = self.given
        if given.host is not None and given.password is None and given.auth_type != 0 and interactive:
            given.password = self._ask("Password: ")
        interface = given.interface or ("lan" if given.host is not None else "open")
        longest = _LONGEST.get(interface, _KG_SIZE)
        if (
            given.password is not None
            and (given.interface or given.host is not None)
            and interface in _LONGEST
            and len(encoded(given.password)) > longest
        ):
            self._fail(f"{interface}: password is longer than {longest} bytes.")
        if interface not in INTERFACES and not (interface == INBAND and self._ours()):
            self._fail(f"Error loading interface {interface}")
        quirks = QUIRKS.get(given.oem)
        if given.oem and quirks is None:
            self._err(f'OEM setup for "{given.oem}" failed')
        if given.transit_address and not given.address:
            self._fail(
                f"Transit address/channel {given.transit_address:#x}/{_alternate(given.transit_channel)}"
                " ignored. Target address must be specified!"
            )
        device, baud = self._device(interface)
        return Options(
            settings=self._settings(interface, device, baud, quirks or frozenset()),
            csv=given.csv,
            verbose=given.verbose,
            utc=given.utc,
            escape=given.escape,
            sdr_file=given.sdr_file,
            oem=given.oem,
            sel_file=given.sel_file,
            host_list=given.host or "",
            compat=given.compat,
            packet_size=given.packet_size,
        )

    def _settings(self, interface: str, device: str, baud: int, quirks: frozenset[str]) -> Settings:
        given = self.given
        level = given.level or Privilege.ADMINISTRATOR
        return Settings(
            interface=interface,
            host=given.host or "",
            port=given.port or PORT,
            family=given.family,
            username=encoded(given.username),
            password=encoded(given.password or ""),
            kg=given.kg.rstrip(b"\0"),
            privilege=level,
            name_only=given.name_only,
            cipher_suite=None if given.suite == _NO_LIST else given.suite,
            auth_type=given.auth_type,
            timeout=float(given.timeout or (2 if interface == "lan" else 1)),
            retries=(given.attempts or _ATTEMPTS) - 1,
            device=device,
            baud=baud,
            target=Target(
                address=given.address or given.my_address or BMC.address,
                channel=given.channel if given.address else 0,
                lun=given.lun,
                transit_address=given.transit_address or None,
                transit_channel=given.transit_channel,
            ),
            my_address=given.my_address or None,
            quirks=quirks,
        )

    def _ours(self) -> bool:
        """Whether it is not ipmitool's face that is to be kept."""
        return self._program == "baseboard"

    def _device(self, interface: str) -> tuple[str, int]:
        """The device and the speed that an in-band or a serial interface is to have."""
        given = self.given
        if interface == INBAND and given.device_number:
            self._fail(f"-d {given.device_number} is for -I open; -I inband takes one such as kcs@0xca2")
        if given.device and interface not in (INBAND, "open"):
            self._fail(f"-d {given.device} is for -I inband")
        if given.device:
            return given.device, _SERIAL_BAUD
        if not interface.startswith("serial-"):
            return (f"/dev/ipmi{given.device_number}" if given.device_number else ""), _SERIAL_BAUD
        if not given.line:
            self._fail("Serial device is not specified")
        device, colon, rest = given.line.partition(":")
        baud = number(rest.split(":")[0], 0, _UINT_MAX) if colon else _SERIAL_BAUD
        if baud is None:
            self._fail("Invalid baud rate specified\n")
        return device, baud


def _alternate(value: int) -> str:
    """A number as C's ``%#x`` writes it: 0 has no prefix."""
    return f"{value:#x}" if value else "0"
