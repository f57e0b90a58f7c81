"""The verbs of payloads: what there is, who may use it, whose it is (§24)."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

_ENCRYPTION: Final = ("SuspendResumePayloadEncryption",)

PAYLOAD: Final[tuple[Verb, ...]] = (
    Verb(
        "payload support", "[CHANNEL]", "payload types of a channel", True,
        sends=("GetChannelPayloadSupport",),
    ),
    Verb(
        "payload version", "TYPE [CHANNEL]", "version of a payload's format",
        sends=("GetChannelPayloadVersion",),
    ),
    Verb(
        "payload oem", "TYPE|IANA ID [CHANNEL]", "whose an OEM payload is",
        sends=("GetChannelOemPayloadInfo",),
    ),
    Verb("payload status", "[TYPE]", "instances in use", sends=("GetPayloadActivationStatus",)),
    Verb("payload instance", "[TYPE [N]]", "whose an instance is", sends=("GetPayloadInstanceInfo",)),
    Verb(
        "payload access get", "USER [CHANNEL]", "payloads that a user may use", True,
        sends=("GetUserPayloadAccess",),
    ),
    Verb(
        "payload access set", "USER enable|disable TYPE ... [channel N]", "change that",
        sends=("SetUserPayloadAccess",),
    ),
    Verb(
        "payload deactivate", "[TYPE [N]]", "end somebody's payload",
        loses="the payload that is active now", sends=("DeactivatePayload",),
    ),
    Verb("payload suspend", "[TYPE [N]]", "have this session's come in clear", sends=_ENCRYPTION),
    Verb("payload resume", "[TYPE [N]]", "have it encrypted again", sends=_ENCRYPTION),
    Verb("payload new-iv", "[TYPE [N]]", "begin a new key stream, under xRC4", sends=_ENCRYPTION),
    Verb("payload activating", "[N]", "say that SOL takes the port, as BMCs do", sends=("SolActivating",)),
)  # fmt: skip
