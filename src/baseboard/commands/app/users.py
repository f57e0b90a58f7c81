"""Users: names, passwords, and what each may do on a channel (§22.26-22.30)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import OpenEnum, at


class EnableStatus(OpenEnum):
    """Whether Set User Password enabled a user ID (Table 22-32, byte 3)."""

    UNSPECIFIED = 0
    ENABLED = 1
    DISABLED = 2


class PasswordOperation(OpenEnum):
    """What Set User Password does (Table 22-35, byte 2)."""

    DISABLE_USER = 0
    ENABLE_USER = 1
    SET_PASSWORD = 2
    TEST_PASSWORD = 3


class SetUserAccessResponse(Response):
    """The user's access is set (Table 22-31)."""


@command(NetFn.APP, 0x43, section="22.26", privilege=Privilege.ADMINISTRATOR, name="Set User Access Command")
class SetUserAccess(Request[SetUserAccessResponse]):
    """Say what a user may do on a channel."""

    change_bits: bool = at("1[7]", "whether the three bits below count; the limit always does", default=True)
    callback_only: bool = at("1[6]", "restricted to callback", default=False)
    link_authentication: bool = at(
        "1[5]", "name and password serve to authenticate a PPP link", default=False
    )
    messaging: bool = at("1[4]", "IPMI messaging enabled", default=False)
    channel: int = at("1[3:0]", default=0xE)
    user_id: int = at("2[5:0]")
    privilege_limit: Privilege = at("3[3:0]")
    session_limit: int | None = at("4[3:0]", "sessions at a time; 0 = no limit of the user's", default=None)


class GetUserAccessResponse(Response):
    """What a user may do on a channel, and how many users there are (Table 22-32)."""

    max_users: int = at("2[5:0]", "highest user ID")
    enable_status: EnableStatus = at("3[7:6]")
    enabled_users: int = at("3[5:0]", "how many are enabled on the channel")
    fixed_names: int = at("4[5:0]", "how many user IDs have names that cannot be set")
    callback_only: bool = at("5[6]")
    link_authentication: bool = at("5[5]")
    messaging: bool = at("5[4]")
    privilege_limit: Privilege = at("5[3:0]")


@command(NetFn.APP, 0x44, section="22.27", privilege=Privilege.OPERATOR, name="Get User Access Command")
class GetUserAccess(Request[GetUserAccessResponse]):
    """Ask what a user may do on a channel."""

    channel: int = at("1[3:0]", default=0xE)
    user_id: int = at("2[5:0]")


class SetUserNameResponse(Response):
    """The name is set (Table 22-33)."""


@command(NetFn.APP, 0x45, section="22.28", privilege=Privilege.ADMINISTRATOR)
class SetUserName(Request[SetUserNameResponse]):
    """Name a user."""

    user_id: int = at("1[5:0]")
    user_name: bytes = at("2:17", "padded with 00h; the first 00h ends it")


class GetUserNameResponse(Response):
    """A user's name (Table 22-34)."""

    user_name: bytes = at("2:17", "padded with 00h")


@command(NetFn.APP, 0x46, section="22.29", privilege=Privilege.OPERATOR, name="Get User Name Command")
class GetUserName(Request[GetUserNameResponse]):
    """Ask for a user's name."""

    user_id: int = at("1[5:0]")


class SetUserPasswordResponse(Response):
    """Done; for a test: the password is right (Table 22-35)."""


@command(
    NetFn.APP, 0x47, section="22.30", privilege=Privilege.ADMINISTRATOR, name="Set User Password Command"
)
class SetUserPassword(Request[SetUserPasswordResponse]):
    """Set or test a user's password, enable or disable the user."""

    TEST_FAILED = CompletionCode(0x80, "password test failed: data does not match")
    TEST_FAILED_SIZE = CompletionCode(0x81, "password test failed: wrong password size")

    twenty_bytes: bool = at("1[7]", "the password is a 20-byte one, for IPMI v2.0 logins only", default=False)
    user_id: int = at("1[5:0]")
    operation: PasswordOperation = at("2[1:0]")
    password: bytes = at(
        "3:", "16 or 20 bytes, padded with 00h; may be absent to enable or disable", default=b"", secret=True
    )
