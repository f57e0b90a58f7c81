"""``pef`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside, ipmitool
from tests.interop.lab import Bmc, Lab

READS = [
    "pef info",
    "pef status",
    "pef filter list",
    "pef policy list",
    "pef filter enable 1",
    "pef policy enable 1",
    "pef nonsense",
]
# PEF control and action control; filters 9 to 13, one of which looks at everything; policies 2, 3 and 5.
SETTINGS = [
    "01 0E",
    "02 25",
    "06 09 80 02 01 10 20 00 01 30 01 00 0A 00 00 00 00 00 00 00 00 00",
    "06 0A 80 3F 02 20 FF FF 23 FF 6F 0F 00 FF FF 01 00 00 00 00 00 00",
    "06 0B 00 01 02 08 FF FF FF FF FF FF FF 00 00 00 00 00 00 00 00 00",
    "06 0C 80 41 13 01 41 00 0C FF 03 01 00 00 00 00 00 00 00 00 00 00",
    "06 0D 80 00 00 00 FF FF C1 FF 70 07 00 00 00 00 00 00 00 00 00 00",
    "09 02 28 11 00",
    "09 03 2A 12 81",
    "09 05 1C 14 02",
    "0A 01 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F",
]
LAN_SETTINGS = [
    "10 6D616368696E6520726F6F6D000000000000",
    "12 01 80 04 03",
    "13 01 00 00 C0000201 020000000001",
    "12 02 06 00 00",
]
CHANGES = [
    "pef filter disable 9",
    "pef filter enable 9",
    "pef filter enable 16",
    "pef filter enable 17",
    "pef filter disable 0",
    "pef filter enable x",
    "pef policy disable 2",
    "pef policy enable 2",
    "pef policy enable 17",
    "pef filter",
    "pef policy",
    "pef filter help",
    "pef filter create 1",
    "pef timer get",
    "pef capabilities",
]


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split())


@pytest.mark.parametrize("words", READS)
def test_ipmi_sim(sim: Bmc, words: str) -> None:
    beside(sim, *words.split())


def written(bmc: Bmc, netfn: str, cmd: str, data: str) -> None:
    octets = bytes.fromhex(data)
    ipmitool(bmc, "raw", netfn, cmd, *(f"{byte:#04x}" for byte in octets))


@pytest.fixture(scope="module")
def filtering(golden_lab: Lab) -> Bmc:
    """A server that filters events, has policies and destinations, and has seen an event."""
    bmc = golden_lab[0]
    for setting in SETTINGS:
        written(bmc, "0x04", "0x12", setting)
    for setting in LAN_SETTINGS:
        written(bmc, "0x0c", "0x01", f"01 {setting}")
    written(bmc, "0x04", "0x14", "00 01 00")
    ipmitool(bmc, "event", "1")
    return bmc


@pytest.mark.parametrize("options", [(), ("-v",)])
@pytest.mark.parametrize("words", ["pef info", "pef status", "pef filter list", "pef policy list"])
def test_tables_with_something_in_them(filtering: Bmc, words: str, options: tuple[str, ...]) -> None:
    beside(filtering, *words.split(), options=options)


@pytest.mark.parametrize("words", CHANGES)
def test_switching(filtering: Bmc, words: str) -> None:
    beside(filtering, *words.split())


def test_what_was_switched_is_so(filtering: Bmc) -> None:
    beside(filtering, "pef", "filter", "disable", "1")
    shown = beside(filtering, "pef", "filter", "list").lines
    assert shown[0] == "1 | disabled, pre-configured"
    assert shown[8].startswith("9 | enabled, configurable | Temperature | 48 | Critical")
