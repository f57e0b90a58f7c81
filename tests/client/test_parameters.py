"""Parameters under Set In Progress: the lock, writing, reading back, and controllers that make it hard."""

from __future__ import annotations

import pytest

from baseboard.client import parameters
from baseboard.client.lan_settings import LanChannel
from baseboard.client.parameters import IN_PROGRESS, Parameters
from baseboard.commands.parameters.lan import (
    GratuitousArpInterval,
    LanParameter,
    SetInProgress,
    VlanPriority,
)
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError, DecodeError, NoEffect
from baseboard.transports import waiting
from baseboard.wire import Unknown
from tests.client.harness import desk

BUSY = CompletionError(IN_PROGRESS)


class Shelf:
    """Parameters of a controller.

    Attributes:
        data: by selector.
        written: what was written, in order: selector and data.
        lock: what writing Set In Progress to "in progress" is answered by; None = done.
        lost: how many writes have no effect.
        refused: what a write is answered by.
    """

    def __init__(self) -> None:
        self.data: dict[int, bytes] = {11: b"\x03", 21: b"\x00", 200: b"\x01\x02"}
        self.written: list[tuple[int, bytes]] = []
        self.lock: CompletionError | None = None
        self.refused: CompletionError | None = None
        self.lost = 0
        self.parameters: Parameters[LanParameter] = Parameters(
            desk().bmc, LanParameter, self._fetch, self._store, lambda state: SetInProgress(state=state)
        )

    async def _fetch(self, selector: int, set_selector: int, block_selector: int) -> bytes:
        if selector not in self.data:
            raise CompletionError(0x80)
        return self.data[selector]

    async def _store(self, parameter: LanParameter | Unknown) -> None:
        raw = parameter.raw if isinstance(parameter, Unknown) else parameter.encode()
        self.written.append((parameter.selector, raw))
        if isinstance(parameter, SetInProgress):
            if parameter.state == SetInProgressState.SET_COMPLETE:
                self.lock = None
            elif parameter.state == SetInProgressState.COMMIT_WRITE:
                raise CompletionError(0xCC)
            elif self.lock is not None:
                raise self.lock
            return
        if self.refused is not None:
            raise self.refused
        if self.lost:
            self.lost -= 1
            return
        self.data[parameter.selector] = raw


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(parameters, "_ASK_AGAIN", 10.0)

    async def sleep(seconds: float) -> None:
        assert seconds >= 0

    monkeypatch.setattr(waiting, "sleep", sleep)


ARP, PRIORITY = GratuitousArpInterval(interval=9), VlanPriority(priority=5)


async def test_what_is_there_and_what_is_missing() -> None:
    shelf = Shelf()
    shelf.data[12] = b"\x01"
    reading = await shelf.parameters.read([(11, 0), (12, 0), (13, 0), (200, 0)])
    assert reading.get(GratuitousArpInterval) == GratuitousArpInterval(interval=3)
    assert reading.get(VlanPriority) is None
    assert reading.parameters[200, 0] == Unknown(selector=200, raw=b"\x01\x02")
    assert isinstance(reading.missing[12, 0], DecodeError)
    assert isinstance(reading.missing[13, 0], CompletionError)
    assert await shelf.parameters.find(SetInProgress) is None
    assert await shelf.parameters.raw(200) == b"\x01\x02"
    assert reading.all(GratuitousArpInterval) == [GratuitousArpInterval(interval=3)]


@pytest.mark.parametrize("code", [0xC0, 0xC3])
async def test_an_error_that_says_nothing_about_the_parameter_is_raised(code: int) -> None:
    async def fetch(selector: int, set_selector: int, block_selector: int) -> bytes:
        raise CompletionError(code)

    shelf = Shelf()
    shelf.parameters._fetch = fetch
    with pytest.raises(CompletionError):
        await shelf.parameters.read([(11, 0)])
    with pytest.raises(CompletionError):
        await shelf.parameters.find(VlanPriority)


async def test_in_the_order_given_between_lock_and_release() -> None:
    shelf = Shelf()
    await shelf.parameters.set([PRIORITY, ARP, Unknown(selector=200, raw=b"\x07\x08")])
    assert shelf.written == [
        (0, b"\1"),
        (21, b"\5"),
        (11, b"\x09"),
        (200, b"\x07\x08"),
        (0, b"\2"),
        (0, b"\0"),
    ]


@pytest.mark.parametrize("code", [0x80, 0xC1, 0xCC])
async def test_without_a_lock_where_there_is_none(code: int) -> None:
    """Q-SETINPROGRESS, Q-SOLPARAM."""
    shelf = Shelf()
    shelf.lock = CompletionError(code)
    await shelf.parameters.set([ARP])
    assert shelf.written == [(0, b"\1"), (11, b"\x09")]
    shelf.written.clear()
    await shelf.parameters.set([PRIORITY], lock=False)
    assert shelf.written == [(21, b"\5")]


async def test_a_lock_that_somebody_holds() -> None:
    shelf = Shelf()
    shelf.lock = BUSY
    with pytest.raises(CompletionError) as refused:
        await shelf.parameters.set([ARP])
    assert refused.value.code == IN_PROGRESS
    assert shelf.data[11] == b"\x03"
    shelf.written.clear()
    await shelf.parameters.set([ARP], break_lock=True)
    assert shelf.data[11] == b"\x09"
    assert shelf.written.count((0, b"\1")) == 5, "asked for 30 s before the lock was lifted"


async def test_the_lock_is_released_whatever_happens() -> None:
    shelf = Shelf()
    shelf.refused = CompletionError(0x82)
    with pytest.raises(CompletionError):
        await shelf.parameters.set([ARP])
    assert shelf.written[-1] == (0, b"\0")


@pytest.mark.parametrize("lost", [1, 2])
async def test_writes_that_are_lost_are_done_again(lost: int) -> None:
    """Q-SLOWCOMMIT."""
    shelf = Shelf()
    shelf.lost = lost
    await shelf.parameters.set([ARP])
    assert shelf.data[11] == b"\x09"


async def test_a_write_that_never_has_an_effect() -> None:
    """Q-READONLY."""
    shelf = Shelf()
    shelf.lost = 10
    with pytest.raises(NoEffect, match=r"GratuitousArpInterval \(11\)"):
        await shelf.parameters.set([ARP])
    await shelf.parameters.set([ARP], verify=False)


def test_lan_channels_are_such() -> None:
    assert isinstance(desk().bmc.lan.channel(1), LanChannel)
