"""What the verbs of ``hpm``, ``picmg`` and ``vita`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("hpm check")
class FirmwareComponent(Value, kw_only=True):
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
class FirmwareUpload(Value, kw_only=True):
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
class UpgradeTarget(Value, kw_only=True):
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
class ComponentProperty(Value, kw_only=True):
    """A property of a component.

    Attributes:
        data: its bytes in hex.
    """

    component: int
    selector: int
    data: str


@shape("hpm upgstatus")
class UpgradeStatus(Value, kw_only=True):
    """How the last command that takes long is getting on; code 80h: it is under way."""

    command: int
    completion_code: int


@shape("hpm rollbackstatus", "hpm rollback")
class RolledBack(Value, kw_only=True):
    """The components that were rolled back, as a mask."""

    components: int


@shape("hpm selftestresult")
class SelfTestOfFirmware(Value, kw_only=True):
    """How the self test of new firmware ended; 55h: it passed."""

    result: int
    details: int


@shape("hpm activate", "hpm abort")
class FirmwareDone(Value, kw_only=True):
    """What was done."""

    verb: str


@shape("firmware build")
class BuiltImage(Value, kw_only=True):
    """An image that was written."""

    file: str
    components: list[int]
    version: str
    bytes: int
