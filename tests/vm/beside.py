"""Two BMCs behind one guest, ours and another, each with an interface of its own of the same kind.

Its commands go to the one and to the other in turns, so that what the machine does besides meets both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.vm import guest
from tests.vm.hardware import Hardware
from tests.vm.inband import COMMANDS
from tests.vm.scripts import drivers

OURS, THEIRS = "ours", "theirs"

# The second device of each kind: at an address of its own, with an interrupt of the same sort.
SECOND = {
    "kcs": "isa-ipmi-kcs,bmc=bmc1,ioport=0xca8,irq=10",
    "bt": "isa-ipmi-bt,bmc=bmc1,ioport=0xe8,irq=10",
    "pci-kcs": "pci-ipmi-kcs,bmc=bmc1",
    "pci-bt": "pci-ipmi-bt,bmc=bmc1",
}
# The product of ipmi_sim, by which its device is known: drivers number devices as they find them.
_PRODUCT = "0x0f02"
# One word each, so that a line of the shell is not too long.
_SCRIPT = """
awaited 20 test -e /dev/ipmi1 || exit 103
now() { sed -n 's/^now at \\([0-9]*\\) nsecs$/\\1/p' /proc/timer_list; }
: >/tmp/nothing
for n in $(seq QUARTER); do EACH; done >/tmp/commands
devices() {
    for device in 0 1; do
        case $(cat /sys/class/ipmi/ipmi$device/device/bmc/product_id) in
        PRODUCT) theirs=$device ;;
        *) ours=$device ;;
        esac
    done
}
# What the program's own start takes is the shortest of some.
start() {
    idle=
    for try in 1 2 3 4 5 6; do
        begun=$(now); ipmitool -d $1 exec /tmp/nothing; took=$(($(now) - begun))
        [ -n "$idle" ] && [ $took -ge $idle ] || idle=$took
    done
    echo $idle
}
batch() {
    host mark
    begun=$(now)
    ipmitool -d $2 exec /tmp/commands >/tmp/told 2>/tmp/refused
    took=$(($(now) - begun))
    host mark
    echo "batch $1 $took $3 $(wc -l </tmp/told) $(wc -l </tmp/refused)"
}
devices
ours_idle=$(start $ours); theirs_idle=$(start $theirs)
for round in $(seq ROUNDS); do
    [ $((round % 2)) = 0 ] || batch ours $ours $ours_idle
    batch theirs $theirs $theirs_idle
    [ $((round % 2)) = 1 ] || batch ours $ours $ours_idle
done
"""


@dataclass(frozen=True)
class Batch:
    """What a BMC did with so many commands, one after another.

    Attributes:
        name: who it was, ``OURS`` or ``THEIRS``.
        commands: how many it was given.
        seconds: that they took in the guest, without the program's own start where that can be told.
        answered: lines of answers; those of some commands have more than one.
        refused: lines of complaints.
    """

    name: str
    commands: int
    seconds: float
    answered: int
    refused: int


def batches(
    machine: Hardware, port: int, *, commands: int, rounds: int, mark: Callable[[], int] = lambda: 0
) -> list[Batch]:
    """Boot a guest and give both the same commands, round by round.

    Args:
        machine: with our BMC behind it.
        port: where the other listens.
        commands: of each batch; a multiple of four.
        rounds: in which each has a turn.
        mark: is called before and after each batch.
    """
    each = "; ".join(f"echo raw {words}" for words in COMMANDS)
    values = {"QUARTER": commands // len(COMMANDS), "EACH": each, "PRODUCT": _PRODUCT, "ROUNDS": rounds}
    script = _SCRIPT
    for name, value in values.items():
        script = script.replace(name, str(value))
    place = f"socket,id=other,host=127.0.0.1,port={port},reconnect=1"
    words = ["-chardev", place, "-device", "ipmi-bmc-extern,id=bmc1,chardev=other"]
    both = replace(machine, extra=[*machine.extra, *words, "-device", SECOND[machine.interface]])
    outcome = guest.run(
        drivers(machine.interface) + script, hardware=both, hooks={"mark": mark}, seconds=500
    ).ended("script")
    found = re.findall(r"^batch (\w+) (\d+) (\d+) (\d+) (\d+)$", outcome.output, re.MULTILINE)
    assert len(found) == 2 * rounds, outcome
    return [
        Batch(
            name,
            commands,
            # On a busy machine a start alone may have taken longer than a whole batch.
            max(int(took) - int(idle) if int(took) > int(idle) else int(took), 1) / 1e9,
            int(answered),
            int(refused),
        )
        for name, took, idle, answered, refused in found
    ]
