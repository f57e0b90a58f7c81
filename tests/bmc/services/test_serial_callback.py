"""Who may be called back, and where (§25.10-25.12)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.serial import CallbackSpec, SerialSpec
from baseboard.bmc.services.serial_callback import CallbackOptions, Callbacks
from baseboard.commands.parameters.serial import CallbackKinds, CbcpOptions, ChannelCallbackControl
from baseboard.commands.parameters.serial_dialing import DestinationInfo, DestinationKind
from baseboard.errors import CompletionError
from tests.serial_line import bench

SPEC = SerialSpec(
    callbacks=(CallbackSpec(2, "5550142"), CallbackSpec(0, "5550143"), CallbackSpec(3, "5550144", ppp=True))
)


def made(spec: SerialSpec = SPEC) -> Any:
    return bench(serial=spec)


def callbacks(spec: SerialSpec = SPEC) -> Callbacks:
    found: Callbacks = made(spec).services.serial.callbacks
    return found


def code(call: Any, *arguments: Any) -> int:
    with pytest.raises(CompletionError) as error:
        call(*arguments)
    return int(error.value.code)


def test_25_12_nobody_is_called_back_unless_told_so() -> None:
    assert callbacks(SerialSpec()).options(2) == CallbackOptions()
    assert CallbackOptions().destinations == (0xFF, 0xFF, 0xFF)


def test_numbers_of_the_blueprint_are_their_users() -> None:
    kept = callbacks()
    assert kept.options(2).destinations == (1, 0xFF, 0xFF)
    assert kept.options(2).kinds == CallbackKinds.IPMI | CallbackKinds.CBCP
    assert kept.options(4) == CallbackOptions()


def test_25_11_options_survive_the_bmc() -> None:
    bmc = made()
    wanted = CallbackOptions(CallbackKinds.IPMI, CbcpOptions.ONE_OF_LIST, (2, 1, 0xFF))
    bmc.services.serial.callbacks.set_options(3, wanted)
    assert bmc.reopen().services.serial.callbacks.options(3) == wanted


@pytest.mark.parametrize("user_id", [0, 1, 16, 63])
def test_25_11_users_without_options(user_id: int) -> None:
    assert code(callbacks().options, user_id) == 0xCC
    assert code(callbacks().set_options, user_id, CallbackOptions()) == 0xCC


def test_25_11_a_destination_that_there_is_not() -> None:
    assert code(callbacks().set_options, 2, CallbackOptions(destinations=(9, 0xFF, 0xFF))) == 0xCC


@pytest.mark.parametrize(
    ("destination", "user_id", "refusal"),
    [
        (1, 2, 0),
        (2, 2, 0),  # the channel's
        (3, 2, 0xD4),
        (1, 3, 0xD4),
        (3, 3, 0),
        (3, 0, 0),  # a local interface
        (1, 4, 0xD4),
        (4, 0, 0xCC),  # a page
        (9, 0, 0xC9),
    ],
)
def test_25_10_who_may_have_which_destination_called(destination: int, user_id: int, refusal: int) -> None:
    kept = callbacks()
    if refusal:
        assert code(kept.target, destination, user_id) == refusal
    else:
        assert kept.target(destination, user_id).destination == destination


def test_25_10_a_channel_that_calls_nobody_back() -> None:
    bmc = made()
    bmc.services.serial.parameters.set(ChannelCallbackControl(kinds=CallbackKinds.CBCP))
    assert code(bmc.services.serial.callbacks.target, 1, 2) == 0xD5


def test_25_10_a_user_may_be_called_back_in_one_way_and_not_in_the_other() -> None:
    bmc = made()
    kept = bmc.services.serial.callbacks
    kept.set_options(2, CallbackOptions(CallbackKinds.CBCP, CbcpOptions.PRE_SPECIFIED, (1, 0xFF, 0xFF)))
    assert code(kept.target, 1, 2) == 0xD4


def test_numbers_by_the_kind_of_their_destination() -> None:
    kept = callbacks()
    assert kept.number(kept.target(1, 0)) == b"5550142"
    assert kept.number(kept.target(3, 0)) == b"5550144"
    nothing = DestinationInfo(destination=5, kind=DestinationKind.BASIC_CALLBACK, upper=8)
    assert kept.number(nothing) == b""


def test_cbcp_offers_what_channel_and_user_both_allow() -> None:
    bmc = made()
    kept = bmc.services.serial.callbacks
    assert kept.cbcp_numbers(2) == (CbcpOptions(0), [])
    both = CallbackKinds.IPMI | CallbackKinds.CBCP
    options = CbcpOptions.PRE_SPECIFIED | CbcpOptions.NO_CALLBACK
    bmc.services.serial.parameters.set(ChannelCallbackControl(kinds=both, cbcp=options))
    assert kept.cbcp_numbers(2) == (CbcpOptions.PRE_SPECIFIED, ["5550142"])
    assert kept.cbcp_numbers(4) == (CbcpOptions(0), [])
