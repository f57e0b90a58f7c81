"""One reset is told once, however many events QEMU has of it."""

from __future__ import annotations

from baseboard.bmc.backends.qemu.resets import SETTLING_S, Resets

OURS = {"guest": False, "reason": "host-qmp-system-reset"}
GUESTS = {"guest": True, "reason": "guest-reset"}


def test_the_firmware_resets_again_and_that_is_no_other() -> None:
    resets = Resets()
    assert [resets.counts(GUESTS, 100 + n / 30) for n in range(3)] == [True, False, False]
    assert resets.counts(GUESTS, 100.1 + SETTLING_S)


def test_what_the_bmc_ordered_is_known_and_so_is_what_follows() -> None:
    resets = Resets()
    resets.order()
    assert not resets.counts(OURS, 100)
    assert not resets.counts(GUESTS, 100.03)
    assert resets.counts(OURS, 110), "somebody else ordered it"


def test_another_machine_begins_anew() -> None:
    resets = Resets()
    resets.order()
    assert resets.counts(GUESTS, 100)
    resets.forget()
    assert resets.counts(OURS, 100.1)
