"""Whether a resource policy turns away every request that comes without TLS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..capture import has_symbol
from .condition import evaluate_all
from .denial import uncovered_actions, uncovered_resources
from .document import ALLOW, DENY, Policy, Statement, parse_policy
from .request import MISSING, RequestContext
from .truth import Truth

# Whether S3 sets s3:TlsVersion for a request without TLS is not documented: it may be missing, or below any version.
_WITHOUT_TLS = tuple(
    RequestContext({"aws:SecureTransport": "false", "s3:TlsVersion": version}) for version in (MISSING, "0")
)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether plaintext is refused, why, and which actions on which resources (`action on resource`) are not covered."""

    refused: Truth
    because: str
    uncovered: tuple[str, ...] = ()


def refuses_plaintext(
    document: str | Mapping[str, Any] | Policy, actions: Iterable[str], resource: str | Iterable[str]
) -> Decision:
    """Whether Deny statements cover all principals for all these actions on these resources, if TLS is not used.

    `actions` and `resource` are patterns, for a bucket `["s3:*"]` and both the bucket and its objects. Several Denies
    may share the work. A Deny that hangs on something else as well makes the answer unknown, one that spares a
    principal, an action or a resource makes it false and is named. Raises PolicyError if the document is malformed.
    Source: Amazon S3 User Guide, "Examples of Amazon S3 bucket policies" and IAM User Guide, "aws:SecureTransport".
    """
    policy = document if isinstance(document, Policy) else parse_policy(document)
    resources = (resource,) if isinstance(resource, str) else tuple(resource)
    pairs = [(action, where) for action in actions for where in resources]
    denies = [(one, _without_tls(one)) for one in policy.statements if one.effect == DENY]
    sure = [one for one, holds in denies if holds is Truth.TRUE and _spared(one) is None]
    perhaps = [one for one, holds in denies if holds is not Truth.FALSE and _spared(one) is None]
    missing = tuple(f"{action} on {where}" for action, where in pairs if not _covered(sure, action, where))
    if pairs and not missing:
        return Decision(Truth.TRUE, f"Plaintext is refused by {_labels(sure)}.")
    if pairs and all(_covered(perhaps, action, where) for action, where in pairs):
        open_points = "; ".join(str(line) for one in perhaps if one not in sure for line in one.conditions)
        return Decision(Truth.UNKNOWN, f"Whether plaintext is refused hangs on {open_points}.", missing)
    left_open = [one for one, holds in denies if holds is not Truth.FALSE and _left_open(one, resources)]
    if left_open:
        said = f"Whether plaintext is refused hangs on what the template leaves open in {_labels(left_open)}."
        return Decision(Truth.UNKNOWN, said, missing)
    return Decision(Truth.FALSE, _shortfall(denies, sure, missing), missing)


def _without_tls(deny: Statement) -> Truth:
    answers = {evaluate_all(deny.conditions, one, variables=deny.variables) for one in _WITHOUT_TLS}
    return answers.pop() if len(answers) == 1 else Truth.UNKNOWN


def _spared(deny: Statement) -> str | None:
    """Whom the Deny does not reach; None if it reaches everyone."""
    if deny.not_principals is not None:
        return ", ".join(one.name for one in deny.not_principals) or None
    if any(one.kind == "AWS" and one.name == "*" for one in deny.principals or ()):
        return None
    return "all but " + (", ".join(one.name for one in deny.principals or ()) or "nobody")


def _left_open(deny: Statement, resources: tuple[str, ...]) -> bool:
    """Whether a template leaves open whom or what a Deny concerns. A name that the resource itself has is what it is, though nobody knows it yet."""
    named = [*(deny.actions or ()), *(deny.not_actions or ()), *(one.name for one in (deny.principals or ()))]
    spared = [*(deny.not_resources or ()), *(one.name for one in (deny.not_principals or ()))]
    own = [each for each in deny.resources or () if not any(each.startswith(one.rstrip("*")) for one in resources)]
    return any(map(has_symbol, (*named, *spared, *own)))


def _covered(denies: list[Statement], action: str, resource: str) -> bool:
    wanted = Statement(0, ALLOW, actions=(action,), resources=(resource,))
    return any(not uncovered_actions(one, wanted) and not uncovered_resources(one, wanted) for one in denies)


def _shortfall(denies: list[tuple[Statement, Truth]], sure: list[Statement], missing: tuple[str, ...]) -> str:
    for deny, holds in denies:
        spared = _spared(deny)
        if holds is Truth.TRUE and spared is not None:
            return f"Plaintext is allowed: {deny.label} spares {spared}."
    if not sure:
        return "Plaintext is allowed: no Deny applies when a request comes without TLS."
    return f"Plaintext is allowed: {_labels(sure)} does not cover {', '.join(missing)}."


def _labels(statements: list[Statement]) -> str:
    return " and ".join(one.label for one in statements)
