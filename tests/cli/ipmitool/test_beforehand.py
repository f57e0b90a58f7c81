"""Between the login and the command, and the question before a login of v1.5."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.cli.ipmitool.beforehand import largest_request, prepare, see_type
from baseboard.cli.ipmitool.fru_device import Device
from baseboard.cli.ipmitool.main import main
from baseboard.cli.options import Options
from baseboard.client.settings import Settings
from baseboard.codes import AuthType
from baseboard.errors import SuiteRefused
from baseboard.testing.scripted import Script, ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.typed import Typed

CAPABILITIES = (0x06, 0x38)


@pytest.mark.parametrize(
    ("interface", "suite", "size", "largest"),
    [
        ("lanplus", 17, 0, 38),
        ("lanplus", 17, 24, 38),
        ("lanplus", 17, 100, 100),
        ("lanplus", None, 100, 100),
        ("lanplus", 3, 100, 79),
        ("lanplus", 3, 31, 0),
        ("lan", None, 100, 100),
        ("lan", None, 1000, 248),
        ("open", None, 1000, 1000),
    ],
)
def test_what_a_request_may_have(interface: str, suite: int | None, size: int, largest: int) -> None:
    settings = Settings(interface=interface, cipher_suite=suite)
    assert largest_request(Options(settings=settings, packet_size=size), 38) == largest


async def test_files_are_read_and_the_size_is_told_in_ipmitools_order(tmp_path: Path) -> None:
    names = tmp_path / "names"
    names.write_text("nonsense\n")
    stage = Stage({}, sdr_file=str(tmp_path / "none"), sel_file=str(names), packet_size=100)
    prepare(stage.call)
    assert stage.err == (
        f"File {tmp_path}/none does not exist\nUnable to open SDR cache {tmp_path}/none for reading\n"
        f"Encountered problems reading line 1 of {names}\n"
    )
    assert stage.out == "nrecs=1\nSetting large buffer to 100\n"


async def test_a_size_that_is_too_small_is_said_to_be() -> None:
    stage = Stage({}, packet_size=24)
    prepare(stage.call)
    assert stage.err == "Request size is too small (24), leave default size\n"


async def test_nothing_is_said_without_those_options() -> None:
    stage = Stage({})
    prepare(stage.call)
    assert (stage.out, stage.err) == ("", "")


@pytest.mark.parametrize(("auth_type", "offered"), [(AuthType.MD5, True), (AuthType.PASSWORD, False)])
async def test_a_type_is_asked_for(auth_type: AuthType, offered: bool) -> None:
    blueprint = replace(BLUEPRINT, lan=replace(BLUEPRINT.lan, auth_types=1 << AuthType.MD5))
    with ScriptedBmc(blueprint, SimulatedServer) as bmc:
        settings = Settings(interface="lan", host=bmc.host, port=bmc.port, auth_type=auth_type)
        if offered:
            await see_type(settings)
        else:
            with pytest.raises(SuiteRefused):
                await see_type(settings)
        assert {(netfn, cmd) for netfn, cmd, _ in bmc.script.asked} == {CAPABILITIES}


async def test_a_bmc_that_does_not_say_is_tried() -> None:
    with ScriptedBmc(BLUEPRINT, SimulatedServer, Script({CAPABILITIES: b"\xc1"})) as bmc:
        settings = Settings(interface="lan", host=bmc.host, port=bmc.port, auth_type=AuthType.MD5)
        await asyncio.wait_for(see_type(settings), 30)
    assert len(bmc.script.asked) >= 1


@pytest.mark.parametrize(("size", "pieces"), [(0, [16, 16, 8]), (40, [37, 3]), (100, [40])])
async def test_a_fru_is_written_in_pieces_of_that_size(size: int, pieces: list[int]) -> None:
    command = Typed(
        {(0x0A, 0x10): b"\0\x40\0\0", (0x0A, 0x12): lambda data: bytes((0, len(data) - 3))}, packet_size=size
    )
    device = Device(command.call, 0)
    await device.info()
    assert await device.write(0, bytes(40))
    assert [len(data) - 3 for data in command.sent(0x0A, 0x12)] == pieces


async def test_a_size_that_holds_no_byte_writes_nothing() -> None:
    command = Typed({(0x0A, 0x10): b"\0\x40\0\0"}, packet_size=31)
    settings = replace(command.call.options.settings, cipher_suite=3)
    command.call.options = replace(command.call.options, settings=settings)
    device = Device(command.call, 0)
    await device.info()
    assert not await device.write(0, bytes(40))
    assert command.err == "Maximum request size is too small to send a write request\n"
    assert not command.sent(0x0A, 0x12)


def test_the_program_asks_and_prepares(capsys: pytest.CaptureFixture[str]) -> None:
    user = replace(ADMIN, size=16)
    lan = replace(BLUEPRINT.lan, auth_types=1 << AuthType.MD5)
    with ScriptedBmc(replace(BLUEPRINT, lan=lan, users=(user,)), SimulatedServer) as bmc:
        login = ["-I", "lan", "-H", bmc.host, "-p", str(bmc.port), "-U", "admin", "-P", "adminpw"]
        assert main([*login, "-A", "MD5", "-z", "40", "power", "status"]) == 0
        assert main([*login, "-A", "PASSWORD", "power", "status"]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("Setting large buffer to 40\nChassis Power is ")
    assert captured.err.startswith("Authentication type PASSWORD not supported\n")
