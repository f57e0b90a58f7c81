"""The example that sends files over an OEM payload: whole, over a bad network too, and none unwanted."""

from __future__ import annotations

import hashlib
import importlib.util
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.configuration.endpoints import endpoints
from baseboard.bmc.server import Server
from baseboard.client.bmc import Bmc
from baseboard.client.connect import connect
from tests.bmc.fakes import BLUEPRINT, FakeBackend
from tests.client.sol_bench import Relay

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "files_over_payload.py"


def loaded() -> Any:
    spec = importlib.util.spec_from_file_location("files_over_payload", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


files: Any = loaded()


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[tuple[Bmc, Relay]]:
    """A BMC that takes files, behind a relay that loses packets when told to."""
    server = Server()
    (place,) = endpoints("127.0.0.1", 0, 1, "ports")
    running = server.add(BLUEPRINT, lambda blueprint, clock: FakeBackend(), place)
    running.controller.services.payloads.register(files.FileReceiver(folder))
    relay = Relay(running.port)
    await relay.start()
    try:
        async with connect(
            "127.0.0.1",
            port=relay.port,
            username="admin",
            password="adminpw",
            learn=False,
            timeout=0.2,
            retries=20,
        ) as bmc:
            await bmc.payloads.set_access(2, 0x20, enabled=True)
            yield bmc, relay
            relay.loss, relay.cut = 0.0, False
    finally:
        relay.close()
        await server.close()


def made(folder: Path, size: int) -> Path:
    path = folder / f"{size} bytes.bin"
    path.write_bytes(random.Random(size).randbytes(size))
    return path


def same(one: Path, other: Path) -> bool:
    return hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    return tmp_path / "here", tmp_path / "there"


@pytest.mark.parametrize("size", [0, 1, 512, 513, 100_000])
async def test_a_file_arrives_whole(size: int, folders: tuple[Path, Path]) -> None:
    here, there = folders
    path = made(here, size)
    async with bench(there) as (bmc, _):
        await files.send_file(bmc, path)
        assert same(path, there / path.name)
        assert (await bmc.payloads.status(0x20)).active == ()


async def test_files_arrive_whole_over_a_network_that_loses_a_fifth(folders: tuple[Path, Path]) -> None:
    here, there = folders
    paths = [made(here, size) for size in (40_000, 3000)]
    async with bench(there) as (bmc, relay):
        relay.loss = 0.2
        for path in paths:
            await files.send_file(bmc, path, again=0.05)
    assert all(same(path, there / path.name) for path in paths)


async def test_what_is_not_wanted_is_not_stored(folders: tuple[Path, Path]) -> None:
    here, there = folders
    path = here / ".profile"
    path.write_bytes(b"echo")
    async with bench(there) as (bmc, _):
        with pytest.raises(files.NotStoredError, match="not wanted"):
            await files.send_file(bmc, path)
    assert list(there.iterdir()) == []


async def test_a_bmc_that_falls_silent_is_given_up(folders: tuple[Path, Path]) -> None:
    here, there = folders
    path = made(here, 5000)
    async with bench(there) as (bmc, _):
        receiver = files.FileReceiver.received
        files.FileReceiver.received = lambda self, link, data: None
        try:
            with pytest.raises(files.NotStoredError, match="no progress"):
                await files.send_file(bmc, path, patience=0.3, again=0.05)
        finally:
            files.FileReceiver.received = receiver
    assert list(there.iterdir()) == []


def test_it_runs_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE)], capture_output=True, text=True, timeout=60, check=True
    )
    digest = hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    assert done.stdout == f"{EXAMPLE.stat().st_size} bytes, SHA-256 {digest}\n"
