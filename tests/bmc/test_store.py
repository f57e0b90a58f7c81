"""The store keeps what was put, answers only when it is on the disk, and loses no batch."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from pathlib import Path

import pytest

from baseboard.bmc import store as module
from baseboard.bmc.store import Journal, MemoryStore, SqliteStore, StoreError


async def durable(store: SqliteStore | MemoryStore) -> bool:
    """Wait until everything put is on the disk, or could not be."""
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    store.durable(done.set_result)
    return await done


def rows(path: Path) -> list[tuple[int, str, int, bytes]]:
    """What another reader of the file finds after the store let go of it."""
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT * FROM state ORDER BY bmc, section, key").fetchall()


def modes(folder: Path) -> dict[str, int]:
    """Who may do what with the files of a folder."""
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


async def test_what_was_put_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = SqliteStore(path, asyncio.get_running_loop())
    one, two = Journal(store, "one"), Journal(store, "two")
    one.put("sel", 1, b"first")
    one.put("sel", 1, b"second")
    one.put("sel", 2, b"gone")
    one.delete("sel", 2)
    two.put("users", 2, b"ops")
    two.put("fru", 0, b"x")
    two.clear("fru")
    assert await durable(store)
    await store.close()

    again = SqliteStore(path, asyncio.get_running_loop())
    assert Journal(again, "two").saved("users") == {2: b"ops"}
    journal = Journal(again, "one")
    assert journal.saved("sel") == {1: b"second"}
    assert journal.saved("sel") == {}
    assert Journal(again, "three").saved("sel") == {}
    await again.close()


async def test_a_burst_is_one_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    commit = SqliteStore._commit

    def counted(self: SqliteStore, batch: list[tuple[str, tuple[object, ...]]]) -> None:
        batches.append(len(batch))
        commit(self, batch)

    monkeypatch.setattr(SqliteStore, "_commit", counted)
    store = SqliteStore(tmp_path / "s", asyncio.get_running_loop())
    journal = Journal(store, "one")
    for number in range(100):
        journal.put("sel", number, bytes(16))
    assert await durable(store)
    assert batches == [101]
    await store.close()


async def test_an_answer_waits_for_the_batch_that_holds_its_change(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s", asyncio.get_running_loop())
    journal = Journal(store, "one")
    order: list[str] = []
    store.durable(lambda done: order.append("name"))
    await asyncio.sleep(0)  # the writer has the first batch now
    journal.put("sel", 1, b"x")
    store.durable(lambda done: order.append("change"))
    assert order == []
    assert await durable(store)
    assert order == ["name", "change"]
    store.durable(lambda done: order.append("at once"))
    assert order[-1] == "at once"
    await store.close()


async def test_asking_while_the_writer_works_waits_for_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s", asyncio.get_running_loop())
    Journal(store, "one")
    await asyncio.sleep(0)
    told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    store.durable(told.set_result)
    assert not told.done()
    assert await told
    await store.close()


async def test_a_batch_the_disk_refused_is_reported_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.0)
    path = tmp_path / "s"
    store = SqliteStore(path, asyncio.get_running_loop())
    journal = Journal(store, "one")
    assert await durable(store)
    journal.put("sel", 1, b"kept")
    store.change("INSERT INTO nowhere VALUES (1)", ())
    assert not await durable(store)
    store._gathering = [row for row in store._gathering if "nowhere" not in row[0]]
    await store.close()
    assert rows(path) == [(1, "sel", 1, b"kept")]


async def test_what_cannot_be_written_at_the_end_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.0)
    store = SqliteStore(tmp_path / "s", asyncio.get_running_loop())
    store.change("INSERT INTO nowhere VALUES (1)", ())
    told = asyncio.get_running_loop().create_future()
    store.durable(told.set_result)
    with pytest.raises(StoreError, match="the last changes are lost: no such table"):
        await store.close()
    assert not await told
    for _ in range(3):  # what would be tried again finds the file closed
        await asyncio.sleep(0)
    await SqliteStore(tmp_path / "s", asyncio.get_running_loop()).close()


def test_a_loop_that_ended_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    commit = SqliteStore._commit

    def late(self: SqliteStore, batch: list[tuple[str, tuple[object, ...]]]) -> None:
        ended.wait()
        commit(self, batch)

    monkeypatch.setattr(SqliteStore, "_commit", late)

    async def abandoned() -> SqliteStore:
        store = SqliteStore(tmp_path / "s", asyncio.get_running_loop())
        Journal(store, "one").put("sel", 1, b"kept")
        await asyncio.sleep(0)
        assert store.writing
        return store

    store = asyncio.run(abandoned())
    ended.set()
    store._batches.put(None)
    store._writer.join()
    store._connection.close()
    assert rows(tmp_path / "s") == [(1, "sel", 1, b"kept")]


async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s"
    store = SqliteStore(path, asyncio.get_running_loop())
    with pytest.raises(StoreError, match="another process has it open"):
        SqliteStore(path, asyncio.get_running_loop())
    await store.close()


async def test_a_later_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="later version"):
        SqliteStore(path, asyncio.get_running_loop())


async def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    store = SqliteStore(path, asyncio.get_running_loop())
    assert modes(tmp_path) == {"s": 0o600, "s-wal": 0o600}
    await store.close()
    path.chmod(0o644)
    await SqliteStore(path, asyncio.get_running_loop()).close()
    assert modes(tmp_path) == {"s": 0o600}


async def test_a_place_that_holds_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "s", tmp_path):
        with pytest.raises(StoreError, match=re.escape(str(path))):
            SqliteStore(path, asyncio.get_running_loop())


async def test_memory_store_keeps_the_same_promises() -> None:
    store = MemoryStore()
    journal = Journal(store, "one")
    before = store.sequence
    journal.put("a", 1, b"x")
    journal.put("a", 2, b"y")
    journal.delete("a", 1)
    journal.put("b", 1, b"z")
    journal.clear("b")
    assert store.sequence == before + 5
    assert await durable(store)
    again = Journal(store, "one")
    assert again.saved("a") == {2: b"y"}
    assert again.saved("b") == {}
