"""FreeIPMI's daemons: ipmidetectd pings the lab, ipmiseld follows its event log."""

from __future__ import annotations

import socket
from pathlib import Path

from tests import peers
from tests.interop.faces import daemon, free_port
from tests.interop.lab import Bmc, Done, Lab, run
from tests.interop.patience import eventually

SEEN_FAST = 500
"""Milliseconds between two pings of ipmidetectd."""


def silent_port() -> int:
    """A UDP port of 127.0.0.2 that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.2", 0))
        port: int = one.getsockname()[1]
        return port


def test_ipmidetect_tells_who_answers_pings(shared_lab: Lab, tmp_path: Path) -> None:
    """A BMC of the lab is detected; a host without one is not."""
    port, bmc = free_port(), shared_lab[0]
    file = tmp_path / "ipmidetectd.conf"
    file.write_text(
        f"ipmiping_period {SEEN_FAST}\nipmidetectd_server_port {port}\n"
        f"host 127.0.0.1:{bmc.port}\nhost 127.0.0.2:{silent_port()}\n"
    )

    def asked(option: str) -> list[str]:
        command = [peers.require("ipmidetect"), "-h", "127.0.0.1", "-p", str(port), option, "-n"]
        return run(command, "", 30, {}).lines

    with daemon([peers.require("ipmidetect", "ipmidetectd"), "-d", "-c", str(file)], {}):
        assert eventually(lambda: asked("-d"), lambda seen: seen == ["127.0.0.1"])
        assert asked("-u") == ["127.0.0.2"]


def followed(bmc: Bmc, folder: Path, *options: str) -> list[str]:
    """What stands behind ``run`` for ipmiseld."""
    command = [peers.require("ipmiseld"), "-h", f"{bmc.address}:{bmc.port}", "-D", "LAN_2_0", "-I", "17"]
    return [*command, "-u", bmc.username, "-p", bmc.password, f"--cache-directory={folder}", *options]


def test_ipmiseld_words_the_events_of_the_log(own_lab: Lab, tmp_path: Path) -> None:
    """The temperature of a known sensor goes beyond its upper critical threshold."""
    rack = own_lab[0]
    entry = "0 0x0a 0x44 0 0 2 0 0 0 0 0x20 0 4 1 3 1 0x59 0xb8 0xb4\n"
    assert rack.freeipmi("ipmi-raw", stdin=entry).ok().lines == ["rcvd: 44 00 01 00"]
    done: Done = run(followed(rack, tmp_path, "--test-run"), "", 60, {}).ok()
    (line,) = [line for line in done.lines if line.startswith("SEL System Event")]
    assert line.startswith(f"SEL System Event({rack.address}:{rack.port}): ")
    words = (
        "CPU1 Temp, Critical, Upper Critical - going high ; Sensor Reading = 92.00 C ; Threshold = 90.00 C"
    )
    assert line.endswith(f", {words}")


def test_ipmiseld_notices_an_event_while_it_runs(own_lab: Lab, tmp_path: Path) -> None:
    """It writes to the system's log, and notes in a file of its own how far it has read."""
    blade = own_lab[1]
    with daemon(followed(blade, tmp_path, "--foreground", "--poll-interval=1"), {}):
        note = tmp_path / f"ipmiselddata.{blade.address}:{blade.port}"
        before = eventually(lambda: note.read_bytes() if note.exists() else b"", bool)
        blade.ipmitool("event", "1").ok()
        assert eventually(note.read_bytes, lambda seen: seen not in (before, b""))
