"""The upload of a component, with its line of percentages."""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.beforehand import largest_request
from baseboard.cli.ipmitool.hpm_link import IN_PROGRESS, Limits
from baseboard.client.interface import BMC
from baseboard.codes import Cc
from baseboard.commands.groups.hpm import (
    FinishFirmwareUpload,
    HpmAction,
    InitiateUpgradeAction,
    UploadFirmwareBlock,
)

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.hpm_file import Action
    from baseboard.cli.ipmitool.hpm_link import Link

USUAL: Final = {"lan": 38, "lanplus": 38, "open": 38, "inband": 38, "serial-basic": 33, "serial-terminal": 37}
"""Bytes of data of a request that ipmitool takes each interface for able to carry."""

BRIDGED: Final = 25
_HEAD: Final = 2
_SECTION: Final = 8
_SHORTER: Final = 8
_FULL: Final = 100
_ODD: Final = 3


class Percent:
    """A percentage that is printed over itself."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._shown: int | None = None

    def show(self, sent: int, whole: int, seconds: int) -> None:
        """Print how far it is; at the end, how long it took."""
        percent = int(_single(_single(sent / whole) * _FULL)) if whole else _FULL
        if percent != self._shown:
            back = "" if self._shown is None else "\b" * 5
            self._link.call.out(f"{back}{percent:3d}%|", end="")
            self._shown = percent
        if sent == whole:
            self._link.call.out(
                f"\n|    |Upload Time: {seconds // 60:02d}:{seconds % 60:02d}             "
                f"| Image Size: {sent:7d} bytes              |"
            )
            self._shown = None


def _single(value: float) -> float:
    """A number as C's float has it."""
    found: float = struct.unpack("f", struct.pack("f", value))[0]
    return found


class Upload:
    """An upload.

    Attributes:
        sent: bytes that were taken.
    """

    def __init__(self, link: Link, action: Action, limits: Limits, percent: Percent) -> None:
        self._link, self._action, self._limits, self._percent = link, action, limits, percent
        self._odd = 0
        self.sent = 0

    async def run(self, *, compare: bool) -> bool:
        """Begin, and upload all blocks; False after a complaint."""
        self._percent.show(0, 1, 0)
        kind = HpmAction.UPLOAD_FOR_COMPARE if compare else HpmAction.UPLOAD_FOR_UPGRADE
        return await initiate(self._link, self._action.components, kind, self._limits)

    async def blocks(self) -> bool:
        """Upload all blocks; False after a complaint."""
        options = self._link.call.options
        usual = USUAL[options.settings.interface]
        size = largest_request(options, usual) - _HEAD
        if options.settings.target.address != BMC.address:
            size = min(size, BRIDGED - _HEAD)
        clock = asyncio.get_running_loop().time
        begin, data, known = clock(), self._action.data, False
        start, end, shown, number = 0, len(data), len(data), 0
        while start < end:
            piece = data[start : min(start + size, end)]
            answer = await self._block(number, piece)
            if answer is None:
                return self._broken()
            again, section = answer
            if again:
                if section is None and not known:
                    step = _SHORTER if options.settings.interface.startswith("lan") and size > _SHORTER else 1
                    size -= step
                    if size <= 0:
                        return False
                continue
            known = True
            offset, length = section or (0, 0)
            if offset + length > len(data):
                return self._broken(offset, length)
            self.sent += len(piece)
            start += len(piece)
            if offset:
                start, end = offset, offset + length
                if shown == len(data):
                    shown = length + self.sent
            self._percent.show(self.sent, shown, int(clock() - begin))
            number = (number + 1) & 0xFF
        return True

    async def _block(self, number: int, piece: bytes) -> tuple[bool, tuple[int, int] | None] | None:
        """Upload a block.

        Returns: whether to send again, with a section if the length is not what was wrong; else the
        section that
            the controller wants; None after a complaint.
        """
        link = self._link
        answer = await link.send(UploadFirmwareBlock(number=number, data=piece), self._limits)
        if answer is None:
            link.say("Error uploading firmware block.")
            return None
        code, section = answer.code, (0, 0)
        if code in (Cc.OK, IN_PROGRESS) and answer.data:
            if len(answer.data) == _SECTION:
                section = struct.unpack("<II", answer.data)
            else:
                link.say(
                    f"Error wrong rsp->datalen {len(answer.data) + 1} for Upload Firmware block command\n"
                )
                # ipmitool would send it again for ever.
                self._odd += 1
                if self._odd > _ODD:
                    return None
                code = int(UploadFirmwareBlock.CHECKSUM)
        if code == IN_PROGRESS:
            return (False, section) if await link.wait(self._limits) else None
        if code == Cc.OK:
            return False, section
        if link.repeatable(code):
            return True, section
        if code in (Cc.INVALID_LENGTH, Cc.LENGTH_LIMIT_EXCEEDED):
            return True, None
        link.complain("Error uploading firmware block", answer)
        return None

    def _broken(self, offset: int = 0, length: int = 0) -> bool:
        link = self._link
        link.say("\n Error in Upload FIRMWARE command [rc=-1]\n")
        if length:
            sizes = f"Blk length:0x{length:x}  Fwlen:0x{len(self._action.data):x}"
            link.say(f"\n TotalSent:0x{self.sent:x} Img offset:0x{offset:x}  {sizes}\n")
        else:
            link.say(f"\n TotalSent:0x{self.sent:x} ")
        return False

    async def finish(self, *, compare: bool) -> tuple[bool, bool | None]:
        """End the upload.

        Returns: False after a complaint; whether it is what runs, if that was asked.
        """
        link = self._link
        request = FinishFirmwareUpload(component=self._action.number, length=self.sent)
        answer = await link.send(request, self._limits)
        if answer is None:
            link.say("Error fininshing firmware upload.")
            return False, None
        if answer.code == IN_PROGRESS:
            return await link.wait(self._limits), None
        if compare and answer.code == FinishFirmwareUpload.FIRMWARE_MISMATCH:
            link.call.out("|    |Component's active copy doesn't match the upgrade image                 |")
            return True, False
        if compare and not answer.code:
            link.call.out("|    |Comparison passed                                                       |")
            return True, True
        if answer.code:
            link.complain("Error finishing firmware upload", answer)
        return not answer.code, None


async def initiate(link: Link, components: int, action: HpmAction, limits: Limits) -> bool:
    """Begin an action, and wait for its end; False after a complaint."""
    answer = await link.send(InitiateUpgradeAction(components=components, action=action), limits)
    if answer is None:
        link.say("Error initiating upgrade action.")
        return False
    if answer.code == IN_PROGRESS:
        return await link.wait(limits)
    if answer.code:
        link.complain("Error initiating upgrade action", answer)
    return not answer.code
