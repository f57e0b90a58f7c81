"""``baseboard doctor``: walks the stages of a login and tells what was found, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE, FAILED, as_options
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.native import StageFinding

if TYPE_CHECKING:
    from baseboard.cli.native_call import NativeCall
    from baseboard.client.doctor import Finding

_STAGE_WIDE: Final = 31
_SIGNS: Final = {"ok": "ok    ", "note": "note  ", "failed": "FAILED"}


async def run(call: NativeCall, words: list[str]) -> int:
    """Examine a BMC, and tell each stage when it is done.

    Returns: 1 if a stage failed.
    """
    from baseboard.client.doctor import Verdict, examine

    settings = call.options.settings
    if words:
        raise UsageError("`doctor` takes options only")
    if settings.interface not in ("lanplus", "lan"):
        raise UsageError("`doctor` examines logins over the network: give -H")

    def tell(finding: Finding) -> None:
        verdict, advice = finding.verdict.value, as_options(finding.advice)
        call.result(
            StageFinding(stage=finding.stage.value, verdict=verdict, text=finding.text, advice=advice)
        )
        call.out(f"{_SIGNS[verdict]}  {finding.stage.value:{_STAGE_WIDE}}  {printable(finding.text)}")
        if advice:
            call.out(f"{'':{_STAGE_WIDE + 10}}-> {printable(advice)}")

    found = await examine(settings, tell)
    bad = any(finding.verdict is Verdict.BAD for finding in found)
    return FAILED if bad else DONE
