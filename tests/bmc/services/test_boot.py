"""System boot options (§28.12, §28.13, Table 28-14): values, marks, and how long boot flags hold."""

from __future__ import annotations

import pytest

from baseboard.bmc.ports import BootChoice
from baseboard.bmc.services.boot import BLOCK, MAILBOX_BLOCKS, BootOptions
from baseboard.codes import BootDevice, RestartCause
from baseboard.commands.parameters.boot import (
    BootFlags,
    BootFlagValidBitClearing,
    BootHandler,
    BootInfoAcknowledge,
    BootInitiatorInfo,
    BootInitiatorMailbox,
    BootParameter,
    ServicePartitionScan,
    ServicePartitionSelector,
    SetInProgress,
)
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.errors import CompletionError
from tests.bmc.services.homes import FakeHome, make_home

PXE = BootFlags(valid=True, device=BootDevice.PXE)


def make_boot() -> tuple[BootOptions, FakeHome]:
    home = make_home()
    boot = BootOptions(home)
    boot.start()
    return boot, home


def refusal(boot: BootOptions, parameter: BootParameter) -> int:
    with pytest.raises(CompletionError) as caught:
        boot.set(parameter)
    return caught.value.code


def valid(boot: BootOptions) -> bool:
    flags = boot.get(5)
    assert isinstance(flags, BootFlags)
    return flags.valid


# values


@pytest.mark.parametrize(
    ("selector", "size"), [(0, 1), (1, 1), (2, 1), (3, 1), (4, 2), (5, 5), (6, 9), (7, 17)]
)
def test_28_14_every_parameter_is_zero_at_first(selector: int, size: int) -> None:
    boot, _ = make_boot()
    assert boot.get(selector).encode() == bytes(size)
    assert not boot.marked_invalid(selector)


@pytest.mark.parametrize("selector", [8, 95, 96, 127])
def test_28_14_there_are_no_other_parameters(selector: int) -> None:
    boot, _ = make_boot()
    for call in (lambda: boot.get(selector), lambda: boot.mark(selector, invalid=True)):
        with pytest.raises(CompletionError) as caught:
            call()
        assert caught.value.code == 0x80


@pytest.mark.parametrize(
    "parameter",
    [
        ServicePartitionSelector(service_partition=3),
        ServicePartitionScan(scan_requested=True, discovered=True),
        BootFlagValidBitClearing(keep_on_pef=True, keep_on_reset=True),
        BootFlags.decode(bytes.fromhex("C0 59 2A 02 12")),
        BootFlags.decode(bytes.fromhex("20 BE D5 09 01")),
        BootInitiatorInfo(channel=1, session_id=0x0A0B0C0D, timestamp=0x60000001),
        BootInitiatorMailbox(block=4, data=bytes(range(16))),
    ],
    ids=lambda parameter: type(parameter).__name__,
)
def test_what_is_written_reads_back_and_survives(parameter: BootParameter) -> None:
    boot, home = make_boot()
    boot.set(parameter)
    block = parameter.block if isinstance(parameter, BootInitiatorMailbox) else 0
    assert boot.get(parameter.selector, block) == parameter
    assert BootOptions(home.again()).get(parameter.selector, block) == parameter


@pytest.mark.parametrize("data", ["80 28 00 00 00", "80 30 00 00 00", "80 34 00 00 00", "80 38 00 00 00"])
def test_28_14_reserved_boot_devices_are_refused(data: str) -> None:
    boot, _ = make_boot()
    assert refusal(boot, BootFlags.decode(bytes.fromhex(data))) == 0xCC
    assert boot.get(5) == BootFlags()


@pytest.mark.parametrize("data", ["80 00 60 00 00", "80 00 03 00 00", "80 00 00 03 00"])
def test_28_14_reserved_codes_of_the_flags_are_refused(data: str) -> None:
    boot, _ = make_boot()
    assert refusal(boot, BootFlags.decode(bytes.fromhex(data))) == 0xCC


def test_what_changes_nothing_is_not_written() -> None:
    boot, home = make_boot()
    boot.set(PXE)
    boot.mark(5, invalid=False)
    before = home.journal.store.sequence
    boot.set(PXE)
    boot.mark(5, invalid=False)
    assert home.journal.store.sequence == before


# parameter 0


def test_28_12_set_in_progress_refuses_a_second_claim() -> None:
    boot, home = make_boot()
    claim = SetInProgress(state=SetInProgressState.SET_IN_PROGRESS)
    boot.set(claim)
    assert boot.get(0) == claim
    assert refusal(boot, claim) == 0x81
    boot.set(PXE)
    boot.set(SetInProgress(state=SetInProgressState.SET_COMPLETE))
    boot.set(claim)
    assert BootOptions(home.again()).get(0).encode() == b"\0"


@pytest.mark.parametrize("state", [2, 3])
def test_28_12_there_is_no_roll_back_to_commit(state: int) -> None:
    boot, _ = make_boot()
    assert refusal(boot, SetInProgress(state=SetInProgressState(state))) == 0xCC


def test_28_12_a_reset_or_power_down_ends_a_claim() -> None:
    boot, _ = make_boot()
    claim = SetInProgress(state=SetInProgressState.SET_IN_PROGRESS)
    boot.set(claim)
    boot.restarted(RestartCause.CHASSIS_CONTROL)
    assert boot.get(0).encode() == b"\0"
    boot.set(claim)
    boot.powered_down()
    assert boot.get(0).encode() == b"\0"


# parameter 4


def test_28_14_acknowledgements_change_under_their_mask() -> None:
    boot, home = make_boot()
    boot.set(BootInfoAcknowledge.decode(b"\xff\xff"))
    assert boot.get(4).encode() == b"\x00\x1f"
    boot.set(BootInfoAcknowledge(write_mask=BootHandler.OS_LOADER, pending=BootHandler(0)))
    assert boot.get(4).encode() == b"\x00\x1d"
    boot.set(BootInfoAcknowledge(write_mask=BootHandler(0), pending=BootHandler.OS_LOADER))
    assert boot.get(4).encode() == b"\x00\x1d"
    assert BootOptions(home.again()).get(4).encode() == b"\x00\x1d"


def test_28_14_firmware_that_reads_its_flags_has_handled_them() -> None:
    boot, _ = make_boot()
    boot.set(BootInfoAcknowledge.decode(b"\x03\x03"))
    boot.take_choice()
    assert boot.get(4).encode() == b"\x00\x02"


# parameter 7


def test_28_14_a_short_write_leaves_the_rest_of_a_block() -> None:
    boot, _ = make_boot()
    boot.set(BootInitiatorMailbox(block=2, data=b"\x11" * BLOCK))
    boot.set(BootInitiatorMailbox(block=2, data=b"\x22\x33"))
    assert boot.get(7, 2) == BootInitiatorMailbox(block=2, data=b"\x22\x33" + b"\x11" * 14)
    assert boot.get(7, 1) == BootInitiatorMailbox(block=1, data=bytes(BLOCK))


def test_28_14_the_mailbox_ends() -> None:
    boot, _ = make_boot()
    assert MAILBOX_BLOCKS >= 5
    assert boot.get(7, MAILBOX_BLOCKS - 1).encode() == bytes((MAILBOX_BLOCKS - 1, *bytes(BLOCK)))
    with pytest.raises(CompletionError) as caught:
        boot.get(7, MAILBOX_BLOCKS)
    assert caught.value.code == 0xC9
    assert refusal(boot, BootInitiatorMailbox(block=MAILBOX_BLOCKS, data=b"x")) == 0xC9
    assert refusal(boot, BootInitiatorMailbox(block=0, data=bytes(BLOCK + 1))) == 0xC7


# marks


def test_28_12_a_mark_changes_nothing_else() -> None:
    boot, home = make_boot()
    boot.set(PXE)
    boot.mark(5, invalid=True)
    assert boot.marked_invalid(5)
    assert not boot.marked_invalid(4)
    assert boot.get(5) == PXE
    assert BootOptions(home.again()).marked_invalid(5)
    boot.mark(5, invalid=False)
    assert not boot.marked_invalid(5)


def test_firmware_does_not_follow_flags_that_are_marked_invalid() -> None:
    boot, _ = make_boot()
    boot.set(PXE)
    boot.mark(5, invalid=True)
    assert boot.take_choice() == BootChoice()
    boot.mark(5, invalid=False)
    assert boot.take_choice().device == BootDevice.PXE


# what firmware reads


def test_28_14_flags_for_one_boot_are_used_up_by_it() -> None:
    boot, home = make_boot()
    boot.set(BootInitiatorInfo(channel=1, session_id=2, timestamp=3))
    boot.set(BootFlags.decode(bytes.fromhex("A0 C4 4A 00 00")))
    assert boot.take_choice() == BootChoice(
        device=BootDevice.PXE,
        clear_cmos=True,
        persistent=False,
        efi=True,
        lock_keyboard=True,
        verbosity=2,
        console_redirection=2,
        bypass_password=True,
        initiator=bytes.fromhex("01 02 00 00 00 03 00 00 00"),
    )
    assert boot.get(5).encode() == bytes.fromhex("20 C4 4A 00 00")
    assert boot.take_choice() == BootChoice()
    assert BootOptions(home.again()).take_choice() == BootChoice()
    assert home.clock.next_due() is None


def test_28_14_flags_for_every_boot_stay() -> None:
    boot, home = make_boot()
    persistent = BootFlags(valid=True, persistent=True, device=BootDevice.CD_DVD)
    boot.set(persistent)
    assert home.clock.next_due() is None
    for cause in RestartCause:
        boot.restarted(cause)
        home.clock.advance(1000)
        assert boot.take_choice().device == BootDevice.CD_DVD
    assert boot.get(5) == persistent
    assert BootOptions(home.again()).take_choice().persistent


def test_flags_that_were_never_set_choose_nothing() -> None:
    boot, home = make_boot()
    assert boot.take_choice() == BootChoice()
    assert home.journal.store.sequence == 0


# parameter 3: how long flags hold


def test_28_14_flags_wait_60_seconds_for_a_chassis_control() -> None:
    boot, home = make_boot()
    boot.set(PXE)
    home.clock.advance(54)
    assert valid(boot)
    home.clock.advance(12)  # 60 s, more or less by a tenth
    assert not valid(boot)
    assert boot.get(5).encode() == bytes.fromhex("00 04 00 00 00")
    assert not valid(BootOptions(home.again()))


def test_28_14_a_chassis_control_gives_them_60_more() -> None:
    boot, home = make_boot()
    boot.set(PXE)
    home.clock.advance(50)
    boot.renew()
    home.clock.advance(50)
    assert valid(boot)
    home.clock.advance(16)
    assert not valid(boot)
    boot.renew()
    assert home.clock.next_due() is None


def test_28_14_parameter_3_switches_the_time_off_and_on() -> None:
    boot, home = make_boot()
    boot.set(BootFlagValidBitClearing(keep_on_timeout=True))
    boot.set(PXE)
    home.clock.advance(1000)
    assert valid(boot)
    boot.set(BootFlagValidBitClearing())
    home.clock.advance(66)
    assert not valid(boot)


def test_28_14_parameter_3_saves_flags_whose_time_runs() -> None:
    boot, home = make_boot()
    boot.set(PXE)
    home.clock.advance(50)
    boot.set(BootFlagValidBitClearing(keep_on_timeout=True))
    home.clock.advance(1000)
    assert valid(boot)


def test_flags_have_their_time_again_after_a_restart_of_the_bmc() -> None:
    boot, home = make_boot()
    boot.set(PXE)
    home.clock.advance(50)
    boot.stop()
    again = BootOptions(home.again())
    again.start()
    home.clock.advance(50)
    assert valid(again)
    home.clock.advance(16)
    assert not valid(again)


CLEARING = [
    (RestartCause.PEF_RESET, BootFlagValidBitClearing(keep_on_pef=True)),
    (RestartCause.PEF_POWER_CYCLE, BootFlagValidBitClearing(keep_on_pef=True)),
    (RestartCause.WATCHDOG, BootFlagValidBitClearing(keep_on_watchdog=True)),
    (RestartCause.PUSHBUTTON_RESET, BootFlagValidBitClearing(keep_on_reset=True)),
    (RestartCause.SOFT_RESET, BootFlagValidBitClearing(keep_on_reset=True)),
    (RestartCause.PUSHBUTTON_POWER_UP, BootFlagValidBitClearing(keep_on_power_up=True)),
    (RestartCause.RTC_WAKEUP, BootFlagValidBitClearing(keep_on_power_up=True)),
]


@pytest.mark.parametrize(("cause", "keep"), CLEARING)
def test_28_14_a_restart_clears_the_flags_unless_parameter_3_keeps_them(
    cause: RestartCause, keep: BootFlagValidBitClearing
) -> None:
    boot, _ = make_boot()
    boot.set(PXE)
    boot.restarted(cause)
    assert not valid(boot)
    boot.set(keep)
    boot.set(PXE)
    boot.restarted(cause)
    assert valid(boot)


@pytest.mark.parametrize(
    "cause",
    [
        RestartCause.CHASSIS_CONTROL,
        RestartCause.ALWAYS_RESTORE,
        RestartCause.RESTORE_PREVIOUS,
        RestartCause.UNKNOWN,
    ],
)
def test_28_14_other_restarts_follow_them(cause: RestartCause) -> None:
    boot, _ = make_boot()
    boot.set(PXE)
    boot.restarted(cause)
    assert boot.take_choice().device == BootDevice.PXE
