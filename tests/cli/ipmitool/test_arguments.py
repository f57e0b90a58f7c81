"""ipmitool's options: what each becomes, and what is wrong with those that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from baseboard.cli.ipmitool import usage
from baseboard.cli.ipmitool.arguments import QUIRKS, Leave, parse
from baseboard.cli.options import Options
from baseboard.client.interface import Target
from baseboard.client.quirks import consented


@dataclass
class Typed:
    """What came of a command line."""

    options: Options | None = None
    words: list[str] = field(default_factory=list)
    code: int | None = None
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def settings(self) -> object:
        assert self.options is not None, self.err
        return self.options.settings


def typed(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    answer: str | None = "secret",
    interactive: bool = False,
) -> Typed:
    made = Typed()

    def ask(prompt: str) -> str | None:
        made.asked.append(prompt)
        return answer

    try:
        made.options, made.words = parse(
            arguments,
            environment or {},
            out=made.out.append,
            err=made.err.append,
            ask=ask,
            interactive=interactive,
        )
    except Leave as leaving:
        made.code = leaving.code
    return made


def setting(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> object:
    made = typed(*arguments, environment=environment)
    return getattr(made.settings, name)


LAN = ("-I", "lanplus", "-H", "h")


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        (LAN, "interface", "lanplus"),
        (LAN, "host", "h"),
        (("-H", "h"), "interface", "lan"),
        ((), "interface", "open"),
        ((*LAN, "-p", "6230"), "port", 6230),
        ((*LAN, "-p", "0x26f"), "port", 623),
        ((*LAN, "-p", "0"), "port", 623),
        ((*LAN, "-4"), "family", 4),
        ((*LAN, "-6"), "family", 6),
        ((*LAN, "-U", "admin"), "username", b"admin"),
        ((*LAN, "-P", "pass word"), "password", b"pass word"),
        ((*LAN, "-P", ""), "password", b""),
        ((*LAN, "-P", "é" * 10), "password", "é".encode() * 10),
        ((*LAN, "-P", "12345678901234567890"), "password", b"12345678901234567890"),
        ((*LAN, "-k", "key"), "kg", b"key"),
        ((*LAN, "-k", "x" * 30), "kg", b"x" * 20),
        ((*LAN, "-y", "00ff10"), "kg", b"\x00\xff\x10"),
        ((*LAN, "-y", "0x00FF10"), "kg", b"\x00\xff\x10"),
        ((*LAN, "-Y"), "kg", b"secret"),
        ((*LAN, "-L", "operator"), "privilege", 3),
        ((*LAN, "-L", "USER"), "privilege", 2),
        ((*LAN,), "privilege", 4),
        ((*LAN, "-L", "Operator+"), "name_only", False),
        ((*LAN, "-L", "Operator+"), "privilege", 3),
        ((*LAN,), "name_only", True),
        ((*LAN, "-L", "user", "-t", "0x82"), "privilege", 2),
        ((*LAN, "-C", "3"), "cipher_suite", 3),
        ((*LAN, "-C", "99"), "cipher_suite", 99),
        ((*LAN, "-C", "255"), "cipher_suite", None),
        (LAN, "cipher_suite", None),
        (("-I", "lan", "-H", "h", "-A", "md5"), "auth_type", 2),
        (("-I", "lan", "-H", "h", "-A", "none"), "auth_type", 0),
        (("-I", "lan", "-H", "h", "-A", "foo"), "auth_type", 255),
        (("-I", "lan", "-H", "h"), "auth_type", None),
        ((*LAN, "-N", "5"), "timeout", 5.0),
        ((*LAN, "-N", "0"), "timeout", 1.0),
        (("-I", "lan", "-H", "h"), "timeout", 2.0),
        ((*LAN, "-R", "2"), "retries", 1),
        ((*LAN, "-R", "0"), "retries", 3),
        (LAN, "retries", 3),
        ((*LAN, "-m", "0x24"), "my_address", 0x24),
        ((*LAN, "-m", "0x24"), "target", Target(address=0x24)),
        (
            (*LAN, "-t", "0x82", "-b", "7", "-T", "0x52", "-B", "6", "-l", "2"),
            "target",
            Target(address=0x82, channel=7, lun=2, transit_address=0x52, transit_channel=6),
        ),
        (("-d", "2"), "device", "/dev/ipmi2"),
        (("-d", "0"), "device", ""),
        (("-I", "serial-basic", "-D", "/dev/ttyS1:115200"), "device", "/dev/ttyS1"),
        (("-I", "serial-basic", "-D", "/dev/ttyS1:115200"), "baud", 115200),
        (("-I", "serial-terminal", "-D", "/dev/ttyS1:19200:s"), "baud", 19200),
        (("-I", "serial-terminal", "-D", "/dev/ttyS1"), "baud", 9600),
        ((*LAN, "-o", "intelplus"), "quirks", frozenset({"Q-NAMEPAD", "Q-OPENPRIV", "Q-SOLCTS"})),
        ((*LAN, "-g"), "quirks", frozenset({"Q-INTEL-THUMP"})),
        ((*LAN, "-s"), "quirks", frozenset({"Q-SUPERMICRO-OEM15"})),
    ],
)
def test_an_option_becomes_a_setting(arguments: tuple[str, ...], name: str, value: object) -> None:
    assert setting(name, *arguments) == value


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        (("-c",), "csv", True),
        (("-v", "-v"), "verbose", 2),
        (("-cvv",), "verbose", 2),
        (("-cvv",), "csv", True),
        (("-Z",), "utc", True),
        (("-e", "&"), "escape", "&"),
        (("-S", "sdrs"), "sdr_file", "sdrs"),
        (("-O", "names"), "sel_file", "names"),
        (("-o", "kontron"), "oem", "kontron"),
        (("-z", "1024"), "packet_size", 1024),
        (("-H", "node[1-3]"), "host_list", "node[1-3]"),
        (("--compat=1.8.18",), "compat", "1.8.18"),
        (("--compat-dates=1.8.18",), "compat", "1.8.18"),
        ((), "compat", "1.8.19"),
    ],
)
def test_an_option_is_kept(arguments: tuple[str, ...], name: str, value: object) -> None:
    made = typed(*arguments)
    assert getattr(made.options, name) == value


def test_the_environment_can_choose_the_release() -> None:
    made = typed(environment={"BASEBOARD_COMPAT": "1.8.18"})
    assert made.options is not None
    assert made.options.compat == "1.8.18"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-H", "h", "power", "status"), ["power", "status"]),
        (("power", "status", "-H", "h", "-v"), ["power", "status"]),
        (("power", "-Hh", "-cvUadmin", "status"), ["power", "status"]),
        (("raw", "--", "-v", "-x"), ["raw", "-v", "-x"]),
        (("raw", "-", "1"), ["raw", "-", "1"]),
    ],
)
def test_options_and_words_may_be_mixed(arguments: tuple[str, ...], words: list[str]) -> None:
    assert typed(*arguments).words == words


def test_posix_manners_end_the_options_at_the_first_word() -> None:
    made = typed("-c", "raw", "-v", environment={"POSIXLY_CORRECT": "1"})
    assert made.words == ["raw", "-v"]


@pytest.mark.parametrize(
    ("environment", "password"),
    [
        ({"IPMITOOL_PASSWORD": "one", "IPMI_PASSWORD": "two"}, b"one"),
        ({"IPMI_PASSWORD": "two"}, b"two"),
        ({"IPMITOOL_PASSWORD": ""}, b""),
    ],
)
def test_the_password_comes_from_the_environment(environment: dict[str, str], password: bytes) -> None:
    assert setting("password", *LAN, "-E", environment=environment) == password


def test_k_g_comes_from_the_environment() -> None:
    assert setting("kg", *LAN, "-K", environment={"IPMI_KGKEY": "key"}) == b"key"


def test_an_empty_environment_is_told() -> None:
    made = typed(*LAN, "-E", "-K", "mc")
    assert made.err == ["Unable to read password from environment", "Unable to read kgkey from environment"]


@pytest.mark.parametrize(
    ("content", "password"),
    [
        (b"secret\n", b"secret"),
        (b"secret\r\nmore\n", b"secret"),
        (b"sec\tret\n", b"sec"),
        (b"sec ret", b"sec ret"),
        (b"\xe9t\xe9\n", b"\xe9t\xe9"),
        (b"\n", b""),
    ],
)
def test_the_password_is_the_first_line_of_a_file(tmp_path: Path, content: bytes, password: bytes) -> None:
    path = tmp_path / "password"
    path.write_bytes(content)
    assert setting("password", *LAN, "-f", str(path)) == password


@pytest.mark.parametrize(
    ("content", "err"),
    [
        (
            None,
            [
                "File {0} does not exist",
                "Unable to open password file {0}",
                "Unable to read password from file {0}",
            ],
        ),
        (b"", ["Unable to read password from file {0}"] * 2),
    ],
)
def test_a_file_without_a_password_is_told(tmp_path: Path, content: bytes | None, err: list[str]) -> None:
    path = tmp_path / "password"
    if content is not None:
        path.write_bytes(content)
    made = typed(*LAN, "-f", str(path), "mc")
    assert made.err == [line.format(path) for line in err]
    assert made.words == ["mc"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    made = typed(*LAN, "-f", str(tmp_path))
    assert made.err[0] == f"Unable to open file {tmp_path}: Is a directory"


@pytest.mark.parametrize(
    ("arguments", "err"),
    [
        (("-p", "foo"), "Invalid parameter given or out of range for '-p'."),
        (("-p", "70000"), "Port number 70000 is out of range."),
        (("-p", "-1"), "Port number -1 is out of range."),
        (("-d", "x"), "Invalid parameter given or out of range for '-d'."),
        (("-d", "-1"), "Device number -1 is out of range."),
        (("-C", "256"), "Invalid parameter given or out of range [0-255] for '-C'."),
        (("-t", "256"), "Invalid parameter given or out of range for '-t'."),
        (("-b", "x"), "Invalid parameter given or out of range for '-b'."),
        (("-T", "-1"), "Invalid parameter given or out of range for '-T'."),
        (("-B", "x"), "Invalid parameter given or out of range for '-B'."),
        (("-m", "x"), "Invalid parameter given or out of range for '-m'."),
        (("-z", "65536"), "Invalid parameter given or out of range for '-z'."),
        (("-R", "-1"), "Invalid parameter given or out of range for '-R'."),
        (("-N", "x"), "Invalid parameter given or out of range for '-N'."),
        (("-4", "-6"), "Parameter is mutually exclusive with -4."),
        (("-6", "-4"), "Parameter is mutually exclusive with -6."),
        (("-6", "-6"), "Multiple -6 parameters given."),
        (("-y", "abc"), "Number of Kg key characters is not even"),
        (("-y", "zz"), "Kg key is not hexadecimal number"),
        (("-U", "12345678901234567"), "Username is too long (> 16 bytes)"),
        (("-U", "é" * 9), "Username is too long (> 16 bytes)"),
        (("-H", "h", "-P", "12345678901234567"), "lan: password is longer than 16 bytes."),
        ((*LAN, "-P", "123456789012345678901"), "lanplus: password is longer than 20 bytes."),
        ((*LAN, "-P", "é" * 11), "lanplus: password is longer than 20 bytes."),
        (("-I", "foo"), "Error loading interface foo"),
        (("-I", "inband"), "Error loading interface inband"),
        (("-d", "kcs@0xca2"), "Invalid parameter given or out of range for '-d'."),
        (("-I", "serial-basic"), "Serial device is not specified"),
        (("-I", "serial-basic", "-D", "/dev/ttyS1:fast"), "Invalid baud rate specified\n"),
        (
            (*LAN, "-T", "0x52"),
            "Transit address/channel 0x52/0 ignored. Target address must be specified!",
        ),
        (("--compat=1.7",), "--compat takes 1.8.18 or 1.8.19, not 1.7"),
    ],
)
def test_a_wrong_value_is_told_and_ends_the_program(arguments: tuple[str, ...], err: str) -> None:
    made = typed(*arguments, "mc", "info")
    assert made.err == [err]
    assert made.code == 1


@pytest.mark.parametrize(
    ("arguments", "err"),
    [
        (("-l", "256"), "Invalid parameter given or out of range for '-l'."),
        (("-y", "00" * 21), "Kg key is too long"),
    ],
)
def test_some_wrong_values_end_it_with_exit_code_0(arguments: tuple[str, ...], err: str) -> None:
    made = typed(*arguments, "mc")
    assert (made.code, made.err) == (0, [err])


@pytest.mark.parametrize(
    ("arguments", "err"),
    [
        (("-x",), "ipmitool: invalid option -- 'x'"),
        (("--foo",), "ipmitool: invalid option -- '-'"),
        (("mc", "-H"), "ipmitool: option requires an argument -- 'H'"),
    ],
)
def test_an_unknown_option_is_answered_with_all_the_help(arguments: tuple[str, ...], err: str) -> None:
    made = typed(*arguments)
    assert made.code == 1
    assert made.err == [err, usage.usage("ipmitool")[:-1]]


@pytest.mark.parametrize(
    ("arguments", "err"),
    [
        (("-N", "0", "-R", "0", "-h"), usage.usage("ipmitool")[:-1]),
        (("-m", "0", "-b", "0", "-t", "0", "-B", "0", "-T", "0", "-h"), usage.usage("ipmitool")[:-1]),
        (("help",), usage.COMMANDS[:-1]),
        (("-o", "list"), usage.OEM_TYPES[:-1]),
        (("-o", "help"), usage.OEM_TYPES[:-1]),
    ],
)
def test_what_callers_probe_by_succeeds(arguments: tuple[str, ...], err: str) -> None:
    made = typed(*arguments)
    assert (made.code, made.err, made.out) == (0, [err], [])


def test_the_version_goes_to_standard_output() -> None:
    made = typed("-V")
    assert (made.code, made.out) == (0, ["ipmitool version 1.8.19"])


def test_an_unknown_privilege_level_is_told() -> None:
    made = typed(*LAN, "-L", "foo")
    assert made.err == ["Invalid privilege level foo"]


def test_an_unknown_maker_is_told_and_passed_over() -> None:
    made = typed("-o", "foo", "mc")
    assert made.err == ['OEM setup for "foo" failed']
    assert made.words == ["mc"]


def test_every_maker_that_is_listed_is_known() -> None:
    for oem in QUIRKS:
        assert f"\t{oem} " in usage.OEM_TYPES
        # The login takes them all: an id that it does not know would end every connection.
        assert consented(QUIRKS[oem])


# ---- asking


def test_a_password_is_asked_for() -> None:
    made = typed(*LAN, "-a")
    assert made.asked == ["Password: "]
    assert made.settings.password == b"secret"  # type: ignore[attr-defined]  # they are Settings


def test_without_a_password_the_user_is_asked_if_there_is_one() -> None:
    assert typed(*LAN, "mc", interactive=True).asked == ["Password: "]
    assert not typed(*LAN, "mc").asked


@pytest.mark.parametrize(
    "arguments", [(*LAN, "-P", ""), ("-I", "open"), ("-I", "lan", "-H", "h", "-A", "NONE")]
)
def test_the_user_is_not_asked_for_what_is_not_needed(arguments: tuple[str, ...]) -> None:
    assert not typed(*arguments, interactive=True).asked


def test_who_gives_no_answer_has_an_empty_password() -> None:
    made = typed(*LAN, "-a", "-Y", answer=None)
    assert made.settings.password == b""  # type: ignore[attr-defined]  # they are Settings


def test_no_password_shows_in_what_the_options_print() -> None:
    made = typed(*LAN, "-P", "hush-hush", "-k", "very-secret")
    assert "hush-hush" not in repr(made.options)
    assert "very-secret" not in repr(made.options)
