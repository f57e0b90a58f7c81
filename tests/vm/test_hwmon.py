"""A real kernel's monitoring chip and what a BMC makes of it: an LM75 on a bus of i2c-stub, read by ipmitool.

The guest is booted once. The BMC runs in it, as it would on a board; a program writes what the chip measures.
"""

from __future__ import annotations

import re

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.ours import PYTHON, WAYS

DESCRIPTION = """\
[[bmc]]
name = "board"
[bmc.lan]
port = 7623
[[bmc.user]]
name = "admin"
password = "secretpw"
[bmc.host]
backend = "process"
[bmc.host.process]
on = ["true"]
off = ["true"]
status = ["echo", "on"]
[[bmc.sensor]]
name = "Board"
type = "temperature"
signed = true
minimum = -128
maximum = 127
upper = { critical = 60 }
source = { hwmon = "lm75", channel = "temp1", device = "BUS-0048", interval_s = 0.2 }
[[bmc.sensor]]
name = "Absent"
type = "temperature"
source = { hwmon = "lm75", channel = "temp1", device = "BUS-0049", interval_s = 0.2 }
"""
# The temperature's register: half degrees in the upper nine bits, most significant byte first.
MEASURE = """\
import sys
from smbus2 import SMBus
half = round(float(sys.argv[2]) * 2) & 0x1FF
high, low = half >> 1, half << 7 & 0x80
with SMBus(int(sys.argv[1]), force=True) as bus:  # the chip has a driver
    bus.write_word_data(0x48, 0, low << 8 | high)
"""
STEPS = f"""
export PYTHONPATH={WAYS}
bus=$(for one in /sys/class/i2c-adapter/i2c-*; do grep -q 'SMBus stub' $one/name && echo ${{one##*-}}; done)
echo lm75 0x48 > /sys/bus/i2c/devices/i2c-$bus/new_device
measure() {{ {PYTHON} FOLDER/measure $bus $1; }}
shown() {{
    for try in $(seq 40); do
        text=$(ipmitool -I lanplus -C 17 -H 127.0.0.1 -p 7623 -U admin -P secretpw sdr elist 2>&1)
        echo "$text" | grep -q "Board .* $1 degrees" && break
        sleep 0.2
    done
    echo "$text"
}}
sed s/BUS/$bus/ FOLDER/bmc.toml > /tmp/bmc.toml
measure 25
{PYTHON} -m baseboard bmc run /tmp/bmc.toml >/tmp/log 2>&1 &
bmc=$!
for try in $(seq 600); do grep -q Ctrl-C /tmp/log && break; sleep 0.1; done
echo "=== warm"; shown 25
measure 71.5
echo "=== hot"; shown 72
echo "=== events"; ipmitool -I lanplus -C 17 -H 127.0.0.1 -p 7623 -U admin -P secretpw sel elist
measure -10
echo "=== cold"; shown -10
kill -INT $bmc; wait $bmc
echo "=== log"; cat /tmp/log
echo "=== end"
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    peers.require("ipmitool")
    folder = tmp_path_factory.mktemp("guest")
    (folder / "bmc.toml").write_text(DESCRIPTION)
    (folder / "measure").write_text(MEASURE)
    (folder / "steps").write_text(STEPS.replace("FOLDER", str(folder)))
    script = "modprobe i2c-dev; modprobe i2c-stub chip_addr=0x48; modprobe lm75\n"
    outcome = guest.run(f"{script}inroot bash {folder}/steps", interface="none", seconds=280)
    assert outcome.status == 0, f"{outcome.console[-2000:]}\n{outcome.output}"
    parts = re.split(r"^=== (\w+)\n", outcome.output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_a_real_kernels_chip_is_a_sensor(said: dict[str, str]) -> None:
    assert re.search(r"Board +\| 01h \| ok +\|.*\| 25 degrees C", said["warm"]), said
    assert re.search(r"Board +\| 01h \| ok +\|.*\| -10 degrees C", said["cold"]), said


def test_what_is_too_hot_is_an_event(said: dict[str, str]) -> None:
    assert re.search(r"Board +\| 01h \| ucr +\|.*\| 72 degrees C", said["hot"]), said
    assert "Upper Critical going high" in said["events"]


def test_a_chip_that_is_not_there_is_no_reading_and_one_line(said: dict[str, str]) -> None:
    assert re.search(r"Absent +\| 02h \| ns +\|.*No Reading", said["warm"]), said
    assert len(re.findall(r"sensor Absent cannot be read: there is no chip lm75 at", said["log"])) == 1
