"""What draws curves: where marks and points are, and that the whole is a picture."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tools.curve_picture import BOTTOM, LEFT, RIGHT, TOP, Curve, Frame, Point, marks, picture, plain, steps

CURVES = [
    Curve("Ask", [Point(1, 10, 9, 12), Point(100, 20, 18, 20), Point(10_000, 15, 15, 15)]),
    Curve("Tell <all>", [Point(1, 5, 5, 5)]),
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("most", "wanted"),
    [
        (20, [0, 5, 10, 15, 20]),
        (21, [0, 5, 10, 15, 20, 25]),
        (243, [0, 50, 100, 150, 200, 250]),
        (0.9, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, [0]),
    ],
)
def test_the_axis_up_goes_from_zero_as_far_as_it_has_to(most: float, wanted: list[float]) -> None:
    assert steps(most) == pytest.approx(wanted)


def test_the_axis_along_has_the_powers_of_ten() -> None:
    assert marks(1, 10_000) == [1, 10, 100, 1_000, 10_000]
    assert marks(4, 762) == [1, 10, 100, 1_000]
    assert marks(100, 100) == [100, 1_000]


def test_numbers_at_an_axis_are_plain() -> None:
    assert [plain(one) for one in (10_000.0, 0.5, 0.0)] == ["10,000", "0.5", "0"]


def test_points_are_where_the_axes_say() -> None:
    frame = Frame(CURVES)
    assert (frame.x(1), frame.x(10_000)) == (LEFT, RIGHT)
    assert frame.x(100) == pytest.approx((LEFT + RIGHT) / 2)
    assert (frame.y(0), frame.y(20)) == (BOTTOM, TOP)


def test_a_picture_has_its_curves_its_axes_and_their_names() -> None:
    drawn = ElementTree.fromstring(picture("Growth & more", "BMCs", "µs", CURVES))
    words = [one.text for one in drawn.iter(f"{SVG}text")]
    assert {"Growth & more", "BMCs", "µs", "Ask", "Tell <all>", "10,000"} <= set(words)
    assert [one.text for one in drawn.iter(f"{SVG}title")] == ["Growth & more"]
    # A dot for each of four points, and one for each of two names.
    assert len(list(drawn.iter(f"{SVG}circle"))) == 4 + 2
    # No ground: the page's shows.
    assert not list(drawn.iter(f"{SVG}rect"))
