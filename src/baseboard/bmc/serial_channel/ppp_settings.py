"""What the serial/modem parameters say about a PPP link (Table 25-4, parameters 30-48)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.commands.parameters import serial_ppp as p
from baseboard.links.ppp import PppSettings, Proof

if TYPE_CHECKING:
    from baseboard.bmc.services.login import Login
    from baseboard.bmc.services.serial_parameters import SerialParameters
    from baseboard.bmc.services.users import User, Users

MESSAGING: Final = 1
"""The account whose address the BMC has towards those who call it."""

_PROOFS: Final = {
    p.LinkAuthentication.NONE: Proof.NONE,
    p.LinkAuthentication.CHAP: Proof.CHAP_MD5,
    p.LinkAuthentication.PAP: Proof.PAP,
}
"""MS-CHAP needs MD4 and DES, which are no ciphers to bring back: parameters 33 and 43 refuse it with CCh."""


def link_settings(
    parameters: SerialParameters,
    account: int,
    secret: Callable[[bytes], bytes | None],
    *,
    ask: bool,
) -> PppSettings:
    """How a link is negotiated.

    Args:
        parameters: the channel's.
        account: whose address, name and password the BMC has on this link.
        secret: gives the password of a user who may have a link.
        ask: the other end has to prove who it is, if parameter 33 says so.
    """
    options, accm = parameters.read(p.PppProtocolOptions), parameters.read(p.PppAccm)
    wanted = _PROOFS[parameters.read(p.PppLinkAuthentication).protocol] if ask else Proof.NONE
    ours = _PROOFS[parameters.read(p.PppAccountAuthentication, account).protocol]
    return PppSettings(
        address=parameters.read(p.PppAccountIpAddress, account).address,
        fixed_address=options.ip_address == p.IpNegotiation.FIXED,
        addressed=options.ip_address != p.IpNegotiation.NONE,
        given=parameters.read(p.PppRemoteConsoleIpAddress).address,
        wanted=wanted,
        name=parameters.text(41, account) + parameters.text(40, account),
        password=parameters.text(42, account),
        offered=() if ours is Proof.NONE else (ours,),
        asks_as=parameters.text(34),
        secret=secret,
        accm=accm.receive if options.negotiate_accm else None,
        # Byte 2 bit 2 is read so (unverified): a character that the other end was asked to escape, and that
        # the transmit ACCM has, came from the line itself if it comes as it is.
        filtered=accm.transmit if options.filter_by_accm else 0,
        pfc=options.negotiate_pfc,
        acfc=options.negotiate_acfc,
        send_pfc=options.send_pfc,
        send_acfc=options.send_acfc,
        least_accm=accm.transmit,
    )


def link_user(users: Users, login: Login, channel: int, name: bytes) -> User | None:
    """The user of that name who may have a link: enabled, not locked out, link authentication on (§6.9)."""
    for user in users:
        if name and user.enabled and user.name == name and not login.locked_out(user.user_id):
            access = users.access(channel, user.user_id)
            if access.link_auth:
                return user
    return None
