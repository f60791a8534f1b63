"""An assessment in a few lines of text. Everything from an account is hostile: control characters never reach the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .assess import Assessment, stack_accounts
from .compare import Comparison
from .model import Outcome, Status
from .plan.extent import DERIVED, SOURCE
from .report.glyphs import visible
from .report.sections.imports import imported_lines
from .report.sections.summary import conclusion
from .report.sections.wording import STATUS_WORDS, share, worst_first

MOST_FAILURES = 10


def calm(text: str) -> str:
    """The text on one line, with what is invisible or reorders text shown as code points."""
    return visible(text).replace("\n", "⟨U+000A⟩").replace("\t", "⟨U+0009⟩")


def summary_lines(assessment: Assessment) -> Iterator[str]:
    """Conclusion, figures, the worst failures, and what was not assessed."""
    score = assessment.automatic
    statuses = Counter(each.status for each in assessment.controls)
    yield ""
    yield calm(conclusion(assessment))
    yield (
        f"automatic controls: conformity {share(score.conformity)} (between {share(score.lower)} and {share(score.upper)}), coverage {share(score.coverage)}"
    )
    yield "controls: " + ", ".join(f"{statuses[each]} {STATUS_WORDS[each]}" for each in Status)
    failed = worst_first([each for each in assessment.findings if each.outcome is Outcome.FAIL])
    for each in failed[:MOST_FAILURES]:
        waived = " (waived)" if assessment.waiver_of(each) else ""
        yield f"  {each.severity.value:8} {assessment.catalogue.home(each.check).id}  {calm(each.because)}{waived}"
    if len(failed) > MOST_FAILURES:
        yield f"  ... and {len(failed) - MOST_FAILURES} more failures"
    yield from map(calm, imported_lines(assessment))
    account_only = assessment.account_only
    if account_only:
        yield f"left to the account: {len(account_only)} controls need an account that is collected; they do not count for the exit code"
    stacks = stack_accounts(assessment.captures)
    left_out = {each.call for each in assessment.not_assessed if each.by_plan and not each.of_stacks(stacks)}
    plans = [each for each in assessment.plans if each != SOURCE]
    by_plan = {each for each in left_out if each.partition(":")[0] not in DERIVED}
    if by_plan:
        yield f"left out by the {' and '.join(plans)} plan: {len(by_plan)} calls; a larger --plan asks them"
    if left_out - by_plan:
        yield f"not read: {', '.join(sorted(left_out - by_plan))}"
    calls = sorted({each.call for each in assessment.not_assessed if not each.by_plan})
    if calls:
        yield f"not assessed for lack of evidence: {len(calls)} calls ({', '.join(calls[:4])}{', ...' if len(calls) > 4 else ''})"


def since_lines(assessment: Assessment, since: Comparison) -> Iterator[str]:
    """What is new since the baseline, worst first, what was mended, and what cannot be compared."""
    new = worst_first([each for each in assessment.findings if each.id in since.new])
    unseen = f", {len(since.unseen)} cannot be told now" if since.unseen else ""
    yield f"since the baseline: {len(new)} new, {len(since.persisting)} persist ({len(since.moved)} of them elsewhere), {len(since.fixed)} fixed{unseen}; only what is new decides the exit code"
    for each in new[:MOST_FAILURES]:
        yield f"  new {each.outcome.value:6} {each.severity.value:8} {calm(each.where)}  {calm(each.because)}"
    if len(new) > MOST_FAILURES:
        yield f"  ... and {len(new) - MOST_FAILURES} more new ones"
    for note in since.notes:
        yield f"  mind: {calm(note)}"
