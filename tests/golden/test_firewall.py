"""``firewall`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.golden.beside import beside, ipmitool, suite
from tests.golden.side_by_side import OURS
from tests.interop.lab import Bmc, Done, Lab, lab, run

READS = [
    "firewall info",
    "firewall info lun 0",
    "firewall info channel 15",
    "firewall info channel 15 lun 3",
    "firewall info channel 7",
    "firewall info lun 0 netfn 6",
    "firewall info lun 0 netfn 7",
    "firewall info channel 15 lun 0 netfn 0x0c",
    "firewall info lun 3 netfn 4",
    "firewall info lun 2 netfn 6",
    "firewall info lun 0 netfn 0x30",
    "firewall info lun 0 netfn 6 command 1",
    "firewall info lun 0 netfn 0 command 2",
    "firewall info lun 0 netfn 0 command 4",
    "firewall info lun 0 netfn 6 command 0x60",
    "firewall info lun 0 netfn 6 command 0xee",
    "firewall nonsense",
]
CHASSIS_CONTROL = ("lun", "0", "netfn", "0", "command", "2")
SELF_TEST = ("lun", "0", "netfn", "6", "command", "4")
WHOLE_APP = ("lun", "0", "netfn", "6")


@pytest.fixture(scope="module")
def other_lab() -> Iterator[Lab]:
    """Servers of the same make-ups, for the other program alone."""
    with lab("--count", "1") as running:
        yield running


def ours(bmc: Bmc, *words: str) -> Done:
    """What Baseboard's personality makes of a command."""
    command = [*OURS, "-I", "lanplus", "-H", bmc.address, "-p", str(bmc.port), "-U", bmc.username, "-E"]
    return run([*command, "-C", str(suite(bmc)), *words], "", 120, {"IPMITOOL_PASSWORD": bmc.password}).ok()


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split())


@pytest.mark.parametrize("words", [one for one in READS if "channel" not in one])
def test_ipmi_sim(sim: Bmc, words: str) -> None:
    beside(sim, *words.split())


def test_a_part_is_switched_by_either_and_met_by_either(rack: Bmc) -> None:
    assert "| X | X | X |\nsub-function 0x01" in beside(rack, "firewall", "info", *CHASSIS_CONTROL).out
    beside(rack, "firewall", "disable", *CHASSIS_CONTROL, "subfn", "0")
    assert "| X | X |   |\nsub-function 0x01" in beside(rack, "firewall", "info", *CHASSIS_CONTROL).out
    refused = beside(rack, "power", "off")
    assert (refused.code, refused.err) == (
        1, "Set Chassis Power Control to Down/Off failed: Cannot execute command, command disabled\n"
    )  # fmt: skip
    beside(rack, "firewall", "enable", *CHASSIS_CONTROL, "subfn", "0")
    assert "| X | X | X |\nsub-function 0x01" in beside(rack, "firewall", "info", *CHASSIS_CONTROL).out


def test_a_command_is_switched_with_its_parts(rack: Bmc) -> None:
    beside(rack, "firewall", "disable", *CHASSIS_CONTROL)
    assert beside(rack, "power", "on").code == 1
    beside(rack, "firewall", "info", *CHASSIS_CONTROL)
    beside(rack, "firewall", "enable", *CHASSIS_CONTROL)
    assert "   |\n" not in beside(rack, "firewall", "info", *CHASSIS_CONTROL).out.partition("0x06")[0]
    assert beside(rack, "power", "on").code == 0


def test_a_command_without_parts(rack: Bmc) -> None:
    beside(rack, "firewall", "disable", *SELF_TEST)
    refused = beside(rack, "mc", "selftest")
    assert refused.code == 1
    assert "Insufficient privilege level" in refused.err
    beside(rack, "firewall", "info", *WHOLE_APP)
    beside(rack, "firewall", "enable", *SELF_TEST)
    assert beside(rack, "mc", "selftest").code == 0


@pytest.mark.parametrize("force", [(), ("force",)])
def test_all_commands_of_a_network_function_but_those_that_never_go(
    rack: Bmc, force: tuple[str, ...]
) -> None:
    beside(rack, "firewall", "disable", *WHOLE_APP, *force)
    info = beside(rack, "firewall", "info", *WHOLE_APP).out
    # 01h; 09h-0Dh; 37h-3Ch; 54h; 60h-64h
    assert "enabled:      023e0000 0000801f 00001000 1f000000" in info
    assert beside(rack, "mc", "info").code == 0
    beside(rack, "firewall", "enable", *WHOLE_APP)
    assert beside(rack, "mc", "guid").code == 0


def test_both_leave_the_same_behind(rack: Bmc, other_lab: Lab) -> None:
    other = other_lab[0]

    def info(bmc: Bmc) -> str:
        return ipmitool(bmc, "firewall", "info").out + ipmitool(bmc, "firewall", "info", *CHASSIS_CONTROL).out

    assert info(rack) == info(other)
    for words in (
        ("disable", *CHASSIS_CONTROL, "subfn", "3"),
        ("disable", *SELF_TEST),
        ("disable", "lun", "3", "netfn", "4", "command", "0x2d"),
        ("disable", *WHOLE_APP, "force"),
        ("enable", *CHASSIS_CONTROL),
        ("disable", "channel", "15", "lun", "0", "netfn", "6", "command", "0x60", "force"),
        ("enable", *WHOLE_APP),
        ("enable", "lun", "3", "netfn", "4"),
    ):
        before = info(rack)
        ipmitool(rack, "firewall", *words)
        ours(other, "firewall", *words)
        assert info(rack) == info(other)
        assert info(rack) != before or "15" in words


def test_reset_switches_on_what_ipmitools_own_switches_off(rack: Bmc) -> None:
    """Theirs asks for no sub-functions, so that it takes none for one that can be, and sends 0 for them."""
    ipmitool(rack, "firewall", "disable", *SELF_TEST)
    ipmitool(rack, "firewall", "disable", *CHASSIS_CONTROL, "subfn", "2")
    mine = ours(rack, "firewall", "reset", "channel", "1")
    assert "   |\n" not in beside(rack, "firewall", "info", *CHASSIS_CONTROL).out.partition("0x06")[0]
    assert beside(rack, "mc", "selftest").code == 0
    theirs = ipmitool(rack, "firewall", "reset", "channel", "1")
    # Compared as a whole: to show how 32896 lines differ would take minutes.
    same = theirs.out == mine.out
    assert same
    assert mine.out.count("\n") == 4 * 32 * 257
    bodies = r"Set Command (Sub-function )?Enables \(LUN=\d, NetFn=(44|46), .*: Request data length invalid"
    more = set(theirs.err.splitlines()) - set(mine.err.splitlines())
    assert [line for line in more if not re.fullmatch(bodies, line)] == []
    after = beside(rack, "firewall", "info", *CHASSIS_CONTROL).out
    assert after.count("| X | X |   |") + after.count("|   | X |   |") == 6
    assert beside(rack, "power", "off").code == 1
    ipmitool(rack, "firewall", "enable", *CHASSIS_CONTROL)
    assert beside(rack, "power", "status").code == 0


def test_without_force_ipmitool_shuts_the_hosts_door_too(rack: Bmc) -> None:
    """Whatever it switches, it clears the byte of the mask that Set Command Enables is in."""
    place = ("channel", "15", *SELF_TEST)
    ipmitool(rack, "firewall", "enable", "channel", "15", *WHOLE_APP, "force")
    ours(rack, "firewall", "disable", *place)
    before = ipmitool(rack, "firewall", "info", "channel", "15", *WHOLE_APP).out
    assert "1f000000" in before.splitlines()[-1]
    ipmitool(rack, "firewall", "disable", *place)
    assert "1a000000" in ipmitool(rack, "firewall", "info", "channel", "15", *WHOLE_APP).out.splitlines()[-1]
    ipmitool(rack, "firewall", "enable", "channel", "15", *WHOLE_APP, "force")
    assert "1f000000" in ipmitool(rack, "firewall", "info", "channel", "15", *WHOLE_APP).out.splitlines()[-1]
