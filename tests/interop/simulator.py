"""OpenIPMI's ``ipmi_sim`` on loopback: a BMC of others, with sensors, SEL, FRU, users and a satellite."""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import peers
from tests.interop.lab import Bmc

GUID = "a123456789abcdefa123456789abcdef"
BOARD = 0x20
SATELLITE = 0x30
_START, _STOP = 20.0, 20.0

# The program that ipmi_sim calls for chassis control: it keeps each parameter in a file.
_CHASSIS = """#!/bin/sh
shift; op=$1; shift
while [ $# -gt 0 ]; do
  if [ $op = get ]; then v=0; [ $1 = boot ] && v=default; [ -f @$1 ] && v=$(cat @$1); echo "$1:$v"; shift
  else echo "$2" >@$1; [ $1 = identify ] && shift; shift 2; fi
done
exit 0
"""


@dataclass(frozen=True)
class Kind:
    """A kind of sensor: its name, type, unit, factors M and R exponent, reading and upper thresholds."""

    name: str
    sensor_type: int
    unit: int
    m: int
    r_exponent: int
    reading: int
    thresholds: tuple[int, int, int]


KINDS = (
    Kind("Temp", 0x01, 1, 1, 0, 40, (95, 90, 80)),
    Kind("Volt", 0x02, 4, 16, -3, 75, (90, 88, 85)),
    Kind("Fan", 0x04, 18, 75, 0, 90, (250, 240, 230)),
    Kind("Power", 0x0B, 6, 4, 0, 60, (220, 210, 200)),
)


def sensor_record(number: int) -> bytes:
    """A full sensor record (Table 43-1), ten more bytes than its factors need being zero."""
    kind = KINDS[(number - 1) % len(KINDS)]
    name = f"{kind.name}{number:03d}".encode()
    body = bytes([BOARD, 0, number, 0x07, 1 + number // 16, 0x7F, 0x68, kind.sensor_type, 0x01])
    body += bytes([0x80, 0x0A, 0x80, 0x7A, 0x38, 0x38, 0x00, kind.unit, 0x00, 0x00])
    body += bytes([kind.m & 0xFF, (kind.m >> 8 & 3) << 6, 0, 0, 0, (kind.r_exponent & 0xF) << 4])
    body += bytes([0x01, kind.reading, 0xC8, 0x00, 0xFF, 0x00, *kind.thresholds, 0, 0, 0, 2, 2, 0, 0, 0])
    return _record(0x01, body + bytes([0xC0 | len(name)]) + name)


def controller_record(name: bytes = b"SimBMC", address: int = BOARD) -> bytes:
    """A management controller device locator (Table 43-8)."""
    return _record(0x12, bytes([address, 0, 0, 0x9F, 0, 0, 0, 7, 1, 0, 0xC0 | len(name)]) + name)


def inventory_record(name: bytes = b"Mainboard") -> bytes:
    """A FRU device locator (Table 43-7)."""
    return _record(0x11, bytes([BOARD, 0, 0x80, 0, 0, 0x10, 0, 7, 1, 0, 0xC0 | len(name)]) + name)


def _record(kind: int, body: bytes) -> bytes:
    return bytes([0, 0, 0x51, kind, len(body)]) + body


def inventory() -> bytes:
    """A FRU image with chassis, board and product areas (FRU specification §8)."""

    def area(head: bytes, *fields: str) -> bytes:
        made = head + b"".join(bytes([0xC0 | len(text)]) + text.encode() for text in fields) + b"\xc1"
        made += bytes(-(len(made) + 1) % 8)
        made = made[:1] + bytes([(len(made) + 1) // 8]) + made[2:]
        return made + bytes([-sum(made) & 0xFF])

    areas = [
        area(bytes([1, 0, 0x17]), "CH-0001", "CHSN0001"),
        area(bytes([1, 0, 0, 0x10, 0x20, 0x30]), "Acme", "Mainboard", "BSN0001", "BPN-0001", "frufile"),
        area(bytes([1, 0, 0]), "Acme", "Server 9000", "P9000", "v1", "PSN0001", "asset1", "frufile"),
    ]
    header, offset = [1, 0], 8
    for one in areas:
        header.append(offset // 8)
        offset += len(one)
    header += [0, 0]
    return bytes([*header, -sum(header) & 0xFF]) + b"".join(areas)


def _hex(data: bytes) -> str:
    return " ".join(f"0x{byte:02x}" for byte in data)


def write_configuration(
    folder: Path,
    port: int,
    *,
    sensors: int,
    sel: int,
    kg: str | None,
    auth_types: str,
    extra: Sequence[str] = (),
    sel_capacity: int = 1000,
) -> list[str]:
    """Write what ipmi_sim reads.

    Args:
        extra: more lines of lan.conf, such as a serial channel.
        sel_capacity: entries that the SEL has room for.

    Returns: the command's arguments.
    """
    (folder / "state").mkdir()
    script = folder / "chassis.sh"
    script.write_text(_CHASSIS.replace("@", f"{folder}/chassis."))
    script.chmod(0o755)
    lan = ['name "simulator"', f"set_working_mc 0x{BOARD:02x}", "startlan 1", f"addr 127.0.0.1 {port}"]
    lan += ["priv_limit admin"]
    lan += [f"allowed_auths_{level} {auth_types}" for level in ("callback", "user", "operator", "admin")]
    lan += [f"guid {GUID}", *([] if kg is None else [f"bmc_key {kg}"]), "endlan"]
    lan += [f'chassis_control "{script} 0x{BOARD:02x}"', *extra]
    kinds = "10 none md2 md5 straight"
    lan += [
        f'user 1 false "" "test" user {kinds}',
        f'user 2 true "admin" "password" admin {kinds}',
        f'user 3 true "oper" "operpass" operator {kinds}',
        f'user 4 true "user" "userpass" user {kinds}',
        f'user 5 true "nul" "" admin {kinds}',
    ]
    (folder / "lan.conf").write_text("\n".join(lan) + "\n")
    (folder / "cmd.emu").write_text("\n".join(_emulation(sensors, sel, sel_capacity)) + "\n")
    return ["-c", str(folder / "lan.conf"), "-f", str(folder / "cmd.emu"), "-s", str(folder / "state"), "-n"]


def _emulation(sensors: int, sel: int, sel_capacity: int) -> Iterator[str]:
    """The commands that fill the simulated controllers."""
    board = f"0x{BOARD:02x}"
    yield f"mc_setbmc {board}"
    yield f"mc_add {board} 0x20 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02"
    yield f"sel_enable {board} {sel_capacity} 0x0a"
    yield f"main_sdr_add {board} {_hex(controller_record())}"
    yield f"main_sdr_add {board} {_hex(inventory_record())}"
    yield f"sensor_add {board} 0 0 35 0x6f event-only"
    zeros, four = "0" * 15, "000000000001111"
    yield f"sensor_set_event_support {board} 0 0 enable scanning per-state {four} {zeros} {four} {zeros}"
    for number in range(1, sensors + 1):
        kind = KINDS[(number - 1) % len(KINDS)]
        limits = " ".join(str(value) for value in kind.thresholds)
        masks = " ".join(["000101010000000"] * 4)
        yield f"sensor_add {board} 0 {number} 0x{kind.sensor_type:02x} 0x01"
        yield f"sensor_set_value {board} 0 {number} {kind.reading} 0"
        yield f"sensor_set_threshold {board} 0 {number} settable 111000 {limits} 0 0 0"
        yield (f"sensor_set_event_support {board} 0 {number} enable scanning per-state {masks}")
        yield f"main_sdr_add {board} {_hex(sensor_record(number))}"
    image = inventory()
    yield f"mc_add_fru_data {board} 0 {len(image)} data {_hex(image)}"
    satellite = f"0x{SATELLITE:02x}"
    yield f"mc_add {satellite} 2 no-device-sdrs 0x98 0x10 1 0xa0 0x1291 0xf03"
    yield f"mc_enable {satellite}"
    yield f"mc_enable {board}"
    for entry in range(sel):
        stamp = (0x60000000 + entry * 60).to_bytes(4, "little")
        direction = 0x01 if entry % 2 == 0 else 0x81
        event = bytes([BOARD, 0, 4, 1, 1 + entry % max(sensors, 1), direction, 0x57, 0x5A, 0x50])
        yield f"sel_add {board} 2 {_hex(stamp + event)}"


def free_port(address: str = "127.0.0.1") -> int:
    """A UDP port that nobody has at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


@contextmanager
def simulator(
    *,
    sensors: int = 12,
    sel: int = 5,
    kg: str | None = None,
    auth_types: str = "md5 md2 straight none",
    extra: Sequence[str] = (),
) -> Iterator[Bmc]:
    """Run ipmi_sim while the block lasts: user ``admin``, password ``password``, suites 0-3, v1.5."""
    program = peers.require("OpenIPMI", "ipmi_sim")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        arguments = write_configuration(
            folder, port, sensors=sensors, sel=sel, kg=kg, auth_types=auth_types, extra=extra
        )
        with (folder / "log").open("w+") as log:
            # It ends when its standard input does, so it gets one that stays open.
            process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=log, stderr=log)
            try:
                _await(process, port, folder / "log")
                yield Bmc("127.0.0.1", port, "admin", "password", kg, "ipmi_sim", folder)
            finally:
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program by its id: asked first, then made to."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_STOP)
    if process.stdin is not None:
        process.stdin.close()


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until it answers a Get Channel Authentication Capabilities in the v1.5 wrapper (§22.13)."""
    question = bytes.fromhex("0600ff0700000000000000000009 2018c8 8100380e04 35".replace(" ", ""))
    until = time.monotonic() + _START
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.2)
        while time.monotonic() < until and process.poll() is None:
            asking.sendto(question, ("127.0.0.1", port))
            try:
                asking.recv(2048)
            except OSError:
                continue
            return
    raise AssertionError(f"ipmi_sim did not start: exit code {process.poll()}\n{log.read_text()}")
