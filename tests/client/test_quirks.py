"""Departures that need consent."""

from __future__ import annotations

import pytest

from baseboard.client.quirks import (
    AFTER_LOGIN,
    BORNE,
    EVERY,
    NEED_CONSENT,
    NOT_BUILT,
    OTHER_NAMES,
    OWN_OPTION,
    consented,
    named_by,
    needed,
    told,
)
from baseboard.errors import (
    ConsentNeeded,
    LocalProtocolError,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    Unreachable,
    UserRefused,
)
from baseboard.rmcp.login import NO_QUIRKS

FIELDS = {
    "Q-NOAUTHCODE": "ignore_authcodes",
    "Q-CHKSUM": "ignore_checksums",
    "Q-BRIDGE-AUTH": "ignore_bridged_authcodes",
    "Q-IDZERO": "zero_ids",
    "Q-SEQENDIAN": "swapped_numbers",
    "Q-NAMEPAD": "padded_names",
    "Q-FORCEPERMSG": "always_authenticate",
}


def test_nothing_is_borne_unasked() -> None:
    assert consented(()) == NO_QUIRKS


@pytest.mark.parametrize("quirk", NEED_CONSENT)
def test_each_id_allows_one_thing(quirk: str) -> None:
    rules = consented({quirk})
    assert [field for field in FIELDS.values() if getattr(rules, field)] == [FIELDS[quirk]]


@pytest.mark.parametrize("quirk", AFTER_LOGIN)
def test_what_concerns_no_login_changes_none(quirk: str) -> None:
    assert consented({quirk}) == NO_QUIRKS


@pytest.mark.parametrize(("name", "quirk"), OTHER_NAMES.items())
def test_what_other_programs_call_it(name: str, quirk: str) -> None:
    assert consented([name]) == consented([quirk])


def test_what_nobody_needs_to_allow_changes_nothing() -> None:
    assert consented([*BORNE, *NOT_BUILT, *OWN_OPTION]) == NO_QUIRKS


def test_what_nobody_knows() -> None:
    with pytest.raises(
        LocalProtocolError, match=r"Q-NEW, nonsense; those that can be allowed are Q-BRIDGE-AUTH"
    ):
        consented(["Q-NEW", "nonsense", "Q-CHKSUM"])


def test_each_id_is_of_one_kind() -> None:
    kinds = (BORNE, NEED_CONSENT, AFTER_LOGIN, OWN_OPTION, NOT_BUILT)
    # Both are borne as far as that costs nothing, and further by consent.
    twice = {"Q-FORCEPERMSG", "Q-SETINPROGRESS"}
    assert len(EVERY) == sum(len(kind) for kind in kinds) - len(twice & BORNE)
    assert twice <= EVERY


def test_a_failed_login_tells_what_was_asked_for_in_vain() -> None:
    failure = Unreachable("Get Session Challenge", None, "no answer")
    before = failure.hint
    told({"Q-CHKSUM"}, failure)
    assert failure.hint == before
    told({"Q-INTEL-THUMP", "Q-CHKSUM"}, failure)
    assert failure.hint.startswith("Q-INTEL-THUMP (a second packet")
    assert failure.hint.endswith(before)


def test_which_symptom_needs_consent() -> None:
    assert needed([]) == needed(["Q-PRIVREQ-UCS"]) == ""
    assert needed(["Q-PRIVREQ-UCS", "Q-IDZERO", "Q-CHKSUM"]) == "Q-CHKSUM"


@pytest.mark.parametrize("failure", [Unreachable, LoginRefused])
def test_the_error_names_the_departure(failure: type[LoginError]) -> None:
    named = named_by({"Q-CHKSUM"}, failure("RAKP 4", None, "no answer"))
    assert isinstance(named, ConsentNeeded)
    assert (named.stage, named.quirk) == ("RAKP 4", "Q-CHKSUM")


@pytest.mark.parametrize(
    ("symptoms", "failure"),
    [
        (set(), Unreachable("RAKP 4")),
        ({"Q-PRIVREQ-UCS"}, Unreachable("RAKP 4")),
        ({"Q-CHKSUM"}, UserRefused("RAKP 2", 0x0D)),
        ({"Q-CHKSUM"}, NoSessionSlot("Open Session")),
    ],
)
def test_what_has_a_reason_of_its_own_is_not_renamed(symptoms: set[str], failure: LoginError) -> None:
    assert named_by(symptoms, failure) is None
