"""``chassis`` and ``power`` beside ipmitool's, on our BMC and on OpenIPMI's."""

from __future__ import annotations

import shlex

import pytest

from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc

READS = [
    "chassis status",
    "chassis selftest",
    "chassis power status",
    "power status",
    "chassis restart_cause",
    "chassis policy list",
    *(f"chassis bootparam get {number}" for number in (0, 1, 2, 3, 4, 5, 6, 7, 8, 96, 99)),
    "chassis bootparam get 7 1",
    "chassis bootmbox get",
    "chassis bootmbox get text",
    "-v chassis status",
    "-c chassis status",
]
WORDS = [
    "chassis",
    "chassis help",
    "chassis foo",
    "chassis power",
    "chassis power help",
    "chassis power foo",
    "power",
    "power help",
    "power foo",
    "chassis identify help",
    "chassis identify foo",
    "chassis identify 300",
    "chassis policy",
    "chassis policy help",
    "chassis policy foo",
    "chassis bootdev",
    "chassis bootdev help",
    "chassis bootdev pxe options=help",
    "chassis bootdev pxe options=foo",
    "chassis bootparam",
    "chassis bootparam help",
    "chassis bootparam foo bar",
    "chassis bootparam get foo",
    "chassis bootparam get 300",
    "chassis bootparam get 5 foo",
    "chassis bootparam set bootflag",
    "chassis bootparam set foo bar",
    "chassis bootmbox",
    "chassis bootmbox help",
    "chassis bootmbox get block",
    "chassis bootmbox get block foo",
    "chassis bootmbox set",
    "chassis bootmbox set 343",
]
WRITES = [
    "chassis identify",
    "chassis identify 30",
    "chassis identify force",
    "chassis identify 0",
    "chassis policy always-on",
    "chassis status",
    "chassis policy previous",
    "chassis policy always-off",
    "chassis status",
    *(
        f"chassis bootdev {device}"
        for device in ("pxe", "disk", "safe", "diag", "cdrom", "bios", "floppy", "none")
    ),
    "chassis bootdev disk options=persistent,efiboot",
    "chassis bootparam get 5",
    "chassis bootdev cdrom clear-cmos=yes",
    "chassis bootparam get 5",
    "chassis bootdev bios options=valid,persistent,efiboot,clear-cmos,lockkbd,screenblank,lockoutreset,"
    "lockout_power,verbose=yes,force_pet,upw_bypass,lockout_sleep,cons_redirect=enable",
    "chassis bootparam get 5",
    "chassis bootdev force_floppy options=verbose=no,cons_redirect=skip",
    "chassis bootparam get 5",
    "chassis bootparam get 4",
    "chassis bootparam set bootflag force_pxe",
    "chassis bootparam set bootflag force_cdrom options=watchdog,PEF",
    "chassis bootparam get 3",
    "chassis bootparam set bootflag force_bios foo",
    "chassis bootparam set bootflag force_bios options=help",
    "chassis bootmbox set 343 1 2 3 0xff",
    "chassis bootmbox get",
    "chassis bootmbox set text 343 'hello world, this is a long text'",
    "chassis bootmbox get text",
    "chassis bootmbox set block 1 343 1 2 3",
    "chassis bootmbox get block 1",
]


@pytest.mark.parametrize("words", [*READS, *WORDS])
def test_on_the_lab(words: str, rack: Bmc) -> None:
    side_by_side(rack, *shlex.split(words))


@pytest.mark.parametrize("words", READS)
def test_on_ipmi_sim(words: str, sim: Bmc) -> None:
    side_by_side(sim, *shlex.split(words))


def test_hours_go_on_between_the_two(rack: Bmc, sim: Bmc) -> None:
    side_by_side(rack, "chassis", "poh", mask=(r"\d+ minutes",))
    side_by_side(sim, "chassis", "poh", mask=(r"\d+ minutes",))


def test_what_is_set_is_shown(rack: Bmc) -> None:
    for words in WRITES:
        side_by_side(rack, *shlex.split(words))


# Each is asked twice, so each must do no harm where it comes on top of itself.
SWITCHES = [
    "power on",
    "power up",
    "power diag",
    "power soft",
    "power acpi",
    "power cycle",
    "power reset",
    "power off",
    "power down",
    "chassis power on",
    "chassis power diag",
    "chassis power soft",
    "chassis power cycle",
    "chassis power reset",
    "chassis power off",
]


@pytest.mark.parametrize("words", SWITCHES)
def test_power_is_switched(words: str, golden_lab: list[Bmc]) -> None:
    side_by_side(golden_lab[1], *words.split())
