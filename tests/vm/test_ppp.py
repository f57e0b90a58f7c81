"""A BMC whose serial line is a Linux guest's: pppd at the other end, ipmitool and ours over the link.

The guest is booted once. Its second serial port is a socket of the BMC, whose DCD follows it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import peers
from tests.interop.lab import STOP, first_line
from tests.vm import guest
from tests.vm.ours import PYTHON, WAYS

PASSWORD = "a-good-passwrd"
GUEST, BMC = "10.3.0.1", "10.3.0.2"

DESCRIPTION = f"""\
[[bmc]]
name = "wired"
[bmc.lan]
port = 0
[bmc.serial]
line = "unix"
path = "line"
baud = 115200
modes = ["ppp"]
[[bmc.user]]
name = "admin"
password = "{PASSWORD}"
[[bmc.user]]
name = "caller"
password = "a-callers-one"
"""

STEPS = f"""
mkdir -p /run/lock
section() {{ echo "=== $1"; }}
console() {{ ipmitool -U admin -P {PASSWORD} -H {BMC} -N 3 -R 3 "$@" 2>&1; }}
link() {{
    pppd ttyS1 115200 local noauth nodetach nodefaultroute noipdefault linkname bmc "$@" >/tmp/pppd 2>&1 &
    pppd=$!
    for try in $(seq 150); do
        ip -o addr show dev ppp0 2>/dev/null | grep -q peer && return 0
        kill -0 $pppd 2>/dev/null || break
        sleep 0.1
    done
    return 1
}}
down() {{
    kill -TERM $pppd 2>/dev/null
    wait $pppd
    echo "pppd ended with $?"
    cat /tmp/pppd
}}
section plain
link {GUEST}:{BMC}; echo "up $?"
ip -o addr show dev ppp0
section lan
console -I lan mc info
console -I lan chassis power status
section lanplus
console -I lanplus -C 3 mc info
console -I lanplus -C 3 chassis power status
console -I lanplus -C 3 session info active
console -I lanplus -C 3 channel info 2
section ours
PYTHONPATH={WAYS} {PYTHON} -m baseboard -H {BMC} -U admin -P {PASSWORD} power status 2>&1
PYTHONPATH={WAYS} {PYTHON} -m baseboard ipmitool -I lan -H {BMC} -U admin -P {PASSWORD} mc guid 2>&1
section down
down
ip link show dev ppp0 2>&1
console -I lanplus -N 1 -R 1 mc info | head -n 1
section again
link {GUEST}:{BMC}; echo "up $?"
console -I lanplus -C 3 chassis power status
section proof
console -I lanplus -C 3 raw 0x0c 0x10 2 33 1; echo "exit $?"
console -I lanplus -C 3 raw 0x0c 0x10 2 34 0x62 0x6d 0x63 0 0 0 0 0 0 0 0 0 0 0 0 0; echo "exit $?"
console -I lanplus -C 3 raw 6 0x43 0xb2 3 4; echo "exit $?"
down
printf 'caller bmc a-callers-one *\\nadmin bmc {PASSWORD} *\\n' >/etc/ppp/chap-secrets
section caller
link {GUEST}:{BMC} user caller; echo "up $?"
console -I lanplus -C 3 chassis power status
down
section other
link {GUEST}:{BMC} user admin; echo "up $?"
down
section pap
printf 'caller * a-callers-one *\\n' >/etc/ppp/pap-secrets
link {GUEST}:{BMC} user caller || echo "chap was wanted"
console -I lanplus -C 3 raw 0x0c 0x10 2 33 2; echo "exit $?"
down
link {GUEST}:{BMC} user caller debug; echo "up $?"
console -I lanplus -C 3 chassis power status
down
section end
"""


@contextmanager
def running() -> Iterator[Path]:
    """Run the BMC; gives its line."""
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryFile("w+") as errors:
        folder = Path(name)
        (folder / "bmc.toml").write_text(DESCRIPTION)
        command = [sys.executable, "-P", "-m", "baseboard", "bmc", "run", "--json", str(folder / "bmc.toml")]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            started = first_line(process)
            if not started:
                errors.seek(0)
                raise AssertionError(f"the BMC did not start: {errors.read()}")
            (one,) = json.loads(started)
            yield Path(one["serial"].removeprefix("unix:"))
        finally:
            process.terminate()
            process.wait(STOP)
            process.communicate()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    for peer in ("ipmitool", "iproute2", "pppd"):
        peers.require(peer)
    steps = tmp_path_factory.mktemp("guest") / "steps"
    steps.write_text(STEPS)
    script = f"modprobe ppp_async\ninroot bash {steps}"
    with running() as line:
        outcome = guest.run(script, interface="none", line=line, seconds=280)
    assert outcome.status == 0, f"{outcome.console[-2000:]}\n{outcome.output}"
    parts = re.split(r"^=== (\w+)\n", outcome.output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_pppd_brings_the_link_up_and_gives_the_bmc_its_address(said: dict[str, str]) -> None:
    assert "up 0" in said["plain"]
    assert f"inet {GUEST} peer {BMC}/32" in said["plain"]
    assert f"remote IP address {BMC}" in said["down"]


@pytest.mark.parametrize("how", ["lan", "lanplus"])
def test_ipmitool_speaks_both_versions_over_it(said: dict[str, str], how: str) -> None:
    assert re.search(r"^IPMI Version +: 2\.0$", said[how], re.MULTILINE)
    assert "Chassis Power is on" in said[how]
    assert "Error" not in said[how]


def test_ipmitool_sees_a_session_of_a_serial_channel(said: dict[str, str]) -> None:
    assert re.search(r"^channel number +: 0x02$", said["lanplus"], re.MULTILINE)
    assert re.search(rf"^console ip +: {GUEST}$", said["lanplus"], re.MULTILINE)
    assert re.search(r"Channel Medium Type +: Serial/Modem", said["lanplus"])
    assert re.search(r"Session Support +: multi-session", said["lanplus"])


def test_our_own_console_needs_nothing_else(said: dict[str, str]) -> None:
    assert "Chassis Power is on" in said["ours"]
    assert "System GUID" in said["ours"]


def test_the_link_goes_down_with_pppd_and_comes_up_with_it(said: dict[str, str]) -> None:
    # pppd(8): 5 is a signal's end; before it, its Terminate-Request was acknowledged.
    assert "pppd ended with 5\n" in said["down"]
    assert "Connection terminated." in said["down"]
    assert 'Device "ppp0" does not exist.' in said["down"]
    assert "up 0\nChassis Power is on\n" in said["again"]


def test_who_calls_proves_by_chap_who_it_is(said: dict[str, str]) -> None:
    assert re.findall(r"exit (\d+)", said["proof"]) == ["0", "0", "0"]
    assert "up 0\nChassis Power is on\n" in said["caller"]
    assert "CHAP authentication succeeded" in said["caller"]


def test_a_user_without_link_authentication_gets_no_link(said: dict[str, str]) -> None:
    # pppd(8): 19 = we failed to authenticate ourselves to the peer.
    assert "up 1\n" in said["other"]
    assert "CHAP authentication failed" in said["other"]
    assert "pppd ended with 19\n" in said["other"]


def test_who_calls_proves_by_pap_who_it_is(said: dict[str, str]) -> None:
    assert "exit 0" in said["pap"]
    assert "PAP authentication succeeded" in said["pap"]
    assert "up 0\nChassis Power is on\n" in said["pap"]
