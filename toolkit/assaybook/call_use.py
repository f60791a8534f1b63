"""Which calls of the plan serve which controls, by what the controls name as their evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .catalogue import Catalogue, Control
from .plan import Call

_OPERATION = re.compile(r"\b[a-z0-9-]+:[A-Z][A-Za-z0-9]+\b")
# What controls name as evidence and another call of the plan answers, so that it need not be asked.
ANSWERED_BY: Mapping[str, str] = {
    "apigateway:GetMethod": "apigateway:GetResources, which embeds the methods",
    "iam:GetAccessKeyLastUsed": "iam:GetCredentialReport, which has it for all keys",
    "iam:GetPolicyVersion": "iam:GetAccountAuthorizationDetails, which has the version in force of each policy",
    "iam:ListAccessKeys": "iam:GetCredentialReport, which has all keys with their age",
    "lambda:GetFunctionConfiguration": "lambda:ListFunctions, which has the configuration of all functions and versions",
    "lambda:GetLayerVersion": "lambda:GetLayerVersionByArn, which takes the ARN that a function names",
    "lambda:ListVersionsByFunction": "lambda:ListFunctions, which is asked for all versions",
}
# What controls name as evidence and this version does not ask, though they have checks: what those checks do without.
NOT_ASKED_YET: Mapping[str, str] = {
    "cloudformation:DescribeStacks": "Templates and their parameters are read where code is read; the checks of the configuration do without.",
    "cloudformation:GetTemplate": "Templates are read where code is read; the checks of the configuration do without.",
    "ecr:BatchGetImage": "What is inside an image is read where code is read; the checks of the configuration do without.",
    "cloudwatch:DescribeAnomalyDetectors": "An alarm on an anomaly names its metric, which the list of alarms has; a detector without an alarm tells nobody.",
}


def operations(control: Control) -> tuple[str, ...]:
    """The operations that a control names as its evidence, in its order."""
    return tuple(dict.fromkeys(found for said in control.evidence for found in _OPERATION.findall(said)))


def serving(calls: Iterable[Call], catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """For each row of a plan, the ids of the controls that it serves: those that name its operation, and those that name an operation which is asked about its records."""
    rows = tuple(calls)
    named = _named(catalogue)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for each in _with_parents(row, {each.key: each for each in rows}):
            found[each.key].update(named.get(row.name, ()))
    return {row.key: tuple(sorted(found[row.key], key=catalogue.position)) for row in rows}


def _named(catalogue: Catalogue) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for control in catalogue.controls:
        for name in operations(control):
            found[ANSWERED_BY.get(name, name).partition(",")[0]].add(control.id)
    return found


def _with_parents(row: Call, rows: Mapping[str, Call]) -> Iterator[Call]:
    while True:
        yield row
        above = row.each or (rows[row.instead_of].each if row.instead_of in rows else "")
        if above not in rows:
            return
        row = rows[above]
