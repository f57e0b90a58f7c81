"""What holds for every message that is declared: commands with their responses, and parameters."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import baseboard
from baseboard.commands.declaration import commands, load_all
from baseboard.errors import DecodeError, TruncatedError
from baseboard.rmcp.setup import Rakp1
from baseboard.testing.strategies import members, messages
from baseboard.wire import Family, Message, Record, annotate, reserved
from baseboard.wire.plan import plan


def import_all() -> None:
    load_all()
    for package in ("baseboard.records", "baseboard.commands", "baseboard.rmcp"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)


def leaves(kind: type[Message]) -> Iterator[type[Message]]:
    """The classes below ``kind`` that stand for bytes of their own; those of tests left out."""
    below = type.__subclasses__(kind)
    if not below and kind.__module__.startswith(f"{baseboard.__name__}.") and ".wire." not in kind.__module__:
        yield kind
    for other in below:
        yield from leaves(other)


def declared() -> list[type[Message]]:
    import_all()
    found = set(leaves(Record))
    found |= {message for command in commands() for message in (command.request, command.response)}
    found |= {kind for family in families() for kind in family.members().values()}
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


def families() -> list[type[Family]]:
    import_all()
    ours = (kind for kind in type.__subclasses__(Family) if kind.__module__.startswith("baseboard."))
    return sorted(ours, key=lambda kind: kind.__qualname__)


ALL = pytest.mark.parametrize("cls", declared(), ids=lambda cls: f"{cls.__module__}.{cls.__qualname__}")
# A codec may refuse most of what is drawn for it.
EACH_FEW = settings(
    max_examples=max(10, settings().max_examples // 10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


# A name of more than 16 bytes is read, so that it can be answered by a status, but never sent.
LENIENT = {Rakp1}


def test_there_are_messages_to_check() -> None:
    assert len(declared()) > 200
    assert len(families()) >= 4


@ALL
@EACH_FEW
@given(data=st.data())
def test_encode_and_decode_agree(cls: type[Message], data: st.DataObject) -> None:
    message = data.draw(messages(cls))
    raw = message.encode()
    assert cls.decode(raw, True) == message
    assert cls.decode(memoryview(raw), True) == message
    assert reserved(cls, raw) == []
    assert message.replace() == message


@ALL
@EACH_FEW
@given(raw=st.binary(max_size=80))
def test_random_bytes_raise_only_decode_errors_and_lose_only_reserved_bits(
    cls: type[Message], raw: bytes
) -> None:
    try:
        message = cls.decode(raw)
    except DecodeError:
        return
    if cls in LENIENT:
        return
    again = message.encode()
    assert cls.decode(again) == message
    kept = int.from_bytes(raw, "little")
    for stray in reserved(cls, raw):
        kept &= ~(stray.mask << 8 * (stray.byte - cls._base))
    assert again == kept.to_bytes(len(raw), "little")[: len(again)]


@ALL
@EACH_FEW
@given(data=st.data())
def test_too_few_bytes_are_refused_as_such(cls: type[Message], data: st.DataObject) -> None:
    least = plan(cls).least
    raw = data.draw(st.binary(max_size=max(0, least - 1)))
    if least:
        with pytest.raises(TruncatedError):
            cls.decode(raw)
    else:
        assert annotate(cls, raw) == annotate(cls, bytes(raw))


@ALL
@EACH_FEW
@given(raw=st.binary(max_size=80))
def test_any_bytes_can_be_explained(cls: type[Message], raw: bytes) -> None:
    lines = annotate(cls, raw)
    assert all(line.raw == raw[line.first - cls._base :][: len(line.raw)] for line in lines)


@pytest.mark.parametrize("family", families(), ids=lambda family: family.__name__)
@given(data=st.data())
def test_families_read_what_they_write(family: type[Family], data: st.DataObject) -> None:
    member = data.draw(members(family))
    assert family.unpack(member.pack(), True) == member
