"""The challenges, inventory: functions are managed by a template, bear the tags that tell whose and what they are, and keep environments apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.document import parse_policy
from ..policy.match import matches
from ..tables.compute import EnvironmentVariable, Workload
from ..tables.data import Store
from ..tables.identity import Role
from ..tables.scope import InventoryComparison
from ..watched import Watched

# Its class is that of what writes to it, and its owner that of the function.
FOLLOWS_ITS_WRITER = "log group"
MOST_NAMED = 3
Thing = TypeVar("Thing", Workload, Store)


@check("function-not-managed", over=Workload)
def function_not_managed(workload: Workload, evidence: Watched) -> Verdict:
    """Each function is made and changed by a template, so that the inventory of templates is that of the account."""
    keys, account = _folded(evidence.parameter("managed_tag_keys")), workload.subject.account
    if workload.templated:
        by = next(f"{key} {value}" for key, value in sorted(workload.tags.items()) if key.casefold() in keys)
        return ok(f"{workload.name} is managed: {by}")
    if evidence.any(Workload, account=account, templated=True) is None:
        # Rows come by key, so that the first one is the same for all.
        first = evidence.any(Workload, account=account)
        if first is not None and first.key != workload.key:
            return na(f"that no function of account {account} names a stack is reported at {first.name}")
        return review(
            f"no tag of any function of account {account} names a stack, {workload.name} being the first of them; look up what manages them"
        )
    return fail(
        f"{workload.name} bears no tag of a stack or template, and others of the account do: nobody's template has it",
        severity=Severity.MEDIUM,
    )


@check("declared-and-deployed-differ", over=InventoryComparison)
def declared_and_deployed_differ(compared: InventoryComparison, evidence: Watched) -> Verdict:
    """The functions that the templates of the source declare are those that the account has."""
    declared = compared.side == "template"
    here = f"template {compared.name} declares" if declared else f"account {compared.name} has"
    there = "no account that was collected has" if declared else "no template of the source declares"
    if compared.missing:
        why = "it is not deployed, lies elsewhere or is called otherwise" if declared else "another source may have it"
        return review(
            f"{here} {_some(compared.missing)}, which {there}: {why}, which neither side tells ({compared.same} of {compared.functions} are on both)"
        )
    if compared.alike:
        return review(
            f"{here} {_some(compared.alike)}, whose names only resemble those of the other side, as the template leaves them open: a person has to tell whether they are the same"
        )
    return ok(f"all {compared.functions} functions that {here} are on the other side, too")


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"


@check("function-without-required-tags", over=Workload)
def function_without_required_tags(workload: Workload, evidence: Watched) -> Verdict:
    """Each function names its owner, its environment and the class of its data."""
    return _tagged(f"function {workload.name}", workload.tags, evidence)


@check("store-without-required-tags", over=Store)
def store_without_required_tags(store: Store, evidence: Watched) -> Verdict:
    """Each store names its owner, its environment and the class of its data."""
    if store.kind == FOLLOWS_ITS_WRITER:
        return na(f"the log group {store.name} belongs to whoever writes to it")
    return _tagged(f"{store.kind} {store.name}", store.tags, evidence)


def _tagged(what: str, tags: Mapping[str, str], evidence: Watched) -> Verdict:
    wrong = [*_wrong(tags, evidence)]
    return fail(f"{what} {'; '.join(wrong)}") if wrong else ok(f"{what} names its owner, environment and class of data")


def _wrong(tags: Mapping[str, str], evidence: Watched) -> Iterator[str]:
    environments = (*evidence.parameter("production_values"), *evidence.parameter("nonproduction_values"))
    demanded = (
        ("owner", "owner_tag_keys", ()),
        ("environment", "environment_tag_keys", environments),
        ("class of data", "class_tag_keys", evidence.parameter("class_values")),
    )
    for meaning, keys, allowed in demanded:
        known = _folded(evidence.parameter(keys))
        values = [value for key, value in sorted(tags.items()) if key.strip().casefold() in known and value.strip()]
        if not values:
            yield f"names no {meaning}"
        elif allowed and not _folded(values) & _folded(allowed):
            yield f"names the {meaning} {values[0]}, which is none of the set values"


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in words)


@check("environment-not-separated", over=Workload)
def environment_not_separated(workload: Workload, evidence: Watched) -> Verdict:
    """No right and no setting of a function reaches from one environment into another."""
    account, mine = workload.subject.account, workload.production
    if mine is None:
        said = "its tags do not say" if workload.tags else "no tag says"
        return review(
            f"{said} to which environment {workload.name} belongs, so that it cannot be told what it may touch"
        )
    if evidence.any(Workload, account=account, production=not mine) is None:
        return na(f"account {account} holds functions of one environment only")
    references = {**_variables(workload, evidence), **_granted(workload, evidence)}
    other = _other(references, account, not mine, evidence)
    if other is not None:
        here, there = ("production", "another environment") if mine else ("not production", "production")
        where = _named(other.key, other.name, references)
        return fail(f"{workload.name} is {here}, and {where} names {other.name} of {there}")
    return ok(f"{workload.name} names nothing of the other environment in account {account}")


def _other(references: Mapping[str, str], account: str, production: bool, evidence: Watched) -> Workload | Store | None:
    """A workload or store of the other environment that one of the references names."""
    return _first(Workload, references, account, production, evidence) or _first(
        Store, references, account, production, evidence
    )


def _first(
    table: type[Thing], references: Mapping[str, str], account: str, production: bool, evidence: Watched
) -> Thing | None:
    """The first thing that is named: names and ARNs are looked up, only patterns are tried on each thing."""
    shared = evidence.parameter("shared_services")
    exact = frozenset(each for reference in references for each in (reference, _bare(reference)))
    patterns = {each: where for each, where in references.items() if each.startswith("arn:") and _is_pattern(each)}

    def unshared(thing: Thing) -> bool:
        return thing.name not in shared

    def named(thing: Thing) -> bool:
        return unshared(thing) and _named(thing.key, thing.name, patterns) != ""

    return (
        evidence.any(table, unshared, account=account, key=exact, production=production)
        or evidence.any(table, unshared, account=account, name=exact, production=production)
        or (evidence.any(table, named, account=account, production=production) if patterns else None)
    )


def _variables(workload: Workload, evidence: Watched) -> dict[str, str]:
    """What variables refer to, with where that stands."""
    found = evidence.all(EnvironmentVariable, lambda each: bool(each.resource or each.clear), workload=workload.key)
    return {each.resource or each.clear: f"the variable {each.name}" for each in found}


def _granted(workload: Workload, evidence: Watched) -> dict[str, str]:
    """The resources that the role's policies allow something on, with where that stands."""
    if not workload.role:
        return {}
    role = evidence.one(Role, workload.role)
    return {
        resource: f"the policy {policy.name} of its role"
        for policy in role.policies
        for statement in parse_policy(policy.text).statements
        if statement.effect == "Allow"
        for resource in statement.resources or ()
    }


def _named(arn: str, name: str, references: Mapping[str, str]) -> str:
    """Where a thing is named, empty if nowhere: by its name or ARN, or by an ARN with a wildcard that begins with what the thing is called."""
    for reference, where in references.items():
        if reference in (name, arn) or (reference.startswith("arn:") and _covers(reference, arn)):
            return where
    return ""


def _covers(pattern: str, arn: str) -> bool:
    """A pattern whose own part for the name begins with a wildcard is meant for all things of a kind; breadth has checks of its own."""
    bare = _bare(pattern)
    name = bare.replace("/", ":").rpartition(":")[2]
    return not name.startswith("*") and matches(bare, arn)


def _bare(pattern: str) -> str:
    """A pattern without what stands for everything inside a thing."""
    return pattern[:-2] if pattern.endswith(("/*", ":*")) else pattern


def _is_pattern(reference: str) -> bool:
    return any(each in _bare(reference) for each in "*?")
