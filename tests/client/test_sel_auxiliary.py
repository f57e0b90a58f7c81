"""How far logs beside the SEL are (§31.12, §31.13)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from baseboard.client.sel_auxiliary import AuxiliaryStatus
from baseboard.commands.storage.sel import AuxiliaryLog
from baseboard.errors import CompletionError, DecodeError
from tests.client.harness import desk

GET = (0x0A, 0x5A)
WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def test_the_machine_check_log_has_a_count() -> None:
    logs = desk().bmc.sel.auxiliary
    await logs.set(AuxiliaryStatus(log=AuxiliaryLog.MCA, last_entry=WHEN, entries=7))
    assert await logs.get() == AuxiliaryStatus(log=AuxiliaryLog.MCA, last_entry=WHEN, entries=7)


async def test_a_makers_log_has_a_status_of_its_own() -> None:
    logs = desk().bmc.sel.auxiliary
    told = AuxiliaryStatus(log=AuxiliaryLog.OEM_2, last_entry=WHEN, manufacturer_id=7154, status=b"ab")
    await logs.set(told)
    found = await logs.get(AuxiliaryLog.OEM_2)
    assert (found.manufacturer_id, found.status, found.entries) == (7154, b"ab".ljust(8, b"\0"), None)


async def test_what_is_not_known_is_none() -> None:
    logs = desk({GET: b"\0" + b"\xff" * 8}).bmc.sel.auxiliary
    assert await logs.get() == AuxiliaryStatus(log=AuxiliaryLog.MCA)


async def test_without_a_time_it_is_now() -> None:
    logs = desk().bmc.sel.auxiliary
    before = datetime.now(UTC).replace(microsecond=0)
    await logs.set(AuxiliaryStatus(log=AuxiliaryLog.MCA))
    found = await logs.get()
    assert found.last_entry is not None
    assert found.last_entry >= before
    assert found.entries is None


async def test_a_log_that_is_not_there_and_an_answer_that_is_too_short_are_errors() -> None:
    with pytest.raises(CompletionError):
        await desk().bmc.sel.auxiliary.get(AuxiliaryLog(5))
    with pytest.raises(DecodeError):
        await desk({GET: b"\0\0\0\0\0\x01"}).bmc.sel.auxiliary.get()
