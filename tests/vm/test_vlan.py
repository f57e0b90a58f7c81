"""The LAN parameters on the wire: a BMC on an interface of a Linux guest; ipmitool and tcpdump opposite.

The guest is booted once. The BMC has one end of a veth pair, in a network namespace of its own; three peers
have the other end: without a tag, in VLAN 100 and in VLAN 200, each in a namespace of its own too.
"""

from __future__ import annotations

import re

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.ours import PYTHON, WAYS

BMC_MAC = "02:00:00:00:00:b1"
GATEWAY_MAC = "02:00:00:00:00:01"

DESCRIPTION = """\
[[bmc]]
name = "wired"
[bmc.lan]
interface = "bmc0"
namespace = "bmc"
ip = "10.1.0.2"
netmask = "255.255.255.0"
ipv6 = "fd01::2/64"
[[bmc.user]]
name = "admin"
password = "secret"
"""

# Each peer speaks to 10.1.0.2 from 10.1.0.1, and to fd01::2 from fd01::1.
SET_UP = f"""
set -e
ip netns add bmc; ip netns add plain; ip netns add v100; ip netns add v200
ip link add lan0 type veth peer name bmc0
ip link set bmc0 address {BMC_MAC} netns bmc
ip link set lan0 address {GATEWAY_MAC}
ip link add link lan0 name lan0.100 type vlan id 100
ip link add link lan0 name lan0.200 type vlan id 200
ip link set lan0 up
ip link set lan0.100 netns v100; ip link set lan0.200 netns v200; ip link set lan0 netns plain
for pair in plain:lan0 v100:lan0.100 v200:lan0.200; do
    ip -n ${{pair%:*}} addr add 10.1.0.1/24 dev ${{pair#*:}}
    ip -n ${{pair%:*}} -6 addr add fd01::1/64 dev ${{pair#*:}} nodad
    ip -n ${{pair%:*}} link set ${{pair#*:}} up
done
ip -n bmc link set lo up
set +e
"""

FUNCTIONS = """
section() { echo "=== $1"; }
# NAMESPACE HOST WORD...: ask with its exit status, find where an answer comes, miss where silence is, tell
# where nothing of what is printed matters, since the answer to what ends it all may never come.
console() { ip netns exec $1 ipmitool -I lanplus -U admin -P secret -H $2 "${@:3}" 2>&1; }
ask() { console $1 $2 -N 4 -R 2 "${@:3}"; echo "exit $?"; }
find() { console $1 $2 -N 5 -R 3 mc guid | head -n 1; }
miss() { console $1 $2 -N 1 -R 2 mc guid | head -n 1; }
tell() { console $1 $2 -N 2 -R 1 "${@:3}" >/dev/null; }
arp() { ip netns exec v100 busybox arping -c 2 -w 3 -I lan0.100 10.1.0.2 | grep -c reply; }
watch() {  # watch FILE COUNT WORD...: what comes over the wire, until so many frames did
    ip netns exec plain timeout 60 tcpdump -i lan0 -e -n -l -t -c $2 "${@:3}" >$1 2>$1.err &
    watcher=$!
    for try in $(seq 100); do grep -q listening $1.err && break; sleep 0.1; done
}
"""

STEPS = """
section untagged
find plain 10.1.0.2
miss v100 10.1.0.2
section ipv6
find plain fd01::2
ask plain 10.1.0.2 lan6 print 1 static_addr 0
ask plain 10.1.0.2 lan6 set 1 static_addr 1 enable fd01::22 64
for again in $(seq 20); do
    ask plain 10.1.0.2 lan6 print 1 static_addr 1 | grep -q active && break
done
find plain fd01::22
section tagged
tell plain 10.1.0.2 lan set 1 vlan priority 5
tell plain 10.1.0.2 lan set 1 vlan id 100
watch /tmp/tagged 9 ether host BMC_MAC
ip -n v100 neigh flush dev lan0.100
find v100 10.1.0.2
wait $watcher
cat /tmp/tagged
section others
miss plain 10.1.0.2
miss v200 10.1.0.2
miss plain fd01::2
find v100 fd01::2
section print
ask v100 10.1.0.2 lan print 1
section arp
arp
tell v100 10.1.0.2 lan set 1 arp respond off
arp
find v100 10.1.0.2
tell v100 10.1.0.2 lan set 1 arp respond on
arp
section gratuitous
tell v100 10.1.0.2 lan set 1 arp interval 1
watch /tmp/told 3 vlan 100 and arp src host 10.1.0.2 and arp dst host 10.1.0.2
tell v100 10.1.0.2 lan set 1 arp generate on
wait $watcher
cat /tmp/told
tell v100 10.1.0.2 lan set 1 arp generate off
section alert
tell v100 10.1.0.2 lan alert set 1 1 ipaddr 10.1.0.1
# Destination 1 has a tag of its own: format 1, priority 6, VLAN 200 (parameter 25).
tell v100 10.1.0.2 raw 0x0c 0x01 1 25 1 0x10 0xc8 0xc0
watch /tmp/alert 3 vlan 200 and ether host BMC_MAC
# Alert Immediate, to destination 1; its hardware address is asked for in its VLAN.
ask v100 10.1.0.2 raw 0x04 0x16 1 1 0
wait $watcher
cat /tmp/alert
section moved
tell v100 10.1.0.2 lan set 1 ipaddr 10.1.0.9
find v100 10.1.0.9
miss v100 10.1.0.2
section header
ask v100 10.1.0.9 raw 0x0c 0x01 1 7 0x21 0x40 0x10
watch /tmp/header 1 -v vlan 100 and src host 10.1.0.9
find v100 10.1.0.9
wait $watcher
cat /tmp/header
section statistics
ask v100 10.1.0.9 raw 0x0c 0x04 1 1
ask v100 10.1.0.9 raw 0x0c 0x04 1 0
section off
tell v100 10.1.0.9 lan set 1 vlan id off
find plain 10.1.0.9
miss v100 10.1.0.9
ip -n bmc -br link | grep -c @bmc0
section end
""".replace("BMC_MAC", BMC_MAC)

GUID = "System GUID"
SILENCE = "Error: Unable to establish IPMI"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    for peer in ("ipmitool", "tcpdump", "iproute2"):
        peers.require(peer)
    folder = tmp_path_factory.mktemp("guest")
    description, steps = folder / "bmc.toml", folder / "steps"
    description.write_text(DESCRIPTION)
    run = f"PYTHONPATH={WAYS} {PYTHON} -m baseboard bmc run {description}"
    steps.write_text(
        f"{SET_UP}{FUNCTIONS}{run} >/tmp/log 2>&1 &\nbmc=$!\n"
        "for try in $(seq 600); do grep -q Ctrl-C /tmp/log && break; sleep 0.1; done\n"
        f"{STEPS}kill -INT $bmc; wait $bmc\ncat /tmp/log\n"
    )
    outcome = guest.run(f"modprobe veth; modprobe 8021q\ninroot bash {steps}", interface="none", seconds=280)
    assert outcome.status == 0, f"{outcome.console[-2000:]}\n{outcome.output}"
    parts = re.split(r"^=== (\w+)\n", outcome.output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def heard(text: str) -> list[bool]:
    """Which of the peers that tried in a section were answered."""
    lines = [line for line in text.splitlines() if line.startswith((GUID, SILENCE))]
    return [line.startswith(GUID) for line in lines]


def test_without_a_vlan_only_frames_without_a_tag_are_taken(said: dict[str, str]) -> None:
    assert heard(said["untagged"]) == [True, False]


def test_static_ipv6_addresses_are_reached_once_they_are_committed(said: dict[str, str]) -> None:
    text = said["ipv6"]
    assert heard(text) == [True, True]
    assert "    Address:        fd01::2/64\n    Status:         active\nexit 0" in text
    assert "Setting parameter(s)...\nexit 0" in text


def test_in_a_vlan_every_frame_of_the_bmc_has_its_tag_and_priority(said: dict[str, str]) -> None:
    assert heard(said["tagged"]) == [True]
    frames = [line for line in said["tagged"].splitlines() if " > " in line]
    assert len(frames) == 9
    sent = [line for line in frames if line.startswith(BMC_MAC)]
    assert len(sent) >= 4
    assert all(", ethertype 802.1Q (0x8100), " in line and ": vlan 100, p 5, " in line for line in sent)
    assert any("Reply 10.1.0.2 is-at" in line for line in sent)


def test_others_get_nothing_neither_without_a_tag_nor_in_another_vlan(said: dict[str, str]) -> None:
    assert heard(said["others"]) == [False, False, False, True]


def test_the_parameters_say_what_is(said: dict[str, str]) -> None:
    text = said["print"]
    assert f"MAC Address             : {BMC_MAC}\n" in text
    assert "802.1q VLAN ID          : 100\n802.1q VLAN Priority    : 5\n" in text


def test_arp_is_answered_or_not_as_parameter_10_says(said: dict[str, str]) -> None:
    """Who knows the hardware address anyhow is served all the same."""
    text = said["arp"]
    counts = [int(line) for line in text.splitlines() if line.isdecimal()]
    assert [count > 0 for count in counts] == [True, False, True]
    assert heard(text) == [True]


def test_gratuitous_arps_are_tagged_too(said: dict[str, str]) -> None:
    told = said["gratuitous"].splitlines()
    assert len(told) == 3
    assert all(line.startswith(f"{BMC_MAC} > ff:ff:ff:ff:ff:ff") for line in told)
    assert all("vlan 100, p 5, " in line for line in told)


def test_an_alert_goes_with_the_tag_of_its_destination(said: dict[str, str]) -> None:
    frames = [line for line in said["alert"].splitlines() if " > " in line]
    assert len(frames) == 3
    asked, answered, sent = frames
    assert "vlan 200, p 6, " in asked
    assert "Request who-has 10.1.0.1 tell 10.1.0.2" in asked
    assert "Reply 10.1.0.1 is-at" in answered
    assert "vlan 200, p 6, " in sent
    assert "10.1.0.2.623 > 10.1.0.1.162:" in sent
    assert ".1.3.6.1.4.1.3183.1.1 " in sent


def test_the_bmc_moves_to_another_address_once_it_has_answered(said: dict[str, str]) -> None:
    assert heard(said["moved"]) == [True, False]


def test_packets_have_the_header_of_parameter_7(said: dict[str, str]) -> None:
    assert "(tos 0x10, ttl 33, " in said["header"]
    assert "flags [DF]" in said["header"]


def test_packets_are_counted_by_the_kernel_and_cleared(said: dict[str, str]) -> None:
    numbers = re.findall(r"^((?: [0-9a-f]{2})+) *$", said["statistics"], re.MULTILINE)
    assert len(numbers) == 4
    first, second = (
        [int.from_bytes(bytes.fromhex(text)[at : at + 2], "little") for at in range(0, 18, 2)]
        for text in (numbers[0] + numbers[1], numbers[2] + numbers[3])
    )
    received, errors, _addresses, fragments, sent, udp, rmcp, *proxy = first
    assert received >= udp >= rmcp > second[6] > 0
    assert sent > second[4] > 0
    assert (errors, fragments, proxy) == (0, 0, [0, 0])
    assert second[0] < received


def test_out_of_the_vlan_again_nothing_of_it_is_left(said: dict[str, str]) -> None:
    assert heard(said["off"]) == [True, False]
    assert said["off"].splitlines()[-1] == "0"


def test_the_bmc_complains_of_nothing(said: dict[str, str]) -> None:
    log = said["end"]
    assert "Ctrl-C ends them" in log
    assert not re.search(r"Traceback|refused|bmc0:", log)
