"""The simulated host on virtual time, seen through its ports and its console."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.memory.phases import Phase
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice
from tests.bmc.backends.memory.bench import BOOT, Bench


def booted_with(choice: BootChoice, seconds: float = BOOT + 0.5) -> Bench:
    bench = Bench()
    bench.board.choice = choice
    bench.server.host.turn_on()
    bench.clock.advance(seconds)
    return bench


def test_it_is_off_until_it_is_switched_on() -> None:
    bench = Bench()
    bench.clock.advance(1000.0)
    assert not bench.server.host.is_on()
    assert bench.board.calls == []
    assert bench.line.write(b"x") == 0
    assert not bench.line.carrier()


def test_switching_on_boots_to_the_login_prompt() -> None:
    bench = Bench()
    bench.server.host.turn_on()
    assert bench.server.host.is_on()
    assert bench.board.calls == ["on"]
    assert bench.text == ""
    bench.clock.advance(BOOT * 0.05)
    assert bench.board.calls == ["on", "choice"]
    bench.clock.advance(BOOT * 0.3)
    assert "Memory ................. 16384 MiB good" in bench.text
    assert "Boot menu of lab-7" in bench.text
    assert "Linux version" not in bench.text
    bench.clock.advance(BOOT * 0.6)
    assert "[    0.000000] Linux version" in bench.text
    assert "login:" not in bench.text
    bench.clock.advance(BOOT * 0.1)
    assert bench.text.endswith("lab-7 login: ")
    assert bench.phase is Phase.RUNNING
    assert bench.board.calls == ["on", "choice"]
    assert bench.clock.next_due() is None


def test_what_nobody_saw_is_in_the_scrollback() -> None:
    seen, unseen = Bench(), Bench(watched=False)
    seen.boot()
    unseen.boot()
    assert unseen.server.host.line.scrollback() == seen.output[-4096:]


def test_a_boot_that_nobody_sees_takes_few_timers() -> None:
    bench = Bench(watched=False)
    bench.server.host.turn_on()
    timers = 0
    while (due := bench.clock.next_due()) is not None:
        timers += 1
        bench.clock.advance_to(due)
    assert timers == 4
    assert bench.phase is Phase.RUNNING


def test_who_attaches_during_the_boot_sees_the_rest_of_it() -> None:
    bench = Bench(watched=False)
    bench.server.host.turn_on()
    bench.clock.advance(BOOT * 0.9)
    bench.line.attach(bench.take)
    bench.clock.advance(BOOT)
    assert "Linux version" not in bench.text
    assert bench.text.endswith("lab-7 login: ")


def test_switching_on_twice_is_once() -> None:
    bench = Bench()
    bench.boot()
    bench.server.host.turn_on()
    assert bench.board.calls == ["on", "choice"]
    assert bench.phase is Phase.RUNNING


def test_power_off_is_at_once() -> None:
    bench = Bench()
    bench.boot()
    bench.clear()
    bench.server.host.turn_off()
    assert not bench.server.host.is_on()
    assert bench.board.calls[-1] == "off"
    bench.clock.advance(100.0)
    assert bench.text == ""
    bench.server.host.turn_off()
    assert bench.board.calls.count("off") == 1


def test_power_off_in_the_midst_of_a_boot_ends_it() -> None:
    bench = Bench()
    bench.server.host.turn_on()
    bench.clock.advance(BOOT * 0.6)
    bench.server.host.turn_off()
    bench.clear()
    bench.clock.advance(100.0)
    assert bench.text == ""
    assert bench.clock.next_due() is None


def test_a_reset_boots_again() -> None:
    bench = Bench()
    bench.boot()
    bench.clear()
    bench.server.host.reset()
    assert bench.board.calls == ["on", "choice", "reset"]
    assert bench.server.host.is_on()
    bench.clock.advance(BOOT + 0.5)
    assert bench.board.calls == ["on", "choice", "reset", "choice"]
    assert bench.text.endswith("lab-7 login: ")


def test_a_reset_while_off_does_nothing() -> None:
    bench = Bench()
    bench.server.host.reset()
    assert bench.board.calls == []
    assert not bench.server.host.is_on()


def test_a_powered_blueprint_has_long_been_up() -> None:
    bench = Bench(powered=True)
    assert bench.phase is Phase.RUNNING
    assert bench.board.calls == []
    assert bench.settled()
    assert bench.analog("Quiet Temp") == 60.0
    assert "lab-7 login: " in bench.type("\r")
    bench.login()
    assert "up 3 days" in bench.run("uptime")


def test_the_running_system_tells_the_bmc_its_name() -> None:
    for powered in (True, False):
        bench = Bench(powered=powered)
        if not powered:
            assert bench.board.requests == []
            bench.boot()
        (netfn, lun, cmd, data), *rest = bench.board.requests
        assert (netfn, lun, cmd, data[:4]) == (0x06, 0, 0x58, b"\x04\x00\x00\x13")
        assert b"".join([data[4:], *(more[3][2:] for more in rest)]).rstrip(b"\0") == b"Simulated Linux 6.1"


# boot options


def test_pxe_tries_the_network_and_goes_on_with_the_disk() -> None:
    bench = booted_with(BootChoice(device=BootDevice.PXE), BOOT * 0.36)
    assert bench.phase is Phase.NETWORK
    assert "Boot option: network (PXE), this time only" in bench.text
    assert "Network boot (IPv4, legacy)" in bench.text
    bench.clock.advance(BOOT * 0.4)
    assert "DHCP discover, attempt 3 of 3 .... no offer" in bench.text
    bench.clock.advance(BOOT)
    assert bench.phase is Phase.RUNNING
    assert "root=/dev/sda2" in bench.text


def test_efi_and_persistence_are_shown() -> None:
    bench = booted_with(BootChoice(device=BootDevice.PXE, efi=True, persistent=True), BOOT * 0.4)
    assert "UEFI boot" in bench.text
    assert "Boot option: network (PXE), until cleared" in bench.text
    assert "Network boot (IPv4, UEFI)" in bench.text


def test_bios_setup_stays_until_enter() -> None:
    bench = booted_with(BootChoice(device=BootDevice.BIOS_SETUP), 1000.0)
    assert bench.phase is Phase.SETUP
    assert "firmware setup" in bench.text
    assert "Boot order" in bench.type("\t")
    assert "BMC name ............... Lab 7" in bench.type("\x1b[C")
    assert "Memory ................. 16384 MiB" in bench.type("\t")
    assert bench.type("x") == ""
    bench.type("\r", BOOT)
    assert bench.phase is Phase.RUNNING
    assert bench.text.endswith("lab-7 login: ")


def test_a_reset_leaves_setup_and_the_one_time_choice_is_used_up() -> None:
    bench = booted_with(BootChoice(device=BootDevice.BIOS_SETUP), 1000.0)
    bench.board.choice = BootChoice()
    bench.server.host.reset()
    bench.clock.advance(BOOT + 0.5)
    assert bench.phase is Phase.RUNNING


def test_cd_boots_a_live_system() -> None:
    bench = booted_with(BootChoice(device=BootDevice.CD_DVD))
    assert "Simulated Linux 6.1 (from CD/DVD)" in bench.text
    assert "root=/dev/sr0" in bench.text
    assert "(ttyS0, live system)" in bench.text


def test_safe_mode_starts_few_services() -> None:
    bench = booted_with(BootChoice(device=BootDevice.HARD_DRIVE_SAFE_MODE))
    assert "|* 2. Simulated Linux 6.1, safe mode" in bench.text
    assert "single user" in bench.text
    assert "IPMI event daemon" not in bench.text
    assert "(ttyS0, safe mode)" in bench.text


def test_diagnostics_wait_for_a_key_and_restart() -> None:
    bench = booted_with(BootChoice(device=BootDevice.DIAGNOSTIC_PARTITION), BOOT * 2)
    assert bench.phase is Phase.TESTED
    assert "All tests passed" in bench.text
    assert bench.states("os_boot") == 0x08
    bench.board.choice = BootChoice()
    bench.type("x", BOOT + 1)
    assert bench.board.calls[-2:] == ["reset", "choice"]
    assert bench.phase is Phase.RUNNING


@pytest.mark.parametrize(
    "device", [BootDevice.FLOPPY, BootDevice.REMOTE_FLOPPY, BootDevice.PRIMARY_REMOTE_MEDIA]
)
def test_an_empty_drive_is_passed_over(device: BootDevice) -> None:
    bench = booted_with(BootChoice(device=device))
    assert "no medium, going on with the disk" in bench.text
    assert "root=/dev/sda2" in bench.text


@pytest.mark.parametrize("device", [BootDevice.HARD_DRIVE, BootDevice.REMOTE_HARD_DRIVE, 0xA, 0xE])
def test_any_other_device_boots_the_disk(device: int) -> None:
    assert "root=/dev/sda2" in booted_with(BootChoice(device=device)).text


def test_quiet_and_verbose_firmware() -> None:
    quiet = booted_with(BootChoice(verbosity=1)).text
    assert "Processor 0" not in quiet
    assert "Linux version" not in quiet
    assert quiet.endswith("lab-7 login: ")
    verbose = booted_with(BootChoice(verbosity=2)).text
    assert "System GUID ............ 000102030405060708090a0b0c0d0e0f" in verbose
    assert "pci 0000:00:0b.0" in verbose


def test_suppressed_redirection_keeps_the_firmware_off_the_line() -> None:
    text = booted_with(BootChoice(console_redirection=1)).text
    assert text.startswith("[    0.000000] Linux version")


def test_other_flags_are_obeyed_in_sight() -> None:
    bench = booted_with(BootChoice(clear_cmos=True, bypass_password=True, lock_keyboard=True), BOOT * 0.3)
    assert "settings cleared, defaults loaded" in bench.text
    assert "setup password not asked for" in bench.text
    assert "Keyboard locked" in bench.text
    bench.type("s", BOOT)
    assert bench.phase is Phase.RUNNING


# shutting down


def test_a_soft_shutdown_stops_the_services_and_switches_off() -> None:
    bench = Bench()
    bench.boot()
    bench.clear()
    bench.server.host.soft_shutdown()
    assert bench.server.host.is_on()
    assert "The system is going down NOW." in bench.text
    bench.clock.advance(BOOT * 0.25)
    assert "Journal stopped" in bench.text
    assert bench.text.endswith("reboot: power down\n")
    assert not bench.server.host.is_on()
    assert bench.board.calls[-1] == "off"
    assert bench.states("os_stop") == 0x08
    bench.server.host.turn_on()
    assert bench.states("os_stop") == 0


def test_a_soft_shutdown_while_the_system_starts_comes_when_it_runs() -> None:
    bench = Bench()
    bench.server.host.turn_on()
    bench.clock.advance(BOOT * 0.7)
    assert bench.phase is Phase.KERNEL
    bench.server.host.soft_shutdown()
    assert bench.phase is Phase.KERNEL
    bench.clock.advance(BOOT)
    assert not bench.server.host.is_on()
    assert bench.server.host.graceful


def test_a_soft_shutdown_asked_of_the_firmware_is_at_once() -> None:
    bench = Bench()
    bench.server.host.turn_on()
    bench.clock.advance(BOOT * 0.1)
    bench.server.host.soft_shutdown()
    assert not bench.server.host.is_on()
    assert not bench.server.host.graceful
    bench.server.host.soft_shutdown()
    assert bench.board.calls.count("off") == 1


def test_a_crashed_system_does_not_answer_a_soft_shutdown() -> None:
    bench = Bench()
    bench.boot()
    bench.server.host.panic("test")
    bench.server.host.soft_shutdown()
    bench.clock.advance(100.0)
    assert bench.phase is Phase.CRASHED
    bench.server.host.reset()
    bench.clock.advance(BOOT + 0.5)
    assert bench.phase is Phase.RUNNING


def test_a_cut_during_the_shutdown_is_not_graceful() -> None:
    bench = Bench()
    bench.boot()
    bench.server.host.soft_shutdown()
    bench.clock.advance(BOOT * 0.1)
    bench.server.host.reset()
    assert bench.phase is Phase.RESET
    assert not bench.server.host.graceful


def test_a_reboot_asks_for_a_reset_of_the_board() -> None:
    bench = Bench()
    bench.boot()
    bench.server.host.reboot()
    bench.clock.advance(BOOT * 0.25)
    assert "reboot: restarting system" in bench.text
    assert bench.board.calls[-1] == "reset"
    assert bench.states("boot") == 0x20
    bench.clock.advance(BOOT + 0.5)
    assert bench.phase is Phase.RUNNING


# interrupts, crashes, buttons


def test_nmi_is_reported_by_the_kernel_and_seen_by_its_sensor() -> None:
    bench = Bench()
    bench.server.host.diagnostic_interrupt()
    assert bench.states("nmi") == 0
    bench.boot()
    bench.clear()
    bench.server.host.diagnostic_interrupt()
    assert "NMI: diagnostic interrupt received" in bench.text
    assert bench.states("nmi") == 1
    assert not bench.settled()
    bench.clock.advance(2.0)
    assert bench.states("nmi") == 0
    assert bench.phase is Phase.RUNNING
    assert any("NMI" in line for line in bench.server.host.messages())


def test_nmi_in_the_firmware_does_no_more_than_say_so() -> None:
    bench = booted_with(BootChoice(), BOOT * 0.2)
    bench.server.host.diagnostic_interrupt()
    assert "Diagnostic interrupt: no operating system to take it" in bench.text
    bench.clock.advance(BOOT)
    assert bench.phase is Phase.RUNNING


def test_nmi_to_a_crashed_kernel_is_silent() -> None:
    bench = Bench()
    bench.boot()
    bench.server.host.panic("test")
    bench.clear()
    bench.server.host.diagnostic_interrupt()
    assert bench.text == ""
    assert bench.states("nmi") == 1


def test_a_panic_is_printed_and_reported_to_the_bmc() -> None:
    bench = Bench()
    bench.boot()
    bench.board.requests.clear()
    bench.server.host.panic("out of coffee")
    assert "Kernel panic - not syncing: out of coffee" in bench.text
    # software 20h, event message revision, OS Stop, sensor 40, sensor-specific, run-time stop
    assert bench.board.requests == [(0x04, 0, 0x02, bytes.fromhex("41 04 20 28 6f 01"))]
    assert bench.states("os_stop") == 0x02
    bench.server.host.panic("again")
    assert "again" not in bench.text


def test_a_panic_while_the_kernel_starts_stops_the_boot() -> None:
    bench = booted_with(BootChoice(), BOOT * 0.6)
    bench.server.host.panic("early")
    bench.clear()
    bench.clock.advance(BOOT)
    assert bench.phase is Phase.CRASHED
    assert bench.text == ""


def test_the_kernels_log_is_bounded_and_of_this_boot() -> None:
    bench = Bench()
    bench.boot()
    for n in range(100):
        bench.server.host.kernel_says([f"message {n}"])
    log = bench.server.host.messages()
    assert log[0].endswith("Linux version 6.1.0-simulated (simulated by Baseboard) #1 SMP")
    assert log[-1].endswith("message 99")
    assert len([line for line in log if "message" in line]) == 64
    bench.server.host.reset()
    bench.clock.advance(BOOT + 0.5)
    assert not any("message" in line for line in bench.server.host.messages())


def test_a_button_is_told_to_the_bmc_and_seen_by_its_sensor() -> None:
    bench = Bench()
    bench.server.press("power")
    assert bench.board.calls == ["power"]
    assert bench.states("button") == 1
    assert not bench.server.host.is_on()
    bench.clock.advance(2.0)
    assert bench.states("button") == 0


# sensors follow


def test_the_host_drives_the_sensors() -> None:
    bench = Bench()
    assert bench.analog("Watts") == 10.0
    bench.server.host.turn_on()
    bench.clock.advance(BOOT * 0.3)
    assert (bench.analog("Watts") or 0) > 215
    assert not bench.settled()
    bench.clock.advance(1000.0)
    assert bench.analog("Watts") == pytest.approx(200.0)
    assert bench.settled()
    bench.server.set_load(2.0)
    bench.clock.advance(1000.0)
    assert bench.analog("Watts") == pytest.approx(314.0)
    bench.server.host.turn_off()
    bench.clock.advance(1000.0)
    assert bench.analog("Watts") == pytest.approx(10.0)
    assert bench.analog("12V") is None


def test_the_states_tell_the_phase() -> None:
    bench = Bench()
    seen = [{rule: bench.states(rule) for rule in ("acpi", "power_unit", "post", "boot", "os_boot")}]
    bench.server.host.turn_on()
    for _ in range(2):
        bench.clock.advance(BOOT * 0.52)
        seen.append({rule: bench.states(rule) for rule in ("acpi", "power_unit", "post", "boot", "os_boot")})
    assert seen[0] == {"acpi": 0x20, "power_unit": 1, "post": 0, "boot": 0, "os_boot": 0}
    assert seen[1] == {"acpi": 1, "power_unit": 0, "post": 0, "boot": 0, "os_boot": 0}
    assert seen[2] == {"acpi": 1, "power_unit": 0, "post": 0, "boot": 0, "os_boot": 2}


def test_stopping_ends_every_timer() -> None:
    bench = Bench()
    bench.server.host.turn_on()
    bench.clock.advance(BOOT * 0.3)
    bench.server.stop()
    assert bench.clock.next_due() is None
    calls = list(bench.board.calls)
    bench.clock.advance(100.0)
    assert bench.board.calls == calls
    bench.server.stop()


def test_stopping_ends_a_login_that_waits() -> None:
    bench = Bench()
    bench.boot()
    bench.type("root\r")
    bench.type("wrong\r", 0.1)
    bench.server.stop()
    assert bench.clock.next_due() is None


def test_a_ring_wakes_a_host_that_is_off_and_no_other() -> None:
    bench = Bench()
    bench.server.host.wake()
    assert bench.board.calls == ["on"]
    bench.clock.advance(BOOT + 0.5)
    bench.board.calls.clear()
    bench.server.host.wake()
    assert (bench.phase, bench.board.calls) == (Phase.RUNNING, [])
