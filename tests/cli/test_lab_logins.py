"""The logins of a lab: what was asked for, and what a store remembers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.makeups import makeup
from baseboard.bmc.server import Place, RunningBmc, Server
from baseboard.cli.lab_logins import Entry, Wanted, settle, shown

DEFAULT = Wanted(b"admin", b"random-1", b"", False, False, False)
LATER = replace(DEFAULT, password=b"random-2")
KG = bytes(range(1, 21))


class Runs:
    """A lab of one server, run again and again over one store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def start(self, wanted: Wanted, number: int = 0, *, keep: bool = True) -> tuple[Server, RunningBmc]:
        server = Server(self.folder if keep else None)
        users = (UserSpec(2, wanted.username, wanted.password),)
        blueprint = makeup(number, "one", bytes(16), users=users, kg=wanted.kg)
        running = server.add(blueprint, SimulatedServer, Place("127.0.0.1", 0))
        settle(running.controller.services, wanted, keep=keep)
        return server, running

    async def entry(self, wanted: Wanted, number: int = 0, *, keep: bool = True) -> Entry:
        server, running = await self.start(wanted, number, keep=keep)
        entry = shown(running)
        await server.close()
        return entry


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


async def test_the_first_run_has_what_was_asked_for(runs: Runs) -> None:
    entry = await runs.entry(replace(DEFAULT, kg=KG, kg_given=True))
    assert (entry.username, entry.password, entry.kg) == ("admin", "random-1", KG.hex())


async def test_without_a_store_nothing_is_written(runs: Runs) -> None:
    server, running = await runs.start(DEFAULT, keep=False)
    before = server.store.sequence
    settle(running.controller.services, replace(DEFAULT, password_given=True, kg_given=True), keep=False)
    assert server.store.sequence == before
    assert shown(running).password == "random-1"
    await server.close()


async def test_a_random_password_is_found_again(runs: Runs) -> None:
    first = await runs.entry(DEFAULT)
    second = await runs.entry(LATER)
    assert (first.password, second.password) == ("random-1", "random-1")


async def test_what_is_named_wins_over_the_store(runs: Runs) -> None:
    await runs.entry(replace(DEFAULT, kg=KG, kg_given=True))
    named = Wanted(b"boss", b"named", b"\x01", True, True, True)
    entry = await runs.entry(named)
    assert (entry.username, entry.password, entry.kg) == ("boss", "named", "01" + "00" * 19)
    again = await runs.entry(LATER)
    assert (again.username, again.password, again.kg) == ("boss", "named", "01" + "00" * 19)
    none = await runs.entry(replace(LATER, kg_given=True))
    assert none.kg is None


async def test_what_was_changed_by_a_console_is_what_is_shown(runs: Runs) -> None:
    server, running = await runs.start(DEFAULT)
    services = running.controller.services
    services.users.set_name(2, b"renamed")
    services.users.set_password(2, b"changed", 20)
    services.channels.set_kg(1, KG)
    await server.close()
    entry = await runs.entry(LATER)
    assert (entry.username, entry.password, entry.kg) == ("renamed", "changed", KG.hex())


async def test_another_user_is_shown_where_the_second_may_not_log_in(runs: Runs) -> None:
    server, running = await runs.start(DEFAULT)
    users = running.controller.services.users
    for user_id, name, limit in ((3, b"weak", 2), (4, b"strong", 4)):
        users.set_name(user_id, name)
        users.set_password(user_id, b"pw-" + name, 20)
        users.set_enabled(user_id, True)
        access = users.access(1, user_id)
        access.limit, access.messaging = limit, True
        users.set_access(1, user_id, access)
    assert shown(running).username == "admin"
    users.set_enabled(2, False)
    assert (shown(running).username, shown(running).password) == ("strong", "pw-strong")
    users.set_enabled(3, False)
    users.set_enabled(4, False)
    assert (shown(running).username, shown(running).password) == (None, None)
    await server.close()


async def test_a_long_password_is_kept_as_a_long_one(runs: Runs) -> None:
    wanted = replace(DEFAULT, password=b"x" * 20, password_given=True)
    server, running = await runs.start(wanted)
    assert running.controller.services.users.get(2).size == 20
    await server.close()


@pytest.mark.parametrize(
    ("number", "suites", "v15"),
    [(0, (3, 17), False), (1, (17,), False), (2, (0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17), True)],
)
async def test_what_is_offered_is_shown(runs: Runs, number: int, suites: tuple[int, ...], v15: bool) -> None:
    entry = await runs.entry(DEFAULT, number)
    assert (entry.suites, entry.v15, entry.lineup) == (suites, v15, number)


async def test_the_object_for_programs(runs: Runs) -> None:
    entry = await runs.entry(DEFAULT)
    assert entry.as_json() == {
        "address": "127.0.0.1",
        "port": entry.port,
        "username": "admin",
        "password": "random-1",
        "kg": None,
        "name": "one",
        "vm": None,
    }
