"""ipmipower's prompt, line by line."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.cli.freeipmi import ipmipower
from baseboard.cli.freeipmi.ipmipower import Wanted
from baseboard.cli.freeipmi.options import Shared
from baseboard.cli.freeipmi.power_prompt import HELP, PROMPT, prompt
from baseboard.cli.hosts import Place
from baseboard.client.settings import Settings

ACTED: list[tuple[Wanted, list[str], Shared]] = []


@pytest.fixture(autouse=True)
def acted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Wanted, list[str], Shared]]:
    """What was done, instead of doing it."""
    ACTED.clear()

    async def act(common: Shared, wanted: Wanted, hosts: list[Place], write: object) -> int:
        ACTED.append((wanted, [place.name for place in hosts], common))
        return int(wanted.action == "reset")

    monkeypatch.setattr(ipmipower, "act", act)
    return ACTED


def answers(*lines: str, hosts: str = "a,b", privilege: int = 3) -> tuple[int, list[str]]:
    """What each line is answered with, and the exit code."""
    printed: list[str] = []
    rest = iter([f"{line}\n" for line in lines])
    common = Shared(settings=Settings(privilege=privilege, cipher_suite=3, deadline=20.0), hosts=hosts)
    code = asyncio.run(prompt(common, Wanted(""), lambda: next(rest, ""), printed.append))
    return code, "".join(printed).split(PROMPT)[1:]


def test_an_action_goes_to_all_hosts_or_to_some() -> None:
    code, printed = answers("stat", "off b", "off c", "quit")
    assert code == 0
    assert [(wanted.action, names) for wanted, names, _ in ACTED] == [
        ("stat", ["a", "b"]),
        ("off", ["b"]),
        ("off", []),
    ]
    assert printed == ["", "", "c: unconfigured hostname\n", ""]


def test_what_cannot_be_done_is_told() -> None:
    assert answers("nonsense", "quit")[1][0] == 'unknown command - type "help"\n'
    assert answers("stat", "quit", hosts="")[1][0] == "no hostname(s) configured\n"
    assert answers("stat b[", "quit")[1][0] == "invalid hostname(s) specified\n"
    assert "requires atleast operator" in answers("on", "quit", privilege=2)[1][0]
    assert answers("", "help", "version", "quit")[1] == ["", HELP, "ipmipower 1.6.10\n", ""]


def test_the_end_of_the_input_and_a_failed_host_are_failures() -> None:
    assert answers()[0] == 1
    assert answers("reset", "stat", "quit")[0] == 1


def test_switches_are_kept_for_what_follows() -> None:
    lines = (
        "on-if-off",
        "wait-until-on on",
        "wait-until-off maybe",
        "cycle",
        "on-if-off off",
        "stat",
        "quit",
    )
    printed = answers(*lines)[1]
    assert printed[0] == "on-if-off is now on\n"
    assert printed[2] == "invalid parameter\n"
    assert ACTED[0][0].switches == {"on-if-off", "wait-until-on"}
    assert ACTED[1][0].switches == {"wait-until-on"}


def test_settings_are_changed_and_secrets_are_not_shown() -> None:
    lines = (
        "hostname c[1-2]", "username bob", "password hush", "k_g hushhush", "privilege-level admin",
        "driver-type lan_2_0", "cipher-suite-id 17", "fanout 3", "fanout 0", "cipher-suite-id x",
        "driver-type pigeon", "hostname c[", "config", "stat", "quit",
    )  # fmt: skip
    printed = answers(*lines)[1]
    assert "hush" not in "".join(printed)
    assert [line.rstrip() for line in printed[8:12]] == [
        "0 invalid fanout",
        "x invalid cipher_suite_id",
        "pigeon invalid driver_type",
        "c[ invalid hostname",
    ]
    assert "Username:                     bob\n" in printed[12]
    _, names, common = ACTED[0]
    assert names == ["c1", "c2"]
    assert (common.settings.password, common.settings.kg) == (b"hush", b"hushhush")
    assert (common.settings.cipher_suite, common.fanout, common.settings.interface) == (17, 3, "lanplus")
