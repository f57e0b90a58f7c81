"""The services of one BMC together: what a restart of the system, a reset or a lock-out does to each."""

from __future__ import annotations

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.context import Context, Origin, Services
from baseboard.codes import RestartCause
from baseboard.commands.parameters import system_info
from tests.bmc.consoles import ADMIN, LAN, LanBench, make_lan_bmc
from tests.bmc.services.homes import make_home

APP, TRANSPORT = 0x06, 0x0C
COMMAND = RestartCause.CHASSIS_CONTROL
OS_NAME = 4


def claim(bmc: LanBench) -> None:
    """Set what is volatile: claims, channel access, the name of the running system, SOL's bit rate."""
    services: Services = bmc.services
    for netfn, cmd, data in (
        (TRANSPORT, 0x01, "01 00 01"),
        (TRANSPORT, 0x21, "01 00 01"),
        (APP, 0x58, "00 01"),
    ):
        assert bmc.raw(netfn, cmd, bytes.fromhex(data)) == b"\0"
    services.channels.set_access(LAN, stored=False, limit=3)
    services.system_info.set_block(OS_NAME, 0, system_info.split(b"Linux")[0])


def claims(bmc: LanBench) -> list[int]:
    """Set In Progress of LAN, SOL and system info."""
    asked = (TRANSPORT, 0x02, "01 00 00 00"), (TRANSPORT, 0x22, "01 00 00 00"), (APP, 0x59, "00 00 00 00")
    return [bmc.raw(netfn, cmd, bytes.fromhex(data))[2] for netfn, cmd, data in asked]


def test_an_origin_has_the_level_of_its_session_now() -> None:
    bmc = make_lan_bmc()
    session = bmc.login(ADMIN, privilege=2).session
    origin = Origin(LAN, session)
    assert origin.privilege == 2
    session.privilege = 4
    assert origin.privilege == 4
    assert Origin(LAN).privilege == 0


def test_a_handler_finds_channel_time_and_every_service() -> None:
    home = make_home(lan=LanSpec(channel=5))
    services = Services(home)
    context = Context(services, Origin(5), 0)
    assert context.channel(0xE) == 5
    assert context.channel(0xF) == 0xF
    home.clock.advance(7)
    assert context.now == 7
    named = (
        "boot", "channels", "chassis", "device", "events", "fru", "lan", "login", "messaging", "payloads",
        "sdr", "sel", "sensors", "sol", "system_info", "tables", "users", "watchdog",
    )  # fmt: skip
    for name in named:
        assert getattr(context, name) is getattr(services, name)


def test_a_lan_console_can_take_shorter_answers_than_the_system() -> None:
    bmc = make_lan_bmc()
    over_lan = Context(bmc.services, Origin(LAN, bmc.login().session), 0)
    assert over_lan.max_response < Context(bmc.services, bmc.origin(), 0).max_response
