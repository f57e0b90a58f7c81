"""The plug of the BMC is pulled while a guest speaks to it: Linux goes on with it once it is back."""

from __future__ import annotations

import re

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.scripts import drivers
from tests.vm.served import Served, served

pytestmark = pytest.mark.timeout(600)

CUTS = 3
# Each event has a number of its own in its last two bytes. What was acknowledged is noted with its record ID.
SCRIPT = f"""
{drivers("kcs")}
(
    number=0
    while [ ! -e /tmp/enough ]; do
        number=$((number + 1))
        id=$(ipmitool raw 0x0a 0x44 0 0 2 0 0 0 0 0x41 0 4 1 0x30 1 0x59 \\
            $((number / 256)) $((number % 256)) 2>/tmp/why) && echo "kept $number $id" || echo "lost $number"
    done
) >/tmp/told &
for cut in $(seq {CUTS}); do
    before=$(grep -c kept /tmp/told)
    awaited 60 sh -c "[ \\$(grep -c kept /tmp/told) -gt $((before + 20)) ]" || echo "nothing before cut $cut"
    host cut
    before=$(grep -c kept /tmp/told)
    awaited 60 sh -c "[ \\$(grep -c kept /tmp/told) -gt $before ]" || echo "nothing after cut $cut"
done
touch /tmp/enough; wait
for n in $(seq 200); do echo raw 6 1; done >/tmp/commands
section told
cat /tmp/told
section enables
awaited 30 sh -c 'ipmitool raw 6 0x2f | grep -q 0f' && echo again
counters
section after
ask ipmitool exec /tmp/commands
counters
section complaints
dmesg -r | grep -i ipmi
section end
"""


def records(bmc: Served) -> dict[int, int]:
    """The events of the guest that are in the log: record IDs by their numbers."""
    found: dict[int, int] = {}
    bmc.ipmitool("sel", "writeraw", f"{bmc.lan.folder}/sel")
    data = (bmc.lan.folder / "sel").read_bytes()
    for at in range(0, len(data), 16):
        record = data[at : at + 16]
        if record[7:13] == bytes.fromhex("41 00 04 01 30 01"):
            found[int.from_bytes(record[14:16], "big")] = int.from_bytes(record[:2], "little")
    return found


def test_what_was_acknowledged_is_there_and_the_driver_goes_on() -> None:
    peers.require("ipmitool")
    with served("kcs") as bmc:
        cuts: list[str] = []

        def cut() -> int:
            cuts.append(bmc.ipmitool("mc", "guid").out)
            bmc.cut()
            bmc.restart()
            return 0

        outcome = guest.run(SCRIPT, hardware=bmc.hardware(), hooks={"cut": cut}).ended("script")
        kept = records(bmc)
        assert not re.search("Traceback", bmc.complaints())
    assert len(cuts) == CUTS
    assert len(set(cuts)) == 1
    text = outcome.sections["told"]
    acknowledged = {
        int(number): int.from_bytes(bytes.fromhex(record_id), "little")
        for number, record_id in re.findall(r"^kept (\d+)  ([0-9a-f]{2} [0-9a-f]{2}) *$", text, re.MULTILINE)
    }
    assert len(acknowledged) > 20 * CUTS
    assert re.search(r"^lost", text, re.MULTILINE)
    assert acknowledged.items() <= kept.items()
    assert "nothing" not in outcome.output
    assert "exit 0" in outcome.sections["after"]
    # What the BMC forgot of its enables Linux has told it again.
    assert outcome.sections["enables"].startswith("again\n")
    before, after = (
        int(re.findall(r"^interrupts:(\d+)$", outcome.sections[name], re.MULTILINE)[0])
        for name in ("enables", "after")
    )
    assert after >= before + 200
    assert re.search(r"^hosed_count:0$", outcome.sections["after"], re.MULTILINE)
