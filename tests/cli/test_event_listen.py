"""``event listen``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.bmc.makeups import makeup
from baseboard.cli.event_listen import run
from baseboard.cli.long_options import UsageError
from baseboard.cli.native_call import NativeCall
from baseboard.cli.options import Options
from baseboard.cli.results.native import FollowedEvent
from baseboard.client.bmc import Bmc
from baseboard.client.host_events import EventStream
from baseboard.codes import EventDirection, EventReadingType, EventRevision, SensorType
from baseboard.records.events import EventData, EventMessage
from tests.cli.simulated import Told
from tests.client.harness import desk

Program = Callable[..., Told]


class Listening:
    """A call on the host of a BMC that has its events ready."""

    def __init__(self, **given: str) -> None:
        self.bmc = desk(sensors=makeup(0, "server", bytes(16)).sensors).bmc
        self.said: list[str] = []
        self.complaints: list[str] = []
        self.call = NativeCall("", Options(), self.reach, given, self.said.append, self.complaints.append)

    async def reach(self) -> Bmc:
        return self.bmc

    async def event(self, reading: str = "6C") -> None:
        """Put one into the Event Message Buffer."""
        await self.bmc.events.set_enables(event_message_buffer=True)
        await self.bmc.events.send(
            EventMessage(
                evm_rev=EventRevision.IPMI_1_5, sensor_type=SensorType.TEMPERATURE, sensor_number=1,
                event_type=EventReadingType.THRESHOLD, direction=EventDirection.ASSERTION,
                event_data=EventData.decode(bytes.fromhex(f"59{reading}54")),
            )
        )  # fmt: skip


async def test_an_event_is_a_line_and_a_result() -> None:
    listening = Listening(count="1")
    await listening.event()
    assert await run(listening.call, []) == 0
    (line,) = listening.said
    assert "going high" in line
    (found,) = listening.call.results
    assert isinstance(found, FollowedEvent)
    assert (len(found.raw), found.asserted, found.sensor_type) == (16, True, "Temperature")


async def test_what_was_lost_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventStream, "lost", property(lambda self: 3))
    listening = Listening(count="1")
    await listening.event()
    assert await run(listening.call, []) == 0
    assert listening.complaints == [
        "baseboard: listening\n", "baseboard: 3 events came faster than they could be told\n",
    ]  # fmt: skip


async def test_it_takes_options_only() -> None:
    with pytest.raises(UsageError, match="options only"):
        await run(Listening().call, ["now"])


def test_over_lan_it_points_at_what_works_there(program: Program) -> None:
    told = program("event", "listen")
    assert told.code != 0
    assert "events come only in band, through the driver of the BMC's own host (-I open)" in told.err
    assert "`sel follow`" in told.err
    assert "`pet listen`" in told.err
