"""Which ICMB line a file puts a BMC on, and which lines there cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.bridging import IcmbSpec
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint


def icmb(folder: Path, said: str) -> IcmbSpec:
    made = blueprint(folder, f"{ONE}[bmc.icmb]\n{said}\n").icmb
    assert made is not None
    return made


def test_paths_are_beside_the_file(tmp_path: Path) -> None:
    assert icmb(tmp_path, 'line = "unix:line"\nlisten = true') == IcmbSpec(
        f"unix:{tmp_path / 'line'}", listen=True
    )
    assert icmb(tmp_path, 'line = "pty:line"').line == f"pty:{tmp_path / 'line'}"


@pytest.mark.parametrize("line", ["row 4", "tcp:127.0.0.1:7000", "tcp:[::1]:7000", "/dev/serial/by-id/a:b"])
def test_others_are_as_they_are(tmp_path: Path, line: str) -> None:
    assert icmb(tmp_path, f'line = "{line}"').line == line


def test_who_says_so_can_be_reached_from_elsewhere(tmp_path: Path) -> None:
    line = 'line = "tcp:192.0.2.1:7000"'
    assert icmb(tmp_path, f"{line}\nexposed = true").line == "tcp:192.0.2.1:7000"
    assert_mistake(tmp_path, f"{ONE}[bmc.icmb]\n{line} {HERE}\n", "bmc[0].icmb.line", "without a password")


@pytest.mark.parametrize(
    ("key", "said", "words"),
    [
        ("listen", "listen = true", "unix:... or tcp:..."),
        ("exposed", "exposed = true", "unix:... or tcp:..."),
        ("line", 'line = "udp:127.0.0.1:1"', "allowed is a name"),
        ("line", 'line = "pty:"', "allowed is a name"),
        ("line", 'line = "unix:"', "no place"),
        ("line", 'line = "tcp:nobody:1"', "no IP address"),
        ("line", 'line = "tcp:127.0.0.1:0"', "port 0"),
    ],
)
def test_a_line_that_cannot_be(tmp_path: Path, key: str, said: str, words: str) -> None:
    assert_mistake(tmp_path, f"{ONE}[bmc.icmb]\n{said} {HERE}\n", f"bmc[0].icmb.{key}", words)
