"""``event SENSOR STATE``: which bytes a sensor's state becomes."""

from __future__ import annotations

import pytest

from tests.cli.ipmitool.shelf import Shelf, compact, event_only, full
from tests.cli.ipmitool.typed import Typed

LAN = b"\x00\x01\x04\x01\x80\xf2\x1b\x00\x00\x00"
DEVICE_ID = b"\x00\x20\x01\x02\x10\x02\xbf\x00\x00\x00\x01\x01"
# Which are readable; lower non-critical, critical, non-recoverable, then the upper ones.
LIMITS = b"\x00\x3f" + bytes((10, 20, 30, 200, 210, 254))


def typed(hysteresis: bytes | None = b"\x00\x02\x03", thresholds: bytes | None = LIMITS) -> Typed:
    shelf = Shelf(
        records=[
            full(1, b"Temp"),
            full(2, b"Far", owner=0x72),
            compact(3, b"Door", sensor_type=0x05, event_type=0x03),
            compact(4, b"CPU", sensor_type=0x07),
            compact(5, b"Unit", sensor_type=0x09, event_type=0x0B),
            compact(6, b"Odd", event_type=0x70),
            event_only(7, b"Only"),
        ]
    )
    more = {(6, 1): DEVICE_ID, (6, 0x42): LAN, (4, 2): b"\x00", (4, 0x25): hysteresis, (4, 0x27): thresholds}
    return Typed({**shelf.lines(), **more})


async def sent(*words: str, hysteresis: bytes | None = b"\x00\x02\x03") -> str:
    command = typed(hysteresis)
    assert await command("event", *words) == 0, command.err
    (message,) = command.sent(4, 2)
    return message.hex()


# EvM revision, sensor type, number, event type with direction; then offset, reading just behind, threshold.
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Temp", "ucr"), "04010101" + "59d4d2"),
        (("Temp", "ucr", "assert"), "04010101" + "59d4d2"),
        (("Temp", "ucr", "deassert"), "04010181" + "58cfd2"),
        (("Temp", "lnc"), "04010101" + "50070a"),
        (("Temp", "lnc", "deassert"), "04010181" + "510c0a"),
        (("Temp", "lnr"), "04010101" + "541b1e"),
        (("Temp", "unr"), "04010101" + "5bfffe"),
    ],
)
async def test_a_threshold_is_passed_by_its_hysteresis(words: tuple[str, ...], message: str) -> None:
    assert await sent(*words) == message


async def test_without_hysteresis_one_step_is_enough() -> None:
    assert await sent("Temp", "ucr", hysteresis=b"\xcb") == "04010101" + "59d3d2"
    assert await sent("Temp", "ucr", hysteresis=b"\x00\x00\x00") == "04010101" + "59d3d2"
    assert await sent("Temp", "ucr", hysteresis=None) == "04010101" + "59d3d2"


@pytest.mark.parametrize(
    ("thresholds", "err"),
    [
        (None, "Command Get Sensor Thresholds failed: invalid response.\n"),
        (b"\xcb", "Command Get Sensor Thresholds failed: Requested sensor, data, or record not found\n"),
    ],
)
async def test_thresholds_that_cannot_be_read_are_told(thresholds: bytes | None, err: str) -> None:
    command = typed(thresholds=thresholds)
    assert await command("event", "Temp", "ucr") == 1
    assert command.err == err
    assert command.out == "Finding sensor Temp... ok\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Door", "assert"), "04050303" + "01ffff"),
        (("Door", "OFF"), "04050303" + "00ffff"),
        (("Door", "state asserted"), "04050303" + "01ffff"),
        (("CPU", "IERR"), "0407046f" + "00ffff"),
        (("CPU", "Thermal Trip", "deassert"), "040704ef" + "01ffff"),
        (("Unit", "Redundancy Lost"), "0409050b" + "01ffff"),
    ],
)
async def test_a_state_is_sent_by_its_name(words: tuple[str, ...], message: str) -> None:
    assert await sent(*words) == message


@pytest.mark.parametrize("words", [("Door",), ("Door", "list")])
async def test_the_states_of_a_digital_sensor_and_their_shortcuts_are_listed(words: tuple[str, ...]) -> None:
    command = typed()
    assert await command("event", *words) == 0
    assert command.out == (
        "Finding sensor Door... ok\nSensor States: \n  State Deasserted\n  State Asserted\n"
        "Sensor State Shortcuts:\n  present    absent   \n  assert     deassert \n  limit      nolimit  \n"
        "  fail       nofail   \n  yes        no       \n  on         off      \n  up         down     \n"
    )
    assert not command.sent(4, 2)


async def test_the_states_of_another_sensor_are_listed_alone() -> None:
    command = typed()
    assert await command("event", "CPU", "list") == 0
    assert command.out.startswith("Finding sensor CPU... ok\nSensor States: \n  IERR\n  Thermal Trip\n")
    assert "Shortcuts" not in command.out


async def test_thresholds_are_listed() -> None:
    command = typed()
    assert await command("event", "Temp", "list") == 1
    assert command.out == (
        "Finding sensor Temp... ok\nSensor States:\n  lnr : Lower Non-Recoverable \n  lcr : Lower Critical\n"
        "  lnc : Lower Non-Critical\n  unc : Upper Non-Critical\n  ucr : Upper Critical\n"
        "  unr : Upper Non-Recoverable\n"
    )


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (("Temp", "hot"), "Invalid threshold identifier hot\n"),
        (("CPU", "hot"), "Unable to find matching event offset for 'hot'\n"),
        (("Temp", "ucr", "up"), "Invalid event direction up.  Must be 'assert' or 'deassert'\n"),
        (("Only", "on"), "Unknown sensor type for id 'Only'\n"),
        (("Odd", "on"), ""),
    ],
)
async def test_wrong_words_send_nothing(words: tuple[str, ...], err: str) -> None:
    command = typed()
    assert await command("event", *words) == 1
    assert command.err == err
    assert not command.sent(4, 2)


async def test_a_sensor_that_is_not_there_is_told() -> None:
    command = typed()
    assert await command("event", "Nosuch", "on") == 1
    assert command.out == "Finding sensor Nosuch... not found!\n"


async def test_another_controllers_sensor_is_asked_there() -> None:
    command = typed()
    targets: list[int] = []
    exchange = command.bmc.interface.exchange

    async def noted(netfn: int, cmd: int, data: bytes, **more: object) -> bytes:
        target = more["target"]
        if cmd == 0x27:
            targets.append(target.address)  # type: ignore[attr-defined]  # it is a Target
        return await exchange(netfn, cmd, data, **more)  # type: ignore[arg-type]  # passed on as it came

    command.bmc.interface.exchange = noted  # type: ignore[method-assign]  # looks over its shoulder
    assert await command("event", "Far", "ucr") == 0
    assert targets == [0x72]
