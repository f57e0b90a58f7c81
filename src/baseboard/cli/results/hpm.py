"""What the verbs of ``hpm``, ``picmg`` and ``vita`` find."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("hpm check")
@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareComponent:
    """A component, and the versions of its firmware.

    Attributes:
        component: number, 0-7.
        active: version that runs, such as ``2.10``, with the maker's own four bytes in hex behind it.
        backup: version before; null = there is none.
        deferred: version that waits to be activated; null = there is none, or a file is looked at.
        image: version in the file; null = none, or no file is looked at.
        upgradable: the file would change it; null where no file is looked at.
    """

    component: int
    name: str
    active: str
    backup: str | None
    deferred: str | None
    image: str | None
    upgradable: bool | None


@shape("hpm upgrade", "hpm compare")
@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareUpload:
    """A component of a file.

    Attributes:
        version: in the file.
        uploaded: bytes; null = it was passed over.
        same: whether it is what runs; null where it was not compared.
    """

    component: int
    name: str
    version: str
    uploaded: int | None
    same: bool | None


@shape("hpm targetcap")
@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeTarget:
    """What a controller can do about upgrades; times in seconds."""

    version: int
    components: list[int]
    undesirable: bool
    rollback_override: bool
    degraded: bool
    deferred_activation: bool
    services_affected: bool
    manual_rollback: bool
    automatic_rollback: bool
    self_test: bool
    upgrade_timeout_s: int
    self_test_timeout_s: int
    rollback_timeout_s: int
    inaccessibility_timeout_s: int


@shape("hpm compprop")
@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentProperty:
    """A property of a component.

    Attributes:
        data: its bytes in hex.
    """

    component: int
    selector: int
    data: str


@shape("hpm upgstatus")
@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeStatus:
    """How the last command that takes long is getting on; code 80h: it is under way."""

    command: int
    completion_code: int


@shape("hpm rollbackstatus", "hpm rollback")
@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """The components that were rolled back, as a mask."""

    components: int


@shape("hpm selftestresult")
@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestOfFirmware:
    """How the self test of new firmware ended; 55h: it passed."""

    result: int
    details: int


@shape("hpm activate", "hpm abort")
@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareDone:
    """What was done."""

    verb: str


@shape("firmware build")
@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltImage:
    """An image that was written."""

    file: str
    components: list[int]
    version: str
    bytes: int
