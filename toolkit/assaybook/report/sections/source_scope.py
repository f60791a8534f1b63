"""What of source trees was looked at: trees, templates and packages, under the names that people know them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...assess import Assessment
from ...capture import PLACES, TREE, Capture
from ...tables.code import CodePackage
from ..blocks import Block, Cell, Inline, badge, bullets, code, note, paragraph, table
from .wording import noun

SOURCE = "source"
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: real accounts and their regions, source trees, and templates by the account that was made up for each."""

    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    trees: tuple[str, ...]
    templates: Mapping[str, str]

    def called(self, account: str) -> str:
        """An account as a reader knows it: one that was made up for a template by the path of that template."""
        return f"{self.templates[account]} (made-up account {account})" if account in self.templates else account


def scope_of(assessment: Assessment) -> Looked:
    """What an assessment looked at."""
    trees = [each for each in assessment.captures if each.call == TREE]
    templates: dict[str, list[str]] = {}
    for tree in trees:
        for each in _members(tree, "templates"):
            if each.get("account"):
                templates.setdefault(str(each["account"]), []).append(str(each.get("path", "")))
    made_up = {account: ", ".join(sorted(paths)) for account, paths in sorted(templates.items())}
    real = [
        each
        for each in assessment.captures
        # A tree without templates has one capture that says so, of an account that is nowhere.
        if each.target.provider != SOURCE and each.call != PLACES and each.target.account not in made_up
    ]
    return Looked(
        tuple(sorted({each.target.account for each in real})),
        tuple(sorted({each.target.region for each in real if not each.outside})),
        tuple(sorted({_name(each) for each in trees})),
        made_up,
    )


def _name(tree: Capture) -> str:
    return str(tree.answer.get("name", "")) or tree.target.account


def _members(capture: Capture, name: str) -> list[Mapping[str, Any]]:
    found = capture.answer.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def tree_blocks(assessment: Assessment) -> list[Block]:
    """Each source tree with its commit, its templates and their problems, and what in it was not read."""
    blocks: list[Block] = []
    for each in assessment.captures:
        if each.call == TREE:
            blocks += _tree(each, _problems(assessment))
    if blocks:
        blocks += _unread(assessment)
    return blocks


def _problems(assessment: Assessment) -> dict[str, list[str]]:
    """What could not be read of each template, by its path."""
    found: dict[str, list[str]] = {}
    for each in assessment.captures:
        if each.call == PLACES:
            told = [f"{one.get('why', '')} ({one.get('where', '')})" for one in _members(each, "problems")]
            known = found.setdefault(str(each.params.get("path", "")), [])
            known += [one for one in (*([each.message] if each.gap() else []), *told) if one not in known]
    return found


def _tree(tree: Capture, problems: Mapping[str, list[str]]) -> list[Block]:
    commit = str(tree.answer.get("commit", ""))
    at: list[Inline | str] = [" at commit ", code(commit)] if commit else [", of which no commit is known"]
    left = "".join(
        f" Left out: {each.get('files')} files by {each.get('pattern')} ({each.get('reason')}; agreed by {each.get('reviewer')})."
        for each in _members(tree, "excluded")
    )
    packages, files = int(tree.answer.get("packages", 0)), int(tree.answer.get("files", 0))
    blocks: list[Block] = [
        paragraph(
            "Read from the source tree ",
            code(_name(tree)),
            *at,
            f": {noun('file', files)} in {noun('package', packages)}. Nothing was asked of an account.{left}",
        )
    ]
    rows: list[list[Cell]] = [
        _template(each, problems.get(str(each.get("path", "")), [])) for each in _members(tree, "templates")
    ]
    if rows:
        blocks.append(
            table(
                ["Template", "Form", "Stands as account", "Read"],
                rows,
                caption="Templates; each is assessed as if it were deployed, in an account that was made up for it",
                widths=[34, 14, 20, 40],
            )
        )
    else:
        blocks.append(paragraph("No template was found, so nothing is known of how the code is deployed."))
    refused = [f"{each.get('path', '')}: {each.get('why', '')}" for each in _members(tree, "refused")]
    return [*blocks, *_listed("Files that were refused", refused)]


def _template(each: Mapping[str, Any], problems: list[str]) -> list[Cell]:
    said = "; ".join(problems[:3]) + (f" and {len(problems) - 3:,} more" if len(problems) > 3 else "")
    read: Cell = [badge("not whole", "unknown"), f" {said}"] if said else [badge("read", "pass")]
    return [[code(str(each.get("path", "")))], str(each.get("format", "")), str(each.get("account", "")) or "–", read]


def _unread(assessment: Assessment) -> list[Block]:
    found = [
        said for each in assessment.evidence.rows(CodePackage) if isinstance(each.unread, tuple) for said in each.unread
    ]
    if not found:
        return []
    return [
        note("warning", f"{noun('source file', len(found))} could not be read; what stands there is unknown."),
        *_listed("Source files that were not read", found),
    ]


def _listed(title: str, items: list[str]) -> list[Block]:
    if not items:
        return []
    more = [f"and {len(items) - MOST_NAMED:,} more"] if len(items) > MOST_NAMED else []
    return [paragraph(f"{title}:"), bullets([*items[:MOST_NAMED], *more])]
