"""Console: a network that loses every tenth datagram each way, 1 ms each way, in front of our simulated BMC.

Every run is a program of its own, from its start to its end: login, questions, logout. A program that gives
up counts with the time until then; how many did stands below the table.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial

from bench import peers
from bench.measuring import OURS, Table, interleave, main, rounds

LOSS = 10.0
DELAY_US = 1000
SENSORS = 20
# Longer than any of them has patience.
LONGEST = 120.0

_PYGHMI = """
from pyghmi.ipmi.command import Command
bmc = Command(bmc="127.0.0.1", userid="admin", password="password", port={port})
{what}
bmc.ipmi_session.logout()
"""


def programs(port: int) -> dict[str, dict[str, list[str]]]:
    """The command lines, by work and contender."""
    login = ["-U", peers.USERNAME, "-P", peers.PASSWORD]
    place = ["-I", "lanplus", "-H", "127.0.0.1", "-p", str(port), *login]
    free = ["-D", "LAN_2_0", "-I", "3", "-h", f"127.0.0.1:{port}", "-u", login[1], "-p", login[3]]

    def work(words: str, freeipmi: list[str], what: str) -> dict[str, list[str]]:
        return {
            "FreeIPMI": [freeipmi[0], *free, *freeipmi[1:]],
            "pyghmi": [sys.executable, "-c", _PYGHMI.format(port=port, what=what)],
            OURS: [peers.BASEBOARD, *place, *words.split()],
        }

    return {
        "mc info": work("mc info", ["bmc-info", "--get-device-id"], "print(bmc.raw_command(6, 1))"),
        f"{SENSORS} sensors": work("sdr elist", ["ipmi-sensors"], "print(list(bmc.get_sensor_data()))"),
    }


def once(command: Sequence[str], environment: dict[str, str], failed: Counter[str], name: str) -> float:
    """Run a program to its end; seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=LONGEST,
        check=False,
    )
    failed[name] += done.returncode != 0
    return time.perf_counter() - began


def measure(short: bool) -> list[Table]:
    """A table for each work."""
    goals = {"mc info": "0.3 s, the worst of 100 2 s", f"{SENSORS} sensors": "3 s"}
    tables: list[Table] = []
    with peers.bmcs(sensors=SENSORS) as server, tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "XDG_CACHE_HOME": home}
        with peers.relay(server, delay_us=DELAY_US, loss=LOSS) as far:
            for work, lines in programs(far.port).items():
                usual = 100 if work == "mc info" else 10
                failed: Counter[str] = Counter()
                measured = interleave(
                    {
                        name: partial(once, line, environment, failed, name)
                        for name, line in lines.items()
                        if not short or name == OURS
                    },
                    rounds(short, usual),
                )
                table = Table(
                    f"Console: {work} where {LOSS:.0f} % of the datagrams are lost each way",
                    unit="s",
                    goal=goals[work],
                )
                table.add(work, measured)
                gave_up = ", ".join(f"{name} {failed[name]}" for name in measured[0])
                mean = statistics.fmean(one[OURS] for one in measured)
                table.note = (
                    f"gave up, of {len(measured)}: {gave_up}; {OURS} takes {mean:.2f} s on the average"
                )
                tables.append(table)
    return tables


if __name__ == "__main__":
    main(measure)
