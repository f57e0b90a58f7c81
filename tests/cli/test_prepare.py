"""What a line needs before anything is sent."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from baseboard.cli import prepare as preparing
from baseboard.cli.ipmitool.arguments import Leave
from baseboard.cli.long_options import UsageError, split
from baseboard.cli.prepare import PasswordCommandError, Setup, prepare
from baseboard.client.interface import Target
from baseboard.client.quirks import AFTER_LOGIN, NEED_CONSENT


def ready(*words: str) -> Setup:
    return prepare(split(words))


def test_a_host_is_reached_by_v20_unless_told_otherwise() -> None:
    assert ready("-H", "h", "-P", "x", "mc", "info").options.settings.interface == "lanplus"
    assert ready("-I", "lan", "-H", "h", "-P", "x", "mc", "info").options.settings.interface == "lan"
    local = ready("mc", "info")
    assert local.options.settings.interface == "open"
    assert [place.name for place in local.places] == ["localhost"]
    assert local.of(local.places[0]) is local.options


def test_the_system_interface_without_a_driver() -> None:
    settings = ready("-I", "inband", "mc", "info").options.settings
    assert (settings.interface, settings.device) == ("inband", "")
    for words in (("-d", "kcs@0xca8,spacing=4"), ("-dkcs@0xca8,spacing=4",)):
        settings = ready("-I", "inband", *words, "mc", "info").options.settings
        assert (settings.interface, settings.device) == ("inband", "kcs@0xca8,spacing=4")
    assert ready("-d", "/dev/ipmi3", "mc", "info").options.settings.device == "/dev/ipmi3"
    assert ready("-d", "3", "mc", "info").options.settings.device == "/dev/ipmi3"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("-I", "inband", "-d", "1"), "-d 1 is for -I open; -I inband takes one such as kcs@0xca2"),
        (("-H", "h", "-P", "x", "-d", "kcs"), "-d kcs is for -I inband"),
        (("-d", "-1"), "Device number -1 is out of range."),
    ],
)
def test_a_device_of_another_interface(words: tuple[str, ...], text: str) -> None:
    with pytest.raises(UsageError) as caught:
        ready(*words, "mc", "info")
    assert str(caught.value) == text


def test_each_place_has_its_own_settings() -> None:
    setup = ready("-H", "a,b:6230", "-p", "700", "-P", "x", "-t", "0x24", "mc", "info")
    first, second = (setup.of(place).settings for place in setup.places)
    assert (first.host, first.port, first.password) == ("a", 700, b"x")
    assert (second.host, second.port) == ("b", 6230)
    assert first.target == Target(address=0x24)
    assert setup.words == ["mc", "info"]


def test_hosts_come_from_files_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hosts").write_text("a\nb # two\n")
    setup = ready("--hosts", str(tmp_path / "hosts"), "-H", "c", "-P", "x", "mc", "info")
    assert [place.host for place in setup.places] == ["c", "a", "b"]
    monkeypatch.setattr("sys.stdin", io.StringIO("d\n"))
    alone = ready("--hosts", "-", "-P", "x", "mc", "info")
    assert [place.host for place in alone.places] == ["d"]
    assert alone.options.settings.interface == "lanplus"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["-H", "a[3-1]"], "no list of numbers"),
        (["-H", ","], "list of hosts is empty"),
        (["--hosts", "/nowhere/at/all"], "--hosts /nowhere/at/all: No such file"),
        (["-H", "h", "-P", "x" * 21], "password is longer than 20 bytes"),
        (["-H", "h", "-x"], "invalid option"),
        (["-H", "h", "-p", "700000"], "out of range"),
        (["-H", "h", "--timeout", "soon"], "no number"),
        (["-H", "h", "--timeout", "0"], "no number"),
    ],
)
def test_a_mistake_is_told(words: list[str], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        ready(*words, "mc", "info")


def test_a_list_of_quirks_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Leave):
        ready("-o", "list")
    assert "supermicro" in capsys.readouterr().out


def test_a_warning_is_told_and_a_release_chosen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IPMITOOL_PASSWORD", "IPMI_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    setup = ready("-H", "h", "-E", "--compat", "1.8.18", "-vv", "mc", "info")
    assert setup.options.compat == "1.8.18"
    assert capsys.readouterr().err == "baseboard: Unable to read password from environment\n"


def test_what_is_learned_may_be_left_alone() -> None:
    assert ready("-H", "h", "-P", "x", "mc", "info").options.settings.learn
    assert not ready("--no-cache", "-H", "h", "-P", "x", "mc", "info").options.settings.learn


def by_command(code: str) -> Setup:
    return ready("-H", "h", "--password-command", f'"{sys.executable}" -c "{code}"', "mc", "info")


def test_a_command_may_tell_the_password(capfd: pytest.CaptureFixture[str]) -> None:
    assert by_command("print('secret'); print('more')").options.settings.password == b"secret"
    assert "secret" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("code", "complaint"), [("import sys; sys.exit(3)", "exit code 3"), ("pass", "printed nothing")]
)
def test_a_command_that_tells_none(code: str, complaint: str) -> None:
    with pytest.raises(PasswordCommandError, match=complaint):
        by_command(code)


def test_a_command_that_cannot_be_run_or_tells_too_much() -> None:
    for command in ("/nowhere/at/all", '"unfinished'):
        with pytest.raises(PasswordCommandError):
            ready("-H", "h", "--password-command", command, "mc", "info")
    with pytest.raises(UsageError, match="longer than 20"):
        by_command("print('x' * 21)")


def test_the_password_is_asked_for_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt, stream: "typed")
    assert ready("-H", "h", "mc", "info").options.settings.password == b"typed"
    assert ready("-H", "h", "-a", "mc", "info").options.settings.password == b"typed"
    # Nothing is sent, so nothing is asked for.
    assert ready("-H", "h", "--dry-run", "mc", "info").options.settings.password == b""


def test_without_a_terminal_it_is_a_line_of_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("piped\n"))
    assert ready("-H", "h", "-a", "mc", "info").options.settings.password == b"piped"
    assert preparing._ask("Password: ") is None

    def ended(prompt: str, stream: object) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", ended)
    assert preparing._ask("Password: ") is None


def test_departures_are_allowed_one_by_one_on_top_of_those_of_a_board() -> None:
    words = ("-H", "h", "-P", "x", "mc", "info")
    assert ready(*words).options.settings.quirks == frozenset()
    named = ready("--allow", "Q-CHKSUM", "--allow", "q-scanlie", "--allow=idzero", *words)
    assert named.options.settings.quirks == {"Q-CHKSUM", "Q-SCANLIE", "Q-IDZERO"}
    board = ready("-o", "intelplus", *words).options.settings.quirks
    assert board
    assert ready("-o", "intelplus", "--allow", "Q-CHKSUM", *words).options.settings.quirks == {
        *board,
        "Q-CHKSUM",
    }


def test_what_cannot_be_allowed_is_told_with_what_can() -> None:
    with pytest.raises(UsageError, match="no such departure") as caught:
        ready("--allow", "Q-NONSENSE", "-H", "h", "-P", "x", "mc", "info")
    assert all(quirk in str(caught.value) for quirk in (*NEED_CONSENT, *AFTER_LOGIN))
    with pytest.raises(UsageError, match="borne without being asked"):
        ready("--allow", "Q-NOPING", "-H", "h", "-P", "x", "mc", "info")
