"""Who takes part: other people's BMCs, ours, a relay that delays and loses, and the client that drives them.

Each is a context manager that yields a `Server` and ends its process by its id; ports are free ones. Ours are
started as a user starts them: the installed program with its defaults. ``load`` and ``opens`` are a client in
C, so that no server waits for it, and tell what processor time the server took meanwhile::

    with peers.ipmi_sim(sensors=100) as theirs, peers.lab() as [ours]:
        print(peers.load(theirs, seconds=2).cpu_us, peers.load(ours, seconds=2).cpu_us)

Everybody's user is ``admin`` with the password ``password``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bench import simulator
from tests.interop.simulator import end, free_port

USERNAME, PASSWORD = "admin", "password"
NATIVE = Path(__file__).parent / "native"
# The program of this environment, as a user types it.
BASEBOARD = str(Path(sys.executable).parent / "baseboard")
# How long a server may take until it answers, seconds.
_START = 120.0
# Get Channel Authentication Capabilities in the v1.5 wrapper (§22.13), which needs no session.
_QUESTION = bytes.fromhex("0600ff07 00 00000000 00000000 09 2018c8 8100388e 04 b5".replace(" ", ""))


class PeerError(Exception):
    """A program is missing, did not start, or did not do what it was told."""


@dataclass(frozen=True)
class Server:
    """A BMC that answers, or the first of many: where it is, and the process that it is in."""

    name: str
    address: str
    port: int
    pid: int
    addresses: int = 1
    """How many BMCs there are, from ``address`` on; loopback addresses that end in 0 or 255 are left out."""

    def cpu(self) -> float:
        """Processor time of its process so far, all threads, seconds."""
        return cpu_seconds(self.pid)


# ---- processes


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, seconds, by the kernel's clock of it, to the nanosecond."""
    return time.clock_gettime(~pid << 3 | 2)


def memory_bytes(pid: int) -> int:
    """What a process holds in memory, the pages that it shares counted by its part of them (PSS)."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
    if found is None:
        raise PeerError(f"the kernel does not tell the memory of process {pid}")
    return int(found[1]) * 1024


def surroundings() -> dict[str, str]:
    """The environment of every program: bytecode is kept, as for users, and no locale differs."""
    return {**{key: os.environ[key] for key in os.environ if key != "PYTHONDONTWRITEBYTECODE"}, "LC_ALL": "C"}


@contextmanager
def running(command: Sequence[str], *, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program while the block lasts; what it prints goes into ``log``. It is ended by its id."""
    with log.open("wb") as stream:
        try:
            # ipmi_sim ends when its standard input does, so all get one that stays open.
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=stream, stderr=stream, env=surroundings()
            )
        except OSError as problem:
            raise PeerError(f"{command[0]}: {problem.strerror}") from problem
        try:
            yield process
        finally:
            end(process)


def answering(server: Server, process: subprocess.Popen[bytes], log: Path) -> Server:
    """Wait until a BMC answers; returns it."""
    until = time.monotonic() + _START
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.05)
        asking.connect((server.address, server.port))
        while time.monotonic() < until and process.poll() is None:
            # What is refused as long as nobody listens there is asked again.
            with suppress(OSError):
                asking.send(_QUESTION)
                asking.recv(2048)
                return server
            time.sleep(0.01)
    raise PeerError(f"{server.name} does not answer, exit code {process.poll()}\n{log.read_text()}")


def native(name: str, *libraries: str) -> str:
    """Build a C program of ``bench/native``, once for each state of its source, outside the tree.

    Returns: its path.
    """
    source = NATIVE / f"{name}.c"
    state = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baseboard" / "bench"
    program = cache / f"{name}-{state}"
    if not program.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            made = Path(folder, name)
            command = ["gcc", "-O2", "-w", "-o", str(made), str(source), *(f"-l{one}" for one in libraries)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise PeerError(f"{' '.join(command)}\n{done.stderr}")
            made.replace(program)
    return str(program)


def bmcbench() -> str:
    """The path of the C program that is client, responder and relay."""
    return native("bmcbench", "crypto")


# ---- other people's BMCs


@contextmanager
def ipmi_sim(
    *,
    sensors: int = 100,
    sel: int = 0,
    kg: str | None = None,
    extra: Sequence[str] = (),
    sel_capacity: int = 1000,
) -> Iterator[Server]:
    """OpenIPMI's simulator.

    Args:
        sensors: how many it has, numbered from 1.
        sel: entries of its SEL at first.
        kg: K_G in hex.
        extra: more lines of lan.conf, such as ``sol "tcp:127.0.0.1:PORT" 115200``.
        sel_capacity: entries that its SEL has room for.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        files = simulator.write(
            folder, port, sensors=sensors, sel=sel, kg=kg, extra=extra, sel_capacity=sel_capacity
        )
        with running(["ipmi_sim", *files], log=folder / "log") as process:
            yield answering(Server("ipmi_sim", "127.0.0.1", port, process.pid), process, folder / "log")


@contextmanager
def fakebmc() -> Iterator[Server]:
    """The simulated BMC of pyghmi: it has power and nothing else, and does cipher suite 3 alone."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        command = [sys.executable, "-P", "-m", "pyghmi.cmd.fakebmc", "--port", str(port)]
        with running(command, log=log) as process:
            yield answering(Server("fakebmc", "127.0.0.1", port, process.pid), process, log)


@contextmanager
def responder(*, sensors: int = 100, sel: int = 0, delay_us: int = 0) -> Iterator[Server]:
    """The bare responder in C: it stands at every loopback address and has no state to speak of.

    Args:
        sensors: records in its SDR repository besides two locators.
        sel: entries of its SEL.
        delay_us: microseconds until an answer leaves.
    """
    port = free_port("0.0.0.0")  # noqa: S104 - it takes this port at every address
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sdr").write_bytes(b"".join(simulator.records(sensors)))
        (folder / "fru").write_bytes(simulator.inventory())
        command = [bmcbench(), "serve", "-p", str(port), "-r", str(folder / "sdr"), "-f", str(folder / "fru")]
        command += ["-e", str(sel), "-d", str(delay_us)]
        with running(command, log=folder / "log") as process:
            server = Server("C responder", "127.0.0.1", port, process.pid, addresses=10_000)
            yield answering(server, process, folder / "log")


@contextmanager
def relay(server: Server, *, delay_us: int = 0, loss: float = 0) -> Iterator[Server]:
    """The same server, further away.

    Args:
        delay_us: microseconds, each way.
        loss: percent of the datagrams that do not arrive, each way.
    """
    port = free_port()
    command = [bmcbench(), "proxy", "-a", "127.0.0.1", "-p", str(port)]
    command += ["-A", server.address, "-P", str(server.port), "-d", str(delay_us), "-l", str(loss)]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with running(command, log=log) as process:
            yield answering(replace(server, port=port, addresses=1), process, log)


# ---- ours


@contextmanager
def lab(*options: str) -> Iterator[list[Server]]:
    """``baseboard lab`` with these options; one server, cipher suites 3 and 17, if there are none."""
    login = ["--username", USERNAME, "--password", PASSWORD]
    with _served(["lab", "--json", "--port", "0", *login, *(options or ["--count", "1"])]) as servers:
        yield servers


@contextmanager
def bmcs(
    count: int = 1,
    *,
    shared: bool = False,
    sensors: int = 100,
    store: Path | None = None,
    sel_capacity: int = 1024,
    lan: str = "",
    lines: str = "",
) -> Iterator[Server]:
    """``baseboard bmc run`` of so many BMCs alike; more than one have an address each and share a socket.

    Args:
        count: how many.
        shared: a socket that more could share, although there is one BMC.
        sensors: of each, four kinds in turns; at most 762, numbered from 1 on, 254 a LUN (0, then 1, then 3).
        store: where their state is kept; without it, it is gone at the end.
        sel_capacity: entries that an SEL has room for.
        lan: more of ``[bmc.lan]``.
        lines: more of ``[[bmc]]``, such as ``makeup = "rack"``.
    """
    text = simulator.description(
        count,
        free_port("0.0.0.0"),  # noqa: S104 - takes this port at every loopback address
        shared=shared or count > 1,
        sensors=sensors,
        sel_capacity=sel_capacity,
        login=(USERNAME, PASSWORD),
        lan=lan,
        lines=lines,
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bmcs.toml")
        file.write_text(text, encoding="utf-8")
        kept = [] if store is None else ["--store", str(store)]
        with _served(["bmc", "run", "--json", *kept, str(file)]) as servers:
            yield replace(servers[0], addresses=count)


@contextmanager
def _served(words: list[str]) -> Iterator[list[Server]]:
    """Run a verb of ours that serves; it prints a line for programs once all answer."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with running([BASEBOARD, *words], log=log) as process:
            until = time.monotonic() + _START
            while not (told := log.read_bytes()).endswith(b"]\n"):
                if process.poll() is not None or time.monotonic() > until:
                    raise PeerError(
                        f"baseboard {' '.join(words)}: exit code {process.poll()}\n{told.decode()}"
                    )
                time.sleep(0.01)
            line = json.loads(told.decode().splitlines()[-1])
            yield [Server("Baseboard", one["address"], one["port"], process.pid) for one in line]


# ---- the client in C


@dataclass(frozen=True)
class Load:
    """What a client got out of a server, and at what cost.

    Attributes:
        requests: how many were answered.
        per_second: requests a second.
        opens: sessions opened a second, one after another, before the requests.
        bad: answers that were no success.
        stalls: half seconds in which a session got no answer.
        cpu: processor time of the server while it answered, seconds.
    """

    requests: int
    per_second: float
    opens: float
    bad: int
    stalls: int
    cpu: float

    @property
    def cpu_us(self) -> float:
        """Processor time of the server for one request, microseconds."""
        return self.cpu / self.requests * 1e6


@dataclass(frozen=True)
class Opens:
    """Sessions opened and closed one after another.

    Attributes:
        count: how many.
        per_second: sessions a second.
        cpu: processor time of the server meanwhile, seconds.
    """

    count: int
    per_second: float
    cpu: float

    @property
    def cpu_us(self) -> float:
        """Processor time of the server for one session, microseconds."""
        return self.cpu / self.count * 1e6


def load(
    server: Server,
    *,
    seconds: float,
    sessions: int = 10,
    in_flight: int = 4,
    total: int = 0,
    suite: int = 3,
    request: str = "6,1,",
    most: int = 0,
) -> Load:
    """Ask as fast as the server answers.

    Args:
        seconds: for how long.
        sessions: how many, spread over the server's addresses.
        in_flight: requests of each session that wait for their answers.
        total: that of all sessions together, which take turns; in place of ``in_flight``.
        suite: cipher suite: 0 to 3, 15 to 17.
        request: ``"NETFN,CMD,DATA"``: two numbers, and data in hex; Get Device ID if not told.
        most: answers to end with; exactly so many requests if one is in flight. 0 = as many as there are.

    Raises:
        PeerError: sessions did not open, answers were no success, or none came at all.
    """
    window = ["-g", str(total)] if total else ["-w", str(in_flight)]
    command = [*_towards("load", server, seconds, suite), "-n", str(sessions), "-q", request, *window]
    command += ["-k", str(most)]
    told = _told(command)
    done = Load(
        int(told["requests"]),
        told["req/s"],
        told["opens/s"],
        int(told["bad"]),
        int(told["stalls"]),
        told["cpu"],
    )
    if done.bad or not done.requests:
        raise PeerError(f"{server.name}, {request}: {done}")
    return done


def opens(server: Server, *, seconds: float, suite: int = 3) -> Opens:
    """Open a session, set its privilege and close it, one after another.

    Raises:
        PeerError: one did not open.
    """
    told = _told(_towards("opens", server, seconds, suite))
    return Opens(int(told["opened"]), told["opens/s"], told["cpu"])


def _towards(mode: str, server: Server, seconds: float, suite: int) -> list[str]:
    command = [bmcbench(), mode, "-a", server.address, "-p", str(server.port), "-N", str(server.addresses)]
    return [*command, "-t", str(seconds), "-c", str(suite), "-s", str(server.pid)]


def _told(command: list[str]) -> dict[str, float]:
    """Run the client; the figures that it prints, by the word before each."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = {name: float(figure) for name, figure in re.findall(r"([a-z/]+) ([\d.]+)", done.stdout)}
    if done.returncode or not told:
        raise PeerError(f"{' '.join(command)}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
    return told
