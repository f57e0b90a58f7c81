"""Logging in again, as often as it takes and no oftener."""

from __future__ import annotations

from importlib import import_module

import pytest

from baseboard.client import reconnect
from baseboard.client.reconnect import insist
from baseboard.client.settings import Settings
from baseboard.errors import LoginRefused, Unreachable
from tests.client.harness import desk


@pytest.mark.parametrize("failures", [0, 1, 3])
async def test_until_it_answers(failures: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at, left = desk(), [Unreachable("RAKP 2")] * failures
    before = at.bmc.interface
    fresh = desk().bmc.interface

    async def opened(settings: Settings) -> object:
        assert settings is at.bmc.settings
        if left:
            raise left.pop()
        return fresh

    monkeypatch.setattr(import_module("baseboard.client.connect"), "open_interface", opened)
    monkeypatch.setattr(reconnect, "_PAUSES", (0.0, 0.0))
    await insist(at.bmc)
    assert at.bmc.interface is fresh
    assert before is not fresh


@pytest.mark.parametrize("error", [LoginRefused("RAKP 2", 0x0D), Unreachable("RAKP 2")])
async def test_not_with_a_wrong_password_and_not_for_ever(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Settings] = []

    async def opened(settings: Settings) -> object:
        tries.append(settings)
        raise error

    monkeypatch.setattr(import_module("baseboard.client.connect"), "open_interface", opened)
    monkeypatch.setattr(reconnect, "_PAUSES", (0.01,))
    with pytest.raises(type(error)):
        await insist(desk().bmc, patience=0.05)
    assert len(tries) == 1 if isinstance(error, LoginRefused) else len(tries) > 1
