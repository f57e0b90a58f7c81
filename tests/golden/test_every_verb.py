"""Verbs that change something, run beside ipmitool's: on the lab, on its weak server over v1.5, on ipmi_sim.

Most controllers refuse some of them: how that is told is compared too. Without a device all fail alike.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli import verbs
from tests.golden.beside import beside
from tests.golden.side_by_side import side_by_side
from tests.golden.test_listed import OURS
from tests.interop.lab import Bmc, Lab

CHANGES = [
    "fru read 0 IMAGE",
    "fru write 0 IMAGE",
    "fru upgEkey 0 IMAGE",
    "fru get",
    "fru get 0",
    "fru get 0 oem",
    "pef capabilities",
    "pef filter disable 1",
    "pef filter create 1",
    "pef filter delete 9",
    "pef policy disable 1",
    "pef policy create 1",
    "pef policy delete 9",
    "pef pet ack 1 2 3",
    "pef event 1 2 3",
    "pef timer get",
    "pef timer set 10",
    "dcmi power set_limit limit 500",
    "dcmi power activate",
    "dcmi power deactivate",
    "dcmi set_asset_tag A1",
    "dcmi set_mc_id_string host",
    "dcmi thermalpolicy set 1 2 volatile poweroff sel 50 60",
    "dcmi set_conf_param dhcp_timing1 1",
    "firewall reset",
    "firewall enable",
    "firewall disable",
]
READS = [
    "mc info",
    "power status",
    "chassis status",
    "sdr list fru",
    "sel info",
    "fru print 0",
    "user list 1",
    "channel info 1",
    "lan print 1",
    "sol info 1",
    "raw 6 1",
]


def placed(words: str, folder: Path) -> list[str]:
    """The words, a file's name in its place; both programs work on the same file."""
    image = folder / "image"
    if not image.exists():
        image.write_bytes(bytes((1, 0, 0, 0, 0, 0, 0, 0xFF)))
    return [str(image) if word == "IMAGE" else word for word in words.split()]


@pytest.mark.parametrize("words", CHANGES)
def test_the_lab(words: str, rack: Bmc, tmp_path: Path) -> None:
    beside(rack, *placed(words, tmp_path))


@pytest.mark.parametrize("words", CHANGES)
def test_ipmi_sim(words: str, sim: Bmc, tmp_path: Path) -> None:
    beside(sim, *placed(words, tmp_path))


@pytest.mark.parametrize("words", [*READS, *CHANGES])
def test_over_v15(words: str, golden_lab: Lab, tmp_path: Path) -> None:
    side_by_side(golden_lab.weak, *placed(words, tmp_path), interface="lan")


@pytest.mark.parametrize("verb", [verb.words for verb in verbs.VERBS if verb.words not in OURS])
def test_without_a_device(verb: str, rack: Bmc) -> None:
    done = side_by_side(rack, "-I", "open", *verb.split(), login=False)
    assert done.code == 1
    assert done.err.startswith("Could not open device at /dev/ipmi0 or /dev/ipmi/0 or /dev/ipmidev/0: ")
