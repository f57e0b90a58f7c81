"""BMCs with departures that are switched on one by one, and an operator's round of questions to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from baseboard.bmc.blueprint import FruSpec, LanSpec
from baseboard.bmc.context import Origin
from baseboard.bmc.controller import Controller
from baseboard.bmc.dispatch import Incoming, Reply
from baseboard.client.bmc import Bmc
from baseboard.errors import BaseboardError
from baseboard.records.fru import BoardArea, ProductArea, build_fru
from baseboard.testing.scripted import Script
from tests.bmc.services.sensor_specs import PLAIN, PRESENCE, TEMPERATURE
from tests.client.lan_bench import Bench, bench, kind

POWER, SDR_INFO, SDR_RESERVE, SDR, READING = (0, 1), (0x0A, 0x20), (0x0A, 0x22), (0x0A, 0x23), (4, 0x2D)
SEL_INFO, SEL_RESERVE, SEL, FRU_INFO, FRU = (
    (0x0A, 0x40),
    (0x0A, 0x42),
    (0x0A, 0x43),
    (0x0A, 0x10),
    (0x0A, 0x11),
)
DEVICE_ID, NAME, SET_LEVEL, SUITES, CAPABILITIES = (6, 1), (6, 0x46), (6, 0x3B), (6, 0x54), (6, 0x38)

IMAGE: Final = build_fru(
    board=BoardArea(manufacturer="Example", product_name="Board", serial_number="B1"),
    product=ProductArea(manufacturer="Example", product_name="Server", serial_number="S1"),
    size=256,
)
EVENT: Final = bytes.fromhex("0000 02 00000000 2000 04 01 01 01 57 30 28")

Bend = Callable[[bytes, bytes], "bytes | None"]
"""Makes of a request's data and the right answer what is answered; None = silence."""


class Plain:
    """A request without a session."""

    def __init__(self, netfn: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, 0, cmd, data


class Bending(Script):
    """In front of a BMC with events in its log: what it answers is bent before it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.unreserved: dict[tuple[int, int], tuple[int, int]] = {}
        self.bends: dict[tuple[int, int], list[Bend]] = {}

    def attach(self, controller: Controller) -> None:
        """Stand in front of a controller, and put three events into its log."""
        for _ in range(3):
            controller.services.sel.add(EVENT)
        behind = controller.handle

        def handle(request: Incoming, origin: Origin, reply: Reply) -> None:
            key, data = (request.netfn, request.cmd), bytes(request.data)
            self.asked.append((*key, data))

            def bent(answer: bytes) -> None:
                now: bytes | None = answer
                for bend in self.bends.get(key, ()):
                    now = None if now is None else bend(data, now)
                if now is not None:
                    reply(now)

            if key in self.unreserved and data[:2] == b"\0\0" and data[4]:
                # A BMC that knows no reservations wants none.
                reserved: list[bytes] = []
                behind(Plain(*self.unreserved[key], b""), origin, reserved.append)
                behind(Plain(*key, reserved[0][1:3] + data[2:]), origin, bent)
                return
            behind(request, origin, bent)

        controller.handle = handle


@dataclass
class Odd:
    """A departure.

    Attributes:
        bends: what happens to answers, by command.
        relay: changes the relay, where it is one of packets.
        blueprint: changes the BMC itself.
        unreserved: commands that want no reservation, and the one that would give it.
        shows: whether the console can tell, and so reports the id.
        extra: packets that it costs beyond half as many again.
        lacks: parts of the round that cannot be had of such a BMC.
    """

    bends: dict[tuple[int, int], Callable[[], Bend]] = field(default_factory=dict[Any, Any])
    relay: Callable[[Bench], None] | None = None
    blueprint: dict[str, Any] = field(default_factory=dict[str, Any])
    unreserved: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict[Any, Any])
    shows: bool = True
    extra: int = 0
    lacks: frozenset[str] = frozenset()


def always(answer: bytes) -> Callable[[], Bend]:
    return lambda: lambda data, right: answer


def change(bend: Bend) -> Callable[[], Bend]:
    return lambda: bend


def first(count: int, answer: bytes | None) -> Callable[[], Bend]:
    """The first so many answers are this one."""

    def make() -> Bend:
        left = [answer] * count

        def bend(data: bytes, right: bytes) -> bytes | None:
            return left.pop() if left else right

        return bend

    return make


def good(bend: Callable[[bytes], bytes]) -> Callable[[], Bend]:
    """Bend what is no error."""
    return lambda: lambda data, right: right if right[0] else bend(right)


def at_most(size: int, place: int, code: int) -> Callable[[], Bend]:
    """Refuse to read more than so many bytes; the count stands at a place of the request."""
    return lambda: lambda data, right: bytes((code,)) if data[place] > size else right


def ends(next_id: int) -> Callable[[], Bend]:
    """After the last record comes one that was there before."""
    number = next_id.to_bytes(2, "little")
    return good(lambda right: right[:1] + (number if right[1:3] == b"\xff\xff" else right[1:3]) + right[3:])


def last_refused(code: int) -> Callable[[], Bend]:
    return lambda: lambda data, right: bytes((code,)) if right[1:3] == b"\xff\xff" else right


def one_at_a_time(at: Bench) -> None:
    """What comes while an answer is being made is lost."""
    busy = False

    def free() -> None:
        nonlocal busy
        busy = False

    def there(data: bytes) -> bytes | None:
        nonlocal busy
        if kind(data) != 0:
            return data
        if busy:
            return None
        busy = True
        asyncio.get_running_loop().call_later(0.005, free)
        return data

    at.relay.there = there
    at.relay.delay = (0.01, 0.01)


def floods(at: Bench) -> None:
    """After 40 requests within a second it is deaf for four."""
    times: list[float] = []
    deaf = 0.0

    def there(data: bytes) -> bytes | None:
        nonlocal deaf
        now = asyncio.get_running_loop().time()
        if now < deaf:
            return None
        times.append(now)
        if len(times) >= 40 and now - times[-40] < 1:
            deaf = now + 4
            times.clear()
        return data

    at.relay.there = there


def first_encrypted_lost(at: Bench) -> None:
    left = [0]

    def there(data: bytes) -> bytes | None:
        return None if kind(data) == 0 and left and left.pop() == 0 else data

    at.relay.there = there


ODD: Final[dict[str, Odd]] = {
    "Q-3ONLY": Odd(blueprint={"lan": LanSpec(suites=((3, 4),))}, shows=False, extra=6),
    "Q-17ONLY": Odd(blueprint={"lan": LanSpec(suites=((17, 4),))}, shows=False),
    "Q-CIPHERSTALL": Odd({SUITES: change(lambda data, right: None)}, shows=False),
    "Q-AUTHCAP": Odd({CAPABILITIES: always(b"\0\x01\x80\x30\x03\0\0\0\0")}, shows=False, extra=4),
    "Q-PRIVREQ-UCS": Odd({SET_LEVEL: always(b"\x81")}, lacks=frozenset()),
    "Q-FIRSTENC": Odd(relay=first_encrypted_lost, shows=False),
    "Q-ONEBUF": Odd(relay=one_at_a_time, shows=False, extra=20),
    "Q-BUSYFLOOD": Odd(relay=floods, extra=30),
    "Q-POWERBUSY": Odd({POWER: first(3, b"\xc0")}, shows=False),
    "Q-SLOWRESET": Odd({POWER: first(2, b"\xd2"), READING: first(2, b"\xd2")}, shows=False, extra=2),
    "Q-SDRCOUNT": Odd({SDR_INFO: good(lambda right: right[:2] + b"\x63\0" + right[4:])}),
    "Q-SDRNEXT": Odd({SDR: change(lambda data, right: right[:3] + b"\x77\x77" + right[5:] if data[4] == 0 and
                                  len(right) > 5 and data[2:4] != b"\0\0" else right)}),
    "Q-SDRNOLAST": Odd({SDR: ends(1)}),
    "Q-SDRLASTC3": Odd({SDR: last_refused(0xC3)}, extra=8),
    "Q-SDRLEN": Odd({SDR: lambda: longer_than_it_is}, extra=30),
    "Q-SDRFULL": Odd({SDR: at_most(0x20, 5, 0xCA)}, extra=40),
    "Q-SDRSIZE": Odd({SDR: at_most(16, 5, 0xFF)}, extra=60),
    "Q-SDRRESV": Odd({SDR: at_most(0x20, 5, 0xCA), SDR_RESERVE: always(b"\xc1")}, extra=40,
                     unreserved={SDR: SDR_RESERVE}),
    "Q-SDRINFO": Odd({SDR_INFO: always(b"\xc1")}, extra=4),
    "Q-ABSENT": Odd({READING: always(b"\xcb")}),
    "Q-SHORT": Odd({READING: good(lambda right: right[:3])}),
    "Q-ILLEGALSTATE": Odd({READING: good(lambda right: right[:3] + b"\xff\xff")}),
    "Q-MISSTIME": Odd({READING: change(lambda data, right: None if data[0] == 2 else right)},
                      shows=False, extra=8),
    "Q-SELDUP": Odd({SEL: lambda: twice()}),
    "Q-SELRESV": Odd({SEL: at_most(0x10, 5, 0xCA), SEL_RESERVE: always(b"\xd4")}, extra=16,
                     unreserved={SEL: SEL_RESERVE}),
    "Q-SELTIME": Odd({SEL: good(lambda right: right[:6] + b"\xff\xff\xff\xff" + right[10:])}, shows=False),
    "Q-SELNOENTRY": Odd({SEL: always(b"\xc1")}, lacks=frozenset({"sel"})),
    "Q-FRUSUM": Odd({FRU: good(lambda right: right[:-1] + bytes((right[-1] ^ 0x55,)))}, shows=False, extra=4),
    "Q-FRULONG": Odd({FRU: good(lambda right: right + b"more")}),
    "Q-FRUBUSY": Odd({FRU: first(3, b"\x81")}, extra=3),
    "Q-FRUSIZE": Odd({FRU: at_most(16, 3, 0xC9)}, extra=20),
    "Q-FRUNODEV": Odd({FRU_INFO: always(b"\xcb")}, shows=False),
    "Q-NAMEFIRST": Odd({NAME: change(lambda data, right: right if any(right[1:]) else b"\xcc")}, shows=False),
    "Q-IDOLD": Odd({DEVICE_ID: good(lambda right: right[:12])}, shows=False),
}  # fmt: skip
"""The departures that a BMC can be given here; others have tests of their own."""


def longer_than_it_is(data: bytes, right: bytes) -> bytes:
    """Records say that they have eight bytes more than they have."""
    offset = data[4]
    if right[0]:
        return b"\xc9" if offset else right
    if offset <= 4 < offset + len(right) - 3:
        place = 3 + 4 - offset
        right = right[:place] + bytes((right[place] + 8,)) + right[place + 1 :]
    return right


def twice() -> Bend:
    """The second record is the first again."""
    given: list[bytes] = []

    def bend(data: bytes, right: bytes) -> bytes:
        if right[0]:
            return right
        given.append(right[3:])
        return right[:3] + given[0] if len(given) == 2 else right

    return bend


@dataclass
class Round:
    """What an operator's round brought.

    Attributes:
        found: the results by name.
        failed: the errors, likewise.
        packets: sent from login to close.
        seconds: of virtual time.
        met: ids that the console has reported.
        asked: the requests that reached the BMC's commands.
    """

    found: dict[str, Any]
    failed: dict[str, BaseboardError]
    packets: int
    seconds: float
    met: frozenset[str]
    asked: list[tuple[int, int, bytes]]


@asynccontextmanager
async def odd_bmc(ids: Iterable[str] = (), *, cache: str = "") -> AsyncIterator[Bench]:
    """A BMC with sensors, an event log and an inventory, and with these departures."""
    script, blueprint, relays = Bending(), dict[str, Any](), list[Callable[[Bench], None]]()
    script.bends[READING] = [lambda data, right: b"\0\x14\xc0\xc0" if not right[0] else right]
    for name in ids:
        odd = ODD[name]
        blueprint |= odd.blueprint
        script.unreserved |= odd.unreserved
        for key, make in odd.bends.items():
            script.bends.setdefault(key, []).append(make())
        if odd.relay is not None:
            relays.append(odd.relay)
    given: dict[str, Any] = {
        "sensors": (TEMPERATURE, PRESENCE, PLAIN), "frus": (FruSpec(0, "own", IMAGE),),
    }  # fmt: skip
    async with bench(script, cache=cache, **(given | blueprint)) as at:
        for relay in relays:
            relay(at)
        yield at


async def go_round(at: Bench, **options: Any) -> Round:
    """Ask for power, sensors, event log, inventory and users in one session."""
    found, failed = dict[str, Any](), dict[str, BaseboardError]()
    packets, asked = len(at.relay.sent), len(at.script.asked)
    loop = asyncio.get_running_loop()
    start = loop.time()
    met = frozenset[str]()
    try:
        bmc = await at.login(**({"timeout": 1.0, "retries": 3} | options))
    except BaseboardError as error:
        failed["login"] = error
    else:
        for name, ask in questions(bmc).items():
            try:
                found[name] = await ask()
            except BaseboardError as error:
                failed[name] = error
        met = bmc.quirks_met
        await bmc.close()
    return Round(
        found, failed, len(at.relay.sent) - packets, loop.time() - start, met, at.script.asked[asked:]
    )


def questions(bmc: Bmc) -> dict[str, Callable[[], Any]]:
    return {
        "power": bmc.chassis.status,
        "sensors": lambda: bmc.sensors.list(thresholds=True),
        "sel": bmc.sel.read,
        "fru": bmc.fru.read,
        "users": bmc.users.list,
    }
