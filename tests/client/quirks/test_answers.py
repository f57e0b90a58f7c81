"""Departures of single answers: longer, shorter, older or vaguer than their tables."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.codes import BootDevice
from baseboard.commands.app.channels import Change
from baseboard.commands.app.device import GetDeviceId, GetSelfTestResults
from baseboard.commands.app.sessions import GetSessionInfo
from baseboard.commands.groups.dcmi import GetAssetTag
from baseboard.commands.groups.dcmi_limits import GetPowerLimit, GetPowerReading
from baseboard.commands.parameters.lan import DefaultGatewayAddress, IpAddress
from baseboard.errors import CommandUnknown, CompletionError, DecodeError, LoginError, NoEffect
from baseboard.testing.scripted import Line
from tests.client.harness import desk
from tests.client.lan_bench import bench, on_virtual_time
from tests.client.sol_bench import sol_bench

DEVICE_ID, SELF_TEST, SESSION, DCMI = (6, 1), (6, 4), (6, 0x3D), 0x2C
SET_LAN, GET_LAN, CHANNEL, SET_CHANNEL = (0x0C, 1), (0x0C, 2), (6, 0x41), (6, 0x40)
RIGHT = bytes.fromhex("00 20 01 82 45 02 9f 91 02 00 07 00")


@pytest.mark.parametrize("more", [b"", b"\1\2\3\4", b"\1\2\3\4\5\6\7"])
async def test_an_identity_without_or_with_more_bytes(more: bytes) -> None:
    """Q-IDOLD."""
    identity = await desk({DEVICE_ID: RIGHT + more}).bmc.identity()
    assert (identity.firmware_major, identity.firmware_minor, identity.product_id) == (2, "45", 7)
    assert identity.updating


@pytest.mark.parametrize(("byte", "version"), [(0x51, (1, 5)), (0x02, (2, 0))])
async def test_the_version_has_its_major_number_in_the_lower_half(
    byte: int, version: tuple[int, int]
) -> None:
    """Q-VERSION51."""
    given = await desk({DEVICE_ID: RIGHT[:5] + bytes((byte,)) + RIGHT[6:]}).bmc.execute(GetDeviceId())
    assert (given.ipmi_version & 0xF, given.ipmi_version >> 4) == version


async def test_a_self_test_with_bits_is_no_failure_of_ours() -> None:
    """Q-SELFTEST."""
    told = await desk({SELF_TEST: b"\0\x57\x08"}).bmc.execute(GetSelfTestResults())
    assert int(told.result) == 0x57


@pytest.mark.parametrize(
    "answer", ["00 00 0f 01", "00 00 0f 01 02 04 11", "00 00 0f 01 02 04 11" + " 00" * 20]
)
async def test_session_info_of_handle_0_and_with_more_bytes(answer: str) -> None:
    """Q-SESSIONINFO0."""
    told = await desk({SESSION: bytes.fromhex(answer)}).bmc.execute(GetSessionInfo())
    assert (told.slots, told.active_sessions) == (15, 1)


async def test_a_power_limit_that_is_not_active() -> None:
    """Q-DCMI80: refused with 80h, and what came with it can be had."""
    data = bytes.fromhex("80 dc 00 00 00 f4 01 e8 03 00 00 00 00 01 00")
    made = desk({(DCMI, 3): data})
    with pytest.raises(CompletionError) as caught:
        await made.bmc.execute(GetPowerLimit())
    assert caught.value.code == 0x80
    assert await made.bmc.exchange(DCMI, 3, b"\xdc\0\0") == data


async def test_dcmi_that_is_said_to_be_there_and_is_not() -> None:
    """Q-DCMINONE, Q-DCMILIE: a command that is missing, an empty answer: errors of the library's own."""
    with pytest.raises(CommandUnknown):
        await desk({(DCMI, 2): b"\xc1"}).bmc.execute(GetPowerReading())
    with pytest.raises(DecodeError):
        await desk({(DCMI, 2): b"\0\xdc"}).bmc.execute(GetPowerReading())


async def test_a_power_of_nothing_says_whether_it_is_measured() -> None:
    """Q-DCMIPOWER0."""
    told = await desk({(DCMI, 2): b"\0\xdc" + bytes(17)}).bmc.execute(GetPowerReading())
    assert told.current == 0
    assert not told.active


async def test_an_asset_tag_of_fewer_bytes_than_said() -> None:
    """Q-DCMITAG."""
    told = await desk({(DCMI, 6): b"\0\xdc\x10Tag"}).bmc.execute(GetAssetTag(offset=0, count=16))
    assert told.data == b"Tag"


# ---- settings


async def test_what_counts_after_a_reset_only_says_so() -> None:
    """Q-REBOOTAPPLY: acknowledged, and the old value is read back."""
    made = desk({SET_LAN: b"\0", GET_LAN: b"\0\x11\x0a\0\0\x01"})
    with pytest.raises(NoEffect) as caught:
        await made.bmc.lan.channel(1).change([IpAddress(address=IPv4Address("10.0.0.9"))])
    assert "next reset" in caught.value.hint
    gateway = DefaultGatewayAddress(address=IPv4Address("10.0.0.1"))
    await made.bmc.lan.channel(1).change([gateway])


async def test_a_write_that_changes_both_copies_shows_in_both() -> None:
    """Q-VOLNV: what is in force and what is stored are read apart, and not taken for each other."""
    made = desk(channel=1)
    access = await made.bmc.channels.access(1)
    stored = await made.bmc.channels.access(1, Change.NON_VOLATILE)
    assert type(access) is type(stored)
    assert [data[1] >> 6 for netfn, cmd, data in made.script.asked if (netfn, cmd) == CHANNEL] == [2, 1]


# ---- the serial console


async def test_nothing_is_asked_about_the_console_before_it_is_activated() -> None:
    """Q-SOLSTATUS, Q-SOLSUPPORT: neither command is there; opening needs none of them."""
    missing: dict[tuple[int, int], Line] = {
        (6, 0x4A): b"\xc1",
        (6, 0x4E): b"\xc1",
        (6, 0x4F): b"\xc1",
        (6, 0x4B): b"\xc1",
    }
    async with sol_bench(missing) as at, at.bmc.sol.open() as console:
        await console.write(b"x")
        assert not {one[:2] for one in at.script.asked} & missing.keys()


# ---- what is asked for by an argument of its own


async def test_a_boot_device_that_no_table_has_and_no_power_command() -> None:
    """Q-BOOTFF, Q-BOOTLATE: any selector; when the power is switched is the caller's affair."""
    written: list[bytes] = []

    def write(data: bytes) -> bytes:
        written.append(data)
        return b"\0"

    made = desk({(0, 8): write, (0, 9): lambda data: b"\0\x01" + written[3]})
    flags = await made.bmc.boot.set(BootDevice(0xE))
    assert int(flags.device) == 0xE
    assert (0, 2) not in {one[:2] for one in made.script.asked}


def test_a_suite_without_encryption_is_taken_by_request_only() -> None:
    """Q-SUITE7."""

    async def main() -> None:
        async with bench(lan=LanSpec(suites=((7, 4),))) as at:
            with pytest.raises(LoginError):
                await at.login()
            bmc = await at.login(cipher_suite=7)
            assert bmc.interface.privilege == 4
            await bmc.close()

    on_virtual_time(main())
