"""Firmware upgrades by HPM.1, as the controller sees them: a state machine over the banks of its components.

Nothing that an upgrade does is seen before the activation, and that is one change: an upgrade that is
interrupted,
by the console, the network, or the end of this process, leaves what was active, and a new one may begin at
once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from baseboard.bmc.blueprint.hpm import HpmComponentSpec, HpmSpec
from baseboard.bmc.clock import Timer
from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.device import Device
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.hpm_flash import CONTROLLER, Flash, Upload
from baseboard.bmc.services.hpm_phases import REFUSED, TABLE, Outcome, Phase, Seen
from baseboard.codes import Cc
from baseboard.commands.groups.hpm import (
    ActivateFirmware,
    FinishFirmwareUpload,
    GetComponentProperties,
    HpmAction,
    InitiateManualRollback,
    InitiateUpgradeAction,
    QueryRollbackStatus,
    QuerySelfTestResults,
    UploadFirmwareBlock,
)
from baseboard.errors import CompletionError, DecodeError
from baseboard.records.hpm import HpmVersion
from baseboard.records.simulated_firmware import PASSED, read_firmware

IN_PROGRESS: Final = 0x80
"""Completion code of a command that goes on after its answer."""

_LAST_BLOCK: Final = 0xFF
_ANSWER_S: Final = 0.05
_SECTION: Final = "hpm outcome"


class Hpm:
    """The upgrades of one controller.

    Attributes:
        spec: what it has.
        phase: where the upgrade is.
        last_command: the last command that takes long, or is in progress; 0 = there was none.
        last_code: how that ended, 80h while it goes on.
        silent: the controller starts anew and answers nobody.
        silence_changed: called when that begins and ends.
    """

    __slots__ = (
        "_chassis",
        "_device",
        "_flash",
        "_home",
        "_next",
        "_outcome",
        "_previous",
        "_timer",
        "_touched",
        "_upload",
        "last_code",
        "last_command",
        "phase",
        "silence_changed",
        "silent",
        "spec",
    )  # fmt: skip

    def __init__(self, home: Home, spec: HpmSpec, device: Device, chassis: Chassis) -> None:
        self._home, self.spec, self._device, self._chassis = home, spec, device, chassis
        self._flash = Flash(home, spec)
        self._outcome = Outcome(home.journal.saved(_SECTION).get(0))
        if self._flash.rolled_back:
            self._outcome.rolled_back = self._flash.rolled_back
            self._keep()
        self.phase = Phase.IDLE
        self.last_command = self.last_code = 0
        self.silent = False
        self.silence_changed: Callable[[], None] = _unheard
        self._upload: Upload | None = None
        self._next = 0
        self._previous = b""
        self._touched = 0.0
        self._timer: Timer | None = None

    def stop(self) -> None:
        """End the timer."""
        if self._timer is not None:
            self._timer.cancel()

    @property
    def updating(self) -> bool:
        """Whether firmware is being updated, as Get Device ID has it."""
        return self.phase is not Phase.IDLE

    def controller_version(self) -> HpmVersion | None:
        """The version of the controller's own firmware; None = it is as shipped, or no component."""
        changed = self._flash.changed(CONTROLLER)
        if changed is None or changed.active.shipped or not self.spec.mask >> CONTROLLER & 1:
            return None
        return changed.active.version

    # ---- what a console asks for

    def component(self, number: int) -> HpmComponentSpec:
        """A component.

        Raises:
            CompletionError: 82h, there is none of that number.
        """
        try:
            return self.spec.component(number)
        except KeyError:
            raise CompletionError(GetComponentProperties.INVALID_COMPONENT) from None

    def version(self, number: int) -> HpmVersion:
        """Version of what runs."""
        return self._flash[number].active.version

    def backup_version(self, number: int) -> HpmVersion | None:
        """Version of the backup; None = there is none."""
        backup = self._flash[number].backup
        return None if backup is None else backup.version

    def staged_version(self, number: int) -> HpmVersion | None:
        """Version of what waits to be activated; None = nothing does."""
        staged = self._flash[number].staged
        return None if staged is None else staged.version

    def initiate(self, components: int, action: HpmAction) -> None:
        """Begin an action; with an upload the blocks follow.

        Raises:
            CompletionError: 80h, it goes on after the answer; 81h, not with these components; CCh, no such
                action, or an upload for several components; D5h or C0h, not now.
        """
        if not action.known:
            raise CompletionError(Cc.INVALID_DATA)
        upload = action in (HpmAction.UPLOAD_FOR_UPGRADE, HpmAction.UPLOAD_FOR_COMPARE)
        self._ask(Seen.UPLOAD if upload else Seen.ACTION)
        if (
            not components
            or components & ~self.spec.mask
            or not all(map(_ABLE[action], self._specs(components)))
        ):
            raise CompletionError(InitiateUpgradeAction.INVALID_COMPONENT)
        numbers = [one.number for one in self._specs(components)]
        if not upload:
            self._drop_upload()
            then = self._back_up if action == HpmAction.BACKUP else self._erase
            self._long(InitiateUpgradeAction.command.cmd, self.spec.step_s, lambda: then(numbers))
            return
        if len(numbers) != 1:
            raise CompletionError(Cc.INVALID_DATA)
        self._drop_upload()
        self._upload = Upload(self._flash, numbers[0], compare=action == HpmAction.UPLOAD_FOR_COMPARE)
        self._next, self._previous = 0, b""
        self.phase = Phase.UPLOADING
        self._note(InitiateUpgradeAction.command.cmd)
        self._touch()

    def block(self, number: int, data: bytes) -> None:
        """Take a block; the one before, sent again, is taken for the answer's having been lost.

        Raises:
            CompletionError: 81h, out of sequence; C4h, there is no room for it; C7h, it is empty; D5h or C0h.
        """
        self._ask(Seen.BLOCK)
        upload = self._upload
        assert upload is not None
        if not data:
            raise CompletionError(Cc.INVALID_LENGTH)
        if self._previous and number == (self._next - 1) & _LAST_BLOCK and data == self._previous:
            self._touch()
            return
        if number != self._next:
            raise CompletionError(UploadFirmwareBlock.INVALID_BLOCK)
        if upload.length + len(data) > self.spec.component(upload.component).size:
            raise CompletionError(Cc.OUT_OF_SPACE)
        upload.add(data)
        self._next, self._previous = (number + 1) & _LAST_BLOCK, data
        self._touch()

    def finish(self, component: int, length: int) -> None:
        """End an upload: check it, then keep or compare it.

        Raises:
            CompletionError: 80h, it goes on after the answer; 81h, 82h or 83h, it is not good; CCh, it is
            another
                component's; D5h or C0h, not now.
        """
        self._ask(Seen.FINISH)
        upload = self._upload
        assert upload is not None
        if component != upload.component:
            raise CompletionError(Cc.INVALID_DATA)
        if length != upload.length:
            self._give_up()
            raise CompletionError(FinishFirmwareUpload.SIZE_MISMATCH)
        # A comparison is known at once: consoles look for its result in this command's own answer.
        seconds = 0.0 if upload.compare else self.spec.step_s
        self._long(FinishFirmwareUpload.command.cmd, seconds, self._check_upload)

    def abort(self) -> None:
        """Give up what is under way, and throw away what was uploaded and not activated.

        Raises:
            CompletionError: 80h, it is too late for that.
        """
        self._ask(Seen.ABORT)
        self._give_up()
        for number in self._flash.staged():
            self._flash.erase(number)

    def activate(self, override: int | None) -> None:
        """Go over to what was uploaded.

        Args:
            override: 1 = stay with it even if its self test fails.

        Raises:
            CompletionError: 80h, it goes on after the answer; CCh, no such override; D5h, there is nothing
            to be
                activated, or not now; C0h, not now.
        """
        self._ask(Seen.ACTIVATE)
        if override not in (None, 0, 1):
            raise CompletionError(Cc.INVALID_DATA)
        staged = self._flash.staged()
        if not staged:
            raise CompletionError(REFUSED)
        waits = self._chassis.is_on()
        now = [number for number in staged if not (waits and self.spec.component(number).payload_reset)]
        for number in staged:
            if number not in now:
                self._flash.arm(number)
        if not now:
            self._note(ActivateFirmware.command.cmd)
            return
        self._change(
            ActivateFirmware.command.cmd, now, lambda: self._activated(now, keep_failing=override == 1)
        )

    def roll_back(self) -> None:
        """Go back to the backup of what was activated last.

        Raises:
            CompletionError: 80h, it goes on after the answer; 83h, there is no backup, or it is not
            allowed; D5h or
                C0h, not now.
        """
        self._ask(Seen.ROLL_BACK)
        numbers = [
            one.number
            for one in self._specs(self._outcome.upgraded)
            if self._flash[one.number].backup is not None
        ]
        if not self.spec.manual_rollback or not numbers:
            raise CompletionError(InitiateManualRollback.DENIED)
        self._change(InitiateManualRollback.command.cmd, numbers, lambda: self._rolled_back(numbers))

    def rollback_status(self) -> int:
        """The components that were rolled back.

        Raises:
            CompletionError: 80h, that goes on; 81h, it failed; 82h, it was not wanted.
        """
        if self.phase is Phase.ACTIVATING:
            raise CompletionError(QueryRollbackStatus.IN_PROGRESS)
        if self._outcome.code:
            raise CompletionError(self._outcome.code)
        return self._outcome.rolled_back

    def self_test(self) -> tuple[int, int]:
        """How the self test of the new firmware ended.

        Raises:
            CompletionError: 80h, it goes on; D5h, there was none.
        """
        if self.phase is Phase.ACTIVATING:
            raise CompletionError(QuerySelfTestResults.IN_PROGRESS)
        if not self._outcome.test:
            raise CompletionError(REFUSED)
        return self._outcome.test, self._outcome.details

    def host_started(self) -> None:
        """The host went off or starts anew: components that waited for that begin with their new firmware."""
        armed = self._flash.armed()
        if armed:
            self._activated(list(armed), keep_failing=False)

    def controller_reset(self) -> None:
        """A controller that starts anew has no upload any more, nor what cannot wait."""
        if self.phase is Phase.ACTIVATING:
            return
        self._give_up()
        for number in self._flash.staged():
            if not self.spec.component(number).deferred:
                self._flash.erase(number)

    # ---- how it goes on

    def _ask(self, seen: Seen) -> None:
        code = TABLE.get((self.phase, seen))
        if code is not None:
            raise CompletionError(code)

    def _specs(self, components: int) -> list[HpmComponentSpec]:
        return [one for one in self.spec.components if components >> one.number & 1]

    def _note(self, cmd: int, code: int = 0) -> None:
        self.last_command, self.last_code = cmd, code

    def _long(self, cmd: int, seconds: float, then: Callable[[], int]) -> None:
        """Do something that takes its time: answered 80h, and done later."""
        self._cancel()
        if not seconds:
            code = then()
            self._note(cmd, code)
            if code:
                raise CompletionError(code)
            return
        self._note(cmd, IN_PROGRESS)
        self.phase = Phase.WORKING
        self._later(seconds, lambda: self._done(then))
        raise CompletionError(IN_PROGRESS)

    def _done(self, then: Callable[[], int]) -> None:
        self._timer = None
        self.phase = Phase.IDLE
        self.last_code = then()

    def _back_up(self, numbers: list[int]) -> int:
        for number in numbers:
            self._flash.back_up(number)
        return 0

    def _erase(self, numbers: list[int]) -> int:
        for number in numbers:
            self._flash.erase(number)
        return 0

    def _check_upload(self) -> int:
        """Whether what was uploaded is good: a completion code."""
        upload, self._upload = self._upload, None
        assert upload is not None
        self.phase = Phase.IDLE
        if upload.compare:
            return 0 if upload.equal() else int(FinishFirmwareUpload.FIRMWARE_MISMATCH)
        try:
            firmware = read_firmware(upload.data())
        except DecodeError:
            upload.drop()
            return int(FinishFirmwareUpload.CHECKSUM)
        upload.finish(firmware)
        return 0

    def _change(self, cmd: int, numbers: list[int], then: Callable[[], None]) -> None:
        """Go over to other firmware; if it is the controller's own, nobody can reach it meanwhile."""
        seconds = self.spec.activation_s
        if CONTROLLER in numbers:
            self._device.reset(cold=True)
        elif not seconds:
            then()
            self._note(cmd)
            return
        self._note(cmd, IN_PROGRESS)
        self.phase = Phase.ACTIVATING
        if CONTROLLER in numbers:
            self._later(_ANSWER_S, lambda: self._fall_silent(max(0.0, seconds - _ANSWER_S), then))
        else:
            self._later(seconds, lambda: self._changed(then))
        raise CompletionError(IN_PROGRESS)

    def _fall_silent(self, seconds: float, then: Callable[[], None]) -> None:
        self._set_silent(True)
        self._later(seconds, lambda: self._changed(then))

    def _changed(self, then: Callable[[], None]) -> None:
        self._timer = None
        then()
        self.phase = Phase.IDLE
        self.last_code = 0
        if self.silent:
            self._set_silent(False)

    def _set_silent(self, silent: bool) -> None:
        self.silent = silent
        self.silence_changed()

    def _activated(self, numbers: list[int], *, keep_failing: bool) -> None:
        """The new firmware runs, and tests itself; if that fails the old one comes back."""
        outcome = self._outcome
        self._flash.activate(numbers)
        outcome.upgraded = sum(1 << number for number in numbers) or outcome.upgraded
        failing = [number for number in numbers if self._flash[number].active.result[0] != PASSED]
        worst = failing[:1] or numbers[:1]
        if worst:
            outcome.test, outcome.details = self._flash[worst[0]].active.result
        outcome.rolled_back = outcome.code = 0
        if failing and keep_failing:
            outcome.code = int(QueryRollbackStatus.OVERRIDDEN)
        elif failing:
            able = [number for number in failing if self._flash[number].backup is not None]
            if not self.spec.automatic_rollback or able != failing:
                outcome.code = int(QueryRollbackStatus.FAILED)
            else:
                self._flash.roll_back(able, keep=False)
                outcome.rolled_back = sum(1 << number for number in able)
        self._keep()

    def _rolled_back(self, numbers: list[int]) -> None:
        self._flash.roll_back(numbers, keep=True)
        self._outcome.rolled_back = sum(1 << number for number in numbers)
        self._outcome.code = 0
        self._keep()

    def _keep(self) -> None:
        self._home.journal.put(_SECTION, 0, self._outcome.encode())

    def _give_up(self) -> None:
        self._drop_upload()
        self._cancel()
        self.phase = Phase.IDLE

    def _drop_upload(self) -> None:
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.drop()
            self.phase = Phase.IDLE

    # ---- time

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._timer = self._home.clock.call_at(self._home.clock.now() + seconds, action)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _touch(self) -> None:
        """The console goes on uploading: one timer looks whether it still does."""
        self._touched = self._home.clock.now()
        if self._timer is None:
            self._later(self.spec.upgrade_timeout_s, self._look)

    def _look(self) -> None:
        self._timer = None
        due = self._touched + self.spec.upgrade_timeout_s
        if self._home.clock.now() >= due:
            self._give_up()
        else:
            self._timer = self._home.clock.call_at(due, self._look)


def _unheard() -> None:
    """Without a controller around it there is nobody to tell."""


_ABLE: Final[dict[HpmAction, Callable[[HpmComponentSpec], bool]]] = {
    HpmAction.BACKUP: lambda one: one.rollback,
    HpmAction.PREPARE: lambda one: one.preparation,
    HpmAction.UPLOAD_FOR_UPGRADE: lambda one: True,
    HpmAction.UPLOAD_FOR_COMPARE: lambda one: one.comparison,
}
