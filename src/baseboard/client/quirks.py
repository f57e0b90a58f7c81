"""Known departures of BMCs from the specification by id: which are borne, and which need consent.

What cannot mislead and costs no security is borne always, by the machines of `baseboard.rmcp` and by the
conveniences of `baseboard.client`. The rest is borne only when its id is among ``quirks=``; without that, the
error that it causes names it. ``docs/topics/quirks-and-profiles.md`` tells of each id what is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from baseboard.errors import ConsentNeeded, LocalProtocolError, LoginError, LoginRefused, NotIpmi, Unreachable
from baseboard.rmcp.login import Quirks

NEED_CONSENT: Final = {
    "Q-NOAUTHCODE": "the BMC's v1.5 packets carry no AuthCode, or a wrong one",
    "Q-BRIDGE-AUTH": "v1.5 packets with answers of controllers behind the BMC carry a wrong AuthCode",
    "Q-CHKSUM": "the checksums of the BMC's messages are wrong",
    "Q-IDZERO": "the BMC's v1.5 packets name session 0 instead of the one that is open",
    "Q-SEQENDIAN": "the numbers of the BMC's v1.5 packets have their bytes the wrong way round",
    "Q-NAMEPAD": "the BMC pads user names and hashes the handshake as old Intel boards do",
    "Q-FORCEPERMSG": "the BMC says that it wants no AuthCodes in v1.5, and yet does",
}
"""What is borne by consent only, and how it shows."""

AFTER_LOGIN: Final = {
    "Q-SCANLIE": "the BMC gives real readings of sensors whose scanning it says is disabled",
    "Q-SELTYPE": "the BMC's events have record types that are none",
    "Q-SETINPROGRESS": "the BMC says for ever that another party is changing its boot options",
}
"""The same, of what is asked in a session; sensors, event log and boot options look for these themselves."""

OWN_OPTION: Final = {
    "Q-SUITE7": "cipher_suite=7",
    "Q-SOLCHAN": "bmc.sol.settings(channel)",
    "Q-SOLPRESENT": "bmc.sol.open(take_over=True)",
    "Q-GUIDFORMAT": "the bytes are given as they came; mc guid takes the order as an argument",
    "Q-BOOTFF": "bmc.boot.set(BootDevice(n)), bmc.boot.set_parameter",
    "Q-BOOTLATE": "the order of bmc.boot.set and bmc.chassis.power_on",
    "Q-MOONSHOT": "target=Target(transit_address=...)",
}
"""What is not done unasked either, and is asked for in a way of its own."""

NOT_BUILT: Final = {
    "Q-SUPERMICRO-OEM15": "the v1.5 authentication type of old Supermicro boards",
    "Q-INTEL-THUMP": "a second packet after each, for the Intel SE7501WV2",
    "Q-82571": "the handshake of Intel 82571 controllers",
    "Q-SOLBAUD": "finding the speed of the system's serial port by trying",
    "Q-ADMINGET": "reading System Info without an error where Administrator is wanted for it",
    "Q-SYSINFOEMPTY": "empty strings of System Info",
    "Q-ARPSET": "ARP control that shows and does nothing: nothing tells",
    "Q-DCMIENT": "asking for DCMI sensors by the entities of both versions",
    "Q-PETSHORT": "an answer to PET Acknowledge without completion code: it is dropped",
    "Q-KCSMMIO": "where a system interface is: the kernel's driver knows",
    "Q-SPINPOLL": "how a system interface is polled: the kernel's driver does",
}
"""What is not there: nobody here could try it, nothing tells, or it is another program's affair."""

_BORNE: Final = (
    # the session
    "OPENPRIV HIGHEST-BAD EXACTPRIV PRIVREQ-UCS SUITE-EXACTPRIV RAKP2LEN SUITE0-ICV RAKP2-GUID0 AUTHCAP "
    "UNEXPAUTH SEQSKIP FIRSTSEQ CHALLENGE-PORT CLOSE-SILENT NO15 V15WRAP CIPHERSTALL CIPHERLIE CIPHERERR "
    "17ONLY 3ONLY RAKP-RETRY FIRSTENC LOGINBURST SLOTS ICTS-PAD KG-ALIGN DISABLED-LAN "
    # the network, the controller itself
    "NOPING ONEBUF SLOWRESET POWERBUSY BUSYFLOOD LOCKDOWN NOSENDMSG ALTBRIDGE HPM-CMD "
    # SDRs and sensors
    "SDRCOUNT SDRNEXT SDRNOLAST SDRLASTC3 SDRLEN SDRFULL SDRSIZE SDRRESV SDRINFO DEVSDR DUPKEY EVONLY "
    "SDREMPTY NAME OWNER LUN123 ENTITY UNITMOD ANALOG00 ABSENT SHORT ILLEGALSTATE DISCRETEVAL THRODD "
    "THRBITS GOODBIT PSUNA MISSTIME HYST SCANEN "
    # event log and inventory
    "SELGEN SELDUP SELRESV SELNOENTRY SELTIME SELNOSDR SELDIR SELFULL SELCLRLOG SELMFR SELOEM FRUSUM "
    "FRUEND FRULONG FRUBUSY FRUSIZE FRUNODEV FRUWORD FRUDATE FRULANG FRUCHASSIS "
    # the serial console
    "SOLSIZE SOLPORT SOLSTATUS SOLSUPPORT SOLALERT SOLCTS SOLENC SOLPRIV SOLINST SOLSTUCK80 SOLCROSS "
    "SOLSTEAL SOLREBOOT SOLSEQJUMP SOLSEQSTUCK SOLKEEP SOLMTU SOLMIX SOLPARAM "
    # configuration, power, the rest
    "PWNEEDED PWFIRST NAMEFIRST PRIVFIRST REDUNDANT PW20 PWPOLICY PWMIN16 PWTEST PWLOCK USER1 FIXEDNAME "
    "USERIGN CALLBACKBIT PIECEMEAL VOLNV SLOWCOMMIT READONLY REBOOTAPPLY BOOTEXTRA "
    "LANMASKGW SESSIONINFO0 UEFIDISK BOOT60 BOOTPERSIST POWERDIAG SOFTNOOS STATUSLATE IDENT "
    "DCMI80 DCMILIE DCMINONE DCMIPOWER0 DCMITAG PETFIELDS WDTFLAG WDTEMPTY FWCOARSE IDOLD "
    "SELFTEST VERSION51"
)
BORNE: Final = frozenset(f"Q-{name}" for name in _BORNE.split())
"""What is borne unasked; to name it in ``quirks=`` does no harm and changes nothing."""

EVERY: Final = BORNE.union(NEED_CONSENT, AFTER_LOGIN, OWN_OPTION, NOT_BUILT)
"""All ids."""

OTHER_NAMES: Final = {
    "idzero": "Q-IDZERO",
    "forcepermsg": "Q-FORCEPERMSG",
    "endianseq": "Q-SEQENDIAN",
    "noauthcodecheck": "Q-NOAUTHCODE",
    "ignoreauthcode": "Q-BRIDGE-AUTH",
    "nochecksumcheck": "Q-CHKSUM",
    "intel20": "Q-NAMEPAD",
    "intelplus": "Q-NAMEPAD",
}
"""What FreeIPMI (``-W``) and ipmitool (``-o``) call the same."""

_SILENCES: Final = (Unreachable, NotIpmi)


def consented(ids: Iterable[str]) -> Quirks:
    """Make the rules of a login from the ids that were allowed.

    Ids of what is borne unasked change nothing, nor do those of what is not built (see `told`).

    Raises:
        LocalProtocolError: there is no such id.
    """
    allowed = {OTHER_NAMES.get(name, name) for name in ids}
    unknown = sorted(allowed - EVERY)
    if unknown:
        known = ", ".join(sorted({*NEED_CONSENT, *AFTER_LOGIN}))
        raise LocalProtocolError(f"quirks: {', '.join(unknown)}; those that can be allowed are {known}")
    return Quirks(
        ignore_checksums="Q-CHKSUM" in allowed,
        ignore_authcodes="Q-NOAUTHCODE" in allowed,
        ignore_bridged_authcodes="Q-BRIDGE-AUTH" in allowed,
        zero_ids="Q-IDZERO" in allowed,
        swapped_numbers="Q-SEQENDIAN" in allowed,
        padded_names="Q-NAMEPAD" in allowed,
        always_authenticate="Q-FORCEPERMSG" in allowed,
    )


def needed(symptoms: Iterable[str]) -> str:
    """The first of a BMC's symptoms that needs consent; empty if none does."""
    return next((symptom for symptom in sorted(symptoms) if symptom in NEED_CONSENT), "")


def named_by(symptoms: Iterable[str], error: LoginError) -> ConsentNeeded | None:
    """Make the error that names a departure, where a login failed for want of a packet that would do.

    Args:
        symptoms: what the BMC has shown.
        error: how the login failed.
    """
    quirk = needed(symptoms)
    if not quirk or error.status is not None or not isinstance(error, (*_SILENCES, LoginRefused)):
        return None
    return ConsentNeeded(error.stage, None, f"{NEED_CONSENT[quirk]} ({quirk})", quirk)


def told(ids: Iterable[str], error: LoginError) -> None:
    """Add to the hint of a failed login what was asked for and is not there."""
    missing = sorted(NOT_BUILT.keys() & set(ids))
    if missing:
        names = "; ".join(f"{quirk} ({NOT_BUILT[quirk]}) is not supported" for quirk in missing)
        error.hint = f"{names}; {error.hint}"
