"""Console: Serial over LAN: a key and its echo, 64 KiB down, 8 KiB up, every byte compared.

The consoles: our library and pyghmi's, each in a process of its own; ``baseboard sol activate`` and
``ipmitool sol activate``, at a pseudo terminal each. Pyghmi's takes no 8 KiB at once, for it calls itself too
deeply. The BMCs: OpenIPMI's ``ipmi_sim``, and ours with its SOL settings as shipped. Behind the serial port
of either is a TCP socket, whose far end echoes at once.
"""

from __future__ import annotations

import json
import os
import pty
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from bench import peers
from bench.far_end import DOWN, UP, digest, far_end
from bench.measuring import OURS, Table, interleave, main, picked, rounds
from bench.sol_console import Figures, has

KEYS, TIMES = 50, 3
# What a console says once it is there, and the keys that end it.
_THERE, _LEAVE = b"Use ~? for help]", b"\r~."
_PATIENCE = 60.0

# Of a console on a server: milliseconds of an echo, MB/s down, kB/s up.
Speeds = tuple[float, float, float]


def speeds(figures: Figures) -> Speeds:
    """The medians of one console's run."""
    echo, down = statistics.median(figures.echo), statistics.median(figures.down)
    up = len(UP) / statistics.median(figures.up) / 1e3 if figures.up else 0.0
    return echo * 1e3, len(DOWN) / down / 1e6, up


def library(name: str, counts: tuple[int, int, int], server: peers.Server) -> Speeds:
    """A console of a library: so many keys, times down, times up."""
    command = [sys.executable, "-m", "bench.sol_console", name, *map(str, (server.port, *counts))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=2 * _PATIENCE)
    if done.returncode:
        raise peers.PeerError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return speeds(Figures(**json.loads(done.stdout)))


class Screen:
    """A console at a pseudo terminal."""

    def __init__(self, master: int) -> None:
        self._master = master

    def type(self, data: bytes) -> None:
        """Press keys as fast as the console takes them."""
        while data:
            select.select([], [self._master], [], _PATIENCE)
            data = data[os.write(self._master, data[:1024]) :]

    def wait(self, enough: Callable[[bytearray], bool]) -> bytearray:
        """Wait until that is on the screen; returns what came."""
        shown, until = bytearray(), time.monotonic() + _PATIENCE
        while not enough(shown):
            if not select.select([self._master], [], [], max(until - time.monotonic(), 0))[0]:
                raise peers.PeerError(f"only {len(shown)} characters on the screen: {bytes(shown[-80:])!r}")
            shown += os.read(self._master, 65536)
        return shown


def program(command: list[str], keys: int, times: int, server: peers.Server) -> Speeds:
    """A console that a person types at."""
    login = ["-I", "lanplus", "-C", "3", "-H", server.address, "-p", str(server.port), "-U", peers.USERNAME]
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*command, *login, "-E", "sol", "activate"],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={**os.environ, "IPMITOOL_PASSWORD": peers.PASSWORD, "TERM": "vt100"},
    )  # fmt: skip
    os.close(slave)
    try:
        screen = Screen(master)
        screen.wait(lambda shown: _THERE in shown)
        figures = typed(screen, keys, times)
        screen.type(_LEAVE)
        process.wait(_PATIENCE)
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return speeds(figures)


def typed(screen: Screen, keys: int, times: int) -> Figures:
    """What `Figures` says, at a terminal; what arrives must be what was sent."""
    time.sleep(0.3)  # the terminal becomes raw after the console has said that it is there
    figures = Figures([], [], [])
    for number in range(keys):
        key = bytes((ord("a") + number % 26,))
        begun = time.perf_counter()
        screen.type(key)
        screen.wait(partial(has, key))
        figures.echo.append(time.perf_counter() - begun)
    for _ in range(times):
        begun = time.perf_counter()
        screen.type(b"D")
        came = screen.wait(lambda shown: len(shown) >= len(DOWN))
        figures.down.append(time.perf_counter() - begun)
        if came != DOWN:
            raise peers.PeerError("what came down is not what was sent")
    for _ in range(times):
        begun = time.perf_counter()
        screen.type(b"U" + UP)
        told = screen.wait(lambda shown: shown.endswith(b">"))
        figures.up.append(time.perf_counter() - begun)
        if told != digest(UP):
            raise peers.PeerError("what went up is not what was typed")
    return figures


def measure(short: bool) -> list[Table]:
    """Three tables: echo, down, up; each console at each BMC."""
    keys, times = (5, 1) if short else (KEYS, TIMES)
    echo = Table("SOL: a key and its echo", unit="ms", peer="pyghmi", goal="at most 1.0 ms")
    down = Table("SOL: 64 KiB down", unit="MB/s", peer="pyghmi", goal="2 MB/s", more_is_better=True)
    up = Table("SOL: 8 KiB up", unit="kB/s", peer="ipmitool", goal="200 kB/s", more_is_better=True)
    with ExitStack() as started:
        line = f"127.0.0.1:{started.enter_context(far_end())}"
        backing = f'sol = {{ backing = "tcp", address = "{line}" }}'
        servers = {
            "at ipmi_sim": peers.ipmi_sim(extra=[f'sol "tcp:{line}" 115200']),
            "at our BMC": peers.bmcs(lines=backing),
        }
        for where, opening in servers.items():
            server = started.enter_context(opening)
            consoles = {
                "pyghmi": partial(library, "pyghmi", (keys, times, 0), server),
                OURS: partial(library, "baseboard", (keys, times, times), server),
                "ipmitool": partial(program, ["ipmitool"], keys, times, server),
                "baseboard sol activate": partial(program, [peers.BASEBOARD], keys, times, server),
            }
            measured = interleave(consoles, rounds(short))
            echo.add(where, picked(measured, 0))
            down.add(where, picked(measured, 1))
            up.add(where, [{who: one[who] for who in one if one[who]} for one in picked(measured, 2)])
    return [echo, down, up]


if __name__ == "__main__":
    main(measure)
