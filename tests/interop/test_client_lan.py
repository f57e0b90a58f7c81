"""Our console against BMCs that others wrote, over the LAN: logins, requests, controllers behind the BMC."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import baseboard
from baseboard import Target
from baseboard.client.discover import look
from baseboard.client.doctor import Verdict, examine
from baseboard.client.inquiry import Inquiry
from baseboard.client.sockets import peer
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.sessions import GetSessionInfo
from baseboard.commands.chassis.control import GetChassisStatus
from baseboard.errors import (
    BaseboardError,
    KeyRefused,
    LoginRefused,
    NoResponse,
    SuiteRefused,
)
from baseboard.rmcp.flight import Pace
from tests import peers
from tests.interop import simulator
from tests.interop.lab import Bmc, Lab, lab
from tests.interop.simulator import SATELLITE

# ipmi_sim cuts a key in quotes after 19 characters.
KEY = "abcdefghijklmnopqrs"


@pytest.fixture(scope="module")
def sim() -> Iterator[Bmc]:
    with simulator.simulator() as running:
        yield running


def reach(at: Bmc, **options: Any) -> Any:
    given: dict[str, Any] = {
        "username": at.username,
        "password": at.password,
        "port": at.port,
        "learn": False,
    }
    return baseboard.connect(at.address, **(given | options))


def device(at: Bmc, **options: Any) -> Any:
    """Log in, ask Get Device ID and the present privilege, log out."""

    async def main() -> Any:
        async with reach(at, **options) as bmc:
            return await bmc.execute(GetDeviceId())

    return asyncio.run(main())


# ---- OpenIPMI's ipmi_sim


def test_it_falls_from_17_to_3_by_itself(sim: Bmc) -> None:
    assert device(sim).manufacturer_id == 0x1291


@pytest.mark.parametrize("suite", [0, 1, 2, 3])
def test_suites_of_the_simulator(sim: Bmc, suite: int) -> None:
    assert device(sim, cipher_suite=suite).product_id == 0xF02


def test_a_suite_that_the_simulator_does_not_have(sim: Bmc) -> None:
    with pytest.raises(SuiteRefused):
        device(sim, cipher_suite=17)


@pytest.mark.parametrize("auth_type", [None, 0, 1, 2, 4])
def test_v15_of_the_simulator(sim: Bmc, auth_type: int | None) -> None:
    assert device(sim, interface="lan", auth_type=auth_type).manufacturer_id == 0x1291


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_privileges_of_the_simulator(sim: Bmc, interface: str) -> None:
    async def main() -> None:
        for name, password, level in (("oper", "operpass", 3), ("user", "userpass", 2)):
            async with reach(
                sim, username=name, password=password, privilege=level, interface=interface
            ) as bmc:
                assert bmc.interface.privilege == level

    asyncio.run(main())


def test_a_wrong_password_at_the_simulator(sim: Bmc) -> None:
    for name, password in (("admin", "wrong"), ("nobody", "password")):
        with pytest.raises(LoginRefused):
            device(sim, username=name, password=password)


def test_two_keys_at_the_simulator() -> None:
    with simulator.simulator(kg=f'"{KEY}"') as keyed:
        assert device(keyed, kg=KEY).manufacturer_id == 0x1291
        with pytest.raises(KeyRefused):
            device(keyed)


@pytest.mark.parametrize("options", [{}, {"interface": "lan"}, {"cipher_suite": 0}], ids=str)
def test_a_satellite_of_the_simulator_through_send_message(sim: Bmc, options: dict[str, Any]) -> None:
    """What it says is what ipmitool prints of the same satellite."""

    async def main() -> tuple[Any, Any]:
        async with reach(sim, target=Target(address=SATELLITE), **options) as bmc:
            answer = await bmc.execute(GetDeviceId())
            return answer, await bmc.execute(GetDeviceId(), target=baseboard.Target())

    satellite, board = asyncio.run(main())
    printed = sim.ipmitool("-t", f"0x{SATELLITE:02x}", "mc", "info", suite=3).ok().values
    assert satellite.device_id == int(printed["Device ID"])
    assert satellite.product_id == int(printed["Product ID"].split()[0])
    assert f"{satellite.firmware_major}.{satellite.firmware_minor}" == printed["Firmware Revision"]
    assert board.product_id == 0xF02


def test_nobody_is_at_that_address(sim: Bmc) -> None:
    async def main() -> None:
        async with reach(sim, target=Target(address=0x52), timeout=0.2, retries=1) as bmc:
            with pytest.raises((NoResponse, baseboard.CompletionError)):
                await bmc.execute(GetDeviceId())
            assert (await bmc.execute(GetDeviceId(), target=Target())).product_id == 0xF02

    asyncio.run(main())


def test_sessions_of_the_simulator_are_closed(sim: Bmc) -> None:
    """More logins than it has slots."""

    async def main() -> None:
        for _ in range(40):
            async with reach(sim, cipher_suite=3) as bmc:
                info = await bmc.execute(GetSessionInfo())
        assert info.active_sessions == 1

    asyncio.run(main())


def test_the_simulator_is_discovered_and_examined(sim: Bmc) -> None:
    async def main() -> None:
        found = await look(sim.address, port=sim.port)
        assert found is not None
        assert (found.ipmi, found.versions) == (True, ("1.5", "2.0"))
        assert set(found.auth_types) >= {"MD2", "MD5"}
        findings = await examine(reach(sim).settings)
        assert findings
        assert not [one for one in findings if one.verdict is Verdict.BAD]

    asyncio.run(main())


# ---- pyghmi's simulated BMC


@contextmanager
def fake_bmc() -> Iterator[Bmc]:
    """Run pyghmi's fakebmc while the block lasts."""
    peers.require("pyghmi")
    port = simulator.free_port()
    command = [sys.executable, "-m", "pyghmi.cmd.fakebmc", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield Bmc("127.0.0.1", port, "admin", "password", None, "fakebmc", Path())
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_pyghmi_on_off_and_a_wrong_password() -> None:
    async def main(at: Bmc) -> None:
        async with reach(at, retries=20, timeout=0.5) as bmc:
            status = await bmc.execute(GetChassisStatus())
            await bmc.raw(0x00, 0x02, b"\x01")
            assert (await bmc.execute(GetChassisStatus())).power_on != status.power_on
        with pytest.raises(LoginRefused):
            await reach(at, password="wrong")

    with fake_bmc() as at:
        asyncio.run(main(at))


# ---- our own lab


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_make_up_of_the_lab(shared_lab: Lab, number: int) -> None:
    at = shared_lab[number]

    async def main() -> None:
        async with reach(at) as bmc:
            answers = await bmc.many([GetDeviceId()] * 20)
            assert (
                len({answer.product_id for answer in answers if not isinstance(answer, BaseboardError)}) == 1
            )

    asyncio.run(main())


def test_every_suite_by_request_and_no_other(shared_lab: Lab) -> None:
    """Those that the weak BMC lists are those that one can log in with."""
    at = shared_lab.weak

    hints: list[str] = []

    async def works(suite: int) -> bool:
        try:
            async with reach(at, cipher_suite=suite) as bmc:
                return bool((await bmc.execute(GetDeviceId())).device_id)
        except SuiteRefused as error:
            hints.append(error.hint)
            return False

    async def main() -> None:
        inquiry = Inquiry(await peer(at.address, at.port), Pace())
        listed = await inquiry.suites()
        inquiry.close()
        assert listed is not None
        assert {suite for suite in range(20) if await works(suite)} == {record.id for record in listed}
        assert len(listed) > 5
        assert hints
        assert all("offers cipher suites 0, 1, 2, 3" in hint for hint in hints)

    asyncio.run(main())


def test_a_thousand_sessions_at_a_time() -> None:
    """Four with each of 250 BMCs: all open together, over four sockets, and all closed at the end."""

    async def main(bmcs: list[Bmc]) -> None:
        everybody_in, inside = asyncio.Event(), 0

        async def session(at: Bmc) -> bool:
            nonlocal inside
            async with reach(at, timeout=5.0) as bmc:
                inside += 1
                if inside == 4 * len(bmcs):
                    everybody_in.set()
                await everybody_in.wait()
                return bool((await bmc.execute(GetDeviceId())).device_id)

        done = await asyncio.gather(*(session(at) for at in bmcs for _ in range(4)))
        assert done == [True] * 1000
        for at in (bmcs[0], bmcs[-1]):
            async with reach(at) as bmc:
                assert (await bmc.execute(GetSessionInfo())).active_sessions == 1

    with lab("--count", "250", "--spread", "addresses") as running:
        asyncio.run(main(running.bmcs))


def test_a_two_key_lab(keyed_lab: Lab) -> None:
    at = keyed_lab[0]
    assert at.kg is not None
    assert device(at, kg=bytes.fromhex(at.kg)).device_id == 0x20
    with pytest.raises(KeyRefused):
        device(at, kg=b"another")
