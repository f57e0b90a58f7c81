"""Sources as shipped."""

from __future__ import annotations

from baseboard.bmc.blueprint.sources import FileSource, HwmonSource, OneWireSource, SourceSpec


def test_a_source_is_read_as_it_is_where_the_kernel_shows_it() -> None:
    spec = SourceSpec(FileSource("value"))
    assert (spec.scale, spec.offset, spec.words) == (1.0, 0.0, ())
    assert HwmonSource("lm75", "temp1").root.startswith("/sys/")
    assert OneWireSource("28-0001").root.startswith("/sys/")
