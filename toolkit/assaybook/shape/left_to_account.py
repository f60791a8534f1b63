"""What a stack leaves to the account that it is deployed into, so that a template is not blamed for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..capture import NOT_ASKED, PLACES, UNTOLD, Captures
from ..evidence import Gap, Hole, Row
from ..tables.compute import Workload
from ..tables.copies import Retention
from ..tables.data import Store
from ..tables.monitoring import EvidenceStore
from ..tables.scope import Account, Region

TAGGING = "resourcegroupstaggingapi:GetResources"
SETTINGS, FILTERS = "lambda:GetAccountSettings", "logs:DescribeSubscriptionFilters"
TAGGED_LATER = "its template sets no tags, and those of a stack are given when it is deployed; collect from the account"
ELSEWHERE = "a template is no whole account: what else lies beside it, only the account tells"
SENT_ON = "whether an archive of the account keeps its records longer is not in a template"
OPEN_TAG = "the value of a tag hangs on what the template leaves open"
LOG_GROUP = "log group"
# Tags that SAM and CloudFormation set themselves. Source: AWS SAM Developer Guide, "AWS::Serverless::Function"; AWS CloudFormation User Guide, "Resource tag".
_MADE = ("aws:", "lambda:createdby", "httpapi:createdby")


def left_to_account(captures: Captures, items: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """The same rows, with a gap in place of what only the account tells: of stacks, and of those alone."""
    stacks = {each.target.account for each in captures.of(PLACES)}
    if not stacks:
        yield from items
        return
    rows = list(items)
    untagged = {each.subject.key for each in rows if isinstance(each, (Workload, Store)) and _untagged(each.tags)}
    functions = {each.where for each in rows if isinstance(each, Workload)}
    for item in rows:
        if isinstance(item, Hole) or item.subject.account not in stacks:
            yield item
        else:
            yield _left(item, untagged, functions)


def _left(row: Row, untagged: set[str], functions: set[str]) -> Row:
    if isinstance(row, (Account, Region)):
        return replace(row, whole=_gap(row, SETTINGS, ELSEWHERE))  # type: ignore[arg-type]
    if isinstance(row, (Workload, Store)) and _untagged(row.tags):
        return replace(row, tags=_gap(row, TAGGING, TAGGED_LATER))  # type: ignore[arg-type]
    if isinstance(row, (Workload, Store)) and _open(row.tags):
        return replace(row, tags=replace(_gap(row, TAGGING, OPEN_TAG), state=UNTOLD))  # type: ignore[arg-type]
    # A log group that is written down without an end is the template's own choice; one that Lambda makes, at the function's line, is not.
    chosen = isinstance(row, Retention) and row.kind == LOG_GROUP and row.where not in functions
    if isinstance(row, Retention) and row.classified is False and row.subject.key in untagged and not chosen:
        return replace(row, classified=_gap(row, TAGGING, TAGGED_LATER))  # type: ignore[arg-type]
    if isinstance(row, EvidenceStore) and row.kind == LOG_GROUP and not row.sent_to:
        return replace(row, sent_to=_gap(row, FILTERS, SENT_ON))  # type: ignore[arg-type]
    return row


def _untagged(tags: object) -> bool:
    return isinstance(tags, Mapping) and all(str(each).casefold().startswith(_MADE) for each in tags)


def _open(tags: object) -> bool:
    """Whether a part of a tag's value is open, which stands in it by its symbol."""
    return isinstance(tags, Mapping) and any("${" in str(each) for each in tags.values())


def _gap(row: Row, call: str, reason: str) -> Gap:
    return Gap(call, NOT_ASKED, reason, "", row.subject.account, row.subject.region)
