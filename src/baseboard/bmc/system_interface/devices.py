"""The system interface of a BMC chip: its driver has the registers, the BMC answers what comes out of it.

The host's driver gives a request up after a few seconds, and SSIF's on the chip after half a second. Before
that it is told that the request could not be answered in time (CEh), and the answer is dropped when it comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.codes import Cc
from baseboard.transports.bmc_device import BmcDevice, ChipKind, Framed

if TYPE_CHECKING:
    from baseboard.bmc.clock import Clock, Timer
    from baseboard.bmc.ports import Board

PATIENCE_S: Final[dict[ChipKind, float]] = {"kcs": 4.5, "bt": 4.5, "ssif": 0.4}
"""Seconds until a request is answered with CEh."""

MOST: Final = 32
"""Requests of BT that may be under way."""

OpenDevice = Callable[[str, ChipKind, Callable[[Framed], None], Callable[[], None]], BmcDevice]


class DeviceEndpoint:
    """A BMC behind a device of its chip.

    Attributes:
        place: the device.
        hint: the host's side is wired to it, and has to be told nothing.

    Raises:
        TransportError: it cannot be opened.
    """

    def __init__(
        self, path: str, kind: ChipKind, board: Board, clock: Clock, open_device: OpenDevice = BmcDevice
    ) -> None:
        self.place, self.hint = path, ""
        self._board, self._clock = board, clock
        self._waiting: dict[int, tuple[Framed, Timer]] = {}
        self._device = open_device(path, kind, self._take, self._came_back)
        board.watch(self._changed)
        self._changed()

    def close(self) -> None:
        """See `Endpoint`."""
        self._forget()
        self._device.close()

    def _take(self, request: Framed) -> None:
        """Have it answered; a request under the number of another one takes its place."""
        self._drop(request.seq)
        if len(self._waiting) >= MOST:
            self._device.answer(request, bytes((Cc.NODE_BUSY,)))
            return
        due = self._clock.now() + PATIENCE_S[self._device.kind]
        timer = self._clock.call_at(due, lambda: self._answer(request, bytes((Cc.CANNOT_PROVIDE,))))
        self._waiting[request.seq] = (request, timer)
        netfn, lun = request.lun_netfn >> 2, request.lun_netfn & 3
        if netfn & 1:  # a response; software has none to give
            self._answer(request, bytes((Cc.INVALID_COMMAND,)))
        else:
            self._board.request(
                netfn, lun, request.cmd, request.data, lambda answer: self._answer(request, answer)
            )

    def _answer(self, request: Framed, answer: bytes) -> None:
        """The first answer counts, if the request is still the one of its number."""
        waiting = self._waiting.get(request.seq)
        if waiting is None or waiting[0] is not request:
            return
        self._drop(request.seq)
        if len(answer) > self._device.room():
            answer = bytes((Cc.CANNOT_RETURN_SO_MANY,))
        self._device.answer(request, answer)

    def _drop(self, seq: int) -> None:
        waiting = self._waiting.pop(seq, None)
        if waiting is not None:
            waiting[1].cancel()

    def _forget(self) -> None:
        for seq in tuple(self._waiting):
            self._drop(seq)

    def _came_back(self) -> None:
        self._forget()
        self._changed()

    def _changed(self) -> None:
        self._device.attention(self._board.message_flags() != 0)
