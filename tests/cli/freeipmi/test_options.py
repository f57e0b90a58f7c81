"""FreeIPMI's shared options: what its programs refuse, in its words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from baseboard.cli.freeipmi.options import COMMON, WORKAROUNDS, Given, Leave, at_host, shared
from baseboard.client.quirks import consented
from baseboard.codes import Privilege


def given(*words: str, told: list[str] | None = None) -> Given:
    made = Given("bmc-info", COMMON, (told if told is not None else []).append)
    made.read(words)
    return made


def refused(words: Sequence[str]) -> tuple[str, int]:
    told: list[str] = []
    with pytest.raises(Leave) as left:
        shared(given(*words, told=told), lambda prompt: "", level=Privilege.OPERATOR)
    return "".join(told), left.value.code


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-D", "pigeon"], "invalid driver type"),
        (["-l", "king"], "invalid privilege level"),
        (["-I", "x"], "invalid cipher suite id"),
        (["-I", "44"], "invalid cipher suite id"),
        (["-I", "4"], "unsupported cipher suite id"),
        (["-a", "md6"], "invalid authentication type"),
        (["-u", "a" * 17], "username too long"),
        (["-p", "a" * 17, "-D", "LAN"], "password too long"),
        (["-p", "a" * 21, "-D", "LAN_2_0"], "password too long"),
        (["-k", "a" * 21], "k_g too long"),
        (["-k", "0x" + "a" * 41], "k_g too long"),
        (["-k", "0xgg"], "k_g input formatted incorrectly"),
        (["-F", "0"], "invalid fanout"),
        (["--session-timeout", "x"], "invalid session timeout"),
        (["--session-timeout", "10", "--retransmission-timeout", "20"], "retransmission timeout larger"),
        (["-W", "opensesspriv,nonsense"], "invalid workaround flags"),
        (["-B", "-C"], "cannot buffer and consolidate"),
        (["--hostname"], "option '--hostname' requires an argument"),
        (["-h"], "option requires an argument -- 'h'"),
        (["-x"], "invalid option -- 'x'"),
        (["--nonsense"], "unrecognized option '--nonsense'"),
    ],
)
def test_a_wrong_value_is_refused(words: list[str], told: str) -> None:
    text, code = refused(words)
    assert told in text
    assert code in (1, 64)


def test_a_password_never_appears_in_what_is_refused() -> None:
    text, _ = refused(["-p", "hush-hush-hush-hush-hush"])
    assert "hush" not in text


def test_every_workaround_is_something_that_a_login_takes() -> None:
    made = shared(given("-W", ",".join(WORKAROUNDS)), input, level=Privilege.USER)
    assert consented(made.settings.quirks).ignore_checksums


def test_values_become_settings() -> None:
    words = "-h a,b -D LAN_2_0 -u bob -p pw -k 0x0102f -I 17 -l ADMIN -W intel20,authcap"
    timeouts = ["--session-timeout", "6000", "--retransmission-timeout", "1500"]
    made = shared(given(*words.split(), *timeouts), input, level=Privilege.USER)
    settings = made.settings
    assert (settings.interface, settings.username, settings.password) == ("lanplus", b"bob", b"pw")
    assert settings.kg == bytes.fromhex("0102f0")
    assert (settings.cipher_suite, settings.privilege) == (17, Privilege.ADMINISTRATOR)
    assert settings.quirks == {"Q-NAMEPAD"}
    assert (settings.timeout, settings.retries, settings.deadline) == (1.5, 3, 6.0)
    assert made.hosts == "a,b"
    placed = at_host(settings, "a", None)
    assert (placed.host, placed.port) == ("a", 623)


def test_secrets_are_asked_for() -> None:
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "secret"

    made = shared(given("-h", "a", "-P", "-K"), ask, level=Privilege.OPERATOR)
    assert asked == ["Password: ", "K_g: "]
    assert (made.settings.password, made.settings.kg) == (b"secret", b"secret")


def test_without_a_host_the_interface_is_the_machines_own() -> None:
    assert shared(given(), input, level=Privilege.USER).settings.interface == "open"
    assert shared(given("-h", "a"), input, level=Privilege.USER).settings.interface == "lan"
    assert shared(given("-D", "kcs"), input, level=Privilege.USER).settings.interface == "open"


def test_every_value_of_an_option_is_kept() -> None:
    made = given("-h", "a", "--hostname=b", "-B")
    assert made.pairs == [("hostname", "a"), ("hostname", "b"), ("buffer-output", "")]
    assert made.values["hostname"] == "b"


def test_long_names_may_be_cut_short() -> None:
    assert given("--host=a").values == {"hostname": "a"}
