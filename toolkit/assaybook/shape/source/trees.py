"""What could not be read of a source tree as a whole: templates and files that hide nobody knows what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...capture import FAILED, PLACES, TREE, Capture, Captures
from ...evidence import Gap, Hole
from ...tables.scope import Population
from ..records import place


def shape_trees(captures: Captures) -> Iterator[Hole]:
    """A hole in what was counted for each template, part of a template or file that was not read."""
    for capture in captures.of(PLACES):
        if gap := capture.gap():
            yield Hole(
                Population,
                Gap(gap.call, gap.state, capture.message or gap.reason, "", gap.account, gap.region, gap.evidence),
                place(capture.target),
            )
        for where, why in _listed(capture, "problems", "where"):
            yield _hole(capture, f"{why} ({where})")
    for capture in captures.of(TREE):
        for path, why in _listed(capture, "refused", "path"):
            yield _hole(capture, f"{path}: {why}")


def _listed(capture: Capture, member: str, name: str) -> Iterator[tuple[str, str]]:
    found = capture.answer.get(member)
    for each in found if isinstance(found, list) else ():
        if isinstance(each, Mapping):
            yield str(each.get(name, "")), str(each.get("why", ""))


def _hole(capture: Capture, said: str) -> Hole:
    where = capture.target
    return Hole(Population, Gap(capture.call, FAILED, said, "", where.account, where.region, capture.ref), place(where))
