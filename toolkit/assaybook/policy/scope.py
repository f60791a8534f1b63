"""Whether a statement's resources are so wide that they name no data in particular.

Source: Service Authorization Reference, for the forms of ARNs and the condition keys that tell resources apart.
"""

from __future__ import annotations

from functools import lru_cache

from .actions import Action, matching, services
from .actions import action as known_action
from .compare import operator_of
from .document import Condition
from .extent import Extent
from .match import arn_parts, covers

DATA_SERVICES = ("dynamodb", "kinesis", "kms", "s3", "secretsmanager", "sns", "sqs", "ssm")
# Describing a thing tells about it and not what it holds; a bucket's listing is the names of what it holds.
_DESCRIBES = (
    *(
        "Describe",
        "List",
        "GetBucket",
        "GetQueue",
        "GetTopicAttributes",
        "GetSubscription",
        "GetKeyPolicy",
        "GetKeyRotation",
    ),
    *(
        "GetPublicKey",
        "GetResourcePolicy",
        "GetAccessPoint",
        "GetEncryptionConfiguration",
        "GetLifecycle",
        "GetParametersForImport",
    ),
)
_LISTINGS = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})
# Keys whose values pick some resources out of many; those that say who asks, from where or by which way do not.
_PICKS = (
    "aws:resourcetag/",
    "s3:existingobjecttag/",
    "secretsmanager:resourcetag/",
    "ssm:resourcetag/",
    "kms:encryptioncontext:",
)
_PICKS_WHOLE = frozenset(
    {
        "s3:prefix",
        "dynamodb:leadingkeys",
        "kms:viaservice",
        "kms:resourcealiases",
        "kms:requestalias",
        "secretsmanager:secretid",
    }
)


@lru_cache(maxsize=1)
def data_actions() -> frozenset[str]:
    """The actions that read, change or open data of the services above, and whose policies can name what they are on."""
    found = {one.name for service in DATA_SERVICES for one in matching(f"{service}:*") if _on_data(one)}
    return frozenset(found | _LISTINGS)


def _on_data(action: Action) -> bool:
    verb = action.name.partition(":")[2]
    if not action.takes or action.level in ("List", "Tagging") or verb.startswith(_DESCRIBES):
        return False
    return not action.name.startswith("ssm:") or "parameter" in action.takes


def wide_resources(found: Extent) -> tuple[str, ...]:
    """The patterns of an Extent that name every resource of a kind, unless a condition or what is spared picks some out."""
    if any(picks(one) for one in found.own_conditions):
        return ()
    wide = [pattern for pattern in found.resources if any(is_wide(pattern, name) for name in found.actions)]
    if wide and all(any(is_wide(spared, name) for spared in found.spared) for name in found.actions):
        return ()
    return tuple(wide)


@lru_cache(maxsize=16384)
def is_wide(pattern: str, action: str) -> bool:
    """Whether a resource pattern covers all resources of a kind that the action takes, in some region of some account."""
    known = known_action(action)
    forms = services()[action.partition(":")[0]].resources if known else {}
    return any(_covers_form(pattern, forms[kind]) for kind in (known.takes if known else ()) if kind in forms)


def _covers_form(pattern: str, form: str) -> bool:
    pieces = form.replace("${Partition}", "aws").split("${")
    whole = pieces[0] + "".join("?*" + piece.partition("}")[2] for piece in pieces[1:])
    given, wanted = arn_parts(pattern), arn_parts(whole)
    if given is None or wanted is None:
        return covers(pattern, whole)
    return covers(given[2], wanted[2]) and covers(given[5], wanted[5])


def picks(condition: Condition) -> bool:
    """Whether a condition leaves some resources only: a key that tells them apart, with a value that is not just a wildcard."""
    operator = operator_of(condition.operator)
    key = condition.key.lower()
    if operator is None or operator.negated or operator.name == "null" or operator.if_exists:
        return False
    if operator.quantifier == "forallvalues" and key != "dynamodb:leadingkeys":
        return False
    if not key.startswith(_PICKS) and key not in _PICKS_WHOLE:
        return False
    return bool(condition.values) and all(value.strip("*") for value in condition.values)
