"""Whose sensors are asked for, and who is never logged in to."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from baseboard.cli.hosts import Place
from baseboard.cli.options import Options
from baseboard.cli.prepare import Setup
from baseboard.cli.trap_names import KEPT, TrapNames
from baseboard.client.pet import Pet
from baseboard.client.profile import address_of
from baseboard.client.sdr_cache import SdrCache
from baseboard.client.sdr_entry import Records, SdrEntry
from baseboard.client.settings import Settings
from baseboard.records.events import EventData
from baseboard.records.pet import PlatformEventTrap
from tests.cli.simulated import Simulated

TRAP = PlatformEventTrap(
    guid=bytes(16), sequence_number=1, sensor_device=0x20, sensor_number=1, event_data=EventData(offset=9),
    manufacturer_id=1, system_id=1,
)  # fmt: skip


def pet(host: str = "127.0.0.1", port: int = 623) -> Pet:
    return Pet(
        host=host,
        port=port,
        agent=IPv4Address(0),
        community=b"",
        number=0x010109,
        trap=TRAP,
        raw=TRAP.encode(),
    )


def names(settings: Settings, *places: Place, notes: list[str] | None = None) -> TrapNames:
    said = [] if notes is None else notes
    return TrapNames(Setup(Options(settings=settings), list(places), [], {}), said.append)


def settings(folder: Path, bmc: Simulated | None = None, password: str = "") -> Settings:
    if bmc is None:
        return Settings(cache=str(folder))
    secret = (password or bmc.password).encode()
    return Settings(username=bmc.username.encode(), password=secret, cache=str(folder), port=bmc.port)


async def test_a_named_host_is_asked_once(bmc: Simulated, tmp_path: Path) -> None:
    found = names(settings(tmp_path, bmc), Place("rack", "127.0.0.1", None))
    first = await found.of(pet(port=40000))
    asked = len(bmc.script.asked)
    assert first is not None
    assert await found.of(pet(port=40000)) is first
    assert len(bmc.script.asked) == asked
    assert pet().event(first).sensor == "Inlet Temp"


async def test_who_was_not_named_is_not_logged_in_to(bmc: Simulated, tmp_path: Path) -> None:
    """A trap with a false sender must not lead a login to whoever sent it."""
    bmc.script.asked.clear()
    found = names(settings(tmp_path, bmc), Place("other", "127.0.0.9", None))
    assert await found.of(pet(port=bmc.port)) is None
    assert bmc.script.asked == []


async def test_of_several_at_one_address_the_port_tells(bmc: Simulated, tmp_path: Path) -> None:
    found = names(
        settings(tmp_path, bmc), Place("wrong", "127.0.0.1", 9), Place("right", "127.0.0.1", bmc.port)
    )
    assert await found.of(pet(port=bmc.port)) is not None


async def test_what_fails_is_told_and_not_tried_at_once_again(bmc: Simulated, tmp_path: Path) -> None:
    notes: list[str] = []
    place = Place("rack", "127.0.0.1", None)
    found = names(
        settings(tmp_path, bmc, "hunter2"), place, Place("x", "no.such.host.invalid", None), notes=notes
    )
    assert await found.of(pet()) is None
    assert await found.of(pet()) is None
    assert [note.partition(":")[0] for note in notes] == ["x", "rack"]
    assert "hunter2" not in "".join(notes)


async def test_an_earlier_login_left_records(tmp_path: Path) -> None:
    here = settings(tmp_path)
    records = Records([SdrEntry.of(bytes.fromhex("0100 51 C0 04 A2020000"))])
    cache = SdrCache(tmp_path / "sdr")
    cache.keep("one", "state", records, address_of(Settings(host="127.0.0.1", port=623)))
    assert await names(here).of(pet(port=40000)) is not None
    assert await names(Settings(cache=str(tmp_path), learn=False)).of(pet(port=40000)) is None
    assert await names(settings(tmp_path / "elsewhere")).of(pet(port=40000)) is None


async def test_what_is_remembered_has_an_end(tmp_path: Path) -> None:
    found = names(settings(tmp_path))
    for number in range(KEPT + 20):
        await found.of(pet(port=number + 1))
    assert len(found._known) == KEPT


async def test_a_sender_that_is_too_slow_is_told_of(
    bmc: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baseboard.cli.trap_names.PATIENCE", 0.0)
    notes: list[str] = []
    assert (
        await names(settings(tmp_path, bmc), Place("rack", "127.0.0.1", None), notes=notes).of(pet()) is None
    )
    assert "could not be read within" in notes[0]
