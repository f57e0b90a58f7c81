"""The tree of exceptions: its drawing, what each error knows, how it reads."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from baseboard import errors
from baseboard.codes import Cc, CompletionCode
from baseboard.errors import (
    BaseboardError,
    Busy,
    ChecksumError,
    CommandUnknown,
    CompletionError,
    ConfigurationError,
    ConsentNeeded,
    DecodeError,
    LoginError,
    NoResponse,
    PrivilegeTooLow,
    RoleRefused,
    TransportError,
    TruncatedError,
    completion_error,
)

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


def test_the_drawing_is_the_tree() -> None:
    """A name's depth in the module's docstring says whose child it is."""
    drawn: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ([| `-]*)([A-Z]\w+)(\s|$)", line)
        if found is None:
            continue
        depth = len(found[1])
        above = [(level, name) for level, name in above if level < depth]
        drawn[found[2]] = above[-1][1] if above else "Exception"
        above.append((depth, found[2]))
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES}


def test_it_stands_on_nothing_of_ours() -> None:
    lines = inspect.getsource(errors).splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert imports == ["from __future__ import annotations"]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (BaseboardError("plain"), "plain"),
        (LoginError("RAKP 2"), "RAKP 2"),
        (LoginError("RAKP 2", 0x0D), "RAKP 2: 0Dh"),
        (RoleRefused("Open Session", 0x09, "invalid role"), "Open Session: 09h invalid role"),
        (LoginError("Open Session", text="no answer"), "Open Session: no answer"),
        (CompletionError(0xC1), "C1h"),
        (CompletionError(0x82, "parameter is read-only"), "82h parameter is read-only"),
        (CompletionError(CompletionCode(0x80, "no such parameter")), "80h no such parameter"),
        (CompletionError(CompletionCode(0x80, "no such parameter"), "nor will be"), "80h nor will be"),
        (ConsentNeeded("RAKP 2", None, "padded", "Q-NAMEPAD"), "RAKP 2: padded"),
        (ConfigurationError("a.toml", None, "", "cannot be read"), "a.toml: cannot be read"),
        (ConfigurationError("a.toml", 3, "", "no TOML"), "a.toml:3: no TOML"),
        (ConfigurationError("a.toml", 3, "bmc.name", "too long"), "a.toml:3: bmc.name: too long"),
    ],
)
def test_how_it_reads_here_and_in_another_process(error: BaseboardError, text: str) -> None:
    assert str(error) == text
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made one line above
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (text, vars(error))


def test_what_it_knows() -> None:
    refused = RoleRefused("RAKP 2", 0x0E, "unauthorized name")
    assert (refused.stage, refused.status, refused.text) == ("RAKP 2", 0x0E, "unauthorized name")
    completion = CompletionError(Cc.NODE_BUSY)
    assert completion.code == Cc.NODE_BUSY
    assert completion.text == Cc.NODE_BUSY.text
    wrong = ConfigurationError("a.toml", 3, "bmc.name", "too long")
    assert (wrong.file, wrong.line, wrong.key, wrong.text) == ("a.toml", 3, "bmc.name", "too long")
    assert issubclass(NoResponse, TransportError)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0xC0, Busy),
        (0xD2, Busy),
        (0xC1, CommandUnknown),
        (0xC2, CommandUnknown),
        (0xD4, PrivilegeTooLow),
        (0xC3, CompletionError),
        (0x80, CompletionError),
    ],
)
def test_completion_codes_by_cause(code: int, kind: type[CompletionError]) -> None:
    error = completion_error(code, "why")
    assert type(error) is kind
    assert (error.code, error.text, error.stage) == (code, "why", "answer")


def test_what_to_do_next() -> None:
    """Whatever stops a user has a hint; an error that names a departure says how to allow it."""
    for kind in (LoginError, TransportError, Busy, CommandUnknown, PrivilegeTooLow):
        for one in (kind, *kind.__subclasses__()):
            assert one.hint or one in (TransportError, ConsentNeeded), one
    assert "quirks={'Q-CHKSUM'}" in ConsentNeeded("RAKP 2", None, "wrong sums", "Q-CHKSUM").hint


def test_too_few_bytes_are_a_wrong_length_and_a_wrong_sum_is_not() -> None:
    assert [kind("text").wrong_length for kind in (DecodeError, ChecksumError, TruncatedError)] == [
        False,
        False,
        True,
    ]
