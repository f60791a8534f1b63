"""What mends an exception, as commands and templates: for each check the worst of its exceptions, filled with its names."""

from __future__ import annotations

from collections.abc import Sequence

from ...assess import Assessment
from ...model import Finding
from ...remedy import SHOWN, filled, remedy_of
from ..blocks import Block, snippets
from .wording import worst_first

_ADVICE = "Read and adapt before you run anything; words in capitals are yours to choose."


def remedy_blocks(assessment: Assessment, failed: Sequence[Finding]) -> list[Block]:
    """One block for each check among the failures, about the worst that nobody has accepted; none if all of them are."""
    blocks: list[Block] = []
    seen: set[str] = set()
    unaccepted = worst_first([each for each in failed if assessment.waiver_of(each) is None])
    for each in unaccepted:
        texts = filled(each, assessment.evidence) if each.check not in seen else {}
        seen.add(each.check)
        if texts:
            blocks.append(
                snippets(
                    f"{each.check}: what mends {each.subject} ({_place(each)})",
                    [(SHOWN[tool], text.rstrip("\n")) for tool, text in texts.items()],
                    remark=_remark(each.check, sum(one.check == each.check for one in unaccepted), first=not blocks),
                )
            )
    return blocks


def _place(each: Finding) -> str:
    return "/".join(part for part in (each.subject.account, each.subject.region) if part)


def _remark(check: str, failures: int, *, first: bool) -> str:
    remedy = remedy_of(check)
    said = [remedy.note] if remedy is not None and remedy.note else []
    said += [_ADVICE] if first else []
    if failures > 1:
        said.append(f"The other exceptions have theirs in the folder remedies, in the files {check}.")
    return " ".join(said)
