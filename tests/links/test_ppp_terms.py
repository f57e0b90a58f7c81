"""Options of LCP and IPCP (RFC 1661 §6, RFC 1332 §3.3)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.links.ppp_automaton import Code, Options, Verdict
from baseboard.links.ppp_frame import ALL_CONTROLS
from baseboard.links.ppp_terms import AddressTerms, LinkTerms, Proof

A, B = IPv4Address("192.0.2.1"), IPv4Address("192.0.2.2")
MAGIC = (5, bytes.fromhex("01020304"))
CHAP, PAP, MS_CHAP = b"\xc2\x23\x05", b"\xc0\x23", b"\xc2\x23\x80"


def test_6_everything_is_asked_for_in_the_order_of_its_numbers() -> None:
    terms = LinkTerms(wanted=Proof.CHAP_MD5, accm=0xA0000, magic=0x01020304)
    assert terms.request() == ((2, b"\0\x0a\0\0"), (3, CHAP), MAGIC, (7, b""), (8, b""))
    assert LinkTerms(accm=None, pfc=False, acfc=False).request() == ()
    assert LinkTerms(wanted=Proof.PAP, accm=None, pfc=False, acfc=False).request() == ((3, PAP),)


def test_6_what_is_borne_holds() -> None:
    terms = LinkTerms(offered=(Proof.CHAP_MD5, Proof.PAP), magic=7)
    options: Options = ((1, b"\x02\0"), (2, bytes(4)), (3, PAP), MAGIC, (7, b""), (8, b""))
    assert terms.judge(options, final=False) == Verdict(Code.CONFIGURE_ACK, options)
    assert (terms.mru, terms.send_accm, terms.proving) == (512, 0, Proof.PAP)
    assert (terms.send_pfc, terms.send_acfc) == (True, True)
    assert terms.judge((), final=False) == Verdict(Code.CONFIGURE_ACK, ())
    assert (terms.mru, terms.send_accm, terms.proving) == (1500, ALL_CONTROLS, Proof.NONE)
    assert (terms.send_pfc, terms.send_acfc) == (False, False)


@pytest.mark.parametrize(
    "option", [(4, b"\xc0\x25"), (0x0D, b"\x06"), (17, b"\x05\xdc"), (1, b"\x05"), (7, b"x"), (3, CHAP)]
)
def test_5_4_what_is_not_known_or_cannot_be_done_is_rejected(option: tuple[int, bytes]) -> None:
    terms = LinkTerms(magic=7)
    assert terms.judge((MAGIC, option), final=False) == Verdict(Code.CONFIGURE_REJECT, (option,))


def test_5_3_a_proof_that_is_not_offered_gets_the_best_that_is() -> None:
    terms = LinkTerms(offered=(Proof.CHAP_MD5, Proof.PAP))
    assert terms.judge(((3, MS_CHAP), MAGIC), final=False) == Verdict(Code.CONFIGURE_NAK, ((3, CHAP),))
    assert terms.judge(((3, MS_CHAP), MAGIC), final=True) == Verdict(Code.CONFIGURE_REJECT, ((3, MS_CHAP),))


def test_6_1_no_packet_is_smaller_than_128_bytes() -> None:
    assert LinkTerms().judge(((1, b"\0\x7f"),), final=False) == Verdict(
        Code.CONFIGURE_NAK, ((1, b"\x05\xdc"),)
    )


def test_6_4_a_line_that_leads_back_shows_by_the_magic_number() -> None:
    terms = LinkTerms(magic=0x01020304)
    verdict = terms.judge((MAGIC,), final=False)
    assert verdict.code is Code.CONFIGURE_NAK
    ((kind, other),) = verdict.options
    assert kind == 5
    assert other != MAGIC[1]
    terms.refused(verdict.options, rejected=False)
    assert terms.magic not in (0, 0x01020304)
    assert LinkTerms(magic=0).judge(((5, bytes(4)),), final=False).code is Code.CONFIGURE_ACK


def test_5_4_what_is_rejected_is_not_asked_for_again() -> None:
    terms = LinkTerms(accm=0, magic=7)
    terms.refused(((2, bytes(4)), (5, bytes(4)), (7, b""), (8, b""), (99, b"")), rejected=True)
    assert terms.request() == ()
    assert not terms.unwilling


def test_6_2_a_map_that_they_want_is_added_to_ours() -> None:
    terms = LinkTerms(accm=0x1)
    terms.refused(((2, bytes.fromhex("000a0000")),), rejected=False)
    assert terms.accm == 0xA0001
    terms.refused(((2, b"\0"),), rejected=False)
    assert terms.accm is None
    terms.refused(((2, bytes.fromhex("000a0000")),), rejected=False)
    assert terms.accm == 0xA0000


@pytest.mark.parametrize("rejected", [False, True])
def test_6_3_who_will_not_prove_anything_is_unwilling(rejected: bool) -> None:
    terms = LinkTerms(wanted=Proof.CHAP_MD5)
    terms.refused(((3, PAP),), rejected=rejected)
    assert terms.unwilling


def test_1332_addresses_are_told_and_taken() -> None:
    terms = AddressTerms(ours=A)
    assert terms.request() == ((3, A.packed),)
    assert terms.judge(((3, B.packed),), final=False) == Verdict(Code.CONFIGURE_ACK, ((3, B.packed),))
    assert terms.theirs == B


def test_1332_who_has_no_address_is_given_one() -> None:
    asked: Options = ((3, bytes(4)),)
    terms = AddressTerms(ours=A, given=B)
    assert terms.judge(asked, final=False) == Verdict(Code.CONFIGURE_NAK, ((3, B.packed),))
    assert terms.judge(asked, final=True) == Verdict(Code.CONFIGURE_REJECT, asked)
    assert AddressTerms(ours=A).judge(asked, final=False) == Verdict(Code.CONFIGURE_REJECT, asked)


def test_1332_who_says_nothing_has_the_address_that_is_known() -> None:
    terms = AddressTerms(ours=A, given=B)
    assert terms.judge((), final=False) == Verdict(Code.CONFIGURE_ACK, ())
    assert terms.theirs == B


@pytest.mark.parametrize("option", [(1, bytes(8)), (2, b"\0\x2d\x0f\x01"), (129, bytes(4)), (3, b"\0")])
def test_1332_other_options_are_rejected(option: tuple[int, bytes]) -> None:
    terms = AddressTerms(ours=A)
    verdict = terms.judge(((3, B.packed), option), final=False)
    assert verdict == Verdict(Code.CONFIGURE_REJECT, (option,))


def test_14_5_our_address_is_changed_or_insisted_on() -> None:
    terms = AddressTerms()
    terms.refused(((3, A.packed), (3, b"\0"), (2, bytes(4))), rejected=False)
    assert terms.request() == ((3, A.packed),)
    firm = AddressTerms(ours=B, fixed=True)
    for turn in range(3):
        assert firm.hopeless is False, turn
        firm.refused(((3, A.packed),), rejected=False)
    assert firm.hopeless
    assert firm.ours == B
    firm.refused(((3, B.packed),), rejected=True)
    assert firm.request() == ()
    assert AddressTerms(ours=A, silent=True).request() == ()
