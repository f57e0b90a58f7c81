"""The host's few files."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.memory.files import FILES, entries, is_directory, memory, resolve
from baseboard.bmc.blueprint import HostSpec
from tests.bmc.backends.memory.bench import Bench

HOST = HostSpec(
    sockets=2, cores=2, memory_mib=1024, accounts=(("root", "x"), ("ops", "y")), system="Own System 3.4"
)


def test_what_they_say() -> None:
    bench = Bench(host=HOST)
    bench.boot()
    host = bench.server.host
    told = {path: reader(host) for path, reader in FILES.items()}
    assert 'PRETTY_NAME="Own System 3.4"\nNAME="Own System"\nVERSION_ID="3.4"' in told["/etc/os-release"]
    assert told["/proc/cmdline"] == "root=/dev/sda2 ro console=tty0 console=ttyS0,115200n8\n"
    assert told["/proc/cpuinfo"].count("model name") == 4
    assert "physical id\t: 1\n" in told["/proc/cpuinfo"]
    assert "MemTotal:          917504 kB" in told["/proc/meminfo"]
    assert told["/etc/passwd"] == "root:x:0:0::/root:/bin/sh\nops:x:1:1::/root:/bin/sh\n"
    assert told["/proc/uptime"].startswith("10.50 ")
    assert told["/var/log/boot"].splitlines() == host.messages()
    assert "lab-7" in told["/etc/motd"]
    assert all(text.endswith("\n") for text in told.values())


def test_a_busy_host_uses_more_memory_but_never_all() -> None:
    bench = Bench(powered=True)
    total, used = memory(bench.server.host)
    bench.server.set_load(3.0)
    assert memory(bench.server.host)[1] > used
    bench.server.set_load(30.0)
    assert memory(bench.server.host)[1] < total


@pytest.mark.parametrize(
    ("path", "directory", "absolute"),
    [
        ("a", "/", "/a"),
        ("a", "/b", "/b/a"),
        ("/a/../b/./c", "/x", "/b/c"),
        ("../../..", "/a/b", "/"),
        ("", "/a", "/a"),
        (".", "/", "/"),
    ],
)
def test_paths(path: str, directory: str, absolute: str) -> None:
    assert resolve(path, directory) == absolute


def test_directories() -> None:
    assert is_directory("/")
    assert is_directory("/var")
    assert not is_directory("/etc/motd")
    assert entries("/var") == ["log/"]
    assert entries("/var/log") == ["boot"]
    assert "proc/" in entries("/")
