"""HPM.1: firmware upgrades of an IPM controller's components.

Bytes are counted as PICMG's tables count them: byte 1 of a request and byte 2 of a response are 00h, the
defining body, which belongs to no message here. Sections are those of the stages in which an upgrade agent
sends
the commands: preparation (3.2), upgrade (3.3) and activation (3.4).
"""

from __future__ import annotations

import enum
from typing import Final

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, command
from baseboard.commands.groups.picmg import PICMG, PicmgRequest, PicmgResponse
from baseboard.wire import OpenEnum, at

COMPONENTS: Final = 8
"""Components that a controller can have."""

_LEVELS: Final = "lowest privilege: no readable source has HPM.1's table"


class HpmCapability(enum.IntFlag):
    """What a controller can do about upgrades, or asks for (Get Target Upgrade Capabilities)."""

    SELF_TEST = 0x01
    AUTOMATIC_ROLLBACK = 0x02
    MANUAL_ROLLBACK = 0x04
    SERVICES_AFFECTED = 0x08
    DEFERRED_ACTIVATION = 0x10
    DEGRADED = 0x20
    ROLLBACK_OVERRIDE = 0x40
    UNDESIRABLE = 0x80


class HpmProperty(OpenEnum):
    """Property of a component; C0h and more are the maker's."""

    GENERAL = 0
    CURRENT_VERSION = 1
    DESCRIPTION = 2
    ROLLBACK_VERSION = 3
    DEFERRED_VERSION = 4


class HpmGeneral(enum.IntFlag):
    """General properties of a component; bits 1:0 tell of rollback and backup."""

    ROLLBACK = 0x01
    BACKUP_BY_COMMAND = 0x02
    PREPARATION = 0x04
    COMPARISON = 0x08
    DEFERRED_ACTIVATION = 0x10
    PAYLOAD_COLD_RESET = 0x20


class HpmAction(OpenEnum):
    """What Initiate Upgrade Action begins."""

    BACKUP = 0
    PREPARE = 1
    UPLOAD_FOR_UPGRADE = 2
    UPLOAD_FOR_COMPARE = 3


class GetTargetUpgradeCapabilitiesResponse(PicmgResponse):
    """What the controller can do, how long it takes, and which components it has."""

    version: int = at("3", "of HPM.1: 00h = 1.0", default=0)
    capabilities: HpmCapability = at("4", default=HpmCapability(0))
    upgrade_timeout: int = at("5", "units of 5 seconds; this and the following")
    self_test_timeout: int = at("6")
    rollback_timeout: int = at("7")
    inaccessibility_timeout: int = at("8")
    components: int = at("9", "bit n: there is component n")


@command(
    NetFn.GROUP_EXTENSION,
    0x2E,
    group=PICMG,
    section="HPM.1 3.2",
    privilege=Privilege.USER,
    unverified=_LEVELS,
)
class GetTargetUpgradeCapabilities(PicmgRequest[GetTargetUpgradeCapabilitiesResponse]):
    """Ask what can be upgraded, and how."""

    _last = 1


class GetComponentPropertiesResponse(PicmgResponse):
    """A property of a component: flags, six bytes of version, or twelve of text."""

    data: bytes = at("3:")


@command(
    NetFn.GROUP_EXTENSION,
    0x2F,
    group=PICMG,
    section="HPM.1 3.2",
    privilege=Privilege.USER,
    unverified=_LEVELS,
)
class GetComponentProperties(PicmgRequest[GetComponentPropertiesResponse]):
    """Ask for a property of a component."""

    NOT_OVER_THIS_INTERFACE = CompletionCode(0x81, "upgrade not supported at this time over this interface")
    INVALID_COMPONENT = CompletionCode(0x82, "invalid component ID")
    INVALID_PROPERTY = CompletionCode(0x83, "invalid component properties selector")

    component: int = at("2")
    selector: HpmProperty = at("3")


class AbortFirmwareUpgradeResponse(PicmgResponse):
    """The upgrade is given up; what was active goes on."""


@command(
    NetFn.GROUP_EXTENSION, 0x30, group=PICMG, section="HPM.1 3.3", privilege=Privilege.ADMINISTRATOR,
    unverified=_LEVELS,
)  # fmt: skip
class AbortFirmwareUpgrade(PicmgRequest[AbortFirmwareUpgradeResponse]):
    """Give up an upgrade under way."""

    CANNOT_ABORT = CompletionCode(0x80, "cannot abort upgrade")
    CANNOT_RESUME = CompletionCode(0x81, "cannot abort upgrade, operation cannot be resumed")

    _last = 1


class InitiateUpgradeActionResponse(PicmgResponse):
    """The action is done, or with an upload has begun."""


@command(
    NetFn.GROUP_EXTENSION, 0x31, group=PICMG, section="HPM.1 3.3", privilege=Privilege.ADMINISTRATOR,
    unverified=_LEVELS,
)  # fmt: skip
class InitiateUpgradeAction(PicmgRequest[InitiateUpgradeActionResponse]):
    """Begin to back up, prepare, or upload; one component only where something is uploaded."""

    IN_PROGRESS = CompletionCode(0x80, "command in progress")
    INVALID_COMPONENT = CompletionCode(0x81, "invalid component")

    components: int = at("2", "bit n: component n")
    action: HpmAction = at("3")


class UploadFirmwareBlockResponse(PicmgResponse):
    """The block is taken; a controller may say which part it wants next."""

    section_offset: int | None = at("3:6", group="section", default=None)
    section_length: int | None = at("7:10", group="section", default=None)


@command(
    NetFn.GROUP_EXTENSION, 0x32, group=PICMG, section="HPM.1 3.3", privilege=Privilege.ADMINISTRATOR,
    unverified=_LEVELS,
)  # fmt: skip
class UploadFirmwareBlock(PicmgRequest[UploadFirmwareBlockResponse]):
    """Upload a block of a component's firmware."""

    IN_PROGRESS = CompletionCode(0x80, "command in progress")
    INVALID_BLOCK = CompletionCode(0x81, "block number out of sequence")
    CHECKSUM = CompletionCode(0x82, "internal checksum error detected in the received block")

    number: int = at("2", "00h first, then one more each, after FFh 00h again")
    data: bytes = at("3:")


class FinishFirmwareUploadResponse(PicmgResponse):
    """The image is complete, and good or equal."""


@command(
    NetFn.GROUP_EXTENSION, 0x33, group=PICMG, section="HPM.1 3.3", privilege=Privilege.ADMINISTRATOR,
    unverified=_LEVELS,
)  # fmt: skip
class FinishFirmwareUpload(PicmgRequest[FinishFirmwareUploadResponse]):
    """Say that all of an image was uploaded."""

    IN_PROGRESS = CompletionCode(0x80, "command in progress")
    SIZE_MISMATCH = CompletionCode(0x81, "number of bytes received does not match size provided")
    CHECKSUM = CompletionCode(0x82, "internal checksum error detected in the received image")
    FIRMWARE_MISMATCH = CompletionCode(0x83, "uploaded firmware does not match the active copy")

    component: int = at("2")
    length: int = at("3:6")


class GetUpgradeStatusResponse(PicmgResponse):
    """How the last command that takes long is getting on."""

    last_command: int = at("3", "in progress, or the last one")
    completion_code: int = at("4", "of that command; 80h = it is in progress")
    estimate: int | None = at("5[6:0]", "percent done", default=None)


@command(
    NetFn.GROUP_EXTENSION,
    0x34,
    group=PICMG,
    section="HPM.1 3.3",
    privilege=Privilege.USER,
    unverified=_LEVELS,
)
class GetUpgradeStatus(PicmgRequest[GetUpgradeStatusResponse]):
    """Ask how the last command that takes long is getting on."""

    _last = 1


class ActivateFirmwareResponse(PicmgResponse):
    """What was uploaded is active."""


@command(
    NetFn.GROUP_EXTENSION, 0x35, group=PICMG, section="HPM.1 3.4", privilege=Privilege.ADMINISTRATOR,
    unverified=_LEVELS,
)  # fmt: skip
class ActivateFirmware(PicmgRequest[ActivateFirmwareResponse]):
    """Have the controller go over to what was uploaded."""

    IN_PROGRESS = CompletionCode(0x80, "command in progress")

    override: int | None = at("2", "00h = roll back if the self test fails, 01h = do not", default=None)


class QuerySelfTestResultsResponse(PicmgResponse):
    """How the self test of the new firmware ended, coded as Get Self Test Results does (Table 20-6)."""

    result: int = at("3", "55h = no error")
    details: int = at("4")


@command(
    NetFn.GROUP_EXTENSION, 0x36, group=PICMG, section="HPM.1 3.4", privilege=Privilege.USER,
    name="Query Self-test Results", unverified=_LEVELS,
)  # fmt: skip
class QuerySelfTestResults(PicmgRequest[QuerySelfTestResultsResponse]):
    """Ask how the self test after the activation ended."""

    IN_PROGRESS = CompletionCode(0x80, "self test in progress")
    NOT_OVER_THIS_INTERFACE = CompletionCode(0x81, "upgrade not supported over this interface")

    _last = 1


class QueryRollbackStatusResponse(PicmgResponse):
    """Which components were rolled back."""

    components: int = at("3", "bit n: component n")
    estimate: int | None = at("4[6:0]", "percent done", default=None)


@command(
    NetFn.GROUP_EXTENSION,
    0x37,
    group=PICMG,
    section="HPM.1 3.4",
    privilege=Privilege.USER,
    unverified=_LEVELS,
)
class QueryRollbackStatus(PicmgRequest[QueryRollbackStatusResponse]):
    """Ask whether anything was rolled back."""

    IN_PROGRESS = CompletionCode(0x80, "rollback in progress")
    FAILED = CompletionCode(0x81, "rollback failure")
    OVERRIDDEN = CompletionCode(0x82, "rollback overridden")
    DENIED = CompletionCode(0x83, "rollback denied due to current state of the controller")

    _last = 1


class InitiateManualRollbackResponse(PicmgResponse):
    """The rollback is done."""


@command(
    NetFn.GROUP_EXTENSION, 0x38, group=PICMG, section="HPM.1 3.4", privilege=Privilege.ADMINISTRATOR,
    unverified=_LEVELS,
)  # fmt: skip
class InitiateManualRollback(PicmgRequest[InitiateManualRollbackResponse]):
    """Go back to the firmware before the last upgrade."""

    IN_PROGRESS = CompletionCode(0x80, "rollback in progress")
    FAILED = CompletionCode(0x81, "rollback failure")
    OVERRIDDEN = CompletionCode(0x82, "rollback overridden")
    DENIED = CompletionCode(0x83, "rollback denied due to current state of the controller")

    _last = 1
