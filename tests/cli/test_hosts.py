"""Lists of hosts: ranges, groups, ports, files; and ranges back from names."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli import hosts
from baseboard.cli.hosts import HostListError, Place, folded, listed, places, ranges


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("node", ["node"]),
        ("a,b c", ["a", "b", "c"]),
        ("node[001-003]", ["node001", "node002", "node003"]),
        ("node[8-10,20].net", ["node8.net", "node9.net", "node10.net", "node20.net"]),
        ("r[1-2]n[1-2]", ["r1n1", "r1n2", "r2n1", "r2n2"]),
        ("a,a,b,a", ["a", "b"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_list_is_expanded_in_its_order_each_host_once(text: str, names: list[str]) -> None:
    assert [place.name for place in places(text)] == names


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("bmc1", Place("bmc1", "bmc1", None)),
        ("bmc1:6230", Place("bmc1:6230", "bmc1", 6230)),
        ("[2001:db8::1]:6230", Place("[2001:db8::1]:6230", "2001:db8::1", 6230)),
        ("[2001:db8::1]", Place("[2001:db8::1]", "2001:db8::1", None)),
        ("2001:db8::1", Place("2001:db8::1", "2001:db8::1", None)),
    ],
)
def test_host_and_port_are_told_apart(name: str, place: Place) -> None:
    assert places(name) == [place]


def test_ports_may_be_a_range() -> None:
    assert [place.port for place in places("127.0.0.1:[6230-6232]")] == [6230, 6231, 6232]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("node[3-1]", "no list of numbers"),
        ("node[a-b]", "no list of numbers"),
        ("node[1-2", "no partner"),
        ("node1-2]", "no partner"),
        ("node[]", "no list of numbers"),
        ("node[0-100000]", "more than"),
        ("n[1-1000]x[1-1000]", "more than"),
        ("a[1-60000],b[1-60000]", "more than"),
        ("host:0", "no port"),
        ("host:70000", "no port"),
        ("host:", "no port"),
        ("[::1]6230", "written"),
        ("127.0.0.1:6700-6702", r"in brackets, 127\.0\.0\.1:\[6700-6702\]"),
        ("[::1]:1-2", r"in brackets, \[::1\]:\[1-2\]"),
        ("192.0.2.1-9", r"in brackets, such as 192\.0\.2\.\[1-9\]"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, complaint: str) -> None:
    with pytest.raises(HostListError, match=complaint):
        places(text)


def test_groups_are_lists_and_may_hold_groups() -> None:
    groups = {"rack1": "node[1-2]", "all": "@rack1, spare"}
    assert [place.host for place in places("@all,other", groups)] == ["node1", "node2", "spare", "other"]


def test_a_group_that_is_not_there_or_holds_itself_is_told() -> None:
    with pytest.raises(HostListError, match=r"no such group .*there: rack1"):
        places("@rack2", {"rack1": "a"})
    with pytest.raises(HostListError, match="contains itself"):
        places("@a", {"a": "@b", "b": "@a"})


def test_the_users_groups_are_read_from_their_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(HostListError, match="there: none"):
        places("@rack")
    (tmp_path / "baseboard").mkdir()
    Path(hosts.groups_file()).write_text("# ours\nrack: node[1-2]  # two\n@more: other\n\n")
    assert [place.host for place in places("@rack,@more")] == ["node1", "node2", "other"]
    Path(hosts.groups_file()).write_text("rack node1\n")
    with pytest.raises(HostListError, match="groups:1: a group is a line"):
        places("@rack")
    Path(hosts.groups_file()).unlink()
    Path(hosts.groups_file()).mkdir()
    with pytest.raises(HostListError, match="directory"):
        places("@rack")


def test_without_a_folder_of_its_own_the_configuration_is_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "/nowhere")
    assert hosts.groups_file() == "/nowhere/.config/baseboard/groups"


def test_a_file_has_a_list_a_line() -> None:
    assert [place.host for place in places(listed("node[1-2]  # two\n# none\n\nother, more\n"))] == [
        "node1",
        "node2",
        "other",
        "more",
    ]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["node001", "node002", "node003"], "node[001-003]"),
        ([f"node{number:03d}" for number in range(98, 103)], "node[098-102]"),
        (["n8", "n9", "n10"], "n[8-10]"),
        (["n1", "n3", "n4", "x"], "n[1,3-4],x"),
        (["a1.net", "a2.net", "a1.org"], "a[1-2].net,a1.org"),
        (["h:1", "h:2"], "h:[1-2]"),
        (["127.0.0.1:6700", "127.0.0.1:6701", "127.0.0.1:6703"], "127.0.0.1:[6700-6701,6703]"),
        (["n01:623", "n02:623", "n02:624"], "n01:623,n02:[623-624]"),
        (["n01:623", "n02:623", "n03"], "n[01-02]:623,n03"),
        (["rack:623", "rack"], "rack:623,rack"),
        (["[::1]:1", "[::1]:2", "fe80::1", "fe80::2"], "[::1]:[1-2],fe80::1,fe80::2"),
        (["one"], "one"),
        (["node7"], "node7"),
        ([], ""),
    ],
)
def test_names_are_folded_into_ranges(names: list[str], text: str) -> None:
    assert folded(names) == text


def test_what_is_folded_expands_again() -> None:
    names = [f"node{number:03d}" for number in (1, 2, 3, 7, 99, 100, 101)]
    assert [name for part in [folded(names)] for name in ranges(part)] == names


def test_ports_and_hosts_with_ports_expand_again() -> None:
    names = ["127.0.0.1:6700", "127.0.0.1:6701", "n1:623", "n2:623", "[::1]:6230", "[::1]:6231"]
    assert folded(names) == "127.0.0.1:[6700-6701],n[1-2]:623,[::1]:[6230-6231]"
    assert [place.name for place in places(folded(names))] == names
