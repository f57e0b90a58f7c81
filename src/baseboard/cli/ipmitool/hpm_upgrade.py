"""``hpm upgrade``, ``hpm compare`` and ``hpm check FILE``: the stages of an upgrade."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.hpm_file import (
    BACKUP,
    PREPARE,
    SELF_TEST,
    SERVICES_AFFECTED,
    UPLOAD,
    Action,
    BadRecord,
    ImageFile,
    open_image,
)
from baseboard.cli.ipmitool.hpm_link import UNIT_S, Limits, Link
from baseboard.cli.ipmitool.hpm_status import rollback_status, self_test
from baseboard.cli.ipmitool.hpm_target import (
    COLD_RESET,
    LINE,
    Versions,
    absent,
    capabilities,
    check,
    device,
    header,
    property_of,
    version_text,
)
from baseboard.cli.ipmitool.hpm_upload import Percent, Upload, initiate
from baseboard.cli.results.hpm import FirmwareComponent, FirmwareUpload
from baseboard.commands.groups.hpm import COMPONENTS, HpmAction, HpmCapability, HpmGeneral, HpmProperty

if TYPE_CHECKING:
    from baseboard.commands.groups.hpm import GetTargetUpgradeCapabilitiesResponse

WIDE: Final = 79
_BACKUP: Final = HpmGeneral.ROLLBACK | HpmGeneral.BACKUP_BY_COMMAND
_HEADS: Final = """
-------------------------------------------------------------------------------
|ID  | Name        |                     Versions                        | %  |
|    |             |      Active     |      Backup     |      File       |    |
|----|-------------|-----------------|-----------------|-----------------|----|
"""


@dataclass(slots=True)
class Wish:
    """What is to be done with an image.

    Attributes:
        components: as a mask; 0 = all.
        view: only look at it.
        compare: compare it with what runs.
        force: also what seems to be there already.
        activate: go over to it.
    """

    components: int = 0
    view: bool = False
    compare: bool = False
    force: bool = False
    activate: bool = False


@dataclass(slots=True)
class Work:
    """An upgrade under way.

    Attributes:
        known: the controller's components.
        image: the file.
        target: what the controller can do.
        general: properties of the components in the image, by number.
        chosen: mask of those that are uploaded.
        last: the component that was uploaded last.
    """

    link: Link
    wish: Wish
    known: dict[int, Versions]
    image: ImageFile
    target: GetTargetUpgradeCapabilitiesResponse
    general: dict[int, HpmGeneral] = field(default_factory=lambda: dict[int, HpmGeneral]())
    chosen: int = 0
    last: int = 0

    @property
    def limits(self) -> Limits:
        """How long the controller may take."""
        return Limits(self.target.inaccessibility_timeout * UNIT_S, self.target.upgrade_timeout * UNIT_S)

    def versions(self, number: int) -> Versions:
        """What is known of a component; one that the controller has not is all zeros."""
        return self.known.setdefault(number, Versions(number))


async def run(link: Link, name: str | None, wish: Wish) -> bool:
    """Do it, from the look at the controller to the last word.

    Returns: whether it went well.
    """
    known = await check(link, shown=False)
    if known is None:
        return False
    done = await _stages(link, name, wish, known)
    if wish.view:
        link.say(" ")
    elif wish.compare:
        link.say(
            "\nFirmware comparison procedure complete\n" if done else "Firmware comparison procedure failed\n"
        )
    else:
        link.say(
            "\nFirmware upgrade procedure successful\n" if done else "Firmware upgrade procedure failed\n"
        )
    return done


async def _stages(link: Link, name: str | None, wish: Wish, known: dict[int, Versions]) -> bool:
    image = open_image(link, name)
    if image is None:
        return False
    link.call.out("Performing preparation stage...", end="")
    target = await _preparation(link, image, wish)
    if target is None:
        return False
    work = Work(link, wish, known, image, target)
    if not await _general(work):
        return False
    link.call.out("OK")
    if wish.view:
        link.say("\nComparing Target & Image File version")
    else:
        link.say("\nPerforming upload for compare stage:" if wish.compare else "\nPerforming upgrade stage:")
    if not _beforehand(work):
        return False
    if not wish.view:
        if link.call.verbose:
            link.call.out(f"Component update mask : 0x{work.chosen:02x}")
        if not await _upgrade(work):
            return False
    if not wish.activate:
        return True
    if not work.chosen:
        link.say("No components updated. Skipping activation stage.\n")
        return True
    link.say("Performing activation stage: ")
    return await _activation(work)


# ---- preparation


async def _preparation(
    link: Link, image: ImageFile, wish: Wish
) -> GetTargetUpgradeCapabilitiesResponse | None:
    """Whether image and controller fit; None after a complaint."""
    identity = await device(link)
    if identity is None:
        return None
    if not _same_device(link, image, identity):
        if not (wish.force or wish.view):
            link.call.out('\n\n Use "force" option for copying all the components')
            return None
        _show_identities(link, image, identity)
        if not _confirmed(link, "\n Continue ignoring DeviceID/ProductID/ManufacturingID (Y/N): "):
            return None
    major, minor = image.earliest
    if (major, minor) > (identity[2], identity[3]):
        link.say(f"\n    Version: Major: {major}")
        link.say(f"             Minor: {minor:x}")
        link.say("    Not compatible with ")
        link.say(f"    Version: Major: {identity[2]}")
        link.say(f"             Minor: {identity[3]:x}")
        if not (wish.force or wish.view):
            return None
        if not _confirmed(link, "\n Continue IGNORING Earliest compatibility (Y/N): "):
            return None
    target = await capabilities(link, shown=bool(link.call.verbose))
    if target is None or (not wish.view and not _allowed(link, image, wish, target)):
        return None
    return target


def _same_device(link: Link, image: ImageFile, identity: bytes) -> bool:
    if image.device_id != identity[0]:
        link.say(f"\n    Invalid device ID {identity[0]:x}")
    elif image.product_id != identity[9:11]:
        link.say(f"\n    Invalid image file for product {int.from_bytes(identity[9:11], 'little')}")
    elif image.manufacturer_id != identity[6:9]:
        link.say(f"\n    Invalid image file for manufacturer {int.from_bytes(identity[6:8], 'little')}")
    else:
        return True
    return False


def _show_identities(link: Link, image: ImageFile, identity: bytes) -> None:
    pairs = (
        ("Image", image.device_id, image.product_id, image.manufacturer_id),
        ("Board", identity[0], identity[9:11], identity[6:9]),
    )
    for what, number, product, maker in pairs:
        link.call.out(f"\n    {what} Information", end="")
        link.call.out(f"\n        Device Id : 0x{number:x}", end="")
        link.call.out(f"\n        Prod   Id : 0x{product[::-1].hex()}", end="")
        link.call.out(f"\n        Manuf  Id : 0x{maker[::-1].hex()}", end="")


def _confirmed(link: Link, question: str) -> bool:
    link.call.out(question, end="")
    sys.stdout.flush()
    return sys.stdin.readline().lstrip().upper().startswith("Y")


def _allowed(link: Link, image: ImageFile, wish: Wish, target: GetTargetUpgradeCapabilitiesResponse) -> bool:
    if image.components & ~target.components:
        link.say("\n    Some components present in the image file are not supported by the IPMC")
        return False
    if HpmCapability.UNDESIRABLE in target.capabilities:
        link.say("\n    Upgrade undesirable at this moment")
        return False
    affected = HpmCapability.SERVICES_AFFECTED in target.capabilities
    if wish.compare or not (affected or image.capabilities & SERVICES_AFFECTED):
        return True
    return _confirmed(link, "\nServices may be affected during upgrade. Do you wish to continue? (y/n): ")


async def _general(work: Work) -> bool:
    """The general properties of what is in the image; only the last failure counts."""
    done = True
    for number in range(COMPONENTS):
        if work.image.components >> number & 1:
            shown = bool(work.link.call.verbose)
            data = await property_of(work.link, number, HpmProperty.GENERAL, shown=shown)
            done = data is not None
            if data is not None:
                work.general[number] = HpmGeneral(data[0] & 0x3F)
    return done


# ---- what is to be uploaded


def _beforehand(work: Work) -> bool:
    """Choose what is uploaded; look at every action before the first is done."""
    link = work.link
    if work.wish.view:
        header(link, image=True)
    try:
        for action in work.image.actions():
            if action.kind in (BACKUP, PREPARE):
                if not _able(work, action):
                    return False
            else:
                _choose(work, action)
    except BadRecord as error:
        link.say(error.complaint)
        return False
    if work.wish.view:
        link.call.out("-" * LINE)
        link.say(COLD_RESET)
        link.say("(^) Indicates component would be upgraded")
    return True


def _able(work: Work, action: Action) -> bool:
    needed, what = (_BACKUP, "backup") if action.kind == BACKUP else (HpmGeneral.PREPARATION, "preparation")
    for number in range(COMPONENTS):
        if action.components >> number & 1 and not work.general.get(number, HpmGeneral(0)) & needed:
            work.link.say(f"    Component ID {number} does not support {what}")
            return False
    return True


def _choose(work: Work, action: Action) -> None:
    wish, number = work.wish, action.number
    one = work.versions(number)
    one.image = action.version
    wanted = not wish.components or bool(wish.components & action.components)
    if wanted and not (wish.force or wish.compare):
        wanted = one.image != one.target or (one.has_backup and one.image != one.rollback)
    if work.link.call.verbose:
        work.link.say(f"{'Updating' if wanted else 'Skipping'} component {number}")
    if wanted:
        work.chosen |= 1 << number
    if wish.view:
        work.link.call.out(one.line(image=True, upgradable=wanted))
        backup = None if absent(one.rollback) or not one.has_backup else version_text(one.rollback)
        work.link.call.result(
            FirmwareComponent(
                component=number,
                name=one.text,
                active=version_text(one.target),
                backup=backup,
                deferred=None,
                image=version_text(one.image),
                upgradable=wanted,
            )
        )


# ---- upgrade


async def _upgrade(work: Work) -> bool:
    link = work.link
    link.call.out(_HEADS, end="")
    done = True
    percent = Percent(link)
    try:
        for action in work.image.actions():
            done = await _one(work, action, percent)
            if not done:
                break
    except BadRecord as error:
        link.say(error.complaint)
        done = False
    link.call.out("-" * WIDE)
    link.say(COLD_RESET)
    return done


async def _one(work: Work, action: Action, percent: Percent) -> bool:
    if action.kind == UPLOAD:
        return await _upload(work, action, percent)
    affected = work.chosen & action.components
    if work.wish.compare or not affected:
        return True
    kind = HpmAction.BACKUP if action.kind == BACKUP else HpmAction.PREPARE
    return await initiate(work.link, affected, kind, work.limits)


async def _upload(work: Work, action: Action, percent: Percent) -> bool:
    link, compare = work.link, work.wish.compare
    number = work.last = action.number
    one = work.versions(number)
    link.call.out(one.line(image=True, upgradable=False), end="")
    chosen = bool(work.chosen >> number & 1)
    upload = Upload(link, action, work.limits, percent)
    done, same = True, None
    if chosen:
        if link.call.verbose:
            link.say(f"Do not skip {number}")
        done = chosen = await upload.run(compare=compare)
    if not chosen:
        link.call.out("Skip|")
        if compare and HpmGeneral.COMPARISON not in work.general.get(number, HpmGeneral(0)):
            link.call.out("|    |Comparison isn't supported for given component.                        |")
    else:
        done = await upload.blocks()
        if done:
            done, same = await upload.finish(compare=compare)
    link.call.result(
        FirmwareUpload(
            component=number,
            name=one.text,
            version=version_text(action.version),
            uploaded=upload.sent if chosen else None,
            same=same,
        )
    )
    return done


# ---- activation


async def _activation(work: Work) -> bool:
    link, target = work.link, work.target
    link.call.out("    ", end="")
    done = await link.activate(None, work.limits)
    tests = HpmCapability.SELF_TEST in target.capabilities or bool(work.image.capabilities & SELF_TEST)
    if done and tests:
        seconds = max(work.image.self_test_timeout, target.self_test_timeout) * UNIT_S
        result = await self_test(link, work.limits, seconds & 0xFF)
        if result is None:
            link.say("    Self test failed.")
            done = False
        elif not result.passed:
            link.say("    Self test failed:")
            link.say(f"    Result1 = {result.result:x}")
            link.say(f"    Result2 = {result.details:x}")
            done = False
    backup = work.general.get(work.last, HpmGeneral(0)) & _BACKUP
    if not done and HpmCapability.AUTOMATIC_ROLLBACK in target.capabilities and backup:
        link.say("    Getting rollback status...")
        seconds = max(work.image.rollback_timeout, target.rollback_timeout) * UNIT_S
        done = await rollback_status(link, work.limits, seconds)
    return done
