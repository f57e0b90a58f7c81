"""``dcmi`` beside ipmitool's, on our BMCs and on OpenIPMI's."""

from __future__ import annotations

import pytest

from tests.golden.beside import beside
from tests.interop.lab import Bmc, Lab

READS = [
    "dcmi discover",
    "dcmi power reading",
    "dcmi power get_limit",
    "dcmi sensors",
    "dcmi asset_tag",
    "dcmi get_mc_id_string",
    "dcmi thermalpolicy get 0x40 1",
    "dcmi get_temp_reading",
    "dcmi get_conf_param",
    "dcmi oob_discover",
    "dcmi nonsense",
]
# The simulated load moves from one second to the next.
POWER = (r"\d+ Watts", r"\d\d/\d\d/\d\d \d\d:\d\d:\d\d UTC")


@pytest.mark.parametrize("words", READS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lab(golden_lab: Lab, number: int, words: str) -> None:
    beside(golden_lab[number], *words.split(), mask=POWER if words == "dcmi power reading" else ())


@pytest.mark.parametrize("words", READS)
def test_ipmi_sim(sim: Bmc, words: str) -> None:
    beside(sim, *words.split())


# On a rack server, which has all of it; in order, each on what the one before has left.

SAMPLES = ["5_sec", "15_sec", "30_sec", "1_min", "3_min", "7_min", "15_min", "30_min", "1_hour", "2_hour"]
WRITES = [
    "dcmi power set_limit action sel_logging limit 400 correction 5000 sample 30",
    "dcmi power get_limit",
    "dcmi power set_limit limit 350",
    "dcmi power set_limit limit 5",
    "dcmi power set_limit correction 1",
    "dcmi power set_limit sample 65535",
    "dcmi power set_limit action oem_02",
    "dcmi power activate",
    "dcmi power get_limit",
    "dcmi power deactivate",
    "dcmi power get_limit",
    "dcmi set_asset_tag a-tag",
    "dcmi asset_tag",
    "dcmi set_asset_tag a-tag-that-is-longer-than-sixteen-bytes",
    "dcmi asset_tag",
    "dcmi set_mc_id_string node-7",
    "dcmi get_mc_id_string",
    "dcmi set_mc_id_string a-name-that-is-longer-than-sixteen-bytes",
    "dcmi get_mc_id_string",
    "dcmi thermalpolicy set 0x40 1 nonvolatile nopoweroff sel 60 300",
    "dcmi thermalpolicy get 0x40 1",
    "dcmi thermalpolicy set 0x41 2 volatile poweroff nosel 100 60",
    "dcmi thermalpolicy get 0x41 2",
    "dcmi thermalpolicy set 0x40 1 volatile nopoweroff sel 0 60",
    "dcmi thermalpolicy set 0x40 9 volatile nopoweroff sel 60 60",
    "dcmi thermalpolicy get 0x0a 1",
    "dcmi set_conf_param dhcp_config 0x81",
    "dcmi set_conf_param init 9",
    "dcmi set_conf_param timeout 300",
    "dcmi set_conf_param retry 20",
    "dcmi get_conf_param",
    "dcmi set_conf_param activate_dhcp",
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_power_over_each_period(rack: Bmc, sample: str) -> None:
    beside(rack, "dcmi", "power", "reading", sample, mask=POWER)


@pytest.mark.parametrize("words", WRITES)
def test_what_is_written_reads_back(rack: Bmc, words: str) -> None:
    beside(rack, *words.split())


@pytest.mark.parametrize("words", WRITES[:3])
def test_a_controller_without_dcmi_refuses_it(golden_lab: Lab, words: str) -> None:
    beside(golden_lab[2], *words.split())
