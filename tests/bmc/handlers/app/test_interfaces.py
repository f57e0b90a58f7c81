"""System interface capabilities; more in tests/conformance/app."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import InterfaceSpec
from tests.bmc.harness import make_bmc


@pytest.mark.parametrize(
    ("sizes", "kind"),
    [((32, 32), 0), ((33, 32), 1), ((32, 33), 1), ((64, 64), 1), ((65, 40), 2), ((40, 255), 2)],
)
def test_the_longer_of_both_sizes_decides_how_many_parts_there_are(sizes: tuple[int, int], kind: int) -> None:
    interface = InterfaceSpec("ssif", input_size=sizes[0], output_size=sizes[1], pec=False)
    assert make_bmc(interface=interface).raw(0x06, 0x57, b"\0")[2] >> 6 == kind


def test_the_host_may_send_what_the_interface_carries() -> None:
    bmc = make_bmc(interface=InterfaceSpec("kcs", input_size=40))
    answers: list[bytes] = []
    for size in (38, 39):
        bmc.backend.board.request(0x06, 0, 0x34, b"\x0f" + bytes(size - 1), answers.append)
    assert answers[0] != b"\xc8"
    assert answers[1] == b"\xc8"
