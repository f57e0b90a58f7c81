"""``bmc.boot``: what the system boots next (§28.12, §28.13, Table 28-14)."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from baseboard.client.deadline import remaining
from baseboard.codes import BootDevice
from baseboard.commands.chassis.boot import GetSystemBootOptions, SetSystemBootOptions
from baseboard.commands.parameters.boot import (
    BootFlags,
    BootFlagValidBitClearing,
    BootHandler,
    BootInfoAcknowledge,
    BootParameter,
    SetInProgress,
)
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError, DecodeError, NoEffect
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

P = TypeVar("P", bound=BootParameter)

CONSENT: Final = "Q-SETINPROGRESS"
"""Consent to end another party's Set In Progress that does not end by itself."""

_PAUSES: Final = (0.5, 1.0, 2.0, 4.0)
_ALL_HANDLERS: Final = 0x1F
# QUIRK Supermicro: its UEFI disk has the selector byte 24h, that of remote media (Q-UEFIDISK).
_UEFI_DISK: Final = {10876: BootDevice.PRIMARY_REMOTE_MEDIA, 47488: BootDevice.PRIMARY_REMOTE_MEDIA}


class Boot:
    """The boot options of a managed system.

    >>> flags = await bmc.boot.set(BootDevice.PXE, efi=True)  # doctest: +SKIP
    >>> flags.device.name                                     # doctest: +SKIP
    'PXE'
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def get(self) -> BootFlags:
        """Ask for the boot flags; they hold if ``valid``."""
        return await self.parameter(BootFlags)

    async def parameter(self, kind: type[P], set_selector: int = 0, block_selector: int = 0) -> P:
        """Read one boot option by its class, such as `BootInfoAcknowledge`.

        Raises:
            CompletionError: the controller does not have it.
            DecodeError: it gave another one.
        """
        request = GetSystemBootOptions(
            selector=kind.selector, set_selector=set_selector, block_selector=block_selector
        )
        found = (await self._bmc.execute(request)).parameter
        if not isinstance(found, kind):
            raise DecodeError(f"{kind.__name__} was asked for, {type(found).__name__} came")
        return found

    async def set_parameter(self, parameter: BootParameter) -> None:
        """Write one boot option."""
        await self._bmc.execute(SetSystemBootOptions(parameter=parameter))

    async def set(
        self, device: BootDevice, *, persistent: bool = False, efi: bool = False, **flags: Any
    ) -> BootFlags:
        """Say what the system boots next.

        Args:
            device: what to boot; `BootDevice.NO_OVERRIDE`: as the firmware is set up.
            persistent: at every boot; else at the next one only.
            efi: the EFI way; else the PC-compatible one.
            flags: other fields of `BootFlags` by name, such as ``clear_cmos=True``.

        Returns: the flags as the controller gives them back.

        Raises:
            CompletionError: the controller refused.
            NoEffect: it did not, but what it gives back is not what was set (Q-BOOTPERSIST).
        """
        if efi and device == BootDevice.HARD_DRIVE:
            device = _UEFI_DISK.get(await self._manufacturer(), device)
        wanted = BootFlags(valid=True, persistent=persistent, efi=efi, device=device, **flags)
        # Without this the controller forgets the flags if no power command comes within 60 s (Q-BOOT60).
        return await self._write(wanted, BootFlagValidBitClearing(keep_on_timeout=True))

    async def clear(self) -> BootFlags:
        """Let the system boot as its firmware is set up."""
        return await self._write(BootFlags(), BootFlagValidBitClearing())

    async def _write(self, wanted: BootFlags, clearing: BootFlagValidBitClearing) -> BootFlags:
        async with self._changing():
            await self._try(clearing)
            pending = BootHandler(_ALL_HANDLERS)
            await self._try(BootInfoAcknowledge(write_mask=pending, pending=pending))
            await self.set_parameter(wanted)
        now = await self.get()
        wrong = [name for name in _CHECKED if getattr(now, name) != getattr(wanted, name)]
        if wrong and (wanted.valid or now.valid):
            differences = ", ".join(
                f"{name} is {_shown(getattr(now, name))} instead of {_shown(getattr(wanted, name))}"
                for name in wrong
            )
            raise NoEffect(f"the boot flags were accepted, but {differences}")
        return now

    async def _try(self, parameter: BootParameter) -> None:
        """Write an option that not every controller has (Q-BOOT60: OpenBMC refuses parameter 3)."""
        with contextlib.suppress(CompletionError):
            await self.set_parameter(parameter)

    @contextlib.asynccontextmanager
    async def _changing(self) -> AsyncGenerator[None, None]:
        """Tell others that options are being changed, where the controller knows that."""
        begun = await self._begin()
        try:
            yield
        finally:
            if begun:
                await self._try(SetInProgress(state=SetInProgressState.SET_COMPLETE))

    async def _begin(self) -> bool:
        begin = SetInProgress(state=SetInProgressState.SET_IN_PROGRESS)
        for pause in (*_PAUSES, None):
            try:
                await self.set_parameter(begin)
            except CompletionError as error:
                if error.code != SetSystemBootOptions.IN_PROGRESS:
                    return False
                if pause is None:
                    break
                await waiting.sleep(remaining(pause))
            else:
                return True
        if CONSENT not in self._bmc.settings.quirks:
            raise CompletionError(
                SetSystemBootOptions.IN_PROGRESS,
                f"another party is changing the boot options; quirks={{{CONSENT!r}}} ends that",
            )
        await self.set_parameter(SetInProgress(state=SetInProgressState.SET_COMPLETE))
        await self.set_parameter(begin)
        return True

    async def _manufacturer(self) -> int:
        try:
            return (await self._bmc.identity()).manufacturer_id & 0xFFFFF
        except (CompletionError, DecodeError):
            return 0


_CHECKED: Final = ("valid", "persistent", "efi", "device", "clear_cmos", "screen_blank", "verbosity")


def _shown(value: Any) -> str:
    return str(getattr(value, "name", value))
