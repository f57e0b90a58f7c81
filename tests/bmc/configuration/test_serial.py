"""The serial channels that a file describes, and the mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL, CallbackSpec, LineSpec, SerialSpec
from baseboard.bmc.configuration import load
from baseboard.errors import ConfigurationError

HEAD = """\
[[bmc]]
name = "a{n}"
count = COUNT
[bmc.lan]
port = 0
[[bmc.user]]
name = "admin"
password = "secretpw"
"""


def described(tmp_path: Path, text: str, count: int = 1) -> list[SerialSpec | None]:
    path = tmp_path / "bmc.toml"
    path.write_text(HEAD.replace("COUNT", str(count)) + text)
    return [one.blueprint.serial for one in load([path]).bmcs]


def mistake(tmp_path: Path, text: str, count: int = 1) -> str:
    with pytest.raises(ConfigurationError) as caught:
        described(tmp_path, text, count)
    return str(caught.value)


def test_without_a_word_there_is_none(tmp_path: Path) -> None:
    assert described(tmp_path, "", 2) == [None, None]


def test_the_table_alone_is_a_pty_for_both_modes(tmp_path: Path) -> None:
    assert described(tmp_path, "[bmc.serial]\n") == [SerialSpec(line=LineSpec("pty"))]


def test_ppp_is_a_mode_and_a_way_to_call_back(tmp_path: Path) -> None:
    (spec,) = described(
        tmp_path,
        """
        [bmc.serial]
        modes = ["basic", "ppp"]
        [[bmc.serial.callback]]
        dial = "5550142"
        user = "admin"
        ppp = true
        [[bmc.serial.callback]]
        dial = "5550143"
        ppp = true
        """,
    )
    assert spec is not None
    assert spec.modes == BASIC | PPP
    assert [(one.dial, one.ppp) for one in spec.callbacks] == [("5550142", True), ("5550143", True)]


def test_all_of_it(tmp_path: Path) -> None:
    (spec,) = described(
        tmp_path,
        """
        [bmc.serial]
        line = "device"
        path = "/dev/ttyS9"
        channel = 3
        modes = ["terminal"]
        connection = "modem"
        access = "shared"
        sharing = true
        baud = 115200
        auth = ["password", "none"]
        login = false
        phone = "5550100"
        [[bmc.serial.callback]]
        dial = "5550142"
        user = "admin"
        [[bmc.serial.callback]]
        dial = "5550143"
        """,
    )
    assert spec == SerialSpec(
        channel=3,
        line=LineSpec("device", "/dev/ttyS9"),
        modes=TERMINAL,
        direct=False,
        access=3,
        sharing=True,
        bit_rate=10,
        auth_types=0x11,
        login=False,
        phone="5550100",
        callbacks=(CallbackSpec(2, "5550142"), CallbackSpec(0, "5550143")),
    )


def test_several_have_a_line_each(tmp_path: Path) -> None:
    lines = [one.line for one in described(tmp_path, '[bmc.serial]\npath = "l{n}"\n', 2) if one]
    assert lines == [LineSpec("pty", str(tmp_path / f"l{number}")) for number in (1, 2)]
    tcp = described(tmp_path, '[bmc.serial]\nline = "tcp"\nport = 7000\n', 2)
    assert [one.line.port for one in tcp if one] == [7000, 7001]
    anywhere = described(tmp_path, '[bmc.serial]\nline = "tcp"\nmodes = ["basic"]\n', 2)
    assert [(one.line.port, one.modes) for one in anywhere if one] == [(0, BASIC)] * 2


def test_passwords_are_kept_as_the_line_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "bmc.toml"
    for text, size in (("", 20), ("[bmc.serial]\n", 16)):
        path.write_text(HEAD.replace("COUNT", "1") + text)
        assert load([path]).bmcs[0].blueprint.users[0].size == size


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        ("channel = 1", 1, "serial.channel: found 1, which another channel has"),
        ('line = "device"', 1, 'serial.line: found "device", which needs path'),
        ('line = "unix"', 1, 'serial.line: found "unix", which needs path'),
        ('line = "tcp"\npath = "x"', 1, 'serial.path: found path, which a line "tcp" has not'),
        ('path = "x"', 2, 'serial.path: found "x" for 2 BMCs; put {n} where they differ'),
        ('line = "tcp"\naddress = "192.0.2.1"', 1, "loopback addresses only"),
        ('line = "tcp"\naddress = "here"', 1, 'found "here", which is no IP address'),
        ('line = "tcp"\nport = 65535', 2, "2 ports from 65535 on go beyond 65535"),
        ('[[bmc.serial.callback]]\ndial = "1"\nuser = "bob"', 1, "found bob; there is no user of that name"),
        ("modes = []", 1, "serial.modes"),
    ],
)
def test_mistakes(text: str, count: int, told: str, tmp_path: Path) -> None:
    assert told in mistake(tmp_path, f"[bmc.serial]\n{text}\n", count)
