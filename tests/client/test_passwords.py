"""Where passwords come from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from baseboard.client import passwords
from baseboard.errors import CredentialTooLong, NoPassword


@pytest.mark.parametrize(
    ("content", "password"),
    [
        (b"secret\n", b"secret"),
        (b"secret", b"secret"),
        (b"a b \r\nc\n", b"a b "),
        (b"", b""),
        (b"\xff\n", b"\xff"),
    ],
)
def test_the_first_line_of_a_file(tmp_path: Path, content: bytes, password: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert passwords.from_file(path) == password


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoPassword, match="No such file"):
        passwords.from_file(tmp_path / "none")


@pytest.mark.parametrize(
    ("environment", "password"),
    [
        ({}, None),
        ({"IPMITOOL_PASSWORD": "two"}, b"two"),
        ({"IPMITOOL_PASSWORD": "two", "IPMI_PASSWORD": "one"}, b"one"),
        ({"IPMI_PASSWORD": ""}, b""),
    ],
)
def test_the_environment(environment: dict[str, str], password: bytes | None) -> None:
    assert passwords.from_environment(environment) == password


def test_the_environment_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IPMITOOL_PASSWORD", raising=False)
    monkeypatch.setenv("IPMI_PASSWORD", "p\u00e4ss")
    assert passwords.from_environment() == "p\u00e4ss".encode()


def test_a_prompt() -> None:
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return "typed"

    assert passwords.from_prompt("K_G: ", ask) == b"typed"
    assert asked == ["K_G: "]


def test_a_prompt_that_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(text: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", gone)
    with pytest.raises(NoPassword, match="no terminal"):
        passwords.from_prompt()


def command(code: str) -> str:
    return f'"{sys.executable}" -c "{code}"'


def test_a_program() -> None:
    assert passwords.from_command(command("print('from a ring'); print('more')")) == b"from a ring"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("", "empty"),
        ("/no/such/program x", "No such file"),
        (command("print('s3cret'); raise SystemExit(3)"), "exit code 3"),
        (command("print()"), "gave no password"),
    ],
)
def test_programs_that_do_not_help(line: str, text: str) -> None:
    with pytest.raises(NoPassword, match=text) as caught:
        passwords.from_command(line)
    assert "s3cret" not in str(caught.value)


def test_a_program_that_takes_too_long() -> None:
    with pytest.raises(NoPassword, match="gave no password in 0 s"):
        passwords.from_command(command("import signal; signal.pause()"), 0.05)


def test_lengths() -> None:
    assert passwords.checked("x" * 20) == b"x" * 20
    assert passwords.checked(b"x" * 16, v15=True) == b"x" * 16
    with pytest.raises(CredentialTooLong, match="at most 20 bytes, this one has 22"):
        passwords.checked("\u00e4" * 11)
    with pytest.raises(CredentialTooLong, match="at most 16"):
        passwords.checked(b"x" * 17, v15=True)


@pytest.mark.parametrize("size", [3, 16, 20])
def test_a_fresh_password_that_no_policy_is_known_to_refuse(size: int) -> None:
    """Q-PWMIN16."""
    made = {passwords.fresh(size) for _ in range(20)}
    assert len(made) > 1
    for one in made:
        assert len(one) == size
        assert one.isascii()
        assert one.isalnum()
        assert any(map(str.islower, one))
        assert any(map(str.isupper, one))
        assert any(map(str.isdigit, one))


@pytest.mark.parametrize("size", [2, 21])
def test_sizes_that_no_password_has(size: int) -> None:
    with pytest.raises(ValueError, match=str(size)):
        passwords.fresh(size)
