"""`bmc.hpm`: firmware upgrades (HPM.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.deadline import remaining
from baseboard.client.hpm_agent import Again, Agent, Ask, Patience, Progress, Reply, UpgradeAgent, Wait
from baseboard.client.lan import LanInterface
from baseboard.client.reconnect import LOST, insist
from baseboard.commands.app.device_id import GetDeviceId
from baseboard.commands.groups.hpm import (
    COMPONENTS,
    AbortFirmwareUpgrade,
    FinishFirmwareUpload,
    GetComponentProperties,
    GetTargetUpgradeCapabilities,
    GetUpgradeStatus,
    HpmAction,
    HpmCapability,
    HpmGeneral,
    HpmProperty,
    QueryRollbackStatus,
    QuerySelfTestResults,
)
from baseboard.errors import CompletionError, LocalProtocolError, LoginError, LoginRefused, NoEffect
from baseboard.records.hpm import HpmImage, HpmVersion, read_hpm
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

UNIT_S: Final = 5
LAN_BLOCK: Final = 200
BLOCK: Final = 24
"""Bytes of a block: over a LAN, and anywhere."""

_LEAST_S: Final = 10.0
_NO_MINOR: Final = "ff"


@dataclass(frozen=True, slots=True, kw_only=True)
class HpmTarget:
    """What a controller can do about upgrades.

    Attributes:
        version: of HPM.1.
        capabilities: flags.
        components: numbers of the components that there are.
        upgrade_s: longest that a command takes; this and the following in seconds.
        self_test_s: longest that a self test takes.
        rollback_s: longest that a rollback takes.
        inaccessibility_s: longest that it cannot be reached.
    """

    version: int
    capabilities: HpmCapability
    components: tuple[int, ...]
    upgrade_s: int
    self_test_s: int
    rollback_s: int
    inaccessibility_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HpmComponent:
    """A component of a controller.

    Attributes:
        number: 0-7.
        name: its description.
        general: flags.
        version: of what runs.
        backup: version of the backup; None = there is none.
        deferred: version of what was uploaded and waits; None = nothing does.
    """

    number: int
    name: str
    general: HpmGeneral
    version: HpmVersion
    backup: HpmVersion | None
    deferred: HpmVersion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTested:
    """How the self test of new firmware ended: both bytes, 55h 00h if it passed."""

    result: int
    details: int

    @property
    def passed(self) -> bool:
        """Whether no error was found."""
        return self.result == 0x55


class Hpm:
    """Upgrades of a controller's firmware.

    ::

        image = read_hpm(Path("bmc.hpm").read_bytes())
        for done in await bmc.hpm.upgrade(image):
            print(done.name, done.version)
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def target(self) -> HpmTarget:
        """What the controller can do about upgrades."""
        found = await self._bmc.execute(GetTargetUpgradeCapabilities())
        return HpmTarget(
            version=found.version,
            capabilities=found.capabilities,
            components=tuple(number for number in range(COMPONENTS) if found.components >> number & 1),
            upgrade_s=found.upgrade_timeout * UNIT_S,
            self_test_s=found.self_test_timeout * UNIT_S,
            rollback_s=found.rollback_timeout * UNIT_S,
            inaccessibility_s=found.inaccessibility_timeout * UNIT_S,
        )

    async def component(self, number: int) -> HpmComponent:
        """A component, with its versions."""
        general = HpmGeneral((await self._property(number, HpmProperty.GENERAL))[0])
        name = (await self._property(number, HpmProperty.DESCRIPTION)).partition(b"\0")[0]
        rollback = general & (HpmGeneral.ROLLBACK | HpmGeneral.BACKUP_BY_COMMAND)
        return HpmComponent(
            number=number,
            name=name.decode("latin-1"),
            general=general,
            version=HpmVersion.decode(await self._property(number, HpmProperty.CURRENT_VERSION)),
            backup=await self._version(number, HpmProperty.ROLLBACK_VERSION) if rollback else None,
            deferred=(
                await self._version(number, HpmProperty.DEFERRED_VERSION)
                if general & HpmGeneral.DEFERRED_ACTIVATION
                else None
            ),
        )

    async def components(self) -> tuple[HpmComponent, ...]:
        """All components."""
        return tuple([await self.component(number) for number in (await self.target()).components])

    async def abort(self) -> None:
        """Give up an upgrade, and what was uploaded and not activated."""
        await self._bmc.execute(AbortFirmwareUpgrade())

    async def status(self) -> tuple[int, int]:
        """The last command that takes long, and its completion code, 80h while it goes on."""
        found = await self._bmc.execute(GetUpgradeStatus())
        return found.last_command, found.completion_code

    async def self_test(self) -> SelfTested:
        """How the self test after the last activation ended."""
        found = await self._bmc.execute(QuerySelfTestResults())
        return SelfTested(result=found.result, details=found.details)

    async def rolled_back(self) -> tuple[int, ...]:
        """Numbers of the components that went back to their backup."""
        found = await self._bmc.execute(QueryRollbackStatus())
        return tuple(number for number in range(COMPONENTS) if found.components >> number & 1)

    async def activate(self, *, rollback: bool = True) -> None:
        """Go over to what was uploaded; the controller may start anew, and this goes on in a new session.

        Args:
            rollback: firmware that fails its self test gives way to the backup.

        Raises:
            CompletionError: refused.
            NoResponse: it has not come back.
        """
        agent = UpgradeAgent(self._patience(await self.target()), BLOCK)
        await self._drive(agent.activate(None if rollback else 1))

    async def roll_back(self) -> None:
        """Go back to the backup; the controller may start anew, and this goes on in a new session.

        Raises:
            CompletionError: refused.
            NoResponse: it has not come back.
        """
        agent = UpgradeAgent(self._patience(await self.target()), BLOCK)
        await self._drive(agent.roll_back())

    async def upgrade(
        self,
        image: HpmImage | bytes,
        components: Iterable[int] = (),
        *,
        activate: bool = True,
        any_device: bool = False,
        progress: Progress | None = None,
    ) -> tuple[HpmComponent, ...]:
        """Upgrade components: upload, activate, and see that the new versions run.

        An upload that the controller lost begins again; one that was left behind by somebody else, or by a
        program that was killed, is given up first.

        Args:
            image: the image, or its bytes.
            components: numbers; none = all that are in the image.
            activate: go over to the new firmware; otherwise it waits.
            any_device: even if the image is for another device.
            progress: called with a component, the bytes that it has, and the bytes in all.

        Returns: the components afterwards.

        Raises:
            LocalProtocolError: the image is not for this controller, or lacks such a component.
            CompletionError: the controller refused.
            NoEffect: it says that all went well, but the new version does not run or wait.
        """
        read, mask = _chosen(image, components)
        target = await self._check(read, mask, any_device=any_device)
        agent = UpgradeAgent(self._patience(target), self._block(), progress)
        await self.abort()
        await self._drive(agent.upgrade(read.actions, mask))
        if activate:
            await self._drive(agent.activate(None))
        return await self._verified(read, mask, active=activate)

    async def compare(self, image: HpmImage | bytes, components: Iterable[int] = ()) -> dict[int, bool]:
        """Compare what is in an image with what runs.

        Returns: by component whether it is the same.

        Raises:
            LocalProtocolError: the image lacks such a component.
            CompletionError: the controller refused.
        """
        read, mask = _chosen(image, components)
        agent = UpgradeAgent(self._patience(await self.target()), self._block())
        await self.abort()
        same: dict[int, bool] = {}
        for action in read.actions:
            if action.firmware is None or not action.components & mask:
                continue
            number = action.components.bit_length() - 1
            try:
                await self._drive(
                    agent.upload(action.components, action.firmware, HpmAction.UPLOAD_FOR_COMPARE)
                )
            except CompletionError as error:
                if error.code != FinishFirmwareUpload.FIRMWARE_MISMATCH:
                    raise
                same[number] = False
            else:
                same[number] = True
        return same

    # ---- how

    async def _property(self, number: int, selector: HpmProperty) -> bytes:
        return (await self._bmc.execute(GetComponentProperties(component=number, selector=selector))).data

    async def _version(self, number: int, selector: HpmProperty) -> HpmVersion | None:
        version = HpmVersion.decode(await self._property(number, selector))
        return None if version.minor == _NO_MINOR else version

    async def _check(self, image: HpmImage, mask: int, *, any_device: bool) -> HpmTarget:
        header, found = image.header, await self._bmc.execute(GetDeviceId())
        ours = (found.device_id, found.manufacturer_id, found.product_id)
        theirs = (header.device_id, header.manufacturer_id, header.product_id)
        if ours != theirs and not any_device:
            raise LocalProtocolError("the image is for another device, maker or product")
        target = await self.target()
        absent = [
            number for number in range(COMPONENTS) if mask >> number & 1 and number not in target.components
        ]
        if absent:
            raise LocalProtocolError(f"the controller has no component {absent[0]}")
        return target

    async def _verified(self, image: HpmImage, mask: int, *, active: bool) -> tuple[HpmComponent, ...]:
        expected = {
            action.components.bit_length() - 1: action.firmware.version
            for action in image.actions
            if action.firmware is not None and action.components & mask
        }
        found: list[HpmComponent] = []
        for number, version in sorted(expected.items()):
            component = await self.component(number)
            found.append(component)
            # What waits for the host to be reset is still in its place.
            waiting = component.deferred == version and (
                not active or HpmGeneral.PAYLOAD_COLD_RESET in component.general
            )
            unseen = not active and HpmGeneral.DEFERRED_ACTIVATION not in component.general
            if not (waiting or unseen or (active and component.version == version)):
                raise NoEffect(f"component {number} ({component.name}) has not got version {version}")
        return tuple(found)

    def _block(self) -> int:
        return LAN_BLOCK if isinstance(self._bmc.interface, LanInterface) else BLOCK

    @staticmethod
    def _patience(target: HpmTarget) -> Patience:
        return Patience(
            command_s=max(_LEAST_S, target.upgrade_s),
            gone_s=max(_LEAST_S, target.inaccessibility_s, target.rollback_s) + target.self_test_s,
        )

    async def _drive(self, agent: Agent) -> None:
        """The loop between the agent and the controller."""
        try:
            step = next(agent)
            while True:
                step = agent.send(await self._do(step))
        except StopIteration:
            self._bmc.forget_identity()

    async def _do(self, step: Ask | Wait | Again) -> Reply:
        clock = waiting.running().time
        if isinstance(step, Wait):
            await waiting.sleep(remaining(step.seconds))
            return Reply(clock())
        if isinstance(step, Again):
            if isinstance(self._bmc.interface, LanInterface):
                await insist(self._bmc, step.seconds)
            return Reply(clock())
        try:
            response = await self._bmc.execute(step.request, timeout=step.seconds or None)
        except CompletionError as error:
            return Reply(clock(), error.code)
        except LoginRefused:
            raise
        except (*LOST, LoginError):
            return Reply(clock())
        return Reply(clock(), 0, response)


def _chosen(image: HpmImage | bytes, components: Iterable[int]) -> tuple[HpmImage, int]:
    """The image, and a mask of the components that are wanted of it."""
    read = image if isinstance(image, HpmImage) else read_hpm(image)
    there = 0
    for action in read.actions:
        if action.firmware is not None:
            there |= action.components
    wanted = sum(1 << number for number in set(components))
    if wanted & ~there:
        raise LocalProtocolError("the image lacks a component that is wanted of it")
    return read, wanted or there
