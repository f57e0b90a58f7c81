"""What `channel` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.ipmitool.channel import run
from baseboard.cli.results.channel import AccessChange, Authentication, ChannelInfo, ChannelSettings
from tests.cli.ipmitool.scenes import Stage


async def found(given: dict[str, str], *words: str) -> list[object]:
    stage = Stage(dict(given))
    assert await run(stage.call, list(words)) == 0
    return stage.results


async def test_what_a_controller_did_not_tell_is_null() -> None:
    (said,) = await found({"06/38": "cc", "06/38 01": "00 01 15 04 00"}, "authcap", "1", "4")
    assert said == Authentication(
        channel=1,
        auth_types=["NONE", "MD5", "PASSWORD"],
        kg_set=None,
        per_message_authentication=True,
        user_level_authentication=True,
        non_null_users=True,
        null_users=False,
        anonymous_login=False,
        v15=None,
        v20=None,
        oem_id=None,
        oem_auxiliary=None,
    )


async def test_a_lan_has_both_settings_and_others_have_none() -> None:
    given = {
        "06/42": "00 01 04 01 82 f2 1b 00 00 00",
        "06/42 02": "00 02 05 01 42 f2 1b 00 00 00",
        "06/41": "00 02 04",
    }
    (lan,) = await found(given, "info", "1")
    settings = ChannelSettings(
        alerting=True,
        per_message_authentication=True,
        user_level_authentication=True,
        access_mode="always available",
    )
    assert isinstance(lan, ChannelInfo)
    assert (lan.medium, lan.session_support, lan.active_sessions) == ("802.3 LAN", "multi-session", 2)
    assert lan.volatile == lan.non_volatile == settings
    (serial,) = await found(given, "info", "2")
    assert isinstance(serial, ChannelInfo)
    assert serial.volatile is None


async def test_access_is_noted_and_changed() -> None:
    given = {"06/44": "00 02 42 01 54", "06/46": "cc", "06/43": "00"}
    users = await found(given, "getaccess", "1")
    assert len(users) == 2
    assert await found(given, "setaccess", "1", "2", "ipmi=on") == [AccessChange(channel=1, user_id=2)]
