"""`bmc.firewall.map()`: who may send which command over which channel."""

from __future__ import annotations

import pytest

from baseboard.client.firewall_map import FirewallMap, MappedChannel, MappedCommand, Standing, bodies
from baseboard.codes import ChannelMedium, NetFn, Privilege
from baseboard.commands.app.firewall import mask
from baseboard.commands.declaration import lookup
from baseboard.errors import CommandUnknown
from tests.client.harness import desk

IPMB, LAN, KCS = 0, 1, 15
SESSIONS = MappedChannel(number=LAN, medium=ChannelMedium.LAN, sessions=True, limit=Privilege.OPERATOR)
HOST = MappedChannel(number=KCS, medium=ChannelMedium.SYSTEM_INTERFACE, sessions=False, limit=None)


def row(found: FirewallMap, netfn: int, number: int, body: bytes = b"") -> MappedCommand:
    (one,) = [one for one in found.commands if (one.netfn, one.number, one.body) == (netfn, number, body)]
    return one


def who(found: FirewallMap, netfn: int, number: int) -> dict[int, str]:
    return {channel.number: row(found, netfn, number).who(channel) for channel in found.channels}


@pytest.mark.parametrize("channel", [KCS, LAN])
async def test_levels_and_interfaces(channel: int) -> None:
    found = await desk(channel=channel).bmc.firewall.map()
    assert [(one.number, one.medium, one.sessions, one.limit) for one in found.channels] == [
        (IPMB, ChannelMedium.IPMB, False, None),
        (LAN, ChannelMedium.LAN, True, Privilege.ADMINISTRATOR),
        (KCS, ChannelMedium.SYSTEM_INTERFACE, False, None),
    ]
    assert who(found, 0x06, 0x02) == {IPMB: "anybody", LAN: "administrator", KCS: "anybody"}
    assert who(found, 0x06, 0x3C) == {IPMB: "anybody", LAN: "callback", KCS: "anybody"}
    assert who(found, 0x06, 0x38) == {IPMB: "anybody", LAN: "anybody", KCS: "anybody"}
    assert who(found, 0x06, 0x33) == {IPMB: "-", LAN: "-", KCS: "anybody"}
    assert who(found, 0x04, 0x20) == {IPMB: "anybody", LAN: "-", KCS: "anybody"}
    assert row(found, 0x06, 0x02).name == "Cold Reset"
    assert [(one.netfn, one.body, one.number) for one in found.commands] == sorted(
        (one.netfn, one.body, one.number) for one in found.commands
    )


async def test_what_is_off() -> None:
    at = desk()
    at.bench.services.firewall.switch_off(LAN, 0, 0x06, 1 << 0x02)
    at.bench.services.firewall.switch_parts_off(KCS, 0, 0x0002, 0b1001)
    found = await at.bmc.firewall.map()
    assert who(found, 0x06, 0x02) == {IPMB: "anybody", LAN: "off", KCS: "anybody"}
    control = row(found, 0x00, 0x02)
    assert control.standings[KCS].parts_off == ((0, "power down"), (3, "hard reset"))
    assert control.standings[LAN].parts_off == ()
    assert control.who(HOST) == "anybody"
    assert row(found, 0x06, 0x01).standings[LAN] == Standing(available=True, configurable=False, enabled=True)


async def test_a_part_of_it() -> None:
    found = await desk().bmc.firewall.map([LAN], lun=3, netfns=[0x04, 0x06])
    assert [one.number for one in found.channels] == [LAN]
    assert {one.netfn for one in found.commands} == {NetFn.SENSOR_EVENT}
    assert found.lun == 3
    assert (await desk().bmc.firewall.map([7])).commands == ()


async def test_a_limit_of_the_channel_shuts_out() -> None:
    at = desk()
    at.bench.services.channels.set_access(LAN, stored=False, limit=int(Privilege.OPERATOR))
    found = await at.bmc.firewall.map([LAN], netfns=[0x06])
    assert who(found, 0x06, 0x02) == {LAN: "nobody"}
    assert who(found, 0x06, 0x22) == {LAN: "operator"}


@pytest.mark.parametrize(
    ("standing", "netfn", "number", "channel", "word"),
    [
        (Standing(available=True, enabled=None), 0x06, 0x01, SESSIONS, "user"),
        (Standing(available=True, enabled=True), 0x30, 0x01, SESSIONS, "?"),
        (Standing(available=True, enabled=True), 0x30, 0x01, HOST, "anybody"),
        (Standing(available=True, enabled=False), 0x30, 0x01, HOST, "off"),
        (Standing(available=False, enabled=True), 0x06, 0x01, HOST, "-"),
        (None, 0x06, 0x01, HOST, "-"),
    ],
)
def test_a_word_for_each(
    standing: Standing | None, netfn: int, number: int, channel: MappedChannel, word: str
) -> None:
    standings = {} if standing is None else {channel.number: standing}
    one = MappedCommand(
        netfn=netfn, number=number, body=b"", command=lookup(netfn, number), standings=standings
    )
    assert one.who(channel) == word
    assert bool(one.name) == (netfn == 0x06)


async def test_a_controller_without_a_firewall_says_so() -> None:
    with pytest.raises(CommandUnknown):
        await desk({(0x06, 0x09): b"\xc1"}).bmc.firewall.map()


async def test_a_channel_of_which_nothing_is_told_is_left_out() -> None:
    at = desk()
    script = at.script.lines
    support = at.bench.raw(0x06, 0x09, b"\x0f")
    script[0x06, 0x09] = lambda data: b"\xcc" if data[0] == IPMB else support
    found = await at.bmc.firewall.map(netfns=[0x00])
    assert [one.number for one in found.channels] == [LAN, KCS]


async def test_discovery_alone_tells_what_there_is() -> None:
    """Q-FWCOARSE: neither what can be switched nor what is on."""
    at = desk({(0x06, cmd): b"\xc1" for cmd in (0x0B, 0x0C, 0x0D, 0x61, 0x63)})
    found = await at.bmc.firewall.map([LAN], netfns=[0x00])
    one = row(found, 0x00, 0x02)
    assert one.standings[LAN] == Standing(available=True, configurable=None, enabled=None)
    assert one.who(SESSIONS) == "operator"


async def test_parts_of_which_nothing_is_told_are_not_off() -> None:
    at = desk({(0x06, 0x63): b"\x80"})
    found = await at.bmc.firewall.map([LAN], netfns=[0x00])
    assert row(found, 0x00, 0x02).standings[LAN].parts_off == ()


async def test_groups_and_makers_each_have_their_own() -> None:
    owners = {0x2C: [b"\0\0\1\xdc", b"\0\x80\1\x00"], 0x2E: [b"\0\x80\1\x57\x01\x00"], 0x30: [b"\xcc"]}

    def commands(data: bytes) -> bytes:
        number = {b"\xdc": 0x02, b"\0": 0x00, b"\x57\x01\x00": 0x77}[data[3:]]
        return b"\0" + mask({number}, 128, first=128 * (data[1] >> 6), inverted=True)

    at = desk(
        {
            (0x06, 0x09): b"\0\x02" + mask({0x16, 0x17}, 32) + bytes(12),
            (0x06, 0x64): lambda data: owners[data[1]][data[2]],
            (0x06, 0x0A): commands,
            (0x06, 0x0C): b"\xc1",
            (0x06, 0x61): b"\xc1",
        }
    )
    found = await at.bmc.firewall.map([LAN])
    assert [(one.netfn, one.body, one.number) for one in found.commands] == [
        (0x2C, b"\0", 0x00), (0x2C, b"\xdc", 0x02), (0x2E, b"\x57\x01\x00", 0x77),
    ]  # fmt: skip
    assert row(found, 0x2C, 0x02, b"\xdc").name == "Get Power Reading"
    assert await bodies(at.bmc, 0x30, LAN) == [b""]
    owners[0x2E] = [b"\0\x80\1\x57"]
    assert await bodies(at.bmc, 0x2E, LAN) == []
