"""IPMI messages as hex digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import DecodeError, EncodeError, TruncatedError
from baseboard.links.terminal_message import TerminalMessage, is_text, read_message, write_message

# The worked example of §14.7: Reset Watchdog Timer and its answer.
REQUEST = TerminalMessage(6, 0, 0, 0, 0x22, b"")
RESPONSE = TerminalMessage(7, 0, 0, 0, 0x22, b"\0")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"18 00 22", REQUEST),
        (b"180022", REQUEST),
        (b"1C 00 22 00", RESPONSE),
        (b"1c002200", RESPONSE),
        (b"1A 2D 34 01 02", TerminalMessage(6, 2, 11, 1, 0x34, b"\x01\x02")),
    ],
)
def test_messages_are_read_with_spaces_and_without(text: bytes, message: TerminalMessage) -> None:
    assert read_message(text) == message


def test_messages_are_written_for_people_or_short() -> None:
    assert write_message(RESPONSE) == b"1C 00 22 00"
    assert write_message(RESPONSE, spaces=False) == b"1C002200"


messages = st.builds(
    TerminalMessage,
    st.integers(0, 63),
    st.integers(0, 3),
    st.integers(0, 63),
    st.integers(0, 3),
    st.integers(0, 255),
    st.binary(min_size=1, max_size=40),
)


@given(message=messages, spaces=st.booleans())
def test_what_is_written_is_read(message: TerminalMessage, spaces: bool) -> None:
    written = write_message(message, spaces=spaces)
    assert read_message(written) == message
    assert not is_text(written)


@given(content=st.binary(max_size=40))
def test_anything_else_is_only_told(content: bytes) -> None:
    try:
        read_message(content)
    except DecodeError:
        return


@pytest.mark.parametrize("content", [b"18 00 2", b"18 0g 22", b"hello", b"\xff\xfe\xfd", b"18-00-22"])
def test_what_is_no_hex_is_refused(content: bytes) -> None:
    with pytest.raises(DecodeError, match="neither hex digits nor a text"):
        read_message(content)


def test_too_short_a_message_is_refused() -> None:
    with pytest.raises(TruncatedError, match="2 bytes"):
        read_message(b"18 00")
    with pytest.raises(TruncatedError, match="completion code"):
        read_message(b"1C 00 22")


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(EncodeError, match="6h/100h"):
        write_message(REQUEST._replace(cmd=0x100))


@pytest.mark.parametrize("content", [b"SYS TMODE", b"sys power on", b"OK", b"ok tmode", b"ERR C1", b"SYS"])
def test_texts_are_told_from_messages(content: bytes) -> None:
    assert is_text(content)


@pytest.mark.parametrize("content", [b"18 00 22", b"", b"EE 00 22", b"hello"])
def test_messages_and_noise_are_no_texts(content: bytes) -> None:
    assert not is_text(content)
