"""What ``message``, ``icmb`` and ``forward`` note for ``--json``."""

from __future__ import annotations

from baseboard.cli import forward, icmb, message
from baseboard.cli.results.bridging import (
    Bridge,
    BridgeConnector,
    BridgedAnswer,
    BridgeEvents,
    BufferedEvent,
    ChannelReception,
    Chosen,
    Connection,
    Counted,
    Forwarded,
    ForwardTarget,
    FoundChassis,
    Message,
    MessageFlags,
)
from tests.cli import test_forward, test_icmb, test_message
from tests.cli.ipmitool.scenes import Stage


async def of_icmb(line: str) -> list[object]:
    on = Stage(test_icmb.GIVEN)
    await icmb.run(on.call, line.split())
    return on.results


async def of_message(line: str) -> list[object]:
    on = Stage(test_message.GIVEN)
    await message.run(on.call, line.split())
    return on.results


async def of_forward(line: str) -> list[object]:
    on = Stage(test_forward.GIVEN)
    await forward.run(on.call, line.split())
    return on.results


async def test_of_the_bridge() -> None:
    assert await of_icmb("info") == [
        Bridge(
            state="enabled", address=0x0101, version="1.3", chassis_device=0x20, connection_number=5,
            connection="Rack", proxy_address=0x0808, proxy_slave=0x82, proxy_lun=1,
            connectors=[BridgeConnector(number=0, kind=2, name="ICMB")],
        )
    ]  # fmt: skip
    (counted,) = await of_icmb("stats get")
    assert isinstance(counted, Counted)
    assert counted.counters["arbitration_losses"] == 8
    assert await of_icmb("exchange 0x0202 5 Rack") == [Connection(number=6, name="Row")]
    assert await of_icmb("discover") == [FoundChassis(address=0x0202, chassis_device=0x28)]
    assert await of_icmb("request 0x0202 6 1") == [BridgedAnswer(completion_code=0, data="3412")]
    assert await of_icmb("events info") == [
        BridgeEvents(received=7, destination=0x0202, taken=True, receiver=0x20, receiver_lun=0)
    ]


async def test_of_the_mailbox() -> None:
    assert await of_message("flags") == [MessageFlags(messages=True, event=False, watchdog_pretimeout=False)]
    assert await of_message("receive 1") == [ChannelReception(channel=1, enabled=True)]
    assert await of_message("get") == [Message(channel=1, privilege=4, data="2018c8")]
    (event,) = await of_message("event")
    assert isinstance(event, BufferedEvent)
    assert len(bytes.fromhex(event.record)) == 16


async def test_of_forwarding() -> None:
    assert await of_forward("info") == [
        Forwarded(channel=1, enabled=True, slave_address=0x82, slave_lun=0, netfn=6, commands=[1])
    ]
    assert await of_forward("add 0x30 0x10") == [Chosen(netfn=0x30, commands=[0x10])]
    assert await of_forward("disable") == [
        ForwardTarget(channel=1, enabled=True, slave_address=0x82, slave_lun=0)
    ]
