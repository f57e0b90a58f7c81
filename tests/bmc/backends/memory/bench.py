"""A simulated server on virtual time, with a board that notes what it is told."""

from __future__ import annotations

import re
from collections.abc import Callable

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.backends.memory.phases import Phase
from baseboard.bmc.blueprint import Blueprint, HostSpec, Identity, Physics, SensorSpec
from baseboard.bmc.ports import BootChoice, SerialPort
from baseboard.codes import SensorType
from baseboard.testing.clock import VirtualClock

BOOT = 20.0
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
RULES = ("acpi", "boot", "button", "nmi", "os_boot", "os_stop", "post", "power_unit")

SENSORS = (
    SensorSpec(1, "Temp", SensorType.TEMPERATURE, physics=Physics("temperature", 60, 20, tau=40, noise=1)),
    SensorSpec(2, "Quiet Temp", SensorType.TEMPERATURE, physics=Physics("temperature", 60, 20, tau=40)),
    SensorSpec(3, "Fan 1", SensorType.FAN, physics=Physics("fan", 5000, tau=3, unreadable_off=True)),
    SensorSpec(4, "Fan 2", SensorType.FAN, physics=Physics("fan", 5000, tau=3, unreadable_off=True)),
    SensorSpec(5, "12V", SensorType.VOLTAGE, physics=Physics("voltage", 12, noise=0.1, unreadable_off=True)),
    SensorSpec(6, "Watts", SensorType.OTHER_UNITS_BASED_SENSOR, physics=Physics("power", 200, 10, tau=2)),
    SensorSpec(7, "Fixed", SensorType.BATTERY, physics=Physics("fixed", 3, 3)),
    SensorSpec(
        8, "Door", SensorType.PHYSICAL_SECURITY, 0x6F, physics=Physics("state", states=1, states_off=2)
    ),
    SensorSpec(9, "Blind", SensorType.MEMORY, 0x6F, physics=Physics("state", states=1, unreadable_off=True)),
    SensorSpec(10, "Watchdog", SensorType.WATCHDOG_2, 0x6F, physics=Physics("state", rule="watchdog")),
    *(
        SensorSpec(20 + n, rule, SensorType.SYSTEM_EVENT, 0x6F, physics=Physics("state", rule=rule))
        for n, rule in enumerate(RULES)
    ),
    SensorSpec(40, "Stop", SensorType.OS_STOP, 0x6F, record=3, physics=Physics("state")),
)


class FakeBoard:
    """Notes what the host tells its BMC.

    Attributes:
        calls: ``on``, ``off``, ``reset``, ``choice``, and buttons by name.
        requests: what came through the system interface.
        choice: what the firmware reads.
        answer: what requests are answered with; None = not at all.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.requests: list[tuple[int, int, int, bytes]] = []
        self.choice = BootChoice()
        self.answer: bytes | None = b"\0"

    def power_changed(self, on: bool) -> None:
        self.calls.append("on" if on else "off")

    def host_reset(self) -> None:
        self.calls.append("reset")

    def control_failed(self) -> None:
        self.calls.append("failed")

    def button(self, name: str) -> None:
        self.calls.append(name)

    def read_boot_choice(self) -> BootChoice:
        self.calls.append("choice")
        return self.choice

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        self.requests.append((netfn, lun, cmd, data))
        if self.answer is not None:
            reply(self.answer)

    def message_flags(self) -> int:
        return 0

    def interrupts_enabled(self) -> bool:
        return False

    def watch(self, changed: Callable[[], None]) -> None:
        raise AssertionError("the simulated host's software polls")


class Bench:
    """A simulated server, watched.

    Attributes:
        output: what its console printed since :meth:`clear`, as sent.
    """

    def __init__(
        self,
        *,
        powered: bool = False,
        host: HostSpec | None = None,
        seed: int = 1,
        watched: bool = True,
        name: str = "Lab 7",
    ) -> None:
        self.clock = VirtualClock()
        self.blueprint = Blueprint(
            Identity(name, bytes(range(16))),
            sensors=SENSORS,
            host=host or HostSpec(),
            boot_seconds=BOOT,
            powered=powered,
            seed=seed,
        )
        self.board = FakeBoard()
        self.server = SimulatedServer(self.blueprint, self.clock)
        self.server.connect(self.board)
        self.server.start()
        self.output = b""
        if watched:
            self.line.attach(self.take)

    @property
    def line(self) -> SerialPort:
        assert self.server.serial is not None
        return self.server.serial

    @property
    def phase(self) -> Phase:
        return self.server.host.phase

    def take(self, data: bytes) -> None:
        self.output += data

    def clear(self) -> None:
        self.output = b""

    @property
    def text(self) -> str:
        """What was printed, without escapes and carriage returns."""
        return ESCAPES.sub("", self.output.decode("latin-1")).replace("\r\n", "\n")

    def boot(self) -> None:
        """Switch on, and wait for the login prompt."""
        self.server.host.turn_on()
        self.clock.advance(BOOT + 0.5)
        assert self.phase is Phase.RUNNING

    def type(self, text: str, wait: float = 0.5) -> str:
        """Type, and see what the console prints for it."""
        self.clear()
        data = text.encode("latin-1")
        while data:
            data = data[self.line.write(data) :]
            self.clock.advance(wait)
        return self.text

    def login(self) -> str:
        """Log in at the prompt, and see the greeting."""
        self.type("root\r")
        return self.type("demo\r")

    def run(self, command: str, wait: float = 0.5) -> str:
        """Run a command in the shell, and see its output without the echo and the next prompt."""
        printed = self.type(command + "\r", wait)
        body = printed.removeprefix(command + "\n")
        return body.rpartition("root@")[0] if "root@" in body else body

    def analog(self, name: str) -> float | None:
        assert self.server.sensors is not None
        return self.server.sensors.analog(name, self.clock.now())

    def states(self, name: str) -> int | None:
        assert self.server.sensors is not None
        return self.server.sensors.discrete(name, self.clock.now())

    def settled(self) -> bool:
        assert self.server.sensors is not None
        return self.server.sensors.settled(self.clock.now())
