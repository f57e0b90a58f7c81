"""A BMC as its system interface sees it: answers as a test says, raises flags when a test wants."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.ports import BootChoice


class FakeBoard:
    """A :class:`~baseboard.bmc.ports.Board`.

    Attributes:
        requests: what the host's software sent: network function, LUN, command, data.
        answers: completion code and data by network function and command; others get C1h.
        late: answers are kept in ``waiting`` until a test calls them.
        waiting: what answers the requests that wait.
        calls: what the host reported, such as ``"on"``, ``"off"``, ``"reset"``.
        choice: what the firmware reads of the boot options.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[int, int, int, bytes]] = []
        self.answers: dict[tuple[int, int], bytes] = {}
        self.late = False
        self.waiting: list[Callable[[], None]] = []
        self.calls: list[str] = []
        self.choice = BootChoice()
        self._flags, self._interrupts = 0, False
        self._watchers: list[Callable[[], None]] = []

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
        answer = self.answers.get((netfn, cmd), b"\xc1")
        if self.late:
            self.waiting.append(lambda: reply(answer))
        else:
            reply(answer)

    def message_flags(self) -> int:
        return self._flags

    def interrupts_enabled(self) -> bool:
        return self._interrupts

    def watch(self, changed: Callable[[], None]) -> None:
        self._watchers.append(changed)

    def raise_flags(self, flags: int, *, interrupts: bool | None = None) -> None:
        """Have these message flags stand from now on, and the interrupts enabled or not."""
        self._flags = flags
        self._interrupts = self._interrupts if interrupts is None else interrupts
        for changed in self._watchers:
            changed()
