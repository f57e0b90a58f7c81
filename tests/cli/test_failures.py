"""Exit codes and lines about what went wrong."""

from __future__ import annotations

import re

import pytest

from baseboard import errors
from baseboard.cli import failures
from baseboard.cli.failures import Failure, as_options, describe, together
from baseboard.cli.long_options import UsageError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.Unreachable("Open Session"), 3),
        (errors.HostUnknown("address"), 3),
        (errors.LoginRefused("RAKP 2", 0x0D), 4),
        (errors.RoleRefused("Open Session", 9), 5),
        (errors.SuiteRefused("Open Session", 0x11), 6),
        (errors.NoSessionSlot("Open Session", 1), 7),
        (errors.NotIpmi("Open Session"), 8),
        (errors.CredentialTooLong("before"), 4),
        (errors.NoResponse("no answer"), 9),
        (errors.DeadlinePassed("over"), 9),
        (errors.SessionClosed("closed"), 9),
        (errors.TransportError("no device"), 10),
        (UsageError("not so"), 2),
        (errors.CompletionError(0xC1), 1),
        (errors.BaseboardError("it did not work"), 1),
    ],
)
def test_each_class_of_errors_has_its_exit_code(error: errors.BaseboardError, code: int) -> None:
    told = describe(error)
    assert told.code == code
    assert told.kind == type(error).__name__
    assert told.cause
    assert f"\n{code} " in str(failures.__doc__)


def test_a_line_has_host_cause_stage_and_hint() -> None:
    error = errors.LoginRefused("RAKP 2", 0x0D, "name or password")
    error.hint = "look again"
    assert describe(error).line("bmc1") == "baseboard: bmc1: name or password [0Dh] (RAKP 2). Look again"
    assert Failure(1, "Message", "it is broken").line("") == "baseboard: it is broken"


def test_a_hint_names_options_and_not_arguments_of_the_library() -> None:
    assert as_options("choose one with cipher_suite=") == "choose one with -C"
    assert "(-k, -y)" in describe(errors.KeyRefused("RAKP 4")).hint
    assert as_options("use interface='lan'") == "use -I lan"
    assert as_options("give it: kg=") == "give it: -k or -y"


def test_what_needs_consent_is_allowed_by_an_option() -> None:
    needed = errors.ConsentNeeded("RAKP 2", None, "no AuthCode (Q-NOAUTHCODE)", "Q-NOAUTHCODE")
    assert describe(needed).hint == "if you trust this network, allow it: --allow Q-NOAUTHCODE"
    busy = errors.CompletionError(0x81, "somebody else is at it; quirks={'Q-SETINPROGRESS'} ends that")
    assert "; --allow Q-SETINPROGRESS ends that" in describe(busy).cause


def test_an_error_without_words_is_told_by_its_class() -> None:
    assert describe(errors.LoginRefused("RAKP 2")).cause == "name or password not accepted"
    assert describe(errors.LoginError("somewhere")).cause == "no session"
    assert describe(errors.BaseboardError()).cause == "BaseboardError"


@pytest.mark.parametrize(
    ("codes", "code"), [([], 0), ([0, 0], 0), ([3, 3], 3), ([0, 3], 11), ([3, 4], 1), ([0, 3, 4], 11)]
)
def test_several_hosts_have_one_exit_code(codes: list[int], code: int) -> None:
    assert together(codes) == code


def test_no_two_classes_share_a_documented_row() -> None:
    numbers = re.findall(r"^(\d+) ", str(failures.__doc__), re.MULTILINE)
    assert len(numbers) == len(set(numbers)) == 13
