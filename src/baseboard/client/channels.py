"""`bmc.channels`: the ways into a controller, who may use them, and by what (§22.13-22.25, §24.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.client.together import together, unless
from baseboard.codes import Cc, ChannelMedium, PayloadType, Privilege
from baseboard.commands.app.channels import (
    AccessMode,
    Change,
    GetChannelAccess,
    GetChannelAccessResponse,
    GetChannelAuthenticationCapabilities,
    GetChannelAuthenticationCapabilitiesResponse,
    GetChannelCipherSuites,
    GetChannelInfo,
    GetChannelInfoResponse,
    KeyId,
    KeyLock,
    KeyOperation,
    SetChannelAccess,
    SetChannelSecurityKeys,
)
from baseboard.commands.app.payload import (
    GetChannelPayloadSupport,
    GetChannelPayloadSupportResponse,
    GetChannelPayloadVersion,
)
from baseboard.crypto.suites import SuiteRecord, read_records
from baseboard.errors import EncodeError, NoEffect

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

HERE: Final = 0xE
NUMBERS: Final = (*range(0x0, 0xC), 0xF)
"""The channel numbers that a system can have (Table 6-1)."""

MOST_BLOCKS: Final = 0x40
"""Pieces of a list of cipher suites; the index has six bits."""

KG_SIZE: Final = 20
_PIECE: Final = 16
_ABSENT: Final = (Cc.INVALID_DATA, Cc.NOT_PRESENT, Cc.PARAMETER_OUT_OF_RANGE, Cc.DESTINATION_UNAVAILABLE)


class Channels:
    """The channels of a controller."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def list(self) -> list[GetChannelInfoResponse]:
        """List the channels that there are."""

        async def ask(number: int) -> GetChannelInfoResponse | None:
            return await unless(self.info(number), *_ABSENT)

        found = await together(self._bmc, ask, NUMBERS)
        # Some controllers answer for any number, with what the present channel is.
        return [
            info
            for number, info in zip(NUMBERS, found, strict=True)
            if info is not None and info.channel == number
        ]

    async def info(self, channel: int = HERE) -> GetChannelInfoResponse:
        """Ask what a channel is; without a number the present one."""
        return await self._bmc.execute(GetChannelInfo(channel=channel))

    async def lan(self) -> int | None:
        """Find the first LAN channel; None if there is none."""
        for number in NUMBERS[1:-1]:
            info = await unless(self.info(number), *_ABSENT)
            if info is not None and info.medium == ChannelMedium.LAN:
                return info.channel
        return None

    async def capabilities(
        self, channel: int = HERE, privilege: Privilege = Privilege.ADMINISTRATOR
    ) -> GetChannelAuthenticationCapabilitiesResponse:
        """Ask how one may log in."""
        return await self._bmc.execute(
            GetChannelAuthenticationCapabilities(channel=channel, privilege=privilege)
        )

    # ---- access

    async def access(
        self, channel: int = HERE, which: Change = Change.VOLATILE
    ) -> GetChannelAccessResponse | None:
        """Ask for the access settings in force, or those stored.

        Returns: None for a channel without sessions, which has none.
        """
        request = GetChannelAccess(channel=channel, which=which)
        return await unless(self._bmc.execute(request), GetChannelAccess.NOT_SUPPORTED)

    async def set_access(
        self,
        channel: int = HERE,
        *,
        stored: bool = True,
        in_force: bool = True,
        access_mode: AccessMode | None = None,
        privilege_limit: Privilege | None = None,
        alerting_disabled: bool | None = None,
        per_message_auth_disabled: bool | None = None,
        user_auth_disabled: bool | None = None,
    ) -> None:
        """Change access settings; what is left out stays as it is. All fields are written in one go.

        Args:
            stored: the settings that hold from the next start on.
            in_force: the settings that hold now.

        Raises:
            NoEffect: acknowledged, and not what one reads back.
        """
        copies = [Change.NON_VOLATILE] * stored + [Change.VOLATILE] * in_force
        for which in copies:
            now = await self._bmc.execute(GetChannelAccess(channel=channel, which=which))
            wanted = GetChannelAccessResponse(
                alerting_disabled=_or(alerting_disabled, now.alerting_disabled),
                per_message_auth_disabled=_or(per_message_auth_disabled, now.per_message_auth_disabled),
                user_auth_disabled=_or(user_auth_disabled, now.user_auth_disabled),
                access_mode=now.access_mode if access_mode is None else access_mode,
                privilege_limit=now.privilege_limit if privilege_limit is None else privilege_limit,
            )
            if wanted == now:
                continue
            await self._bmc.execute(
                SetChannelAccess(
                    channel=channel,
                    change_access=which,
                    change_limit=which,
                    alerting_disabled=wanted.alerting_disabled,
                    per_message_auth_disabled=wanted.per_message_auth_disabled,
                    user_auth_disabled=wanted.user_auth_disabled,
                    access_mode=wanted.access_mode,
                    privilege_limit=wanted.privilege_limit,
                )
            )
            back = await self._bmc.execute(GetChannelAccess(channel=channel, which=which))
            if back != wanted:
                raise NoEffect(f"channel {channel}: wrote {wanted}, read back {back}")

    # ---- cipher suites, payloads, keys

    async def cipher_suites(self, channel: int = HERE) -> tuple[SuiteRecord, ...]:
        """List the cipher suites that a channel says it has; the handshake is the better proof."""
        data = b""
        for index in range(MOST_BLOCKS):
            answer = await self._bmc.execute(GetChannelCipherSuites(channel=channel, list_index=index))
            data += answer.data[:_PIECE]
            if len(answer.data) < _PIECE:
                break
        return tuple(read_records(data))

    async def payloads(self, channel: int = HERE) -> GetChannelPayloadSupportResponse:
        """Ask which payloads a channel has."""
        return await self._bmc.execute(GetChannelPayloadSupport(channel=channel))

    async def payload_version(self, payload_type: PayloadType, channel: int = HERE) -> str | None:
        """Ask for the version of a payload's format, such as ``1.0``; None if the channel has it not."""
        request = GetChannelPayloadVersion(channel=channel, payload_type=payload_type)
        answer = await unless(self._bmc.execute(request), GetChannelPayloadVersion.NOT_AVAILABLE)
        return None if answer is None else f"{answer.major}.{answer.minor}"

    async def set_kg(self, key: bytes, channel: int = HERE) -> KeyLock:
        """Set the controller's key for two-key logins; sessions that are open keep theirs.

        Args:
            key: at most 20 bytes; empty for one-key logins.

        Raises:
            EncodeError: it is longer.
        """
        if len(key) > KG_SIZE:
            raise EncodeError(f"K_G: {len(key)} bytes, at most {KG_SIZE} fit")
        request = SetChannelSecurityKeys(
            channel=channel, operation=KeyOperation.SET, key_id=KeyId.K_G, key=key.ljust(KG_SIZE, b"\0")
        )
        return (await self._bmc.execute(request)).lock_status

    async def kg(self, channel: int = HERE) -> bytes | None:
        """Read the key for two-key logins; None if it is locked and no longer told."""
        request = SetChannelSecurityKeys(channel=channel, operation=KeyOperation.READ, key_id=KeyId.K_G)
        answer = await unless(self._bmc.execute(request), SetChannelSecurityKeys.KEY_LOCKED)
        return None if answer is None else answer.key

    async def lock_kg(self, channel: int = HERE) -> KeyLock:
        """Lock the key for two-key logins for good: it can be neither set nor read any more."""
        request = SetChannelSecurityKeys(channel=channel, operation=KeyOperation.LOCK, key_id=KeyId.K_G)
        return (await self._bmc.execute(request)).lock_status


def _or(wanted: bool | None, present: bool) -> bool:
    return present if wanted is None else wanted
