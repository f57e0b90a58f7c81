"""``bmc.chassis``: power that really changes, and chassis that only say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from baseboard.client import chassis
from baseboard.client.deadline import deadline
from baseboard.codes import RestartCause
from baseboard.commands.chassis.control import PolicySupport, PowerRestorePolicy
from baseboard.errors import CompletionError, NoEffect, NoResponse
from tests.client.harness import Desk, desk

STATUS, CONTROL, IDENTIFY, POLICY, CAUSE = (0, 1), (0, 2), (0, 4), (0, 6), (0, 7)
ON, OFF = bytes.fromhex("00 01 00 00"), bytes.fromhex("00 00 00 00")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chassis, "_POLLS", (0.001,))
    monkeypatch.setattr(chassis, "_PATIENCE", (0.001, 0.001))


def asked(made: Desk, command: tuple[int, int]) -> list[bytes]:
    return [data for netfn, cmd, data in made.script.asked if (netfn, cmd) == command]


def passing(made: Desk) -> Desk:
    """Let a second go by with each request."""
    plain = made.bmc.interface.exchange

    async def exchange(*request: Any, **more: Any) -> bytes:
        made.bench.advance(1)
        return await plain(*request, **more)

    made.bmc.interface.exchange = exchange  # type: ignore[method-assign]  # the test stands in between
    return made


def power(made: Desk) -> Any:
    return made.bench.backend.power


async def test_power_is_switched_and_seen() -> None:
    made = passing(desk())
    assert not await made.bmc.chassis.is_on()
    await made.bmc.chassis.power_on(wait=1)
    assert (await made.bmc.chassis.status()).power_on
    await made.bmc.chassis.power_off(wait=1)
    assert not power(made).on
    assert asked(made, CONTROL) == [b"\x01", b"\x00"]


async def test_without_waiting_one_request_is_sent() -> None:
    made = passing(desk(powered=True))
    await made.bmc.chassis.power_on()
    await made.bmc.chassis.reset()
    await made.bmc.chassis.diagnostic_interrupt()
    await made.bmc.chassis.soft_off()
    await made.bmc.chassis.power_cycle()
    assert [data for _, _, data in made.script.asked] == [b"\x01", b"\x03", b"\x04", b"\x05", b"\x02"]
    assert made.bench.backend.calls[-3:] == ["reset", "diagnostic_interrupt", "soft_shutdown"]


async def test_a_status_that_is_late_is_polled() -> None:
    """Q-STATUSLATE."""
    answers = iter([OFF, OFF, b"\xc3", ON])
    made = desk({CONTROL: b"\0", STATUS: lambda _: next(answers)})
    await made.bmc.chassis.power_on(wait=5)
    assert len(asked(made, STATUS)) == 4


@pytest.mark.parametrize(
    ("action", "status", "text", "hint"),
    [
        ("power_on", OFF, "power on was accepted, but the system is off after 0.01 s", ""),
        ("power_off", ON, "power off was accepted, but the system is on after 0.01 s", ""),
        ("soft_off", ON, "soft shutdown was accepted", "no operating system heeds the request"),
        ("power_cycle", OFF, "power cycle was accepted, but the system is off", ""),
        ("reset", OFF, "reset was accepted, but the system is off", ""),
        ("diagnostic_interrupt", OFF, "diagnostic interrupt was accepted", ""),
    ],
)
async def test_what_has_no_effect_is_an_error(action: str, status: bytes, text: str, hint: str) -> None:
    """Q-SOFTNOOS."""
    made = desk({CONTROL: b"\0", STATUS: status})
    with pytest.raises(NoEffect, match=text) as caught:
        await getattr(made.bmc.chassis, action)(wait=0.01)
    assert caught.value.hint.startswith(hint)


async def test_a_power_cycle_is_over_when_it_was_off_and_is_on() -> None:
    answers = iter([ON, OFF, OFF, ON])
    made = desk({CONTROL: b"\0", STATUS: lambda _: next(answers), CAUSE: b"\0\x01\x01"})
    await made.bmc.chassis.power_cycle(wait=5)
    assert next(answers, None) is None


async def test_a_power_cycle_that_was_too_short_to_see_is_known_by_the_restart_cause() -> None:
    causes = iter([b"\0\x03\x01", b"\0\x03\x01", b"\0\x01\x01"])
    made = desk({CONTROL: b"\0", STATUS: ON, CAUSE: lambda _: next(causes)})
    await made.bmc.chassis.power_cycle(wait=5)
    assert next(causes, None) is None


async def test_a_power_cycle_of_which_nothing_shows_is_believed_when_the_time_is_over() -> None:
    made = desk({CONTROL: b"\0", STATUS: ON, CAUSE: b"\xc1"})
    await made.bmc.chassis.power_cycle(wait=0.01)
    assert len(asked(made, STATUS)) > 1


async def test_a_refusal_to_do_what_is_done_already_is_none() -> None:
    """Q-POWERBUSY: HPE refuses to switch on what is on."""
    made = desk({CONTROL: b"\xd5", STATUS: ON})
    await made.bmc.chassis.power_on()
    assert len(asked(made, CONTROL)) == 1


async def test_a_controller_that_is_not_ready_is_asked_again() -> None:
    """Q-POWERBUSY."""
    answers = iter([b"\xd5", b"\xd5", b"\0"])
    made = desk({CONTROL: lambda _: next(answers), STATUS: ON})
    await made.bmc.chassis.reset()
    assert len(asked(made, CONTROL)) == 3


async def test_a_controller_that_is_never_ready_is_not_asked_for_ever() -> None:
    made = desk({CONTROL: b"\xd5", STATUS: ON})
    with pytest.raises(CompletionError, match="D5h"):
        await made.bmc.chassis.reset()
    assert len(asked(made, CONTROL)) == 3


async def test_what_needs_power_says_that_there_is_none() -> None:
    """Q-POWERDIAG."""
    made = desk({CONTROL: b"\xd5", STATUS: OFF})
    with pytest.raises(CompletionError, match="D5h .*; the system is off"):
        await made.bmc.chassis.diagnostic_interrupt()
    assert len(asked(made, CONTROL)) == 1


async def test_other_refusals_are_errors_at_once() -> None:
    made = desk({CONTROL: b"\xd4", STATUS: b"\xd4"})
    for action in ("power_on", "reset"):
        with pytest.raises(CompletionError, match="D4h"):
            await getattr(made.bmc.chassis, action)()


async def test_the_deadline_ends_the_waiting() -> None:
    made = desk({CONTROL: b"\0", STATUS: OFF})
    with deadline(0.02), pytest.raises(NoResponse):
        await made.bmc.chassis.power_on(wait=1000)


async def test_actions_that_must_not_happen_twice_are_not_repeated() -> None:
    made, again = desk(), []
    plain = made.bmc.interface.exchange

    async def exchange(netfn: int, cmd: int, data: bytes, **more: Any) -> bytes:
        again.append(more["retry"])
        return await plain(netfn, cmd, data, **more)

    made.bmc.interface.exchange = exchange  # type: ignore[method-assign]  # the test stands in between
    made.script.lines[CONTROL] = b"\0"
    await made.bmc.chassis.power_on()
    await made.bmc.chassis.reset()
    assert again == [True, False]


async def test_the_light_for_a_while_for_ever_and_off() -> None:
    made = desk()
    await made.bmc.chassis.identify()
    assert made.bench.backend.identify.lit  # type: ignore[union-attr]  # this backend has it
    await made.bmc.chassis.identify(forever=True)
    await made.bmc.chassis.identify(0)
    assert not made.bench.backend.identify.lit  # type: ignore[union-attr]  # this backend has it
    assert asked(made, IDENTIFY) == [b"\x0f", b"\x00\x01", b"\x00"]


async def test_a_light_that_knows_no_for_ever_is_lit_as_long_as_it_can_be() -> None:
    """Q-IDENT."""
    made = desk({IDENTIFY: lambda data: b"\0" if len(data) == 1 else b"\xc7"})
    await made.bmc.chassis.identify(forever=True)
    assert asked(made, IDENTIFY) == [b"\x00\x01", b"\xff"]
    made.script.lines[IDENTIFY] = b"\xd4"
    with pytest.raises(CompletionError):
        await made.bmc.chassis.identify(forever=True)


async def test_restart_cause_and_hours() -> None:
    made = desk({(0, 0x0F): bytes.fromhex("00 3c 0a 00 00 00"), CAUSE: b"\0\x07\x01"})
    assert await made.bmc.chassis.restart_cause() == RestartCause.RESTORE_PREVIOUS
    assert await made.bmc.chassis.power_on_time() == timedelta(hours=10)


async def test_the_power_restore_policy_is_read_back() -> None:
    made = desk()
    await made.bmc.chassis.set_policy(PowerRestorePolicy.ALWAYS_ON)
    assert await made.bmc.chassis.policy() == PowerRestorePolicy.ALWAYS_ON
    assert await made.bmc.chassis.policies() == PolicySupport(7)
    made.script.lines[POLICY] = b"\0\x07"
    with pytest.raises(NoEffect, match="was set to STAY_OFF and is ALWAYS_ON"):
        await made.bmc.chassis.set_policy(PowerRestorePolicy.STAY_OFF)


async def test_capabilities_buttons_and_the_cycle_interval() -> None:
    made = desk()
    before = await made.bmc.chassis.capabilities()
    after = await made.bmc.chassis.set_capabilities(provides_intrusion_sensor=True)
    assert after.provides_intrusion_sensor
    assert after.sdr_device_address == before.sdr_device_address
    await made.bmc.chassis.disable_buttons(reset=True)
    assert asked(made, (0, 0x0A)) == [b"\x02"]
    await made.bmc.chassis.set_power_cycle_interval(7)
    assert asked(made, (0, 0x0B)) == [b"\x07"]
