"""Users described."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint import UserSpec
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint

V15 = '[bmc.lan]\nv15 = ["md5"]\n'
ABROAD = '[bmc.lan]\naddress = "192.0.2.1"\n'
USER = "[[bmc.user]]\n"


def users(folder: Path, text: str) -> tuple[UserSpec, ...]:
    return blueprint(folder, ONE + text).users


def test_ids_are_given_from_2_on(tmp_path: Path) -> None:
    made = users(
        tmp_path,
        f"{USER}name = 'a'\npassword = 'x'\n{USER}id = 2\nname = 'b'\npassword = 'y'\n"
        f"{USER}name = 'c'\npassword = 'z'\nprivilege = 'user'\nenabled = false\n",
    )
    assert [(user.user_id, user.name, user.password, user.privilege, user.enabled) for user in made] == [
        (2, b"b", b"y", 4, True),
        (3, b"a", b"x", 4, True),
        (4, b"c", b"z", 2, False),
    ]


@pytest.mark.parametrize(
    ("lan", "password", "size"),
    [("", "x", 20), ("", "x" * 20, 20), (V15, "x" * 16, 16), (V15, "x" * 17, 20)],
)
def test_a_password_is_kept_in_16_bytes_where_v15_may_ask(
    lan: str, password: str, size: int, tmp_path: Path
) -> None:
    (user,) = users(tmp_path, f"{lan}{USER}name = 'a'\npassword = '{password}'\n")
    assert user.size == size


def test_the_size_may_be_given(tmp_path: Path) -> None:
    (user,) = users(tmp_path, f"{USER}name = 'a'\npassword = 'x'\npassword_size = 16\n")
    assert user.size == 16


def test_an_anonymous_login_without_a_password_is_for_those_who_ask(tmp_path: Path) -> None:
    (user,) = users(tmp_path, f"{USER}id = 1\npassword = ''\n")
    assert (user.user_id, user.name, user.password) == (1, b"", b"")


def test_two_users_of_one_name_differ_in_privilege(tmp_path: Path) -> None:
    twice = "name = 'a'\npassword = 'x'\n"
    made = users(tmp_path, f"{USER}{twice}{USER}{twice}privilege = 'operator'\n")
    assert [user.privilege for user in made] == [4, 3]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (
            f"{USER}id = 2\nname='a'\npassword='x'\n{USER}id = 2 {HERE}\nname='b'\npassword='y'\n",
            "user[1].id",
            "twice",
        ),
        (f"{USER}id = 16 {HERE}\nname='a'\npassword='x'\n", "user[0].id", "at most max_users, which is 15"),
        (f"{USER}id = 1\nname='a' {HERE}\npassword='x'\n", "user[0].name", "user 1 always has the null name"),
        (f"[[bmc.user]] {HERE}\npassword='x'\n", "user[0].name", "missing; only user 1"),
        (f"{USER}name='éééééééé\u0061' {HERE}\npassword='x'\n", "user[0].name", "found 17 bytes"),
        (
            f"{USER}name='a'\npassword='x'\n{USER}name='a' {HERE}\npassword='x'\n",
            "user[1].name",
            "another user has the same name",
        ),
        (
            f"[[bmc.user]] {HERE}\nname='a'\n",
            "user[0].password",
            "one of password, password_env, password_file",
        ),
        (
            f"{USER}name='a'\npassword='ééééééééééé' {HERE}\n",
            "user[0].password",
            "found 22 bytes; allowed are at most 20",
        ),
        (
            f"{USER}name='a'\npassword_size=16\npassword='aaaaaaaaaaaaaaaaa' {HERE}\n",
            "user[0].password",
            "found 17 bytes; allowed are at most 16",
        ),
        (
            f"{ABROAD}{USER}id = 1 {HERE}\npassword = 'x'\n",
            "user[0].id",
            "an anonymous login is for loopback addresses",
        ),
        (
            f"{ABROAD}{USER}name = 'a'\npassword = '' {HERE}\n",
            "user[0].password",
            "an empty password is for loopback",
        ),
        (
            f"{ABROAD}{USER}name = 'a'\npassword_file = '/dev/null' {HERE}\n",
            "user[0].password_file",
            "an empty password",
        ),
    ],
)
def test_a_mistake(text: str, key: str, words: str, tmp_path: Path) -> None:
    assert_mistake(tmp_path, ONE + text, f"bmc[0].{key}", words)


def test_a_nul_from_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"ab\0c\n")
    text = f"{ONE}{USER}name = 'a'\npassword_file = 'secret' {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[0].user[0].password_file", "NUL")
