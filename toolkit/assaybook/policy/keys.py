"""Which condition keys keep callers out, and which only look as if they did.

Source: IAM User Guide, "AWS global condition context keys"; Service Authorization Reference for the keys of services.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..capture import has_symbol
from .compare import Operator, operator_of, plain
from .document import Condition
from .match import has_wildcard
from .reach import Holder, Narrowing, Reach, narrows, never, nothing, undecided, widest
from .request import RequestContext, substitute
from .width import (
    OWN_ORGANISATION,
    account_width,
    address_width,
    arn_width,
    network_id_width,
    organisation_width,
    subject_width,
    token_width,
    user_id_width,
)

Width = Callable[[str, bool, Holder], Narrowing]

SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths"}
)
_ACCOUNT_KEYS = (
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:principalaccount",
    "aws:vpceaccount",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
)
_ORGANISATION_KEYS = (
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
)
_ARN_KEYS = (
    "aws:sourcearn",
    "aws:principalarn",
    "aws:sourcevpcarn",
    "s3:dataaccesspointarn",
    "lambda:sourcefunctionarn",
    "elasticfilesystem:accesspointarn",
)
_WIDTHS: dict[str, Width] = {
    **dict.fromkeys(_ACCOUNT_KEYS, account_width),
    **dict.fromkeys(_ORGANISATION_KEYS, organisation_width),
    **dict.fromkeys(_ARN_KEYS, arn_width),
    "aws:sourcevpc": network_id_width,
    "aws:sourcevpce": network_id_width,
    "aws:userid": user_id_width,
    "lambda:eventsourcetoken": token_width,
}
# Values that whoever calls sets, or that any caller has: they tell requests apart, not callers.
_CALLERS_CHOICE = {
    "aws:useragent": "the caller writes it",
    "aws:referer": "the caller writes it",
    "aws:username": "anyone can name a user so",
    "aws:principaltype": "any account has such principals",
    "aws:sourceidentity": "the caller sets it",
    "aws:requestedregion": "the caller picks it",
    "aws:securetransport": "it asks for TLS, not for a caller",
    "s3:tlsversion": "it asks for TLS, not for a caller",
    "aws:multifactorauthpresent": "any account can require a second factor",
    "aws:multifactorauthage": "any account can require a second factor",
    "aws:currenttime": "it limits when, not who",
    "aws:epochtime": "it limits when, not who",
    "aws:tokenissuetime": "it limits when, not who",
    "aws:viaawsservice": "any caller can go through a service",
    "aws:calledvia": "any caller can go through a service",
    "aws:calledviafirst": "any caller can go through a service",
    "aws:calledvialast": "any caller can go through a service",
    "kms:viaservice": "any account's calls go through the service",
    "aws:resourceaccount": "it names the resource, not the caller",
    "aws:resourceorgid": "it names the resource, not the caller",
    "aws:resourceorgpaths": "it names the resource, not the caller",
    "aws:vpcsourceip": "any account can have a VPC with these addresses",
    "lambda:functionurlauthtype": "it tells signed calls from unsigned ones, not whose they are",
    "lambda:invokedviafunctionurl": "any caller can use the address",
    "sts:externalid": "it is no secret",
    "sts:rolesessionname": "the caller sets it",
    "kms:grantisforawsresource": "any account's services make grants",
    "s3:resourceaccount": "it names the resource, not the caller",
    "sns:protocol": "the caller picks it",
    "token.actions.githubusercontent.com:aud": "every repository asks for the same audience",
    "saml:aud": "every account has the same audience",
    "cognito-identity.amazonaws.com:amr": "it tells guests from members, not whose they are",
}
_CALLERS_CHOICE_PREFIXES = {
    "s3:": "it describes the request, not the caller",
    "kms:encryptioncontext": "the caller writes it",
    "aws:requesttag/": "the caller writes it",
    "aws:resourcetag/": "it names the resource, not the caller",
    "aws:principaltag/": "any account can tag its principals so",
    "aws:tagkeys": "the caller writes it",
}
_PRINCIPAL_KEYS = ("aws:principalaccount", "aws:principalarn", "aws:principalorg", "aws:userid", "aws:username")


def narrowing(condition: Condition, holder: Holder, *, from_service: bool, required: frozenset[str]) -> Narrowing:
    """What one condition of an Allow leaves of its callers.

    `from_service`: the callers are services that act by their own name. `required` holds the keys (lower case)
    that another condition demands to be there, so that `...IfExists` on them is no way out.
    """
    operator = operator_of(condition.operator)
    key = condition.key.lower()
    if operator is None:
        return undecided(f"the operator {condition.operator} is not known")
    if operator.name == "null":
        return nothing("it asks whether the key is there, not for a value")
    if operator.negated:
        return nothing("it shuts out only what it names")
    found = _by_key(condition, operator, holder, from_service=from_service)
    optional = operator.if_exists or operator.quantifier == "forallvalues"
    if optional and key not in required:
        return nothing(f"it also holds for requests without {condition.key}")
    return replace(found, keys=frozenset({key}))


def _by_key(condition: Condition, operator: Operator, holder: Holder, *, from_service: bool) -> Narrowing:
    key = condition.key.lower()
    if from_service and key.startswith((*_PRINCIPAL_KEYS, "aws:sourceip", "aws:sourcevpc", "kms:calleraccount")):
        return undecided(f"a service's own call is not documented to carry {condition.key}")
    if from_service and key.startswith("kms:encryptioncontext:") and key.endswith("arn"):
        return _by_values(condition, operator, arn_width, holder)
    if key == "aws:sourceip":
        return _addresses(condition, operator)
    if key in ("aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"):
        return _service_calls(condition, operator)
    width = _WIDTHS.get(key) or _federated_width(key)
    open_value = next(filter(_is_open, condition.values), None)
    if width is not None and open_value is not None:
        return undecided(f"what {open_value} stands for is not known")
    if width is not None:
        return _by_values(condition, operator, width, holder)
    reason = _callers_choice(key)
    return nothing(reason) if reason else undecided(f"whether {condition.key} keeps callers out is not known")


def _is_open(value: str) -> bool:
    """Whether a template leaves open whom a value names; of an ARN that is its account."""
    parts = value.split(":", 5)
    return has_symbol(parts[4] if len(parts) == 6 and parts[0] == "arn" else value)


def _callers_choice(key: str) -> str:
    if key in _CALLERS_CHOICE:
        return _CALLERS_CHOICE[key]
    return next((why for prefix, why in _CALLERS_CHOICE_PREFIXES.items() if key.startswith(prefix)), "")


def _federated_width(key: str) -> Width | None:
    """Claims of a token stand under the name of who issued it: `issuer:claim`."""
    issuer, _, claim = key.rpartition(":")
    if "." not in issuer and issuer != "saml":
        return None
    if claim in ("sub", "oaud", "namequalifier"):
        return subject_width if claim == "sub" else token_width
    # Where the audience is not the same for all, it names one client or one identity pool.
    if claim in ("aud", "azp", "app_id") and not issuer.startswith(("token.actions.", "saml")):
        return token_width
    return None


def _by_values(condition: Condition, operator: Operator, width: Width, holder: Holder) -> Narrowing:
    if operator.family != "string" and not (width is arn_width and operator.family == "arn"):
        return undecided(f"{condition.operator} is not an operator for {condition.key}")
    context = RequestContext(
        {"aws:ResourceAccount": holder.account, "aws:ResourceOrgID": holder.organisation or OWN_ORGANISATION}
    )
    parts: list[Narrowing] = []
    for value in condition.values:
        filled = substitute(value, context)
        if filled is None:
            continue
        pattern, exact = filled
        parts.append(width(pattern, operator.takes_wildcards or not exact, holder))
    return widest(parts)


def _addresses(condition: Condition, operator: Operator) -> Narrowing:
    if operator.name == "ipaddress":
        return address_width(condition.values)
    if operator.name == "stringlike" and any(not value.strip("*?") for value in condition.values):
        return nothing("* matches any address")
    return undecided(f"{condition.operator} is not an operator for {condition.key}")


def _service_calls(condition: Condition, operator: Operator) -> Narrowing:
    if operator.family == "bool":
        if {value.lower() for value in condition.values} == {"true"}:
            return narrows(Reach.SERVICE, "AWS services", services=("*",))
        return nothing("it keeps no caller out but services")
    if operator.family != "string":
        return undecided(f"{condition.operator} is not an operator for {condition.key}")
    names = tuple(plain(value) for value in condition.values)
    if any(has_wildcard(name) for name in names) and not operator.takes_wildcards:
        return never("no service is called by a wildcard")
    return narrows(Reach.SERVICE, "calls of " + ", ".join(names), services=names)
