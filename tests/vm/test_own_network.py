"""A BMC that speaks IP itself, frame by frame, opposite a real Linux: at an interface, behind a TAP device.

The guest is booted once. ipmitool and Linux's own network stack are the other end; VLAN 100 is there too.
"""

from __future__ import annotations

import re

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.ours import PYTHON, WAYS

BMC_MAC = "02:00:00:00:00:b1"
TIMERS = "0203040506070809281e0a0f05000000"
DHCP = "00112233445566778899aabbccddeeff a0a1a2a3a4a5"

DESCRIPTION = f"""\
[[bmc]]
name = "beside"
[bmc.lan]
interface = "bmc0"
stack = "own"
mac = "{BMC_MAC}"
ip = "10.1.0.2"
netmask = "255.255.255.0"
ipv6 = "fd01::2/64"
[[bmc.user]]
name = "admin"
password = "secret"
[[bmc]]
name = "behind"
[bmc.lan]
tap = "tap0"
ip = "10.2.0.2"
netmask = "255.255.255.0"
ipv6 = "fd02::2/64"
[[bmc.user]]
name = "admin"
password = "secret"
"""

SET_UP = """
set -e
ip netns add peer
ip link add lan0 type veth peer name bmc0
ip link set lan0 netns peer
ip -n peer link add link lan0 name lan0.100 type vlan id 100
for name in lan0 lan0.100; do ip -n peer link set $name up; done
ip -n peer addr add 10.1.0.1/24 dev lan0
ip -n peer addr add fd01::1/64 dev lan0 nodad
set +e
"""

FUNCTIONS = """
section() { echo "=== $1"; }
console() { ip netns exec peer ipmitool -I lanplus -U admin -P secret -H "$@" 2>&1; }
find() { console $1 -N 5 -R 3 mc guid | head -n 1; }
miss() { console $1 -N 1 -R 2 mc guid | head -n 1; }
PROGRAM="ip netns exec peer env PYTHONPATH=WAYS PYTHON -m baseboard"
OURS="$PROGRAM ipmitool -I lanplus -U admin -P secret -C 3 -H"
"""

STEPS = f"""
section beside
find 10.1.0.2
find fd01::2
section timing
console 10.1.0.2 lan6 set 1 ndslaac_cfg 0 {TIMERS}; echo "exit $?"
console 10.1.0.2 lan6 set 1 dhcp6_cfg 0 {DHCP}; echo "exit $?"
section theirs
for what in ndslaac_cfg dhcp6_cfg static_addr dynamic_addr; do console 10.1.0.2 lan6 print 1 $what; done
section program
for what in ndslaac_cfg dhcp6_cfg static_addr dynamic_addr; do $OURS 10.1.0.2 lan6 print 1 $what 2>&1; done
section vlan
console 10.1.0.2 -N 2 -R 1 lan set 1 vlan priority 3 >/dev/null
console 10.1.0.2 -N 2 -R 1 lan set 1 vlan id 100 >/dev/null
miss 10.1.0.2
ip -n peer addr del 10.1.0.1/24 dev lan0
ip -n peer addr add 10.1.0.1/24 dev lan0.100
ip netns exec peer timeout 60 tcpdump -i lan0 -e -n -l -t -c 4 ether src {BMC_MAC} >/tmp/tagged 2>/tmp/err &
watcher=$!
for try in $(seq 100); do grep -q listening /tmp/err && break; sleep 0.1; done
find 10.1.0.2
wait $watcher
cat /tmp/tagged
section statistics
console 10.1.0.2 raw 0x0c 0x04 1 1
section behind
ip addr add 10.2.0.1/24 dev tap0
ip addr add fd02::1/64 dev tap0 nodad
for host in 10.2.0.2 fd02::2; do
    ipmitool -I lanplus -U admin -P secret -N 5 -R 3 -H $host mc guid 2>&1 | head -n 1
done
section end
"""

GUID = "System GUID"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    for peer in ("ipmitool", "tcpdump", "iproute2"):
        peers.require(peer)
    folder = tmp_path_factory.mktemp("guest")
    description, steps = folder / "bmc.toml", folder / "steps"
    description.write_text(DESCRIPTION)
    run = f"PYTHONPATH={WAYS} {PYTHON} -m baseboard bmc run {description}"
    functions = FUNCTIONS.replace("WAYS", WAYS).replace("PYTHON -m", f"{PYTHON} -m")
    steps.write_text(
        f"{SET_UP}{functions}{run} >/tmp/log 2>&1 &\nbmc=$!\n"
        "for try in $(seq 600); do grep -q Ctrl-C /tmp/log && break; sleep 0.1; done\n"
        f"{STEPS}kill -INT $bmc; wait $bmc\ncat /tmp/log\n"
    )
    script = f"modprobe veth; modprobe 8021q; modprobe tun\ninroot bash {steps}"
    outcome = guest.run(script, interface="none", seconds=280)
    assert outcome.status == 0, f"{outcome.console[-2000:]}\n{outcome.output}"
    parts = re.split(r"^=== (\w+)\n", outcome.output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def heard(text: str) -> list[bool]:
    """Which of the tries in a section were answered."""
    lines = [line for line in text.splitlines() if line.startswith((GUID, "Error: Unable"))]
    return [line.startswith(GUID) for line in lines]


def test_beside_an_interface_it_is_a_host_of_its_own(said: dict[str, str]) -> None:
    """Its checksums are right, and Linux's, which a virtual cable leaves open, are made so."""
    assert heard(said["beside"]) == [True, True]


def test_timers_are_set_by_ipmitool_and_printed_by_both_alike(said: dict[str, str]) -> None:
    assert re.findall(r"exit (\d+)", said["timing"]) == ["0", "0"]
    assert said["theirs"] == said["program"]
    timers = bytes.fromhex(TIMERS)
    printed = re.findall(
        r"^    (?:MAX|RTR|Dup|REACH|RETR|DELAY|MIN)\w+: +(\d+)$", said["theirs"], re.MULTILINE
    )
    assert [int(number) for number in printed] == list(timers[:13])
    assert "    SOL_MAX_DELAY:   0\n    SOL_TIMEOUT:     17\n" in said["theirs"]
    assert "    HOP_COUNT_LIMIT: 165\n" in said["theirs"]
    assert "    Address:        fd01::2/64\n    Status:         active\n" in said["theirs"]


def test_in_a_vlan_linux_finds_it_there_alone(said: dict[str, str]) -> None:
    assert heard(said["vlan"]) == [False, True]
    frames = [line for line in said["vlan"].splitlines() if line.startswith(BMC_MAC)]
    assert len(frames) == 4
    assert all(", ethertype 802.1Q (0x8100), " in line and ": vlan 100, p 3, " in line for line in frames)


def test_what_it_counted_is_what_came(said: dict[str, str]) -> None:
    text = " ".join(re.findall(r"^((?: [0-9a-f]{2})+) *$", said["statistics"], re.MULTILINE))
    data = bytes.fromhex(text)
    received, errors, _addresses, fragments, sent, udp, rmcp, *proxy = (
        int.from_bytes(data[at : at + 2], "little") for at in range(0, 18, 2)
    )
    assert received >= udp == rmcp > 20
    assert sent > 20
    assert (errors, fragments, proxy) == (0, 0, [0, 0])


def test_behind_a_tap_device_it_is_reached_by_both_versions(said: dict[str, str]) -> None:
    assert heard(said["behind"]) == [True, True]


def test_neither_bmc_complains(said: dict[str, str]) -> None:
    assert "Ctrl-C ends them" in said["end"]
    assert "Traceback" not in said["end"]
