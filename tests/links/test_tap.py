"""TAP from our side, with a paging service that answers as it is told (Table 14-15)."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.links.tap import ETX, LONGEST, STX, Phase, Seen, TapEvent, TapPage, TapSettings, block

OVER, TAKEN = TapEvent(b"", False), TapEvent(b"", True)


class Page:
    """A page under way."""

    def __init__(self, text: bytes = b"Fan 1 failed", **settings: Any) -> None:
        self.now = 0.0
        self.settings = TapSettings(**{"pager": b"5551234", **settings})
        self.page = TapPage(self.settings, text, self.now)

    def hear(self, data: bytes = b"") -> bytes:
        """What is sent in answer, its pause included."""
        self.page.receive(data, self.now)
        return self.wait(self.settings.pause)

    def wait(self, seconds: float) -> bytes:
        end, out = self.now + seconds, b""
        out += b"".join(self.page.outgoing(self.now))
        while (due := self.page.deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.page.expire(self.now)
            out += b"".join(self.page.outgoing(self.now))
        self.now = end
        return out

    def logged_in(self) -> Page:
        assert self.hear() == b"\r"
        assert self.hear(b"ID=").startswith(b"\x1bPG1")
        assert self.hear(b"\x06\r") == b""
        assert self.hear(b"\x1b[p\r") == block(b"5551234", b"Fan 1 failed", 0xFFFFFFFF)
        return self


def test_tap_a_page_from_prompt_to_farewell() -> None:
    page = Page(password=b"secret")
    assert page.hear() == b"\r"
    assert page.hear(b"\r\nWelcome\r\nID=") == b"\x1bPG1secret\r"
    assert page.hear(b"110 1.8\r\x06\r") == b""
    assert page.hear(b"\x1b[p\r")[:1] == b"\x02"
    assert page.hear(b"211 Message accepted\r\x06\r") == b"\x04\r"
    assert page.hear(b"115 Thank you\r\x1b\x04\r") == b""
    page.wait(page.settings.rest)
    codes = [TapEvent(code, False) for code in (b"110", b"211", b"115")]
    assert page.page.events() == [*codes, TAKEN]
    assert page.page.phase is Phase.OVER
    assert page.page.deadline() is None


def test_tap_the_checksum_is_12_bits_in_three_characters() -> None:
    """The example of TAP 1.8, section 4: STX 123 CR ABC CR ETX has the sum 17;."""
    made = block(b"123", b"ABC", 0)
    assert made == b"\x02123\rABC\r\x0317;\r"
    assert sum(made[: made.index(ETX) + 1]) == 0x17B


def test_25_2_control_characters_are_sent_as_sub_and_a_letter_where_the_mask_says_so() -> None:
    assert block(b"1", b"a\nb\x1b", 1 << 0x0A)[:8] == b"\x021\ra\x1aJb\x1b"
    assert block(b"1", b"\xff" * 500, 0).count(b"\x7f") == LONGEST
    assert block(b"", b"", 0)[0] == STX


@pytest.mark.parametrize(
    ("codes", "said", "taken"),
    [
        ((), b"\x06\r", True),
        ((b"211",), b"211 ok\r\x06\r", True),
        ((b"211",), b"213 held\r\x06\r", False),
        ((b"211", b"213"), b"213 held\r\x06\r", True),
        ((b"211",), b"2115 no code\r\x06\r", False),
        ((b"211",), b"\x06\r", False),
    ],
)
def test_25_2_what_counts_as_taken(codes: tuple[bytes, ...], said: bytes, taken: bool) -> None:
    page = Page(codes=codes).logged_in()
    assert page.hear(said) == b"\x04\r"
    page.hear(b"\x1b\x04\r")
    page.wait(page.settings.rest)
    assert page.page.events()[-1] == (TAKEN if taken else OVER)


def test_tap_the_prompt_is_asked_for_n1_times_again() -> None:
    page = Page(prompts=2)
    assert page.wait(100.0) == b"\r\r\r"
    assert page.page.events() == [OVER]


def test_tap_a_login_is_repeated_on_nak_on_silence_and_on_a_new_prompt() -> None:
    page = Page(logins=3)
    page.hear()
    assert page.hear(b"ID=") == b"\x1bPG1\r"
    assert page.hear(b"\x15\r") == b"\x1bPG1\r"
    assert page.hear(b"ID=") == b"\x1bPG1\r"
    assert page.wait(page.settings.reply + page.settings.pause) == b"\x1bPG1\r"
    assert page.hear(b"\x15\r") == b"\x04\r"


def test_tap_a_block_is_repeated_n3_times_and_a_rule_that_it_breaks_ends_it() -> None:
    page = Page(blocks=1).logged_in()
    assert page.hear(b"\x15\r")[:1] == b"\x02"
    assert page.hear(b"\x15\r") == b"\x04\r"
    refused = Page().logged_in()
    assert refused.hear(b"514 too long\r\x1e\r") == b"\x04\r"
    refused.hear(b"\x1b\x04\r")
    refused.wait(5.0)
    assert refused.page.events() == [TapEvent(b"514", False), OVER]


def test_tap_a_go_ahead_may_take_the_place_of_the_ack_or_not_come() -> None:
    page = Page()
    page.hear()
    page.hear(b"ID=")
    assert page.hear(b"\x1b[p\r")[:1] == b"\x02"
    silent = Page()
    silent.hear()
    silent.hear(b"ID=")
    silent.hear(b"\x06\r")
    assert silent.wait(silent.settings.go_ahead + silent.settings.pause)[:1] == b"\x02"


def test_tap_a_service_that_says_no_farewell_is_left_after_n4_ends() -> None:
    page = Page(ends=1).logged_in()
    assert page.hear(b"\x06\r") == b"\x04\r"
    assert page.wait(100.0) == b"\x04\r"
    assert page.page.events()[-1] == TAKEN


@pytest.mark.parametrize("after", [b"", b"ID=", b"ID=\x06\r", b"ID=\x1b[p\r"])
def test_tap_a_service_may_part_at_any_time(after: bytes) -> None:
    page = Page()
    page.hear()
    page.hear(after)
    assert page.hear(b"\x1b\x04\r") == b""
    page.wait(page.settings.rest)
    assert page.page.events()[-1] == OVER


def test_a_line_that_is_lost_ends_the_page_once() -> None:
    page = Page().logged_in()
    page.hear(b"\x06\r")
    page.page.lost()
    page.page.lost()
    assert page.page.events() == [TAKEN]
    page.page.expire(1000.0)
    page.page.receive(b"\x06\r", 1000.0)
    assert page.page.events() == []


def test_long_lines_are_bounded() -> None:
    page = Page()
    page.hear(b"x" * 10_000 + b"\r")
    assert page.hear(b"ID=")[:1] == b"\x1b"


def test_every_phase_that_waits_has_its_time() -> None:
    assert set(TapPage.TABLE) <= set(itertools.product(Phase, Seen))
    assert {phase for phase, seen in TapPage.TABLE if seen is Seen.TIME} == set(Phase) - {Phase.OVER}


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from([b"ID=", b"\x06\r", b"\x15\r", b"\x1b[p\r", b"\x1b\x04\r"]),
        ),
        max_size=20,
    )
)
def test_whatever_a_service_says_the_page_ends(said: list[bytes]) -> None:
    page = Page()
    for piece in said:
        page.hear(piece)
    page.wait(10_000.0)
    events = page.page.events()
    assert page.page.phase is Phase.OVER
    assert [event for event in events if not event.code] in ([OVER], [TAKEN])
