"""Components whose firmware can be upgraded by HPM.1, as shipped; a BMC without this has none."""

from __future__ import annotations

from dataclasses import dataclass, field

from baseboard.records.hpm import HpmVersion

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class HpmComponentSpec:
    """A component.

    Attributes:
        number: 0-7; component 0 is the controller's own firmware.
        name: its description, at most 11 characters.
        version: as shipped; None = component 0's is the controller's, another one's is 1.00.
        rollback: a backup of the version before is kept.
        preparation: it can be prepared (erased) beforehand.
        comparison: an upload can be compared with what is active.
        deferred: what was uploaded waits for its activation over restarts of the controller too.
        payload_reset: once activated it takes a reset of the host to begin with the new firmware.
        size: bytes that fit.
    """

    number: int
    name: str
    version: HpmVersion | None = None
    rollback: bool = True
    preparation: bool = True
    comparison: bool = True
    deferred: bool = True
    payload_reset: bool = False
    size: int = MIB


@dataclass(frozen=True, slots=True)
class HpmSpec:
    """HPM.1 of a BMC.

    Attributes:
        components: by number, the lowest first.
        step_s: how long it takes to back up, to erase, and to check an upload, seconds; 0 = no time at all.
        activation_s: how long an activation or a rollback takes; the controller cannot be reached
        meanwhile, if
            component 0 is among those activated.
        automatic_rollback: firmware that fails its self test gives way to the backup.
        manual_rollback: a console may go back to the backup.
        services_affected: the host notices an upgrade.
        undesirable: no upgrade should be made now.
        upgrade_timeout_s: longest that a command may take; an upload that pauses longer is given up.
        self_test_timeout_s: longest that a self test takes.
        rollback_timeout_s: longest that a rollback takes.
        inaccessibility_timeout_s: longest that the controller cannot be reached.
    """

    components: tuple[HpmComponentSpec, ...] = field(default_factory=lambda: (HpmComponentSpec(0, "BMC"),))
    step_s: float = 0.2
    activation_s: float = 1.0
    automatic_rollback: bool = True
    manual_rollback: bool = True
    services_affected: bool = False
    undesirable: bool = False
    upgrade_timeout_s: int = 60
    self_test_timeout_s: int = 15
    rollback_timeout_s: int = 30
    inaccessibility_timeout_s: int = 30

    def component(self, number: int) -> HpmComponentSpec:
        """The component of that number.

        Raises:
            KeyError: there is none.
        """
        for one in self.components:
            if one.number == number:
                return one
        raise KeyError(number)

    @property
    def mask(self) -> int:
        """Bit n: there is component n."""
        return sum(1 << one.number for one in self.components)
