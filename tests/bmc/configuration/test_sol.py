"""The serial ports that a file describes, and the mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.sol import HOST_CONSOLE, SolPortSpec, SolSpec
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


def described(tmp_path: Path, text: str, count: int = 1) -> list[SolSpec]:
    path = tmp_path / "bmc.toml"
    path.write_text(HEAD.replace("COUNT", str(count)) + text)
    return [one.blueprint.sol for one in load([path]).bmcs]


def test_without_a_word_it_is_the_hosts_console(tmp_path: Path) -> None:
    assert described(tmp_path, "") == [HOST_CONSOLE]


def test_every_backing(tmp_path: Path) -> None:
    (spec,) = described(
        tmp_path,
        """
        [bmc.sol]
        backing = "pty"
        path = "console"
        baud = 9600
        [[bmc.sol.port]]
        [[bmc.sol.port]]
        backing = "tcp"
        address = "[::1]:7001"
        wake_on_ring = false
        [[bmc.sol.port]]
        backing = "unix"
        path = "/run/guest"
        listen = true
        [[bmc.sol.port]]
        backing = "serial"
        path = "/dev/ttyS1"
        modem = true
        [[bmc.sol.port]]
        backing = "process"
        command = ["virsh", "console", "guest{n}"]
        hang_up = true
        """,
    )
    assert spec.baud == 9600
    assert spec.ports == (
        SolPortSpec("pty", path=str(tmp_path / "console")),
        SolPortSpec(),
        SolPortSpec("tcp", host="::1", port=7001, wake_on_ring=False),
        SolPortSpec("unix", path="/run/guest", listen=True),
        SolPortSpec("serial", path="/dev/ttyS1", modem=True),
        SolPortSpec("process", command=("virsh", "console", "guest1"), hang_up=True),
    )


def test_several_bmcs_have_places_of_their_own(tmp_path: Path) -> None:
    text = '[bmc.sol]\nbacking = "tcp"\naddress = "127.0.0.1:700{n}"\n'
    assert [spec.ports[0].port for spec in described(tmp_path, text, 2)] == [7001, 7002]


@pytest.mark.parametrize(
    ("text", "count", "line", "said"),
    [
        ('backing = "pty"\nlisten = true', 1, 11, 'found listen, which a backing "pty" has not'),
        ('path = "x"', 1, 10, 'found path, which a backing "host" has not'),
        ('backing = "tcp"', 1, 10, 'found "tcp", which needs address'),
        ('backing = "process"', 1, 10, 'found "process", which needs command'),
        ('backing = "tcp"\naddress = "localhost:7001"', 1, 11, 'found "localhost", which is no IP address'),
        ('backing = "tcp"\naddress = "127.0.0.1:0"', 1, 11, "allowed is 1 to 65535"),
        ('backing = "tcp"\naddress = "127.0.0.1:"', 1, 11, "allowed is 1 to 65535"),
        ('backing = "tcp"\naddress = "7001"', 1, 11, 'found "", which is no IP address'),
        ('backing = "unix"\npath = "/run/x"', 2, 11, 'found "/run/x" for 2 BMCs; put {n}'),
        ("[[bmc.sol.port]]", 1, 10, "the simulated host has one console"),
        (
            'backing = "unix"\npath = "/run/x"\n[[bmc.sol.port]]\nbacking = "pty"\npath = "/run/x"',
            1, 14, "found /run/x, which SOL of BMC 1 has too",
        ),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_line(
    text: str, count: int, line: int, said: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        described(tmp_path, f"[bmc.sol]\n{text}\n", count)
    assert said in str(caught.value)
    assert abs((caught.value.line or 0) - line) <= 1
