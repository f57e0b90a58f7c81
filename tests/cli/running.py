"""Verbs that run until a signal, run in this process: it comes as soon as they are ready."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from baseboard.bmc.configuration import Described
from baseboard.bmc.server import RunningBmc, Server
from baseboard.cli import serving

Ready = Callable[[Server], None]


def end_when_ready(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, end: signal.Signals = signal.SIGTERM
) -> list[Server]:
    """Make the verb of that module end once it has said that it runs; returns the servers that ran."""
    seen: list[Server] = []

    def serve(
        described: Sequence[Described],
        store: Path | None,
        ready: Ready,
        started: Callable[[RunningBmc], None] | None = None,
    ) -> None:
        def ready_and_over(server: Server) -> None:
            ready(server)
            seen.append(server)
            os.kill(os.getpid(), end)

        serving.serve(described, store, ready_and_over, started)

    monkeypatch.setattr(module, "serve", serve)
    return seen
