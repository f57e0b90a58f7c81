"""In band: commands of ipmitool by Linux's own driver over KCS and BT, in one guest with two BMCs behind it.

QEMU emulates the guest and both interfaces; what differs is the BMC outside. It takes QEMU and what else the
guest is made of; what is missing is told.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from bench import peers
from bench.measuring import OURS, Round, Table, main, rounds
from tests.vm import beside, guest
from tests.vm.hardware import Hardware

THEIRS = "ipmi_sim"
COMMANDS = 1000
INTERFACES = {"KCS": "kcs", "BT": "bt"}
NAMES = {beside.OURS: OURS, beside.THEIRS: THEIRS}


def measure(short: bool) -> list[Table]:
    """The time in the guest, and the processor time of the BMC outside."""
    try:
        guest.image()
    except (pytest.fail.Exception, pytest.skip.Exception) as missing:
        raise peers.PeerError(f"there is no guest to measure in: {missing.msg}") from None
    took = Table(
        f"In band: {COMMANDS:,} commands one after another in a Linux guest, the program's start taken off",
        unit="ms",
        peer=THEIRS,
        goal=f"at most 1.1 of {THEIRS} over KCS",
        note="Get Device ID, Global Enables, SEL Info, SDR Repository Info in turns; QEMU without KVM.",
    )
    cost = Table("In band: the BMC's processor time for a command", unit="µs", peer=THEIRS)
    for work, interface in INTERFACES.items():
        times, costs = _measured(interface, rounds(short))
        took.add(work, times)
        cost.add(work, costs)
    return [took, cost]


def _measured(interface: str, count: int) -> tuple[list[Round[float]], list[Round[float]]]:
    """Milliseconds in the guest and microseconds of each process, by rounds."""
    port = guest.free_port()
    marks: list[dict[str, float]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        peers.lab("--count", "1", "--vm", str(Path(folder, "vm"))) as [ours],
        peers.ipmi_sim(extra=[f"serial 15 127.0.0.1 {port} codec VM"]) as theirs,
    ):

        def mark() -> int:
            marks.append({OURS: ours.cpu(), THEIRS: theirs.cpu()})
            return 0

        machine = Hardware(interface, str(Path(folder, "vm")), steady=True, root=False)
        done = beside.batches(machine, port, commands=COMMANDS, rounds=count, mark=mark)
    times: list[Round[float]] = [{} for _ in range(count)]
    costs: list[Round[float]] = [{} for _ in range(count)]
    for number, batch in enumerate(done):
        if batch.refused or batch.answered < batch.commands:
            raise peers.PeerError(f"{batch}: not every command was answered")
        name, before, after = NAMES[batch.name], marks[2 * number], marks[2 * number + 1]
        times[number // 2][name] = batch.seconds * 1e3
        costs[number // 2][name] = (after[name] - before[name]) / batch.commands * 1e6
    # In each round the peer stands first, whoever was.
    order = (THEIRS, OURS)
    return [{name: one[name] for name in order} for one in times], [
        {name: one[name] for name in order} for one in costs
    ]


if __name__ == "__main__":
    main(measure)
