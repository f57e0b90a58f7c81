"""Programs and libraries that others wrote, which tests put against ours: where they are, and which versions.

``./check`` and continuous integration demand them; only a bare ``pytest`` run by hand does without one.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import NoReturn

import pytest

# Debian keeps FreeIPMI's tools where only root's path looks.
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


@dataclass(frozen=True)
class Peer:
    """A peer: how it is found and asked for its version, and what brings it."""

    name: str
    program: str = ""
    version: tuple[str, ...] = ()
    library: str = ""
    package: str = ""


PEERS = {
    peer.name: peer
    for peer in [
        Peer("ipmitool", "ipmitool", ("-V",), package="ipmitool"),
        Peer("FreeIPMI", "bmc-info", ("--version",), package="freeipmi-tools"),
        Peer("ipmidetect", "ipmidetect", ("--version",), package="freeipmi-ipmidetect"),
        Peer("ipmiseld", "ipmiseld", ("--version",), package="freeipmi-ipmiseld"),
        Peer("OpenIPMI", "openipmicmd", package="openipmi"),
        Peer("fence-agents", "fence_ipmilan", package="fence-agents"),
        Peer("ipmi_exporter", "prometheus-ipmi-exporter", package="prometheus-ipmi-exporter"),
        Peer("powerman", "powermand", package="powerman"),
        Peer("snmptrapd", "snmptrapd", ("--version",), package="snmptrapd"),
        Peer("snmptrap", "snmptrap", ("-V",), package="snmp"),
        Peer("zsh", "zsh", ("--version",), package="zsh"),
        Peer("fish", "fish", ("--version",), package="fish"),
        Peer("mandoc", "mandoc", package="mandoc"),
        Peer("jq", "jq", ("--version",), package="jq"),
        Peer("QEMU", "qemu-system-x86_64", ("--version",), package="qemu-system-x86"),
        Peer("iproute2", "ip", ("-V",), package="iproute2"),
        Peer("tcpdump", "tcpdump", ("--version",), package="tcpdump"),
        Peer("pppd", "/usr/sbin/pppd", ("--version",), package="ppp"),
        Peer("dmidecode", "dmidecode", ("--version",), package="dmidecode"),
        Peer("pyghmi", library="pyghmi"),
        Peer("python-ipmi", library="pyipmi"),
        Peer("libvirt-python", library="libvirt"),
    ]
}
# What this process used, for the report at the end of the run.
used: set[str] = set()


def demanded() -> bool:
    """Whether a missing peer is a failure."""
    return bool(os.environ.get("CI") or os.environ.get("BASEBOARD_REQUIRE_PEERS"))


def require(name: str, program: str = "") -> str:
    """The path of a peer's program (or of another of its programs), or the name of its module.

    Fails when it is missing; in a bare run by hand the test is skipped instead.
    """
    peer = PEERS[name]
    if peer.library:
        found = peer.library if importlib.util.find_spec(peer.library) else None
    else:
        found = shutil.which(program or peer.program, path=PATH)
    if found is None:
        lacking(f"{name} is missing; it is in {peer.package or 'requirements-check.lock'}")
    used.add(label(name))
    return found


def lacking(text: str) -> NoReturn:
    """Something that others made is not there: a failure, or in a bare run by hand a test left out."""
    if demanded():
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


@functools.cache
def label(name: str) -> str:
    """Name and version, such as ``ipmitool 1.8.19``."""
    return f"{name} {_version(PEERS[name])}".strip()


def _version(peer: Peer) -> str:
    if peer.library:
        return importlib.metadata.version(peer.name)
    if peer.version:
        program = shutil.which(peer.program, path=PATH) or peer.program
        answer = subprocess.run(
            [program, *peer.version], capture_output=True, text=True, timeout=30, check=False
        )
        numbers = re.search(r"\d+(\.\d+)+", answer.stdout)
        return numbers[0] if numbers else ""
    # The others do not tell theirs in few words; Debian does.
    query = ["dpkg-query", "-W", "-f=${source:Upstream-Version}", peer.package]
    return subprocess.run(query, capture_output=True, text=True, timeout=30, check=False).stdout
