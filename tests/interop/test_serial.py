"""Serial lines, in both modes, over pseudo-terminals: our console to ``ipmi_sim``, ipmitool to our BMC."""

from __future__ import annotations

import asyncio
import os
import select
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from baseboard.bmc.blueprint import FruSpec, SensorSpec, Thresholds
from baseboard.client.bmc import Bmc
from baseboard.client.connect import open_interface
from baseboard.client.serial import open_serial
from baseboard.client.settings import Settings
from baseboard.commands.storage.sel import GetSelEntry
from baseboard.errors import NoResponse
from tests import peers
from tests.interop.simulator import inventory, simulator
from tests.serial_line import Line, bench

CODECS = {"serial-basic": "Direct", "serial-terminal": "TerminalMode"}
MODES = sorted(CODECS)
EVENT = bytes.fromhex("0000 02 00000000 4100 04 01 30 01 596070")
LAST = 0xFFFF


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def pseudo_terminal(port: int) -> Iterator[str]:
    """The device of a line whose far end is a TCP port of 127.0.0.1."""
    far, near = os.openpty()
    stop, stopped = os.pipe()
    with socket.create_connection(("127.0.0.1", port)) as peer:

        def carry() -> None:
            while True:
                ready, _, _ = select.select([far, peer.fileno(), stop], [], [])
                if stop in ready:
                    return
                if far in ready:
                    peer.sendall(os.read(far, 4096))
                if peer.fileno() in ready:
                    os.write(far, peer.recv(4096))

        carrier = threading.Thread(target=carry, daemon=True)
        carrier.start()
        try:
            yield os.ttyname(near)
        finally:
            os.write(stopped, b".")
            carrier.join(10)
            for fd in (far, near, stop, stopped):
                os.close(fd)


@pytest.mark.parametrize("mode", MODES)
async def test_ipmi_sim_carries_out_what_our_console_sends(mode: str) -> None:
    """It does so without a word: 2.0.33 sends answers only with its VM codec, so its log has to tell.

    In Basic Mode the handshake that it sends lets the second request go at once.
    """
    port = free_port()
    line = f"serial 15 127.0.0.1 {port} codec {CODECS[mode]}"
    with simulator(sensors=1, sel=0, extra=[line]) as theirs, pseudo_terminal(port) as device:
        wanted = Settings(interface=mode, device=device, baud=9600)
        interface = await open_serial(wanted)
        for number in (0xA0, 0xA5, 0xA6, 0xAA, 0x1B):  # each has an escape of its own
            event = EVENT[:-1] + bytes((number,))
            with pytest.raises(NoResponse):
                await interface.exchange(0x0A, 0x44, event, timeout=0.2, retry=False)
        await interface.close()
        login = Settings(
            interface="lan", host=theirs.address, port=theirs.port, username=b"admin", password=b"password"
        )
        async with Bmc(await open_interface(login), login) as bmc:
            log, record_id = [], 0
            while record_id != LAST:
                entry = await bmc.execute(GetSelEntry(record_id=record_id))
                log.append(entry.data[7:])
                record_id = entry.next_record_id
        assert log == [EVENT[7:-1] + bytes((number,)) for number in (0xA0, 0xA5, 0xA6, 0xAA, 0x1B)]


SENSOR = SensorSpec(
    0x30,
    "Inlet Temp",
    sensor_type=1,
    base_unit=1,
    minimum=0.0,
    maximum=127.0,
    thresholds=Thresholds(upper_critical=90.0),
)


async def ipmitool(mode: str, line: Line, *words: str, program: Sequence[str] = ()) -> tuple[int, str]:
    """What ipmitool, or another program, prints on a line that is served here; and its exit code."""
    process = await asyncio.create_subprocess_exec(
        *(program or [peers.require("ipmitool")]),
        *("-I", mode, "-D", f"{line.path}:115200"),
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(120):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


@pytest.mark.parametrize("mode", MODES)
async def test_ipmitool_works_on_our_serial_line(mode: str) -> None:
    made = bench(sensors=(SENSOR,), frus=(FruSpec(0, "Board", inventory()),), powered=True)
    with Line(mode, made, login=False) as line:
        status, output = await ipmitool(mode, line, "mc", "info")
        assert (status, "IPMI Version              : 2.0" in output) == (0, True), output
        status, output = await ipmitool(mode, line, "chassis", "power", "status")
        assert (status, output.strip()) == (0, "Chassis Power is on")
        status, output = await ipmitool(mode, line, "sdr", "list")
        assert (status, "Inlet Temp" in output) == (0, True), output
        status, output = await ipmitool(mode, line, "fru", "print", "0")
        assert (status, "BSN0001" in output) == (0, True), output
        words = [f"0x{byte:02x}" for byte in EVENT]
        status, output = await ipmitool(mode, line, "raw", "0x0a", "0x44", *words)
        assert status == 0, output
        status, output = await ipmitool(mode, line, "sel", "list")
        assert (status, "Temperature #0x30 | Upper Critical going high" in output) == (0, True), output
        status, output = await ipmitool(mode, line, "raw", "0x3e", "0x77")
        assert (status, "rsp=0xc1" in output) == (1, True), output


@pytest.mark.parametrize("mode", MODES)
async def test_ipmitool_does_not_log_in_and_is_kept_out_where_that_is_wanted(mode: str) -> None:
    """It has no login on serial lines: without a session only what needs none is answered."""
    with Line(mode) as line:
        status, output = await ipmitool(mode, line, "raw", "0x0a", "0x40")
        assert (status, "rsp=0xd4" in output) == (1, True), output


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("words", ["mc info", "chassis status", "sdr list", "raw 0x3e 0x77"])
async def test_our_program_prints_what_ipmitool_prints(mode: str, words: str) -> None:
    ours = [sys.executable, "-P", "-m", "baseboard", "ipmitool"]
    with Line(mode, bench(sensors=(SENSOR,), powered=True), login=False) as line:
        theirs = await ipmitool(mode, line, *words.split())
        assert await ipmitool(mode, line, *words.split(), program=ours) == theirs
