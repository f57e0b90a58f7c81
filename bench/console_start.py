"""Console: a command that is typed, from the start of the program to its end, against a BMC on loopback.

Nothing of it can be shared between two commands but what is on the disk: programs start, log in, ask, log out
and end. Wall time is from fork to the end of the process; processor time is the process's own, user and
system. The BMC is the same for all, ours, and what it does in between is part of the wall time alone. Python
finds its modules compiled, as an installer leaves them; SDR caches are warm.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial

from bench import peers
from bench.measuring import OURS, Table, interleave, main, picked, rounds

_SENSORS = 20
_PYGHMI = """
from pyghmi.ipmi.command import Command
bmc = Command(bmc="127.0.0.1", userid="admin", password="password", port={port})
print({what})
bmc.ipmi_session.logout()
"""


def programs(port: int, caches: str) -> dict[str, dict[str, list[str]]]:
    """The command lines, by work and contender; FreeIPMI keeps its caches in that folder."""
    login = ["-U", peers.USERNAME, "-P", peers.PASSWORD]
    place = ["-I", "lanplus", "-H", "127.0.0.1", "-p", str(port), *login]
    free = ["-D", "LAN_2_0", "-I", "3", "-h", f"127.0.0.1:{port}", "-u", login[1], "-p", login[3]]

    def work(words: str, free_ipmi: list[str], pyghmi: str) -> dict[str, list[str]]:
        lines = {
            "FreeIPMI": [free_ipmi[0], *free, *free_ipmi[1:]],
            "ipmitool": ["ipmitool", "-C", "3", *place, *words.split()],
            OURS: [peers.BASEBOARD, *place, *words.split()],
        }
        if pyghmi:
            lines["pyghmi"] = [sys.executable, "-c", _PYGHMI.format(port=port, what=pyghmi)]
        return lines

    cached = f"--sdr-cache-directory={caches}"
    status = ["ipmi-chassis", "--get-chassis-status"]
    return {
        "mc info": work("mc info", ["bmc-info", "--get-device-id"], "bmc.raw_command(6, 1)"),
        "power status": work("power status", status, "bmc.get_power()"),
        "sel info": work("sel info", ["ipmi-sel", "--info"], ""),
        f"sdr elist, {_SENSORS} sensors": work("sdr elist", ["ipmi-sensors", cached], ""),
    }


def once(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run a program to its end.

    Returns: wall time and processor time, milliseconds.
    """
    nowhere = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    began = time.perf_counter()
    child = os.posix_spawnp(command[0], command, environment, file_actions=nowhere)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    if status:
        raise peers.PeerError(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return 1000 * wall, 1000 * (usage.ru_utime + usage.ru_stime)


def clean_environment(home: str) -> dict[str, str]:
    """An environment with a home of its own, in which Python keeps what it has compiled."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG"))}
    return kept | {"HOME": home, "PYTHONPYCACHEPREFIX": home + "/compiled", "LC_ALL": "C"}


def measure(short: bool) -> list[Table]:
    """Two tables: wall time and processor time, work by work."""
    title = "Console: one command, the whole process, {}, against one BMC on loopback"
    goal = "`mc info`: at most 55 ms where ipmitool takes 28"
    wall = Table(title.format("from start to end"), unit="ms", peer="ipmitool", goal=goal)
    cpu = Table(title.format("processor time"), unit="ms", peer="ipmitool")
    with peers.bmcs(sensors=_SENSORS) as server, tempfile.TemporaryDirectory() as home:
        environment = clean_environment(home)
        for name, commands in programs(server.port, home).items():
            taking_part: dict[str, Callable[[], tuple[float, float]]] = {
                who: partial(once, command, environment) for who, command in commands.items()
            }
            for run in taking_part.values():
                run()  # what is compiled, and what is cached
            measured = interleave(taking_part, rounds(short, 15))
            wall.add(name, picked(measured, 0))
            cpu.add(name, picked(measured, 1))
    return [wall, cpu]


if __name__ == "__main__":
    main(measure)
