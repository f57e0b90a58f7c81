"""Channels: present and stored settings, keys (§22.22-22.25)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.channels import ChannelAccess, Channels
from baseboard.errors import CompletionError
from tests.bmc.services.homes import make_home

LAN = 1


def test_there_are_an_ipmb_a_lan_and_a_system_interface() -> None:
    channels = Channels(make_home())
    assert channels.numbers() == (0, 1, 15)
    # Table 6-2 and 6-3: IPMB-1.0 on I2C, IPMB-1.0 on 802.3, KCS; only the LAN has sessions.
    described = [channels.get(number) for number in channels.numbers()]
    assert [(one.medium, one.protocol, one.session_support) for one in described] == [
        (1, 1, 0),
        (4, 1, 2),
        (12, 5, 0),
    ]


@pytest.mark.parametrize("number", [2, 0xC, 0xE])
def test_there_is_no_other_channel(number: int) -> None:
    with pytest.raises(CompletionError, match="^CCh"):
        Channels(make_home()).get(number)


@pytest.mark.parametrize("number", [0, 15])
def test_session_less_channels_have_no_users(number: int) -> None:
    with pytest.raises(CompletionError, match="^CCh"):
        Channels(make_home()).session_channel(number)


@pytest.mark.parametrize("number", [0, 15, 2])
def test_other_channels_have_no_lan_configuration(number: int) -> None:
    channels = Channels(make_home())
    assert channels.lan_channel(LAN) is channels.get(LAN)
    with pytest.raises(CompletionError, match="^CCh"):
        channels.lan_channel(number)


def test_stored_settings_hold_after_a_reload_and_present_ones_until_then() -> None:
    channels = Channels(make_home())
    channels.set_access(LAN, stored=True, limit=2)
    assert channels.access(LAN).limit == 4
    assert channels.access(LAN, stored=True).limit == 2
    channels.set_access(LAN, stored=False, mode=0, per_message_disabled=True)
    assert channels.access(LAN) == ChannelAccess(mode=0, per_message_disabled=True)
    channels.reload()
    assert channels.access(LAN) == ChannelAccess(limit=2)


def test_stored_settings_and_keys_survive_a_restart() -> None:
    home = make_home()
    channels = Channels(home)
    channels.set_access(LAN, stored=True, alerting_disabled=True, user_level_disabled=True, mode=2, limit=3)
    channels.set_access(LAN, stored=False, limit=1)
    channels.set_kg(LAN, bytes(range(20)))
    channels.lock(LAN)
    again = Channels(home.again())
    assert again.access(LAN) == ChannelAccess(alerting_disabled=True, user_level_disabled=True, limit=3)
    assert again.kg(LAN) == bytes(range(20))
    assert again.locked(LAN)


def test_a_shipped_key_is_padded_to_20_bytes() -> None:
    channels = Channels(make_home(lan=LanSpec(kg=b"key")))
    assert channels.kg(LAN) == b"key" + bytes(17)
    assert not channels.locked(LAN)
    assert Channels(make_home()).kg(LAN) == bytes(20)
