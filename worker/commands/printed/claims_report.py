"""Prints what `claimwire audit` found about claims, and what it repaired."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from worker.commands.printed.printing import print_json, print_line

if TYPE_CHECKING:
    from worker.contract.topics import Topics
    from worker.operate.article_audit import ClaimFinding
    from worker.operate.claims_audit import ClaimsAudit, Unreadable
    from worker.operate.claims_repair import Repair

__all__ = ["ClaimsReport"]


_MAX_KEPT = 100_000
"""Findings of one repair: about 60 MB. The rest is retracted when the command is run again."""


class ClaimsReport:
    """Prints each finding as it comes: a line, or a JSON object. `kept`: the findings, if they are to be repaired."""

    def __init__(self, topics: Topics, *, as_json: bool, keep: bool) -> None:
        self._topics, self._as_json, self._keep = topics, as_json, keep
        self.kept: list[ClaimFinding] = []

    def finding(self, found: ClaimFinding) -> None:
        """A wrong claim or state, with what to do about it."""
        advice = advice_for(found, self._topics)
        if self._keep and len(self.kept) < _MAX_KEPT:
            self.kept.append(found)
        if self._as_json:
            print_json(_as_fields(found) | {"advice": advice})
            return
        what = f"claim {found.claim_id}" if found.claim_id else "state"
        at = " ".join(str(place) for place in (found.claim, found.support) if place is not None)
        print_line(f"WRONG {found.wrong} {what} of {found.uri} ({at}): {found.detail}; {advice}")

    def unreadable(self, found: Unreadable) -> None:
        if self._as_json:
            print_json({"unreadable": str(found.at), "why": found.why})
        else:
            print_line(f"PASSED BY {found.at}: {found.why}")

    def summary(self, audit: ClaimsAudit) -> None:
        wrong = {str(kind): count for kind, count in sorted(audit.wrong.items())}
        counts = {
            "articles": audit.articles,
            "open": audit.open,
            "asserted": audit.asserted,
            "without_state": audit.without_state,
            "in_dead_letters": audit.in_dead_letters,
            "unreadable": audit.unreadable,
        }
        if self._as_json:
            print_json({"claims": counts | {"wrong": wrong}})
            return
        print_line(
            f"{audit.articles:,} articles were compared with {audit.asserted:,} asserted claims; {audit.open:,} more "
            f"wait for the lifecycle, {audit.without_state:,} have no state, {audit.in_dead_letters:,} extractions are "
            f"in the dead letters, {audit.unreadable:,} records were passed by."
        )
        if wrong:
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in wrong.items())
            print_line(f"{sum(wrong.values()):,} are wrong: {kinds}.")
        else:
            print_line("Every claim is one that the youngest version of its article makes, and none is missing.")

    def repaired(self, done: Repair) -> None:
        parts = {"retracted": done.retracted, "changed": done.changed, "busy": done.busy}
        if self._as_json:
            for outcome, findings in parts.items():
                for found in findings:
                    print_json(_as_fields(found) | {"repair": outcome})
            return
        for found in done.retracted:
            print_line(f"RETRACTED {found.claim_id} of {found.uri} (was {found.claim})")
        left = Counter({name: len(findings) for name, findings in parts.items()})
        print_line(f"{left['retracted']:,} claims were retracted.")
        if left["changed"]:
            print_line(
                f"{left['changed']:,} changed since they were compared and were left as they are: run the audit again."
            )
        if left["busy"]:
            print_line(
                f"{left['busy']:,} were left because the lifecycle was faster each time: run it again when less comes "
                "in."
            )


def advice_for(found: ClaimFinding, topics: Topics) -> str:
    """What an operator does about a finding."""
    from worker.operate.article_audit import UNSUPPORTED, Wrong

    if found.wrong in UNSUPPORTED:
        return "claimwire audit --repair retracts it"
    if found.wrong is Wrong.UNKNOWN_ARTICLE:
        return f"if {topics.extracted} is whole, claimwire audit --repair --unknown-articles retracts it"
    raw = found.raw
    place = f"{raw.topic}[{raw.partition}]@{raw.offset}" if raw else "the article"
    if found.wrong is Wrong.STATE and raw is not None:
        window = f"--partitions {raw.partition} --from-offset {raw.offset} --to-offset {raw.offset + 1}"
        return f"claimwire replay --in-place {window} lets the lifecycle read it again"
    return f"send the record {place} again: the lifecycle then publishes all claims of the article"


def _as_fields(found: ClaimFinding) -> dict[str, object]:
    return {
        "wrong": str(found.wrong),
        "claim_id": found.claim_id or None,
        "uri": found.uri,
        "claim": str(found.claim) if found.claim else None,
        "support": str(found.support) if found.support else None,
        "detail": found.detail,
    }
