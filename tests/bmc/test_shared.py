"""What is one object for many BMCs, and what is made only when somebody asks for it."""

from __future__ import annotations

import pytest

from baseboard.bmc.shared import EMPTY, Shared, Sparse


def test_equal_arguments_have_one_answer_and_the_same_argument_is_not_even_compared() -> None:
    made: list[tuple[str, ...]] = []

    def make(names: tuple[str, ...]) -> object:
        made.append(names)
        return object()

    shared = Shared(make)
    first = ("a", "".join(("b", "c")))
    second = ("a", "".join(("b", "c")))
    assert first is not second
    assert shared(first) is shared(first) is shared(second)
    assert made == [first]
    assert shared(("d",)) is not shared(first)


def test_what_is_remembered_has_an_end_and_answers_stay_right() -> None:
    shared = Shared(len)
    for length in range(200):
        assert shared("x" * length) == length
    assert shared("") == 0
    assert shared("x" * 199) == 199


class Service(Sparse):
    """One with a part that few need."""

    __slots__ = ("_queue", "name")
    PARTS = (("_queue", list),)

    _queue: list[int]

    def __init__(self) -> None:
        self.name = "service"

    def put(self, number: int) -> int:
        """Put something into the part."""
        self._queue.append(number)
        return len(self._queue)


def test_a_part_is_made_when_it_is_asked_for_and_is_each_service_s_own() -> None:
    one, other = Service(), Service()
    assert [one.put(1), one.put(2), other.put(3)] == [1, 2, 1]


def test_what_is_no_part_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="Service has no queue"):
        getattr(Service(), "queue")  # noqa: B009 - the type checkers would not let it pass


def test_no_numbers_are_one_object() -> None:
    assert len(EMPTY) == 0
    assert EMPTY | {1} == {1}
