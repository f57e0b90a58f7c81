"""Nothing that holds a password or a key shows it: neither by ``repr``, nor in an error, nor in the log."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.blueprint import Blueprint, HostSpec, Identity, LanSpec, UserSpec
from baseboard.bmc.configuration import load
from baseboard.bmc.configuration.layout import Account as HostAccount
from baseboard.bmc.configuration.layout import Lan, User
from baseboard.bmc.services.users import User as BmcUser
from baseboard.bmc.store import Journal, MemoryStore, SqliteStore
from baseboard.cli.lab_logins import Entry, Wanted
from baseboard.cli.pasting import Target
from baseboard.crypto import rakp
from baseboard.crypto.confidentiality import confidentiality
from baseboard.crypto.integrity import integrity
from baseboard.crypto.suites import SUITES
from baseboard.errors import ConfigurationError, EncodeError
from baseboard.rmcp import lan_message
from baseboard.rmcp.console_v15 import ConsoleV15
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.login import Login
from baseboard.rmcp.pending import Challenge
from baseboard.rmcp.session import Account
from baseboard.testing.clock import VirtualClock
from baseboard.testing.raw_console import RawConsoleV20
from tests.bmc.harness import GUID, Bench

SECRET = b"hunter2-hunter2"
SHOWN = (SECRET.decode(), SECRET.hex(), rakp.kuid(SECRET).hex())
HERE = ("192.0.2.1", 40000)

LOGIN = Login(username=b"ops", password=SECRET, kg=SECRET)
HOLDERS: list[Any] = [
    UserSpec(2, b"ops", SECRET),
    LanSpec(kg=SECRET),
    HostSpec(accounts=(("root", SECRET.decode()),)),
    User(password=SECRET.decode()),
    Lan(kg=SECRET.hex()),
    HostAccount(name="root", password=SECRET.decode()),
    BmcUser(2, b"ops", SECRET, 20, enabled=True),
    Wanted(b"ops", SECRET, SECRET, True, True, True),
    Entry("a", "b", "127.0.0.1", 623, "ops", SECRET.decode(), SECRET.hex(), (3,), False, 0),
    Target("127.0.0.1", 623, "ops", SECRET.decode(), SECRET.hex(), (3,), False),
    integrity(4, rakp.k1(3, SECRET), SECRET),
    confidentiality(1, SECRET.ljust(20), bytes),
    LOGIN,
    ConsoleV15(LOGIN, 2, bytes),
    ConsoleV20(LOGIN, SUITES[17], bytes),
    Account(2, SECRET, 4),
    Challenge(1, HERE, 0.0, 2, b"ops", Account(2, SECRET, 4), SECRET, bytes(16)),
    RawConsoleV20(lambda datagram, address: [], b"ops", SECRET, kg=SECRET),
    lan_message.unwrap(lan_message.wrap_request(6, 0x47, b"\x02\x02" + SECRET, 1)),
]


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_who_holds_a_secret_does_not_show_it(holder: Any) -> None:
    assert not [text for text in SHOWN if text in repr(holder) + str(holder)]


def test_a_session_and_its_logins_show_none() -> None:
    blueprint = Blueprint(Identity("one", GUID), users=(UserSpec(2, b"ops", SECRET),), lan=LanSpec(kg=SECRET))
    bench = Bench(blueprint, MemoryStore(), VirtualClock())
    assert not [text for text in SHOWN if text in repr(bench.services.home)]
    assert not [text for text in SHOWN if text in "".join(map(repr, bench.services.users))]


@pytest.mark.parametrize("fields", [{"password": SECRET * 2}, {"kg": SECRET * 2}])
def test_an_error_about_a_secret_shows_none(fields: dict[str, Any]) -> None:
    with pytest.raises(EncodeError) as refused:
        Login(**fields)
    assert SHOWN[0] not in str(refused.value)


@pytest.mark.parametrize(
    "line", ['password = "hunter2-hunter2-hunter2"', "password = 'hunter2-hunter2\\u0000'"]
)
def test_a_mistake_in_a_file_shows_no_secret(line: str, tmp_path: Path) -> None:
    path = tmp_path / "bmc.toml"
    path.write_text(f'[[bmc]]\nname = "one"\n[[bmc.user]]\nname = "ops"\n{line}\n')
    with pytest.raises(ConfigurationError) as refused:
        load([path])
    assert "password" in str(refused.value)
    assert "hunter2" not in str(refused.value)


async def test_a_batch_that_cannot_be_written_is_logged_without_its_values(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteStore(tmp_path / "s", asyncio.get_running_loop())
    with caplog.at_level(logging.DEBUG):
        Journal(store, "one").put("user", 2, SECRET)
        store.change("INSERT INTO nowhere VALUES (?)", (SECRET,))
        done = asyncio.get_running_loop().create_future()
        store.durable(done.set_result)
        assert not await done
        store._gathering.clear()
        await store.close()
    assert "no such table" in caplog.text
    assert "hunter2" not in caplog.text
