"""What every test run shares: how many examples Hypothesis draws, which tests cover what, and the peers."""

from __future__ import annotations

import gc
import locale
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from tests import peers

# Slowness is no failure here: neither of an example nor of drawing one.
for profile, examples in (("fast", 25), ("push", 200), ("night", 5000)):
    settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "push"))

# What a shell starts in the background ignores Ctrl-C, and so would all that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_cache_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Let no test meet what another, or the user, has kept of a controller; made only if it is used."""
    folder = tmp_path_factory.getbasetemp() / "caches" / f"{abs(hash(request.node.nodeid)):x}"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    # Nor what FreeIPMI is told on this machine.
    monkeypatch.setenv("BASEBOARD_FREEIPMI_CONF", os.devnull)


@pytest.fixture(autouse=True)
def locale_as_it_was() -> Iterator[None]:
    """The program takes the user's locale for the form of dates; the next test does not."""
    before = locale.setlocale(locale.LC_ALL)
    yield
    locale.setlocale(locale.LC_ALL, before)


class Contexts:
    """Notes for coverage which test module runs what: its path and ``::``, as the ids of its tests begin.

    What runs at import, before any test, keeps the empty name. A name for each single test, as
    ``--cov-context`` gives, would make many times as much data, and nobody asks for it.
    """

    def __init__(self) -> None:
        self._now = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        name = item.nodeid.partition("::")[0] + "::"
        measured = Coverage.current()
        if measured is not None and name != self._now:
            measured.switch_context(name)
            self._now = name


class Collected:
    """Keeps the tests, tens of thousands, out of the sight of Python's collector of garbage."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        gc.disable()
        try:
            return (yield)
        finally:
            gc.collect()
            gc.freeze()
            gc.enable()


class Gathered:
    """The peers used by this process and by the workers that it started."""

    def __init__(self) -> None:
        self.peers: set[str] = set()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.peers.update(getattr(node, "workeroutput", {}).get("peers", []))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["peers"] = sorted(peers.used)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        self.peers |= peers.used
        if self.peers:
            terminalreporter.write_line(f"peers used: {', '.join(sorted(self.peers))}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Gathered(), "baseboard-peers")
    config.pluginmanager.register(Contexts(), "baseboard-contexts")
    config.pluginmanager.register(Collected(), "baseboard-collected")
