"""Who has a shared line: Table 14-2, Set Serial/Modem Mux, and SOL (§14.2, §14.3, §25.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from baseboard.bmc.blueprint.serial import SerialSpec
from baseboard.bmc.ports import SerialSignals
from baseboard.bmc.services.serial_mux import (
    ALWAYS,
    DISABLED,
    PAST_BMC,
    PRE_BOOT,
    SHARED,
    Cause,
    SerialMux,
    SignalledMux,
    make_mux,
)
from baseboard.bmc.services.serial_parameters import SerialParameters
from baseboard.commands.transport.serial import MuxSetting
from tests.bmc.fakes import FakeSerial
from tests.bmc.services.homes import make_home


class Shared:
    """A mux, its host and somebody at its connector."""

    def __init__(self, access: int = SHARED, *, sharing: bool = True, on: bool = True) -> None:
        home = make_home()
        assert home.backend.serial is not None
        self.host: FakeSerial = home.backend.serial
        self.access = access
        self.parameters = SerialParameters(home, SerialSpec(sharing=sharing))
        self.mux = make_mux(self.host, self.parameters, lambda: self.access)
        self.shown = bytearray()
        self.mux.started(on=on)
        self.mux.plug(lambda data: self.shown.extend(data))

    def printed(self, data: bytes = b"login: ") -> bytes:
        """What the connector shows of what the host prints."""
        self.shown.clear()
        self.host.say(data)
        return bytes(self.shown)


@pytest.mark.parametrize(
    ("access", "sharing", "on", "at_bmc"),
    [
        (DISABLED, False, True, False),
        (PRE_BOOT, False, True, True),
        (ALWAYS, False, True, True),
        (SHARED, False, True, True),
        (DISABLED, True, True, False),
        (PRE_BOOT, True, True, False),
        (PRE_BOOT, True, False, True),
        (ALWAYS, True, True, True),
        (SHARED, True, True, False),
    ],
)
def test_14_2_who_has_the_line_at_rest(access: int, sharing: bool, on: bool, at_bmc: bool) -> None:
    assert Shared(access, sharing=sharing, on=on).mux.at_bmc is at_bmc


def test_14_2_a_shared_line_at_the_system_is_the_hosts_console() -> None:
    line = Shared()
    assert line.printed() == b"login: "
    line.mux.typed(b"root\r")
    assert line.host.typed == b"root\r"
    assert line.mux.request(MuxSetting.FORCE_TO_BMC)
    assert line.printed() == b""
    line.mux.typed(b"lost")
    assert line.host.typed == b"root\r"


def test_a_line_that_is_not_shared_never_shows_the_host() -> None:
    line = Shared(DISABLED, sharing=False)
    assert line.printed() == b""
    assert line.host.attached is None


@pytest.mark.parametrize("setting", [1, 2, 3, 4])
def test_14_2_without_sharing_the_line_cannot_be_switched(setting: int) -> None:
    line = Shared(ALWAYS, sharing=False)
    assert not line.mux.request(MuxSetting(setting))
    assert line.mux.at_bmc


def test_25_3_requests_and_blocks() -> None:
    mux = Shared().mux
    assert not mux.request(MuxSetting.GET_STATUS)
    assert mux.request(MuxSetting.BLOCK_TO_BMC)
    assert not mux.request(MuxSetting.REQUEST_TO_BMC)
    assert not mux.at_bmc
    assert mux.request(MuxSetting.ALLOW_TO_BMC)
    assert mux.request(MuxSetting.REQUEST_TO_BMC)
    assert mux.request(MuxSetting.BLOCK_TO_SYSTEM)
    assert not mux.request(MuxSetting.REQUEST_TO_SYSTEM)
    assert mux.at_bmc
    assert mux.request(MuxSetting.FORCE_TO_SYSTEM)
    assert not mux.at_bmc
    assert mux.request(MuxSetting.ALLOW_TO_SYSTEM)
    assert mux.request(MuxSetting.REQUEST_TO_SYSTEM)


def test_25_3_an_alert_keeps_the_line_from_the_system() -> None:
    mux = Shared().mux
    mux.alerting = True
    assert mux.take(Cause.ALERT)
    assert not mux.request(MuxSetting.REQUEST_TO_SYSTEM)
    mux.rest()
    assert mux.at_bmc
    mux.alerting = False
    mux.rest()
    assert not mux.at_bmc


@pytest.mark.parametrize(("by_command", "blocked"), [(True, True), (False, False)])
def test_25_3_a_restart_lifts_blocks_unless_chassis_control_made_it(by_command: bool, blocked: bool) -> None:
    mux = Shared().mux
    mux.request(MuxSetting.BLOCK_TO_BMC)
    mux.request(MuxSetting.BLOCK_TO_SYSTEM)
    mux.restarted(by_command=by_command)
    assert (mux.to_bmc_blocked, mux.to_system_blocked) == (blocked, blocked)


@pytest.mark.parametrize(
    ("access", "cause", "taken"),
    [
        (DISABLED, Cause.PATTERN, False),
        (DISABLED, Cause.RING, False),
        (DISABLED, Cause.ALERT, True),
        (PRE_BOOT, Cause.PATTERN, False),  # the system has long been up
        (PRE_BOOT, Cause.ALERT, True),
        (ALWAYS, Cause.DCD_LOSS, True),
        (SHARED, Cause.PATTERN, True),
        (SHARED, Cause.RING, True),
        (SHARED, Cause.DCD_LOSS, False),
    ],
)
def test_14_2_what_brings_the_line_to_the_bmc(access: int, cause: Cause, taken: bool) -> None:
    line = Shared(access)
    line.mux.request(MuxSetting.FORCE_TO_SYSTEM)
    assert line.mux.take(cause) is taken
    assert line.mux.at_bmc is taken


def test_25_4_parameter_8_has_dcd_loss_bring_it_too() -> None:
    line = Shared()
    control = line.parameters.mux.replace(to_bmc_on_dcd_loss=True)
    line.parameters.set(control)
    assert line.mux.take(Cause.DCD_LOSS)


def test_14_2_pre_boot_access_ends_when_the_line_is_forced_away_until_the_next_restart() -> None:
    line = Shared(PRE_BOOT, on=False)
    assert line.mux.at_bmc
    assert not line.mux.request(MuxSetting.REQUEST_TO_SYSTEM)
    assert line.mux.request(MuxSetting.FORCE_TO_SYSTEM)
    assert not line.mux.request(MuxSetting.REQUEST_TO_BMC)
    assert not line.mux.take(Cause.PATTERN)
    line.mux.restarted(by_command=False)
    assert line.mux.at_bmc


def test_14_2_always_available_takes_the_line_at_a_restart_and_shared_does_not() -> None:
    for access, taken in ((ALWAYS, True), (SHARED, False)):
        line = Shared(access)
        line.mux.request(MuxSetting.FORCE_TO_SYSTEM)
        line.mux.restarted(by_command=True)
        assert line.mux.at_bmc is taken


def test_a_switch_may_wait_for_its_acknowledgement() -> None:
    line = Shared()
    line.mux.request(MuxSetting.FORCE_TO_BMC)
    asked: list[bool] = []

    def hand_over() -> bool:
        asked.append(True)
        return False

    line.mux.hand_over = hand_over
    assert line.mux.request(MuxSetting.REQUEST_TO_SYSTEM)
    assert (line.mux.at_bmc, asked) == (True, [True])
    assert line.mux.give(acknowledged=True)
    assert line.mux.at_bmc
    assert line.mux.give()
    assert not line.mux.at_bmc
    assert line.mux.request(MuxSetting.REQUEST_TO_SYSTEM)  # it is there already: nobody is asked
    assert len(asked) == 2


def test_who_wants_to_know_is_told_when_the_line_changes_hands() -> None:
    line, told = Shared(), list[bool]()
    line.mux.on_switch.append(told.append)
    line.mux.take(Cause.PATTERN)
    line.mux.take(Cause.PATTERN)
    line.mux.give()
    assert told == [True, False]


def test_15_3_sol_has_the_hosts_port_as_long_as_it_is_active() -> None:
    line, sol = Shared(), bytearray()
    line.mux.attach(sol.extend)
    assert line.printed(b"to SOL") == b""
    assert sol == b"to SOL"
    line.mux.typed(b"not to the host")
    assert line.mux.write(b"from SOL") == 8
    assert line.host.typed == b"from SOL"
    assert not line.mux.request(MuxSetting.REQUEST_TO_BMC)
    line.mux.attach(None)
    assert line.printed(b"again") == b"again"
    line.mux.send_break()
    assert (line.host.breaks, line.mux.carrier()) == (1, True)


def test_25_13_a_line_that_is_routed_past_the_bmc_is_the_hosts_alone() -> None:
    line, sol = Shared(ALWAYS), bytearray()
    line.mux.route(PAST_BMC)
    line.mux.route(PAST_BMC)
    line.mux.attach(sol.extend)
    assert line.printed() == b"login: "
    line.mux.typed(b"root\r")
    assert line.host.typed == b"root\r"
    assert (line.mux.write(b"x"), line.mux.carrier(), sol, line.mux.watching) == (0, False, b"", False)


def test_watching_is_for_shared_lines_at_the_system_that_may_be_used() -> None:
    line = Shared()
    assert line.mux.watching
    line.access = DISABLED
    assert not line.mux.watching
    line.access = SHARED
    line.mux.take(Cause.PATTERN)
    assert not line.mux.watching


def test_settings_that_change_take_effect_at_once() -> None:
    line = Shared(ALWAYS)
    line.access = SHARED
    line.mux.settings_changed()
    assert not line.mux.at_bmc
    line.parameters.set(line.parameters.mux.replace(sharing=False))
    line.mux.settings_changed()
    assert line.mux.at_bmc
    assert line.printed() == b""


def test_a_system_without_a_serial_port_has_no_part_in_it() -> None:
    home = make_home()
    parameters = SerialParameters(home, SerialSpec())
    mux = make_mux(None, parameters, lambda: ALWAYS)
    mux.plug(lambda data: None)
    mux.typed(b"x")
    mux.send_break()
    assert (mux.sharing, mux.at_bmc, mux.write(b"x"), mux.carrier()) == (False, True, 0, False)
    mux.rest()
    assert mux.at_bmc


class SignalPort(FakeSerial):
    """A host's port with modem lines."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Any] = []

    def set_rate(self, bits_per_second: int) -> None:
        self.calls.append(bits_per_second)

    def set_lines(self, *, cts: bool, carrier: bool) -> None:
        self.calls.append((cts, carrier))

    def ring(self) -> None:
        self.calls.append("ring")

    def drop_written(self) -> None:
        self.calls.append("drop")

    def outputs(self) -> Any:
        return "outputs"

    def watch(self, noticed: Callable[[Any], None] | None) -> None:
        self.calls.append(noticed)

    def power_changed(self, on: bool) -> None:
        self.calls.append(on)


def test_a_port_that_has_more_than_characters_is_passed_on_whole() -> None:
    home, port = make_home(), SignalPort()
    mux = make_mux(port, SerialParameters(home, SerialSpec()), lambda: ALWAYS)
    assert isinstance(mux, SignalledMux)
    assert isinstance(mux, SerialSignals)
    assert not isinstance(Shared().mux, SerialSignals)
    mux.set_rate(9600)
    mux.set_lines(cts=True, carrier=False)
    mux.ring()
    mux.drop_written()
    mux.watch(None)
    mux.power_changed(True)
    assert mux.outputs() == "outputs"
    assert port.calls == [9600, (True, False), "ring", "drop", None, True]
    assert isinstance(mux, SerialMux)
