"""What is meant when no option says otherwise: ipmitool's own defaults."""

from __future__ import annotations

from baseboard.cli.options import Options


def test_the_defaults_are_ipmitools() -> None:
    options = Options()
    assert (options.csv, options.verbose, options.utc, options.escape) == (False, 0, False, "~")
    assert (options.sdr_file, options.sel_file, options.oem, options.host_list) == ("", "", "", "")
    assert options.compat == "1.8.19"


def test_no_secret_shows_in_what_options_print_as() -> None:
    options = Options()
    assert "password" not in repr(options)
    assert "kg" not in repr(options)
