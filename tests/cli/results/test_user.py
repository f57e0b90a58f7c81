"""What `user` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.ipmitool.user import run
from baseboard.cli.results.user import PasswordTest, User, UserChange, UserSummary
from tests.cli.ipmitool.scenes import Stage

GIVEN = {
    "06/44": "00 01 42 01 34",
    "06/46": "00 61646d696e" + "00" * 11,
    "06/43": "00",
    "06/45": "00",
    "06/47": "00",
}


async def found(*words: str) -> list[object]:
    stage = Stage(GIVEN)
    assert await run(stage.call, list(words)) == 0
    return stage.results


async def test_a_list_has_users() -> None:
    assert await found("list", "1") == [
        User(
            id=1,
            name="admin",
            channel=1,
            callin=True,
            link_authentication=True,
            messaging=True,
            privilege="ADMINISTRATOR",
        )
    ]


async def test_a_summary_counts() -> None:
    assert await found("summary") == [UserSummary(channel=14, maximum_ids=1, enabled=2, fixed_names=1)]


async def test_changes_are_noted_without_the_password() -> None:
    assert await found("enable", "2") == [UserChange(id=2, what="enabled", value=True)]
    assert await found("set", "name", "2", "x") == [UserChange(id=2, what="name", value="x")]
    assert await found("set", "password", "2", "secret") == [UserChange(id=2, what="password", value=None)]
    assert await found("priv", "2", "3") == [UserChange(id=2, what="privilege", value="OPERATOR")]


async def test_a_password_is_right() -> None:
    assert await found("test", "2", "16", "x") == [PasswordTest(id=2, outcome="success")]
