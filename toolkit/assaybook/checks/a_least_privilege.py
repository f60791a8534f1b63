"""Area A, least privilege: no role can enlarge itself, rights to data name the data, and few can read a secret."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.extent import Extent, extent
from ..policy.gains import Gain, holds_everything
from ..policy.held import held
from ..policy.scope import data_actions, wide_resources
from ..policy.truth import Truth
from ..tables.identity import Role
from ..watched import Watched
from .escalating import bounded_deploy_role, few, said_ways, ways_to_rights
from .rights import unread_limits

MOST_NAMED = 4


@check("privilege-escalation-path", over=Role)
def privilege_escalation_path(role: Role, evidence: Watched) -> Verdict:
    """No role of a workload can win rights that it was not given."""
    if holds_everything(held(role)):
        return na(f"{role.name} may do everything already, which has a check of its own")
    if bounded_deploy_role(role, evidence):
        return na(
            f"{role.name} is a declared deploy role and stays within its boundary {role.boundary.name if role.boundary else ''}"
        )
    found = ways_to_rights(role, evidence)
    surely = [each for each in found if each.certain is Truth.TRUE]
    if surely:
        strong = any(each.gains is Gain.ADMINISTRATOR for each in surely)
        said = f"{role.name} can win rights: {said_ways(surely)}{unread_limits([role])}"
        return fail(said, severity=None if strong else Severity.HIGH)
    if found:
        hangs = f"it hangs on this: {found[0].hangs_on}"
        return review(f"{role.name} may win rights: {said_ways(found)}; {hangs}{unread_limits([role])}")
    return ok(f"{role.name}: no known way leads to more rights" + (" within its boundary" if role.boundary else ""))


# What AWS's own policies let a function do to take events in, and SAM attaches of its own accord: reading and acknowledging what lies in queues and streams,
# in any of them. Source: AWS Lambda Developer Guide, "AWS managed policies for Lambda features".
OF_EVENT_SOURCES = frozenset(
    {
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaMSKExecutionRole",
    }
)


@check("data-statement-on-all-resources", over=Role)
def data_statement_on_all_resources(role: Role, evidence: Watched) -> Verdict:
    """Statements on tables, buckets, queues, topics, streams, secrets, parameters and keys name what they are on."""
    rights = held(role)
    if holds_everything(rights):
        return na(f"{role.name} may do everything, which has a check of its own")
    reached = extent(rights, data_actions())
    if not reached:
        return na(f"{role.name} holds no right to data")
    wide = [(each, patterns) for each in reached if (patterns := wide_resources(each))]
    if wide:
        said = f"{role.name} reaches data that nobody named: {few((_wide(*each) for each in wide), '; ')}"
        if all(each.statement.partition(",")[0] in OF_EVENT_SOURCES for each, _ in wide):
            return fail(said, severity=Severity.LOW, used=frozenset({"internet", "sensitive"}))
        return fail(said)
    if role.setting.production is True:
        words = frozenset(evidence.parameter("nonproduction_values"))
        strange = sorted({one for each in reached for one in each.resources if _words_of(one) & words})
        if strange:
            return review(
                f"{role.name} is tagged production and reaches what another environment seems to own: {few(strange)}"
            )
    return ok(f"{role.name} names its data: {few(one for each in reached for one in each.resources)}")


def _wide(found: Extent, patterns: Sequence[str]) -> str:
    shown = few(found.actions if len(found.actions) <= MOST_NAMED else found.written)
    given = f", if {' and '.join(map(str, found.own_conditions))}" if found.own_conditions else ""
    return f"{found.statement} allows {shown} on {few(patterns)}{given}"


def _words_of(arn: str) -> frozenset[str]:
    """The words of the name in an ARN: `table/orders-dev` is table, orders and dev."""
    return frozenset(re.split(r"[^a-z0-9]+", arn.split(":", 5)[-1].lower()))
