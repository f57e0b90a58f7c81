"""What survives: one SQLite file for all BMCs of the process, written by one thread.

State lives in the services' memory; each change is also put here as ``(section, key, value)``.
An answer that acknowledges a change waits until the batch with that change is on the disk
(``durable``). All changes of one loop iteration, of all BMCs, make one batch and one commit,
and while the writer syncs it the next one gathers, so a burst costs one sync and not one each.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from baseboard.errors import BaseboardError

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How long to wait after the disk refused a batch, seconds."""

Durable = Callable[[bool], None]
"""Called when a change is on the disk (True) or could not be written (False)."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bmc (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS state (
    bmc INTEGER NOT NULL, section TEXT NOT NULL, key INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (bmc, section, key)
) WITHOUT ROWID;
"""
_PUT = "INSERT INTO state VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_DELETE = "DELETE FROM state WHERE bmc = ? AND section = ? AND key = ?"
_CLEAR = "DELETE FROM state WHERE bmc = ? AND section = ?"

_Operation = tuple[str, tuple[object, ...]]
SCHEMA_VERSION = 1


class StoreError(BaseboardError):
    """The store cannot be used: there is no such place, another process has it, a later version wrote it."""


class Store(Protocol):
    """What a journal writes to."""

    sequence: int
    """How many changes were put so far; a handler that moved it has its answer held."""

    def identify(self, name: str) -> int:
        """The number under which the BMC of that name is kept; made when first asked for."""
        ...

    def read(self, bmc: int) -> dict[str, dict[int, bytes]]:
        """Everything kept of one BMC, by section and key."""
        ...

    def change(self, sql: str, values: tuple[object, ...]) -> None:
        """Take one change into the batch that is being gathered."""
        ...

    def durable(self, then: Durable) -> None:
        """Call ``then`` when everything put so far is on the disk."""
        ...


class Journal:
    """One BMC's view of the store."""

    __slots__ = ("_bmc", "_saved", "store")

    def __init__(self, store: Store, name: str) -> None:
        self.store = store
        self._bmc = store.identify(name)
        self._saved = store.read(self._bmc)

    def saved(self, section: str) -> dict[int, bytes]:
        """What the last run left in ``section``; each section is taken once, by its service."""
        return self._saved.pop(section, {})

    def put(self, section: str, key: int, value: bytes) -> None:
        """Keep ``value``, in place of what was there."""
        self.store.change(_PUT, (self._bmc, section, key, value))

    def delete(self, section: str, key: int) -> None:
        """Forget one value."""
        self.store.change(_DELETE, (self._bmc, section, key))

    def clear(self, section: str) -> None:
        """Forget a whole section."""
        self.store.change(_CLEAR, (self._bmc, section))


class MemoryStore:
    """A store that forgets with the process; every change counts as durable at once."""

    __slots__ = ("_names", "_state", "sequence")

    def __init__(self) -> None:
        self.sequence = 0
        self._names: dict[str, int] = {}
        self._state: dict[int, dict[str, dict[int, bytes]]] = {}

    def identify(self, name: str) -> int:
        """See :meth:`Store.identify`."""
        return self._names.setdefault(name, len(self._names) + 1)

    def read(self, bmc: int) -> dict[str, dict[int, bytes]]:
        """See :meth:`Store.read`."""
        return {section: dict(rows) for section, rows in self._state.get(bmc, {}).items()}

    def change(self, sql: str, values: tuple[object, ...]) -> None:
        """See :meth:`Store.change`."""
        self.sequence += 1
        bmc, section, *rest = values
        assert isinstance(bmc, int)
        assert isinstance(section, str)
        rows = self._state.setdefault(bmc, {}).setdefault(section, {})
        if sql is _CLEAR:
            rows.clear()
            return
        key = rest[0]
        assert isinstance(key, int)
        if sql is _DELETE:
            rows.pop(key, None)
            return
        value = rest[1]
        assert isinstance(value, bytes)
        rows[key] = value

    def durable(self, then: Durable) -> None:
        """See :meth:`Store.durable`."""
        then(True)


class SqliteStore:
    """The store on disk: write-ahead log, synchronous commits, one writer thread.

    Args:
        path: the file; made when missing.
        loop: who gathers batches and is told when they are durable.

    Raises:
        StoreError: the file cannot be opened or kept to its owner, another process has it open, or a later
            version wrote it.
    """

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.sequence = 0
        self._loop = loop
        self._gathering: list[_Operation] = []
        self._waiting: list[Durable] = []
        self._in_flight: list[Durable] = []
        self._kicked = self._writing = self._closed = False
        self._refusal: BaseException | None = None
        self._rows: dict[int, dict[str, dict[int, bytes]]] = defaultdict(dict)
        self._connection = self._open(path)
        self._names: dict[str, int] = {}
        self._load()
        # A thread of our own and a queue: an executor's futures made an add of 140 us cost 175.
        self._batches: SimpleQueue[list[_Operation] | None] = SimpleQueue()
        self._writer = Thread(target=self._write, name="store", daemon=True)
        self._writer.start()

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        try:
            # It holds passwords, for RAKP needs them as they are: nobody else may read it any more.
            path.touch(mode=0o600, exist_ok=True)
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > SCHEMA_VERSION:
                raise StoreError(f"{path}: written by a later version of Baseboard (layout {version})")
            connection.executescript(
                "BEGIN IMMEDIATE;" + _SCHEMA + f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        except sqlite3.Error as error:
            connection.close()
            taken = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY
            what = "another process has it open" if taken else str(error)
            raise StoreError(f"{path}: {what}") from error
        return connection

    def _load(self) -> None:
        self._names.update(self._connection.execute("SELECT name, id FROM bmc"))
        self._last_name = max(self._names.values(), default=0)
        for bmc, section, key, value in self._connection.execute("SELECT * FROM state"):
            self._rows[bmc].setdefault(section, {})[key] = value

    def identify(self, name: str) -> int:
        """See :meth:`Store.identify`."""
        if name not in self._names:
            self._last_name += 1
            self._names[name] = self._last_name
            self.change("INSERT INTO bmc VALUES (?, ?)", (self._names[name], name))
        return self._names[name]

    def read(self, bmc: int) -> dict[str, dict[int, bytes]]:
        """See :meth:`Store.read`; given out once, as nobody else needs the rows again."""
        return self._rows.pop(bmc, {})

    def change(self, sql: str, values: tuple[object, ...]) -> None:
        """See :meth:`Store.change`."""
        self.sequence += 1
        self._gathering.append((sql, values))
        if not self._kicked and not self._writing:
            self._kicked = True
            self._loop.call_soon(self._kick)

    def durable(self, then: Durable) -> None:
        """See :meth:`Store.durable`."""
        if self._gathering:
            self._waiting.append(then)
        elif self._writing:
            self._in_flight.append(then)
        else:
            then(True)

    @property
    def writing(self) -> bool:
        """Whether the writer is at work on a batch."""
        return self._writing

    def _kick(self) -> None:
        """Give the gathered batch to the writer."""
        self._kicked = False
        if self._writing or not self._gathering or self._closed:
            return
        batch, self._gathering = self._gathering, []
        self._in_flight, self._waiting = self._waiting, []
        self._writing = True
        self._batches.put(batch)

    def _write(self) -> None:
        """The writer thread: commit batches, and tell the loop what came of each."""
        while (batch := self._batches.get()) is not None:
            error: BaseException | None = None
            try:
                self._commit(batch)
            except BaseException as refusal:  # noqa: BLE001 - whatever it was, the loop has to know
                error = refusal
            # Where the loop has ended without closing the store, nobody waits to be told.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._report, error, batch)

    def _commit(self, batch: list[_Operation]) -> None:
        """The whole batch or nothing of it."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            for sql, values in batch:
                execute(sql, values)
            execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    def _report(self, error: BaseException | None, batch: list[_Operation]) -> None:
        self._writing, self._refusal = False, error
        told, self._in_flight = self._in_flight, []
        if error is not None:
            # Nothing of the batch is on the disk; the services have it in memory, so it is tried again.
            log.error("store: %s", error)
            self._gathering[:0] = batch
            self._loop.call_later(RETRY_S, self._kick)
        for then in told:
            then(error is None)
        if error is None:
            self._kick()

    async def close(self) -> None:
        """Write what is gathered, then let go of the file.

        Raises:
            StoreError: the last changes cannot be written; nobody was told that they were.
        """
        try:
            while self._writing or self._gathering:
                self._kick()
                written: asyncio.Future[bool] = self._loop.create_future()
                self._in_flight.append(written.set_result)
                if not await written:
                    raise StoreError(f"the last changes are lost: {self._refusal}") from self._refusal
        finally:
            self._closed = True
            self._batches.put(None)
            self._writer.join()
            self._connection.close()
