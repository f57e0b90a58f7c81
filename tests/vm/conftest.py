"""Everything in this folder boots a guest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.vm import rates


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.vm)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["rates"] = rates.noted


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    rates.noted += getattr(node, "workeroutput", {}).get("rates", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in rates.noted:
        terminalreporter.write_line(line)
