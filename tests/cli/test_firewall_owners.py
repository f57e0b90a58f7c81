"""``firewall owners``: bodies and makers, each with its LUNs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]
ENTRIES = {
    (0x2C, 0): b"\0\x00\x02\x00",
    (0x2C, 1): b"\0\x80\x42\xdc",
    (0x2E, 0): b"\0\x80\x02\x57\x01\x00",
    (0x3A, 0): b"\0\x80\x02\xfe\xff\xff",
}


def owners(data: bytes) -> bytes:
    return ENTRIES.get((data[1], data[2]), b"\xc9")


def test_the_table(bmc: Simulated, program: Program) -> None:
    with bmc.answers({(0x06, 0x64): owners}):
        told = program("firewall", "owners")
        one = program("firewall", "owners", "netfn", "0x2d", "channel", "15")
        found = program("--json", "firewall", "owners", "netfn", "0x2e").document["result"]
    assert told.code == 0
    assert [line.split() for line in told.out.splitlines()] == [
        ["NETFN", "LUNS", "NUMBER", "WHOSE"],
        ["2C", "0", "00", "PICMG"],
        ["2C", "0,", "3", "DC", "DCMI"],
        ["2E", "0", "000157", "Intel", "Corporation"],
        ["3A", "0", "FFFFFE"],
    ]
    assert len(one.out.splitlines()) == 3
    assert found == [{"channel": 14, "netfn": 46, "luns": [0], "number": 343, "name": "Intel Corporation"}]


def test_none_is_told(bmc: Simulated, program: Program) -> None:
    with bmc.answers({(0x06, 0x64): b"\xc9"}):
        told = program("firewall", "owners")
    assert (told.code, told.out) == (1, "")
    assert "no network function" in told.err


@pytest.mark.parametrize("words", ["lun 0", "netfn", "channel x"])
def test_wrong_words(words: str, program: Program) -> None:
    assert program("firewall", "owners", *words.split()).code == 2
