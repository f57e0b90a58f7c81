"""The upgrade agent of HPM.1 without I/O: what to send next, given what came back.

An agent is a generator. It yields :class:`Ask` (send this), :class:`Wait` (let time pass) or
:class:`Again` (the
controller starts anew: log in when it is back), is sent a :class:`Reply` each time, and returns what came
of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Final

from baseboard.codes import Cc
from baseboard.commands.declaration import Request, Response
from baseboard.commands.groups.hpm import (
    AbortFirmwareUpgrade,
    ActivateFirmware,
    FinishFirmwareUpload,
    GetUpgradeStatus,
    GetUpgradeStatusResponse,
    HpmAction,
    InitiateManualRollback,
    InitiateUpgradeAction,
    UploadFirmwareBlock,
    UploadFirmwareBlockResponse,
)
from baseboard.errors import CompletionError, NoResponse, RemoteProtocolError
from baseboard.records.hpm import ActionKind, HpmFirmware, HpmRecord

IN_PROGRESS: Final = 0x80
POLL_S: Final = 0.25
"""Seconds between looks at a command that takes long."""

GONE_S: Final = 1.5
"""Seconds after which a controller that activates firmware is taken to be starting anew."""

SENDS: Final = 4
"""How often a request is sent that nobody answers, before it is taken for lost."""

UPLOADS: Final = 3
"""How often an upload is begun: a controller may lose one, by starting anew or by giving it up."""

_LAST_BLOCK: Final = 0xFF
_TOO_LONG: Final = (Cc.INVALID_LENGTH, Cc.LENGTH_LIMIT_EXCEEDED)
_LOST: Final = (Cc.NOT_SUPPORTED_IN_STATE, UploadFirmwareBlock.INVALID_BLOCK)
_SMALLEST: Final = 8
_LESS: Final = 8


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a request.

    Attributes:
        request: the request.
        seconds: how long to wait for its answer; 0 = as long as for any.
    """

    request: Request[Any]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Again:
    """The controller starts anew: be connected to it again, within this time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a step.

    Attributes:
        now: monotonic seconds.
        code: completion code; None = nobody answered.
        response: with code 00h.
    """

    now: float
    code: int | None = None
    response: Response | None = None


Step = Ask | Wait | Again
Agent = Generator[Step, Reply, None]
Progress = Callable[[int, int, int], None]
"""Called with a component, bytes that it has, and bytes in all."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a controller may take.

    Attributes:
        command_s: for a command.
        gone_s: to come back from an activation.
    """

    command_s: float
    gone_s: float


class UpgradeAgent:
    """Does what an image says, for some components.

    Args:
        patience: how long the controller may take.
        block: bytes of a block to begin with; it gets smaller if the controller does not take as many.
        progress: told how far an upload is.
    """

    def __init__(self, patience: Patience, block: int, progress: Progress | None = None) -> None:
        self._patience = patience
        self._block = block
        self._settled = False
        self._progress = progress

    def upgrade(self, actions: Iterable[HpmRecord], components: int) -> Agent:
        """The upgrade stage: every action, for those components that are wanted.

        Raises:
            CompletionError: the controller refused.
            NoResponse: it does not answer any more.
        """
        for action in actions:
            wanted = action.components & components
            if not wanted:
                continue
            if action.firmware is not None:
                yield from self.upload(wanted, action.firmware, HpmAction.UPLOAD_FOR_UPGRADE)
            else:
                kind = HpmAction.BACKUP if action.kind == ActionKind.BACKUP else HpmAction.PREPARE
                yield from self._command(InitiateUpgradeAction(components=wanted, action=kind))

    def upload(self, component: int, firmware: HpmFirmware, action: HpmAction) -> Agent:
        """Upload the firmware of a component, from the beginning again if the controller lost it.

        Args:
            component: as a mask.

        Raises:
            CompletionError: the controller refused; 83h, what was to be compared is not the same.
        """
        for turn in range(1, UPLOADS + 1):
            try:
                yield from self._command(InitiateUpgradeAction(components=component, action=action))
                number = component.bit_length() - 1
                sent = yield from self._blocks(number, firmware.data)
                yield from self._command(FinishFirmwareUpload(component=number, length=sent))
            except CompletionError as error:
                if error.code not in _LOST or turn == UPLOADS:
                    raise
                yield from self._command(AbortFirmwareUpgrade())
            else:
                return

    def _blocks(self, component: int, data: bytes) -> Generator[Step, Reply, int]:
        """Upload the blocks; the controller may ask for a part of its own choice.

        Returns: the bytes that were sent.
        """
        start, end, sent, number = 0, len(data), 0, 0
        while start < end:
            piece = data[start : min(start + self._block, end)]
            request = UploadFirmwareBlock(number=number, data=piece)
            try:
                response = yield from self._command(request)
            except CompletionError as error:
                if self._settled or error.code not in _TOO_LONG or self._block <= _SMALLEST:
                    raise
                self._block = max(_SMALLEST, self._block - _LESS)
                continue
            self._settled = True
            sent += len(piece)
            start += len(piece)
            number = (number + 1) & _LAST_BLOCK
            if isinstance(response, UploadFirmwareBlockResponse) and response.section_offset:
                start, end = _section(response, len(data))
                if sent > 2 * len(data):
                    raise RemoteProtocolError("the controller asks for the same firmware again and again")
            if self._progress is not None:
                self._progress(component, min(sent, len(data)), len(data))
        return sent

    def activate(self, override: int | None) -> Agent:
        """The activation stage, over a controller that starts anew.

        Raises:
            CompletionError: the controller refused, or the activation failed.
            NoResponse: it has not come back.
        """
        yield from self._restarting(ActivateFirmware(override=override))

    def roll_back(self) -> Agent:
        """Go back to the backup, over a controller that starts anew.

        Raises:
            CompletionError: the controller refused, or the rollback failed.
            NoResponse: it has not come back.
        """
        yield from self._restarting(InitiateManualRollback())

    def _restarting(self, request: Request[Any]) -> Agent:
        reply = yield Ask(request)
        if reply.code == 0:
            return
        if reply.code not in (None, IN_PROGRESS):
            raise CompletionError(_code(reply))
        # One that is gone before it answers has begun all the same.
        end = reply.now + self._patience.gone_s
        while True:
            yield Wait(POLL_S)
            reply = yield Ask(GetUpgradeStatus(), GONE_S)
            code = _status(reply)
            if code == 0:
                return
            if code not in (None, IN_PROGRESS, Cc.NODE_BUSY):
                raise CompletionError(code)
            if reply.now >= end:
                raise NoResponse("the controller has not come back with its new firmware")
            if code is None:
                yield Again(end - reply.now)

    def _command(self, request: Request[Any]) -> Generator[Step, Reply, Response | None]:
        """Send a request until it is answered, and wait for its end if it takes long."""
        sends, end = 0, 0.0
        while True:
            reply = yield Ask(request)
            end = end or reply.now + self._patience.command_s
            if reply.code == 0:
                return reply.response
            if reply.code is None:
                sends += 1
                if sends >= SENDS:
                    raise NoResponse("the controller does not answer any more")
                ended = yield from self._ended(request)
                if ended:
                    return None
            elif reply.code == Cc.NODE_BUSY and reply.now < end:
                yield Wait(POLL_S)
            elif reply.code == IN_PROGRESS and not isinstance(request, AbortFirmwareUpgrade):
                yield from self._poll(end)
                return None
            else:
                raise CompletionError(_code(reply))

    def _ended(self, request: Request[Any]) -> Generator[Step, Reply, bool]:
        """Whether a request whose answer was lost was done: an upload cannot be ended twice."""
        if not isinstance(request, FinishFirmwareUpload):
            return False
        reply = yield Ask(GetUpgradeStatus())
        status = reply.response
        if not isinstance(status, GetUpgradeStatusResponse) or status.last_command != request.command.cmd:
            return False
        if status.completion_code == IN_PROGRESS:
            yield from self._poll(reply.now + self._patience.command_s)
        elif status.completion_code:
            raise CompletionError(status.completion_code)
        return True

    def _poll(self, end: float) -> Agent:
        """Wait until a command that takes long has ended."""
        while True:
            yield Wait(POLL_S)
            reply = yield Ask(GetUpgradeStatus())
            code = _status(reply)
            if code == 0:
                return
            if code not in (None, IN_PROGRESS, Cc.NODE_BUSY):
                raise CompletionError(code)
            if reply.now >= end:
                raise NoResponse("the controller goes on with a command for longer than it said it would")


def _section(response: UploadFirmwareBlockResponse, length: int) -> tuple[int, int]:
    start, size = response.section_offset or 0, response.section_length or 0
    if start + size > length:
        raise RemoteProtocolError("the controller asks for firmware beyond the end of the image")
    return start, start + size


def _status(reply: Reply) -> int | None:
    """The completion code that a status tells of, or its own; None = nobody answered."""
    status = reply.response
    return status.completion_code if isinstance(status, GetUpgradeStatusResponse) else reply.code


def _code(reply: Reply) -> int:
    return int(Cc.UNSPECIFIED) if reply.code is None else reply.code
